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

size_t utf8_length(const char *text)
{
	const unsigned char *bytes = (const unsigned char *)text;
	/* The ranges of the second byte leave out what is longer than it has to
	 * be, the surrogates, and what is behind U+10FFFF. */
	static const struct {
		unsigned char first, last, second_least, second_most, length;
	} forms[] = {
		{0x01, 0x7f, 0, 0, 1},
		{0xc2, 0xdf, 0x80, 0xbf, 2},
		{0xe0, 0xe0, 0xa0, 0xbf, 3},
		{0xe1, 0xec, 0x80, 0xbf, 3},
		{0xed, 0xed, 0x80, 0x9f, 3},
		{0xee, 0xef, 0x80, 0xbf, 3},
		{0xf0, 0xf0, 0x90, 0xbf, 4},
		{0xf1, 0xf3, 0x80, 0xbf, 4},
		{0xf4, 0xf4, 0x80, 0x8f, 4},
	};
	size_t form = 0, i;

	while (form < sizeof(forms) / sizeof(forms[0]) &&
		(bytes[0] < forms[form].first || bytes[0] > forms[form].last))
		form++;
	if (form == sizeof(forms) / sizeof(forms[0]))
		return 0;
	if (forms[form].length > 1 &&
		(bytes[1] < forms[form].second_least ||
			bytes[1] > forms[form].second_most))
		return 0;
	for (i = 2; i < forms[form].length; i++)
		if ((bytes[i] & 0xc0) != 0x80)
			return 0;
	return forms[form].length;
}

bool is_plain_text(const char *text)
{
	size_t length;

	while ((length = utf8_length(text)) > 0 && !is_control(*text))
		text += length;
	return *text == '\0';
}

void make_plain_text(char *text)
{
	while (*text != '\0') {
		size_t length = utf8_length(text);

		if (length == 0 || is_control(*text))
			*text = '?';
		text += length > 0 ? length : 1;
	}
}
