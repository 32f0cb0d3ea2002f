// SPDX-License-Identifier: MIT
#include "json_values.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "printable.h"

json_t *json_real_or_null(double real)
{
	return isfinite(real) ? json_real(real) : json_null();
}

json_t *json_text_or_question(const char *text)
{
	json_t *string = json_string(text);
	char *plain;

	if (string)
		return string;
	plain = strdup(text);
	if (!plain)
		return NULL;
	make_plain_text(plain);
	string = json_string(plain);
	free(plain);
	return string;
}
