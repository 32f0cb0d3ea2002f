// SPDX-License-Identifier: MIT
//
// A program with a malloc of its own, which is as simple as can be.
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

static _Alignas(16) char memory[1 << 20];
static size_t used;

void *malloc(size_t size)
{
	void *block = memory + used;

	used += (size + 15) & ~(size_t)15;
	return used <= sizeof(memory) ? block : NULL;
}

void free(void *block)
{
	(void)block;
}

void *calloc(size_t count, size_t size)
{
	return malloc(count * size);
}

void *realloc(void *block, size_t size)
{
	void *moved = malloc(size);

	if (moved != NULL && block != NULL)
		memmove(moved, block, size);
	return moved;
}

int main(void)
{
	void *volatile block = malloc(17);

	free(block);
	return 0;
}
