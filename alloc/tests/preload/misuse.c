// SPDX-License-Identifier: MIT
//
// One misuse of the heap per run: `misuse NAME [SIZE]`. What the preload
// library says about it is checked by misuse.py. Exits with 0 where nothing
// stopped it.
#include <malloc.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

/* operator new and delete, of the preload library. */
__attribute__((weak)) void *operator_new(size_t size) __asm__("_Znwm");
__attribute__((weak)) void *operator_new_array(size_t size) __asm__("_Znam");
__attribute__((weak)) void operator_delete(void *block) __asm__("_ZdlPv");
__attribute__((weak)) void operator_delete_array(void *block) __asm__("_ZdaPv");

static size_t size = 16;
static unsigned char still[256];

/* The compiler may not see what is done with a block. */
static void *hide(void *pointer)
{
	__asm__ volatile("" : "+r"(pointer) : : "memory");
	return pointer;
}

static unsigned char *make(void)
{
	return hide(malloc(size));
}

static void overflow(void)
{
	unsigned char *block = make();

	block[size] = 'x';
	free(hide(block));
}

static void underflow(void)
{
	unsigned char *block = make();

	block[-2] = 'x';
	free(hide(block));
}

static void id_byte(void)
{
	unsigned char *block = make();

	block[-8] = 'x';
	free(hide(block));
}

static void new_free(void)
{
	free(hide(operator_new(size)));
}

static void malloc_delete(void)
{
	operator_delete(make());
}

static void new_delete_array(void)
{
	operator_delete_array(hide(operator_new(size)));
}

static void new_array_delete(void)
{
	operator_delete(hide(operator_new_array(size)));
}

static void new_realloc(void)
{
	free(hide(realloc(hide(operator_new(size)), 2 * size)));
}

static void double_free(void)
{
	unsigned char *block = make();

	free(hide(block));
	free(hide(block));
}

static void double_delete(void)
{
	void *block = hide(operator_new(size));

	operator_delete(hide(block));
	operator_delete(hide(block));
}

static void double_free_aligned(void)
{
	void *block = hide(memalign(64, size));

	free(hide(block));
	free(hide(block));
}

static void free_stack(void)
{
	unsigned char bytes[256] = {0};

	free((unsigned char *)hide(bytes) + 64);
}

static void free_static(void)
{
	free((unsigned char *)hide(still) + 64);
}

static void free_interior(void)
{
	size = 256;
	free(make() + 64);
}

static void free_page_start(void)
{
	unsigned char *pages = mmap(NULL, 8192, PROT_READ | PROT_WRITE,
		MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	munmap(pages, 4096);
	free(hide(pages + 4096));
}

/* SIZE is what the size word says then. */
static void size_word(void)
{
	size_t said = __builtin_bswap64(size);
	unsigned char *block;

	size = 100;
	block = make();
	memcpy(block - 16, &said, sizeof(said));
	free(hide(block));
}

static void realloc_damaged(void)
{
	unsigned char *block = make();

	block[size + 3] = 'y';
	free(hide(realloc(hide(block), 2 * size)));
}

static void realloc_freed(void)
{
	unsigned char *block = make();

	free(hide(block));
	free(hide(realloc(hide(block), 2 * size)));
}

static void realloc_freed_to_0(void)
{
	unsigned char *block = make();

	free(hide(block));
	free(hide(realloc(hide(block), 0)));
}

static void usable_size_freed(void)
{
	unsigned char *block = make();

	free(hide(block));
	malloc_usable_size(hide(block));
}

static void aligned_overflow(void)
{
	unsigned char *block = hide(memalign(64, size));

	block[size] = 'x';
	free(hide(block));
}

static void aligned_underflow(void)
{
	unsigned char *block = hide(memalign(64, size));

	block[-1] = 'x';
	free(hide(block));
}

static void aligned_pad(void)
{
	unsigned char *block = hide(memalign(64, size));

	block[-40] = 'x';
	free(hide(block));
}

static const struct {
	const char *name;
	void (*run)(void);
} misuses[] = {
	{"overflow", overflow},
	{"underflow", underflow},
	{"id_byte", id_byte},
	{"new_free", new_free},
	{"malloc_delete", malloc_delete},
	{"new_delete_array", new_delete_array},
	{"new_array_delete", new_array_delete},
	{"new_realloc", new_realloc},
	{"double_free", double_free},
	{"double_delete", double_delete},
	{"double_free_aligned", double_free_aligned},
	{"free_stack", free_stack},
	{"free_static", free_static},
	{"free_interior", free_interior},
	{"free_page_start", free_page_start},
	{"size_word", size_word},
	{"realloc_damaged", realloc_damaged},
	{"realloc_freed", realloc_freed},
	{"realloc_freed_to_0", realloc_freed_to_0},
	{"usable_size_freed", usable_size_freed},
	{"aligned_overflow", aligned_overflow},
	{"aligned_underflow", aligned_underflow},
	{"aligned_pad", aligned_pad},
};

int main(int argc, char **argv)
{
	if (argc > 2)
		size = strtoull(argv[2], NULL, 0);
	for (size_t i = 0; i < sizeof(misuses) / sizeof(misuses[0]); i++) {
		if (argc > 1 && strcmp(argv[1], misuses[i].name) == 0) {
			misuses[i].run();
			return 0;
		}
	}
	fprintf(stderr, "misuse: no such misuse\n");
	return 2;
}
