// SPDX-License-Identifier: MIT
//
// What a gate found, for people and programs.
#include <jansson.h>
#include <math.h>
#include <string.h>

#include "csv_writer.h"
#include "gate.h"
#include "json_values.h"
#include "printable.h"

static const char header[] =
	"finding,failed,cell,variant,metric,baseline,limit,value,low,high,"
	"value2,low2,high2,launches_needed";

static bool is_bytes(const struct gate_item *item)
{
	return strcmp(item->metric, GATE_BYTES) == 0;
}

static void print_look(
	FILE *out, const struct gate_item *item, const struct gate_look *look)
{
	if (isnan(look->value))
		fputs(" nothing measured", out);
	else if (is_bytes(item))
		fprintf(out, " %+.1f bytes a block", look->value);
	else if (isnan(look->low))
		fprintf(out, " %.3f [no interval]", look->value);
	else
		fprintf(out, " %.3f [%.3f, %.3f]", look->value, look->low,
			look->high);
}

/* The most launches that a look asks for. */
static size_t launches_needed(const struct gate_item *item)
{
	size_t first = item->looks[0].launches_needed;
	size_t second = item->looks[1].launches_needed;

	return first > second ? first : second;
}

/* FAIL over: CELL: VARIANT over BASELINE 1.052 [1.048, 1.056], 1.049 […], … */
static void print_line(FILE *out, const struct gate *gate,
	const struct gate_options *options, const struct gate_item *item)
{
	char cell[RECORD_TEXT], variant[RECORD_TEXT];

	strcpy(cell, item->cell);
	strcpy(variant, item->variant);
	make_printable(cell);
	make_printable(variant);
	fprintf(out, "%s %s: %s: %s over %s", item->failed ? "FAIL" : "note",
		gate_finding_name(item->finding), cell, variant,
		options->baseline);
	for (size_t i = 0; i < gate->run_count; i++) {
		fputs(i > 0 ? "," : "", out);
		print_look(out, item, &item->looks[i]);
	}
	if (is_bytes(item))
		fprintf(out, "; allowed are %+g", item->limit);
	else
		fprintf(out, "; allowed is %.4g", item->limit);
	if (item->finding == GATE_INCONCLUSIVE && launches_needed(item) > 0)
		fprintf(out, "; needs %zu launches", launches_needed(item));
	fputc('\n', out);
}

static void print_table(
	const struct gate *gate, const struct gate_options *options, FILE *out)
{
	for (int finding = 0; finding < GATE_WITHIN; finding++)
		for (size_t i = 0; i < gate->count; i++)
			if (gate->items[i].finding ==
				(enum gate_finding)finding)
				print_line(out, gate, options, &gate->items[i]);
	fprintf(out, "gate: %zu of %zu failed", gate->failed, gate->count);
	for (int finding = 0; finding < GATE_FINDINGS; finding++)
		fprintf(out, "%s %zu %s", finding == 0 ? ":" : ",",
			gate->found[finding],
			gate_finding_name((enum gate_finding)finding));
	fputc('\n', out);
}

static void print_csv(
	const struct gate *gate, const struct gate_options *options, FILE *out)
{
	struct csv_writer writer = {0};

	fprintf(out, "%s\n", header);
	for (size_t i = 0; i < gate->count; i++) {
		const struct gate_item *item = &gate->items[i];
		size_t needed = launches_needed(item);

		csv_text(&writer, gate_finding_name(item->finding));
		csv_count(&writer, item->failed);
		csv_text(&writer, item->cell);
		csv_text(&writer, item->variant);
		csv_text(&writer, item->metric);
		csv_text(&writer, options->baseline);
		csv_real(&writer, item->limit);
		for (size_t run = 0; run < GATE_RUNS; run++) {
			csv_real(&writer, item->looks[run].value);
			csv_real(&writer, item->looks[run].low);
			csv_real(&writer, item->looks[run].high);
		}
		csv_count(&writer, needed > 0 ? needed : RECORD_NO_COUNT);
		csv_print_row(&writer, out);
	}
}

static json_t *look_to_json(const struct gate_look *look)
{
	return json_pack("{ss so so so}", "finding",
		gate_finding_name(look->finding), "value",
		json_real_or_null(look->value), "low",
		json_real_or_null(look->low), "high",
		json_real_or_null(look->high));
}

static json_t *item_to_json(const struct gate *gate,
	const struct gate_options *options, const struct gate_item *item)
{
	json_t *looks = json_array();

	for (size_t i = 0; i < gate->run_count; i++)
		json_array_append_new(looks, look_to_json(&item->looks[i]));
	return json_pack("{ss sb so so ss ss so so}", "finding",
		gate_finding_name(item->finding), "failed", item->failed,
		"cell", json_text_or_question(item->cell), "variant",
		json_text_or_question(item->variant), "metric", item->metric,
		"baseline", options->baseline, "limit",
		json_real_or_null(item->limit), "runs", looks);
}

static void print_json(
	const struct gate *gate, const struct gate_options *options, FILE *out)
{
	json_t *items = json_array(), *document;

	for (size_t i = 0; i < gate->count; i++)
		json_array_append_new(
			items, item_to_json(gate, options, &gate->items[i]));
	document = json_pack("{sb sI so}", "holds", gate->failed == 0, "failed",
		(json_int_t)gate->failed, "items", items);
	json_dumpf(document, out, JSON_INDENT(2) | JSON_PRESERVE_ORDER);
	fputc('\n', out);
	json_decref(document);
}

void gate_print(const struct gate *gate, const struct gate_options *options,
	FILE *out, enum table_format format)
{
	if (format == FORMAT_TABLE)
		print_table(gate, options, out);
	else if (format == FORMAT_CSV)
		print_csv(gate, options, out);
	else
		print_json(gate, options, out);
}
