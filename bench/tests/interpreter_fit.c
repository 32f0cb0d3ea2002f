// SPDX-License-Identifier: MIT
//
// interpreter_fit PARAMETERS OPERATIONS: what one thread of the workload
// `interpreter` allocates, as a trace in its text form; the line `# run` stands
// where the first turn begins. For interpreter_fit.py.
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "workload.h"

/* In front of what is handed out. */
struct number {
	_Alignas(16) uint64_t number;
};

static uint64_t numbers;

/* A block with the next number; it is the program's end when there is none. */
static void *number_it(struct number *block)
{
	if (block == NULL) {
		fprintf(stderr, "out of memory\n");
		exit(1);
	}
	block->number = ++numbers;
	return block + 1;
}

static void *print_alloc(size_t size)
{
	printf("T0 malloc %zu\n", size);
	return number_it(malloc(sizeof(struct number) + size));
}

static void *print_calloc(size_t count, size_t size)
{
	printf("T0 calloc %zu %zu\n", count, size);
	return number_it(calloc(1, sizeof(struct number) + count * size));
}

static void *print_realloc(void *data, size_t size)
{
	struct number *block = (struct number *)data - 1;

	printf("T0 realloc #%" PRIu64 " %zu\n", block->number, size);
	return number_it(realloc(block, sizeof(struct number) + size));
}

static void print_free(void *data)
{
	struct number *block;

	if (data == NULL)
		return;
	block = (struct number *)data - 1;
	printf("T0 free #%" PRIu64 "\n", block->number);
	free(block);
}

static enum alloc_check check_ok(const void *block)
{
	(void)block;
	return ALLOC_CHECK_OK;
}

/* What the workload calls, and no more. */
static const struct alloc_backend printing = {
	.abi = ALLOC_BACKEND_ABI,
	.variant = "printing",
	.allocates = true,
	.alloc = print_alloc,
	.calloc = print_calloc,
	.realloc = print_realloc,
	.free = print_free,
	.check = check_ok,
};

int main(int argc, char **argv)
{
	struct workload_instance instance = {
		.backend = &printing, .threads = 1, .seed = 1};
	struct workload_thread thread = {.instance = &instance, .seed = 1};
	const struct workload *workload;
	char text[WORKLOAD_TEXT], error[WORKLOAD_TEXT];
	int result = 1;

	if (argc != 3)
		return 2;
	snprintf(text, sizeof(text), "interpreter,%s", argv[1]);
	if (workload_parse(text, &instance, error) != 0) {
		fprintf(stderr, "%s\n", error);
		return 2;
	}
	workload = instance.workload;
	thread.own = aligned_alloc(
		64, (workload->own_bytes(&instance) + 63) / 64 * 64);
	if (thread.own == NULL)
		return 1;
	memset(thread.own, 0, workload->own_bytes(&instance));
	if (workload->thread_setup(&thread) == 0) {
		printf("# run\n");
		workload->run(&thread, strtoull(argv[2], NULL, 10));
		result = workload->verify(&thread) == 0 ? 0 : 1;
	}
	workload->thread_finish(&thread);
	free(thread.own);
	return result;
}
