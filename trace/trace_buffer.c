// SPDX-License-Identifier: MIT
//
// A thread's buffer: events go in, chunks come out.
#include <errno.h>
#include <string.h>

#include "trace_buffer.h"
#include "trace_put.h"

#define HEADER_BYTES sizeof(struct trace_chunk_header)

#define SIZE(n)                                                                \
	(TRACE_MALLOC |                                                        \
		((n) < 0x80 ? (n) << 8 | UINT32_C(2) << 24                     \
			    : ((n)&0x7f) << 8 | 0x8000 | (n) >> 7 << 16 |      \
					UINT32_C(3) << 24))
#define SIZES_4(n) SIZE(n), SIZE((n) + 1), SIZE((n) + 2), SIZE((n) + 3)
#define SIZES_16(n)                                                            \
	SIZES_4(n), SIZES_4((n) + 4), SIZES_4((n) + 8), SIZES_4((n) + 12)
#define SIZES_64(n)                                                            \
	SIZES_16(n), SIZES_16((n) + 16), SIZES_16((n) + 32), SIZES_16((n) + 48)
#define SIZES_256(n)                                                           \
	SIZES_64(n), SIZES_64((n) + 64), SIZES_64((n) + 128),                  \
		SIZES_64((n) + 192)

const uint32_t trace_put_sizes[TRACE_PUT_SIZES] = {
	SIZES_256(0U),
	SIZES_256(256U),
	SIZES_256(512U),
	SIZES_256(768U),
};

static bool is_timed(const struct trace_buffer *buffer)
{
	return buffer->writer->clock != TRACE_CLOCK_NONE;
}

/* The next event takes the slow way, which reads the clock: a chunk begins
 * with its first event. */
static void empty(struct trace_buffer *buffer)
{
	buffer->near_own = trace_block(buffer->thread, 0);
	buffer->near_other = 0;
	atomic_store_explicit(
		&buffer->published, TRACE_FILL_NONE, memory_order_release);
}

bool trace_buffer_is_empty(uint64_t fill)
{
	return fill == TRACE_FILL_NONE || fill == 0;
}

static void leave(struct trace_buffer *buffer)
{
	trace_put_leave(buffer, is_timed(buffer) ? TRACE_TIMED : TRACE_ROOM);
}

void trace_buffer_init(struct trace_buffer *buffer, struct trace_writer *writer,
	uint32_t thread, uint32_t parent)
{
	memset(buffer, 0, offsetof(struct trace_buffer, chunk));
	buffer->writer = writer;
	buffer->thread = thread;
	buffer->parent = parent;
	buffer->newest = trace_block(thread, 0);
	empty(buffer);
	leave(buffer);
}

static uint32_t count_blocks(uint64_t fill)
{
	return (uint32_t)(fill % TRACE_ONE_OTHER / TRACE_ONE_BLOCK);
}

uint32_t trace_buffer_events(uint64_t fill)
{
	return (uint32_t)(fill / TRACE_ONE_OTHER) + count_blocks(fill);
}

/* Under the buffer's lock. */
static int write_chunk(struct trace_buffer *buffer, uint64_t fill, uint64_t end)
{
	struct trace_chunk_header *header =
		(struct trace_chunk_header *)(void *)buffer->chunk;

	*header = (struct trace_chunk_header){
		.magic = TRACE_CHUNK_EVENTS,
		.payload_bytes = (uint32_t)trace_put_bytes(fill),
		.thread = buffer->thread,
		.parent = buffer->parent,
		.events = trace_buffer_events(fill),
		.blocks = count_blocks(fill),
		.first_event = buffer->first_event,
		.first_block = buffer->first_block,
		.begin = buffer->begin,
		.end = end,
	};
	return trace_writer_chunk(
		buffer->writer, header, buffer->chunk + HEADER_BYTES);
}

static uint64_t time_now(const struct trace_buffer *buffer)
{
	return buffer->writer->now(buffer->writer);
}

/* Inside an event. */
static int flush(struct trace_buffer *buffer)
{
	struct trace_writer *writer = buffer->writer;
	uint64_t fill = trace_put_fill(buffer);
	int reason = errno, result = -1;

	if (trace_buffer_is_empty(fill))
		return atomic_load(&writer->stopped) ? -1 : 0;
	if (trace_lock(&buffer->lock) == 0) {
		result = write_chunk(buffer, fill,
			is_timed(buffer) ? buffer->time : time_now(buffer));
		if (result != 0)
			atomic_fetch_add(&writer->tally->lost,
				trace_buffer_events(fill));
		/* Emptied first: where the program is killed in between, no
		 * events stand under numbers that are not theirs. */
		empty(buffer);
		buffer->first_event += trace_buffer_events(fill);
		buffer->first_block += count_blocks(fill);
		trace_unlock(&buffer->lock);
	}
	errno = reason;
	return result;
}

int trace_buffer_flush(struct trace_buffer *buffer)
{
	int64_t room = buffer->room;
	int result;

	buffer->room = TRACE_BUSY;
	atomic_signal_fence(memory_order_seq_cst);
	result = flush(buffer);
	trace_put_leave(buffer, room);
	return result;
}

int trace_buffer_snapshot(struct trace_buffer *buffer)
{
	int reason = errno, result = -1;
	uint64_t fill;

	if (trace_lock(&buffer->lock) == 0) {
		fill = atomic_load_explicit(
			&buffer->published, memory_order_acquire);
		result = trace_buffer_is_empty(fill)
			? 0
			: write_chunk(buffer, fill, time_now(buffer));
		trace_unlock(&buffer->lock);
	}
	errno = reason;
	return result;
}

/* Makes room, or says that there is none. The lock keeps a snapshot from a
 * half-made beginning. */
static bool make_room(struct trace_buffer *buffer)
{
	if (flush(buffer) != 0)
		return false;
	if (trace_put_fill(buffer) != TRACE_FILL_NONE ||
		trace_lock(&buffer->lock) != 0)
		return false;
	buffer->begin = is_timed(buffer) ? buffer->time : time_now(buffer);
	atomic_store_explicit(&buffer->published, 0, memory_order_release);
	trace_unlock(&buffer->lock);
	return true;
}

/* The place of the next event, or NULL where it is lost. */
static unsigned char *begin_event(struct trace_buffer *buffer)
{
	if (buffer->room != TRACE_BUSY) {
		buffer->room = TRACE_BUSY;
		atomic_signal_fence(memory_order_seq_cst);
		if (trace_put_fits(trace_put_fill(buffer)) || make_room(buffer))
			return trace_put_place(buffer, trace_put_fill(buffer));
		leave(buffer);
	}
	atomic_fetch_add_explicit(
		&buffer->writer->tally->lost, 1, memory_order_relaxed);
	return NULL;
}

/* `blocks` is TRACE_ONE_BLOCK where the event allocated. Returns its id, or
 * 0. */
static uint64_t end_event(
	struct trace_buffer *buffer, unsigned char *at, uint64_t blocks)
{
	uint64_t block = 0, fill = trace_put_fill(buffer);

	if (is_timed(buffer)) {
		uint64_t now = time_now(buffer);

		at = trace_put_number(at, now - buffer->time);
		buffer->time = now;
	}
	if (blocks > 0)
		block = ++buffer->newest;
	fill += (uint64_t)(at - trace_put_place(buffer, fill));
	atomic_store_explicit(&buffer->published,
		fill + (blocks > 0 ? blocks : TRACE_ONE_OTHER),
		memory_order_release);
	leave(buffer);
	return block;
}

static unsigned char tag(unsigned kind, enum trace_outcome outcome)
{
	return (unsigned char)(kind |
		(outcome == TRACE_FAILED ? TRACE_TAG_FAILED : 0) |
		(outcome == TRACE_FREED ? TRACE_TAG_FREED : 0));
}

static uint64_t blocks_made(enum trace_outcome outcome)
{
	return outcome == TRACE_DONE ? TRACE_ONE_BLOCK : 0;
}

/* Tag and name of the block that a free or realloc is about. */
static unsigned char *put_named(struct trace_buffer *buffer, unsigned char *at,
	unsigned char first, uint64_t block)
{
	if (block != 0)
		return at + trace_put_block(buffer, at, first, block);
	*at++ = first | TRACE_FORM_NULL;
	return at;
}

uint64_t trace_event_malloc(
	struct trace_buffer *buffer, size_t size, enum trace_outcome outcome)
{
	unsigned char *at = begin_event(buffer);

	if (at == NULL)
		return 0;
	*at++ = tag(TRACE_MALLOC, outcome);
	at = trace_put_number(at, size);
	return end_event(buffer, at, blocks_made(outcome));
}

/* Two numbers behind the kind: calloc, and the aligned calls. */
static uint64_t put_pair(struct trace_buffer *buffer, enum trace_kind kind,
	size_t first, size_t second, enum trace_outcome outcome)
{
	unsigned char *at = begin_event(buffer);

	if (at == NULL)
		return 0;
	*at++ = tag(kind, outcome);
	at = trace_put_number(at, first);
	at = trace_put_number(at, second);
	return end_event(buffer, at, blocks_made(outcome));
}

uint64_t trace_event_calloc(struct trace_buffer *buffer, size_t count,
	size_t size, enum trace_outcome outcome)
{
	return put_pair(buffer, TRACE_CALLOC, count, size, outcome);
}

uint64_t trace_event_aligned(struct trace_buffer *buffer, enum trace_kind kind,
	size_t alignment, size_t size, enum trace_outcome outcome)
{
	return put_pair(buffer, kind, alignment, size, outcome);
}

uint64_t trace_event_realloc(struct trace_buffer *buffer, uint64_t old,
	size_t size, enum trace_outcome outcome)
{
	unsigned char *at = begin_event(buffer);

	if (at == NULL)
		return 0;
	at = put_named(buffer, at, tag(TRACE_REALLOC, outcome), old);
	at = trace_put_number(at, size);
	return end_event(buffer, at, blocks_made(outcome));
}

void trace_event_free(struct trace_buffer *buffer, uint64_t block)
{
	unsigned char *at = begin_event(buffer);

	if (at == NULL)
		return;
	at = put_named(buffer, at, tag(TRACE_FREE, TRACE_DONE), block);
	end_event(buffer, at, 0);
}

static void put_number_event(
	struct trace_buffer *buffer, enum trace_kind kind, uint32_t number)
{
	unsigned char *at = begin_event(buffer);

	if (at == NULL)
		return;
	*at++ = tag(kind, TRACE_DONE);
	at = trace_put_number(at, number);
	end_event(buffer, at, 0);
}

void trace_event_create(struct trace_buffer *buffer, uint32_t child)
{
	put_number_event(buffer, TRACE_THREAD_CREATE, child);
}

void trace_event_fork(struct trace_buffer *buffer, uint32_t pid)
{
	put_number_event(buffer, TRACE_FORK, pid);
}

void trace_event_end(struct trace_buffer *buffer)
{
	unsigned char *at = begin_event(buffer);

	if (at == NULL)
		return;
	*at++ = tag(TRACE_THREAD_END, TRACE_DONE);
	end_event(buffer, at, 0);
}
