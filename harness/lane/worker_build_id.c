// SPDX-License-Identifier: MIT
#include "worker_build_id.h"

#include "build_id.h"

_Static_assert(sizeof(BUILD_ID) <= WORKER_BUILD_ID_BYTES, "it ends in a NUL");

const char worker_build_id[WORKER_BUILD_ID_BYTES]
	__attribute__((section(WORKER_BUILD_ID_SECTION), used)) = BUILD_ID;
