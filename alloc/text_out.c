// SPDX-License-Identifier: MIT
#include "text_out.h"

#include <errno.h>
#include <unistd.h>

static const char digits[] = "0123456789abcdef";

void text_out_init(struct text_out *out, int fd)
{
	out->fd = fd;
	out->used = 0;
}

void text_out_char(struct text_out *out, char c)
{
	if (out->used == sizeof(out->bytes))
		text_out_flush(out);
	out->bytes[out->used++] = c;
}

void text_out(struct text_out *out, const char *text)
{
	while (*text != '\0')
		text_out_char(out, *text++);
}

static void put_in_base(struct text_out *out, uint64_t number, unsigned base)
{
	char reversed[20];
	size_t used = 0;

	do {
		reversed[used++] = digits[number % base];
		number /= base;
	} while (number > 0);
	while (used > 0)
		text_out_char(out, reversed[--used]);
}

void text_out_number(struct text_out *out, uint64_t number)
{
	put_in_base(out, number, 10);
}

void text_out_byte(struct text_out *out, unsigned char byte)
{
	text_out_char(out, digits[byte >> 4]);
	text_out_char(out, digits[byte & 15]);
}

void text_out_pointer(struct text_out *out, const void *pointer)
{
	text_out(out, "0x");
	put_in_base(out, (uintptr_t)pointer, 16);
}

void text_out_flush(struct text_out *out)
{
	int kept_errno = errno;
	size_t written = 0;

	while (written < out->used) {
		ssize_t n = write(
			out->fd, out->bytes + written, out->used - written);

		if (n > 0)
			written += (size_t)n;
		else if (n == 0 || errno != EINTR)
			break;
	}
	out->used = 0;
	errno = kept_errno;
}
