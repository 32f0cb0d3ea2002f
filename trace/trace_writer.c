// SPDX-License-Identifier: MIT
//
// The file: its header, the lock, whole chunks or none.
#include <errno.h>
#include <sched.h>
#include <string.h>
#include <sys/sysmacros.h>
#include <time.h>

#include "raw_system.h"
#include "trace_buffer.h"

/* Programs use the lowest free descriptors, and some close all up to a
 * thousand; a limit on descriptors may leave no more than a few. 0 to 2 are
 * the program's own also while it has them closed. */
static const int descriptors_at_least[] = {1000, 200, 50, 10, 3};

#define LOCK_SPINS 64
#define LOCK_SLEEPS 1000 /* of a millisecond */

int trace_lock(_Atomic int *lock)
{
	const struct timespec millisecond = {0, 1000000};

	for (int try = 0; try < LOCK_SPINS + LOCK_SLEEPS; try++) {
		int free = 0;

		if (atomic_compare_exchange_strong_explicit(lock, &free, 1,
			    memory_order_acquire, memory_order_relaxed))
			return 0;
		if (try < LOCK_SPINS)
			sched_yield();
		else
			nanosleep(&millisecond, NULL);
	}
	return -1;
}

void trace_unlock(_Atomic int *lock)
{
	atomic_store_explicit(lock, 0, memory_order_release);
}

static uint64_t monotonic_ns(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (uint64_t)now.tv_sec * 1000000000 + (uint64_t)now.tv_nsec;
}

static uint64_t ns_since_start(struct trace_writer *writer)
{
	return monotonic_ns() - writer->start;
}

static uint64_t order_of_event(struct trace_writer *writer)
{
	return writer->order;
}

static int write_all(int fd, const void *bytes, size_t size)
{
	const unsigned char *at = bytes;

	while (size > 0) {
		ssize_t done = raw_write(fd, at, size);

		if (done < 0 && errno == EINTR)
			continue;
		if (done <= 0) {
			errno = done == 0 ? EIO : errno;
			return -1;
		}
		at += done;
		size -= (size_t)done;
	}
	return 0;
}

/* Whether the descriptor still is the file; the program may have closed it, or
 * opened another file with its number. */
static bool is_ours(const struct trace_writer *writer, int fd)
{
	struct statx status;

	return raw_status(fd, &status) == 0 &&
		makedev(status.stx_dev_major, status.stx_dev_minor) ==
		writer->device &&
		status.stx_ino == writer->inode;
}

/* -1 with errno where there is none but one of the program's, 0 to 2. */
static int move_up(int fd)
{
	const size_t count =
		sizeof(descriptors_at_least) / sizeof(descriptors_at_least[0]);
	int high = -1;

	for (size_t i = 0; i < count && high < 0; i++)
		high = raw_duplicate_above(fd, descriptors_at_least[i]);
	if (high < 0 && fd > STDERR_FILENO)
		return fd;
	raw_close(fd);
	return high;
}

static int open_again(struct trace_writer *writer)
{
	int fd = raw_open(writer->path, O_WRONLY | O_APPEND | O_CLOEXEC, 0);

	if (fd < 0)
		return -1;
	if (!is_ours(writer, fd)) {
		raw_close(fd);
		errno = ESTALE;
		return -1;
	}
	writer->fd = move_up(fd);
	return writer->fd < 0 ? -1 : 0;
}

/* Whether the file may become longer by so much; if not, with errno. */
static bool is_allowed(const struct trace_writer *writer, size_t size)
{
	if (writer->bytes + size <= raw_file_size_limit())
		return true;
	errno = EFBIG;
	return false;
}

/* Under the lock. Where not all of it can be written, none of it is, and the
 * writer stops. */
static int append(struct trace_writer *writer, const void *bytes, size_t size)
{
	if (atomic_load(&writer->stopped))
		return -1;
	if ((is_ours(writer, writer->fd) || open_again(writer) == 0) &&
		is_allowed(writer, size) &&
		write_all(writer->fd, bytes, size) == 0) {
		writer->bytes += size;
		return 0;
	}
	atomic_store(&writer->tally->error, errno);
	atomic_store(&writer->stopped, true);
	if (is_ours(writer, writer->fd) &&
		ftruncate(writer->fd, (off_t)writer->bytes) != 0)
		return -1; /* a reader passes over the torn chunk */
	return -1;
}

int trace_writer_chunk(struct trace_writer *writer,
	struct trace_chunk_header *header, const void *payload)
{
	int reason = errno, result;

	header->payload_checksum = trace_checksum(
		&writer->checksum, payload, header->payload_bytes);
	header->header_checksum = trace_checksum(&writer->checksum,
		&header->payload_checksum,
		sizeof(*header) -
			offsetof(struct trace_chunk_header, payload_checksum));
	if (trace_lock(&writer->lock) != 0) {
		/* A chunk left out would be a hole in the thread's events. */
		atomic_store(&writer->tally->error, EDEADLK);
		atomic_store(&writer->stopped, true);
		errno = reason;
		return -1;
	}
	result =
		append(writer, header, sizeof(*header) + header->payload_bytes);
	trace_unlock(&writer->lock);
	errno = reason;
	return result;
}

static size_t at_most(size_t size, size_t most)
{
	return size < most ? size : most;
}

static void fill_header(
	const struct trace_program *program, struct trace_file_header *header)
{
	size_t allocator = at_most(strlen(program->allocator), 255);
	size_t command = at_most(program->command_bytes,
		TRACE_WRITER_HEADER - sizeof(*header) - allocator);

	*header = (struct trace_file_header){
		.magic = TRACE_MAGIC,
		.byte_order = TRACE_BYTE_ORDER,
		.version = TRACE_VERSION,
		.header_bytes =
			(uint32_t)(sizeof(*header) + command + allocator),
		.word_bytes = program->word_bytes,
		.page_bytes = program->page_bytes,
		.clock = (uint32_t)program->clock,
		.flags = (program->forked ? TRACE_FLAG_FORKED : 0) |
			(program->own_malloc ? TRACE_FLAG_OWN_MALLOC : 0),
		.start_unix_ns = program->start_unix_ns,
		.pid = program->pid,
		.parent_pid = program->parent_pid,
		.command_bytes = (uint32_t)command,
		.allocator_bytes = (uint32_t)allocator,
	};
}

static int write_header(
	struct trace_writer *writer, const struct trace_program *program)
{
	unsigned char *bytes = writer->header;
	struct trace_file_header header;
	size_t covered = offsetof(struct trace_file_header, byte_order);
	unsigned char *text = bytes + sizeof(header);

	fill_header(program, &header);
	memcpy(bytes, &header, sizeof(header));
	if (header.command_bytes > 0) {
		memcpy(text, program->command, header.command_bytes);
		text[header.command_bytes - 1] = '\0';
	}
	memcpy(text + header.command_bytes, program->allocator,
		header.allocator_bytes);
	header.checksum = trace_checksum(&writer->checksum, bytes + covered,
		header.header_bytes - covered);
	memcpy(bytes, &header, sizeof(header));
	return append(writer, bytes, header.header_bytes);
}

static void prepare(struct trace_writer *writer, enum trace_clock clock)
{
	/* A compound literal would take as many bytes of the stack, which may
	 * be that of a small thread. */
	memset(writer, 0, sizeof(*writer));
	writer->fd = -1;
	writer->tally = &writer->own_tally;
	writer->clock = clock;
	writer->now =
		clock == TRACE_CLOCK_ORDER ? order_of_event : ns_since_start;
	writer->start = monotonic_ns();
	trace_checksum_init(&writer->checksum);
}

/* 0, or -1 with errno. */
static int open_file(struct trace_writer *writer, const char *path, int flags)
{
	struct statx status;
	int fd;

	if (strlen(path) >= sizeof(writer->path)) {
		errno = ENAMETOOLONG;
		return -1;
	}
	strcpy(writer->path, path);
	fd = raw_open(path, O_WRONLY | O_APPEND | O_CLOEXEC | flags, 0666);
	if (fd < 0)
		return -1;
	writer->fd = move_up(fd);
	if (writer->fd < 0 || raw_status(writer->fd, &status) != 0)
		return -1;
	writer->device = makedev(status.stx_dev_major, status.stx_dev_minor);
	writer->inode = status.stx_ino;
	return 0;
}

static int close_failed(struct trace_writer *writer)
{
	int reason = errno;

	trace_writer_close(writer);
	errno = reason;
	return -1;
}

int trace_writer_open(struct trace_writer *writer, const char *path,
	const struct trace_program *program)
{
	prepare(writer, program->clock);
	if (open_file(writer, path, O_CREAT | O_TRUNC) != 0 ||
		write_header(writer, program) != 0)
		return close_failed(writer);
	return 0;
}

int trace_writer_go_on(struct trace_writer *writer, const char *path,
	uint64_t start, enum trace_clock clock, uint64_t bytes)
{
	prepare(writer, clock);
	writer->start = start;
	writer->bytes = bytes;
	if (open_file(writer, path, O_NOFOLLOW) != 0 ||
		ftruncate(writer->fd, (off_t)bytes) != 0)
		return close_failed(writer);
	return 0;
}

int trace_writer_end(
	struct trace_writer *writer, uint32_t thread, struct trace_end end)
{
	struct {
		struct trace_chunk_header header;
		unsigned char payload[80];
	} chunk;
	unsigned char *at = chunk.payload;

	end.lost = atomic_load(&writer->tally->lost);
	at = trace_put_number(at, end.how);
	at = trace_put_number(at, end.lost);
	at = trace_put_number(at, end.running);
	at = trace_put_number(at, end.peak_blocks);
	at = trace_put_number(at, end.peak_bytes);
	if (end.status != 0 || end.unseen != 0) {
		at = trace_put_number(at, end.status);
		at = trace_put_number(at, end.unseen);
	}
	chunk.header = (struct trace_chunk_header){
		.magic = TRACE_CHUNK_END,
		.payload_bytes = (uint32_t)(at - chunk.payload),
		.thread = thread,
		.parent = TRACE_NO_PARENT,
		.begin = writer->now(writer),
	};
	chunk.header.end = chunk.header.begin;
	return trace_writer_chunk(writer, &chunk.header, chunk.payload);
}

void trace_writer_close(struct trace_writer *writer)
{
	int reason = errno;

	if (writer == NULL)
		return;
	/* Descriptor 0 of a zeroed writer is not ours. */
	if (writer->inode != 0 && writer->fd >= 0 &&
		is_ours(writer, writer->fd))
		raw_close(writer->fd);
	writer->fd = -1;
	atomic_store(&writer->stopped, true);
	errno = reason;
}
