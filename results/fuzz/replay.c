// SPDX-License-Identifier: MIT
//
// replay CORPUS…: gives a fuzz target every file of the directories, and
// beginnings of it, as a writer that was killed leaves one. The main of the
// targets that libFuzzer does not drive; a finding is a crash.
#include <dirent.h>
#include <errno.h>
#include <limits.h>
#include <string.h>

#include "fuzz.h"

#define INPUT_BYTES ((size_t)1 << 20)
#define BEGINNINGS 100 /* of a file, about, spread over it */

/* A block of just that size, so that a sanitizer sees the first byte behind
 * it. */
static void run_beginning(const uint8_t *bytes, size_t size)
{
	uint8_t *copy = malloc(size ? size : 1);

	FUZZ_CHECK(copy, "%s", strerror(errno));
	memcpy(copy, bytes, size);
	LLVMFuzzerTestOneInput(copy, size);
	free(copy);
}

static void replay(const char *path)
{
	static uint8_t bytes[INPUT_BYTES];
	FILE *file = fopen(path, "re");
	size_t size;

	FUZZ_CHECK(file, "%s: %s", path, strerror(errno));
	size = fread(bytes, 1, sizeof(bytes), file);
	FUZZ_CHECK(!ferror(file) && size < sizeof(bytes), "%s", path);
	fclose(file);
	fprintf(stderr, "%s: %zu bytes\n", path, size);
	for (size_t beginning = 0; beginning < size;
		beginning += 1 + size / BEGINNINGS)
		run_beginning(bytes, beginning);
	run_beginning(bytes, size);
}

static unsigned replay_directory(const char *directory)
{
	DIR *entries = opendir(directory);
	const struct dirent *entry;
	char path[PATH_MAX];
	unsigned count = 0;

	FUZZ_CHECK(entries, "%s: %s", directory, strerror(errno));
	while ((entry = readdir(entries))) {
		if (entry->d_name[0] == '.')
			continue;
		snprintf(path, sizeof(path), "%s/%s", directory, entry->d_name);
		replay(path);
		count++;
	}
	closedir(entries);
	return count;
}

int main(int argc, char **argv)
{
	unsigned count = 0;

	for (int i = 1; i < argc; i++)
		count += replay_directory(argv[i]);
	FUZZ_CHECK(count > 0, "no file in the corpus");
	printf("%u files\n", count);
	return 0;
}
