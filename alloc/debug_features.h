// SPDX-License-Identifier: MIT
//
// What the wrapper does to a block, as policy: each feature is a constant that
// the inline functions of debug_wrap_tmpl.c test, so that a build without it
// has no trace of it. Variants have all of them; the cost ledger's builds
// (docs/ledger.md) leave some out by -DDEBUG_DEAD_FILL=0 and the like. The size
// and the id's word are no feature: with them the wrapper begins.
#ifndef SERIALBENCH_DEBUG_FEATURES_H
#define SERIALBENCH_DEBUG_FEATURES_H

/* The forbidden word behind a block. (The forbidden bytes before it fill the
 * id's word: they are stored and compared with it at once.) */
#ifndef DEBUG_GUARDS
#define DEBUG_GUARDS 1
#endif

/* 0xCD over the bytes of a new block. */
#ifndef DEBUG_CLEAN_FILL
#define DEBUG_CLEAN_FILL 1
#endif

/* 0xDD over all of a block that is given up. */
#ifndef DEBUG_DEAD_FILL
#define DEBUG_DEAD_FILL 1
#endif

/* The look at id and guards before a block is freed or resized. */
#ifndef DEBUG_VERIFICATION
#define DEBUG_VERIFICATION 1
#endif

#endif /* SERIALBENCH_DEBUG_FEATURES_H */
