// SPDX-License-Identifier: MIT
//
// Texts from files and command lines as one line that a terminal only shows.
// Thread-safe.
#ifndef SERIALBENCH_PRINTABLE_H
#define SERIALBENCH_PRINTABLE_H

#include <stdbool.h>
#include <stddef.h>

/* Whether no byte is a control character of ASCII. */
bool is_printable(const char *text);

/* Puts ? in the place of each byte that is one. */
void make_printable(char *text);

/* Bytes of the character of UTF-8 at the start of the text; 0 where there is
 * none, as at its end. */
size_t utf8_length(const char *text);

/* Whether a name may stand in the files of a run: UTF-8 without control
 * characters. PLAIN_TEXT says so to those whose name may not. */
#define PLAIN_TEXT "allowed is UTF-8 without control characters"
bool is_plain_text(const char *text);

/* Puts ? in the place of each byte that makes it none: for a name that somebody
 * else has given, as a host's is. */
void make_plain_text(char *text);

#endif /* SERIALBENCH_PRINTABLE_H */
