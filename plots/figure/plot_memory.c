// SPDX-License-Identifier: MIT
//
// Bytes per live block, stacked: requested, header and tail, rounding, rest.
// Sizes within a factor of two share a panel, so that the few bytes of a
// header stay visible beside a large block.
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "figure.h"
#include "variant_style.h"

#define ROW_HEIGHT 15
#define PARTS 4

struct memory_row {
	const char *variant, *allocator;
	double size, part[PARTS], total; /* bytes per live block */
};

struct memory {
	struct figure_files files;
	struct figure *figure;
	struct memory_row *rows;
	size_t count;
};

static const char *const columns[PARTS] = {
	"requested_bytes",
	"header_tail_bytes",
	"rounding_bytes",
	"rest_bytes",
};
static const char *const names[PARTS] = {
	"requested",
	"header and tail",
	"rounding",
	"rest",
};
static const char *const colours[PARTS] = {
	PART_REQUESTED,
	PART_HEADER,
	PART_ROUNDING,
	PART_REST,
};

static int row_order(const void *a, const void *b)
{
	const struct memory_row *x = a, *y = b;
	bool system_x = !strcmp(x->allocator, "system");
	bool system_y = !strcmp(y->allocator, "system");
	int order = system_x != system_y ? (int)system_y - (int)system_x
					 : strcmp(x->allocator, y->allocator);

	if (order)
		return order;
	if (x->size < y->size || x->size > y->size)
		return x->size < y->size ? -1 : 1;
	return variant_order(x->variant, y->variant);
}

/* A part that was not measured is NaN and draws nothing. */
static void add_row(
	struct memory *memory, const struct csv_table *table, size_t index)
{
	struct memory_row *row = &memory->rows[memory->count];
	double blocks = report_real(table, index, "live_blocks");

	row->variant = report_field(table, index, "variant");
	row->allocator = report_field(table, index, "allocator");
	row->size = report_real(table, index, "size");
	row->total = report_real(table, index, "total_bytes") / blocks;
	for (int i = 0; i < PARTS; i++)
		row->part[i] = report_real(table, index, columns[i]) / blocks;
	if (row->size >= 0 && blocks > 0)
		memory->count++;
}

/* Resident memory can shrink below what the blocks take (pages shared or not
 * yet touched): a negative rest has no length. */
static double length(double part)
{
	return part > 0 ? part : 0;
}

static double stacked(const struct memory_row *row)
{
	double sum = 0;

	for (int i = 0; i < PARTS; i++)
		sum += length(row->part[i]);
	return sum;
}

static void write_row(
	const struct memory *memory, const struct memory_row *row, int y)
{
	FILE *out = memory->files.script, *numbers = memory->files.numbers;
	double sum = 0;

	fputs("set label ", out);
	figure_quote(out, row->variant, 11);
	fprintf(out, " at graph -0.03, first %d right textcolor rgb '%s'\n", -y,
		INK_COLOUR);
	fprintf(out,
		"set label '%.1f' at %.6g, first %d left offset 0.5, 0 "
		"textcolor rgb '%s'\n",
		isnan(row->total) ? stacked(row) : row->total, stacked(row), -y,
		SOFT_COLOUR);
	fprintf(numbers, "%d\t0", -y);
	for (int i = 0; i < PARTS; i++) {
		sum += length(row->part[i]);
		fprintf(numbers, "\t%.6g", sum);
	}
	fprintf(numbers, "\t%g\t", row->size);
	figure_quote(numbers, row->variant, 64);
	fputc('\t', numbers);
	figure_quote(numbers, row->allocator, 64);
	fputc('\n', numbers);
}

static void write_size_label(
	const struct memory *memory, const struct memory_row *row, int y)
{
	fprintf(memory->files.script,
		"set label '%g-byte blocks (%.0f mod 16)' at screen 0.01, "
		"first %d left font '" HEADING_FONT "' textcolor rgb '%s'\n",
		row->size, fmod(row->size, 16), -y, SOFT_COLOUR);
}

static bool new_size(const struct memory *memory, size_t first, size_t i)
{
	return i == first || memory->rows[i].size > memory->rows[i - 1].size;
}

static double write_rows(const struct memory *memory, size_t first, size_t last)
{
	double most = 1;
	int y = 0;

	for (size_t i = first; i < last; i++) {
		if (new_size(memory, first, i))
			write_size_label(memory, &memory->rows[i], y++);
		write_row(memory, &memory->rows[i], y++);
		most = fmax(most, stacked(&memory->rows[i]));
	}
	fputs("\n\n", memory->files.numbers);
	return most;
}

/* gnuplot would set its own key one under the other in so small a panel. */
static void write_key(const struct memory *memory, int height)
{
	static const int left[PARTS] = {26, 110, 228, 306};
	FILE *out = memory->files.script;

	for (int i = 0; i < PARTS; i++) {
		double x = (double)left[i] / PANEL_WIDTH;

		fprintf(out,
			"set object %d rectangle from screen %.4f, screen %.4f "
			"to screen %.4f, screen %.4f fillcolor rgb '%s' "
			"fillstyle solid noborder\n",
			10 + i, x, 9.0 / height, x + 0.025, 19.0 / height,
			colours[i]);
		fprintf(out,
			"set label '%s' at screen %.4f, screen %.4f left "
			"textcolor rgb '%s'\n",
			names[i], x + 0.037, 14.0 / height, INK_COLOUR);
	}
}

static void write_plot(const struct memory *memory, double most, int lines)
{
	FILE *out = memory->files.script;

	fprintf(out,
		"set xrange [0:%.6g]\nset yrange [%.1f:0.5]\nunset ytics\n"
		"set xtics autofreq\nset grid xtics lc rgb '%s' lt 1 lw 0.6\n"
		"set xlabel 'bytes per live block' offset 0, 0.6 "
		"textcolor rgb '%s'\n"
		"unset key\nset style fill solid 1 noborder\nplot ",
		most * 1.14, -lines + 0.3, GRID_COLOUR, SOFT_COLOUR);
	for (int i = 0; i < PARTS; i++)
		fprintf(out,
			"'%s.dat' index %zu using %d:1:%d:%d:($1-0.36):"
			"($1+0.36) with boxxyerror lc rgb '%s'%s",
			memory->figure->name, memory->figure->panels - 1, i + 2,
			i + 2, i + 3, colours[i],
			i + 1 < PARTS ? ", \\\n\t" : "\n");
}

static void write_panel(struct memory *memory, size_t first, size_t last)
{
	struct panel_box box = {0, 78, 12, 28, 66};
	int lines = 0;
	double most;

	for (size_t i = first; i < last; i++)
		lines += 1 + new_size(memory, first, i);
	box.height = box.top + box.bottom + lines * ROW_HEIGHT;
	figure_panel(&memory->files, memory->figure, &box,
		memory->rows[first].allocator, NULL);
	write_key(memory, box.height);
	most = write_rows(memory, first, last);
	write_plot(memory, most, lines);
}

static void write_panels(struct memory *memory)
{
	const struct memory_row *rows = memory->rows;

	for (size_t first = 0, last; first < memory->count; first = last) {
		for (last = first + 1; last < memory->count; last++)
			if (strcmp(rows[last].allocator,
				    rows[first].allocator) ||
				rows[last].size > 2 * rows[first].size)
				break;
		write_panel(memory, first, last);
	}
}

int plot_memory(struct figure *figure, const struct report_data *data,
	const char *directory)
{
	const struct csv_table *table = &data->tables[FILE_MEMORY];
	struct memory memory = {.figure = figure};
	int result = -1;

	*figure = (struct figure){.name = "memory"};
	memory.rows = calloc(table->rows + 1, sizeof(*memory.rows));
	if (!memory.rows)
		return -1;
	for (size_t i = 0; i < table->rows; i++)
		add_row(&memory, table, i);
	qsort(memory.rows, memory.count, sizeof(*memory.rows), row_order);
	if (figure_open(&memory.files, directory, figure->name,
		    "row\tzero\trequested\t+header_tail\t+rounding\t+rest\t"
		    "size\tvariant\tallocator"))
		goto done;
	write_panels(&memory);
	result = figure_close(&memory.files);
done:
	free(memory.rows);
	return result;
}
