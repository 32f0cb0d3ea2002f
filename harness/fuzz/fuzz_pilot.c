// SPDX-License-Identifier: MIT
//
// Any bytes as a pilot.csv: what is read and written again reads back the
// same, a turn has operations, and an error has its place.
#include <errno.h>
#include <math.h>
#include <unistd.h>

#include "fuzz_plan_fixture.h"
#include "pilot_file.h"

#define HEADER                                                                 \
	"cell,ops,warmup_ops,alone_ns_per_op,relay_ns_per_op,rounds,round_sd," \
	"start_ns,round_ns"

static char folder[] = "/tmp/serialbench-fuzz-XXXXXX";
static char copy[64];

static void remove_folder(void)
{
	unlink(copy);
	rmdir(folder);
}

static void make_folder(void)
{
	FUZZ_CHECK(mkdtemp(folder), "%s", strerror(errno));
	atexit(remove_folder);
	snprintf(copy, sizeof(copy), "%s/pilot.csv", folder);
}

static bool same_real(double a, double b)
{
	return isnan(a) ? isnan(b) : a == b;
}

static void check_same(const struct plan_cell *a, const struct plan_cell *b)
{
	FUZZ_CHECK(a->failed == b->failed, "%d, then %d", a->failed, b->failed);
	if (a->failed)
		return;
	FUZZ_CHECK(a->ops >= 1, "no operations");
	FUZZ_CHECK(a->ops == b->ops && a->warmup_ops == b->warmup_ops,
		"%llu + %llu, then %llu + %llu", (unsigned long long)a->ops,
		(unsigned long long)a->warmup_ops, (unsigned long long)b->ops,
		(unsigned long long)b->warmup_ops);
	FUZZ_CHECK(!(a->alone_ns_per_op < 0) && !(a->relay_ns_per_op < 0),
		"%g, %g", a->alone_ns_per_op, a->relay_ns_per_op);
	FUZZ_CHECK(same_real(a->alone_ns_per_op, b->alone_ns_per_op) &&
			same_real(a->relay_ns_per_op, b->relay_ns_per_op),
		"%.17g, then %.17g", a->alone_ns_per_op, b->alone_ns_per_op);
	FUZZ_CHECK(a->rounds >= 1 && a->rounds <= PLAN_ROUNDS &&
			a->rounds == b->rounds,
		"%u rounds, then %u", a->rounds, b->rounds);
	FUZZ_CHECK(same_real(a->round_sd, b->round_sd) &&
			same_real(a->start_ns, b->start_ns) &&
			same_real(a->round_ns, b->round_ns),
		"%.17g, then %.17g", a->round_sd, b->round_sd);
}

static void check_again(const struct plan *plan, struct plan *again)
{
	struct error error;

	if (copy[0] == '\0')
		make_folder();
	unlink(copy);
	FUZZ_CHECK(pilot_file_write(plan, copy) == 0, "%s", strerror(errno));
	FUZZ_CHECK(pilot_file_read(again, copy, &error) == 0, "%s", error.text);
	for (size_t i = 0; i < FIXTURE_CELLS; i++)
		check_same(&plan->cells[i], &again->cells[i]);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct plan_request request;
	static struct fuzz_file file;
	static struct plan plan, again; /* the cells are kept */
	struct error error;

	if (plan.cell_count == 0) {
		fixture_plan(&plan, &request);
		fixture_plan(&again, &request);
	}
	fuzz_file_fill_table(&file, HEADER, data, size);
	if (pilot_file_read(&plan, file.path, &error) != 0)
		fuzz_check_place(error.text, file.path);
	else
		check_again(&plan, &again);
	return 0;
}
