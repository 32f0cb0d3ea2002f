// SPDX-License-Identifier: MIT
//
// Memory for the calls that arrive while dlsym() looks for the underlying
// allocator: dlsym itself may allocate. A static arena from which blocks are
// only taken; the debug wrapper puts its header around them as around any.
#ifndef SERIALBENCH_PRELOAD_BOOTSTRAP_H
#define SERIALBENCH_PRELOAD_BOOTSTRAP_H

#include <stdbool.h>
#include <stddef.h>

#include "raw_calls.h"

/* The arena as an underlying allocator; free() does nothing, NULL when it is
 * full. Thread-safe. */
extern const struct raw_calls bootstrap_calls;

/* Whether a block was ever taken, and whether this address is in the arena. */
bool bootstrap_used(void);
bool bootstrap_owns(const void *block);

/*
 * `next`, but such that a block of the arena never reaches it: it stays where
 * it is when freed, and is copied when it grows. Costs a compare on free and
 * realloc, so it is for processes in which the arena was used.
 */
struct raw_calls bootstrap_in_front_of(const struct raw_calls *next);

#endif /* SERIALBENCH_PRELOAD_BOOTSTRAP_H */
