// SPDX-License-Identifier: MIT
//
// "did you mean": the allowed name that is nearest to a word that is none.
#ifndef SERIALBENCH_NEAREST_NAME_H
#define SERIALBENCH_NEAREST_NAME_H

#include <stddef.h>

#include "error_text.h"

/* Begins as {.word = …}; the texts stay the caller's. */
struct nearest_name {
	const char *word;
	const char *name; /* the nearest so far, or NULL */
	size_t distance; /* of `name` */
};

/*
 * Takes a name that is nearer than those before it. Near is a name that a third
 * of the word's letters, at least one, makes of the word: letters that are
 * wrong, missing, too many, or in the wrong order (Damerau 1964). The word
 * itself is not near: then something else was wrong than its spelling.
 */
void nearest_name_try(struct nearest_name *nearest, const char *name);

/* Puts "; did you mean 'NAME'?" behind the text where a name is near. -1, so
 * that a function may return the call. */
int error_add_nearest(struct error *error, const struct nearest_name *nearest);

#endif /* SERIALBENCH_NEAREST_NAME_H */
