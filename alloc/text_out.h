// SPDX-License-Identifier: MIT
//
// Text for a report of a broken heap: built in the caller's memory, handed to
// the kernel by write(2). No allocation, no stdio, no lock; safe in a signal
// handler; keeps errno.
#ifndef SERIALBENCH_TEXT_OUT_H
#define SERIALBENCH_TEXT_OUT_H

#include <stddef.h>
#include <stdint.h>

/* A whole report fits, so that two threads' reports do not mix; what is
 * longer is flushed in between. */
#define TEXT_OUT_BYTES 3072

struct text_out {
	int fd;
	size_t used;
	char bytes[TEXT_OUT_BYTES];
};

void text_out_init(struct text_out *out, int fd);
void text_out_char(struct text_out *out, char c);
void text_out(struct text_out *out, const char *text);
void text_out_number(struct text_out *out, uint64_t number);

/* "fd": two hexadecimal digits. */
void text_out_byte(struct text_out *out, unsigned char byte);

/* "0x7f…" as %p prints it. */
void text_out_pointer(struct text_out *out, const void *pointer);

/* Writes what is there; what cannot be written is dropped. */
void text_out_flush(struct text_out *out);

#endif /* SERIALBENCH_TEXT_OUT_H */
