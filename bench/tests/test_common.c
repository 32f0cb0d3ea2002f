// SPDX-License-Identifier: MIT
//
// What the workers of a launch have in common changes nothing: the same calls
// in the same order as where each makes its own.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "compiler.h"
#include "crew.h"

#define TURNS 7

/* Calls so far, as a hash: of the sizes asked for, and of which block was
 * freed or resized. One thread at a time. */
static uint64_t calls_hash, calls, blocks;

static void note(uint64_t number)
{
	calls_hash = prng_mix(calls_hash ^ number);
	calls++;
}

/* The block's number stands before it. */
static void *number_block(unsigned char *whole)
{
	assert_non_null(whole);
	blocks++;
	memcpy(whole, &blocks, sizeof(blocks));
	return whole + 64;
}

static void *listing_alloc(size_t size)
{
	note(size);
	return number_block(malloc(size + 64));
}

static void *listing_calloc(size_t count, size_t size)
{
	note(count * size + 1);
	return number_block(calloc(1, count * size + 64));
}

static void *listing_aligned(size_t alignment, size_t size)
{
	note(alignment);
	return listing_alloc(size);
}

static void note_block(const unsigned char *block)
{
	uint64_t number;

	memcpy(&number, block - 64, sizeof(number));
	note(~number);
}

static void listing_free(void *block)
{
	if (block == NULL)
		return;
	note_block(block);
	free((unsigned char *)block - 64);
}

static void *listing_realloc(void *block, size_t size)
{
	note_block(block);
	note(size);
	return number_block(realloc((unsigned char *)block - 64, size + 64));
}

static enum alloc_check listing_check(const void *block)
{
	note_block(block);
	return ALLOC_CHECK_OK;
}

static const struct alloc_backend listing = {
	.abi = ALLOC_BACKEND_ABI,
	.variant = "listing",
	.allocates = true,
	.alloc = listing_alloc,
	.calloc = listing_calloc,
	.aligned_alloc = listing_aligned,
	.realloc = listing_realloc,
	.free = listing_free,
	.check = listing_check,
};

/* After set-up, after each turn, after the end. */
struct course {
	uint64_t hashes[TURNS + 2], checksums[TURNS + 1], calls;
};

static void follow(struct course *course, const char *text, unsigned threads,
	uint64_t operations, bool common)
{
	const struct alloc_backend *backend =
		threads == 1 ? &listing : alloc_backend_find("none");
	struct crew crew;

	memset(course, 0, sizeof(*course));
	calls_hash = calls = blocks = 0;
	assert_int_equal(common
			? crew_begin_common(&crew, text, backend, threads)
			: crew_begin(&crew, text, backend, threads),
		0);
	for (unsigned i = 0; i <= TURNS; i++) {
		course->hashes[i] = calls_hash;
		course->checksums[i] = crew_checksum(&crew);
		if (i < TURNS)
			crew_run(&crew, operations);
		assert_int_equal(crew_verify(&crew), 0);
	}
	crew_end(&crew);
	course->hashes[TURNS + 1] = calls_hash;
	course->calls = calls;
}

/* As many operations as go more than once through what is recorded. */
static void the_same_calls(void **state)
{
	static const struct {
		const char *text;
		unsigned threads;
		uint64_t operations;
	} table[] = {
		{"fleet,heap=256", 1, 30000},
		{"fleet,heap=256,profile=3", 1, 30000},
		{"fleet,heap=256,remote=25", 2, 30000},
		{"fleet,heap=512,profile=9", 3, 30000},
		/* All of it in one window; in two; in many. */
		{"trace:sqlite.trace", 1, 4000},
		{"trace:sqlite.trace,pace=20,window=15", 1, 4000},
		{"trace:sqlite.trace,window=15", 1, 4000},
		{"trace:sqlite.trace,window=1", 1, 4000},
		{"trace:git-status.trace,copies=2", 2, 500},
		{"trace:python-threads.trace", 2, 30000},
		{"trace:python-threads.trace,window=10", 2, 30000},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++) {
		static struct course own, common;

		follow(&own, table[i].text, table[i].threads,
			table[i].operations, false);
		follow(&common, table[i].text, table[i].threads,
			table[i].operations, true);
		if (memcmp(&own, &common, sizeof(own)) != 0)
			fail_msg("%s, %u threads: %llu calls with what is in "
				 "common, %llu without, or others",
				table[i].text, table[i].threads,
				(unsigned long long)common.calls,
				(unsigned long long)own.calls);
		assert_true(table[i].threads > 1 || own.calls > 0);
	}
}

/* Another seed is another stream, and what is in common knows it. */
static void it_has_the_seed(void **state)
{
	const struct workload *fleet = workload_find("fleet");
	struct workload_instance instance = {0};
	char error[WORKLOAD_TEXT];
	unsigned char *memory[3];
	size_t bytes;

	(void)state;
	assert_true(fleet->common_has_seed);
	if (workload_parse("fleet,heap=256", &instance, error) != 0)
		fail_msg("%s", error);
	instance.threads = 1;
	bytes = fleet->common_bytes(&instance);
	for (unsigned i = 0; i < 3; i++) {
		instance.seed = i / 2;
		memory[i] = calloc(1, bytes);
		assert_non_null(memory[i]);
		assert_int_equal(fleet->make_common(&instance, memory[i]), 0);
	}
	assert_memory_equal(memory[0], memory[1], bytes);
	assert_memory_not_equal(memory[0], memory[2], bytes);
	for (unsigned i = 0; i < 3; i++)
		free(memory[i]);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_same_calls),
		cmocka_unit_test(it_has_the_seed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
