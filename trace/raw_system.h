// SPDX-License-Identifier: MIT
//
// System calls for code that runs inside another program. The program, or a
// library that it preloads, may have functions of its own with the names that
// the C library uses (write, open, getpid); these calls go past them. All set
// errno as the C library's do, and are async-signal-safe.
#ifndef SERIALBENCH_RAW_SYSTEM_H
#define SERIALBENCH_RAW_SYSTEM_H

#include <fcntl.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/types.h>
#include <sys/uio.h>
#include <unistd.h>

static inline pid_t raw_getpid(void)
{
	return (pid_t)syscall(SYS_getpid);
}

static inline pid_t raw_getppid(void)
{
	return (pid_t)syscall(SYS_getppid);
}

static inline int raw_open(const char *path, int flags, mode_t mode)
{
	return (int)syscall(SYS_openat, AT_FDCWD, path, flags, mode);
}

static inline int raw_close(int fd)
{
	return (int)syscall(SYS_close, fd);
}

static inline int raw_unlink(const char *path)
{
	return (int)syscall(SYS_unlinkat, AT_FDCWD, path, 0);
}

static inline ssize_t raw_read(int fd, void *bytes, size_t size)
{
	return syscall(SYS_read, fd, bytes, size);
}

static inline ssize_t raw_write(int fd, const void *bytes, size_t size)
{
	return syscall(SYS_write, fd, bytes, size);
}

static inline ssize_t raw_writev(int fd, const struct iovec *parts, int count)
{
	return syscall(SYS_writev, fd, parts, count);
}

/* Takes room on the disk, without a byte that is written. 0, or -1 with errno
 * where there is none or the file system cannot. */
static inline int raw_allocate(int fd, uint64_t from, size_t size)
{
#if __SIZEOF_POINTER__ == 8
	return (int)syscall(SYS_fallocate, fd, 0, from, size);
#else
	return fallocate(fd, 0, (off_t)from, (off_t)size);
#endif
}

/* A copy that is closed at exec, with a number not below `least`. */
static inline int raw_duplicate_above(int fd, int least)
{
#ifdef SYS_fcntl64
	return (int)syscall(SYS_fcntl64, fd, F_DUPFD_CLOEXEC, least);
#else
	return (int)syscall(SYS_fcntl, fd, F_DUPFD_CLOEXEC, least);
#endif
}

/* The size that a file of this process may have, UINT64_MAX for any. A write
 * beyond it would end the program by SIGXFSZ. */
static inline uint64_t raw_file_size_limit(void)
{
	uint64_t limit[2]; /* the kernel's struct rlimit64: soft, hard */

	if (syscall(SYS_prlimit64, 0, RLIMIT_FSIZE, NULL, limit) != 0)
		return UINT64_MAX;
	return limit[0];
}

/* What is told of an open file. 0, or -1 with errno. */
static inline int raw_status(int fd, struct statx *status)
{
	return (int)syscall(SYS_statx, fd, "", AT_EMPTY_PATH,
		STATX_TYPE | STATX_SIZE | STATX_INO, status);
}

#endif /* SERIALBENCH_RAW_SYSTEM_H */
