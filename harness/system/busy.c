// SPDX-License-Identifier: MIT
#include "busy.h"

#include <errno.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

static _Noreturn void keep_busy(pid_t parent)
{
	/* A group of its own: Ctrl-C is for the runner to act on. */
	setpgid(0, 0);
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	/* … also where the parent died before the line above. */
	if (getppid() != parent)
		_exit(0);
	for (;;)
		__asm__ volatile("");
}

int busy_begin(pid_t *pids, size_t count)
{
	pid_t parent = getpid();

	for (size_t i = 0; i < count; i++) {
		pids[i] = fork();
		if (pids[i] == 0)
			keep_busy(parent);
		if (pids[i] < 0) {
			pids[i] = 0;
			return -1;
		}
	}
	return 0;
}

void busy_end(pid_t *pids, size_t count)
{
	int reason = errno;

	for (size_t i = 0; i < count; i++) {
		if (pids[i] <= 0)
			continue;
		kill(pids[i], SIGKILL);
		while (waitpid(pids[i], NULL, 0) < 0 && errno == EINTR)
			;
		pids[i] = 0;
	}
	errno = reason;
}
