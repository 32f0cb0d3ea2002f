// SPDX-License-Identifier: MIT
//
// Whether what is preloaded allocates at all.
#ifndef SERIALBENCH_TRIAL_H
#define SERIALBENCH_TRIAL_H

#include "lane_shared.h"

/* Tries malloc, calloc, realloc, aligned_alloc, posix_memalign, the usable size
 * and free. The lane's message is the call that is being tried, so that the
 * runner knows it when this process ends there. 0, or -1 with a message of what
 * the call did wrong. */
int trial_calls(struct lane_shared *lane);

#endif /* SERIALBENCH_TRIAL_H */
