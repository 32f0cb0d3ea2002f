// SPDX-License-Identifier: MIT
//
// What trace info found, as JSON.
#include <jansson.h>

#include "record.h"
#include "trace_info_figures.h"

/* jansson's whole numbers have a sign. */
static json_t *number(uint64_t value)
{
	if (value == RECORD_NO_COUNT)
		return json_null();
	return value <= INT64_MAX ? json_integer((json_int_t)value)
				  : json_real((double)value);
}

static json_t *classes_array(const uint64_t *counts)
{
	json_t *array = json_array();

	for (unsigned i = 0; i < TRACE_CLASSES; i++)
		if (counts[i] > 0)
			json_array_append_new(array,
				json_pack("{s:o, s:o, s:o}", "from",
					number(trace_class_least(i)), "to",
					/* All bits are no absence here. */
					i < 64 ? number(trace_class_most(i))
					       : json_real(0x1p64),
					"count", number(counts[i])));
	return array;
}

static json_t *points_array(const struct trace_summary *summary)
{
	json_t *array = json_array();

	for (unsigned i = 0; i < summary->point_count; i++) {
		const struct trace_point *point = &summary->points[i];

		json_array_append_new(array,
			json_pack("{s:o, s:o, s:o, s:o, s:o, s:o}", "events",
				number(point->events), "time",
				number(point->time), "live_blocks",
				number(point->blocks), "live_bytes",
				number(point->bytes), "most_live_blocks",
				number(point->most_blocks), "most_live_bytes",
				number(point->most_bytes)));
	}
	return array;
}

int info_print_json(const struct info_figures *figures, FILE *out)
{
	json_t *object = json_object(), *kinds = json_object();
	int failed = 0;

	for (unsigned i = 0; i < INFO_TEXTS; i++)
		failed |= json_object_set_new(object, figures->texts[i].key,
			json_string(figures->texts[i].text));
	for (unsigned i = 0; i < INFO_FIGURES; i++)
		failed |= json_object_set_new(object, figures->figures[i].key,
			number(figures->figures[i].value));
	for (unsigned i = 1; i < TRACE_KIND_LIMIT; i++)
		failed |= json_object_set_new(kinds, trace_kind_name(i),
			number(figures->summary->kinds[i]));
	failed |= json_object_set_new(object, "kinds", kinds);
	for (unsigned i = 0; i < INFO_CLASSES; i++)
		failed |= json_object_set_new(object, figures->classes[i].key,
			classes_array(figures->classes[i].counts));
	failed |= json_object_set_new(
		object, "points", points_array(figures->summary));
	if (failed == 0 && json_dumpf(object, out, JSON_INDENT(2)) == 0)
		fputc('\n', out);
	json_decref(object);
	return failed == 0 ? 0 : -1;
}
