// SPDX-License-Identifier: MIT
#include "headline.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "statistics.h"

#define COLUMNS 8
#define COLUMN_LEAST 12
#define COLUMN_TEXT 256
#define NAME_WIDTH 14

struct headline {
	const struct plan *plan;
	const struct comparison_list *list;
	size_t cells[COLUMNS]; /* indexes into the plan's */
	size_t count;
	size_t more; /* cells that have no column */
	int width;
	/* ns per operation, by column and variant. */
	double *kept[COLUMNS][LATIN_MAX];
	size_t used[COLUMNS][LATIN_MAX], room[COLUMNS][LATIN_MAX];
	/* Of the first lane that failed in the cell; "". */
	char failure[COLUMNS][3 * RECORD_TEXT];
	bool lacks[COLUMNS]; /* a figure: its place has a - */
	struct error *error;
};

/* Whether the preset of half a minute has the workload, too. */
static bool is_key(const char *workload)
{
	struct plan_request quick = {0};
	bool found = false;

	plan_apply_preset(&quick, PRESET_QUICK, 1);
	for (size_t i = 0; i < quick.workload_count; i++)
		found = found || strcmp(quick.workloads[i], workload) == 0;
	return found;
}

/* The key cells; all of them where the workloads were asked for by name. */
static void choose_cells(struct headline *headline)
{
	const struct plan *plan = headline->plan;

	for (size_t i = 0; i < plan->cell_count; i++) {
		if (!plan->request->confirmatory &&
			!is_key(plan->cells[i].workload))
			continue;
		if (headline->count < COLUMNS)
			headline->cells[headline->count++] = i;
		else
			headline->more++;
	}
}

/* The two lines over a column. */
static void name_column(const struct headline *headline, size_t column,
	char workload[COLUMN_TEXT], char rest[COLUMN_TEXT])
{
	const struct plan *plan = headline->plan;
	const struct plan_cell *cell = &plan->cells[headline->cells[column]];
	bool standard = cell->placement == PLACEMENT_CORES;

	snprintf(workload, COLUMN_TEXT, "%s", cell->workload);
	snprintf(rest, COLUMN_TEXT, "%s, t%u%s%s",
		plan->request->allocators[cell->allocator].name, cell->threads,
		standard ? "" : ", ",
		standard ? "" : placement_name(cell->placement));
}

static void size_columns(struct headline *headline)
{
	headline->width = COLUMN_LEAST;
	for (size_t c = 0; c < headline->count; c++) {
		char workload[COLUMN_TEXT], rest[COLUMN_TEXT];
		int longest;

		name_column(headline, c, workload, rest);
		longest =
			(int)(strlen(workload) > strlen(rest) ? strlen(workload)
							      : strlen(rest));
		if (longest + 2 > headline->width)
			headline->width = longest + 2;
	}
}

/* A launch has as many rounds as its own pilot chose: what comes is kept. */
static int keep(struct headline *headline, size_t column, size_t variant,
	double ns_per_op)
{
	size_t *used = &headline->used[column][variant];
	size_t *room = &headline->room[column][variant];
	double **kept = &headline->kept[column][variant];

	if (*used == *room) {
		size_t more = *room == 0 ? 64 : 2 * *room;
		double *larger = reallocarray(*kept, more, sizeof(**kept));

		if (larger == NULL) {
			return error_set(headline->error, "out of memory");
		}
		*kept = larger;
		*room = more;
	}
	(*kept)[(*used)++] = ns_per_op;
	return 0;
}

static void note_failure(
	struct headline *headline, size_t column, const struct trial *trial)
{
	char *failure = headline->failure[column];

	if (failure[0] == '\0')
		snprintf(failure, sizeof(headline->failure[column]),
			"%s %s: %s", trial->variant, trial->status,
			trial->exclude_reason);
}

static int collect_trial(const struct trial *trial, void *context)
{
	struct headline *headline = context;
	const struct plan *plan = headline->plan;
	bool failed = strcmp(trial->status, "ok") != 0;

	for (size_t c = 0; c < headline->count; c++) {
		if (strcmp(plan->cells[headline->cells[c]].name, trial->cell) !=
			0)
			continue;
		if (failed)
			note_failure(headline, c, trial);
		if (failed || trial->excluded != 0 || isnan(trial->ns_per_op))
			continue;
		for (size_t v = 0; v < plan->request->variant_count; v++)
			if (strcmp(plan->request->variants[v]->variant,
				    trial->variant) == 0 &&
				keep(headline, c, v, trial->ns_per_op) != 0)
				return -1;
	}
	return 0;
}

static int collect(
	struct headline *headline, const char *run, struct error *error)
{
	char path[4096];

	headline->error = error;
	snprintf(path, sizeof(path), "%s/trials.csv", run);
	return trials_read(path, collect_trial, headline, error);
}

static void release(struct headline *headline)
{
	for (size_t c = 0; c < COLUMNS; c++)
		for (size_t v = 0; v < LATIN_MAX; v++)
			free(headline->kept[c][v]);
}

static const struct comparison *find(
	const struct headline *headline, size_t column, const char *variant)
{
	const char *cell = headline->plan->cells[headline->cells[column]].name;

	for (size_t i = 0; i < headline->list->count; i++) {
		const struct comparison *item = &headline->list->items[i];

		if (strcmp(item->cell, cell) == 0 &&
			strcmp(item->variant, variant) == 0 &&
			strcmp(item->baseline, COMPARE_BASELINE) == 0)
			return item;
	}
	return NULL;
}

/* Pads by characters, not bytes: the signs are three bytes long. */
static void put(FILE *out, const char *text, int width)
{
	int shown = 0;

	for (const char *c = text; *c != '\0'; c++)
		shown += ((unsigned char)*c & 0xc0) != 0x80;
	fprintf(out, "%*s%s", width > shown ? width - shown : 0, "", text);
}

static void put_ns(FILE *out, struct headline *headline, size_t c, size_t v)
{
	char text[64] = "-";

	if (headline->used[c][v] > 0)
		snprintf(text, sizeof(text), "%.2f ns",
			median(headline->kept[c][v], headline->used[c][v]));
	else
		headline->lacks[c] = true;
	put(out, text, headline->width);
}

static void put_variant(FILE *out, struct headline *headline, size_t v)
{
	const struct alloc_backend *variant =
		headline->plan->request->variants[v];
	const struct peer *peer = plan_peer(headline->plan->request, variant);
	bool again = variant->role == ALLOC_ROLE_COPY;
	char text[64];

	fprintf(out, "%-*s", NAME_WIDTH, variant->variant);
	snprintf(text, sizeof(text), "%zu", variant->bytes_added(64, 0));
	/* What a peer adds is in memory.csv: it does not say. */
	put(out, variant->allocates && peer == NULL ? text : "", 7);
	for (size_t c = 0; c < headline->count; c++) {
		const struct comparison *item =
			find(headline, c, variant->variant);

		headline->lacks[c] |= item == NULL || isnan(item->ratio);
		if (item == NULL || isnan(item->ratio))
			snprintf(text, sizeof(text), "-");
		else
			snprintf(text, sizeof(text), "%.3f %s", item->ratio,
				verdict_sign(item->verdict));
		put(out, text, headline->width);
	}
	fputs(again                    ? "  A', the noise floor\n"
			: peer != NULL ? "  peer\n"
				       : "\n",
		out);
}

static void put_times(
	FILE *out, struct headline *headline, size_t v, const char *name)
{
	fprintf(out, "%-*s%7s", NAME_WIDTH, name, "");
	for (size_t c = 0; c < headline->count; c++)
		put_ns(out, headline, c, v);
	fputs("  per operation\n", out);
}

static void put_heads(FILE *out, const struct headline *headline)
{
	char heads[2][COLUMN_TEXT];

	for (int line = 0; line < 2; line++) {
		fprintf(out, "%-*s%7s", NAME_WIDTH, line == 0 ? "" : "variant",
			line == 0 ? "" : "bytes");
		for (size_t c = 0; c < headline->count; c++) {
			name_column(headline, c, heads[0], heads[1]);
			put(out, heads[line], headline->width);
		}
		fputc('\n', out);
	}
}

/* Rows in the order of reading: A', baseline, schemes, controls. */
static void put_rows(FILE *out, struct headline *headline)
{
	const struct plan_request *request = headline->plan->request;

	for (size_t v = 0; v < request->variant_count; v++)
		if (request->variants[v]->role == ALLOC_ROLE_COPY)
			put_variant(out, headline, v);
	for (size_t v = 0; v < request->variant_count; v++) {
		const struct alloc_backend *lane = request->variants[v];
		char label[RECORD_TEXT];

		if (strcmp(lane->variant, COMPARE_BASELINE) == 0)
			put_times(out, headline, v, lane->variant);
		else if (lane->role != ALLOC_ROLE_COPY)
			put_variant(out, headline, v);
		if (!lane->allocates) {
			snprintf(label, sizeof(label), "%.200s, time",
				lane->variant);
			put_times(out, headline, v, label);
		}
	}
}

static bool has_baseline(const struct plan_request *request)
{
	for (size_t v = 0; v < request->variant_count; v++)
		if (strcmp(request->variants[v]->variant, COMPARE_BASELINE) ==
			0)
			return true;
	return false;
}

static bool has_figures(const struct headline *headline, size_t column)
{
	for (size_t v = 0; v < headline->plan->request->variant_count; v++)
		if (headline->used[column][v] > 0)
			return true;
	return false;
}

/* Why a column has a place without a figure. */
static const char *reason_of(const struct headline *headline, size_t column)
{
	const struct plan *plan = headline->plan;

	if (headline->failure[column][0] != '\0')
		return headline->failure[column];
	if (plan->cells[headline->cells[column]].failed)
		return "its pilot failed";
	if (!has_figures(headline, column))
		return "no launch of the cell was made";
	if (!has_baseline(plan->request))
		return "the run has no `" COMPARE_BASELINE "` to compare with";
	return "no round of both lanes was kept";
}

static void put_reasons(FILE *out, const struct headline *headline)
{
	for (size_t c = 0; c < headline->count; c++)
		if (headline->lacks[c])
			fprintf(out, "-  %s: %s\n",
				headline->plan->cells[headline->cells[c]].name,
				reason_of(headline, c));
}

static bool is_empty(const struct headline *headline)
{
	for (size_t c = 0; c < headline->count; c++)
		if (has_figures(headline, c))
			return false;
	return true;
}

/* Instead of a table in which every place is empty. */
static void put_nothing(FILE *out, struct headline *headline)
{
	fputs("No table of ratios:\n", out);
	for (size_t c = 0; c < headline->count; c++)
		headline->lacks[c] = true;
	put_reasons(out, headline);
}

static void put_table(FILE *out, struct headline *headline)
{
	fputs("Time per operation over `none` (ratio, with its verdict: "
	      "▲ slower, ▼ faster, = equivalent,\n≠ different but the size is "
	      "unresolved, ? inconclusive); `none` and `null` also in ns.\n\n",
		out);
	put_heads(out, headline);
	put_rows(out, headline);
	put_reasons(out, headline);
}

int headline_print(FILE *out, const struct plan *plan, const char *run,
	const struct comparison_list *list, struct error *error)
{
	struct headline *headline = calloc(1, sizeof(*headline));
	int result = -1;

	if (headline == NULL) {
		return error_set(error, "out of memory");
	}
	headline->plan = plan;
	headline->list = list;
	choose_cells(headline);
	size_columns(headline);
	if (collect(headline, run, error) != 0)
		goto out;
	if (is_empty(headline) || !has_baseline(plan->request))
		put_nothing(out, headline);
	else
		put_table(out, headline);
	if (headline->more > 0)
		fprintf(out, "… and %zu more cells in comparisons.csv\n",
			headline->more);
	result = 0;
out:
	release(headline);
	free(headline);
	return result;
}
