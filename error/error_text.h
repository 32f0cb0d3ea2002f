// SPDX-License-Identifier: MIT
//
// What went wrong, as one line for a person: what, where, what is allowed. A
// function that can fail takes a struct error from its caller, fills it where
// it fails, and returns -1 (or NULL, or false); the program prints it once.
#ifndef SERIALBENCH_ERROR_TEXT_H
#define SERIALBENCH_ERROR_TEXT_H

#include <stdbool.h>

/* Room for two of the longest paths and what is said of them; what does not fit
 * ends with an ellipsis. Nobody else sizes or cuts such a text. */
#define ERROR_TEXT 9216

/* {0} is no error. One thread at a time; copied like any struct. */
struct error {
	char text[ERROR_TEXT];
};

/* Puts the text in place of what was there; the arguments may point into it.
 * errno stays. -1, so that a function may return the call. */
int error_set(struct error *error, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

/* Puts the text and ": " in front of what is there. errno stays. -1. */
int error_wrap(struct error *error, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

/* Puts the text behind what is there. errno stays. -1. */
int error_add(struct error *error, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

/* "WHAT: error_reason(errno)". errno stays. -1. */
int error_set_errno(struct error *error, const char *what);

/* As strerror(), and with the limit of the process (ulimit) that may have been
 * reached: on file sizes for EFBIG, on memory for ENOMEM, on open files for
 * EMFILE, on processes for EAGAIN. Valid until the thread's next call. */
const char *error_reason(int number);

/* Puts behind what is there which limits somebody has set for this process and
 * what it starts: "; limits: file sizes 8192 bytes (ulimit -f), …". Nothing
 * where there is none. -1. */
int error_add_limits(struct error *error);

/* Whether a file could not grow: no room, a quota, a limit, a bad disk. */
bool error_is_no_room(int number);

#endif /* SERIALBENCH_ERROR_TEXT_H */
