// SPDX-License-Identifier: MIT
//
// The table of the issue that serial numbers were removed by (bpo-36611): the
// peak with and without a serial in each block, and beside it what the
// variant's blocks really take.
#include <inttypes.h>

#include "exec.h"
#include "exec_table.h"

#define KB 1024.0 /* the kB */

static void print_row(const struct exec_row *row, FILE *out)
{
	double with = (double)row->peak_bytes_32 / KB;
	double without = (double)row->peak_bytes_24 / KB;

	if (row->peak_bytes_32 == RECORD_NO_COUNT || row->peak_bytes_32 == 0)
		return;
	fprintf(out,
		"%-9s  %-7s  %10.1f  %10.1f  %9.1f  %5.1f %%  %11" PRIu64
		"  %11.1f  %12.1f\n",
		row->allocator, row->variant, with, without, without - with,
		100 * (without - with) / with, row->live_blocks_at_peak,
		(double)row->debug_bytes_at_peak / KB,
		(double)row->usable_bytes_at_peak / KB);
}

void exec_print_python(const struct exec_result *result, FILE *out)
{
	fprintf(out,
		"Peak: requested bytes and 32 or 24 for each live block, in kB "
		"of 1024 bytes\n"
		"%-9s  %-7s  %10s  %10s  %9s  %7s  %11s  %11s  %12s\n",
		"allocator", "variant", "32 a block", "24 a block", "change kB",
		"change", "live blocks", "debug kB", "usable kB");
	for (size_t i = 0; i < result->row_count; i++)
		print_row(&result->rows[i], out);
	fprintf(out,
		"debug kB: what the variant added, twice to blocks above 512 "
		"bytes; usable kB: the underlying blocks.\n\n");
}
