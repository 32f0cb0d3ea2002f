// SPDX-License-Identifier: MIT
//
// How a serial stands in a block and on paper.
#ifndef SERIALBENCH_SERIAL_PRINT_H
#define SERIALBENCH_SERIAL_PRINT_H

#include <stdbool.h>
#include <stddef.h>

#include "text_out.h"

/* Writes "#1207" or "T0.3#1207". */
typedef void serial_printer(struct text_out *out, size_t serial);

serial_printer serial_print_number, serial_print_path;

struct serial_print {
	bool in_block;
	bool numbers_blocks; /* false: the same in every block */
	serial_printer *print;
};

#endif /* SERIALBENCH_SERIAL_PRINT_H */
