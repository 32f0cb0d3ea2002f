// SPDX-License-Identifier: MIT
#include "error_text.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

static const char ellipsis[] = "…";

/* Cuts a text of `length` bytes behind a whole character, where it is longer
 * than there is room for. */
static void end_text(char text[ERROR_TEXT], int length)
{
	size_t end = ERROR_TEXT - sizeof(ellipsis);

	if (length >= 0 && length < ERROR_TEXT)
		return;
	/* 10xxxxxx goes on a character of UTF-8. */
	while (end > 0 && ((unsigned char)text[end] & 0xc0) == 0x80)
		end--;
	memcpy(text + end, ellipsis, sizeof(ellipsis));
}

static int set(struct error *error, const char *format, va_list arguments)
{
	/* The arguments may point into the text that is there. */
	struct error made;
	int saved = errno;

	end_text(
		made.text, vsnprintf(made.text, ERROR_TEXT, format, arguments));
	memcpy(error->text, made.text, strlen(made.text) + 1);
	errno = saved;
	return -1;
}

int error_set(struct error *error, const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	set(error, format, arguments);
	va_end(arguments);
	return -1;
}

int error_wrap(struct error *error, const char *format, ...)
{
	struct error front;
	va_list arguments;

	va_start(arguments, format);
	set(&front, format, arguments);
	va_end(arguments);
	return error_set(error, "%s: %s", front.text, error->text);
}

int error_add(struct error *error, const char *format, ...)
{
	struct error behind;
	va_list arguments;

	va_start(arguments, format);
	set(&behind, format, arguments);
	va_end(arguments);
	return error_set(error, "%s%s", error->text, behind.text);
}

int error_set_errno(struct error *error, const char *what)
{
	return error_set(error, "%s: %s", what, error_reason(errno));
}

bool error_is_no_room(int number)
{
	return number == ENOSPC || number == EDQUOT || number == EFBIG ||
		number == EIO;
}
