// SPDX-License-Identifier: MIT
#include "progress.h"

#include <stdio.h>
#include <unistd.h>

#include "clock.h"

#define TERMINAL_EVERY_NS 100000000u
#define PIPE_EVERY_NS 15000000000u

static void begin(struct progress *progress, const char *what, size_t all)
{
	*progress = (struct progress){
		.what = what,
		.all = all,
		.start_ns = clock_now(),
		.terminal = isatty(STDERR_FILENO) != 0,
	};
	progress->said_ns = progress->start_ns;
}

void progress_begin(struct progress *progress, const char *what, size_t all)
{
	begin(progress, what, all);
	if (!progress->terminal)
		fprintf(stderr, "serialbench: %s: %zu to do\n", what, all);
}

void progress_begin_open(struct progress *progress, const char *what,
	size_t all, uint64_t end_ns)
{
	begin(progress, what, all);
	progress->end_ns = end_ns;
	progress->open = true;
	if (!progress->terminal)
		fprintf(stderr, "serialbench: %s: at most %zu\n", what, all);
}

static void say(const struct progress *progress, const char *name, uint64_t now)
{
	double took = (double)(now - progress->start_ns) / 1e9;
	double left = took / (double)progress->done *
		(double)(progress->all - progress->done);

	if (progress->end_ns != 0) {
		double most = ((double)progress->end_ns - (double)now) / 1e9;

		left = most < 0 ? 0 : left < most ? left : most;
	}
	if (progress->terminal)
		fprintf(stderr, "\r\033[K%s %zu/%zu, %.0f s left  %s",
			progress->what, progress->done, progress->all, left,
			name);
	else
		fprintf(stderr, "serialbench: %s: %zu of %zu, %.0f s left\n",
			progress->what, progress->done, progress->all, left);
}

void progress_step(struct progress *progress, const char *name)
{
	uint64_t now = clock_now();
	uint64_t every = progress->terminal ? TERMINAL_EVERY_NS : PIPE_EVERY_NS;

	progress->done++;
	if (now - progress->said_ns < every)
		return;
	progress->said_ns = now;
	say(progress, name, now);
}

void progress_end(struct progress *progress)
{
	double took = (double)(clock_now() - progress->start_ns) / 1e9;

	fprintf(stderr, "%s%s: %zu of %s%zu done in %.1f s\n",
		progress->terminal ? "\r\033[K" : "serialbench: ",
		progress->what, progress->done,
		progress->open ? "at most " : "", progress->all, took);
}
