// SPDX-License-Identifier: MIT
//
// dbgalloc.h.
#include "dbgalloc.h"

#include <string.h>

#include "accounting.h"
#include "compiler.h"
#include "options.h"
#include "preload.h"
#include "text_out.h"
#include "underlying.h"

#define SAME_RESULT(name)                                                      \
	_Static_assert((int)DBGALLOC_##name == (int)ALLOC_CHECK_##name,        \
		"the public results are the backend's")

SAME_RESULT(OK);
SAME_RESULT(API_MISMATCH);
SAME_RESULT(UNDERFLOW);
SAME_RESULT(OVERFLOW);
SAME_RESULT(DAMAGED_SIZE);
SAME_RESULT(FREED_OR_FOREIGN);

PUBLIC enum dbgalloc_result dbgalloc_check(const void *block)
{
	return (enum dbgalloc_result)preload_variant.check(
		preload_domain_of(block), block);
}

PUBLIC void dbgalloc_dump(const void *block)
{
	preload_variant.dump(preload_domain_of(block), block);
}

PUBLIC size_t dbgalloc_serial(const void *block)
{
	if (dbgalloc_check(block) != DBGALLOC_OK)
		return 0;
	return preload_variant.serial_of(block);
}

PUBLIC size_t dbgalloc_serial_text(const void *block, char *text, size_t size)
{
	struct text_out out;
	size_t serial = dbgalloc_serial(block);

	text_out_init(&out, -1);
	if (serial != 0)
		preload_variant.serial->print(&out, serial);
	if (size > 0) {
		size_t kept = out.used < size ? out.used : size - 1;
		memcpy(text, out.bytes, kept);
		text[kept] = '\0';
	}
	return out.used;
}

PUBLIC int dbgalloc_break_at(const char *serial)
{
	if (options_break_at(serial == NULL ? "" : serial) != 0)
		return -1;
	preload_variant.stop_changed();
	return 0;
}

PUBLIC const char *dbgalloc_allocator_name(void)
{
	return underlying_name();
}

PUBLIC const char *dbgalloc_variant(void)
{
	return preload_variant.name;
}

PUBLIC long dbgalloc_live_blocks(void)
{
	return accounting_live_blocks();
}
