// SPDX-License-Identifier: MIT
//
// The run that the readers of plan.csv, pilot.csv and trials.csv are asked
// about: two cells on the system's malloc, two variants. Texts of it are in
// harness.dict.
#ifndef SERIALBENCH_FUZZ_PLAN_FIXTURE_H
#define SERIALBENCH_FUZZ_PLAN_FIXTURE_H

#include <string.h>

#include "error_text.h"
#include "fuzz_file.h"
#include "plan.h"

static const char *const fixture_cells[] = {
	"counter,work=7/system/t1", "pair,size=64/system/t2/smt"};

#define FIXTURE_CELLS 2

/* Before plan.csv is read. */
static inline void fixture_request(struct plan_request *request)
{
	memset(request, 0, sizeof(*request));
	request->variant_count = 2;
	request->variants[0] = alloc_backend_find("none");
	request->variants[1] = alloc_backend_find("atomic");
	request->allocator_count = 1;
	strcpy(request->allocators[0].name, "system");
	strcpy(request->allocators[0].identity.build_id, "b");
	strcpy(request->allocators[0].identity.allocator_version, "v");
}

/* The cells, without launches. */
static inline void fixture_plan(struct plan *plan, struct plan_request *request)
{
	struct error error;

	memset(plan, 0, sizeof(*plan));
	fixture_request(request);
	plan->request = request;
	FUZZ_CHECK(plan_add_cell(plan, "counter,work=7", 0, 1, PLACEMENT_CORES,
			   &error) == 0,
		"%s", error.text);
	FUZZ_CHECK(plan_add_cell(plan, "pair,size=64", 0, 2, PLACEMENT_SMT,
			   &error) == 0,
		"%s", error.text);
	for (size_t i = 0; i < FIXTURE_CELLS; i++)
		FUZZ_CHECK(strcmp(plan->cells[i].name, fixture_cells[i]) == 0,
			"%s", plan->cells[i].name);
}

#endif /* SERIALBENCH_FUZZ_PLAN_FIXTURE_H */
