// SPDX-License-Identifier: MIT
//
// serialbench-python: CPython with a debug wrapper on its raw, mem and object
// domains. Its command line is python3's; what is ours comes by the
// environment, so that an interpreter that the program starts (sys.executable)
// runs like this one.
#ifndef SERIALBENCH_PYTHON_HOST_H
#define SERIALBENCH_PYTHON_HOST_H

#include <Python.h>
#include <stdbool.h>
#include <stddef.h>

#include "python_host.h"

#define HOST_DOMAINS 3

/* CPython's domain of each place, and the letter in its blocks. */
extern const PyMemAllocatorDomain host_domains[HOST_DOMAINS];
extern const char host_letters[HOST_DOMAINS + 1];

/* "none", "atomic", …, PYTHON_NO_HOOKS or PYTHON_OWN_HOOKS: cut from the
 * environment. */
struct host_variant {
	char name[PYTHON_VARIANT_WIDTH + 1];
};

/* Plain where the environment names no variant. */
void host_variant_read(struct host_variant *variant);

/* Ends the process with one line and exit code 2. */
_Noreturn void host_refuse(const char *what, const char *why);

/*
 * Puts the variant on top of CPython's allocators, after Py_PreInitialize() and
 * before anything was allocated that Python is to free. Does not return where
 * it cannot.
 */
void host_install(const struct host_variant *variant);

/* The traceback of a block's allocation and those of the threads, as
 * CPython's own hooks print them; dbgalloc.h says when. */
void host_describe(void *context, const void *block);
void host_last_words(void *context);

/* From now on threads are made by this library's pthread_create() where it has
 * one, so that they are counted under their parents. */
void host_threads_by(void *library);

/* Where blocks are counted (count.c), around whatever is installed between
 * the two calls. Both do nothing where the environment asks for no counts. */
void host_count_below(const struct host_variant *variant);
void host_count_on_top(void);

#endif /* SERIALBENCH_PYTHON_HOST_H */
