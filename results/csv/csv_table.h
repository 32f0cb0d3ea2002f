// SPDX-License-Identifier: MIT
//
// Reads a CSV file by column name. Rows are checked against the header; an
// unterminated last line is ignored, as a killed run leaves one behind.
#ifndef SERIALBENCH_CSV_TABLE_H
#define SERIALBENCH_CSV_TABLE_H

#include <stddef.h>
#include <stdint.h>

#include "error_text.h"
#include "record.h"

/* Errors read "FILE:LINE:COLUMN: what", one line without control characters but
 * those of the path. */

/* A whole file in memory. The table owns every text. */
struct csv_table {
	char *path;
	char *text; /* all names and fields, each with its NUL */
	size_t columns, rows;
	char **names; /* columns of them */
	char **fields; /* rows × columns, row by row; "" for empty */
	size_t *lines; /* by row: where it begins; [rows]: behind the last */
};

/* 0, or -1 with error (which names file, line and column). */
int csv_table_read(
	struct csv_table *table, const char *path, struct error *error);

/* Index of a column, or -1. */
int csv_table_column(const struct csv_table *table, const char *name);

/* The field; "" where the column is -1. */
const char *csv_table_text(
	const struct csv_table *table, size_t row, int column);

/* The field as a number; NaN where it is empty, absent or no number. */
double csv_table_real(const struct csv_table *table, size_t row, int column);

/* Index of every column that is named in columns[]. 0, or -1 with error where
 * one is missing. */
int csv_table_need(const struct csv_table *table, const char *const *names,
	size_t count, int *columns, struct error *error);

/* Puts "PATH:LINE:COLUMN: what" into error, with no control characters in
 * what is behind the path. Returns -1. */
int csv_fail(struct error *error, const char *path, size_t line,
	const char *column, const char *format, ...)
	__attribute__((format(printf, 5, 6)));

/* The same for a row of the table, or table->rows where one is missing. */
int csv_table_fail(const struct csv_table *table, size_t row,
	const char *column, struct error *error, const char *format, ...)
	__attribute__((format(printf, 5, 6)));

/* Accepts NULL and a zeroed table. */
void csv_table_finish(struct csv_table *table);

/*
 * Streams a trials.csv in constant memory; `each` gets every row and stops the
 * reading by returning non-zero, which is then returned. Columns may stand in
 * any order and unknown ones are passed over. An error is a missing one, a
 * number that is none, infinite or negative, a cell or variant without a name,
 * a role or status that record.h has not, `excluded` that is not 0 or 1, no
 * launch, and in a row that is ok no round, a second row of the same turn, and
 * 0 ns per operation.
 * 0, or -1 with error.
 */
int trials_read(const char *path,
	int (*each)(const struct trial *trial, void *context), void *context,
	struct error *error);

#endif /* SERIALBENCH_CSV_TABLE_H */
