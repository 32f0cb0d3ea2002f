// SPDX-License-Identifier: MIT
//
// Where the suite's own programs and libraries are: in the build tree beside
// the program that runs, or where they were installed.
#ifndef SERIALBENCH_PROGRAM_PATH_H
#define SERIALBENCH_PROGRAM_PATH_H

#include <stddef.h>

/*
 * Writes the path of `name`: in the folder that the environment variable
 * `variable` names where it is set, else in `folder` relative to this
 * program's own where it stands there, else in the installed folder.
 */
void program_path(char *path, size_t size, const char *variable,
	const char *folder, const char *name);

#endif /* SERIALBENCH_PROGRAM_PATH_H */
