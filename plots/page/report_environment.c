// SPDX-License-Identifier: MIT
//
// Method, variants, and the machine as meta.json describes it.
#include <string.h>

#include "report_embedded.h"
#include "report_html.h"
#include "report_sections.h"
#include "variant_style.h"

#define KEY_BYTES 256
#define MOST_FACTS 2000 /* a meta.json beyond this is cut, and says so */
#define MOST_LEVELS 12

void report_method(FILE *page)
{
	const struct variant_style *style;

	fputs(report_method_html, page);
	fputs("<dl class=\"variants\">", page);
	for (size_t i = 0; (style = variant_style_at(i)); i++) {
		fputs("<dt>", page);
		html_variant(page, style->name);
		fputs("</dt>", page);
		html_element(page, "dd", style->meaning);
	}
	fputs("</dl></div></section>\n", page);
}

static void write_value(FILE *page, const json_t *value)
{
	char number[64];

	switch (json_typeof(value)) {
	case JSON_STRING:
		html_text(page, json_string_value(value));
		break;
	case JSON_INTEGER:
		fprintf(page, "%lld", (long long)json_integer_value(value));
		break;
	case JSON_REAL:
		snprintf(
			number, sizeof(number), "%.9g", json_real_value(value));
		fputs(number, page);
		break;
	case JSON_TRUE:
	case JSON_FALSE:
		fputs(json_is_true(value) ? "yes" : "no", page);
		break;
	case JSON_NULL:
		fputs("<span class=\"none\">not known</span>", page);
		break;
	default:
		fputs("–", page);
	}
}

static void write_fact(FILE *page, const char *key, const json_t *value)
{
	fputs("<tr><th scope=\"row\">", page);
	html_text(page, key);
	fputs("</th><td>", page);
	write_value(page, value);
	fputs("</td></tr>\n", page);
}

/* All scalars below a value, under dotted keys. */
static void write_facts(FILE *page, const char *key, const json_t *value,
	size_t *left, int level)
{
	char below[KEY_BYTES];
	json_t *item;

	if (!*left || level > MOST_LEVELS)
		return;
	if (json_is_object(value)) {
		const char *name;

		json_object_foreach((json_t *)value, name, item)
		{
			snprintf(below, sizeof(below), "%s%s%s", key,
				*key ? "." : "", name);
			write_facts(page, below, item, left, level + 1);
		}
	} else if (json_is_array(value)) {
		size_t index;

		json_array_foreach(value, index, item)
		{
			snprintf(below, sizeof(below), "%s[%zu]", key, index);
			write_facts(page, below, item, left, level + 1);
		}
	} else {
		write_fact(page, key, value);
		--*left;
	}
}

/* Key facts: scalars wherever they stand, by the names that pyperf uses and
 * those of this suite. */
static const json_t *find_fact(const json_t *value, const char *name, int level)
{
	const json_t *found = json_object_get(value, name);
	const char *key;
	json_t *item;

	if (found && !json_is_object(found) && !json_is_array(found))
		return found;
	if (!json_is_object(value) || level > MOST_LEVELS)
		return NULL;
	json_object_foreach((json_t *)value, key, item)
	{
		found = find_fact(item, name, level + 1);
		if (found)
			return found;
	}
	return NULL;
}

static void write_key_facts(FILE *page, const json_t *meta)
{
	static const char *const facts[][2] = {
		{"hostname", "host"},
		{"date", "date"},
		{"cpu_model_name", "processor"},
		{"cpu_count", "processing units"},
		{"cpu_affinity", "allowed units"},
		{"hypervisor", "hypervisor"},
		{"kernel", "kernel"},
		{"platform", "platform"},
		{"libc", "C library"},
		{"compiler", "compiler"},
		{"aslr", "address randomisation"},
		{"governor", "frequency governor"},
		{"load_avg_1min", "load before the run"},
		{"pinning", "pinning"},
		{"seed", "seed"},
		{"git", "source"},
		{"version", "suite version"},
	};

	html_table_open(page, "facts", NULL);
	fputs("<tbody>", page);
	for (size_t i = 0; i < sizeof(facts) / sizeof(*facts); i++) {
		const json_t *value = find_fact(meta, facts[i][0], 0);

		if (value)
			write_fact(page, facts[i][1], value);
	}
	html_table_close(page);
}

void report_environment(FILE *page, const struct report_data *data)
{
	size_t left = MOST_FACTS;

	html_section(page, "environment", "Where it was measured");
	if (data->meta) {
		write_key_facts(page, data->meta);
		html_details(page, "Everything in meta.json", false);
		html_table_open(page, "facts", NULL);
		fputs("<tbody>", page);
		write_facts(page, "", data->meta, &left, 0);
		html_table_close(page);
		if (!left)
			fputs("<p class=\"missing\">The rest is in "
			      "meta.json.</p>",
				page);
		html_details_end(page);
	} else {
		html_missing(page, "meta.json",
			"records the machine, the tools and the allocators");
	}
	html_section_end(page);
}
