// SPDX-License-Identifier: MIT
#include "trace_summary.h"

#include <stdio.h>

#include "trace_merge.h"
#include "trace_replay_threads.h"

struct summary_pass {
	struct trace_summary *summary;
	struct trace_merge *merge;
	struct trace_replay_threads threads; /* counts those that are alive */
	struct trace_point point; /* the next one */
	uint64_t due; /* events at which it is taken */
	uint64_t events; /* of the whole trace */
	unsigned points; /* of the whole trace */
};

unsigned trace_class(uint64_t number)
{
	return number == 0 ? 0 : 64 - (unsigned)__builtin_clzll(number);
}

uint64_t trace_class_least(unsigned index)
{
	return index == 0 ? 0 : UINT64_C(1) << (index - 1);
}

uint64_t trace_class_most(unsigned index)
{
	return index == 0 ? 0 : UINT64_MAX >> (64 - index);
}

static void count_end(struct summary_pass *pass,
	const struct trace_event *event, const struct trace_live_block *block)
{
	struct trace_summary *summary = pass->summary;
	uint64_t births = trace_merge_allocations(pass->merge);
	uint64_t bytes = trace_merge_allocated_bytes(pass->merge);

	/* A realloc's new block comes behind the end of its old one. */
	if (event->block != 0) {
		births--;
		bytes -= trace_event_bytes(event);
	}
	summary->ended++;
	summary->lifetimes[trace_class(births - block->born - 1)]++;
	summary->lifetime_bytes[trace_class(
		bytes - block->born_bytes - block->bytes)]++;
	if (trace_block_thread(block->id) == event->thread)
		return;
	if (event->kind == TRACE_FREE)
		summary->freed_by_others++;
	else
		summary->reallocated_by_others++;
}

static void count_event(struct summary_pass *pass,
	const struct trace_event *event, const struct trace_live_block *ended)
{
	struct trace_summary *summary = pass->summary;

	trace_replay_threads_next(&pass->threads, event);
	summary->events++;
	summary->kinds[event->kind]++;
	summary->failed += event->outcome == TRACE_FAILED;
	summary->freed_by_realloc += event->outcome == TRACE_FREED;
	if (event->block != 0)
		summary->sizes[trace_class(trace_event_bytes(event))]++;
	/* A realloc that failed has left its block as it was. */
	if (ended->id != 0 && event->outcome != TRACE_FAILED)
		count_end(pass, event, ended);
}

/* The points divide the trace's events evenly; the last is its end. */
static void set_due(struct summary_pass *pass)
{
	unsigned next = pass->summary->point_count + 1;

	if (pass->points > 0)
		pass->due = pass->events / pass->points * next +
			pass->events % pass->points * next / pass->points;
}

static void count_live(
	struct summary_pass *pass, const struct trace_event *event)
{
	struct trace_summary *summary = pass->summary;
	struct trace_point *point = &pass->point;

	point->blocks = trace_merge_live(pass->merge);
	point->bytes = trace_merge_live_bytes(pass->merge);
	if (point->blocks > point->most_blocks)
		point->most_blocks = point->blocks;
	if (point->bytes > point->most_bytes)
		point->most_bytes = point->bytes;
	if (point->blocks > summary->peak_blocks)
		summary->peak_blocks = point->blocks;
	if (point->bytes > summary->peak_bytes) {
		summary->peak_bytes = point->bytes;
		summary->blocks_at_peak = point->blocks;
	}
	if (summary->events != pass->due ||
		summary->point_count == pass->points)
		return;
	point->events = summary->events;
	point->time = event->time;
	summary->points[summary->point_count++] = *point;
	*point = (struct trace_point){0};
	set_due(pass);
}

static int read_events(struct summary_pass *pass, struct error *error)
{
	struct trace_summary *summary = pass->summary;
	struct trace_live_block ended;
	struct trace_event event;
	int result;

	while ((result = trace_merge_next(
			pass->merge, &event, &ended, error)) == 1) {
		count_event(pass, &event, &ended);
		count_live(pass, &event);
	}
	summary->allocations = trace_merge_allocations(pass->merge);
	summary->allocated_bytes = trace_merge_allocated_bytes(pass->merge);
	summary->left_blocks = trace_merge_live(pass->merge);
	summary->left_bytes = trace_merge_live_bytes(pass->merge);
	summary->most_alive = pass->threads.most_alive;
	return result;
}

int trace_summary_read(const struct trace_reader *reader,
	struct trace_summary *summary, struct error *error)
{
	struct summary_pass pass = {.summary = summary};
	int result = -1;

	*summary = (struct trace_summary){.threads = reader->thread_count};
	for (uint32_t i = 0; i < reader->thread_count; i++)
		pass.events += reader->threads[i].usable_events;
	pass.points = pass.events < TRACE_POINTS ? (unsigned)pass.events
						 : TRACE_POINTS;
	set_due(&pass);
	pass.merge = trace_merge_create(reader, error);
	if (pass.merge == NULL)
		return -1;
	if (trace_replay_threads_init(&pass.threads, reader, 1) == 0)
		result = read_events(&pass, error);
	else
		error_set(error, "%s: no memory for threads", reader->path);
	trace_replay_threads_finish(&pass.threads);
	trace_merge_destroy(pass.merge);
	return result;
}
