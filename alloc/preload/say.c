// SPDX-License-Identifier: MIT
#include "say.h"

#include <stdlib.h>
#include <unistd.h>

#include "text_out.h"

void say_texts(const char *const *texts)
{
	struct text_out out;

	text_out_init(&out, STDERR_FILENO);
	text_out(&out, "dbgalloc: ");
	for (; *texts != NULL; texts++)
		text_out(&out, *texts);
	text_out_flush(&out);
}

void say_texts_and_abort(const char *const *texts)
{
	say_texts(texts);
	abort();
}
