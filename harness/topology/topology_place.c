// SPDX-License-Identifier: MIT
//
// topology_place: which PU each thread gets.
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "prng.h"
#include "topology_cross.h"
#include "topology_order.h"

static int refuse(struct error *error, enum placement placement,
	const char *format, ...) __attribute__((format(printf, 3, 4)));

static int refuse(
	struct error *error, enum placement placement, const char *format, ...)
{
	char reason[256];
	va_list arguments;

	va_start(arguments, format);
	vsnprintf(reason, sizeof(reason), format, arguments);
	va_end(arguments);
	return error_set(
		error, "placement %s: %s", placement_name(placement), reason);
}

/* How many threads the placement could put under the PU's object of a level:
 * a core each, or on every sibling of the cores that have some. */
static unsigned room(const struct topology *topology,
	const struct topology_pu *at, enum topology_level level, bool smt)
{
	unsigned count = 0;

	for (unsigned i = 0; i < topology->pu_count; i++) {
		const struct topology_pu *pu = &topology->pus[i];

		if (topology_share(pu, at, level))
			count += smt ? pu->siblings > 1 : pu->sibling == 0;
	}
	return count;
}

/* The most that one object of the level has room for. */
static unsigned most_room(
	const struct topology *topology, enum topology_level level, bool smt)
{
	unsigned most = 0;

	for (unsigned i = 0; i < topology->pu_count; i++) {
		unsigned here = room(topology, &topology->pus[i], level, smt);

		most = here > most ? here : most;
	}
	return most;
}

/*
 * Where the threads begin: any core of the nearest level at which one object
 * has room for all of them. Where none has, not even the machine, every core
 * will be used and any will do.
 */
static const struct topology_pu *draw_start(const struct order *order, bool smt)
{
	const struct topology *topology = order->topology;
	uint64_t state = order->seed;

	for (unsigned level = LEVEL_CORE; level < TOPOLOGY_LEVELS; level++) {
		const struct topology_pu *start = NULL;
		uint64_t seen = 0;

		for (unsigned i = 0; i < topology->pu_count; i++) {
			const struct topology_pu *pu = &topology->pus[i];

			if (pu->sibling != 0 || (smt && pu->siblings < 2) ||
				room(topology, pu, level, smt) < order->threads)
				continue;
			/* One of all, in one pass and each as likely. */
			if (prng_below(&state, ++seen) == 0)
				start = pu;
		}
		if (start != NULL)
			return start;
	}
	return &topology->pus[prng_below(&state, topology->pu_count)];
}

static unsigned distance(
	const struct topology_pu *one, const struct topology_pu *other)
{
	unsigned level = LEVEL_CORE;

	while (!topology_share(one, other, (enum topology_level)level))
		level++;
	return level;
}

/* Every core gets its first thread before one gets its second; with smt, every
 * sibling is used before the next core is. */
static void place_near(struct order *order, bool smt)
{
	const struct topology *topology = order->topology;
	const struct topology_pu *start = draw_start(order, smt);

	for (unsigned i = 0; i < topology->pu_count; i++) {
		const struct topology_pu *pu = &topology->pus[i];

		if (!smt)
			order_add(order, pu, order_sibling(order, pu),
				distance(pu, start));
		else if (pu->siblings > 1)
			order_add(order, pu, 0, distance(pu, start));
	}
	order_sort(order);
}

static int place_smt(struct order *order, struct error *error)
{
	unsigned pus = most_room(order->topology, LEVEL_MACHINE, true);

	if (pus == 0)
		return refuse(
			error, PLACEMENT_SMT, "no core here has 2 allowed PUs");
	if (order->threads < 2)
		return refuse(error, PLACEMENT_SMT,
			"1 thread has no sibling, at least 2 are needed");
	if (order->threads > pus)
		return refuse(error, PLACEMENT_SMT,
			"%u threads, but the cores with siblings have %u "
			"allowed PUs",
			order->threads, pus);
	place_near(order, true);
	return 0;
}

static int place_same_l3(struct order *order, struct error *error)
{
	unsigned cores = most_room(order->topology, LEVEL_L3, false);

	if (cores == 0)
		return refuse(error, PLACEMENT_SAME_L3,
			"this machine shows no L3 cache");
	if (order->threads > cores)
		return refuse(error, PLACEMENT_SAME_L3,
			"%u threads, but one L3 cache has at most %u allowed "
			"core%s",
			order->threads, cores, cores == 1 ? "" : "s");
	place_near(order, false);
	return 0;
}

static int place_cross(
	struct order *order, enum placement placement, struct error *error)
{
	bool l3 = placement == PLACEMENT_CROSS_L3;
	enum topology_level level = l3 ? LEVEL_L3 : LEVEL_NUMA;
	unsigned objects = topology_count(order->topology, level);
	const char *object = l3 ? "L3 cache" : "NUMA node";

	if (objects < 2)
		return refuse(error, placement,
			"at least 2 %ss are needed, this machine shows %u",
			object, objects);
	if (order_cross(order, level) != 0)
		return refuse(error, placement,
			"%u threads cannot take turns between the allowed "
			"%ss, one has too few PUs",
			order->threads, object);
	return 0;
}

/* Evenly, and which PUs get one thread more is drawn. */
static int place_oversubscribed(
	struct order *order, unsigned *pus, struct error *error)
{
	const struct topology *topology = order->topology;
	uint64_t state = order->seed;
	uint64_t start = prng_below(&state, topology->pu_count);

	if (order->threads <= topology->pu_count)
		return refuse(error, PLACEMENT_OVERSUBSCRIBED,
			"%u thread%s, but it takes more than the %u allowed "
			"PU%s",
			order->threads, order->threads == 1 ? "" : "s",
			topology->pu_count, topology->pu_count == 1 ? "" : "s");
	for (unsigned i = 0; i < order->threads; i++)
		pus[i] = topology->pus[(start + i) % topology->pu_count]
				 .os_index;
	return 0;
}

static int place_on(struct order *order, enum placement placement,
	unsigned *pus, struct error *error)
{
	int result = 0;

	if (placement == PLACEMENT_OVERSUBSCRIBED)
		return place_oversubscribed(order, pus, error);
	if (placement == PLACEMENT_CORES)
		place_near(order, false);
	else if (placement == PLACEMENT_SMT)
		result = place_smt(order, error);
	else if (placement == PLACEMENT_SAME_L3)
		result = place_same_l3(order, error);
	else
		result = place_cross(order, placement, error);
	for (unsigned i = 0; result == 0 && i < order->threads; i++)
		pus[i] = order->entries[i].pu->os_index;
	return result;
}

int topology_place(const struct topology *topology, enum placement placement,
	unsigned threads, uint64_t seed, unsigned *pus, struct error *error)
{
	struct order order;
	int result;

	if (threads < 1 || threads > TOPOLOGY_MAX_THREADS)
		return refuse(error, placement,
			"%u threads, but 1 to %u are allowed", threads,
			(unsigned)TOPOLOGY_MAX_THREADS);
	if (threads > topology->pu_count &&
		placement != PLACEMENT_OVERSUBSCRIBED)
		return refuse(error, placement,
			"%u threads, but %u PU%s allowed here; more must be "
			"asked for as placement oversubscribed",
			threads, topology->pu_count,
			topology->pu_count == 1 ? " is" : "s are");
	if (order_init(&order, topology, threads, seed) != 0)
		return refuse(error, placement, "%s", error_reason(errno));
	result = place_on(&order, placement, pus, error);
	order_finish(&order);
	return result;
}
