// SPDX-License-Identifier: MIT
//
// A trace as operations for workers: every recorded thread is given to a
// worker, ids of blocks become small numbers (slots) that are used again, and
// where an operation needs what another worker does there is a wait in front
// of it. Windows of operations are filled one after another, so memory follows
// live blocks and the size of a window; at the end of the trace all blocks
// that are live are freed and the next window begins the trace anew.
//
// An operation is put into its worker's stream in the trace's one order
// (trace_merge.h), and every wait is for an operation before it in this order.
// So workers that follow their streams cannot wait for each other in a circle:
// the first operation in the order that is not done has nothing to wait for.
#ifndef SERIALBENCH_TRACE_REPLAY_H
#define SERIALBENCH_TRACE_REPLAY_H

#include "error_text.h"
#include "trace_reader.h"

/* A word of a stream: kind, number, value. */
enum trace_replay_kind {
	TRACE_REPLAY_FREE, /* slot */
	TRACE_REPLAY_ALLOC, /* slot, size */
	TRACE_REPLAY_CALLOC, /* slot, size */
	TRACE_REPLAY_REALLOC, /* slot, size: the new block is in the same */
	/* Slot, kind of the call, and a word with the size. */
	TRACE_REPLAY_LARGE,
	/* Slot, log2 of the alignment, and a word with the size. */
	TRACE_REPLAY_ALIGNED,
	/* Worker, and as a signed number how many words of its stream have to
	 * be done, counted from this window's first. */
	TRACE_REPLAY_WAIT,
	/* Cycles of private work before the operation that follows. */
	TRACE_REPLAY_THINK,
};

#define TRACE_REPLAY_KIND_BITS 4
#define TRACE_REPLAY_NUMBER_BITS 28
#define TRACE_REPLAY_NUMBERS (UINT32_C(1) << TRACE_REPLAY_NUMBER_BITS)

static inline uint64_t trace_replay_word(
	enum trace_replay_kind kind, uint32_t number, uint32_t value)
{
	return (uint64_t)value << 32 |
		(uint64_t)number << TRACE_REPLAY_KIND_BITS | kind;
}

static inline enum trace_replay_kind trace_replay_kind(uint64_t word)
{
	return (enum trace_replay_kind)(
		word & ((1u << TRACE_REPLAY_KIND_BITS) - 1));
}

static inline uint32_t trace_replay_number(uint64_t word)
{
	return (uint32_t)word >> TRACE_REPLAY_KIND_BITS;
}

static inline uint32_t trace_replay_value(uint64_t word)
{
	return (uint32_t)(word >> 32);
}

/* What one worker does in a window. */
struct trace_replay_stream {
	uint64_t *words;
	/* Of each word, half operations of all workers before it in the
	 * window: an allocation or a free is one, a realloc two. */
	uint32_t *positions;
	uint32_t count;
};

struct trace_replay_window {
	uint32_t room; /* words of each stream, set by the caller */
	uint32_t slots; /* no slot so far has this number or a higher one */
	uint64_t halves; /* half operations of all workers */
	bool first; /* of the trace: no slot is in use before it */
	bool last; /* no slot is in use behind it */
	struct trace_replay_stream streams[]; /* by worker; set by the caller */
};

#define TRACE_REPLAY_LEAST_ROOM 64

/* What a whole pass over a trace finds. */
struct trace_replay_survey {
	uint64_t halves; /* with the frees at the end */
	uint64_t peak_blocks, peak_bytes; /* live; requested */
	uint64_t blocks_at_peak; /* live when most bytes are */
	uint64_t peak_halves; /* half operations up to that moment */
	uint32_t threads; /* most that live at once */
};

struct trace_replay;

/* Reads the whole trace and checks everything that a replay relies on. 0, or
 * -1 with error. */
int trace_replay_survey(const struct trace_reader *reader,
	struct trace_replay_survey *survey, struct error *error);

/* Most cycles for each recorded us, and ns of a gap: of a longer one, in which
 * the program slept or was not run, no more is thought. */
#define TRACE_REPLAY_PACE_MOST 100000
#define TRACE_REPLAY_GAP_MOST 1000000

/* Whether a replay of the trace can have a pace: its events, or its chunks,
 * have times. */
static inline bool trace_replay_has_times(const struct trace_reader *reader)
{
	return reader->header.clock != TRACE_CLOCK_ORDER;
}

/*
 * pace: cycles of private work for each us that a recorded thread let pass
 * between two operations, 0 for none. Without a clock a chunk's time is divided
 * evenly among its events. NULL with error. The reader stays open as long.
 */
struct trace_replay *trace_replay_create(const struct trace_reader *reader,
	uint32_t workers, uint32_t pace, struct error *error);

/* Accepts NULL. */
void trace_replay_destroy(struct trace_replay *replay);

/* Fills a window that has room for TRACE_REPLAY_LEAST_ROOM words or more. 0,
 * or -1 with error, also where the trace has no operation. */
int trace_replay_fill(struct trace_replay *replay,
	struct trace_replay_window *window, struct error *error);

#endif /* SERIALBENCH_TRACE_REPLAY_H */
