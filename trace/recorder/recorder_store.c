// SPDX-License-Identifier: MIT
#include "recorder_store.h"

#include <errno.h>
#include <string.h>
#include <sys/mman.h>

#include "block_table.h"
#include "raw_system.h"
#include "recorder.h"

/* Not wiped in a forked child, which begins a store of its own. */
static struct {
	char path[PATH_MAX];
	uint64_t inode;
	struct trace_store_header *header;
	bool in_file;
} store;

static size_t whole_pages(size_t bytes)
{
	size_t page = (size_t)sysconf(_SC_PAGESIZE);

	return (bytes + page - 1) / page * page;
}

/* The room is taken now: a page of a map that the disk has no room for would
 * end the program by SIGBUS, one beyond the limit on files by SIGXFSZ. */
static bool reserve(int fd, uint64_t from, size_t size)
{
	return from + size <= raw_file_size_limit() &&
		raw_allocate(fd, from, size) == 0;
}

static void *map_shared(int fd, uint64_t from, size_t size)
{
	void *map;

	if (!reserve(fd, from, size))
		return NULL;
	map = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED, fd,
		(off_t)from);
	return map == MAP_FAILED ? NULL : map;
}

static bool make_name(const char *path)
{
	if (strlen(path) + sizeof(TRACE_STORE_SUFFIX) > sizeof(store.path))
		return false;
	strcpy(store.path, path);
	strcat(store.path, TRACE_STORE_SUFFIX);
	return true;
}

/* The header, mapped from a new file, or NULL. */
static struct trace_store_header *make_file(const char *path, size_t size)
{
	struct trace_store_header *header = NULL;
	struct statx status;
	int fd;

	if (!make_name(path))
		return NULL;
	raw_unlink(store.path); /* another recording's, that was killed */
	fd = raw_open(store.path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	if (fd < 0)
		return NULL;
	if (raw_status(fd, &status) == 0)
		header = map_shared(fd, 0, size);
	raw_close(fd);
	if (header == NULL)
		raw_unlink(store.path);
	else
		store.inode = status.stx_ino;
	return header;
}

struct trace_store_header *recorder_store_open(const char *path, uint64_t start)
{
	size_t size = whole_pages(sizeof(*store.header));

	store.header = make_file(path, size);
	store.in_file = store.header != NULL;
	if (!store.in_file)
		store.header = block_table_map(size);
	if (store.header == NULL)
		return NULL;
	store.header->buffer_bytes = sizeof(struct trace_buffer);
	store.header->header_bytes = (uint32_t)size;
	store.header->stride =
		(uint32_t)whole_pages(sizeof(struct trace_buffer));
	store.header->pid = (uint32_t)raw_getpid();
	store.header->start = start;
	/* Last: a reader knows the header by it. */
	memcpy(store.header->magic, TRACE_STORE_MAGIC, TRACE_STORE_MAGIC_BYTES);
	return store.header;
}

/* Opens the file again, whose descriptor the program need not see. */
static int open_again(void)
{
	int fd = raw_open(store.path, O_RDWR | O_CLOEXEC | O_NOFOLLOW, 0);
	struct statx status;

	if (fd < 0)
		return -1;
	if (raw_status(fd, &status) == 0 && status.stx_ino == store.inode)
		return fd;
	raw_close(fd);
	return -1;
}

struct trace_buffer *recorder_store_add(void)
{
	struct trace_store_header *header = store.header;
	uint64_t place = atomic_load(&header->buffers);
	int kept_errno = errno, fd = store.in_file ? open_again() : -1;
	struct trace_buffer *buffer = NULL;

	if (fd >= 0) {
		buffer = map_shared(fd,
			header->header_bytes + place * header->stride,
			header->stride);
		raw_close(fd);
	}
	if (buffer != NULL)
		atomic_store(&header->buffers, (uint32_t)place + 1);
	else
		buffer = block_table_map(header->stride);
	errno = kept_errno;
	return buffer;
}

void recorder_store_delete(void)
{
	int fd = store.in_file ? open_again() : -1;

	if (fd < 0)
		return;
	raw_close(fd);
	raw_unlink(store.path);
	store.in_file = false;
}

void recorder_store_sweep(const char *path)
{
	struct trace_store_header header;
	int fd;

	if (!make_name(path))
		return;
	fd = raw_open(store.path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW, 0);
	if (fd < 0)
		return;
	if (raw_read(fd, &header, sizeof(header)) == sizeof(header) &&
		memcmp(header.magic, TRACE_STORE_MAGIC,
			TRACE_STORE_MAGIC_BYTES) == 0 &&
		header.pid == (uint32_t)raw_getpid() &&
		header.state == TRACE_STORE_EXEC)
		raw_unlink(store.path);
	raw_close(fd);
}

void recorder_store_leave(struct trace_buffer *parents)
{
	if (parents != NULL)
		mmap(parents, whole_pages(sizeof(*parents)),
			PROT_READ | PROT_WRITE,
			MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0);
}
