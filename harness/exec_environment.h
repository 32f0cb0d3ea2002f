// SPDX-License-Identifier: MIT
//
// What a command is started with: the libraries to preload and the rest of
// its environment. Programs copy their environment into blocks, so in every
// variant each variable has to be as long as in every other, or the variants
// would not do the same.
#ifndef SERIALBENCH_EXEC_ENVIRONMENT_H
#define SERIALBENCH_EXEC_ENVIRONMENT_H

#include <stddef.h>

#include "exec.h"

#define EXEC_PRELOAD_BYTES 8192

/*
 * Writes the absolute path of a variant's preload library ("" for `plain`;
 * `again` is the library of `none` once more). 0, or -1 with error[] where it
 * is missing or its path cannot stand in LD_PRELOAD.
 */
int exec_library(const char *variant, char path[EXEC_PRELOAD_BYTES],
	char error[EXEC_ERROR]);

/*
 * Writes the value of LD_PRELOAD: the wrapper's library, its path filled up
 * with slashes to `wrapper_width`, then the allocator's, then as many colons
 * (empty entries) as make it `width` long. Widths of 0 fill nothing up. 0, or
 * -1 with error[].
 */
int exec_preload(char value[EXEC_PRELOAD_BYTES], const char *library,
	size_t wrapper_width, const struct allocator *allocator, size_t width,
	char error[EXEC_ERROR]);

/*
 * This process's environment without what steers an allocator, then `added`
 * (NAME=VALUE, replacing what is there, or NULL), LD_PRELOAD, DBGALLOC where
 * `dbgalloc` is no NULL, and padding of that many bytes. free() gives it back.
 * NULL with errno.
 */
char **exec_environment(const char *const *added, const char *preload,
	const char *dbgalloc, size_t padding);

#endif /* SERIALBENCH_EXEC_ENVIRONMENT_H */
