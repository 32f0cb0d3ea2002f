// SPDX-License-Identifier: MIT
#include <errno.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>

#include "barrier.h"
#include "pin.h"
#include "team.h"
#include "worker_jobs.h"

struct watcher {
	struct lane_shared *lane;
	const struct alloc_backend *backend;
	struct barrier *barrier;
	unsigned index;
	pthread_t thread;
	bool failed;
};

static void *watch(void *argument)
{
	struct watcher *self = argument;
	struct lane_setup *setup = &self->lane->setup;

	if (self->backend->thread_number != NULL)
		self->backend->thread_number(self->index + 1);
	if (setup->pin && pin_self(setup->pus[self->index]) != 0)
		self->failed = true;
	barrier_wait(self->barrier);
	self->backend->watch_serials(setup->numbers_of_thread,
		lane_serial_words(self->lane, self->index, 0),
		lane_serial_words(self->lane, self->index, 1),
		lane_serial_words(self->lane, self->index, 2));
	return NULL;
}

int worker_serial(struct lane_shared *lane, const struct alloc_backend *backend)
{
	static struct watcher watchers[TOPOLOGY_MAX_THREADS];
	static struct barrier barrier;
	unsigned threads = lane->setup.threads;
	bool failed = false;

	barrier_init(&barrier, threads, lane->setup.spin);
	for (unsigned i = 0; i < threads; i++) {
		watchers[i] = (struct watcher){.lane = lane,
			.backend = backend,
			.barrier = &barrier,
			.index = i};
		errno = pthread_create(
			&watchers[i].thread, NULL, watch, &watchers[i]);
		if (errno != 0) {
			snprintf(lane->message, LANE_TEXT, "pthread_create: %s",
				strerror(errno));
			return -1;
		}
	}
	for (unsigned i = 0; i < threads; i++) {
		pthread_join(watchers[i].thread, NULL);
		failed = failed || watchers[i].failed;
	}
	if (failed)
		snprintf(lane->message, LANE_TEXT, "a thread was not pinned");
	return failed ? -1 : 0;
}
