// SPDX-License-Identifier: MIT
//
// For tests: takes malloc over and, where TAKES_SIZE is defined,
// malloc_usable_size with it. An allocator that leaves that call to the C
// library cannot be measured.
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

extern void *__libc_malloc(size_t size);
extern void *__libc_calloc(size_t count, size_t size);
extern void *__libc_realloc(void *block, size_t size);
extern void __libc_free(void *block);

size_t malloc_usable_size(void *block);

#define PUBLIC __attribute__((visibility("default")))

#ifdef TAKES_MORE
/* What every block costs more, as the environment says: so that a peer's
 * variables are seen to arrive. */
static size_t more_bytes(void)
{
	const char *text = getenv("TAKES_MORE");

	return text == NULL ? 0 : strtoul(text, NULL, 10);
}
#else
static size_t more_bytes(void)
{
	return 0;
}
#endif

PUBLIC void *malloc(size_t size)
{
	size += more_bytes();
	return __libc_malloc(size);
}

PUBLIC void *calloc(size_t count, size_t size)
{
	return __libc_calloc(count, size);
}

PUBLIC void *realloc(void *block, size_t size)
{
	return __libc_realloc(block, size);
}

PUBLIC void free(void *block)
{
	__libc_free(block);
}

#ifdef TAKES_SIZE
/* The size word before a glibc block, less its own eight bytes. */
PUBLIC size_t malloc_usable_size(void *block)
{
	return block == NULL
		? 0
		: (((size_t *)block)[-1] & ~(size_t)7) - sizeof(size_t);
}
#endif
