// SPDX-License-Identifier: MIT
#include "replay_feed.h"

#include <errno.h>
#include <signal.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "compiler.h"

/* A worker looks ahead so far; what is there is read and not used. */
#define AHEAD 16

/* What the process is asked for besides a window: 0 and 1 are windows. */
#define SURVEY 2

/* Answers of the process. */
enum { DONE = 1, FAILED = 2 };

static size_t whole_lines(size_t bytes)
{
	return (bytes + CACHELINE - 1) / CACHELINE * CACHELINE;
}

static size_t window_bytes(uint32_t workers)
{
	return whole_lines(sizeof(struct trace_replay_window) +
		workers * sizeof(struct trace_replay_stream));
}

static size_t words_bytes(uint32_t room)
{
	return whole_lines((room + AHEAD) * sizeof(uint64_t));
}

static size_t stream_bytes(uint32_t room)
{
	return words_bytes(room) + whole_lines(room * sizeof(uint32_t));
}

static struct trace_replay_window *lay_out(
	unsigned char *at, uint32_t workers, uint32_t room)
{
	struct trace_replay_window *window = (void *)at;

	at += window_bytes(workers);
	window->room = room;
	for (uint32_t i = 0; i < workers; i++) {
		window->streams[i].words = (void *)at;
		window->streams[i].positions = (void *)(at + words_bytes(room));
		at += stream_bytes(room);
	}
	return window;
}

/* Address space; pages come as windows are filled. */
static int map_windows(
	struct replay_feed *feed, uint32_t workers, uint32_t room)
{
	size_t bytes = window_bytes(workers) + workers * stream_bytes(room);

	feed->bytes = 2 * bytes + sizeof(*feed->survey);
	feed->memory = mmap(NULL, feed->bytes, PROT_READ | PROT_WRITE,
		MAP_SHARED | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
	if (feed->memory == MAP_FAILED) {
		feed->memory = NULL;
		return -1;
	}
	for (unsigned i = 0; i < 2; i++)
		feed->windows[i] =
			lay_out((unsigned char *)feed->memory + i * bytes,
				workers, room);
	feed->survey = (void *)((unsigned char *)feed->memory + 2 * bytes);
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

/* The process: fills the window that it is asked for, until nobody asks. */
static void serve(const struct replay_feed *feed, int channel, const char *path)
{
	struct trace_replay *replay = NULL;
	struct trace_reader reader;
	char error[TRACE_ERROR];
	unsigned char index;

	if (trace_reader_open(&reader, path, error) == 0)
		replay = trace_replay_create(
			&reader, feed->workers, feed->pace, error);
	while (receive(channel, &index)) {
		bool done = replay != NULL &&
			(index == SURVEY ? trace_replay_survey(
						   &reader, feed->survey, error)
					 : trace_replay_fill(replay,
						   feed->windows[index],
						   error)) == 0;

		if (!send_byte(channel, done ? DONE : FAILED))
			break;
	}
}

static int start_process(struct replay_feed *feed, const char *path)
{
	int ends[2];

	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) != 0)
		return -1;
	feed->process = fork();
	if (feed->process == 0) {
		/* Where the worker dies nobody asks any more. */
		close(ends[0]);
		serve(feed, ends[1], path);
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

static int fill(struct replay_feed *feed, unsigned index, uint32_t workers)
{
	const struct trace_replay_window *window = feed->windows[index];

	if (ask(feed, (unsigned char)index) != 0)
		return -1;
	feed->newest = index;
	for (uint32_t i = 0; i < workers; i++) {
		const struct trace_replay_stream *stream = &window->streams[i];

		fault_in(stream->words,
			(stream->count + AHEAD) * sizeof(*stream->words));
		fault_in(stream->positions,
			stream->count * sizeof(*stream->positions));
	}
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

int replay_feed_begin(
	struct replay_feed *feed, const char *path, uint32_t room, bool survey)
{
	uint32_t workers = feed->workers;

	*feed = (struct replay_feed){
		.channel = -1, .workers = workers, .pace = feed->pace};
	if (map_windows(feed, workers, room) != 0 ||
		start_process(feed, path) != 0 ||
		(survey && ask(feed, SURVEY) != 0) ||
		fill(feed, 0, workers) != 0)
		return -1;
	feed->ends[0] = feed->windows[0]->halves;
	feed->whole = feed->windows[0]->last;
	if (feed->whole) {
		stop_process(feed);
		return 0;
	}
	if (fill(feed, 1, workers) != 0)
		return -1;
	feed->ends[1] = feed->ends[0] + feed->windows[1]->halves;
	return 0;
}

int replay_feed_refill(struct replay_feed *feed, uint64_t position)
{
	uint64_t end = feed->ends[feed->newest];
	unsigned older = 1 - feed->newest;

	if (feed->whole || position <= feed->ends[older])
		return 0;
	if (fill(feed, older, feed->workers) != 0)
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
