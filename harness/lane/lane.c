// SPDX-License-Identifier: MIT
#include "lane.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "clock.h"
#include "program_path.h"
#include "record.h"

/* How often a waiting runner looks whether the worker still lives. */
#define LOOK_NS 20000000

/* A look that took this long was not one: the runner did not run. */
#define STOOD_STILL_NS 500000000

extern char **environ;

static const char *const status_names[LANE_STATUSES] = {
#define STATUS_NAME(name, text) [LANE_##name] = text,
	RECORD_STATUSES(STATUS_NAME)
#undef STATUS_NAME
};

const char *lane_status_name(enum lane_status status)
{
	return status_names[status];
}

const char *lane_program_path(const char *program, unsigned link_order)
{
	static char path[4096];
	char name[64];

	snprintf(name, sizeof(name), "%s-%u", program, link_order);
	program_path(path, sizeof(path), PROGRAM_OWN, name);
	return path;
}

const char *lane_worker_path(unsigned link_order)
{
	return lane_program_path(LANE_WORKER, link_order);
}

static int fail(struct lane *lane, enum lane_status status, const char *what)
{
	lane->status = status;
	snprintf(lane->message, LANE_TEXT, "%s: %s", what, error_reason(errno));
	return -1;
}

static size_t lane_bytes(const struct lane_setup *setup)
{
	size_t behind = 0;

	if (setup->job == LANE_SERIAL)
		behind = 3 * setup->threads * setup->numbers_of_thread *
			sizeof(uint64_t);
	else if (setup->job == LANE_LATENCY)
		behind = setup->threads * sizeof(struct latency_place);
	return sizeof(struct lane_shared) + behind;
}

/* The descriptor, with the shared part mapped and filled in. */
static int map_shared(struct lane *lane, const struct lane_setup *setup)
{
	int fd = memfd_create("serialbench-lane", MFD_CLOEXEC);

	lane->bytes = lane_bytes(setup);
	if (fd < 0)
		return -1;
	if (ftruncate(fd, (off_t)lane->bytes) == 0) {
		lane->shared = mmap(NULL, lane->bytes, PROT_READ | PROT_WRITE,
			MAP_SHARED | MAP_POPULATE, fd, 0);
		if (lane->shared != MAP_FAILED) {
			lane->shared->magic = LANE_MAGIC;
			lane->shared->runner = getpid();
			lane->shared->setup = *setup;
			atomic_store(
				&lane->shared->command, LANE_FIRST_COMMAND);
			return fd;
		}
		lane->shared = NULL;
	}
	close(fd);
	return -1;
}

/* Variables of ours and of those who steer an allocator. */
static bool is_steering(const char *entry)
{
	static const char *const prefixes[] = {"LD_PRELOAD=", "DBGALLOC=",
		"MALLOC_", "GLIBC_TUNABLES=", "MIMALLOC_", "TCMALLOC_",
		"SERIALBENCH_PAD=", NULL};

	for (size_t i = 0; prefixes[i] != NULL; i++)
		if (strncmp(entry, prefixes[i], strlen(prefixes[i])) == 0)
			return true;
	return false;
}

static size_t count_texts(const char *texts)
{
	size_t count = 0;

	for (; texts != NULL && *texts != '\0'; texts += strlen(texts) + 1)
		count++;
	return count;
}

/* The worker's environment: one allocation, given back by free(). */
static char **make_environment(const struct lane_start *start)
{
	size_t count = 0, kept = 0;
	size_t library = start->library == NULL ? 0 : strlen(start->library);
	size_t own = count_texts(start->variables);
	char **variables, *texts;

	while (environ[count] != NULL)
		count++;
	variables = malloc((count + own + 3) * sizeof(*variables) + library +
		start->env_bytes + 64);
	if (variables == NULL)
		return NULL;
	texts = (char *)(variables + count + own + 3);
	for (size_t i = 0; i < count; i++)
		if (!is_steering(environ[i]))
			variables[kept++] = environ[i];
	for (const char *text = start->variables; own-- > 0;
		text += strlen(text) + 1)
		variables[kept++] = (char *)text;
	if (start->library != NULL) {
		variables[kept++] = texts;
		texts += sprintf(texts, "LD_PRELOAD=%s", start->library) + 1;
	}
	variables[kept++] = texts;
	texts += sprintf(texts, "SERIALBENCH_PAD=");
	memset(texts, 'x', start->env_bytes);
	texts[start->env_bytes] = '\0';
	variables[kept] = NULL;
	return variables;
}

/* What a worker's process begins with. */
struct beginning {
	const struct lane_start *start;
	int lane_fd;
	char **variables;
	sigset_t signals; /* that are blocked in it */
};

/* An fd that stands in its place already keeps its FD_CLOEXEC in dup2(). */
static int place_descriptor(int fd, int place)
{
	return fd == place ? fcntl(fd, F_SETFD, 0) : dup2(fd, place);
}

/* Until exec the child runs on the runner's memory and writes to none of it.
 * Returns errno. */
static int become_worker(const struct beginning *beginning)
{
	static char *const arguments[] = {(char *)"serialbench-worker", NULL};
	const struct lane_start *start = beginning->start;
	int errors = start->errors_fd > 0 ? start->errors_fd : STDERR_FILENO;

	/* A group of its own: Ctrl-C is for the runner to act on. */
	if (setpgid(0, 0) == 0 &&
		place_descriptor(errors, STDERR_FILENO) >= 0 &&
		place_descriptor(beginning->lane_fd, LANE_FD) >= 0 &&
		(start->common_fd <= 0 ||
			place_descriptor(start->common_fd, LANE_COMMON_FD) >=
				0) &&
		sigprocmask(SIG_SETMASK, &beginning->signals, NULL) == 0)
		execve(start->copy != NULL ? start->copy : start->worker,
			arguments, beginning->variables);
	return errno;
}

/*
 * vfork() and not posix_spawn(), which sets the action of each signal in the
 * child: 130 system calls of the 280 that a lane cost. Returns the process, or
 * -1 with errno.
 */
static pid_t start_process(struct beginning *beginning)
{
	volatile int failure = 0;
	sigset_t all;
	pid_t pid;

	sigfillset(&all);
	/* No handler of the runner's is to run in the child. */
	if (sigprocmask(SIG_SETMASK, &all, &beginning->signals) != 0)
		return -1;
	pid = vfork();
	if (pid == 0) {
		failure = become_worker(beginning);
		_exit(127);
	}
	if (pid < 0)
		failure = errno;
	sigprocmask(SIG_SETMASK, &beginning->signals, NULL);
	if (pid > 0 && failure != 0)
		waitpid(pid, NULL, 0);
	errno = failure;
	return failure == 0 ? pid : -1;
}

static int spawn(struct lane *lane, const struct lane_start *start, int fd)
{
	struct beginning beginning = {
		.start = start,
		.lane_fd = fd,
		.variables = make_environment(start),
	};
	pid_t pid;

	if (beginning.variables == NULL)
		return -1;
	pid = start_process(&beginning);
	free(beginning.variables);
	lane->pid = pid > 0 ? pid : 0;
	return pid > 0 ? 0 : -1;
}

int lane_begin(struct lane *lane, const struct lane_setup *setup,
	const struct lane_start *start)
{
	int fd, result = 0;

	memset(lane, 0, sizeof(*lane));
	fd = map_shared(lane, setup);
	if (fd < 0)
		return fail(lane, LANE_FAILED, "shared memory");
	if (spawn(lane, start, fd) != 0)
		result = fail(lane, LANE_FAILED, start->worker);
	close(fd);
	return result;
}

void lane_order(struct lane *lane, enum lane_action action, uint64_t warmup_ops,
	uint64_t ops)
{
	struct lane_shared *shared = lane->shared;

	shared->action = action;
	shared->warmup_ops = warmup_ops;
	shared->ops = ops;
	atomic_fetch_add(&shared->command, 1);
	futex_wake_all(&shared->command);
}

static bool answered(struct lane *lane)
{
	return atomic_load(&lane->shared->done) ==
		atomic_load(&lane->shared->command);
}

/* Whether the worker has ended; says how in lane->message. */
static bool has_ended(struct lane *lane)
{
	int status;

	if (lane->pid == 0)
		return true;
	if (waitpid(lane->pid, &status, WNOHANG) != lane->pid)
		return false;
	lane->pid = 0;
	lane->status = LANE_CRASHED;
	if (WIFSIGNALED(status))
		snprintf(lane->message, LANE_TEXT,
			"worker ended by signal %d (%s)", WTERMSIG(status),
			strsignal(WTERMSIG(status)));
	else
		snprintf(lane->message, LANE_TEXT,
			"worker ended by itself with code %d",
			WEXITSTATUS(status));
	return true;
}

/* Sleeps until the worker may have answered. Returns for how long the runner
 * itself stood still (a machine that slept, SIGSTOP): its workers did, too, and
 * that time is not counted against them. */
static uint64_t sleep_a_look(struct lane *lane, uint32_t done)
{
	uint64_t before = clock_now(), took;

	futex_wait(&lane->shared->done, done, LOOK_NS);
	took = clock_now() - before;
	return took > STOOD_STILL_NS ? took : 0;
}

int lane_wait(struct lane *lane, uint64_t deadline_ns)
{
	uint64_t give_up = clock_now() + deadline_ns;

	while (!answered(lane)) {
		uint32_t done = atomic_load(&lane->shared->done);

		if (answered(lane))
			break;
		give_up += sleep_a_look(lane, done);
		if (answered(lane))
			break;
		if (has_ended(lane) && !answered(lane))
			return -1;
		if (clock_now() > give_up) {
			lane->status = LANE_HUNG;
			snprintf(lane->message, LANE_TEXT,
				"no answer within %.1f s",
				(double)deadline_ns / 1e9);
			return -1;
		}
	}
	if (lane->shared->status == LANE_OK)
		return 0;
	lane->status = lane->shared->status;
	snprintf(lane->message, LANE_TEXT, "%s", lane->shared->message);
	return -1;
}

void lane_kill(struct lane *lane)
{
	if (lane->pid > 0)
		kill(lane->pid, SIGKILL);
}

void lane_end(struct lane *lane)
{
	if (lane == NULL)
		return;
	if (lane->pid > 0) {
		lane_kill(lane);
		while (waitpid(lane->pid, NULL, 0) < 0 && errno == EINTR)
			;
	}
	if (lane->shared != NULL)
		munmap(lane->shared, lane->bytes);
	memset(lane, 0, sizeof(*lane));
}
