// SPDX-License-Identifier: MIT
//
// serialbench-exec-child fixed|random COMMAND ARGUMENT…: runs the command once,
// with or without fixed addresses, times it and reports. A process of its own
// because the kernel lets a program's peak RSS begin with the peak of the
// memory that it was started from; linked statically, so that this is little
// and LD_PRELOAD, which is the command's, does not concern it. Leads its
// session, so killing its group kills the command; what left that is adopted
// and ended when the command has.
#include "exec_child.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <string.h>
#include <sys/personality.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "clock.h"
#include "descriptors.h"
#include "exec_orphans.h"

extern char **environ;

static void kill_group(int signal)
{
	(void)signal;
	kill(0, SIGKILL);
}

/* Where the runner dies, the command has to. */
static void die_with_parent(void)
{
	struct sigaction action = {.sa_handler = kill_group};

	sigaction(SIGTERM, &action, NULL);
	prctl(PR_SET_PDEATHSIG, SIGTERM);
}

static void run(struct exec_child_report *report, char **command)
{
	uint64_t start;
	pid_t pid;

	start = clock_now();
	report->spawn_error =
		posix_spawnp(&pid, command[0], NULL, NULL, command, environ);
	if (report->spawn_error != 0)
		return;
	while (wait4(pid, &report->status, 0, &report->usage) < 0 &&
		errno == EINTR)
		;
	report->wall_ns = clock_now() - start;
	exec_orphans_end(&(struct exec_children){.count = 0});
}

int main(int argc, char **argv)
{
	struct exec_child_report report;

	descriptors_open();
	if (argc < 3)
		return 2;
	memset(&report, 0, sizeof(report));
	die_with_parent();
	exec_orphans_adopt(1);
	fcntl(EXEC_CHILD_FD, F_SETFD, FD_CLOEXEC);
	/* Where that is forbidden (containers), addresses stay random. */
	if (strcmp(argv[1], EXEC_CHILD_FIXED) == 0)
		personality(ADDR_NO_RANDOMIZE);
	run(&report, argv + 2);
	return write(EXEC_CHILD_FD, &report, sizeof(report)) ==
			(ssize_t)sizeof(report)
		? 0
		: 1;
}
