// SPDX-License-Identifier: MIT
//
// google-benchmark for C: what the micro-benchmarks use of it, and no more.
// gbench_shim.cc behind this header is the only C++ of the project.
#ifndef SERIALBENCH_GBENCH_SHIM_H
#define SERIALBENCH_GBENCH_SHIM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* A registered family of benchmarks; google-benchmark owns it. */
struct gbench_family;

/* One thread's view of one run of a benchmark; lives as long as the body. */
struct gbench_state;

/* What a benchmark does, on all its threads at once. */
typedef void gbench_body(struct gbench_state *state, const void *context);

/*
 * Registers `body`; `context` is handed to it and stays the caller's, who
 * keeps it until gbench_run returns. The time of the family is what the body
 * reports (manual time).
 */
struct gbench_family *gbench_register(
	const char *name, gbench_body *body, const void *context);

/* The family takes one argument, which stands in names as "name:value". */
void gbench_argument_name(struct gbench_family *family, const char *name);

/* Every argument is run with every thread count. */
void gbench_argument(struct gbench_family *family, int64_t value);
void gbench_threads(struct gbench_family *family, int threads);

/* A line for the context of the output. Before gbench_run. */
void gbench_context(const char *key, const char *value);

/* Reads and takes away google-benchmark's flags; ends the program after
 * --help. 0, or -1 when flags are left, which are then named on stderr. */
int gbench_init(int *argc, char **argv);

/* Runs what the flags choose and frees the families. How many benchmarks
 * matched. */
size_t gbench_run(void);

/* After gbench_run: the name of the stream or file that has not got all of the
 * output, or NULL. */
const char *gbench_lost(void);

/* For bodies. */
int64_t gbench_argument_of(const struct gbench_state *state);
unsigned gbench_thread_index(const struct gbench_state *state);
unsigned gbench_thread_count(const struct gbench_state *state);

/* True when `operations` more are to be done; they count as iterations, and
 * the number may be larger than what is left. All threads start together. */
bool gbench_keep_running(struct gbench_state *state, int64_t operations);

/* Adds to the time of the calling thread. */
void gbench_add_time(struct gbench_state *state, double seconds);

/* google-benchmark adds up the threads' counters of one name: to be set by one
 * thread alone. */
void gbench_counter(struct gbench_state *state, const char *name, double value);

/* Marks the benchmark as failed; gbench_keep_running is false afterwards. */
void gbench_skip_with_error(struct gbench_state *state, const char *message);

#ifdef __cplusplus
}
#endif

#endif /* SERIALBENCH_GBENCH_SHIM_H */
