// SPDX-License-Identifier: MIT
//
// A command as a line that a shell understands: what is printed is what a
// reader types.
#ifndef SERIALBENCH_EXEC_WORDS_H
#define SERIALBENCH_EXEC_WORDS_H

/* The line with its NUL; a row of a CSV file holds no longer one. */
#define EXEC_WORDS_BYTES 2048

/*
 * Joins words, closed by NULL, with a blank between, quoted where a shell needs
 * that; what is not printable UTF-8 is written as $'\xHH'. Behind them "<" and
 * the file, unless that is NULL. A line that would be too long ends with "...".
 * free() gives it back. NULL with errno.
 */
char *exec_words_join(const char *const *words, const char *stdin_file);

#endif /* SERIALBENCH_EXEC_WORDS_H */
