// SPDX-License-Identifier: MIT
//
// What a worker does besides taking turns.
#ifndef SERIALBENCH_WORKER_JOBS_H
#define SERIALBENCH_WORKER_JOBS_H

#include "lane_shared.h"

/* Holds setup.blocks blocks of setup.size bytes, weighs the process, frees
 * them. 0, or -1 with lane->message. */
int worker_memory(
	struct lane_shared *lane, const struct alloc_backend *backend);

/* Takes setup.numbers_of_thread numbers on each of setup.threads pinned
 * threads at once, into the arrays behind the lane. 0, or -1 with
 * lane->message. */
int worker_serial(
	struct lane_shared *lane, const struct alloc_backend *backend);

/* Times setup.pairs allocations of setup.size bytes, and their frees, call by
 * call into the histograms behind the lane, on one thread. 0, or -1 with
 * lane->message. */
int worker_latency(
	struct lane_shared *lane, const struct alloc_backend *backend);

/* The same backend, but it adds every block to lane->slots and frees none, so
 * that a slot's size depends on what was asked for alone. */
const struct alloc_backend *slots_backend(
	struct lane_shared *lane, const struct alloc_backend *backend);

#endif /* SERIALBENCH_WORKER_JOBS_H */
