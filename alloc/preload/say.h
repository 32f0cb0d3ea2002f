// SPDX-License-Identifier: MIT
//
// The library's own words: "dbgalloc: " and some texts, by write(2).
#ifndef SERIALBENCH_PRELOAD_SAY_H
#define SERIALBENCH_PRELOAD_SAY_H

#include "compiler.h"

/* One line on stderr from texts that are never NULL; keeps errno. The last
 * text closes the line. */
#define say(...) say_texts((const char *const[]){__VA_ARGS__, 0})
void say_texts(const char *const *texts);

#define say_and_abort(...)                                                     \
	say_texts_and_abort((const char *const[]){__VA_ARGS__, 0})
NORETURN void say_texts_and_abort(const char *const *texts);

#endif /* SERIALBENCH_PRELOAD_SAY_H */
