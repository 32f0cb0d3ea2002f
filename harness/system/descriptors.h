// SPDX-License-Identifier: MIT
//
// The descriptors 0 to 2, which a program may have been started without.
#ifndef SERIALBENCH_DESCRIPTORS_H
#define SERIALBENCH_DESCRIPTORS_H

/*
 * First thing in main of every program: opens /dev/null on each of the
 * descriptors 0 to 2 that is closed, so that no file of ours gets its number
 * and messages with it. Reading 0 and writing 1 or 2 still fails with EBADF
 * there: results that have no place to go are not taken for printed. A program
 * that is started later inherits them.
 */
void descriptors_open(void);

#endif /* SERIALBENCH_DESCRIPTORS_H */
