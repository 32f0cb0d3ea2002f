// SPDX-License-Identifier: MIT
//
// Two windows of a trace's operations, filled in turn by a process of its own:
// it reads the trace and keeps its tables in its own memory, so none of them
// stands on the heap that is measured. A trace that fits into one window is
// read once and is then its own next window.
#ifndef SERIALBENCH_REPLAY_FEED_H
#define SERIALBENCH_REPLAY_FEED_H

#include <sys/types.h>

#include "trace_replay.h"

struct replay_feed {
	struct trace_replay_window *windows[2];
	/* Where they end: half operations since the beginning. */
	uint64_t ends[2];
	unsigned newest; /* the one that was filled last */
	bool whole; /* windows[0] holds the whole trace */
	void *memory; /* shared with the process */
	size_t bytes;
	struct trace_replay_survey *survey; /* of the trace, where asked for */
	pid_t process; /* 0: none */
	int channel; /* to it, or -1 */
	uint32_t workers;
	uint32_t pace; /* cycles for each recorded us */
};

/*
 * Starts the process and has both windows filled, each for feed->workers
 * streams with `room` words in all at feed->pace, and the trace surveyed where
 * `survey` says so. The rest of the feed is set up here.
 * `common`: what replay_file_make_common() filled already, or NULL; then the
 * process has nothing to do before a third window is wanted. Only while the
 * caller has no other thread. 0, or -1 where memory or the trace failed; the
 * caller finishes it in both cases.
 */
int replay_feed_begin(struct replay_feed *feed, const char *path, uint32_t room,
	bool survey, const void *common);

/* Takes the windows out of what this process has in memory, until they are
 * looked at again. Every worker stands still. 0, or -1 with errno. */
int replay_feed_let_go(const struct replay_feed *feed);

/* Half operations up to which windows are filled. */
static inline uint64_t replay_feed_end(const struct replay_feed *feed)
{
	return feed->whole ? UINT64_MAX : feed->ends[feed->newest];
}

/* Every worker has come to a position: where that is behind the older window,
 * it is filled with what follows the other. 0, or -1. */
int replay_feed_refill(struct replay_feed *feed, uint64_t position);

/* Accepts NULL and a zeroed feed. */
void replay_feed_finish(struct replay_feed *feed);

#endif /* SERIALBENCH_REPLAY_FEED_H */
