// SPDX-License-Identifier: MIT
//
// For tests: all threads of a workload in this process, without the harness:
// nobody is pinned or timed, and threads are born where they are asked for.
#ifndef SERIALBENCH_TESTS_CREW_H
#define SERIALBENCH_TESTS_CREW_H

#include "workload.h"

#define CREW_MOST 8

struct crew {
	struct workload_instance instance;
	struct workload_thread threads[CREW_MOST];
	uint64_t left[CREW_MOST]; /* operations of the turn */
	int results[CREW_MOST]; /* of the last step */
	uint64_t births;
	void *common; /* what the instance's is */
};

/* Sets everything up; fails the test where the text is refused. 0, or -1
 * where the workload's set-up said so; then crew_end() is still due. */
int crew_begin(struct crew *crew, const char *text,
	const struct alloc_backend *backend, unsigned threads);

/* The same under a host of the test's; NULL: one that weighs nothing. */
int crew_begin_under(struct crew *crew, const char *text,
	const struct alloc_backend *backend, unsigned threads,
	const struct workload_host *host);

/* The same with what make_common() makes; fails the test where that is
 * nothing. */
int crew_begin_common(struct crew *crew, const char *text,
	const struct alloc_backend *backend, unsigned threads);

/* One turn: every thread at once does `operations`. */
void crew_run(struct crew *crew, uint64_t operations);

/* 0, or -1 where any thread found damage. */
int crew_verify(struct crew *crew);

uint64_t crew_checksum(const struct crew *crew);

/* Frees everything. */
void crew_end(struct crew *crew);

#endif /* SERIALBENCH_TESTS_CREW_H */
