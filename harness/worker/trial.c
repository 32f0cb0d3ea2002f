// SPDX-License-Identifier: MIT
#include "trial.h"

#include <errno.h>
#include <malloc.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define ARRAY_LENGTH(array) (sizeof(array) / sizeof((array)[0]))

/* Every block of malloc is aligned for any type. */
#define ALIGNMENT _Alignof(max_align_t)

static const size_t sizes[] = {1, 24, 100, 4000, 300000};
static const size_t alignments[] = {16, 64, 4096};

/* So that the compiler takes nothing for granted that malloc is to do. */
static void *hide(void *block)
{
	__asm__ volatile("" : "+r"(block) : : "memory");
	return block;
}

/* What is wrong with a block that was asked for, or NULL. The block is written
 * to its end. */
static const char *try_block(void *block, size_t size, size_t alignment)
{
	if (block == NULL)
		return "gave NULL";
	if ((uintptr_t)block % alignment != 0)
		return "gave a block that is not aligned";
	memset(block, 0x5a, size);
	return NULL;
}

static const char *try_malloc(void)
{
	for (size_t i = 0; i < ARRAY_LENGTH(sizes); i++) {
		void *block = hide(malloc(sizes[i]));
		void *other = hide(malloc(sizes[i]));
		const char *wrong = try_block(
			block, sizes[i], sizes[i] < ALIGNMENT ? 1 : ALIGNMENT);

		if (wrong == NULL && other == block)
			wrong = "gave a block twice";
		if (wrong != NULL)
			return wrong;
		free(block);
		free(other);
	}
	return NULL;
}

static const char *try_free(void)
{
	free(NULL);
	return NULL;
}

static const char *try_calloc(void)
{
	for (size_t i = 0; i < ARRAY_LENGTH(sizes); i++) {
		unsigned char *block;

		/* Something to be given out again. */
		block = hide(malloc(sizes[i]));
		if (block != NULL)
			memset(block, 0xff, sizes[i]);
		free(block);
		block = hide(calloc(1, sizes[i]));
		for (size_t j = 0; block != NULL && j < sizes[i]; j++)
			if (block[j] != 0)
				return "gave a block that is not all zero";
		if (try_block(block, sizes[i], 1) != NULL)
			return try_block(block, sizes[i], 1);
		free(block);
	}
	return NULL;
}

static const char *try_realloc(void)
{
	unsigned char *block = hide(realloc(NULL, 1));
	size_t kept = 1;

	if (block != NULL)
		block[0] = 0x5a;
	for (size_t i = 0; i < ARRAY_LENGTH(sizes); i++) {
		const char *wrong;

		block = hide(realloc(block, sizes[i]));
		if (block == NULL)
			return "gave NULL";
		for (size_t j = 0; j < kept; j++)
			if (block[j] != 0x5a)
				return "lost what was in the block";
		kept = sizes[i];
		wrong = try_block(block, kept, 1);
		if (wrong != NULL)
			return wrong;
	}
	free(block);
	return NULL;
}

static const char *try_aligned_alloc(void)
{
	for (size_t i = 0; i < ARRAY_LENGTH(alignments); i++) {
		void *block =
			hide(aligned_alloc(alignments[i], 2 * alignments[i]));
		const char *wrong =
			try_block(block, 2 * alignments[i], alignments[i]);

		if (wrong != NULL)
			return wrong;
		free(block);
	}
	return NULL;
}

static const char *try_posix_memalign(void)
{
	for (size_t i = 0; i < ARRAY_LENGTH(alignments); i++) {
		void *block = NULL;
		const char *wrong;

		if (posix_memalign(&block, alignments[i], 100) != 0)
			return "fails";
		wrong = try_block(hide(block), 100, alignments[i]);
		if (wrong != NULL)
			return wrong;
		free(block);
	}
	return NULL;
}

static const char *try_usable_size(void)
{
	for (size_t i = 0; i < ARRAY_LENGTH(sizes); i++) {
		void *block = hide(malloc(sizes[i]));
		size_t usable = malloc_usable_size(block);

		if (usable < sizes[i])
			return "says less than was asked for";
		/* A program may use all of that. */
		memset(block, 0x5a, usable);
		free(block);
	}
	return NULL;
}

int trial_calls(struct lane_shared *lane)
{
	static const struct {
		const char *name;
		const char *(*act)(void);
	} steps[] = {
		{"malloc", try_malloc},
		{"free", try_free},
		{"calloc", try_calloc},
		{"realloc", try_realloc},
		{"malloc_usable_size", try_usable_size},
		{"aligned_alloc", try_aligned_alloc},
		{"posix_memalign", try_posix_memalign},
	};

	for (size_t i = 0; i < ARRAY_LENGTH(steps); i++) {
		const char *wrong;

		snprintf(lane->message, LANE_TEXT, "%s", steps[i].name);
		wrong = steps[i].act();
		if (wrong != NULL) {
			snprintf(lane->message, LANE_TEXT, "its %s %s",
				steps[i].name, wrong);
			return -1;
		}
	}
	lane->message[0] = '\0';
	return 0;
}
