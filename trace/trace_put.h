// SPDX-License-Identifier: MIT
//
// How events get into a thread's buffer, inline: the recorder's every malloc
// and free comes through here, with no call, no lock and no branch that data
// decide. What is rare (no room, times, a signal handler that interrupts an
// event) is refused, and trace_event_malloc() and its kind see to it.
#ifndef SERIALBENCH_TRACE_PUT_H
#define SERIALBENCH_TRACE_PUT_H

#include <endian.h>
#include <string.h>

#include "trace_writer.h"

static inline int64_t trace_put_bytes(uint64_t fill)
{
	return (int64_t)(fill & (TRACE_ONE_BLOCK - 1));
}

/* Where the next event goes. */
static inline unsigned char *trace_put_place(
	struct trace_buffer *buffer, uint64_t fill)
{
	return buffer->chunk + sizeof(struct trace_chunk_header) +
		trace_put_bytes(fill);
}

/* A chunk was begun, and has room for any event. */
static inline bool trace_put_fits(uint64_t fill)
{
	return trace_put_bytes(fill) < TRACE_ROOM;
}

static inline uint64_t trace_put_fill(const struct trace_buffer *buffer)
{
	return atomic_load_explicit(&buffer->published, memory_order_relaxed);
}

/* Leaves the buffer to the next event. */
static inline void trace_put_leave(struct trace_buffer *buffer, int64_t room)
{
	atomic_signal_fence(memory_order_seq_cst);
	buffer->room = room;
}

/* False where the event is for the slow way. The room is taken before the fill
 * is read: a handler that comes between has gone again. */
static inline bool trace_put_begin(struct trace_buffer *buffer, uint64_t *fill)
{
	int64_t room = buffer->room;

	buffer->room = TRACE_BUSY;
	atomic_signal_fence(memory_order_seq_cst);
	*fill = trace_put_fill(buffer);
	if (__builtin_expect(trace_put_bytes(*fill) < room, 1))
		return true;
	trace_put_leave(buffer, room);
	return false;
}

/* Shows a snapshot the event of so many bytes, TRACE_ONE_BLOCK or
 * TRACE_ONE_OTHER. They are counted apart from where they stand, so that the
 * next event need not wait for it. */
static inline void trace_put_publish(struct trace_buffer *buffer, uint64_t fill,
	uint64_t bytes, uint64_t event)
{
	atomic_store_explicit(
		&buffer->published, fill + bytes + event, memory_order_release);
	trace_put_leave(buffer, TRACE_ROOM);
}

/* The largest number of two bytes; more than one of them is rare. */
#define TRACE_PUT_SHORT ((UINT64_C(1) << 14) - 1)

/* A tag and a number up to TRACE_PUT_SHORT. Returns how many bytes; four are
 * written. */
static inline uint64_t trace_put_short(
	unsigned char *at, unsigned tag, uint64_t number)
{
	unsigned more = number >= 0x80;
	unsigned low = (unsigned)number;
	uint32_t word =
		htole32(tag | ((low + (low & ~0x7fu)) | more << 7) << 8);

	memcpy(at, &word, sizeof(word));
	return 2 + more;
}

static inline uint64_t trace_put_tagged(
	unsigned char *at, unsigned tag, uint64_t number)
{
	if (__builtin_expect(number <= TRACE_PUT_SHORT, 1))
		return trace_put_short(at, tag, number);
	*at = (unsigned char)tag;
	return (uint64_t)(trace_put_number(at + 1, number) - at);
}

/* Ages of one byte; the most blocks die so young. */
#define TRACE_PUT_YOUNG UINT64_C(0x80)

/* The name of an own block: its age where that is one byte, else a small step
 * from the one before, else its age. */
static inline uint64_t trace_put_own(struct trace_buffer *buffer,
	unsigned char *at, unsigned first, uint64_t block)
{
	uint64_t step = trace_zigzag((int64_t)(block - buffer->near_own));
	uint64_t back = buffer->newest - block;
	bool near = step < back && back >= TRACE_PUT_YOUNG;

	buffer->near_own = block;
	return trace_put_tagged(at,
		first | (near ? TRACE_FORM_NEAR : TRACE_FORM_BACK),
		near ? step : back);
}

static inline uint64_t trace_put_other(struct trace_buffer *buffer,
	unsigned char *at, unsigned first, uint64_t block)
{
	uint64_t count = trace_block_count(block);
	uint64_t bytes = trace_put_tagged(
		at, first | TRACE_FORM_OTHER, trace_block_thread(block));
	const unsigned char *end = trace_put_number(at + bytes,
		trace_zigzag((int64_t)(count - buffer->near_other)));

	buffer->near_other = count;
	return (uint64_t)(end - at);
}

/* Tag and name of the block, which is not 0. Returns how many bytes. */
static inline uint64_t trace_put_block(struct trace_buffer *buffer,
	unsigned char *at, unsigned first, uint64_t block)
{
	if (__builtin_expect(
		    (block ^ buffer->newest) >> TRACE_COUNT_BITS == 0, 1))
		return trace_put_own(buffer, at, first, block);
	return trace_put_other(buffer, at, first, block);
}

/* Tags and sizes as they stand in the file, of sizes below its end; the highest
 * byte is how many bytes these are. */
#define TRACE_PUT_SIZES 1024
extern const uint32_t trace_put_sizes[TRACE_PUT_SIZES];

/* A malloc. Returns how many bytes, 0 where the size is above
 * TRACE_PUT_SHORT. */
static inline uint64_t trace_put_size(unsigned char *at, size_t size)
{
	uint32_t entry, word;

	if (__builtin_expect(size >= TRACE_PUT_SIZES, 0))
		return size > TRACE_PUT_SHORT
			? 0
			: trace_put_short(at, TRACE_MALLOC, size);
	entry = trace_put_sizes[size];
	word = htole32(entry);
	memcpy(at, &word, sizeof(word));
	return entry >> 24;
}

/* As trace_event_malloc() of a call that succeeded; false where nothing was put
 * and that one has to be called. */
static inline bool trace_put_malloc(
	struct trace_buffer *buffer, size_t size, uint64_t *block)
{
	uint64_t fill;
	uint64_t bytes;

	if (__builtin_expect(!trace_put_begin(buffer, &fill), 0))
		return false;
	bytes = trace_put_size(trace_put_place(buffer, fill), size);
	if (__builtin_expect(bytes == 0, 0)) {
		trace_put_leave(buffer, TRACE_ROOM);
		return false;
	}
	*block = ++buffer->newest;
	trace_put_publish(buffer, fill, bytes, TRACE_ONE_BLOCK);
	return true;
}

enum trace_put_outcome {
	TRACE_PUT_DONE,
	TRACE_PUT_BEGUN, /* the next two functions have to follow */
	TRACE_PUT_REFUSED, /* nothing was put */
};

/* As trace_event_free() of a block, where that is a young one of the thread's
 * own; where nothing was put that one has to be called. */
static inline enum trace_put_outcome trace_put_free_young(
	struct trace_buffer *buffer, uint64_t block)
{
	uint64_t fill;
	uint64_t back;
	uint16_t word;

	if (__builtin_expect(!trace_put_begin(buffer, &fill), 0))
		return TRACE_PUT_REFUSED;
	/* Another thread's is further. */
	back = buffer->newest - block;
	if (__builtin_expect(back >= TRACE_PUT_YOUNG, 0))
		return TRACE_PUT_BEGUN;
	buffer->near_own = block;
	word = htole16((uint16_t)(TRACE_FREE | TRACE_FORM_BACK | back << 8));
	memcpy(trace_put_place(buffer, fill), &word, sizeof(word));
	trace_put_publish(buffer, fill, sizeof(word), TRACE_ONE_OTHER);
	return TRACE_PUT_DONE;
}

/* One of the thread's own that is not far from others, in the event that was
 * begun; false where trace_put_free_rest() has to follow. */
static inline bool trace_put_free_near(
	struct trace_buffer *buffer, uint64_t block)
{
	uint64_t fill = trace_put_fill(buffer);
	/* Another thread's is further than either number can be short. */
	uint64_t back = buffer->newest - block;
	uint64_t step = trace_zigzag((int64_t)(block - buffer->near_own));
	bool near = step < back;
	uint64_t number = near ? step : back;

	if (__builtin_expect(number > TRACE_PUT_SHORT, 0))
		return false;
	buffer->near_own = block;
	trace_put_publish(buffer, fill,
		trace_put_short(trace_put_place(buffer, fill),
			TRACE_FREE | (near ? TRACE_FORM_NEAR : TRACE_FORM_BACK),
			number),
		TRACE_ONE_OTHER);
	return true;
}

/* Any block, in the event that was begun. */
static inline void trace_put_free_rest(
	struct trace_buffer *buffer, uint64_t block)
{
	uint64_t fill = trace_put_fill(buffer);

	trace_put_publish(buffer, fill,
		trace_put_block(buffer, trace_put_place(buffer, fill),
			TRACE_FREE, block),
		TRACE_ONE_OTHER);
}

#endif /* SERIALBENCH_TRACE_PUT_H */
