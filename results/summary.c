// SPDX-License-Identifier: MIT
//
// The summary of a run as summary.csv and JSON.
#include "summary.h"

#include <math.h>
#include <stdlib.h>

#include "comparisons.h"
#include "csv_writer.h"
#include "json_values.h"

static const char header[] =
	"scope,name,threads,placement,metric,baseline,variant,n_cells,"
	"n_launches,least_launches,ratio,ci_low,ci_high,ci_level,resamples,"
	"verdict,margin";

static const char *scope_name(enum summary_scope scope)
{
	switch (scope) {
	case SUMMARY_ALLOCATOR:
		return "allocator";
	case SUMMARY_WORKLOAD:
		return "workload";
	case SUMMARY_SUITE:
	case SUMMARY_SCOPES:
		break;
	}
	return "suite";
}

static int write_row(struct csv_writer *writer, const struct summary_row *row)
{
	csv_text(writer, scope_name(row->scope));
	csv_text(writer, row->name);
	csv_count(writer, row->threads);
	csv_text(writer, row->placement);
	csv_text(writer, row->metric);
	csv_text(writer, row->baseline);
	csv_text(writer, row->variant);
	csv_count(writer, row->cells);
	csv_count(writer, row->launches);
	csv_count(writer, row->least_launches);
	csv_real(writer, row->ratio);
	csv_real(writer, row->ci_low);
	csv_real(writer, row->ci_high);
	csv_real(writer, row->ci_level);
	csv_count(writer, row->resamples ? row->resamples : RECORD_NO_COUNT);
	csv_text(writer, verdict_name(row->verdict));
	csv_real(writer, row->margin);
	return csv_end_row(writer);
}

int summary_write(const struct summary *summary, const char *path)
{
	struct csv_writer writer;
	int result = 0;

	if (csv_writer_create(&writer, path, header) != 0)
		return -1;
	for (size_t i = 0; i < summary->count && result == 0; i++)
		result = write_row(&writer, &summary->rows[i]);
	return csv_writer_close(&writer) != 0 ? -1 : result;
}

static json_t *row_to_json(const struct summary_row *row)
{
	return json_pack("{ss so sI so ss so so sI sI sI so so so so so ss so}",
		"scope", scope_name(row->scope), "name",
		json_text_or_question(row->name), "threads",
		(json_int_t)row->threads, "placement",
		json_text_or_question(row->placement), "metric", row->metric,
		"baseline", json_text_or_question(row->baseline), "variant",
		json_text_or_question(row->variant), "n_cells",
		(json_int_t)row->cells, "n_launches", (json_int_t)row->launches,
		"least_launches", (json_int_t)row->least_launches, "ratio",
		json_real_or_null(row->ratio), "ci_low",
		json_real_or_null(row->ci_low), "ci_high",
		json_real_or_null(row->ci_high), "ci_level",
		json_real_or_null(row->ci_level), "resamples",
		row->resamples ? json_integer((json_int_t)row->resamples)
			       : json_null(),
		"verdict", verdict_name(row->verdict), "margin",
		json_real_or_null(row->margin));
}

json_t *summary_to_json(const struct summary *summary)
{
	json_t *rows = json_array();

	for (size_t i = 0; i < summary->count; i++)
		json_array_append_new(rows, row_to_json(&summary->rows[i]));
	return rows;
}

void summary_finish(struct summary *summary)
{
	if (summary == NULL)
		return;
	free(summary->rows);
	*summary = (struct summary){0};
}
