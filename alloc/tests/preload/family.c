// SPDX-License-Identifier: MIT
//
// The rules of malloc's family, call by call; prints what does not hold and
// exits with the number of such.
#include <errno.h>
#include <malloc.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "dbgalloc.h"

/* Built twice: on a preloaded library, and linked with one. */
#pragma weak dbgalloc_allocator_name
#pragma weak dbgalloc_check
#pragma weak dbgalloc_live_blocks
#pragma weak dbgalloc_serial
#pragma weak dbgalloc_serial_text
#pragma weak dbgalloc_variant

__attribute__((weak)) void free_sized(void *block, size_t size);
__attribute__((weak)) void free_aligned_sized(
	void *block, size_t alignment, size_t size);

static int failures;

static void *hide(const void *pointer)
{
	void *result = (void *)pointer;

	__asm__ volatile("" : "+r"(result) : : "memory");
	return result;
}

static void expect(const char *what, size_t got, size_t wanted)
{
	if (got == wanted)
		return;
	failures++;
	printf("%s: %zu, expected %zu\n", what, got, wanted);
}

static void expect_null(const char *what, void *block, int error)
{
	int kept_errno = errno;

	expect(what, (size_t)hide(block), 0);
	expect(what, (size_t)kept_errno, (size_t)error);
	errno = 0;
}

static void expect_filled(
	const char *what, const void *block, unsigned char byte, size_t count)
{
	const unsigned char *bytes = hide(block);

	for (size_t i = 0; i < count; i++) {
		if (bytes[i] != byte) {
			expect(what, bytes[i], byte);
			return;
		}
	}
}

/* volatile, or the compiler knows that it cannot be had. */
static volatile size_t huge = (size_t)PTRDIFF_MAX + 1;

static void limits(void)
{
	errno = 0;
	expect_null("malloc(PTRDIFF_MAX + 1)", malloc(huge), ENOMEM);
	expect_null("malloc(SIZE_MAX)", malloc(huge * 2 - 1), ENOMEM);
	expect_null("malloc(SIZE_MAX - 20)", malloc(huge * 2 - 21), ENOMEM);
	expect_null("calloc overflow", calloc(huge, 2), ENOMEM);
	expect_null("calloc too much", calloc(huge / 2, 2), ENOMEM);
	expect_null("memalign too much", memalign(64, huge), ENOMEM);
	expect_null("memalign alignment", memalign(huge + 1, 1), EINVAL);
	expect_null("pvalloc(SIZE_MAX)", pvalloc(huge * 2 - 1), ENOMEM);
	expect_null("valloc too much", valloc(huge), ENOMEM);
	expect_null("realloc(NULL) too much", realloc(NULL, huge), ENOMEM);
}

static void reallocs(void)
{
	unsigned char *block = hide(realloc(NULL, 10));

	expect_filled("realloc(NULL) is malloc", block, 0xCD, 10);
	memset(block, 7, 10);
	expect_null("realloc too much", realloc(hide(block), huge), ENOMEM);
	expect_null("reallocarray overflow", reallocarray(hide(block), huge, 2),
		ENOMEM);
	expect_filled("a failed realloc keeps the block", block, 7, 10);
	block = hide(reallocarray(block, 5, 1000));
	expect_filled("reallocarray keeps", block, 7, 10);
	expect_filled("reallocarray fills", block + 10, 0xCD, 4990);
	expect("its size", malloc_usable_size(block), 5000);
	errno = 0;
	expect_null("realloc(p, 0) frees", realloc(hide(block), 0), 0);
	block = hide(realloc(NULL, 0));
	expect("realloc(NULL, 0) is a block", block != NULL, 1);
	free(block);
	block = hide(memalign(256, 100));
	memset(block, 9, 100);
	block = hide(realloc(block, 300));
	expect_filled("realloc of an aligned block", block, 9, 100);
	free(block);
}

static void sizes(void)
{
	static const size_t table[] = {
		0, 1, 7, 8, 16, 17, 100, 1000, 4095, 5000, 200000};

	for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++) {
		unsigned char *block = hide(malloc(table[i]));

		expect("usable size", malloc_usable_size(block), table[i]);
		expect("alignment", (uintptr_t)block % 16, 0);
		expect_filled("malloc fills", block, 0xCD, table[i]);
		expect("check", dbgalloc_check(block), DBGALLOC_OK);
		free(block);
		block = hide(calloc(table[i], 3));
		expect_filled("calloc clears", block, 0, 3 * table[i]);
		free(block);
	}
	expect("usable size of NULL", malloc_usable_size(NULL), 0);
	free(NULL);
}

static void aligned_one(size_t alignment, size_t size)
{
	void *block = NULL;

	errno = 12345;
	expect("posix_memalign",
		(size_t)posix_memalign(&block, alignment, size), 0);
	expect("posix_memalign keeps errno", (size_t)errno, 12345);
	block = hide(block);
	expect("its alignment", (uintptr_t)block % alignment, 0);
	expect("its size", malloc_usable_size(block), size);
	expect("its check", dbgalloc_check(block), DBGALLOC_OK);
	expect_filled("its filling", block, 0xCD, size);
	if (free_aligned_sized != NULL)
		free_aligned_sized(block, alignment, size);
	block = hide(aligned_alloc(alignment, size));
	expect("aligned_alloc", (uintptr_t)block % alignment, 0);
	free(block);
	block = hide(memalign(alignment - 3, size));
	expect("memalign rounds up", (uintptr_t)block % alignment, 0);
	free(block);
}

static void aligned(void)
{
	static const size_t wrong[] = {0, 1, 2, 3, 4, 7, 12, 24, 100, 4095};
	void *untouched = &failures, *block = untouched;

	for (size_t alignment = 8; alignment <= 65536; alignment *= 2)
		for (size_t size = 0; size < 10000; size = 3 * size + 1)
			aligned_one(alignment, size);
	errno = 12345;
	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++)
		expect("posix_memalign, wrong alignment",
			(size_t)posix_memalign(&block, wrong[i], 8), EINVAL);
	expect("posix_memalign too much",
		(size_t)posix_memalign(&block, 64, huge), ENOMEM);
	expect("errno untouched", (size_t)errno, 12345);
	expect("result untouched", block == untouched, 1);
	block = hide(valloc(10));
	expect("valloc", (uintptr_t)block % (size_t)getpagesize(), 0);
	free(block);
	block = hide(pvalloc(10));
	expect("pvalloc", malloc_usable_size(block), (size_t)getpagesize());
	free(block);
}

/* In a heap with holes, where underlying allocators go other ways. */
static void aligned_in_holes(void)
{
	static void *kept[2000];

	srand(1);
	for (int i = 0; i < 100000; i++) {
		size_t place = (size_t)rand() % 2000;
		size_t alignment = (size_t)16 << rand() % 9;
		size_t size = (size_t)rand() % ((size_t)2 << rand() % 13);

		free(kept[place]);
		/* So that the whole is often a power of two. */
		if (i % 2 == 0)
			size = 3 * alignment - 16 + (size_t)i % 4 * 8 - 16;
		kept[place] = i % 3 == 0 ? hide(malloc(size))
					 : hide(memalign(alignment, size));
		if (i % 3 != 0)
			expect("alignment in holes",
				(uintptr_t)kept[place] % alignment, 0);
	}
	for (size_t i = 0; i < 2000; i++)
		free(kept[i]);
}

static void free_keeps_errno(void)
{
	for (size_t size = 1; size < (size_t)64 << 20; size *= 3) {
		void *block = hide(malloc(size));

		errno = 4711;
		if (free_sized != NULL && size % 2 == 0)
			free_sized(block, size);
		else
			free(block);
		expect("errno after free", (size_t)errno, 4711);
	}
}

static void api(void)
{
	unsigned char *block = hide(malloc(50));
	unsigned char local[64] = {0};
	char text[64], cut[3];
	size_t length = dbgalloc_serial_text(block, text, sizeof(text));

	expect("serial text length", strlen(text), length);
	expect("cut", dbgalloc_serial_text(block, cut, sizeof(cut)), length);
	expect("cut text", strlen(cut), length < 2 ? length : 2);
	expect("serial", dbgalloc_serial(block) != 0, length != 0);
	expect("local", dbgalloc_check(hide(local + 32)),
		DBGALLOC_FREED_OR_FOREIGN);
	expect("NULL", dbgalloc_check(NULL), DBGALLOC_FREED_OR_FOREIGN);
	expect("no serial", dbgalloc_serial_text(hide(local + 32), text, 9), 0);
	expect("live blocks", (size_t)dbgalloc_live_blocks(), (size_t)-1);
	block[50] ^= 1;
	expect("overflow", dbgalloc_check(block), DBGALLOC_OVERFLOW);
	block[50] ^= 1;
	block[-1] ^= 1;
	expect("underflow", dbgalloc_check(block), DBGALLOC_UNDERFLOW);
	block[-1] ^= 1;
	block[-10] ^= 1;
	expect("size word", dbgalloc_check(block), DBGALLOC_DAMAGED_SIZE);
	block[-10] ^= 1;
	free(block);
	expect("variant", strlen(dbgalloc_variant()) > 2, 1);
}

int main(void)
{
	limits();
	reallocs();
	sizes();
	aligned();
	aligned_in_holes();
	free_keeps_errno();
	api();
	printf("%s on %s: %d failures\n", dbgalloc_variant(),
		dbgalloc_allocator_name(), failures);
	return failures != 0;
}
