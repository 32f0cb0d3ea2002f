// SPDX-License-Identifier: MIT
//
// What a program loads: gives it a block, which the program frees.
#include <stdlib.h>

void *give(size_t size);

void *give(size_t size)
{
	return malloc(size);
}
