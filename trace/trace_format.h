// SPDX-License-Identifier: MIT
//
// The trace of a program's allocations: what stands in the file. Writer and
// reader share this header; docs/formats.md says the same in words.
//
// A file is a header and then chunks, each of events of one thread. Numbers
// are in the byte order of the machine that wrote them, which the header
// names. A block is named by the thread that allocated it and that thread's
// count of allocations, from 1, so no counter is shared, and a name says of
// itself which event has to come first.
#ifndef SERIALBENCH_TRACE_FORMAT_H
#define SERIALBENCH_TRACE_FORMAT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define TRACE_VERSION 1
#define TRACE_MAGIC "SBTRACE\n"
#define TRACE_MAGIC_BYTES 8
#define TRACE_BYTE_ORDER UINT32_C(0x01020304)
#define TRACE_HEADER_MAX 65536 /* bytes of a file header with its texts */

/* What the times of events are. */
enum trace_clock {
	TRACE_CLOCK_NONE, /* chunks have times, events have none */
	TRACE_CLOCK_NS, /* nanoseconds */
	TRACE_CLOCK_ORDER, /* places in one order of all events, from 1 */
	TRACE_CLOCKS,
};

/* Of a file header's flags: the program is a child that fork made. */
#define TRACE_FLAG_FORKED 1u
/* The program brings a malloc of its own: only what goes past that is here. */
#define TRACE_FLAG_OWN_MALLOC 2u
#define TRACE_FLAGS (TRACE_FLAG_FORKED | TRACE_FLAG_OWN_MALLOC)

/* command_bytes of arguments, each with its NUL, and allocator_bytes of the
 * allocator's name, without, follow it. */
struct trace_file_header {
	char magic[TRACE_MAGIC_BYTES];
	uint32_t checksum; /* CRC-32C of all that follows, texts too */
	uint32_t byte_order;
	uint32_t version;
	uint32_t header_bytes; /* texts included */
	uint32_t word_bytes; /* 4 or 8 */
	uint32_t page_bytes;
	uint32_t clock; /* enum trace_clock */
	uint32_t flags;
	uint64_t start_unix_ns;
	uint32_t pid;
	uint32_t parent_pid;
	uint32_t command_bytes;
	uint32_t allocator_bytes;
};

#define TRACE_CHUNK_BYTES 65536 /* at most, header included */
#define TRACE_CHUNK_EVENTS UINT32_C(0x76654253) /* "SBev" where least first */
#define TRACE_CHUNK_END UINT32_C(0x6e654253) /* "SBen" */
#define TRACE_NO_PARENT UINT32_MAX

/*
 * A chunk whose first event is that of the thread's chunk before it is a later
 * copy of that one, with no fewer events, and takes its place.
 */
struct trace_chunk_header {
	uint32_t magic; /* TRACE_CHUNK_EVENTS or TRACE_CHUNK_END */
	uint32_t header_checksum; /* CRC-32C of what follows in the header */
	uint32_t payload_checksum; /* CRC-32C */
	uint32_t payload_bytes;
	uint32_t thread;
	uint32_t parent; /* the thread's, or TRACE_NO_PARENT */
	uint32_t events;
	uint32_t blocks; /* allocated in the chunk */
	uint64_t first_event; /* events of the thread before the chunk */
	uint64_t first_block; /* blocks of the thread before the chunk */
	/* Times in the clock's unit (ns for none), from the trace's start.
	 * begin is that of the first event; where events have times, that of
	 * the thread's event before it, 0 for none. */
	uint64_t begin;
	uint64_t end;
};

_Static_assert(sizeof(struct trace_file_header) == 64, "no padding");
_Static_assert(sizeof(struct trace_chunk_header) == 64, "no padding");

#define TRACE_PAYLOAD_MAX                                                      \
	(TRACE_CHUNK_BYTES - sizeof(struct trace_chunk_header))

/* Threads are numbered from 0, blocks of each from 1. A block's id is both in
 * one word; 0 is no block. */
#define TRACE_THREADS (UINT32_C(1) << 20)
#define TRACE_COUNT_BITS 44
#define TRACE_COUNT_MAX ((UINT64_C(1) << TRACE_COUNT_BITS) - 1)

static inline uint64_t trace_block(uint32_t thread, uint64_t count)
{
	return (uint64_t)thread << TRACE_COUNT_BITS | count;
}

static inline uint32_t trace_block_thread(uint64_t block)
{
	return (uint32_t)(block >> TRACE_COUNT_BITS);
}

static inline uint64_t trace_block_count(uint64_t block)
{
	return block & TRACE_COUNT_MAX;
}

/* KIND(name in C, name in text, number in the file). 0 is none, so that a page
 * of zeros holds no event. */
#define TRACE_KINDS(KIND)                                                      \
	KIND(MALLOC, "malloc", 1)                                              \
	KIND(CALLOC, "calloc", 2)                                              \
	KIND(REALLOC, "realloc", 3)                                            \
	KIND(ALIGNED_ALLOC, "aligned_alloc", 4)                                \
	KIND(MEMALIGN, "memalign", 5)                                          \
	KIND(POSIX_MEMALIGN, "posix_memalign", 6)                              \
	KIND(FREE, "free", 7)                                                  \
	KIND(THREAD_CREATE, "create", 8)                                       \
	KIND(THREAD_END, "end", 9)                                             \
	KIND(FORK, "fork", 10)

enum trace_kind {
#define TRACE_KIND_NUMBER(name, text, number) TRACE_##name = (number),
	TRACE_KINDS(TRACE_KIND_NUMBER)
#undef TRACE_KIND_NUMBER
		TRACE_KIND_LIMIT,
};

/* How a call of the family ended. */
enum trace_outcome {
	TRACE_DONE,
	TRACE_FAILED, /* NULL, and nothing has changed */
	TRACE_FREED, /* realloc alone: NULL, and the old block is gone */
};

/* An event begins with one byte: kind, form of the block's name, outcome. */
#define TRACE_TAG_KIND 0x0fu
#define TRACE_TAG_FORM 0x30u
#define TRACE_TAG_FREED 0x40u
#define TRACE_TAG_FAILED 0x80u

/* How a free or realloc names its block. */
enum trace_form {
	TRACE_FORM_BACK = 0x00, /* own: count back from the newest */
	TRACE_FORM_NEAR = 0x10, /* own: step from the own one named before */
	TRACE_FORM_OTHER = 0x20, /* thread, step from the other named before */
	TRACE_FORM_NULL = 0x30,
};

/* No event is longer: a tag and four numbers of up to 10 bytes. */
#define TRACE_EVENT_MAX 41

/* How the program ended. */
#define TRACE_ENDS(END)                                                        \
	END(EXIT, "exit")                                                      \
	END(EXEC, "exec")                                                      \
	END(STOP, "stop")                                                      \
	END(EXIT_GROUP, "exit_group") /* past the C library; has a status */   \
	END(SIGNAL, "signal") /* that killed it is the status */               \
	END(UNSEEN, "unseen") /* one of the two, of a process of nobody's */

enum trace_end_kind {
#define TRACE_END_NAME(name, text) TRACE_END_##name,
	TRACE_ENDS(TRACE_END_NAME)
#undef TRACE_END_NAME
		TRACE_END_KINDS,
};

/* Payload of an end chunk, as five numbers, or seven where the last two are not
 * both 0: it is written when the program
 * ends, once all threads' events are, as the last of the file. One that is not
 * the last is void: the program went on, after an exec that failed. */
struct trace_end {
	uint64_t how; /* enum trace_end_kind */
	uint64_t lost; /* events that could not be recorded */
	/* Other threads that ran on meanwhile: each thread's events were
	 * written at a moment of its own, so the last of one may name blocks
	 * whose allocation by another is missing. */
	uint64_t running;
	uint64_t peak_blocks; /* as the recorder counted, 0 where it did not */
	uint64_t peak_bytes; /* requested */
	uint64_t status; /* code of exit_group, or a signal's number */
	/* Blocks whose free the recorder did not see: the allocator gave their
	 * address out again. Their free stands in front of that call. */
	uint64_t unseen;
};

/* Signed steps as unsigned numbers, small ones small. */
static inline uint64_t trace_zigzag(int64_t step)
{
	return (uint64_t)step << 1 ^ (step < 0 ? UINT64_MAX : 0);
}

static inline int64_t trace_unzigzag(uint64_t number)
{
	return (int64_t)(number >> 1 ^ (number & 1 ? UINT64_MAX : 0));
}

/* Seven bits a byte, least first, the high bit on all but the last. Returns
 * the byte behind it; one more may have been written. Numbers that vary across
 * a byte's limit take no branch that depends on it. */
static inline unsigned char *trace_put_number(
	unsigned char *at, uint64_t number)
{
	unsigned more;

	for (; number >= 1 << 14; number >>= 7)
		*at++ = (unsigned char)(number | 0x80);
	more = number >= 0x80;
	at[0] = (unsigned char)((number & 0x7f) | more << 7);
	at[1] = (unsigned char)(number >> 7);
	return at + 1 + more;
}

/* Reads one at *at before end and steps over it. False where it is cut off,
 * above 64 bits, or longer than it need be. */
static inline bool trace_get_number(
	const unsigned char **at, const unsigned char *end, uint64_t *number)
{
	uint64_t sum = 0;

	for (unsigned shift = 0; *at < end && shift < 64; shift += 7) {
		unsigned char byte = *(*at)++;

		if (shift == 63 && byte > 1)
			return false;
		sum |= (uint64_t)(byte & 0x7f) << shift;
		if (byte & 0x80)
			continue;
		*number = sum;
		return byte != 0 || shift == 0;
	}
	return false;
}

#endif /* SERIALBENCH_TRACE_FORMAT_H */
