// SPDX-License-Identifier: MIT
//
// Every way to damage an aligned block of 16 bytes.
//
// Two are not found, since the block is then as well formed as it was: an id
// that becomes its own lower-case letter, and a distance that becomes a smaller
// power of two above 2S.
#include <string.h>

#include "arena.h"
#include "check.h"
#include "damage.h"

#define N 16

static const size_t alignments[] = {32, 64, 4096, 8192};

static void intact(void **state)
{
	(void)state;
	FOR_EACH_WRAPPER(w)
	for (size_t i = 0; i < LENGTH(alignments); i++) {
		struct victim victim;

		in_case("%s alignment %zu", wrapper_name(w), alignments[i]);
		victim_make(&victim, w, alignments[i], N);
		CHECK_EQUAL(w->check(&arena_domains[1], victim.block),
			ALLOC_CHECK_OK);
	}
}

static void try_byte(const struct wrapper *w, size_t alignment, ptrdiff_t at,
	enum alloc_check found, const char *note)
{
	struct victim victim;

	in_case("%s alignment %zu, byte at p%+td", wrapper_name(w), alignment,
		at);
	victim_make(&victim, w, alignment, N);
	victim.block[at] ^= 0xFF;
	victim_try(&victim, found, note);
}

static void leading_pads(void **state)
{
	(void)state;
	FOR_EACH_WRAPPER(w)
	for (int i = 1; i <= 7; i++)
		try_byte(w, 64, -i, ALLOC_CHECK_UNDERFLOW, "");
}

static void trailing_pads(void **state)
{
	(void)state;
	FOR_EACH_WRAPPER(w)
	for (int i = 0; i < 8; i++)
		try_byte(w, 64, N + i, ALLOC_CHECK_OVERFLOW, "");
}

/* First, middle and last of the pads up to the underlying block. */
static void distance_pads(void **state)
{
	(void)state;
	FOR_EACH_WRAPPER(w)
	for (size_t i = 0; i < LENGTH(alignments); i++) {
		ptrdiff_t alignment = (ptrdiff_t)alignments[i];
		ptrdiff_t places[] = {-alignment, -(alignment + 24) / 2, -25};

		for (size_t k = 0; k < LENGTH(places); k++)
			try_byte(w, alignments[i], places[k],
				ALLOC_CHECK_UNDERFLOW, NOTE_DISTANCE_GUARD);
	}
}

static void ids(void **state)
{
	static const struct {
		char id;
		enum alloc_check found;
	} cases[] = {
		{'R', ALLOC_CHECK_API_MISMATCH},
		{'O', ALLOC_CHECK_API_MISMATCH},
		{'N', ALLOC_CHECK_API_MISMATCH},
		{'A', ALLOC_CHECK_API_MISMATCH},
		{'r', ALLOC_CHECK_API_MISMATCH},
		{'X', ALLOC_CHECK_UNDERFLOW},
		{'\0', ALLOC_CHECK_UNDERFLOW},
	};

	(void)state;
	FOR_EACH_WRAPPER(w)
	for (size_t i = 0; i < LENGTH(cases); i++) {
		struct victim victim;

		in_case("%s id 0x%02x", wrapper_name(w), cases[i].id);
		victim_make(&victim, w, 64, N);
		victim.block[-8] = (unsigned char)cases[i].id;
		arena.misuses = 0;
		if (cases[i].id != 'r')
			victim_try(&victim, cases[i].found, "");
		else
			CHECK_EQUAL(w->check(&arena_domains[1], victim.block),
				cases[i].found);
	}
}

static void impossible_distances(void **state)
{
	static const uint64_t distances[] = {0, 1, 8, 16, 33, 48, 96,
		(uint64_t)1 << 40, (uint64_t)1 << 62, (uint64_t)1 << 63,
		UINT64_MAX, 0xFDFDFDFDFDFDFDFD};

	(void)state;
	FOR_EACH_WRAPPER(w)
	for (size_t i = 0; i < LENGTH(distances); i++) {
		struct victim victim;

		in_case("%s distance %zx", wrapper_name(w), distances[i]);
		victim_make(&victim, w, 64, N);
		victim_store(&victim, -24, distances[i]);
		victim_try(&victim, ALLOC_CHECK_UNDERFLOW, NOTE_DISTANCE);
	}
}

/* A multiple that the address allows leads out of what can be read. */
static void a_distance_off_the_map(void **state)
{
	(void)state;
	FOR_EACH_WRAPPER(w)
	{
		struct victim victim;

		in_case("%s distance 8192 for 4096", wrapper_name(w));
		victim_make(&victim, w, 4096, N);
		CHECK_EQUAL((uintptr_t)victim.block % 8192, 0);
		victim_store(&victim, -24, 8192);
		victim_try(&victim, ALLOC_CHECK_UNDERFLOW, NOTE_DISTANCE_GUARD);
	}
}

static void sizes(void **state)
{
	static const struct {
		uint64_t size;
		enum alloc_check found;
	} cases[] = {
		{0, ALLOC_CHECK_OVERFLOW},
		{15, ALLOC_CHECK_OVERFLOW},
		{17, ALLOC_CHECK_DAMAGED_SIZE},
		{5000, ALLOC_CHECK_DAMAGED_SIZE},
		{PTRDIFF_MAX, ALLOC_CHECK_DAMAGED_SIZE},
		{SIZE_MAX, ALLOC_CHECK_DAMAGED_SIZE},
	};

	(void)state;
	FOR_EACH_WRAPPER(w)
	for (size_t i = 0; i < LENGTH(cases); i++) {
		struct victim victim;

		in_case("%s size %zx", wrapper_name(w), cases[i].size);
		victim_make(&victim, w, 4096, N);
		victim_store(&victim, -16, cases[i].size);
		victim_try(&victim, cases[i].found,
			cases[i].found == ALLOC_CHECK_DAMAGED_SIZE ? NOTE_SIZE
								   : "");
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(intact),
		cmocka_unit_test(leading_pads),
		cmocka_unit_test(trailing_pads),
		cmocka_unit_test(distance_pads),
		cmocka_unit_test(ids),
		cmocka_unit_test(impossible_distances),
		cmocka_unit_test(a_distance_off_the_map),
		cmocka_unit_test(sizes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
