// SPDX-License-Identifier: MIT
#include "recorder.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "block_table.h"
#include "raw_system.h"
#include "recorder_say.h"
#include "trace_recording.h"

#define COMMAND_BYTES 8192
#define IMAGES 100000 /* names that one process may need */

static struct recorder nobody;
struct recorder *recorder = &nobody;
struct trace_writer recorder_writer;

/* Not wiped. */
static enum { NOT_STARTED, STARTING, STARTED, REFUSED } phase;
static struct {
	pid_t first;
	enum trace_clock clock;
	char path[PATH_MAX];
} wanted;

/* Digits, then the colon that is stepped over. -1 for anything else. */
static long read_pid(const char **text)
{
	long pid = 0;

	for (; **text >= '0' && **text <= '9' && pid < 1L << 30; ++*text)
		pid = pid * 10 + (**text - '0');
	return *(*text)++ == ':' ? pid : -1;
}

static bool skip_word(const char **text, const char *word)
{
	size_t length = strlen(word);

	if (strncmp(*text, word, length) != 0 || (*text)[length] != ':')
		return false;
	*text += length + 1;
	return true;
}

/* The variable. */
static bool read_wanted(const char *text)
{
	long pid = read_pid(&text);

	if (pid < 0)
		return false;
	wanted.first = (pid_t)pid;
	if (skip_word(&text, TRACE_RECORDING_CLOCK_NS))
		wanted.clock = TRACE_CLOCK_NS;
	else if (skip_word(&text, TRACE_RECORDING_CLOCK_NONE))
		wanted.clock = TRACE_CLOCK_NONE;
	else
		return false;
	/* Room for what names are made of. */
	if (text[0] != '/' || strlen(text) >= sizeof(wanted.path) - 24)
		return false;
	strcpy(wanted.path, text);
	return true;
}

/* Writes a number behind the text; no stdio. */
static char *put_decimal(char *at, unsigned long number)
{
	char digits[24];
	size_t count = 0;

	do
		digits[count++] = (char)('0' + number % 10);
	while ((number /= 10) > 0);
	while (count > 0)
		*at++ = digits[--count];
	*at = '\0';
	return at;
}

static bool is_empty_file(const char *path)
{
	int fd = raw_open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK, 0);
	struct statx status;
	bool empty = fd >= 0 && raw_status(fd, &status) == 0 &&
		S_ISREG(status.stx_mode) && status.stx_size == 0;

	if (fd >= 0)
		raw_close(fd);
	return empty;
}

/* A name of our own, whose file is there afterwards. 0, or -1 with errno. */
static int claim_path(char path[PATH_MAX], bool forked)
{
	char *end;

	strcpy(path, wanted.path);
	if (!forked && raw_getpid() == wanted.first) {
		if (is_empty_file(path))
			return 0;
		recorder_store_sweep(path);
	}
	end = path + strlen(path);
	*end++ = '.';
	end = put_decimal(end, (unsigned long)raw_getpid());
	for (unsigned image = 2; image < IMAGES; image++) {
		int fd = raw_open(
			path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);

		if (fd >= 0)
			return raw_close(fd);
		if (errno != EEXIST)
			return -1;
		if (!forked)
			recorder_store_sweep(path);
		*end = '.';
		put_decimal(end + 1, image);
	}
	errno = EEXIST;
	return -1;
}

static size_t read_command(char command[COMMAND_BYTES])
{
	int fd = raw_open("/proc/self/cmdline", O_RDONLY | O_CLOEXEC, 0);
	ssize_t size = fd < 0 ? 0 : raw_read(fd, command, COMMAND_BYTES);

	if (fd >= 0)
		raw_close(fd);
	return size < 0 ? 0 : (size_t)size;
}

static int open_trace(bool forked)
{
	/* Not on the stack, which may be that of a small thread that forked.
	 * A process comes here once, before its second thread. */
	static char command[COMMAND_BYTES], path[PATH_MAX];
	struct timespec now;
	struct trace_program program = {
		.command = command,
		.command_bytes = read_command(command),
		.allocator = next_calls_name(),
		.clock = wanted.clock,
		.forked = forked,
		.own_malloc = next_calls_are_passed_by(),
		.pid = (uint32_t)raw_getpid(),
		.parent_pid = (uint32_t)raw_getppid(),
		.page_bytes = (uint32_t)sysconf(_SC_PAGESIZE),
		.word_bytes = sizeof(void *),
	};

	clock_gettime(CLOCK_REALTIME, &now);
	program.start_unix_ns =
		(uint64_t)now.tv_sec * 1000000000 + (uint64_t)now.tv_nsec;
	if (claim_path(path, forked) == 0 &&
		trace_writer_open(&recorder_writer, path, &program) == 0) {
		recorder->store =
			recorder_store_open(path, recorder_writer.start);
		if (recorder->store != NULL) {
			recorder_writer.tally = &recorder->store->tally;
			return 0;
		}
	}
	recorder_say(path, strerrordesc_np(errno));
	return -1;
}

void recorder_forked(void)
{
	recorder_store_leave(recorder_own_buffer);
	recorder_own_buffer = NULL;
}

/* Of the process that starts, or a forked child at its first event. */
static void begin(bool forked)
{
	phase = STARTING;
	recorder_own_thread = NULL;
	if (forked)
		recorder_forked();
	trace_writer_close(&recorder_writer);
	if (open_trace(forked) != 0) {
		phase = REFUSED;
		return;
	}
	recorder->pid = raw_getpid();
	recorder->on = true;
	phase = STARTED;
}

static void end_at_quick_exit(void)
{
	if (recorder_is_mine())
		recorder_end(TRACE_END_EXIT);
}

static void start_recording(const char *text)
{
	struct recorder *made;

	phase = REFUSED;
	if (!read_wanted(text)) {
		recorder_say(TRACE_RECORDING_VARIABLE,
			"is not PID:CLOCK:/PATH; nothing is recorded");
		return;
	}
	made = block_table_map(sizeof(*made));
	if (made == NULL || recorder_threads_start() != 0) {
		recorder_say("nothing is recorded", strerrordesc_np(errno));
		return;
	}
	recorder = made;
	begin(false);
}

NOINLINE COLD void recorder_start(void)
{
	static enum { NOT_FOUND, FINDING, FOUND } allocator;
	int kept_errno = errno;
	const char *text;

	if (allocator == NOT_FOUND) {
		allocator = FINDING;
		next_calls_find();
		allocator = FOUND;
	}
	if (allocator == FINDING)
		return; /* dlsym() allocates */
	/* Before the C library has an environment there is nothing to read. */
	if (phase != NOT_STARTED || environ == NULL)
		return;
	text = secure_getenv(TRACE_RECORDING_VARIABLE);
	if (text == NULL)
		phase = REFUSED;
	else
		start_recording(text);
	errno = kept_errno;
}

__attribute__((constructor)) static void start_at_load(void)
{
	recorder_start();
	if (phase == STARTED && at_quick_exit(end_at_quick_exit) != 0)
		recorder_say("quick_exit", "the trace will have no end");
}

NOINLINE COLD struct recorder_thread *recorder_begin_thread(void)
{
	int kept_errno = errno;

	if (phase == NOT_STARTED)
		recorder_start();
	else if (phase == STARTED && !recorder->on && !recorder->ended)
		begin(true);
	if (recorder->on && recorder_own_thread == NULL)
		recorder_own_thread = recorder_thread_register();
	errno = kept_errno;
	if (recorder->on && recorder_own_thread != NULL)
		return recorder_own_thread;
	if (recorder->on || recorder->ended)
		atomic_fetch_add(&recorder_writer.tally->lost, 1);
	return NULL;
}

bool recorder_is_mine(void)
{
	return recorder->on && recorder->pid == raw_getpid();
}

/* A trace that could not be ended keeps its store, which says why. */
static void end_store(enum trace_end_kind how)
{
	if (how == TRACE_END_EXIT)
		recorder_store_delete();
	else if (how == TRACE_END_EXEC)
		atomic_store(&recorder->store->state, TRACE_STORE_EXEC);
}

void recorder_end(enum trace_end_kind how)
{
	struct trace_end end = {.how = how};
	const struct trace_tally *tally = recorder_writer.tally;
	uint32_t number = recorder_own_thread == NULL
		? 0
		: recorder_own_thread->buffer->thread;
	int kept_errno = errno;

	/* From here on nothing new may stand behind the end. */
	recorder->ended = true;
	recorder->on = false;
	atomic_thread_fence(memory_order_seq_cst);
	end.running = recorder_threads_snapshot();
	end.peak_blocks = (uint64_t)atomic_load(&tally->peak_blocks);
	end.peak_bytes = (uint64_t)atomic_load(&tally->peak_bytes);
	end.unseen = atomic_load(&tally->unseen);
	if (trace_writer_end(&recorder_writer, number, end) == 0)
		end_store(how);
	if (how == TRACE_END_EXIT)
		trace_writer_close(&recorder_writer);
	errno = kept_errno;
}

void recorder_go_on(void)
{
	recorder->on = true;
	recorder->ended = false;
	atomic_store(&recorder->store->state, TRACE_STORE_RUNS);
}
