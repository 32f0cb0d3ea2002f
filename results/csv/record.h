// SPDX-License-Identifier: MIT
//
// The trial record: one list of fields gives the struct, the CSV header, the
// row, the reader and the table in docs/formats.md. A trial is one turn of
// one variant in one round of one launch.
#ifndef SERIALBENCH_RECORD_H
#define SERIALBENCH_RECORD_H

#include <stddef.h>
#include <stdint.h>

#define RECORD_SCHEMA_VERSION 1
#define RECORD_TEXT 192 /* bytes of a text field with its NUL */

/*
 * FIELD(kind, name, description). Kinds: TEXT, a string; COUNT, a whole
 * number; REAL, a number with a fraction. A number that was not measured is
 * RECORD_NO_COUNT or a NaN in memory and an empty field in the file, never 0.
 */
#define TRIAL_FIELDS(TEXT, COUNT, REAL)                                        \
	COUNT(schema_version, "version of this list")                          \
	TEXT(run_id, "name of the run")                                        \
	TEXT(cell, "workload[,param=value…]/allocator/tN[/placement]")         \
	COUNT(launch, "independent unit: one set of processes, from 0")        \
	COUNT(round, "one turn of every variant, from 0")                      \
	COUNT(position, "place of the turn in its round, from 0")              \
	TEXT(variant, "backend that was measured")                             \
	TEXT(role, "variant, control, peer, planted or baseline copy (A')")    \
	TEXT(build_id, "identity of the worker's build")                       \
	COUNT(link_order, "which of the worker's link orders ran")             \
	TEXT(workload, "name of the workload")                                 \
	TEXT(params, "all parameters of the workload, param=value,…")          \
	TEXT(allocator, "underlying allocator, as asked for")                  \
	TEXT(allocator_version, "as the allocator, or a peer, states it")      \
	COUNT(threads, "threads of the workload, all roles together")          \
	TEXT(placement, "how threads were put on PUs")                         \
	TEXT(pus, "OS indexes of the PUs by thread, joined by +")              \
	COUNT(env_bytes, "bytes added to the environment at random")           \
	COUNT(seed, "seed of the operation stream")                            \
	COUNT(ops, "operations done in the timed part")                        \
	REAL(wall_ns, "from the first start to the last finish, ns")           \
	REAL(cpu_ns, "thread CPU time of all threads, ns")                     \
	REAL(ns_per_op, "wall ns per operation in the common window")          \
	REAL(start_skew_ns, "first to last start, ns")                         \
	REAL(finish_skew_ns, "first to last finish, ns")                       \
	COUNT(thread_ops_min, "fewest operations of a counted thread")         \
	COUNT(thread_ops_max, "most operations of a counted thread")           \
	COUNT(minflt, "page faults without reading, all threads")              \
	COUNT(majflt, "page faults with reading, all threads")                 \
	COUNT(nvcsw, "voluntary context switches, all threads")                \
	COUNT(nivcsw, "involuntary context switches, all threads")             \
	COUNT(migrations, "threads found on another PU than at the start")     \
	COUNT(steal_ticks, "clock ticks stolen by the hypervisor, all PUs")    \
	COUNT(checksum, "of the operation stream so far, all threads")         \
	TEXT(status, "ok, or what happened: crashed, hung, miscounted, …")     \
	COUNT(excluded, "1 where the exclusion rule left the round out")       \
	TEXT(exclude_reason, "preempted or stolen; empty where kept")          \
	COUNT(t_start_unix_ns, "start of the turn, ns since 1970")

#define RECORD_NO_COUNT UINT64_MAX

/* STATUS(NAME, text): what can be said of a turn. Whoever is not ok says why in
 * exclude_reason. */
#define RECORD_STATUSES(STATUS)                                                \
	STATUS(OK, "ok")                                                       \
	STATUS(FAILED, "failed")                                               \
	STATUS(CRASHED, "crashed")                                             \
	STATUS(HUNG, "hung")                                                   \
	STATUS(MISCOUNTED, "miscounted")                                       \
	STATUS(DAMAGED, "damaged")

/* Roles of a variant; empty where it has none. */
#define RECORD_ROLE_VARIANT "variant"
#define RECORD_ROLE_CONTROL "control"
#define RECORD_ROLE_PEER "peer"
#define RECORD_ROLE_COPY "baseline copy"
#define RECORD_ROLE_PLANTED "planted"

struct trial {
#define RECORD_TEXT_MEMBER(name, description) char name[RECORD_TEXT];
#define RECORD_COUNT_MEMBER(name, description) uint64_t name;
#define RECORD_REAL_MEMBER(name, description) double name;
	TRIAL_FIELDS(
		RECORD_TEXT_MEMBER, RECORD_COUNT_MEMBER, RECORD_REAL_MEMBER)
#undef RECORD_TEXT_MEMBER
#undef RECORD_COUNT_MEMBER
#undef RECORD_REAL_MEMBER
	size_t line; /* of the file that it was read from; no field of it */
};

#endif /* SERIALBENCH_RECORD_H */
