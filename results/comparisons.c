// SPDX-License-Identifier: MIT
//
// Comparisons as CSV and JSON.
#include "comparisons.h"

#include <errno.h>
#include <jansson.h>
#include <math.h>
#include <stdlib.h>
#include <unistd.h>

#include "csv_writer.h"
#include "json_values.h"

static const char header[] =
	"family,cell,metric,baseline,variant,n_launches,ratio,ci_low,ci_high,"
	"ci_level,p_raw,p_adj,adj_method,verdict,margin,hodges_lehmann,sigma,"
	"launches_needed,exact_low,exact_high,exact_level,step,remark";

static void add_row(
	struct csv_writer *writer, const struct comparison *comparison)
{
	csv_text(writer, comparison->family);
	csv_text(writer, comparison->cell);
	csv_text(writer, comparison->metric);
	csv_text(writer, comparison->baseline);
	csv_text(writer, comparison->variant);
	csv_count(writer, comparison->launches);
	csv_real(writer, comparison->ratio);
	csv_real(writer, comparison->ci_low);
	csv_real(writer, comparison->ci_high);
	csv_real(writer, comparison->ci_level);
	csv_real(writer, comparison->p_raw);
	csv_real(writer, comparison->p_adjusted);
	csv_text(writer, comparison->adjust_method);
	csv_text(writer, verdict_name(comparison->verdict));
	csv_real(writer, comparison->margin);
	csv_real(writer, comparison->hodges_lehmann);
	csv_real(writer, comparison->sigma);
	csv_count(writer,
		comparison->launches_needed ? comparison->launches_needed
					    : RECORD_NO_COUNT);
	csv_real(writer, comparison->exact_low);
	csv_real(writer, comparison->exact_high);
	csv_real(writer, comparison->exact_level);
	csv_real(writer, comparison->step > 0 ? comparison->step : NAN);
	csv_text(writer, comparison->remark);
}

static int write_rows(const struct comparison_list *list, const char *path)
{
	struct csv_writer writer;
	int result;

	if (csv_writer_create(&writer, path, header) != 0)
		return -1;
	result = 0;
	for (size_t i = 0; result == 0 && i < list->count; i++) {
		add_row(&writer, &list->items[i]);
		result = csv_end_row(&writer);
	}
	if (csv_writer_close(&writer) != 0)
		result = -1;
	return result;
}

int comparisons_write(const struct comparison_list *list, const char *path)
{
	char *new_path = NULL;
	int result, reason;

	if (asprintf(&new_path, "%s.new", path) < 0) {
		errno = ENOMEM;
		return -1;
	}
	unlink(new_path); /* of a run that was killed here */
	result = write_rows(list, new_path);
	if (result == 0)
		result = rename(new_path, path);
	reason = errno;
	if (result != 0)
		unlink(new_path);
	free(new_path);
	errno = reason;
	return result;
}

void comparisons_print_csv(const struct comparison_list *list, FILE *out)
{
	struct csv_writer writer = {0};

	fprintf(out, "%s\n", header);
	for (size_t i = 0; i < list->count; i++) {
		add_row(&writer, &list->items[i]);
		csv_print_row(&writer, out);
	}
}

static json_t *to_json(const struct comparison *comparison)
{
	size_t needed = comparison->launches_needed;

	return json_pack("{ss so ss so so sI so so so so so so ss ss so so so "
			 "so so so so so ss}",
		"family", comparison->family, "cell",
		json_text_or_question(comparison->cell), "metric",
		comparison->metric, "baseline",
		json_text_or_question(comparison->baseline), "variant",
		json_text_or_question(comparison->variant), "n_launches",
		(json_int_t)comparison->launches, "ratio",
		json_real_or_null(comparison->ratio), "ci_low",
		json_real_or_null(comparison->ci_low), "ci_high",
		json_real_or_null(comparison->ci_high), "ci_level",
		json_real_or_null(comparison->ci_level), "p_raw",
		json_real_or_null(comparison->p_raw), "p_adj",
		json_real_or_null(comparison->p_adjusted), "adj_method",
		comparison->adjust_method, "verdict",
		verdict_name(comparison->verdict), "margin",
		json_real_or_null(comparison->margin), "hodges_lehmann",
		json_real_or_null(comparison->hodges_lehmann), "sigma",
		json_real_or_null(comparison->sigma), "launches_needed",
		needed ? json_integer((json_int_t)needed) : json_null(),
		"exact_low", json_real_or_null(comparison->exact_low),
		"exact_high", json_real_or_null(comparison->exact_high),
		"exact_level", json_real_or_null(comparison->exact_level),
		"step",
		json_real_or_null(
			comparison->step > 0 ? comparison->step : NAN),
		"remark", comparison->remark);
}

void comparisons_print_json(const struct comparison_list *list,
	const struct summary *summary, FILE *out)
{
	json_t *rows = json_array();
	json_t *document;

	for (size_t i = 0; i < list->count; i++)
		json_array_append_new(rows, to_json(&list->items[i]));
	document = json_pack("{sI so}", "comparisons_made",
		(json_int_t)list->count, "comparisons", rows);
	if (summary != NULL)
		json_object_set_new(
			document, "summary", summary_to_json(summary));
	json_dumpf(document, out, JSON_INDENT(2) | JSON_PRESERVE_ORDER);
	fputc('\n', out);
	json_decref(document);
}

void comparisons_print(const struct comparison_list *list,
	const struct summary *summary, FILE *out, enum table_format format)
{
	switch (format) {
	case FORMAT_TABLE:
		comparisons_print_table(list, out);
		if (summary != NULL)
			summary_print(summary, out);
		break;
	case FORMAT_CSV:
		comparisons_print_csv(list, out);
		break;
	case FORMAT_JSON:
		comparisons_print_json(list, summary, out);
		break;
	}
}
