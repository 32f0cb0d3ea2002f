// SPDX-License-Identifier: MIT
//
// The workloads whose blocks go from thread to thread, on real threads: every
// operation is done and every block freed once, whatever the split of roles,
// the number of operations and the order in which threads run.
#include <string.h>
#include <unistd.h>

#include "step_team.h"

#define LENGTH(array) (sizeof(array) / sizeof(*(array)))

/* Parameters small enough that every bound is met. */
static const char *const texts[] = {
	"xmalloc",
	"xmalloc,batch=1,limit=1",
	"xmalloc,size=0,batch=3,limit=1",
	"xmalloc,size=1,batch=64,limit=4",
	"many-to-one",
	"many-to-one,burst=1,limit=1",
	"many-to-one,size=0,burst=7,limit=2",
	"msgpass",
	"msgpass,outstanding=1",
	"msgpass,outstanding=17",
	"swap",
	"swap,slots=1",
	"swap,slots=61",
	"cache-thrash,writes=2",
	"cache-thrash,size=1,writes=1",
	"cache-scratch,writes=2",
	"cache-scratch,size=100,writes=1",
	"mstress,scale=1",
	"mstress,scale=3,births=no",
	"rptest",
	"rptest,blocks=8,ops=4,cross=1,law=even,least=1,most=1",
	"rptest,blocks=64,ops=100,cross=1,law=exp,least=64,most=100000",
	"rptest,blocks=61,ops=13,cross=0,law=even",
	"fleet,heap=512",
	"fleet,profile=8,heap=1024,remote=25",
	"fleet,profile=5,heap=64,remote=100",
};

#ifdef FEW_THREAD_COUNTS
static const unsigned thread_counts[] = {2, 3};
#else
static const unsigned thread_counts[] = {1, 2, 3, 4, 8};
#endif

/* Of each thread and turn. */
static const uint64_t turns[] = {1, 7, 1000, 1, 333};

/* All turns; returns the checksum. */
static uint64_t run_all(
	const char *text, const struct alloc_backend *backend, unsigned threads)
{
	struct step_team team;

	step_team_begin(&team, text, backend, threads);
	for (size_t i = 0; i < LENGTH(turns); i++) {
		step_team_turn(&team, turns[i]);
		if (backend->allocates && !step_team_is_whole(&team))
			fail_msg("%s, %s, %u threads: damaged after turn %zu",
				text, backend->variant, threads, i);
	}
	return step_team_end(&team);
}

static void same_checksum(void **state)
{
	(void)state;
	for (size_t i = 0; i < LENGTH(texts); i++)
		for (size_t j = 0; j < LENGTH(thread_counts); j++) {
			unsigned threads = thread_counts[j];
			uint64_t expected =
				run_all(texts[i], &listing_backend, threads);

			for (size_t k = 0; alloc_backends[k] != NULL; k++) {
				uint64_t got = run_all(
					texts[i], alloc_backends[k], threads);

				if (got != expected)
					fail_msg("%s, %s, %u threads: checksum "
						 "%llx and not %llx",
						texts[i],
						alloc_backends[k]->variant,
						threads,
						(unsigned long long)got,
						(unsigned long long)expected);
			}
		}
}

/* Whether some thread's operations are allocations. */
static uint64_t counted_threads(const struct step_team *team)
{
	const struct workload *workload = team->instance.workload;
	uint64_t counted = 0;

	for (unsigned i = 0; i < team->instance.threads; i++)
		counted += workload->counted_role == NULL ||
			workload->counted_role(team->threads[i].role);
	return counted;
}

/* Allocations are the operations that count, exactly; what is live comes and
 * goes only where the workload says so, and nothing is left. */
static void every_block_once(void **state)
{
	(void)state;
	for (size_t i = 0; i < LENGTH(texts); i++)
		for (size_t j = 0; j < LENGTH(thread_counts); j++) {
			struct listing_counts from, to;
			struct step_team team;

			step_team_begin(&team, texts[i], &listing_backend,
				thread_counts[j]);
			for (size_t k = 0; k < LENGTH(turns); k++) {
				from = listing_counts();
				step_team_turn(&team, turns[k]);
				to = listing_counts();
				assert_int_equal(to.allocs - from.allocs,
					2 * turns[k] * counted_threads(&team));
				assert_int_equal(to.live + to.frees, to.allocs);
			}
			step_team_end(&team);
			to = listing_counts();
			if (to.live != 0)
				fail_msg("%s, %u threads: %llu blocks left",
					texts[i], thread_counts[j],
					(unsigned long long)to.live);
			assert_int_equal(to.others, 0);
		}
}

/* In these a turn frees exactly what it allocates. */
static void balanced_turns(void **state)
{
	static const char *const balanced[] = {"xmalloc,batch=5", "many-to-one",
		"swap", "cache-thrash,writes=1"};

	(void)state;
	for (size_t i = 0; i < LENGTH(balanced); i++)
		for (size_t j = 0; j < LENGTH(thread_counts); j++) {
			struct listing_counts from, to;
			struct step_team team;

			step_team_begin(&team, balanced[i], &listing_backend,
				thread_counts[j]);
			from = listing_counts();
			for (size_t k = 0; k < LENGTH(turns); k++)
				step_team_turn(&team, turns[k]);
			to = listing_counts();
			assert_int_equal(to.live, from.live);
			step_team_end(&team);
		}
}

static void damage_is_seen(void **state)
{
	static const char *const holding[] = {"xmalloc,batch=5", "many-to-one",
		"msgpass", "swap", "mstress,scale=1", "rptest",
		"fleet,heap=512,remote=25"};

	(void)state;
	for (size_t i = 0; i < LENGTH(holding); i++)
		for (size_t j = 0; j < LENGTH(thread_counts); j++) {
			struct step_team team;

			step_team_begin(&team, holding[i], &listing_backend,
				thread_counts[j]);
			step_team_turn(&team, 100);
			assert_true(step_team_is_whole(&team));
			listing_damage();
			/* A queue may be empty at the end of a turn. */
			if (listing_counts().live > 0 &&
				step_team_is_whole(&team))
				fail_msg("%s, %u threads: damage not seen",
					holding[i], thread_counts[j]);
			step_team_end(&team);
		}
	for (size_t i = 0; i < LENGTH(texts); i++) {
		struct step_team team;

		step_team_begin(&team, texts[i], &listing_overflowing, 2);
		step_team_turn(&team, 7);
		if (step_team_is_whole(&team))
			fail_msg("%s: overflow not seen", texts[i]);
		step_team_end(&team);
	}
}

/* Every split has someone whose operations count. */
static void splits(void **state)
{
	static const struct {
		const char *workload;
		unsigned threads;
		unsigned of_role[4];
	} table[] = {
		{"xmalloc", 1, {0, 0, 1, 0}},
		{"xmalloc", 2, {1, 1, 0, 0}},
		{"xmalloc", 3, {2, 1, 0, 0}},
		{"xmalloc", 8, {4, 4, 0, 0}},
		{"many-to-one", 1, {0, 0, 1, 0}},
		{"many-to-one", 2, {1, 1, 0, 0}},
		{"many-to-one", 8, {7, 1, 0, 0}},
		{"msgpass", 1, {0, 0, 0, 1}},
		{"msgpass", 2, {1, 1, 0, 0}},
		{"msgpass", 3, {2, 1, 0, 0}},
		{"msgpass", 4, {2, 1, 1, 0}},
		{"msgpass", 8, {3, 3, 2, 0}},
	};

	(void)state;
	for (size_t i = 0; i < LENGTH(table); i++) {
		const struct workload *workload =
			workload_find(table[i].workload);
		unsigned of_role[4] = {0};

		assert_non_null(workload);
		for (unsigned j = 0; j < table[i].threads; j++)
			of_role[workload->role_of(j, table[i].threads)]++;
		assert_memory_equal(of_role, table[i].of_role, sizeof(of_role));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(splits),
		cmocka_unit_test(same_checksum),
		cmocka_unit_test(every_block_once),
		cmocka_unit_test(balanced_turns),
		cmocka_unit_test(damage_is_seen),
	};

	/* A deadlock is an end, too. */
	alarm(600);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
