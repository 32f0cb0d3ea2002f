// SPDX-License-Identifier: MIT
#include "trace_replay_gaps.h"

#include <stdlib.h>

#include "trace_replay.h"

#define UNSEEN UINT64_MAX

_Static_assert((uint64_t)TRACE_REPLAY_GAP_MOST *TRACE_REPLAY_PACE_MOST / 1000 <=
		UINT32_MAX,
	"the longest gap fits into a word's value");

int trace_replay_gaps_init(struct trace_replay_gaps *gaps,
	const struct trace_reader *reader, uint32_t pace)
{
	*gaps = (struct trace_replay_gaps){.reader = reader, .pace = pace};
	if (pace == 0)
		return 0;
	gaps->since = reallocarray(
		NULL, reader->thread_count + 1, sizeof(*gaps->since));
	if (gaps->since == NULL)
		return -1;
	trace_replay_gaps_clear(gaps);
	return 0;
}

static uint64_t *since(
	const struct trace_replay_gaps *gaps, const struct trace_event *event)
{
	return &gaps->since[trace_reader_thread(gaps->reader, event->thread)];
}

void trace_replay_gaps_see(
	struct trace_replay_gaps *gaps, const struct trace_event *event)
{
	if (gaps->pace > 0 && *since(gaps, event) == UNSEEN)
		*since(gaps, event) = event->time;
}

uint32_t trace_replay_gaps_take(
	struct trace_replay_gaps *gaps, const struct trace_event *event)
{
	uint64_t *before, gap;

	if (gaps->pace == 0)
		return 0;
	before = since(gaps, event);
	/* Chunks without a clock may lie over each other by what their begin
	 * and end were read apart. */
	gap = event->time > *before ? event->time - *before : 0;
	*before = event->time;
	if (gap > TRACE_REPLAY_GAP_MOST)
		gap = TRACE_REPLAY_GAP_MOST;
	return (uint32_t)(gap * gaps->pace / 1000);
}

void trace_replay_gaps_clear(struct trace_replay_gaps *gaps)
{
	for (uint32_t i = 0; gaps->pace > 0 && i < gaps->reader->thread_count;
		i++)
		gaps->since[i] = UNSEEN;
}

void trace_replay_gaps_finish(struct trace_replay_gaps *gaps)
{
	if (gaps == NULL)
		return;
	free(gaps->since);
	*gaps = (struct trace_replay_gaps){0};
}
