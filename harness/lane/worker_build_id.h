// SPDX-License-Identifier: MIT
//
// The commit that the worker was built from, in a section of its own and of
// one length: workers of two commits that differ in nothing else have the same
// code at the same addresses, and what is hashed of them can leave it out.
#ifndef SERIALBENCH_WORKER_BUILD_ID_H
#define SERIALBENCH_WORKER_BUILD_ID_H

#define WORKER_BUILD_ID_SECTION "serialbench_build_id"
#define WORKER_BUILD_ID_BYTES 64

/* NUL-terminated. In a file of its own, so that no compiler knows its length
 * where it is read. */
extern const char worker_build_id[WORKER_BUILD_ID_BYTES];

#endif /* SERIALBENCH_WORKER_BUILD_ID_H */
