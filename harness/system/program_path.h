// SPDX-License-Identifier: MIT
//
// Where the suite's own programs and libraries are: in the build tree beside
// the program that runs, or where they were installed.
#ifndef SERIALBENCH_PROGRAM_PATH_H
#define SERIALBENCH_PROGRAM_PATH_H

#include <stddef.h>

enum program_kind {
	PROGRAM_OWN, /* workers, helpers; SERIALBENCH_WORKERS */
	PROGRAM_RECORDER, /* of `record`; SERIALBENCH_WORKERS */
	PROGRAM_TRACE, /* shipped traces; SERIALBENCH_TRACES */
	PROGRAM_LIBRARY, /* libdbgalloc-*; SERIALBENCH_LIBRARIES */
};

/* The environment variable that names the folder of such a file. */
const char *program_path_variable(enum program_kind kind);

/*
 * Writes the path of `name`: in the folder that the kind's variable names where
 * it is set, else beside this program in the build tree where it stands there,
 * else where it is installed.
 */
void program_path(
	char *path, size_t size, enum program_kind kind, const char *name);

#endif /* SERIALBENCH_PROGRAM_PATH_H */
