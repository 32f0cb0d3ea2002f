// SPDX-License-Identifier: MIT
//
// pyperf's JSON, version 1.0: one benchmark for each cell and variant, one run
// for each launch, one value for each round, in seconds per operation.
// Metadata has pyperf's names and forms where it has them.
#include <stdlib.h>
#include <string.h>

#include "export_turns.h"
#include "json_values.h"

/* pyperf takes no empty text and no line end. */
static void set_text(json_t *to, const char *name, const char *text)
{
	if (text != NULL && text[strspn(text, " \t")] != '\0' &&
		strpbrk(text, "\r\n") == NULL)
		json_object_set_new(to, name, json_string(text));
}

static void copy_text(
	json_t *to, const char *name, const json_t *from, const char *from_name)
{
	set_text(to, name, json_string_value(json_object_get(from, from_name)));
}

/* pyperf's words for the kernel's number. */
static const char *aslr_words(const json_t *host)
{
	static const char *const words[] = {"No randomization",
		"Conservative randomization", "Full randomization"};
	const char *text = json_string_value(json_object_get(host, "aslr"));

	if (text != NULL && text[0] >= '0' && text[0] <= '2' && text[1] == '\0')
		return words[text[0] - '0'];
	return text;
}

static json_t *suite_metadata(const json_t *meta)
{
	const json_t *host = json_object_get(meta, "host");
	const json_t *cpus = json_object_get(host, "cpu_count");
	const char *load = json_string_value(json_object_get(host, "load_avg"));
	json_t *metadata = json_object();

	copy_text(metadata, "hostname", host, "hostname");
	copy_text(metadata, "platform", host, "platform");
	copy_text(metadata, "cpu_model_name", host, "cpu_model_name");
	set_text(metadata, "aslr", aslr_words(host));
	if (json_integer_value(cpus) > 0)
		json_object_set_new(metadata, "cpu_count",
			json_integer(json_integer_value(cpus)));
	if (load != NULL)
		json_object_set_new(
			metadata, "load_avg_1min", json_real(atof(load)));
	json_object_set_new(metadata, "unit", json_string("second"));
	json_object_set_new(metadata, "timer",
		json_string("clock_gettime(CLOCK_MONOTONIC)"));
	copy_text(metadata, "serialbench_run_id", meta, "run_id");
	copy_text(metadata, "serialbench_build_id", meta, "build_id");
	return metadata;
}

static json_t *run_of(const struct export_turn *first, size_t count)
{
	char date[32], moment[48];
	json_t *values = json_array();
	double wall_ns = 0;

	for (size_t i = 0; i < count; i++) {
		json_array_append_new(
			values, json_real(first[i].ns_per_op / 1e9));
		wall_ns += first[i].wall_ns;
	}
	export_date(
		date, sizeof(date), "%Y-%m-%d %H:%M:%S", first->start_unix_ns);
	snprintf(moment, sizeof(moment), "%s.%06u", date,
		(unsigned)(first->start_unix_ns / 1000 % 1000000));
	return json_pack("{s{ss so sI sI} so}", "metadata", "date", moment,
		"duration", json_real_or_null(wall_ns / 1e9), "loops",
		(json_int_t)(first->ops > 0 ? first->ops : 1),
		"serialbench_launch", (json_int_t)first->launch, "values",
		values);
}

static json_t *benchmark_of(
	const struct export_turns *turns, size_t from, size_t to)
{
	const struct export_turn *first = &turns->items[from];
	json_t *runs = json_array();
	size_t count;

	for (; from < to; from += count) {
		count = export_turns_of_launch(turns, from);
		json_array_append_new(runs, run_of(&turns->items[from], count));
	}
	return json_pack("{s{so so so sI} so}", "metadata", "name",
		export_name(turns, first), "serialbench_cell",
		json_text_or_question(turns->cells.texts[first->cell]),
		"serialbench_variant",
		json_text_or_question(turns->variants.texts[first->variant]),
		"serialbench_threads", (json_int_t)first->threads, "runs",
		runs);
}

json_t *export_pyperf(const struct export_turns *turns, const json_t *meta)
{
	json_t *benchmarks = json_array();
	size_t to;

	for (size_t from = 0; from < turns->count; from = to) {
		to = from + export_turns_of_variant(turns, from);
		json_array_append_new(
			benchmarks, benchmark_of(turns, from, to));
	}
	return json_pack("{ss so so}", "version", "1.0", "metadata",
		suite_metadata(meta), "benchmarks", benchmarks);
}
