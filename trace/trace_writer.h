// SPDX-License-Identifier: MIT
//
// Writes a trace from inside a program that is being recorded: no allocation,
// no stdio, and nothing that happens to the file is the program's trouble.
// Each thread puts its events into a buffer of its own, with no lock and no
// write that another thread waits for; a full buffer becomes one chunk and one
// write(2).
//
// The writer and its buffers are the caller's memory (a buffer is best mapped
// with mmap). All calls keep errno.
#ifndef SERIALBENCH_TRACE_WRITER_H
#define SERIALBENCH_TRACE_WRITER_H

#include <limits.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <sys/types.h>

#include "trace_checksum.h"
#include "trace_format.h"

/* What the file header says. */
struct trace_program {
	const char *command; /* arguments, each with its NUL; NULL where 0 */
	size_t command_bytes; /* what is too long is cut off */
	const char *allocator; /* its name */
	enum trace_clock clock;
	bool forked, own_malloc; /* TRACE_FLAG_… */
	uint32_t pid, parent_pid, page_bytes, word_bytes;
	uint64_t start_unix_ns;
};

/* What is counted while the program runs, and stands in the trace's end. */
struct trace_tally {
	_Atomic int error; /* errno of what stopped the writer, 0 for none */
	_Atomic uint64_t lost; /* events that were not recorded */
	_Atomic uint64_t unseen; /* frees, as struct trace_end has them */
	/* Of the recorder: most bytes that were live, and the blocks then. */
	_Alignas(64) _Atomic int64_t peak_bytes;
	_Atomic int64_t peak_blocks;
};

/* Of a file header, whose command is cut to fit. */
#define TRACE_WRITER_HEADER 8192

struct trace_writer {
	int fd;
	_Atomic bool stopped; /* nothing more is written */
	_Atomic int lock; /* of the file: 1 while one thread writes */
	struct trace_tally *tally, own_tally; /* the first is what counts */
	uint64_t bytes; /* of the file, whole chunks only */
	enum trace_clock clock;
	uint64_t (*now)(struct trace_writer *writer); /* in clock's unit */
	uint64_t start; /* of the monotonic clock, ns */
	uint64_t order; /* for TRACE_CLOCK_ORDER: the caller counts it up */
	dev_t device; /* of the file, to know it again */
	ino_t inode;
	char path[PATH_MAX];
	struct trace_checksum checksum;
	/* The header is put together here: the stack may be that of a small
	 * thread that forked. */
	_Alignas(8) unsigned char header[TRACE_WRITER_HEADER];
};

/* What a thread's buffer holds, in one word so that another thread sees all
 * of it at once: bytes, events that gave a block, other events. */
#define TRACE_ONE_BLOCK (UINT64_C(1) << 16)
#define TRACE_ONE_OTHER (UINT64_C(1) << 31)

/* No chunk is begun. */
#define TRACE_FILL_NONE (TRACE_ONE_BLOCK - 1)

/* An event is put straight into a buffer that holds fewer bytes than its
 * room; TRACE_ROOM but for one of these. */
#define TRACE_ROOM ((int64_t)(TRACE_PAYLOAD_MAX - TRACE_EVENT_MAX + 1))
#define TRACE_TIMED 0 /* the clock has to be read */
#define TRACE_BUSY (-1) /* inside another one: a signal's handler sees it */

_Static_assert(TRACE_PAYLOAD_MAX < TRACE_FILL_NONE,
	"the bytes of a chunk have 16 bits");
_Static_assert(TRACE_PAYLOAD_MAX / 2 < TRACE_ONE_OTHER / TRACE_ONE_BLOCK,
	"the events that gave a block, of two bytes or more, have 15");

struct trace_buffer {
	struct trace_writer *writer;
	uint32_t thread, parent;
	/* Owner only: */
	uint64_t newest; /* id of the newest own block, or what is before 1 */
	uint64_t near_own; /* id named before in the chunk */
	uint64_t near_other; /* count named before in the chunk */
	uint64_t time; /* of the event before */
	int64_t room;
	/* Under `lock`: */
	_Atomic int lock; /* 1 while the buffer is being written */
	uint64_t first_event, first_block, begin;
	_Atomic uint64_t published; /* the fill */
	_Alignas(8) unsigned char chunk[TRACE_CHUNK_BYTES];
};

/*
 * Creates the file (what is there is emptied) and writes its header. The
 * descriptor is close-on-exec and high, out of the program's way; a program
 * that closes it all the same is noticed before the next write, and the file
 * opened again by its path, which should be absolute. 0, or -1 with errno.
 */
int trace_writer_open(struct trace_writer *writer, const char *path,
	const struct trace_program *program);

/* Opens a trace that a recorded program left, to write more: what is behind
 * `bytes` is cut off. `start` is the time at which that writer began. 0, or -1
 * with errno. */
int trace_writer_go_on(struct trace_writer *writer, const char *path,
	uint64_t start, enum trace_clock clock, uint64_t bytes);

/*
 * Ends the trace: the end chunk, with the events lost so far filled in. Take
 * a snapshot of all buffers first, and say how many other threads still ran
 * while you did. At exit close the writer behind it; before exec do not, since
 * after an exec that fails recording goes on, and ends again. 0, or -1 where
 * the writer has stopped.
 */
int trace_writer_end(
	struct trace_writer *writer, uint32_t thread, struct trace_end end);

/* Closes the file and stops the writer. Accepts NULL, a zeroed writer, and one
 * that is closed. In a child after fork, where the parent goes on with the
 * file: this, then trace_writer_open() with a path of the child's own and
 * trace_buffer_init() of the one buffer that is left. Async-signal-safe. */
void trace_writer_close(struct trace_writer *writer);

/* Makes a buffer the calling thread's (or one's that is not running). Its
 * numbers start at the beginning. parent may be TRACE_NO_PARENT. */
void trace_buffer_init(struct trace_buffer *buffer, struct trace_writer *writer,
	uint32_t thread, uint32_t parent);

/*
 * Writes what the buffer holds and empties it. Of its owner, or of whoever
 * knows that the owner has ended. 0, or -1 where the writer has stopped; the
 * events are then lost, and counted.
 */
int trace_buffer_flush(struct trace_buffer *buffer);

/*
 * Writes what the buffer holds and leaves it there; the next chunk replaces
 * this one. Of any thread at any time, while the owner goes on: at exit and
 * before exec, for all buffers. Waits at most about a second for the owner to
 * finish a write. 0, or -1.
 */
int trace_buffer_snapshot(struct trace_buffer *buffer);

/*
 * The events, by the buffer's owner. What cannot be recorded (the writer has
 * stopped; a signal handler came while the thread was inside such a call) is
 * counted as lost. Those that allocate return the new block's id, or 0 where
 * it was not recorded, or `outcome` says that there is no block.
 *
 * Order: record an allocation when the call returned and before the program
 * has the pointer; record a free, and forget a realloc's old address, before
 * the call. Then no thread names a block before it is known, and no address
 * stands for two blocks.
 *
 * calloc takes count and size of one as they were; reallocarray is a realloc
 * of the product, SIZE_MAX where it overflows; valloc and pvalloc are a
 * memalign of a page. An alignment is a power of two where the call succeeded.
 * old is 0 for NULL. A block that is not in the trace has no id: leave its
 * free out, and record its realloc as a malloc.
 */
uint64_t trace_event_malloc(
	struct trace_buffer *buffer, size_t size, enum trace_outcome outcome);
uint64_t trace_event_calloc(struct trace_buffer *buffer, size_t count,
	size_t size, enum trace_outcome outcome);
uint64_t trace_event_realloc(struct trace_buffer *buffer, uint64_t old,
	size_t size, enum trace_outcome outcome);
uint64_t trace_event_aligned(struct trace_buffer *buffer, enum trace_kind kind,
	size_t alignment, size_t size, enum trace_outcome outcome);
void trace_event_free(struct trace_buffer *buffer, uint64_t block);

/* The thread has created one with this number; before that one's first event
 * can be in the file, and before it runs. */
void trace_event_create(struct trace_buffer *buffer, uint32_t child);

/* The thread's last event; flush its buffer after it. */
void trace_event_end(struct trace_buffer *buffer);

/* In the parent. */
void trace_event_fork(struct trace_buffer *buffer, uint32_t pid);

#endif /* SERIALBENCH_TRACE_WRITER_H */
