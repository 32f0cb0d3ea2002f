// SPDX-License-Identifier: MIT
//
// What a replay has to know of a trace before it begins.
#include <stdio.h>

#include "trace_merge.h"
#include "trace_replay.h"
#include "trace_replay_threads.h"

static int survey_events(struct trace_merge *merge,
	struct trace_replay_threads *threads,
	struct trace_replay_survey *survey, struct error *error)
{
	struct trace_event event;
	int result;

	while ((result = trace_merge_next(merge, &event, NULL, error)) == 1) {
		uint64_t live = trace_merge_live(merge);
		uint64_t bytes = trace_merge_live_bytes(merge);

		trace_replay_threads_next(threads, &event);
		if (event.outcome != TRACE_FAILED)
			survey->halves += (event.block != 0) + (event.old != 0);
		if (live > survey->peak_blocks)
			survey->peak_blocks = live;
		if (bytes > survey->peak_bytes) {
			survey->peak_bytes = bytes;
			survey->blocks_at_peak = live;
			survey->peak_halves = survey->halves;
		}
	}
	survey->halves += trace_merge_live(merge);
	survey->threads = threads->most_alive;
	return result;
}

int trace_replay_survey(const struct trace_reader *reader,
	struct trace_replay_survey *survey, struct error *error)
{
	struct trace_merge *merge = trace_merge_create(reader, error);
	struct trace_replay_threads threads;
	int result = -1;

	*survey = (struct trace_replay_survey){0};
	if (merge == NULL)
		return -1;
	if (trace_replay_threads_init(&threads, reader, 1) == 0)
		result = survey_events(merge, &threads, survey, error);
	else
		error_set(error, "%s: no memory for threads", reader->path);
	trace_replay_threads_finish(&threads);
	trace_merge_destroy(merge);
	if (result == 0 && survey->halves == 0) {
		return error_set(error,
			"%s: no block is allocated: allowed is a trace of "
			"one or more",
			reader->path);
	}
	return result;
}
