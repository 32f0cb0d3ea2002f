// SPDX-License-Identifier: MIT
//
// One variant's entry in the table of wrappers; compiled once per variant.
#include "debug_wrap.h"
#include "wrapper.h"

#define WRAPPER_NAME_(variant) wrapper_##variant
#define WRAPPER_NAME(variant) WRAPPER_NAME_(variant)
#define WRAPPER WRAPPER_NAME(DEBUG_VARIANT)

extern const struct alloc_backend DEBUG_BACKEND;
extern const struct wrapper WRAPPER;

const struct wrapper WRAPPER = {
	.backend = &DEBUG_BACKEND,
	.serial_print = &DEBUG_FN(serial_print),
	.malloc = DEBUG_FN(malloc),
	.calloc = DEBUG_FN(calloc),
	.aligned_alloc = DEBUG_FN(aligned_alloc),
	.realloc = DEBUG_FN(realloc),
	.free = DEBUG_FN(free),
	.size = DEBUG_FN(size),
	.slot_size = DEBUG_FN(slot_size),
	.serial = DEBUG_FN(serial),
	.checked_size = DEBUG_FN(checked_size),
	.check = DEBUG_FN(check),
	.dump = DEBUG_FN(dump),
	.bytes_added = DEBUG_FN(bytes_added),
};
