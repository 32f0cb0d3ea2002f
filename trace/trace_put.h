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

#define TRACE_ONE_EVENT (UINT64_C(1) << TRACE_FILL_BITS)
#define TRACE_ONE_BLOCK (UINT64_C(1) << 2 * TRACE_FILL_BITS)

/* Where the next event goes. */
static inline unsigned char *trace_put_place(
	struct trace_buffer *buffer, uint64_t fill)
{
	return buffer->chunk + sizeof(struct trace_chunk_header) +
		(fill & TRACE_FILL_MASK);
}

/* A chunk was begun, and has room for any event. */
static inline bool trace_put_fits(uint64_t fill)
{
	return (fill & TRACE_FILL_MASK) - 1 <
		TRACE_PAYLOAD_MAX - TRACE_EVENT_MAX;
}

static inline uint64_t trace_put_fill(const struct trace_buffer *buffer)
{
	return atomic_load_explicit(&buffer->published, memory_order_relaxed);
}

/* The event's first byte, or NULL where it is for the slow way. The flag is
 * set before the fill is read: a handler that comes between has gone again. */
static inline unsigned char *trace_put_begin(
	struct trace_buffer *buffer, uint64_t *fill)
{
	if (__builtin_expect(buffer->hindrance != 0, 0))
		return NULL;
	buffer->hindrance = TRACE_BUSY;
	atomic_signal_fence(memory_order_seq_cst);
	*fill = trace_put_fill(buffer);
	if (__builtin_expect(trace_put_fits(*fill), 1))
		return trace_put_place(buffer, *fill);
	atomic_signal_fence(memory_order_seq_cst);
	buffer->hindrance = 0;
	return NULL;
}

/* Shows a snapshot the event of so many bytes. They are counted apart from
 * where they stand, so that the next event need not wait for it. */
static inline void trace_put_publish(struct trace_buffer *buffer, uint64_t fill,
	uint64_t bytes, uint64_t blocks)
{
	atomic_store_explicit(&buffer->published,
		fill + bytes + TRACE_ONE_EVENT + blocks, memory_order_release);
	atomic_signal_fence(memory_order_seq_cst);
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

/* The name of an own block: a small step from the one before, else its age. */
static inline uint64_t trace_put_own(struct trace_buffer *buffer,
	unsigned char *at, unsigned first, uint64_t block)
{
	uint64_t step = trace_zigzag((int64_t)(block - buffer->near_own));
	uint64_t back = buffer->newest - block;
	bool near = step < back;

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

/* As trace_event_malloc() of a call that succeeded; false where nothing was put
 * and that one has to be called. */
static inline bool trace_put_malloc(
	struct trace_buffer *buffer, size_t size, uint64_t *block)
{
	uint64_t fill, bytes;
	unsigned char *at;

	if (__builtin_expect(size > TRACE_PUT_SHORT, 0))
		return false;
	at = trace_put_begin(buffer, &fill);
	if (__builtin_expect(at == NULL, 0))
		return false;
	bytes = trace_put_short(at, TRACE_MALLOC, size);
	*block = ++buffer->newest;
	trace_put_publish(buffer, fill, bytes, TRACE_ONE_BLOCK);
	buffer->hindrance = 0;
	return true;
}

/* As trace_event_free() of a block; false where nothing was put and that one
 * has to be called. */
static inline bool trace_put_free(struct trace_buffer *buffer, uint64_t block)
{
	uint64_t fill, bytes;
	unsigned char *at = trace_put_begin(buffer, &fill);

	if (__builtin_expect(at == NULL, 0))
		return false;
	bytes = trace_put_block(buffer, at, TRACE_FREE, block);
	trace_put_publish(buffer, fill, bytes, 0);
	buffer->hindrance = 0;
	return true;
}

/* The same for a block of the thread's own that is not far from others; false
 * where trace_put_free() has to be called. */
static inline bool trace_put_free_near(
	struct trace_buffer *buffer, uint64_t block)
{
	uint64_t fill, step, back, near;
	unsigned char *at = trace_put_begin(buffer, &fill);

	if (__builtin_expect(at == NULL, 0))
		return false;
	/* Another thread's is further than either number can be short. */
	back = buffer->newest - block;
	step = trace_zigzag((int64_t)(block - buffer->near_own));
	near = step < back ? step : back;
	if (__builtin_expect(near > TRACE_PUT_SHORT, 0)) {
		atomic_signal_fence(memory_order_seq_cst);
		buffer->hindrance = 0;
		return false;
	}
	buffer->near_own = block;
	trace_put_publish(buffer, fill,
		trace_put_short(at,
			TRACE_FREE |
				(step < back ? TRACE_FORM_NEAR
					     : TRACE_FORM_BACK),
			near),
		0);
	buffer->hindrance = 0;
	return true;
}

#endif /* SERIALBENCH_TRACE_PUT_H */
