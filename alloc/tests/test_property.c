// SPDX-License-Identifier: MIT
//
// 100,000 random operations on every backend that allocates, against a model:
// what was written is still there, sizes and checks are right. Alone, and four
// threads that take over each other's blocks. The seed is fixed.
#include <pthread.h>
#include <string.h>

#include "alloc_backend.h"
#include "check.h"

#define OPERATIONS 100000
#define SLOTS 64
#define THREADS 4

#define FOR_EACH_BACKEND(b)                                                    \
	for (const struct alloc_backend *const *b##_at = alloc_backends,       \
					       *b = *b##_at;                   \
		b != NULL; b = *++b##_at)

/* A block and what is in it. Taken whole out of its slot, so that one thread
 * at a time has it. */
struct owned {
	unsigned char *block;
	size_t size;
	unsigned char fill;
};

static struct slot {
	pthread_mutex_t lock;
	struct owned owned;
} slots[SLOTS];

struct player {
	pthread_t thread;
	const struct alloc_backend *backend;
	uint64_t random;
	size_t operations;
	const char *wrong; /* the first thing that was */
};

/* xorshift64*, Vigna 2016. */
static uint64_t next_random(struct player *player)
{
	uint64_t x = player->random;

	x ^= x >> 12;
	x ^= x << 25;
	x ^= x >> 27;
	player->random = x;
	return (x * 0x2545F4914F6CDD1Du) >> 16;
}

/* Mostly small; every size around realloc's limits is met. */
static size_t random_size(struct player *player)
{
	static const size_t limits[] = {32, 150, 150, 600, 5000};
	uint64_t random = next_random(player);

	return random % 512 == 0 ? random % 70000
				 : (random >> 10) % limits[random % 5];
}

/* Each byte depends on its place, so that a shifted copy is seen. */
static unsigned char content(const struct owned *owned, size_t i)
{
	return (unsigned char)(owned->fill + i * 13);
}

static void fill(struct owned *owned)
{
	for (size_t i = 0; i < owned->size; i++)
		owned->block[i] = content(owned, i);
}

static bool holds(const struct owned *owned, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (owned->block[i] != content(owned, i))
			return false;
	return true;
}

static const char *take(struct player *player, struct owned *owned)
{
	const struct alloc_backend *backend = player->backend;
	uint64_t random = next_random(player);
	size_t alignment = (size_t)8 << (random >> 4) % 8;

	owned->size = random_size(player);
	owned->fill = (unsigned char)random;
	switch (random % 4) {
	case 0:
		owned->block = backend->calloc(1, owned->size);
		for (size_t i = 0; i < owned->size; i++)
			if (owned->block[i] != 0)
				return "calloc'ed bytes are not 0";
		break;
	case 1:
		owned->block = backend->aligned_alloc(alignment, owned->size);
		if ((uintptr_t)owned->block % alignment != 0)
			return "not aligned";
		break;
	default:
		owned->block = backend->alloc(owned->size);
		break;
	}
	if (owned->block == NULL)
		return "out of memory";
	fill(owned);
	return NULL;
}

static const char *change_size(struct player *player, struct owned *owned)
{
	size_t size = random_size(player), old = owned->size;

	owned->block = player->backend->realloc(owned->block, size);
	owned->size = size;
	if (owned->block == NULL)
		return "out of memory";
	if (!holds(owned, old < size ? old : size))
		return "realloc lost bytes";
	fill(owned);
	return NULL;
}

static const char *look(const struct player *player, const struct owned *owned)
{
	const struct alloc_backend *backend = player->backend;

	if (backend->check(owned->block) != ALLOC_CHECK_OK)
		return "check says that it is damaged";
	if (backend->usable_size(owned->block) < owned->size)
		return "the size shrank";
	if (!holds(owned, owned->size))
		return "bytes changed";
	return NULL;
}

static const char *give_back(struct player *player, struct owned *owned)
{
	const char *wrong = look(player, owned);

	player->backend->free(owned->block);
	owned->block = NULL;
	return wrong;
}

static const char *operate(struct player *player, struct owned *owned)
{
	if (owned->block == NULL)
		return take(player, owned);
	switch (next_random(player) % 8) {
	case 0:
	case 1:
	case 2:
		return change_size(player, owned);
	case 3:
		return look(player, owned);
	default:
		return give_back(player, owned);
	}
}

/* The block is out of its slot while it is worked on. */
static void *play(void *argument)
{
	struct player *player = argument;

	while (player->operations-- > 0 && player->wrong == NULL) {
		struct slot *slot = &slots[next_random(player) % SLOTS];
		struct owned owned, left;

		pthread_mutex_lock(&slot->lock);
		owned = slot->owned;
		slot->owned.block = NULL;
		pthread_mutex_unlock(&slot->lock);
		player->wrong = operate(player, &owned);
		pthread_mutex_lock(&slot->lock);
		left = slot->owned;
		slot->owned = owned;
		pthread_mutex_unlock(&slot->lock);
		if (left.block != NULL && player->wrong == NULL)
			player->wrong = give_back(player, &left);
	}
	return NULL;
}

static void clean_up(struct player *player)
{
	for (size_t i = 0; i < SLOTS; i++) {
		if (slots[i].owned.block == NULL)
			continue;
		in_case("%s, slot %zu at the end", player->backend->variant, i);
		CHECK_TEXT(look(player, &slots[i].owned) == NULL ? "" : "wrong",
			"");
		give_back(player, &slots[i].owned);
	}
}

static void run_players(const struct alloc_backend *backend, size_t threads)
{
	struct player players[THREADS];

	for (size_t i = 0; i < threads; i++) {
		players[i] = (struct player){.backend = backend,
			.random = 0x9E3779B97F4A7C15u * (i + 1),
			.operations = OPERATIONS / threads};
		assert_int_equal(pthread_create(&players[i].thread, NULL, play,
					 &players[i]),
			0);
	}
	for (size_t i = 0; i < threads; i++) {
		pthread_join(players[i].thread, NULL);
		in_case("%s, %zu threads, thread %zu, %zu operations left",
			backend->variant, threads, i, players[i].operations);
		CHECK_TEXT(
			players[i].wrong != NULL ? players[i].wrong : "", "");
	}
	clean_up(&players[0]);
}

static void one_thread(void **state)
{
	(void)state;
	FOR_EACH_BACKEND(backend)
	if (backend->allocates)
		run_players(backend, 1);
}

static void four_threads(void **state)
{
	(void)state;
	FOR_EACH_BACKEND(backend)
	if (backend->allocates)
		run_players(backend, THREADS);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(one_thread),
		cmocka_unit_test(four_threads),
	};

	for (size_t i = 0; i < SLOTS; i++)
		pthread_mutex_init(&slots[i].lock, NULL);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
