// SPDX-License-Identifier: MIT
#include "replay_feed.h"

#include <errno.h>
#include <signal.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "replay_windows.h"

/* What the process is asked for besides a window: 0 and 1 are windows. */
#define SURVEY 2

/* Answers of the process. */
enum { DONE = 1, FAILED = 2 };

/* Address space; pages come as windows are filled. */
static int map_windows(
	struct replay_feed *feed, uint32_t workers, uint32_t room)
{
	size_t bytes = replay_windows_bytes(workers, room);

	feed->bytes = bytes + sizeof(*feed->survey);
	feed->memory = mmap(NULL, feed->bytes, PROT_READ | PROT_WRITE,
		MAP_SHARED | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
	if (feed->memory == MAP_FAILED) {
		feed->memory = NULL;
		return -1;
	}
	replay_windows_lay_out(feed->windows, feed->memory, workers, room);
	feed->survey = (void *)((unsigned char *)feed->memory + bytes);
	return 0;
}

static bool receive(int channel, unsigned char *byte)
{
	ssize_t got;

	do
		got = recv(channel, byte, 1, 0);
	while (got < 0 && errno == EINTR);
	return got == 1;
}

static bool send_byte(int channel, unsigned char byte)
{
	ssize_t sent;

	do
		sent = send(channel, &byte, 1, MSG_NOSIGNAL);
	while (sent < 0 && errno == EINTR);
	return sent == 1;
}

/* What the process reads with; zeroed before it is asked for anything. */
struct source {
	struct trace_reader reader;
	struct trace_replay *replay; /* NULL: failed */
	bool is_open;
};

/* Goes past the windows that are there already, into memory of its own. */
static int pass_over(const struct replay_feed *feed, struct source *source,
	struct error *error)
{
	uint32_t room = feed->windows[0]->room;
	size_t bytes = replay_windows_bytes(feed->workers, room);
	struct trace_replay_window *windows[2];
	void *memory = mmap(NULL, bytes, PROT_READ | PROT_WRITE,
		MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
	int result = memory == MAP_FAILED ? -1 : 0;

	if (result != 0)
		return -1;
	replay_windows_lay_out(windows, memory, feed->workers, room);
	for (unsigned i = 0; i < 2 && result == 0; i++)
		result = trace_replay_fill(source->replay, windows[i], error);
	munmap(memory, bytes);
	return result;
}

static void open_source(const struct replay_feed *feed, struct source *source,
	const char *path, bool pass)
{
	struct error error;

	source->is_open = true;
	if (trace_reader_open(&source->reader, path, &error) == 0)
		source->replay = trace_replay_create(
			&source->reader, feed->workers, feed->pace, &error);
	if (pass && source->replay != NULL &&
		pass_over(feed, source, &error) != 0)
		source->replay = NULL;
}

/* The process: fills the window that it is asked for, until nobody asks. */
static void serve(const struct replay_feed *feed, int channel, const char *path,
	bool pass)
{
	struct source source = {.replay = NULL};
	struct error error;
	unsigned char index;

	while (receive(channel, &index)) {
		bool done;

		if (!source.is_open)
			open_source(feed, &source, path, pass);
		done = source.replay != NULL &&
			(index == SURVEY ? trace_replay_survey(&source.reader,
						   feed->survey, &error)
					 : trace_replay_fill(source.replay,
						   feed->windows[index],
						   &error)) == 0;
		if (!send_byte(channel, done ? DONE : FAILED))
			break;
	}
}

/* `pass`: both windows are filled, and the next one is asked for first. */
static int start_process(struct replay_feed *feed, const char *path, bool pass)
{
	int ends[2];

	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) != 0)
		return -1;
	feed->process = fork();
	if (feed->process == 0) {
		/* Where the worker dies nobody asks any more. */
		close(ends[0]);
		serve(feed, ends[1], path, pass);
		_exit(0);
	}
	close(ends[1]);
	feed->channel = ends[0];
	if (feed->process > 0)
		return 0;
	feed->process = 0;
	return -1;
}

/* A worker must not meet these pages' faults in a turn. */
static void fault_in(const void *memory, size_t bytes)
{
	const volatile unsigned char *at = memory;

	for (size_t i = 0; i < bytes; i += 4096)
		(void)at[i];
}

static int ask(const struct replay_feed *feed, unsigned char what)
{
	unsigned char answer;

	return feed->channel >= 0 && send_byte(feed->channel, what) &&
			receive(feed->channel, &answer) && answer == DONE
		? 0
		: -1;
}

static void fault_in_window(const struct replay_feed *feed, unsigned index)
{
	const struct trace_replay_window *window = feed->windows[index];

	for (uint32_t i = 0; i < feed->workers; i++) {
		const struct trace_replay_stream *stream = &window->streams[i];

		fault_in(stream->words,
			(stream->count + REPLAY_AHEAD) *
				sizeof(*stream->words));
		fault_in(stream->positions,
			stream->count * sizeof(*stream->positions));
	}
}

static int fill(struct replay_feed *feed, unsigned index)
{
	if (ask(feed, (unsigned char)index) != 0)
		return -1;
	feed->newest = index;
	fault_in_window(feed, index);
	return 0;
}

static void stop_process(struct replay_feed *feed)
{
	if (feed->channel >= 0)
		close(feed->channel);
	feed->channel = -1;
	if (feed->process > 0) {
		kill(feed->process, SIGKILL);
		while (waitpid(feed->process, NULL, 0) < 0 && errno == EINTR)
			;
	}
	feed->process = 0;
}

static int fill_both(struct replay_feed *feed, const char *path, bool survey)
{
	if (start_process(feed, path, false) != 0 ||
		(survey && ask(feed, SURVEY) != 0) || fill(feed, 0) != 0)
		return -1;
	if (!feed->windows[0]->last)
		return fill(feed, 1);
	stop_process(feed);
	return 0;
}

/* The runner has filled them; the process is wanted for those behind. */
static int take_both(
	struct replay_feed *feed, const char *path, const void *common)
{
	const struct trace_replay_window *filled[2];
	uint32_t room = feed->windows[0]->room;

	replay_windows_find(filled, common, feed->workers, room);
	for (unsigned i = 0; i < 2; i++) {
		replay_window_copy(feed->windows[i], filled[i], feed->workers);
		fault_in_window(feed, i);
		feed->newest = i;
		if (feed->windows[i]->last && i == 0)
			return 0;
	}
	return start_process(feed, path, true);
}

int replay_feed_begin(struct replay_feed *feed, const char *path, uint32_t room,
	bool survey, const void *common)
{
	uint32_t workers = feed->workers;

	*feed = (struct replay_feed){
		.channel = -1, .workers = workers, .pace = feed->pace};
	if (map_windows(feed, workers, room) != 0 ||
		(common != NULL && !survey
				? take_both(feed, path, common)
				: fill_both(feed, path, survey)) != 0)
		return -1;
	feed->ends[0] = feed->windows[0]->halves;
	feed->whole = feed->windows[0]->last;
	if (!feed->whole)
		feed->ends[1] = feed->ends[0] + feed->windows[1]->halves;
	return 0;
}

int replay_feed_refill(struct replay_feed *feed, uint64_t position)
{
	uint64_t end = feed->ends[feed->newest];
	unsigned older = 1 - feed->newest;

	if (feed->whole || position <= feed->ends[older])
		return 0;
	if (fill(feed, older) != 0)
		return -1;
	feed->ends[older] = end + feed->windows[older]->halves;
	return 0;
}

int replay_feed_let_go(const struct replay_feed *feed)
{
	return madvise(feed->memory, feed->bytes, MADV_DONTNEED);
}

void replay_feed_finish(struct replay_feed *feed)
{
	if (feed == NULL)
		return;
	if (feed->bytes > 0)
		stop_process(feed);
	if (feed->memory != NULL)
		munmap(feed->memory, feed->bytes);
	*feed = (struct replay_feed){.channel = -1};
}
