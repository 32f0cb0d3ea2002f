// SPDX-License-Identifier: MIT
#include "program_copy.h"

#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <sys/mman.h>
#include <sys/sendfile.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lane_shared.h"

#ifndef MFD_EXEC
#define MFD_EXEC 0x0010U /* Linux 6.3 */
#endif

/* Older kernels refuse the flag, and need none. */
static int create_file(void)
{
	int low = memfd_create("serialbench-worker", MFD_CLOEXEC | MFD_EXEC);
	int fd;

	if (low < 0)
		low = memfd_create("serialbench-worker", MFD_CLOEXEC);
	if (low < 0)
		return -1;
	/* Where a worker's descriptors do not run into it. */
	fd = fcntl(low, F_DUPFD_CLOEXEC, LANE_COMMON_FD + 1);
	close(low);
	return fd;
}

static bool copy_file(int to, const char *path)
{
	int from = open(path, O_RDONLY | O_CLOEXEC);
	struct stat file;
	off_t left;
	bool done;

	if (from < 0)
		return false;
	done = fstat(from, &file) == 0;
	for (left = done ? file.st_size : 0; left > 0;) {
		ssize_t sent = sendfile(to, from, NULL, (size_t)left);

		if (sent <= 0)
			break;
		left -= sent;
	}
	close(from);
	return done && left == 0;
}

void program_copy_make(struct program_copy *copy, const char *path)
{
	copy->path = path;
	copy->fd = create_file();
	if (copy->fd < 0)
		return;
	snprintf(copy->link, sizeof(copy->link), "/proc/self/fd/%d", copy->fd);
	/* memfds may be barred from running (vm.memfd_noexec). */
	if (copy_file(copy->fd, path) && access(copy->link, X_OK) == 0)
		copy->path = copy->link;
	else
		program_copy_drop(copy);
}

void program_copy_drop(struct program_copy *copy)
{
	if (copy->fd >= 0)
		close(copy->fd);
	copy->fd = -1;
}
