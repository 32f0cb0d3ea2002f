// SPDX-License-Identifier: MIT
//
// The library's own words, in one write(2).
#ifndef SERIALBENCH_RECORDER_SAY_H
#define SERIALBENCH_RECORDER_SAY_H

/* "serialbench record: WHAT: WHY" on stderr; without why where it is empty.
 * Keeps errno, allocates nothing. */
void recorder_say(const char *what, const char *why);

#endif /* SERIALBENCH_RECORDER_SAY_H */
