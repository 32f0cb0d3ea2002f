// SPDX-License-Identifier: MIT
#include "json_values.h"

#include <math.h>

#include "record.h"

json_t *json_real_or_null(double real)
{
	return isfinite(real) ? json_real(real) : json_null();
}

json_t *json_text_or_question(const char *text)
{
	char ascii[RECORD_TEXT];
	json_t *string = json_string(text);
	size_t i;

	if (string)
		return string;
	for (i = 0; i < sizeof(ascii) - 1 && text[i]; i++)
		ascii[i] = text[i] & 0x80 ? '?' : text[i];
	ascii[i] = '\0';
	return json_string(ascii);
}
