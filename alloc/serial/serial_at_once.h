// SPDX-License-Identifier: MIT
//
// For a scheme whose serial_next() counts as it returns the number: the one to
// begin with. A scheme that counts when the block is filled, which only a count
// that no other thread sees can wait for, says SERIAL_COUNTS_BEHIND 1 and
// brings serial_given(): called once for every number that went into a block.
#ifndef SERIALBENCH_SERIAL_AT_ONCE_H
#define SERIALBENCH_SERIAL_AT_ONCE_H

#include "compiler.h"

ALWAYS_INLINE void serial_given(void)
{
}

#endif /* SERIALBENCH_SERIAL_AT_ONCE_H */
