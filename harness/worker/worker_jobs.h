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

/*
 * The same backend, but of the calls of a thread that has entered one in
 * setup.one_in, drawn at random, is timed into the thread's histograms behind
 * the lane.
 */
const struct alloc_backend *latency_backend(
	struct lane_shared *lane, const struct alloc_backend *backend);

/* Says which histograms are the calling thread's, and times the clock. */
void latency_enter(struct lane_shared *lane, unsigned index);

/*
 * run() in open loop: operation i of a turn begins when it is due, at the
 * turn's start and i periods, or as soon as the one before is done; its time
 * counts from when it was due. Returns how many were done, as run() does.
 */
uint64_t latency_run_open(struct lane_shared *lane,
	struct workload_thread *thread, uint64_t operations);

/* The same backend, but it adds every block to lane->slots and frees none, so
 * that a slot's size depends on what was asked for alone. */
const struct alloc_backend *slots_backend(
	struct lane_shared *lane, const struct alloc_backend *backend);

#endif /* SERIALBENCH_WORKER_JOBS_H */
