// SPDX-License-Identifier: MIT
//
// The three sizes of a run, as data.
#include <string.h>

#include "plan.h"

struct preset {
	const char *name;
	const char *const *workloads;
	const char *const *allocators;
	unsigned launches, turn_us;
	bool every_thread_count; /* 1, 2, 4, … and all; else 1 and all */
	unsigned budget_s; /* 0: none */
};

static const char *const quick_workloads[] = {
	"counter,work=0", "pair,size=64", NULL};

/* The confirmatory family: the serial alone, the shortest path, and the
 * literature's workloads with values that fit short turns (docs/workloads.md).
 * Sizes 64 and 72 stand for both residues modulo 16: from 24 to 32 bytes a
 * glibc block of 64 grows by 16, one of 72 by none. */
#define STANDARD_WORKLOADS                                                     \
	"counter,work=0", "counter,work=50", "counter,work=200",               \
		"counter,work=1000", "pair,size=64", "pair,size=72",           \
		"pair,size=512", "pair,size=64,form=dependent", "stack,k=100", \
		"glibc-thread", "threadtest", "larson,bleeding=10,slots=250",  \
		"xmalloc,batch=256", "msgpass", "swap", "many-to-one",         \
		"cache-thrash,writes=10", "cache-scratch,writes=10",           \
		"mstress", "rptest", "realloc-growth", "calloc,size=64",       \
		"aligned,size=64", "large,min=1,max=2,cap=8", "fleet",         \
		"trace:python-start.trace", "trace:sqlite.trace",              \
		"trace:gcc-cc1.trace", "trace:git-log.trace",                  \
		"trace:python-threads.trace"

static const char *const standard_workloads[] = {STANDARD_WORKLOADS, NULL};

static const char *const thorough_workloads[] = {STANDARD_WORKLOADS,
	"pair,size=16", "pair,size=32", "pair,size=128", "pair,size=256",
	"pair,size=1024", "pair,size=2048", "pair,size=4096", "pair,size=16384",
	"pair,size=32768", "pair,size=16,form=dependent",
	"pair,size=512,form=dependent", "stack,k=25,order=fifo",
	"stack,k=400,order=fifo", "stack,k=1600,order=random",
	"threadtest,work=200", "larson,bleeding=0",
	"realloc-growth,form=linear,from=1000,to=1000000,step=1000",
	"trace:python-test.trace", "trace:git-status.trace",
	"larson,bleeding=1,slots=5000", "larson,bleeding=2",
	"realloc-growth,form=chain", "realloc-growth,to=1048576,factor=200",
	"calloc,size=4096", "aligned,size=2048", "large,cap=64",
	"large,form=batch,cap=32", "large,form=untouched,cap=4",
	"fleet,profile=0", "fleet,profile=5", "fleet,remote=5",
	"fleet,remote=25", "fleet,remote=50",
	/* The rest of the catalogue. */
	"linux-scalability", "alloc-test", "lifo-reverse",
	"lifo-reverse,remote=20", "realloc-burst", "blowup", "mleak",
	"fragmentation", "fragmentation,form=survivors",
	"fragmentation,form=pairs", "acdc,tree=50",
	"acdc,life=5,largest=9,shared=100", "t-test1", "interpreter", "startup",
	"startup,life=1000", NULL};

_Static_assert(sizeof(thorough_workloads) / sizeof(*thorough_workloads) <=
		PLAN_LIST + 1,
	"the longest preset fits into a request");

static const char *const two_allocators[] = {"system", "jemalloc", NULL};

static const struct preset presets[] = {
	[PRESET_QUICK] = {"quick", quick_workloads, two_allocators, 18, 100,
		false},
	[PRESET_STANDARD] = {"standard", standard_workloads, two_allocators,
		100, 100, false, .budget_s = 200},
	[PRESET_THOROUGH] = {"thorough", thorough_workloads, allocator_names,
		60, 250, true},
};

const char *plan_preset_name(enum plan_preset preset)
{
	return presets[preset].name;
}

unsigned plan_preset_budget_s(enum plan_preset preset)
{
	return presets[preset].budget_s;
}

const char *const *plan_preset_allocators(enum plan_preset preset)
{
	return presets[preset].allocators;
}

static void preset_threads(
	struct plan_request *request, bool every, unsigned pus)
{
	if (pus > TOPOLOGY_MAX_THREADS)
		pus = TOPOLOGY_MAX_THREADS;
	for (unsigned threads = 1; threads < pus; threads *= 2) {
		request->threads[request->thread_count++] = threads;
		if (!every)
			break;
	}
	request->threads[request->thread_count++] = pus;
}

void plan_apply_preset(
	struct plan_request *request, enum plan_preset preset, unsigned pus)
{
	const struct preset *from = &presets[preset];

	request->confirmatory = request->workload_count > 0;
	if (request->workload_count == 0)
		for (size_t i = 0; from->workloads[i] != NULL; i++)
			request->workloads[request->workload_count++] =
				from->workloads[i];
	request->threads_named = request->thread_count > 0;
	if (!request->threads_named)
		preset_threads(request, from->every_thread_count, pus);
	if (request->placement_count == 0)
		request->placements[request->placement_count++] =
			PLACEMENT_CORES;
	if (request->launches == 0)
		request->launches = from->launches;
	if (request->turn_us == 0)
		request->turn_us = from->turn_us;
}

bool plan_is_headline(const struct plan_request *request, const char *workload)
{
	if (request->confirmatory)
		return true;
	for (size_t i = 0; standard_workloads[i] != NULL; i++)
		if (strcmp(standard_workloads[i], workload) == 0)
			return true;
	return false;
}
