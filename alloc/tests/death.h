// SPDX-License-Identifier: MIT
//
// Does something in a forked child and sees how the child ends and what it
// says on stderr.
#ifndef SERIALBENCH_TESTS_DEATH_H
#define SERIALBENCH_TESTS_DEATH_H

#include <stddef.h>

struct death {
	int signal; /* that ended the child, or 0 */
	int status; /* of exit, where no signal did */
	size_t size; /* of the text, which may hold NUL */
	char text[8192];
};

/* The child exits with 0 after `act` returns. */
void death_of(struct death *death, void (*act)(const void *), const void *what);

#endif /* SERIALBENCH_TESTS_DEATH_H */
