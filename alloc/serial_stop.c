// SPDX-License-Identifier: MIT
#include "serial_stop.h"

#include <signal.h>
#include <unistd.h>

#include "compiler.h"

/* Read by every bump, written once: on a line that no counter shares. */
_Alignas(CACHELINE) size_t serial_stop_at;

NOINLINE COLD void dbgalloc_serial_reached(size_t serial, serial_printer *print)
{
	struct text_out out;

	text_out_init(&out, STDERR_FILENO);
	text_out(&out, "dbgalloc: stopped at ");
	print(&out, serial);
	text_out_char(&out, '\n');
	text_out_flush(&out);
	raise(SIGTRAP);
}
