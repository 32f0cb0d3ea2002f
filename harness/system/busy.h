// SPDX-License-Identifier: MIT
//
// Processes that do nothing but take time from whoever is measured.
#ifndef SERIALBENCH_BUSY_H
#define SERIALBENCH_BUSY_H

#include <stddef.h>
#include <sys/types.h>

/* Starts them; they end with this process at the latest. 0, or -1 with errno
 * and those that were started in pids[], which was zeroed. */
int busy_begin(pid_t *pids, size_t count);

/* Ends those that are there; errno stays. */
void busy_end(pid_t *pids, size_t count);

#endif /* SERIALBENCH_BUSY_H */
