// SPDX-License-Identifier: MIT
//
// The readers take paths: a file in memory that is written anew for every
// input, and what the error texts have in common. Not thread-safe.
#ifndef SERIALBENCH_FUZZ_FILE_H
#define SERIALBENCH_FUZZ_FILE_H

#include <stdint.h>

#include "csv_writer.h"
#include "fuzz.h"

struct fuzz_file {
	int fd;
	char path[40]; /* of it, in /proc */
};

/* A zeroed file is made on its first use; it lives as long as the process. */
void fuzz_file_fill(struct fuzz_file *file, const void *bytes, size_t size);

/* A writer at the beginning of the emptied file. */
struct csv_writer fuzz_file_writer(struct fuzz_file *file);

/* One line, with no byte that a terminal obeys, that starts with the path. */
void fuzz_check_error(const char *error, const char *path);

/* And then has ":LINE:COLUMN: ". */
void fuzz_check_place(const char *error, const char *path);

#endif /* SERIALBENCH_FUZZ_FILE_H */
