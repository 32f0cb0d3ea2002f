// SPDX-License-Identifier: MIT
//
// Planted faults: `none` with something wrong with it of a known size, for
// `serialbench certify` to find. They are in the certifying worker alone, and
// no list of variants has them. A name carries its amount: "slowed=120".
#ifndef SERIALBENCH_PLANTED_H
#define SERIALBENCH_PLANTED_H

#include <stddef.h>

/* Work is planted in one allocation of this many, so that a step of the
 * amount is a hundredth of a per cent of a pair, not a cycle of each call. */
#define PLANTED_PERIOD 32u

/* A stall comes once in this many allocations of a thread. */
#define PLANTED_STALL_PERIOD 10000u

/* Bytes that `padded` asks for more, and tells nobody. */
#define PLANTED_BYTES 16u

/*
 * slowed, uneven: steps of private_work() in one allocation of PLANTED_PERIOD,
 * of every thread or of the one that allocated first. stalled: ticks of
 * tsc_read() that one allocation of PLANTED_STALL_PERIOD waits. Set by
 * alloc_backend_find() before any thread allocates.
 */
extern size_t planted_amount;

#endif /* SERIALBENCH_PLANTED_H */
