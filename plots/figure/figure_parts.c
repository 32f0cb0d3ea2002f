// SPDX-License-Identifier: MIT
//
// Parts that several figures share: ticks of a log axis of ratios, the key.
#include <math.h>
#include <string.h>

#include "figure.h"
#include "lane_facts.h"
#include "variant_style.h"

#define KEY_LINE 16
#define KEY_COLUMNS 4

void figure_ratio_tics(FILE *out, double low, double high)
{
	static const double round[2][20] = {
		{0.95, 0.9, 0.8, 0.7, 0.6, 0.5, 0.4, 0.3, 0.2, 0.1, 0.05, 0.02,
			0.01, 0.005, 0.002, 0.001},
		{1.05, 1.1, 1.2, 1.3, 1.4, 1.5, 1.75, 2, 2.5, 3, 4, 5, 7, 10,
			20, 50, 100, 200, 500, 1000},
	};
	double apart = log(high / low) / 5.2;

	fputs("set xtics ('1' 1", out);
	for (int side = 0; side < 2; side++) {
		double last = 0;

		for (size_t i = 0; i < 20 && round[side][i] > 0; i++) {
			double at = round[side][i];

			if (at < low || at > high)
				break;
			if (fabs(log(at)) - last < apart)
				continue;
			last = fabs(log(at));
			fprintf(out, ", '%g' %g", at, at);
		}
	}
	fputs(")\n", out);
}

static int key_lines(int entries)
{
	return (entries + KEY_COLUMNS - 1) / KEY_COLUMNS;
}

int figure_key_height(int entries)
{
	return KEY_LINE * key_lines(entries);
}

/* gnuplot's own key guesses how wide its texts are and breaks its lines by
 * that. */
void figure_key(FILE *out, int entry, int entries, int height, const char *name,
	const struct variant_style *style)
{
	int line = key_lines(entries) - 1 - entry / KEY_COLUMNS;
	double x = (34.0 + entry % KEY_COLUMNS * 92) / PANEL_WIDTH;
	double y = (14.0 + line * KEY_LINE) / height;

	fprintf(out,
		"set arrow from screen %.4f, screen %.4f to screen %.4f, "
		"screen %.4f nohead lw %s dt %s lc rgb '%s'\n",
		x - 0.034, y, x + 0.034, y, style ? "1.6" : "1",
		style ? style->dash : "(2,4)",
		style ? style->light : SOFT_COLOUR);
	fputs("set label ", out);
	figure_quote(out, lane_is_copy(name) ? "A′" : name, 10);
	fprintf(out, " at screen %.4f, screen %.4f left textcolor rgb '%s'\n",
		x + 0.05, y, INK_COLOUR);
	if (style)
		fprintf(out,
			"set label '' at screen %.4f, screen %.4f "
			"point pt %d ps 0.8 lc rgb '%s'\n",
			x, y, style->point, style->light);
}
