// SPDX-License-Identifier: MIT
//
// For peers.py: calls all of malloc's family as programs do and says "well",
// then writes one byte behind a block and frees it, which whoever checks
// blocks has to see.
#include <errno.h>
#include <malloc.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static bool failed;

static void expect(bool true_here, const char *what)
{
	if (true_here)
		return;
	failed = true;
	fprintf(stderr, "peer_program: %s\n", what);
}

static bool holds(const unsigned char *block, size_t size, int byte)
{
	for (size_t i = 0; i < size; i++)
		if (block[i] != byte)
			return false;
	return true;
}

static void grow_and_shrink(unsigned char *block, size_t size)
{
	unsigned char *moved;

	expect(malloc_usable_size(block) >= size, "usable size");
	memset(block, 7, size);
	moved = realloc(block, 3 * size + 1);
	expect(moved != NULL && holds(moved, size, 7), "grown");
	if (moved == NULL)
		return;
	memset(moved, 8, 3 * size + 1);
	block = realloc(moved, size / 2 + 1);
	expect(block != NULL && holds(block, size / 2 + 1, 8), "shrunk");
	free(block);
}

static void align(size_t alignment, size_t size)
{
	void *block = NULL;

	expect(posix_memalign(&block, alignment, size) == 0, "posix_memalign");
	expect((uintptr_t)block % alignment == 0, "posix_memalign's alignment");
	grow_and_shrink(block, size);
	block = aligned_alloc(alignment, size);
	expect(block != NULL && (uintptr_t)block % alignment == 0,
		"aligned_alloc");
	memset(block, 9, size);
	free(block);
}

static void *call_all(void *unused)
{
	static const size_t sizes[] = {0, 1, 15, 16, 100, 5000, 300000};

	(void)unused;
	for (size_t i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
		unsigned char *zeros = calloc(1, sizes[i]);

		grow_and_shrink(malloc(sizes[i]), sizes[i]);
		expect(zeros != NULL && holds(zeros, sizes[i], 0), "calloc");
		free(zeros);
		for (size_t alignment = 8; alignment <= 65536; alignment *= 2)
			align(alignment, sizes[i]);
	}
	free(NULL);
	return NULL;
}

static void refuse(void)
{
	volatile size_t huge = SIZE_MAX / 2 + 2;
	void *block = NULL;

	errno = 0;
	expect(malloc(huge) == NULL && errno == ENOMEM, "huge malloc");
	expect(calloc(huge, 2) == NULL, "huge calloc");
	expect(posix_memalign(&block, 24, 1) == EINVAL, "alignment 24");
	expect(posix_memalign(&block, 64, huge) == ENOMEM, "huge and aligned");
}

int main(void)
{
	pthread_t threads[4];
	char *volatile block;

	for (int i = 0; i < 4; i++)
		expect(pthread_create(&threads[i], NULL, call_all, NULL) == 0,
			"pthread_create");
	for (int i = 0; i < 4; i++)
		pthread_join(threads[i], NULL);
	refuse();
	if (failed)
		return 1;
	puts("well");
	fflush(stdout);
	block = malloc(33);
	memset(block, 1, 34);
	free(block);
	return 0;
}
