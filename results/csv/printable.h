// SPDX-License-Identifier: MIT
//
// Texts from files and command lines as one line that a terminal only shows.
// Inside results/ and harness/ only. Thread-safe.
#ifndef SERIALBENCH_PRINTABLE_H
#define SERIALBENCH_PRINTABLE_H

#include <stdbool.h>

/* Whether no byte is a control character of ASCII. */
bool is_printable(const char *text);

/* Puts ? in the place of each byte that is one. */
void make_printable(char *text);

#endif /* SERIALBENCH_PRINTABLE_H */
