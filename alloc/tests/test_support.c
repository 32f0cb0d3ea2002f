// SPDX-License-Identifier: MIT
//
// What reports are made with: text for write(2), and reading what may not be
// there.
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "check.h"
#include "debug_domain.h"
#include "layout.h"
#include "safe_read.h"
#include "text_out.h"

static struct text_out out;
static int ends[2];

static void start_text(void)
{
	assert_int_equal(pipe(ends), 0);
	text_out_init(&out, ends[1]);
}

/* What came through the pipe; static. */
static const char *end_text(void)
{
	static char text[16384];
	size_t size = 0;
	ssize_t n;

	text_out_flush(&out);
	close(ends[1]);
	while ((n = read(ends[0], text + size, sizeof(text) - 1 - size)) > 0)
		size += (size_t)n;
	close(ends[0]);
	text[size] = '\0';
	return text;
}

static void numbers(void **state)
{
	static const uint64_t some[] = {
		0, 1, 9, 10, 99, 100, 4294967295u, 4294967296u, UINT64_MAX};

	(void)state;
	for (size_t i = 0; i < LENGTH(some); i++) {
		char want[64];

		start_text();
		text_out_number(&out, some[i]);
		text_out_char(&out, ' ');
		text_out_pointer(&out, (void *)(uintptr_t)(some[i] | 1));
		snprintf(want, sizeof(want), "%zu %p", (size_t)some[i],
			(void *)(uintptr_t)(some[i] | 1));
		CHECK_TEXT(end_text(), want);
	}
}

static void bytes(void **state)
{
	(void)state;
	for (int byte = 0; byte < 256; byte++) {
		char want[3];

		start_text();
		text_out_byte(&out, (unsigned char)byte);
		snprintf(want, sizeof(want), "%02x", byte);
		CHECK_TEXT(end_text(), want);
	}
}

/* Longer than the memory that it is built in. */
static void long_texts_are_whole(void **state)
{
	static char want[3 * TEXT_OUT_BYTES + 2];

	(void)state;
	for (size_t i = 0; i < sizeof(want) - 1; i++)
		want[i] = (char)('a' + i % 26);
	for (size_t size = TEXT_OUT_BYTES - 1; size <= TEXT_OUT_BYTES + 1;
		size++) {
		char kept = want[size];

		want[size] = '\0';
		start_text();
		text_out(&out, want);
		CHECK_TEXT(end_text(), want);
		want[size] = kept;
	}
	start_text();
	text_out(&out, want);
	CHECK_TEXT(end_text(), want);
}

static void what_cannot_be_written_is_dropped(void **state)
{
	(void)state;
	text_out_init(&out, -1);
	text_out(&out, "lost");
	errno = 77;
	text_out_flush(&out);
	CHECK_EQUAL(errno, 77);
	CHECK_EQUAL(out.used, 0);
}

static void what_can_be_read(void **state)
{
	unsigned char *map = mmap(NULL, 3 * 4096, PROT_READ | PROT_WRITE,
		MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	const struct {
		const void *place;
		size_t size;
		bool readable;
	} cases[] = {
		{map, 1, true},
		{map, 4096, true},
		{map + 1, 8, true},
		{map + 4095, 1, true},
		{map + 4088, 8, true},
		{map + 4089, 8, false},
		{map + 4095, 2, false},
		{map + 4096, 1, false},
		{map + 8191, 1, false},
		{map + 8191, 2, false},
		{map + 8192, 1, true},
		{map + 8190, 8, false},
		{map + 4096, 0, true},
		{NULL, 0, true},
		{NULL, 1, false},
		{(void *)16, 8, false},
		{(void *)(UINTPTR_MAX - 15), 16, false},
		{(void *)(UINTPTR_MAX - 7), 16, false},
		{(void *)((uintptr_t)1 << 63), 8, false},
		{(void *)(((uintptr_t)1 << 47) + 5), 8, false},
	};

	(void)state;
	assert_true(map != MAP_FAILED);
	mprotect(map + 4096, 4096, PROT_NONE);
	for (size_t i = 0; i < LENGTH(cases); i++) {
		unsigned char copy[4096];

		in_case("%p, %zu bytes", cases[i].place, cases[i].size);
		errno = 77;
		CHECK_EQUAL(safe_readable(cases[i].place, cases[i].size),
			cases[i].readable);
		CHECK_EQUAL(safe_read(copy, cases[i].place, cases[i].size),
			cases[i].readable);
		CHECK_EQUAL(errno, 77);
	}
	munmap(map, 3 * 4096);
}

static void what_is_read_is_right(void **state)
{
	unsigned char place[100], copy[100];

	(void)state;
	for (size_t i = 0; i < sizeof(place); i++)
		place[i] = (unsigned char)i;
	CHECK(safe_read(copy, place + 3, 90));
	CHECK_BYTES(copy, place + 3, 90);
}

static void words(void **state)
{
	unsigned char place[9];

	(void)state;
	layout_store_number(place + 1, 0x0102030405060708);
	for (int i = 0; i < 8; i++)
		CHECK_EQUAL(place[1 + i], i + 1);
	CHECK_EQUAL(layout_load_number(place + 1), 0x0102030405060708);
	layout_store(place + 1, layout_guard_word('r'));
	CHECK_BYTES(place + 1, "r\xFD\xFD\xFD\xFD\xFD\xFD\xFD", 8);
	for (const char *id = DEBUG_API_IDS; *id != '\0'; id++) {
		CHECK_EQUAL(layout_api_of_id(*id), *id);
		CHECK(layout_is_aligned_id(layout_aligned_id(*id)));
		CHECK(!layout_is_aligned_id(*id));
		CHECK_EQUAL(layout_api_of_id(layout_aligned_id(*id)), *id);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(numbers),
		cmocka_unit_test(bytes),
		cmocka_unit_test(long_texts_are_whole),
		cmocka_unit_test(what_cannot_be_written_is_dropped),
		cmocka_unit_test(what_can_be_read),
		cmocka_unit_test(what_is_read_is_right),
		cmocka_unit_test(words),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
