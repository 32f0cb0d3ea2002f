// SPDX-License-Identifier: MIT
//
// What the tests of results/ share: checks that print the values, a fixed
// stream of random numbers, and a directory for their files.
#ifndef SERIALBENCH_RESULTS_CHECK_H
#define SERIALBENCH_RESULTS_CHECK_H

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

/* Fails with both values unless they differ by at most `tolerance` of the
 * wanted one (of 1 where that is below 1). NaN equals NaN. */
static inline void check_close(
	const char *what, double got, double want, double tolerance)
{
	if (isnan(got) && isnan(want))
		return;
	if (got == want || fabs(got - want) <= tolerance * fmax(1, fabs(want)))
		return;
	fail_msg("%s: got %.17g, want %.17g within %g", what, got, want,
		tolerance);
}

static inline void check_true(const char *what, int holds)
{
	if (!holds)
		fail_msg("does not hold: %s", what);
}

/* Fails unless `part` stands in `text`. */
static inline void check_contains(const char *text, const char *part)
{
	if (!strstr(text, part))
		fail_msg("no \"%s\" in \"%s\"", part,
			text != NULL ? text : "(nothing)");
}

/* SplitMix64 (Steele, Lea, Flood, 2014). */
static inline uint64_t random_bits(uint64_t *state)
{
	uint64_t z = *state += UINT64_C(0x9e3779b97f4a7c15);

	z = (z ^ z >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
	z = (z ^ z >> 27) * UINT64_C(0x94d049bb133111eb);
	return z ^ z >> 31;
}

/* Between 0 and 1, neither included. */
static inline double random_real(uint64_t *state)
{
	return ((double)(random_bits(state) >> 11) + 0.5) * 0x1p-53;
}

/* A new directory for one test's files; check_directory_finish removes the
 * files named and the directory. */
struct check_directory {
	char path[256];
};

static inline void check_directory_make(struct check_directory *directory)
{
	const char *parent = getenv("TMPDIR");

	snprintf(directory->path, sizeof(directory->path),
		"%s/results-test-XXXXXX", parent ? parent : "/tmp");
	if (!mkdtemp(directory->path))
		fail_msg("mkdtemp %s failed", directory->path);
}

static inline void check_path(char path[512],
	const struct check_directory *directory, const char *name)
{
	snprintf(path, 512, "%s/%s", directory->path, name);
}

static inline void check_directory_finish(
	struct check_directory *directory, const char *const *names)
{
	char path[512];

	for (; *names; names++) {
		check_path(path, directory, *names);
		unlink(path);
	}
	if (rmdir(directory->path) != 0)
		fail_msg("%s is not empty", directory->path);
}

static inline void check_write_file(
	const char *path, const char *bytes, size_t count)
{
	FILE *file = fopen(path, "wb");

	if (!file || fwrite(bytes, 1, count, file) != count ||
		fclose(file) != 0)
		fail_msg("cannot write %s", path);
}

/* The whole file; the caller frees it. */
static inline char *check_read_file(const char *path)
{
	FILE *file = fopen(path, "rb");
	char *text = NULL;
	size_t room = 0;

	if (!file || getdelim(&text, &room, '\0', file) < 0)
		fail_msg("cannot read %s", path);
	fclose(file);
	return text;
}

#endif /* SERIALBENCH_RESULTS_CHECK_H */
