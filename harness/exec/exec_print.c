// SPDX-License-Identifier: MIT
//
// exec.csv and the JSON of the same columns, both from one list of them.
#include <jansson.h>
#include <string.h>

#include "csv_writer.h"
#include "exec.h"
#include "exec_session.h"
#include "exec_table.h"
#include "json_values.h"

/* Between the command, which is the result's, and the status. */
#define ROW_COLUMNS(TEXT, COUNT, REAL)                                         \
	TEXT(allocator)                                                        \
	TEXT(variant)                                                          \
	COUNT(launches)                                                        \
	REAL(wall_ms_median)                                                   \
	REAL(ratio)                                                            \
	REAL(ci_low)                                                           \
	REAL(ci_high)                                                          \
	REAL(ci_level)                                                         \
	REAL(p_raw)                                                            \
	REAL(p_adj)                                                            \
	TEXT(verdict)                                                          \
	COUNT(peak_rss_kib)                                                    \
	COUNT(processes)                                                       \
	COUNT(live_blocks_at_peak)                                             \
	COUNT(requested_bytes_at_peak)                                         \
	COUNT(debug_bytes_at_peak)                                             \
	COUNT(serial_bytes_at_peak)                                            \
	TEXT(status)                                                           \
	TEXT(allocator_baseline)                                               \
	REAL(allocator_ratio)                                                  \
	REAL(allocator_ci_low)                                                 \
	REAL(allocator_ci_high)                                                \
	REAL(allocator_p_adj)                                                  \
	TEXT(allocator_verdict)

/* Behind them, of a CPython host. */
#define PYTHON_COLUMNS(COUNT)                                                  \
	COUNT(usable_bytes_at_peak)                                            \
	COUNT(peak_bytes_24)                                                   \
	COUNT(peak_bytes_32)

#define NAME(name) "," #name
#define ENVIRONMENT ",environment"
static const char header[] =
	"command" ROW_COLUMNS(NAME, NAME, NAME) ENVIRONMENT;
static const char python_header[] = "command" ROW_COLUMNS(NAME, NAME, NAME)
	ENVIRONMENT PYTHON_COLUMNS(NAME);
#undef NAME
#undef ENVIRONMENT

static const char *header_of(const struct exec_result *result)
{
	return result->python ? python_header : header;
}

static void put_row(struct csv_writer *writer, const struct exec_result *result,
	const struct exec_row *row)
{
	csv_text(writer, result->command);
#define TEXT(name) csv_text(writer, row->name);
#define COUNT(name) csv_count(writer, row->name);
#define REAL(name) csv_real(writer, row->name);
	ROW_COLUMNS(TEXT, COUNT, REAL)
	csv_text(writer, result->environment);
	if (result->python) {
		PYTHON_COLUMNS(COUNT)
	}
#undef TEXT
#undef COUNT
#undef REAL
}

int exec_write_csv(const struct exec_result *result, const char *path)
{
	struct csv_writer writer;
	int wrong = 0;

	if (csv_writer_create(&writer, path, header_of(result)) != 0)
		return -1;
	for (size_t i = 0; wrong == 0 && i < result->row_count; i++) {
		put_row(&writer, result, &result->rows[i]);
		wrong = csv_end_row(&writer);
	}
	return exec_finish_file(&writer, path, wrong);
}

void exec_print_csv(const struct exec_result *result, FILE *out)
{
	struct csv_writer writer = {0};

	fprintf(out, "%s\n", header_of(result));
	for (size_t i = 0; i < result->row_count; i++) {
		put_row(&writer, result, &result->rows[i]);
		csv_print_row(&writer, out);
	}
}

/* What a CSV leaves empty is null. */
static json_t *json_text(const char *text)
{
	return text[0] != '\0' ? json_text_or_question(text) : json_null();
}

static json_t *json_count(uint64_t count)
{
	return count == RECORD_NO_COUNT ? json_null()
					: json_integer((json_int_t)count);
}

static json_t *make_row(
	const struct exec_result *result, const struct exec_row *row)
{
	json_t *object = json_object();

	json_object_set_new(object, "command", json_text(result->command));
#define TEXT(name) json_object_set_new(object, #name, json_text(row->name));
#define COUNT(name) json_object_set_new(object, #name, json_count(row->name));
#define REAL(name)                                                             \
	json_object_set_new(object, #name, json_real_or_null(row->name));
	ROW_COLUMNS(TEXT, COUNT, REAL)
	json_object_set_new(
		object, "environment", json_text(result->environment));
	if (result->python) {
		PYTHON_COLUMNS(COUNT)
	}
#undef TEXT
#undef COUNT
#undef REAL
	return object;
}

void exec_print_json(const struct exec_result *result, FILE *out)
{
	json_t *rows = json_array();

	for (size_t i = 0; i < result->row_count; i++)
		json_array_append_new(rows, make_row(result, &result->rows[i]));
	json_dumpf(rows, out, JSON_INDENT(2) | JSON_REAL_PRECISION(17));
	fputc('\n', out);
	json_decref(rows);
}

void exec_print(
	const struct exec_result *result, FILE *out, enum table_format format)
{
	if (format == FORMAT_CSV)
		exec_print_csv(result, out);
	else if (format == FORMAT_JSON)
		exec_print_json(result, out);
	else
		exec_print_table(result, out);
}
