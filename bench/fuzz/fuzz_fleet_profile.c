// SPDX-License-Identifier: MIT
//
// Any bytes as a profile of fleet: what is read and printed again reads back
// the same, a heap made of it is about as large as asked for, and an error has
// its place.
#include <errno.h>
#include <math.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "fleet_profile.h"
#include "fuzz.h"

#define HEAP ((uint64_t)8 << 20)

/* A file in memory. */
struct input {
	int fd;
	char path[40];
};

static void fill(struct input *input, const void *bytes, size_t size)
{
	if (input->path[0] == '\0') {
		input->fd = memfd_create("fuzz", MFD_CLOEXEC);
		FUZZ_CHECK(input->fd >= 0, "%s", strerror(errno));
		snprintf(input->path, sizeof(input->path), "/proc/self/fd/%d",
			input->fd);
	}
	FUZZ_CHECK(pwrite(input->fd, bytes, size, 0) == (ssize_t)size &&
			ftruncate(input->fd, (off_t)size) == 0,
		"%s", strerror(errno));
}

static void check_place(const char *error, const char *path)
{
	size_t length = strnlen(error, WORKLOAD_TEXT);
	unsigned line, column;
	int what = 0;

	FUZZ_CHECK(length < WORKLOAD_TEXT, "no NUL");
	for (size_t i = 0; i < length; i++)
		FUZZ_CHECK((unsigned char)error[i] >= ' ' && error[i] != 127,
			"byte %zu of \"%s\"", i, error);
	FUZZ_CHECK(strncmp(error, path, strlen(path)) == 0, "\"%s\"", error);
	error += strlen(path);
	FUZZ_CHECK(sscanf(error, ":%u:%u: %n", &line, &column, &what) == 2 &&
			what > 0 && error[what] != '\0' && line >= 1 &&
			column >= 1,
		"\"%s\"", error);
}

static void print_again(const struct fleet_profile *profile, struct input *copy)
{
	char *text = NULL;
	size_t bytes;
	FILE *out = open_memstream(&text, &bytes);

	FUZZ_CHECK(out, "%s", strerror(errno));
	for (uint32_t i = 0; i < profile->count; i++)
		fprintf(out, "%llu,%.17g,%.17g\n",
			(unsigned long long)profile->rows[i].size,
			profile->rows[i].rate, profile->rows[i].live);
	FUZZ_CHECK(fclose(out) == 0, "%s", strerror(errno));
	fill(copy, text, bytes);
	free(text);
}

static void check_same(
	const struct fleet_profile *a, const struct fleet_profile *b)
{
	FUZZ_CHECK(a->count == b->count, "%u, then %u", a->count, b->count);
	for (uint32_t i = 0; i < a->count; i++) {
		const struct fleet_row *x = &a->rows[i], *y = &b->rows[i];

		FUZZ_CHECK(x->size > 0 && x->rate > 0 && x->live > 0 &&
				isfinite(x->rate) && isfinite(x->live),
			"row %u: %llu, %g, %g", i, (unsigned long long)x->size,
			x->rate, x->live);
		FUZZ_CHECK(x->size == y->size && x->rate == y->rate &&
				x->live == y->live,
			"row %u: %.17g, then %.17g", i, x->rate, y->rate);
	}
}

static void check_heap(struct fleet_profile *profile)
{
	uint64_t blocks = 0;
	double bytes = 0;

	fleet_profile_scale(profile, HEAP);
	for (uint32_t i = 0; i < profile->count; i++) {
		blocks += profile->rows[i].blocks;
		bytes +=
			(double)profile->rows[i].size * profile->rows[i].blocks;
	}
	FUZZ_CHECK(blocks == profile->blocks, "%llu, not %llu",
		(unsigned long long)profile->blocks,
		(unsigned long long)blocks);
	FUZZ_CHECK((blocks > 0) == (profile->count > 0), "%llu of %u rows",
		(unsigned long long)blocks, profile->count);
	FUZZ_CHECK(bytes <= (double)HEAP * (1 + 1e-9), "%g", bytes);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct fleet_profile profile, again;
	static struct input input, copy;
	char error[WORKLOAD_TEXT];

	fill(&input, data, size);
	if (fleet_profile_load(&profile, 0, input.path, error) != 0) {
		check_place(error, input.path);
		return 0;
	}
	print_again(&profile, &copy);
	FUZZ_CHECK(fleet_profile_load(&again, 0, copy.path, error) == 0, "%s",
		error);
	check_same(&profile, &again);
	check_heap(&profile);
	return 0;
}
