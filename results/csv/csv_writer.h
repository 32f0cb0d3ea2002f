// SPDX-License-Identifier: MIT
//
// Writes CSV as RFC 4180 has it, whole rows only: a row is put together in
// memory and handed to the kernel by one write(2); where that fails the file
// is cut back to its last whole row. Not thread-safe. LC_NUMERIC has to be "C",
// as it is unless a program asks for another.
#ifndef SERIALBENCH_CSV_WRITER_H
#define SERIALBENCH_CSV_WRITER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <sys/types.h>

#include "record.h"

#define CSV_ROW_BYTES 8192

struct csv_writer {
	bool open; /* fd is ours */
	int fd;
	off_t whole; /* bytes of the file up to its last whole row */
	size_t fields; /* in the row so far */
	size_t used;
	bool overflow; /* the row does not fit in CSV_ROW_BYTES */
	bool failed; /* the last row that was ended is not in the file */
	char row[CSV_ROW_BYTES];
};

/* Creates the file (it must not exist) and writes the header line, given
 * without its line end. 0, or -1 with errno. */
int csv_writer_create(
	struct csv_writer *writer, const char *path, const char *header);

/* The same in a new file that is open as `fd`, which is then the writer's, also
 * where it fails. */
int csv_writer_begin(struct csv_writer *writer, int fd, const char *header);

/* Opens a file that is there, cuts it back to its first `whole` bytes and goes
 * on behind them. 0, or -1 with errno. */
int csv_writer_open(struct csv_writer *writer, const char *path, off_t whole);

/* Adds one field to the row. A NULL or "" text, RECORD_NO_COUNT, a NaN
 * and an infinity give an empty field. A real is written with the digits that
 * read back to the same double, and no more. */
void csv_text(struct csv_writer *writer, const char *text);
void csv_count(struct csv_writer *writer, uint64_t count);
void csv_real(struct csv_writer *writer, double real);

/* Writes the row and starts the next. 0, or -1 with errno (EMSGSIZE where the
 * row was too long); the file then ends with the row before. */
int csv_end_row(struct csv_writer *writer);

/* Prints the row on a stream instead and starts the next: for a zeroed writer,
 * which has no file. 0, or -1 with errno. */
int csv_print_row(struct csv_writer *writer, FILE *out);

/* Header line and row of trials.csv. trial_write is 0, or -1 with errno. */
extern const char *const trial_header;
int trial_write(struct csv_writer *writer, const struct trial *trial);

/* Closes the file; accepts a zeroed writer, NULL and one that is closed. 0, or
 * -1 with errno. */
int csv_writer_close(struct csv_writer *writer);

#endif /* SERIALBENCH_CSV_WRITER_H */
