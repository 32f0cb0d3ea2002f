// SPDX-License-Identifier: MIT
//
// Placements on synthetic machines. PUs are numbered through there, so the
// core, L3 cache and NUMA node of a PU follow from its number by division, not
// from the code under test.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "topology.h"

#define SEEDS 24
#define LENGTH(array) (sizeof(array) / sizeof(*(array)))

/* PUs of each object; no_l3 where there is no such object. */
struct machine {
	const char *synthetic;
	unsigned pus, per_core, per_l3, per_numa, per_package;
	const char *summary;
};

enum { no_l3 = 0 };

static const struct machine machines[] = {
	{"pu:1", 1, 1, no_l3, 1, 1,
		"1 package, 1 NUMA node, 0 L3 caches, 1 core, 1 PU"},
	{"core:2 pu:1", 2, 1, no_l3, 2, 2,
		"1 package, 1 NUMA node, 0 L3 caches, 2 cores, 2 PUs"},
	{"core:4 pu:2", 8, 2, no_l3, 8, 8,
		"1 package, 1 NUMA node, 0 L3 caches, 4 cores, 8 PUs"},
	{"l3:1 core:2 pu:1", 2, 1, 2, 2, 2,
		"1 package, 1 NUMA node, 1 L3 cache, 2 cores, 2 PUs"},
	{"l3:2 core:4 pu:2", 16, 2, 8, 16, 16,
		"1 package, 1 NUMA node, 2 L3 caches, 8 cores, 16 PUs"},
	{"package:2 l3:1 core:3 pu:1", 6, 1, 3, 6, 3,
		"2 packages, 1 NUMA node, 2 L3 caches, 6 cores, 6 PUs"},
	{"numa:2 l3:2 core:4 pu:2", 32, 2, 8, 16, 32,
		"1 package, 2 NUMA nodes, 4 L3 caches, 16 cores, 32 PUs"},
	{"numa:3 core:2 pu:1", 6, 1, no_l3, 2, 6,
		"1 package, 3 NUMA nodes, 0 L3 caches, 6 cores, 6 PUs"},
	{"package:2 numa:2 l3:2 core:8 pu:4", 256, 4, 32, 64, 128,
		"2 packages, 4 NUMA nodes, 8 L3 caches, 64 cores, 256 PUs"},
};

static unsigned smaller(unsigned one, unsigned other)
{
	return one < other ? one : other;
}

static struct topology *load(const char *synthetic)
{
	struct topology *topology;
	struct error error;

	if (topology_create(&topology, synthetic, &error) != 0)
		fail_msg("%s", error.text);
	return topology;
}

/* How many objects of `size` PUs the threads use. */
static unsigned used(const unsigned *pus, unsigned threads, unsigned size)
{
	unsigned count = 0;

	for (unsigned i = 0; i < threads; i++) {
		bool first = true;

		for (unsigned j = 0; j < i && first; j++)
			first = pus[j] / size != pus[i] / size;
		count += first;
	}
	return count;
}

/* Objects of `size` PUs that `threads` have to use with a core each. */
static unsigned fewest(
	const struct machine *machine, unsigned threads, unsigned size)
{
	unsigned cores = size / machine->per_core;

	threads = smaller(threads, machine->pus / machine->per_core);
	return (threads + cores - 1) / cores;
}

static bool exists(const struct machine *machine, enum placement placement,
	unsigned threads)
{
	if (placement == PLACEMENT_OVERSUBSCRIBED)
		return threads > machine->pus;
	if (threads > machine->pus)
		return false;
	if (placement == PLACEMENT_SMT)
		return machine->per_core > 1 && threads > 1;
	if (placement == PLACEMENT_SAME_L3)
		return threads <= machine->per_l3 / machine->per_core;
	if (placement == PLACEMENT_CROSS_L3)
		return machine->per_l3 != no_l3 &&
			machine->pus > machine->per_l3;
	if (placement == PLACEMENT_CROSS_NUMA)
		return machine->pus > machine->per_numa;
	return true;
}

static void assert_cores(
	const struct machine *machine, const unsigned *pus, unsigned threads)
{
	unsigned sizes[] = {machine->per_core, machine->per_l3,
		machine->per_numa, machine->per_package};

	/* A core each, in as few L3 caches, NUMA nodes, packages as can be. */
	for (size_t i = 0; i < LENGTH(sizes); i++)
		if (sizes[i] != no_l3)
			assert_int_equal(used(pus, threads, sizes[i]),
				fewest(machine, threads, sizes[i]));
}

static void assert_apart(const unsigned *pus, unsigned threads, unsigned size)
{
	for (unsigned i = 1; i < threads; i++)
		assert_int_not_equal(pus[i - 1] / size, pus[i] / size);
}

static void assert_class(const struct machine *machine,
	enum placement placement, const unsigned *pus, unsigned threads)
{
	unsigned per_core = machine->per_core;

	if (placement == PLACEMENT_CORES)
		assert_cores(machine, pus, threads);
	if (placement == PLACEMENT_SMT)
		assert_int_equal(used(pus, threads, per_core),
			(threads + per_core - 1) / per_core);
	if (placement == PLACEMENT_SAME_L3) {
		assert_int_equal(used(pus, threads, machine->per_l3), 1);
		assert_int_equal(used(pus, threads, per_core), threads);
	}
	if (placement == PLACEMENT_CROSS_L3) {
		assert_apart(pus, threads, machine->per_l3);
		if (machine->per_numa > machine->per_l3 &&
			threads <= machine->per_numa)
			assert_int_equal(
				used(pus, threads, machine->per_numa), 1);
	}
	if (placement == PLACEMENT_CROSS_NUMA)
		assert_apart(pus, threads, machine->per_numa);
}

/* Every PU of the machine holds a thread, and none holds two more than
 * another. */
static void assert_even(
	const struct machine *machine, const unsigned *pus, unsigned threads)
{
	unsigned held[256] = {0};

	for (unsigned i = 0; i < threads; i++)
		held[pus[i]]++;
	for (unsigned i = 0; i < machine->pus; i++) {
		assert_true(held[i] >= threads / machine->pus);
		assert_true(held[i] <= threads / machine->pus + 1);
	}
}

static void check_cell(const struct machine *machine,
	const struct topology *topology, enum placement placement,
	unsigned threads)
{
	for (uint64_t seed = 0; seed < SEEDS; seed++) {
		unsigned pus[TOPOLOGY_MAX_THREADS];
		struct error error = {0};
		int result = topology_place(
			topology, placement, threads, seed, pus, &error);

		if ((result == 0) != exists(machine, placement, threads))
			fail_msg("%s, %s, %u threads: %d, %s",
				machine->synthetic, placement_name(placement),
				threads, result, error.text);
		if (result != 0)
			return;
		for (unsigned i = 0; i < threads; i++)
			assert_true(pus[i] < machine->pus);
		if (placement == PLACEMENT_OVERSUBSCRIBED) {
			assert_even(machine, pus, threads);
			continue;
		}
		/* All distinct, and of the class. */
		assert_int_equal(used(pus, threads, 1), threads);
		assert_class(machine, placement, pus, threads);
	}
}

static void classes(void **state)
{
	static const unsigned steps[] = {1, 2, 3, 4, 5, 6, 7, 8, 9, 15, 16, 17,
		31, 32, 33, 64, 65, 128, 200, 256, 257, 300};

	(void)state;
	for (size_t i = 0; i < LENGTH(machines); i++) {
		struct topology *topology = load(machines[i].synthetic);

		for (unsigned placement = 0; placement < PLACEMENTS;
			placement++)
			for (size_t j = 0; j < LENGTH(steps); j++)
				check_cell(&machines[i], topology,
					(enum placement)placement, steps[j]);
		topology_destroy(topology);
	}
}

static void summaries(void **state)
{
	(void)state;
	for (size_t i = 0; i < LENGTH(machines); i++) {
		struct topology *topology = load(machines[i].synthetic);
		char text[TOPOLOGY_TEXT];

		topology_summary(topology, text, sizeof(text));
		assert_string_equal(text, machines[i].summary);
		assert_int_equal(topology_pu_count(topology), machines[i].pus);
		assert_false(topology_is_this_system(topology));
		topology_destroy(topology);
	}
}

/* Seeds reach every PU as the first thread's, and the same seed the same. */
static void seeds(void **state)
{
	(void)state;
	for (size_t i = 0; i < LENGTH(machines); i++) {
		struct topology *topology = load(machines[i].synthetic);
		bool reached[256] = {false};
		unsigned count = 0;

		for (uint64_t seed = 0; seed < 4000; seed++) {
			unsigned pus[1], again[1];
			struct error error;

			assert_int_equal(
				topology_place(topology, PLACEMENT_CORES, 1,
					seed, pus, &error),
				0);
			assert_int_equal(
				topology_place(topology, PLACEMENT_CORES, 1,
					seed, again, &error),
				0);
			assert_int_equal(pus[0], again[0]);
			count += !reached[pus[0]];
			reached[pus[0]] = true;
		}
		assert_int_equal(count, machines[i].pus);
		topology_destroy(topology);
	}
}

static void names(void **state)
{
	(void)state;
	for (unsigned i = 0; i < PLACEMENTS; i++) {
		enum placement placement = (enum placement)i;

		assert_int_equal(
			placement_find(placement_name(placement)), placement);
		assert_true(strlen(placement_description(placement)) > 0);
	}
	assert_int_equal(placement_find("core"), PLACEMENTS);
	assert_int_equal(placement_find(""), PLACEMENTS);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(classes),
		cmocka_unit_test(summaries),
		cmocka_unit_test(seeds),
		cmocka_unit_test(names),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
