// SPDX-License-Identifier: MIT
#include "exec_orphans.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdbool.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#define CHILDREN_FILE "/proc/thread-self/children"

/* A program that makes children faster than they are killed is given up. */
#define TRIES 1000

int exec_orphans_adopt(int adopt)
{
	int before = 0;

	prctl(PR_GET_CHILD_SUBREAPER, &before);
	prctl(PR_SET_CHILD_SUBREAPER, adopt);
	return before;
}

/* Numbers with blanks between. */
static void take_numbers(
	struct exec_children *children, const char *text, ssize_t length)
{
	pid_t pid = 0;

	for (ssize_t i = 0; i < length; i++) {
		if (text[i] >= '0' && text[i] <= '9') {
			pid = pid * 10 + (text[i] - '0');
			continue;
		}
		if (pid > 0 && children->count < EXEC_CHILDREN_MAX)
			children->pids[children->count++] = pid;
		pid = 0;
	}
}

void exec_children_read(struct exec_children *children)
{
	int fd = open(CHILDREN_FILE, O_RDONLY | O_CLOEXEC);
	char text[16 * EXEC_CHILDREN_MAX];

	children->count = 0;
	if (fd < 0)
		return;
	take_numbers(children, text, read(fd, text, sizeof(text)));
	close(fd);
}

static bool is_known(const struct exec_children *known, pid_t pid)
{
	for (size_t i = 0; i < known->count; i++)
		if (known->pids[i] == pid)
			return true;
	return false;
}

void exec_orphans_end(const struct exec_children *known)
{
	for (int i = 0; i < TRIES; i++) {
		struct exec_children now;
		bool found = false;

		exec_children_read(&now);
		for (size_t j = 0; j < now.count; j++) {
			if (is_known(known, now.pids[j]))
				continue;
			found = true;
			kill(now.pids[j], SIGKILL);
			while (waitpid(now.pids[j], NULL, 0) < 0 &&
				errno == EINTR)
				;
		}
		if (!found)
			return;
	}
}
