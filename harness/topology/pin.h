// SPDX-License-Identifier: MIT
//
// Binds the calling thread to one PU and reads the binding back.
#ifndef SERIALBENCH_PIN_H
#define SERIALBENCH_PIN_H

/* `pu` is an OS index. 0, or -1 with errno where the kernel refused or the
 * affinity read back is another (ERANGE). Allocates nothing. */
int pin_self(unsigned pu);

#endif /* SERIALBENCH_PIN_H */
