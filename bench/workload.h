// SPDX-License-Identifier: MIT
//
// The workload contract. A workload is a const struct of data and hooks in a
// short file with no clock, no printing, no threads and no argv in it; the
// harness owns threads, pinning, turns and time.
//
// Life of an instance, W = on every one of its threads at once, M = once:
//
//   M setup → W thread_setup → turns: (W run, warm-up, untimed)
//     (W run, timed) (W settle) → now and then (W verify) → W thread_finish
//     → M finish
//
// All threads stand still at a barrier between two steps, so a step may read
// what another thread left in the step before.
#ifndef SERIALBENCH_WORKLOAD_H
#define SERIALBENCH_WORKLOAD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "alloc_backend.h"
#include "prng.h"

#define WORKLOAD_ABI 4
#define WORKLOAD_MAX_PARAMS 8

/* Room for every text of a workload: its name with parameters, an error. */
#define WORKLOAD_TEXT 160

/* One parameter, declared as data; values are whole numbers, and a parameter
 * with `names` is written by name: names[value]. At most one of a workload is
 * a path: its value is the instance's `path`, and it has no other. */
struct workload_param {
	const char *name;
	int64_t standard; /* where the command line is silent */
	int64_t least, most; /* allowed range, both ends included */
	const char *const *names; /* NULL, or most + 1 names */
	bool is_path; /* of a file; standard, least, most are not looked at */
	/* The path is what the workload is about: it has to be given, and
	 * stands behind the name, "trace:FILE". In a cell's name the other
	 * parameters are then left out where they have standard values. */
	bool is_subject;
	const char *description; /* with its unit */
	const char *source; /* where the literature sets it */
};

struct workload_thread;

/* What a workload may ask of the harness. */
struct workload_host {
	/*
	 * Asks that the calling thread die when run() returns and that a new
	 * one, pinned to the same PU and holding the same workload_thread, go
	 * on with the operations that are left; the harness counts births.
	 * run() returns early after it. Safe in a timed turn: it sets a flag.
	 */
	void (*end_thread)(struct workload_thread *thread);

	/*
	 * Says that the calling thread's blocks are worth weighing now, since
	 * they are the most that it holds, or what is left after most were
	 * freed. Where a footprint is measured, the harness calls live_bytes()
	 * and looks at the process; in a timed turn it does nothing.
	 */
	void (*checkpoint)(struct workload_thread *thread);

	/* A footprint is measured: a workload that would have to stop for a
	 * checkpoint does so only here. */
	bool weighs;
};

/* What a thread's blocks are, where the workload knows every one. */
struct workload_blocks {
	uint64_t count;
	uint64_t slots; /* bytes of the underlying blocks (slot_size) */
};

/* What all threads of an instance share. */
struct workload_instance {
	const struct workload *workload;
	const struct alloc_backend *backend;
	const struct workload_host *host;
	int64_t params[WORKLOAD_MAX_PARAMS]; /* in the order of ->params */
	char path[WORKLOAD_TEXT]; /* of the parameter that is one, or "" */
	unsigned threads; /* in all, with every role */
	uint64_t seed; /* the same for all variants of a launch */
	/* What make_common() made of this, only to be read; NULL: nobody did,
	 * and the instance makes its own. */
	const void *common;
	void *shared; /* shared_bytes() zeroed bytes, cache-line aligned */
};

/* One thread of an instance: its place, not its OS thread, which may change
 * (end_thread). */
struct workload_thread {
	struct workload_instance *instance;
	unsigned index; /* 0 … threads - 1 */
	unsigned role; /* index into ->roles; 0 where there are none */
	uint64_t seed; /* differs by thread, repeats with the launch */
	void *own; /* own_bytes() zeroed bytes, cache-line aligned */
	bool end_asked; /* set by host->end_thread, cleared by the harness */
};

/* The seed of a thread of an instance. */
static inline uint64_t workload_thread_seed(
	const struct workload_instance *instance, unsigned index)
{
	return prng_mix(instance->seed + index + 1);
}

/* Thread counts that a workload can run with. */
struct workload_team {
	unsigned multiple; /* of which the count has to be one */
	unsigned most; /* and the standard; a multiple of `multiple` */
	char remark[512]; /* one line that a person should know, or empty */
};

struct workload {
	unsigned abi; /* WORKLOAD_ABI */
	const char *name; /* on the command line and in the CSV */
	const char *description; /* one line */
	const char *source; /* the literature */

	/* False: no backend call but take_serials is made, so the underlying
	 * allocator does not matter and one is enough. */
	bool uses_allocator;

	/* True: an operation costs in a few thousand of them what it costs in
	 * millions, so a turn can be short. False where a live set takes long
	 * to be touched, threads die, or one stretch is not like the next. */
	bool uniform;

	/* Closed by an entry without a name. Never NULL. */
	const struct workload_param *params;

	/* Says whether the parameters do together and a file can be read: 0,
	 * or -1 with one line in error[]. NULL: they always do. */
	int (*check)(const struct workload_instance *instance,
		char error[WORKLOAD_TEXT]);

	/*
	 * For workloads that know how many threads they have something to do
	 * for: looks at everything that a run relies on, which may take long.
	 * The runner calls it before there is a plan. 0, or -1 with one line
	 * in error[]. NULL: any number of threads will do.
	 */
	int (*plan)(const struct workload_instance *instance,
		struct workload_team *team, char error[WORKLOAD_TEXT]);

	/* Roles by index, closed by NULL; NULL where all threads are alike.
	 * role_of is NULL with it. */
	const char *const *roles;
	unsigned (*role_of)(unsigned index, unsigned threads);

	/* Fewest threads that it can run with; 0 and 1 mean any. */
	unsigned least_threads;

	/* Memory that the harness maps (never mallocs) for the instance and
	 * for each thread. NULL means none. */
	size_t (*shared_bytes)(const struct workload_instance *instance);
	size_t (*own_bytes)(const struct workload_instance *instance);

	/*
	 * For what every worker of a launch would make alike before it begins,
	 * out of parameters, threads and seed (where common_has_seed): the
	 * runner makes it once, in common_bytes() zeroed bytes, and every
	 * worker finds it in ->common, at another address. The instance has no
	 * backend then. 0, or -1 where there is nothing in common. Both or
	 * neither.
	 */
	size_t (*common_bytes)(const struct workload_instance *instance);
	int (*make_common)(
		const struct workload_instance *instance, void *memory);
	bool common_has_seed;

	/* Fills the shared part; a live population is built here or in
	 * thread_setup. 0, or -1 when out of memory. NULL: nothing to do. */
	int (*setup)(struct workload_instance *instance);
	int (*thread_setup)(struct workload_thread *thread);

	/*
	 * The only timed code: does `operations` operations (as many in every
	 * thread of a step) and returns how
	 * many it did, fewer only after end_thread. An operation is one
	 * allocation together with one free; a realloc counts as one. A role
	 * whose work is not counted returns the number that it was asked for,
	 * and counted_role says so. Never NULL.
	 */
	uint64_t (*run)(struct workload_thread *thread, uint64_t operations);

	/* Which roles' operations count. NULL: all. */
	bool (*counted_role)(unsigned role);

	/* Brings blocks in flight to rest after a turn; untimed. NULL: none
	 * are ever in flight. */
	void (*settle)(struct workload_thread *thread);

	/* Checks the contents of the blocks that it holds and of one fresh
	 * block; untimed; not called on `null`. 0, or -1 when damaged. NULL:
	 * it holds nothing that could be. */
	int (*verify)(struct workload_thread *thread);

	/* Checksum of the operations done so far by this thread: depends on
	 * the seed and the count alone, not on the variant or on the
	 * interleaving; the harness adds up the threads'. Never NULL. */
	uint64_t (*checksum)(const struct workload_thread *thread);

	/*
	 * For workloads whose point is bytes, both or neither: the bytes that
	 * the thread's blocks were asked to hold, now (called by the thread at
	 * a checkpoint); and how many operations of each thread go through all
	 * that it does, checkpoints included. Untimed.
	 */
	uint64_t (*live_bytes)(const struct workload_thread *thread);
	uint64_t (*course)(const struct workload_instance *instance);

	/* Beside live_bytes(), and at the same time; NULL: the workload does
	 * not count them. */
	void (*live_blocks)(const struct workload_thread *thread,
		struct workload_blocks *blocks);

	/* Frees everything. NULL: nothing to free. */
	void (*thread_finish)(struct workload_thread *thread);
	void (*finish)(struct workload_instance *instance);
};

/* The member that the contract demands and the workload lacks, or NULL. */
const char *workload_missing(const struct workload *workload);

/* Every workload, in the order of bench/meson.build, closed by NULL. */
extern const struct workload *const workloads[];

/* The workload of that name, or NULL. */
const struct workload *workload_find(const char *name);

/*
 * Reads "name[:FILE][,param=value…]" into an instance's workload and params,
 * with standard values for those not named. 0, or -1 with one line in error[]
 * that says what is wrong and what is allowed.
 */
int workload_parse(const char *text, struct workload_instance *instance,
	char error[WORKLOAD_TEXT]);

/* Writes the parameters as "param=value,…" in declared order, "" when there are
 * none; a path that is "" is left out. Without `all`, as it stands in a cell's
 * name: a name at its standard value is left out, and of a path only the last
 * part is there. */
void workload_params_text(const struct workload_instance *instance, bool all,
	char text[WORKLOAD_TEXT]);

/* Writes the workload as it stands in a cell's name. */
void workload_name_text(
	const struct workload_instance *instance, char text[WORKLOAD_TEXT]);

/* The parameter that is the workload's subject, or NULL. */
const struct workload_param *workload_subject(const struct workload *workload);

#endif /* SERIALBENCH_WORKLOAD_H */
