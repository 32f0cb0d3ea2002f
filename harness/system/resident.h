// SPDX-License-Identifier: MIT
//
// What this process has in memory.
#ifndef SERIALBENCH_RESIDENT_H
#define SERIALBENCH_RESIDENT_H

#include <stdint.h>

/* Resident bytes, page by page (smaps_rollup: the counters of statm are summed
 * per PU and late). Allocates nothing. 0, or -1 with errno. Thread-safe. */
int resident_bytes(uint64_t *bytes);

#endif /* SERIALBENCH_RESIDENT_H */
