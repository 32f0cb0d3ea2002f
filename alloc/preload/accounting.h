// SPDX-License-Identifier: MIT
//
// DBGALLOC=stats=PATH: counts what this process does into the file that
// preload_stats.h describes. Off, it costs one predicted branch a call. On,
// calls of all threads go through one spin lock: figures are exact, times are
// not to be measured.
#ifndef SERIALBENCH_PRELOAD_ACCOUNTING_H
#define SERIALBENCH_PRELOAD_ACCOUNTING_H

#include <stdbool.h>
#include <stddef.h>

/* Written at start only. */
extern bool accounting_on;

/* What of a block counts: its request, what the wrapper added, and the size of
 * the underlying block (0: nobody asked). */
struct accounting_block {
	size_t requested, added, usable;
};

/* Maps the file, claims a slot for `variant` (not copied), whose blocks have
 * so many bytes of serial, and turns the accounting on. NULL, or what is wrong
 * (then it stays off). Before threads start. */
const char *accounting_start(
	const char *path, const char *variant, size_t serial_bytes);

/* Thread-safe, fork-safe (in any kind of fork the child counts on in a slot of
 * its own; a vfork child in its parent's), keep errno. */
void accounting_made(struct accounting_block made);
void accounting_freed(struct accounting_block freed);
void accounting_replaced(
	struct accounting_block old, struct accounting_block made);

/* Live blocks, -1 while it is off. */
long accounting_live_blocks(void);

#endif /* SERIALBENCH_PRELOAD_ACCOUNTING_H */
