// SPDX-License-Identifier: MIT
//
// The readers take paths: a file in memory that is written anew for every
// input, and what the error texts have in common. Not thread-safe.
#ifndef SERIALBENCH_FUZZ_FILE_H
#define SERIALBENCH_FUZZ_FILE_H

#include <stdint.h>
#include <string.h>

#include "csv_writer.h"
#include "fuzz.h"

struct fuzz_file {
	int fd;
	char path[40]; /* of it, in /proc */
};

/* A zeroed file is made on its first use; it lives as long as the process. */
void fuzz_file_fill(struct fuzz_file *file, const void *bytes, size_t size);

/* Bytes of a CSV file. Its header is long and has to be whole, so that a blank
 * line in its place stands for it: mutations then go into rows. */
void fuzz_file_fill_table(struct fuzz_file *file, const char *header,
	const uint8_t *data, size_t size);

/* The bytes up to the first blank line, and in *rest what is behind it. */
size_t fuzz_cut(const uint8_t *data, size_t size, size_t *rest);

/* A writer at the beginning of the emptied file. */
struct csv_writer fuzz_file_writer(struct fuzz_file *file);

/* One line, with no byte that a terminal obeys, that starts with the path. */
void fuzz_check_error(const char *error, const char *path);

/* And then has ":LINE:COLUMN: ". */
void fuzz_check_place(const char *error, const char *path);

#endif /* SERIALBENCH_FUZZ_FILE_H */
