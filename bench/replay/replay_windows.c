// SPDX-License-Identifier: MIT
#include "replay_windows.h"

#include <string.h>

#include "compiler.h"

static size_t whole_lines(size_t bytes)
{
	return (bytes + CACHELINE - 1) / CACHELINE * CACHELINE;
}

static size_t head_bytes(uint32_t workers)
{
	return whole_lines(sizeof(struct trace_replay_window) +
		workers * sizeof(struct trace_replay_stream));
}

static size_t words_bytes(uint32_t room)
{
	return whole_lines((room + REPLAY_AHEAD) * sizeof(uint64_t));
}

static size_t stream_bytes(uint32_t room)
{
	return words_bytes(room) + whole_lines(room * sizeof(uint32_t));
}

static size_t window_bytes(uint32_t workers, uint32_t room)
{
	return head_bytes(workers) + workers * stream_bytes(room);
}

size_t replay_windows_bytes(uint32_t workers, uint32_t room)
{
	return 2 * window_bytes(workers, room);
}

static struct trace_replay_window *lay_out(
	unsigned char *at, uint32_t workers, uint32_t room)
{
	struct trace_replay_window *window = (void *)at;

	at += head_bytes(workers);
	window->room = room;
	for (uint32_t i = 0; i < workers; i++) {
		window->streams[i].words = (void *)at;
		window->streams[i].positions = (void *)(at + words_bytes(room));
		at += stream_bytes(room);
	}
	return window;
}

void replay_windows_lay_out(struct trace_replay_window *windows[2],
	void *memory, uint32_t workers, uint32_t room)
{
	unsigned char *at = memory;

	windows[0] = lay_out(at, workers, room);
	windows[1] = lay_out(at + window_bytes(workers, room), workers, room);
}

void replay_windows_find(const struct trace_replay_window *windows[2],
	const void *memory, uint32_t workers, uint32_t room)
{
	windows[0] = memory;
	windows[1] = (const void *)((const unsigned char *)memory +
		window_bytes(workers, room));
}

/* Where a place of one window is in the other. */
static const void *same_place(const struct trace_replay_window *from,
	const struct trace_replay_window *to, const void *place)
{
	return (const char *)from + ((const char *)place - (const char *)to);
}

void replay_window_copy(struct trace_replay_window *to,
	const struct trace_replay_window *from, uint32_t workers)
{
	to->slots = from->slots;
	to->halves = from->halves;
	to->first = from->first;
	to->last = from->last;
	for (uint32_t i = 0; i < workers; i++) {
		struct trace_replay_stream *stream = &to->streams[i];

		stream->count = from->streams[i].count;
		memcpy(stream->words, same_place(from, to, stream->words),
			stream->count * sizeof(*stream->words));
		memcpy(stream->positions,
			same_place(from, to, stream->positions),
			stream->count * sizeof(*stream->positions));
	}
}

int replay_windows_fill(struct trace_replay_window *windows[2],
	const char *path, uint32_t workers, uint32_t pace)
{
	struct trace_replay *replay = NULL;
	struct trace_reader reader;
	struct error error;
	int result = trace_reader_open(&reader, path, &error);

	if (result == 0)
		replay = trace_replay_create(&reader, workers, pace, &error);
	result = replay == NULL ? -1
				: trace_replay_fill(replay, windows[0], &error);
	if (result == 0 && !windows[0]->last)
		result = trace_replay_fill(replay, windows[1], &error);
	trace_replay_destroy(replay);
	trace_reader_finish(&reader);
	return result;
}
