// SPDX-License-Identifier: MIT
//
// google-benchmark's JSON, as its library 1.7 writes it: one benchmark for
// each cell and variant, one repetition for each launch.
#include <math.h>
#include <stdlib.h>

#include "export_turns.h"
#include "json_values.h"
#include "statistics.h"

struct repetition {
	size_t family, index, count;
};

static json_t *text_of(const json_t *object, const char *name)
{
	const char *text = json_string_value(json_object_get(object, name));

	return json_string(text != NULL ? text : "");
}

/* The three averages in front of /proc/loadavg's line. */
static json_t *load_averages(const json_t *host)
{
	const char *text = json_string_value(json_object_get(host, "load_avg"));
	json_t *loads = json_array();
	char *end;

	for (int i = 0; text != NULL && i < 3; i++) {
		double load = strtod(text, &end);

		if (end == text)
			break;
		json_array_append_new(loads, json_real(load));
		text = end;
	}
	return loads;
}

static json_t *context(const json_t *meta)
{
	const json_t *host = json_object_get(meta, "host");
	const char *governor =
		json_string_value(json_object_get(host, "cpu_governor"));
	json_int_t start =
		json_integer_value(json_object_get(meta, "start_unix_ns"));
	char date[32];

	export_date(
		date, sizeof(date), "%Y-%m-%dT%H:%M:%S+00:00", (uint64_t)start);
	return json_pack("{ss so ss sI sb so so ss so so so}", "date", date,
		"host_name", text_of(host, "hostname"), "executable",
		"serialbench", "num_cpus",
		json_integer_value(json_object_get(host, "cpu_count")),
		"cpu_scaling_enabled",
		governor != NULL && governor[0] != 'p', /* performance */
		"caches", json_array(), "load_avg", load_averages(host),
		"library_build_type", "release", "serialbench_run_id",
		text_of(meta, "run_id"), "serialbench_build_id",
		text_of(meta, "build_id"), "cpu_model_name",
		text_of(host, "cpu_model_name"));
}

/* The median over the rounds of a launch; `room` has place for them. */
static double median_of(
	const struct export_turn *first, size_t count, double *room, bool cpu)
{
	size_t kept = 0;

	for (size_t i = 0; i < count; i++) {
		double ns = cpu ? first[i].cpu_ns_per_op : first[i].ns_per_op;

		if (!isnan(ns))
			room[kept++] = ns;
	}
	return median(room, kept);
}

static json_t *repetition_of(const struct export_turns *turns,
	const struct export_turn *first, size_t count,
	const struct repetition *at, double *room)
{
	double real = median_of(first, count, room, false);
	double cpu = median_of(first, count, room, true);
	uint64_t ops = 0;

	for (size_t i = 0; i < count; i++)
		ops += first[i].ops;
	return json_pack("{so sI sI so ss sI sI sI sI so so ss sI sI}", "name",
		export_name(turns, first), "family_index",
		(json_int_t)at->family, "per_family_instance_index",
		(json_int_t)0, "run_name", export_name(turns, first),
		"run_type", "iteration", "repetitions", (json_int_t)at->count,
		"repetition_index", (json_int_t)at->index, "threads",
		(json_int_t)first->threads, "iterations", (json_int_t)ops,
		"real_time", json_real_or_null(real), "cpu_time",
		json_real_or_null(isnan(cpu) ? 0 : cpu), "time_unit", "ns",
		"serialbench_launch", (json_int_t)first->launch,
		"serialbench_rounds", (json_int_t)count);
}

static size_t count_launches(
	const struct export_turns *turns, size_t from, size_t to)
{
	size_t launches = 0;

	for (; from < to; from += export_turns_of_launch(turns, from))
		launches++;
	return launches;
}

json_t *export_gbench(const struct export_turns *turns, const json_t *meta)
{
	double *room = calloc(turns->count + 1, sizeof(*room));
	json_t *rows = json_array();
	struct repetition at = {0};
	size_t count, to;

	if (room == NULL) {
		json_decref(rows);
		return NULL;
	}
	for (size_t from = 0; from < turns->count; at.family++) {
		to = from + export_turns_of_variant(turns, from);
		at.count = count_launches(turns, from, to);
		for (at.index = 0; from < to; at.index++, from += count) {
			count = export_turns_of_launch(turns, from);
			json_array_append_new(rows,
				repetition_of(turns, &turns->items[from], count,
					&at, room));
		}
	}
	free(room);
	return json_pack(
		"{so so}", "context", context(meta), "benchmarks", rows);
}
