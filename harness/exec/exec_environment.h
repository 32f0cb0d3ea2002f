// SPDX-License-Identifier: MIT
//
// What a command is started with: the libraries to preload and the rest of
// its environment. Programs copy their environment into blocks, so in every
// variant each variable has to be as long as in every other, or the variants
// would not do the same.
#ifndef SERIALBENCH_EXEC_ENVIRONMENT_H
#define SERIALBENCH_EXEC_ENVIRONMENT_H

#include <stddef.h>

#include "error_text.h"
#include "exec.h"
#include "program_path.h"
#include "python_host.h"

#define EXEC_PRELOAD_BYTES 8192

/*
 * Writes the absolute path of a variant's preload library ("" for `plain`;
 * `again` is the library of `none` once more). 0, or -1 with error where it
 * is missing or its path cannot stand in LD_PRELOAD.
 */
int exec_library(const char *variant, char path[EXEC_PRELOAD_BYTES],
	struct error *error);

/* The same of a library by its file name. */
int exec_own_library(enum program_kind kind, const char *name,
	char path[EXEC_PRELOAD_BYTES], struct error *error);

/* The same of the library that levels the variants (exec_level.c). */
int exec_level_library(char path[EXEC_PRELOAD_BYTES], struct error *error);

/* What stands in LD_PRELOAD, in this order; "" for what does not. */
struct exec_libraries {
	const char *wrapper, *level, *allocator;
};

/*
 * Writes the value of LD_PRELOAD: the wrapper's path filled up with slashes to
 * `wrapper_width`, and behind all as many colons (empty entries) as make it
 * `width` long. Widths of 0 fill nothing up. 0, or -1 with error.
 */
int exec_preload(char value[EXEC_PRELOAD_BYTES],
	const struct exec_libraries *libraries, size_t wrapper_width,
	size_t width, struct error *error);

/* The library that a CPython host is to be told of for a variant: a scheme,
 * PYTHON_OWN_HOOKS or PYTHON_NO_HOOKS. Never NULL. */
const char *exec_python_library(const char *variant);

/* What PYTHON_VARIANT has to be for such a library. */
void exec_python_value(
	char value[PYTHON_VARIANT_WIDTH + 1], const char *variant);

/* The rest that a run's environment is made of. */
struct exec_variables {
	const char *const *added; /* NAME=VALUE, or NULL */
	const char *preload;
	const char *dbgalloc; /* NULL: no counting */
	size_t level; /* bytes, of a counting run */
	const char *python; /* variant of a CPython host; NULL: none runs */
	size_t padding; /* bytes, to move the stack */
};

/*
 * The variables that a run has and that choose how a program allocates: what is
 * added, and of this process's own those of CPython, GLib and the C++ library.
 * Closed by NULL; free() gives the list back, the texts stay where they are.
 * NULL with errno.
 */
const char **exec_environment_named(const char *const *added);

/* Names of the variables of this process that a run does not get, as
 * "MALLOC_CONF, LD_PRELOAD"; "" where there is none. free() gives it back. NULL
 * with errno. */
char *exec_environment_left_out(void);

/* This process's environment without what steers an allocator, then `added`
 * (replacing what is there) and the others. free() gives it back. NULL with
 * errno. */
char **exec_environment(const struct exec_variables *variables);

#endif /* SERIALBENCH_EXEC_ENVIRONMENT_H */
