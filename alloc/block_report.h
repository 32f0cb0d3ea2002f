// SPDX-License-Identifier: MIT
//
// What an error looks like: CPython's dump, word for word, then a fatal line.
#ifndef SERIALBENCH_BLOCK_REPORT_H
#define SERIALBENCH_BLOCK_REPORT_H

#include "block_check.h"
#include "text_out.h"

/* How a scheme's numbers stand in a block and on paper. */
struct serial_print {
	bool in_block;
	bool numbers_blocks; /* tells one from another */
	/* Writes "#1207" or "T0.3#1207". */
	void (*print)(struct text_out *out, size_t serial);
};

void serial_print_number(struct text_out *out, size_t serial);
void serial_print_path(struct text_out *out, size_t serial);

/* Dumps a block to stderr; NULL and unreadable blocks are said to be so. */
void block_dump(const struct debug_domain *domain,
	const struct serial_print *serial, const void *block);

/* Dumps the block, signs the error with the name of the call that found it,
 * and aborts. */
NORETURN void block_fatal(const struct debug_domain *domain,
	const struct serial_print *serial, const char *call, const void *block);

#endif /* SERIALBENCH_BLOCK_REPORT_H */
