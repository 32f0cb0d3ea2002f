// SPDX-License-Identifier: MIT
#include "serial_print.h"

#include "thread_path.h"

void serial_print_number(struct text_out *out, size_t serial)
{
	text_out_char(out, '#');
	text_out_number(out, serial);
}

void serial_print_path(struct text_out *out, size_t serial)
{
	char path[THREAD_PATH_TEXT];
	size_t mask = ((size_t)1 << THREAD_COUNT_BITS) - 1;

	thread_path_text((uint32_t)(serial >> THREAD_COUNT_BITS), path);
	text_out(out, path);
	serial_print_number(out, serial & mask);
}
