// SPDX-License-Identifier: MIT
#include "partial.h"

#include <stdbool.h>
#include <string.h>

#include "stop.h"

/* Launches that the plan has and nobody has done: of a shard, its own. */
static size_t count_missing(const struct plan *plan)
{
	size_t missing = 0;

	for (size_t i = 0; i < plan->launch_count; i++)
		missing += plan->launches[i].left;
	return missing;
}

static void begin_reason(struct error *text)
{
	if (text->text[0] == '\0')
		error_set(text, "Partial run: ");
	else
		error_add(text, "; ");
}

static void say_stop(const struct run *run, struct error *text)
{
	size_t missing = count_missing(&run->plan);

	if (!stop_asked)
		return;
	begin_reason(text);
	error_add(text, "stopped by %s", stop_name());
	if (missing > 0)
		error_add(text, " with %zu of %zu launches to do", missing,
			run->plan.launch_count);
	else
		error_add(text, " after the launches");
	error_add(text, "; serialbench run --resume finishes it");
}

static void say_shard(const struct run *run, struct error *text)
{
	const struct run_options *options = run->options;

	if (options->shards == 0)
		return;
	begin_reason(text);
	error_add(text, "shard %u of %u; serialbench merge joins them",
		options->shard, options->shards);
}

static void say_parts(const struct run *run, struct error *text)
{
	size_t missing = count_missing(&run->plan);

	if (!run->record_is_written || missing == 0)
		return;
	begin_reason(text);
	error_add(text, "%zu of %zu launches are in no part", missing,
		run->plan.launch_count);
}

/* A pilot that failed is the one reason that outlasts the run. */
static void say_cells(const struct run *run, struct error *text)
{
	size_t failed = 0;

	for (size_t i = 0; i < run->plan.cell_count; i++)
		failed += run->plan.cells[i].failed;
	if (failed == 0)
		return;
	begin_reason(text);
	error_add(text, "%zu of %zu cells have no launch: their pilots failed",
		failed, run->plan.cell_count);
}

/* Which they are stands in meta.json. */
static void say_dropped(const struct run *run, struct error *text)
{
	size_t dropped = 0;

	for (size_t i = 0; i < run->plan.cell_count; i++)
		dropped += run->plan.cells[i].dropped;
	if (dropped == 0)
		return;
	begin_reason(text);
	error_add(text, "the time budget dropped %zu of %zu cells", dropped,
		run->plan.cell_count);
}

void run_say_partial(const struct run *run, struct error *text)
{
	text->text[0] = '\0';
	say_stop(run, text);
	say_shard(run, text);
	say_parts(run, text);
	say_cells(run, text);
	say_dropped(run, text);
}

void run_print_partial(const struct run *run, FILE *out)
{
	if (run->record.partial.text[0] != '\0')
		fprintf(out, "%s.\n\n", run->record.partial.text);
}
