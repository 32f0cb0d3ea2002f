// SPDX-License-Identifier: MIT
#include "printable.h"

static bool is_control(char byte)
{
	return (unsigned char)byte < ' ' || byte == 127;
}

bool is_printable(const char *text)
{
	while (*text && !is_control(*text))
		text++;
	return *text == '\0';
}

void make_printable(char *text)
{
	for (; *text; text++)
		if (is_control(*text))
			*text = '?';
}
