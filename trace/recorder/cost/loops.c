// SPDX-License-Identifier: MIT
//
// Programs that do nothing but allocate, for cost.py:
//
//     recorder_loops LOOP THREADS OPERATIONS
//
// runs OPERATIONS allocations, and as many frees, on each of THREADS threads:
// the most that recording can cost.
#include <pthread.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define SLOTS 1000
#define THREADS_MAX 64

struct loop {
	const char *name;
	void (*run)(uint64_t operations);
};

/* Written to, as a program does, and where the compiler cannot look. */
static void *take(size_t size)
{
	unsigned char *block = malloc(size);

	if (block == NULL)
		abort();
	*(volatile unsigned char *)block = 1;
	return block;
}

/* xorshift64 (Marsaglia, 2003). */
static uint64_t next_random(uint64_t *state)
{
	*state ^= *state << 13;
	*state ^= *state >> 7;
	*state ^= *state << 17;
	return *state;
}

/* One block at a time. */
static void run_pair(uint64_t operations)
{
	for (uint64_t i = 0; i < operations; i++)
		free(take(64));
}

/* Sizes in turn, freed last first. */
static void run_stack(uint64_t operations)
{
	void *blocks[SLOTS];

	for (uint64_t done = 0; done < operations; done += SLOTS) {
		for (size_t i = 0; i < SLOTS; i++)
			blocks[i] = take(16 + i * 16 % 240);
		for (size_t i = SLOTS; i-- > 0;)
			free(blocks[i]);
	}
}

/* A random one of the blocks gives way to one of random size. */
static void run_swap(uint64_t operations)
{
	void *blocks[SLOTS] = {0};
	uint64_t state = 88172645463325252;

	for (uint64_t i = 0; i < operations; i++) {
		uint64_t draw = next_random(&state);
		void **slot = &blocks[draw % SLOTS];

		free(*slot);
		*slot = take(16 + (draw >> 32) % 500);
	}
	for (size_t i = 0; i < SLOTS; i++)
		free(blocks[i]);
}

static const struct loop loops[] = {
	{"pair", run_pair},
	{"stack", run_stack},
	{"swap", run_swap},
};

static const struct loop *loop;
static uint64_t operations;

static void *run_thread(void *argument)
{
	loop->run(operations);
	return argument;
}

static const struct loop *find_loop(const char *name)
{
	for (size_t i = 0; i < sizeof(loops) / sizeof(loops[0]); i++)
		if (strcmp(loops[i].name, name) == 0)
			return &loops[i];
	return NULL;
}

int main(int argc, char **argv)
{
	pthread_t others[THREADS_MAX];
	long threads = argc == 4 ? strtol(argv[2], NULL, 10) : 0;

	loop = argc == 4 ? find_loop(argv[1]) : NULL;
	if (loop == NULL || threads < 1 || threads > THREADS_MAX) {
		fprintf(stderr,
			"recorder_loops LOOP THREADS OPERATIONS: pair, "
			"stack or swap on 1 to %d threads\n",
			THREADS_MAX);
		return 2;
	}
	operations = strtoull(argv[3], NULL, 10);
	for (long i = 1; i < threads; i++)
		if (pthread_create(&others[i], NULL, run_thread, NULL) != 0)
			return 1;
	loop->run(operations);
	for (long i = 1; i < threads; i++)
		pthread_join(others[i], NULL);
	return 0;
}
