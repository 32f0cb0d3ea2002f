// SPDX-License-Identifier: MIT
//
// The sections that are tables: serial numbers, real programs, failures.
#include "report_html.h"
#include "report_sections.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

void report_serial(FILE *page, const struct report_data *data)
{
	static const struct html_column columns[] = {
		{"variant", "variant", HTML_TEXT},
		{"threads", "threads", 0},
		{"numbers", "numbers drawn", 0},
		{"duplicates", "duplicates", 0},
		{"lost", "lost updates", 0},
		{"gaps", "gaps", 0},
		{"inversions", "order inversions", 0},
		{"repeats", "repeats on the next run", 0},
		{"bump_p50_cycles", "bump p50, cycles", 0},
		{"bump_p99_cycles", "bump p99, cycles", 0},
		{"bump_max_cycles", "bump max, cycles", 0},
	};

	html_section(page, "serial", "Are the numbers right?");
	if (data->present[FILE_SERIAL]) {
		fputs("<p>What each scheme’s numbers are worth under "
		      "contention. A duplicate is one number on two blocks; a "
		      "lost update is a bump that another thread overwrote; an "
		      "inversion is a later allocation with a smaller number. "
		      "<code>global</code> is a data race by design.</p>\n",
			page);
		html_csv_table(page, &data->tables[FILE_SERIAL], NULL, columns,
			COUNT(columns));
	} else {
		html_missing(page, "serial.csv",
			"counts duplicate, lost and reordered numbers");
	}
	html_section_end(page);
}

void report_programs(FILE *page, const struct report_data *data)
{
	static const struct html_column columns[] = {
		{"environment", "environment", HTML_CODE},
		{"command", "command", HTML_CODE},
		{"allocator", "allocator", HTML_TEXT},
		{"variant", "variant", HTML_TEXT},
		{"wall_ms_median", "wall, ms", 1},
		{"ratio", "ratio", 3},
		{"ci_low", "from", 3},
		{"ci_high", "to", 3},
		{"verdict", "verdict", HTML_VERDICT},
		{"launches", "launches", 0},
		{"peak_rss_kib", "peak RSS, KiB", 0},
		{"live_blocks_at_peak", "live blocks at peak", 0},
		{"requested_bytes_at_peak", "requested, bytes", 0},
		{"debug_bytes_at_peak", "debug, bytes", 0},
		{"serial_bytes_at_peak", "of it serial, bytes", 0},
	};

	html_section(page, "programs", "Real programs");
	if (data->present[FILE_EXEC]) {
		fputs("<p>Unmodified programs on the preloaded wrapper: whole "
		      "processes, start to exit, in randomised blocks. Block "
		      "counts and bytes are the wrapper’s own, at the moment "
		      "of the greatest requested total.</p>\n",
			page);
		html_csv_table(page, &data->tables[FILE_EXEC], NULL, columns,
			COUNT(columns));
	} else {
		html_missing(page, "exec.csv",
			"<code>serialbench exec --variant all</code> writes");
	}
	html_section_end(page);
}

static void write_failures(FILE *page, const struct trial_summary *trials)
{
	static const struct html_column columns[] = {
		{"", "cell", HTML_TEXT},
		{"", "variant", HTML_TEXT},
		{"", "what happened", HTML_TEXT},
		{"", "turns", 0},
		{"", "first in launch", 0},
	};

	html_table_open(page, "sort", NULL);
	html_head(page, columns, COUNT(columns));
	for (size_t i = 0; i < trials->failure_count; i++) {
		const struct trial_failure *failure = &trials->failures[i];

		fputs("<tr><td>", page);
		html_element(page, "code", failure->cell);
		fputs("</td><td>", page);
		html_variant(page, failure->variant);
		fputs("</td><td>", page);
		html_text(page, failure->status);
		fprintf(page,
			"</td><td class=\"n\">%zu</td><td class=\"n\">%llu"
			"</td></tr>\n",
			failure->turns,
			(unsigned long long)failure->first_launch);
	}
	html_table_close(page);
}

void report_failed(FILE *page, const struct report_data *data)
{
	const struct trial_summary *trials = &data->trials;

	html_section(page, "failed", "Failures and exclusions");
	if (!data->has_trials) {
		html_missing(page, "trials.csv", "records every turn");
		html_section_end(page);
		return;
	}
	if (trials->failure_count)
		write_failures(page, trials);
	else
		fprintf(page, "<p>No turn failed, of %zu.</p>\n",
			trials->turns);
	for (size_t i = 0; i < trials->exclusion_count; i++) {
		fprintf(page, "<p>%zu of %zu turns left out: ",
			trials->exclusions[i].turns, trials->turns);
		html_text(page, trials->exclusions[i].reason);
		fputs(" (the rule is fixed beforehand, does not look at the "
		      "variant and leaves out whole rounds).</p>\n",
			page);
	}
	if (!trials->exclusion_count)
		fputs("<p>No round was left out.</p>\n", page);
	html_section_end(page);
}
