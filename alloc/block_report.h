// SPDX-License-Identifier: MIT
//
// What an error looks like: CPython's dump, word for word, then a fatal line.
#ifndef SERIALBENCH_BLOCK_REPORT_H
#define SERIALBENCH_BLOCK_REPORT_H

#include "block_check.h"
#include "serial_print.h"
#include "text_out.h"

/* Dumps a block to stderr; NULL and unreadable blocks are said to be so. */
void block_dump(const struct debug_domain *domain,
	const struct serial_print *serial, const void *block);

/* Dumps the block, signs the error with the name of the call that found it,
 * and aborts. Without a name (NULL) only the domain signs. */
NORETURN void block_fatal(const struct debug_domain *domain,
	const struct serial_print *serial, const char *call, const void *block);

/* "<fatal><error>", where no block is concerned, and aborts. */
NORETURN void domain_fatal(
	const struct debug_domain *domain, const char *error);

#endif /* SERIALBENCH_BLOCK_REPORT_H */
