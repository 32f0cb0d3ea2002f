// SPDX-License-Identifier: MIT
//
// Where placements end: what is refused and in which words, machines of which
// a part is not allowed, and what the affinity leaves of this one.
#include <errno.h>
#include <sched.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <unistd.h>

#include <cmocka.h>

#include "topology_table.h"

#define SEEDS 24
#define LENGTH(array) (sizeof(array) / sizeof(*(array)))

static struct topology *load(const char *synthetic)
{
	struct topology *topology;
	struct error error;

	if (topology_create(&topology, synthetic, &error) != 0)
		fail_msg("%s", error.text);
	return topology;
}

static void refusals(void **state)
{
	static const struct {
		const char *synthetic;
		enum placement placement;
		unsigned threads;
		const char *error;
	} table[] = {
		{"pu:1", PLACEMENT_CORES, 0,
			"placement cores: 0 threads, but 1 to 512 are allowed"},
		{"pu:1", PLACEMENT_OVERSUBSCRIBED, 513,
			"placement oversubscribed: 513 threads, but 1 to 512 "
			"are allowed"},
		{"pu:1", PLACEMENT_CORES, 2,
			"placement cores: 2 threads, but 1 PU is allowed here; "
			"more must be asked for as placement oversubscribed"},
		{"core:2 pu:1", PLACEMENT_SAME_L3, 3,
			"placement same-l3: 3 threads, but 2 PUs are allowed "
			"here; more must be asked for as placement "
			"oversubscribed"},
		{"core:2 pu:1", PLACEMENT_SMT, 2,
			"placement smt: no core here has 2 allowed PUs"},
		{"core:2 pu:2", PLACEMENT_SMT, 1,
			"placement smt: 1 thread has no sibling, at least 2 "
			"are needed"},
		{"core:2 pu:1", PLACEMENT_SAME_L3, 2,
			"placement same-l3: this machine shows no L3 cache"},
		{"l3:2 core:2 pu:2", PLACEMENT_SAME_L3, 3,
			"placement same-l3: 3 threads, but one L3 cache has at "
			"most 2 allowed cores"},
		{"l3:1 core:2 pu:1", PLACEMENT_CROSS_L3, 2,
			"placement cross-l3: at least 2 L3 caches are needed, "
			"this machine shows 1"},
		{"l3:2 core:2 pu:1", PLACEMENT_CROSS_NUMA, 2,
			"placement cross-numa: at least 2 NUMA nodes are "
			"needed, this machine shows 1"},
		{"core:2 pu:1", PLACEMENT_OVERSUBSCRIBED, 2,
			"placement oversubscribed: 2 threads, but it takes "
			"more than the 2 allowed PUs"},
	};

	(void)state;
	for (size_t i = 0; i < LENGTH(table); i++) {
		struct topology *topology = load(table[i].synthetic);
		unsigned pus[TOPOLOGY_MAX_THREADS];
		struct error error = {0};

		assert_int_equal(topology_place(topology, table[i].placement,
					 table[i].threads, 1, pus, &error),
			-1);
		assert_string_equal(error.text, table[i].error);
		topology_destroy(topology);
	}
}

/* Leaves the PUs of the bit mask, as a container's cpuset would. */
static void leave(struct topology *topology, unsigned mask)
{
	unsigned count = 0;

	for (unsigned i = 0; i < topology->pu_count; i++)
		if (mask >> i & 1)
			topology->pus[count++] = topology->pus[i];
	topology->pu_count = count;
	for (unsigned i = 0; i < count; i++) {
		struct topology_pu *pu = &topology->pus[i];

		pu->sibling = pu->siblings = 0;
		for (unsigned j = 0; j < count; j++)
			if (pu->at[LEVEL_CORE] ==
				topology->pus[j].at[LEVEL_CORE]) {
				pu->sibling += j < i;
				pu->siblings++;
			}
	}
}

/* Machines of which a part is not allowed: which PUs a placement takes, as a
 * bit mask, or why it does not exist. */
static void uneven(void **state)
{
	static const struct {
		const char *synthetic;
		unsigned allowed;
		enum placement placement;
		unsigned threads, taken;
		const char *error;
	} table[] = {
		/* One core is left of the first L3, three of the second. */
		{"l3:2 core:3 pu:1", 0x39, PLACEMENT_CORES, 3, 0x38, ""},
		{"l3:2 core:3 pu:1", 0x39, PLACEMENT_SAME_L3, 3, 0x38, ""},
		{"l3:2 core:3 pu:1", 0x31, PLACEMENT_CROSS_L3, 3, 0x31, ""},
		{"l3:2 core:3 pu:1", 0x39, PLACEMENT_CROSS_L3, 4, 0,
			"placement cross-l3: 4 threads cannot take turns "
			"between the allowed L3 caches, one has too few PUs"},
		{"l3:2 core:3 pu:1", 0x38, PLACEMENT_CROSS_L3, 2, 0,
			"placement cross-l3: at least 2 L3 caches are needed, "
			"this machine shows 1"},
		/* The first NUMA node has no two L3 caches to cross. */
		{"numa:2 l3:2 core:1 pu:1", 0xd, PLACEMENT_CROSS_L3, 2, 0xc,
			""},
		/* Only the first core has a sibling. */
		{"core:3 pu:2", 0x17, PLACEMENT_SMT, 2, 0x3, ""},
		{"core:3 pu:2", 0x17, PLACEMENT_SMT, 3, 0,
			"placement smt: 3 threads, but the cores with siblings "
			"have 2 allowed PUs"},
		{"core:3 pu:2", 0x17, PLACEMENT_CORES, 4, 0x17, ""},
	};

	(void)state;
	for (size_t i = 0; i < LENGTH(table); i++) {
		struct topology *topology = load(table[i].synthetic);

		leave(topology, table[i].allowed);
		for (uint64_t seed = 0; seed < SEEDS; seed++) {
			unsigned pus[TOPOLOGY_MAX_THREADS], taken = 0;
			struct error error = {0};

			if (topology_place(topology, table[i].placement,
				    table[i].threads, seed, pus, &error) == 0)
				for (unsigned j = 0; j < table[i].threads; j++)
					taken |= 1u << pus[j];
			assert_int_equal(taken, table[i].taken);
			assert_string_equal(error.text, table[i].error);
		}
		topology_destroy(topology);
	}
}

static void bad_synthetic(void **state)
{
	struct topology *topology;
	struct error error;

	(void)state;
	assert_int_equal(topology_create(&topology, "cores two", &error), -1);
	assert_string_equal(error.text,
		"topology 'cores two': not in hwloc's notation, which is like "
		"'numa:2 l3:2 core:4 pu:2'");
	assert_null(topology);
	topology_destroy(NULL);
}

/* Each PU that this process may use, alone. */
static void affinity(void **state)
{
	cpu_set_t before;

	(void)state;
	assert_int_equal(sched_getaffinity(0, sizeof(before), &before), 0);
	for (unsigned pu = 0; pu < CPU_SETSIZE; pu++) {
		struct topology *topology;
		unsigned pus[2];
		struct error error;
		cpu_set_t one;

		if (!CPU_ISSET(pu, &before))
			continue;
		CPU_ZERO(&one);
		CPU_SET(pu, &one);
		assert_int_equal(sched_setaffinity(0, sizeof(one), &one), 0);
		topology = load(NULL);
		assert_true(topology_is_this_system(topology));
		assert_int_equal(topology_pu_count(topology), 1);
		assert_int_equal(topology_place(topology, PLACEMENT_CORES, 1,
					 pu, pus, &error),
			0);
		assert_int_equal(pus[0], pu);
		assert_int_equal(topology_place(topology, PLACEMENT_CORES, 2, 0,
					 pus, &error),
			-1);
		assert_string_equal(error.text,
			"placement cores: 2 threads, but 1 PU is allowed here; "
			"more must be asked for as placement oversubscribed");
		topology_destroy(topology);
	}
	assert_int_equal(sched_setaffinity(0, sizeof(before), &before), 0);
}

static void xml(void **state)
{
	struct topology *topology = load("numa:2 core:2 pu:1");
	char path[] = "/tmp/test_topology.XXXXXX", start[6] = "";
	int file = mkstemp(path);

	(void)state;
	assert_true(file >= 0);
	assert_int_equal(topology_write_xml(topology, path), 0);
	assert_int_equal(read(file, start, 5), 5);
	assert_string_equal(start, "<?xml");
	close(file);
	unlink(path);
	errno = 0;
	assert_int_equal(
		topology_write_xml(topology, "/nowhere/topology.xml"), -1);
	assert_int_not_equal(errno, 0);
	topology_destroy(topology);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(refusals),
		cmocka_unit_test(uneven),
		cmocka_unit_test(bad_synthetic),
		cmocka_unit_test(affinity),
		cmocka_unit_test(xml),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
