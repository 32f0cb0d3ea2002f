// SPDX-License-Identifier: MIT
//
// meta.json: on what, with what and how a run was made. What is unknown here is
// null, with the reason beside it under "<name>_why".
#ifndef SERIALBENCH_ENVIRONMENT_H
#define SERIALBENCH_ENVIRONMENT_H

#include <jansson.h>

#include "error_text.h"
#include "run_options.h"

/* The real program of a run as a line for a shell: Debian's own interpreter,
 * and not what a PATH may put before it, with all memory through malloc and the
 * same hashes in every run. */
#define REAL_PROGRAM "/usr/bin/python3"
#define REAL_PROGRAM_SCRIPT "pass"
#define REAL_PROGRAM_COMMAND REAL_PROGRAM " -c " REAL_PROGRAM_SCRIPT
#define REAL_PROGRAM_MALLOC "PYTHONMALLOC=malloc"
#define REAL_PROGRAM_HASH "PYTHONHASHSEED=0"
#define REAL_PROGRAM_VARIABLES REAL_PROGRAM_MALLOC " " REAL_PROGRAM_HASH

/* What only the run itself knows. */
struct environment_run {
	const char *run_id;
	char plan_id[PLAN_ID];
	const struct run_options *options;
	const struct plan *plan;
	const struct topology *topology;
	uint64_t start_unix_ns, end_unix_ns; /* end 0: not ended */
	json_t *certificate; /* of the machine and build, or NULL; the run's */
	struct error no_certificate; /* why there is none */
	json_t *resumed; /* array of ns since 1970, or NULL; the run's */
	size_t launches_done, launches_failed, rounds, rounds_excluded;
	size_t launches_extra; /* of those, beyond the plan */
	bool stopped; /* by Ctrl-C */
	struct error partial; /* run_say_partial(); "" for a whole run */
	bool budget_spent; /* before all launches were done */
};

/* Writes the file whole, or leaves the old one. 0, or -1 with errno. */
int environment_write(const struct environment_run *run, const char *path);

/* The same with a record that was put together elsewhere. */
int environment_write_record(const json_t *meta, const char *path);

/* The names of the cells that the time budget dropped. */
json_t *dropped_record(const struct plan *plan);

/* What a record says of run_say_partial()'s text: null for a whole run. */
json_t *partial_record(const struct error *partial);

/* The cost of reading the clock of turns once, ns. */
double environment_clock_ns(void);

#endif /* SERIALBENCH_ENVIRONMENT_H */
