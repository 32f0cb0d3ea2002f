// SPDX-License-Identifier: MIT
//
// The ledger as CSV, JSON and aligned columns.
#include <jansson.h>
#include <math.h>
#include <string.h>

#include "csv_writer.h"
#include "ledger.h"
#include "printable.h"

static const char header[] =
	"cell,kind,part,ns,ci_low,ci_high,ci_level,share,asked_bytes,"
	"slot_bytes,n_launches,verdict,bytes_verdict";

static void add_row(struct csv_writer *writer, const struct ledger_cell *cell,
	const struct ledger_entry *entry)
{
	csv_text(writer, cell->cell);
	csv_text(writer, entry->kind);
	csv_text(writer, entry->part);
	csv_real(writer, entry->ns);
	csv_real(writer, entry->low);
	csv_real(writer, entry->high);
	csv_real(writer, cell->level);
	csv_real(writer, entry->share);
	csv_real(writer, entry->asked_bytes);
	csv_real(writer, entry->slot_bytes);
	csv_count(writer, cell->launches);
	csv_text(writer, entry->verdict);
	csv_text(writer, entry->bytes_verdict);
}

/* All rows to the writer's file, or to `out` where it is not NULL. */
static int put_rows(
	struct csv_writer *writer, const struct ledger *ledger, FILE *out)
{
	for (size_t i = 0; i < ledger->count; i++)
		for (unsigned j = 0; j < LEDGER_ROWS; j++) {
			add_row(writer, &ledger->cells[i],
				&ledger->cells[i].entries[j]);
			if ((out != NULL ? csv_print_row(writer, out)
					 : csv_end_row(writer)) != 0)
				return -1;
		}
	return 0;
}

int ledger_write(const struct ledger *ledger, const char *path)
{
	struct csv_writer writer;
	int result;

	if (csv_writer_create(&writer, path, header) != 0)
		return -1;
	result = put_rows(&writer, ledger, NULL);
	if (csv_writer_close(&writer) != 0)
		result = -1;
	return result;
}

static int print_csv(const struct ledger *ledger, FILE *out)
{
	struct csv_writer writer = {0};

	fprintf(out, "%s\n", header);
	return put_rows(&writer, ledger, out);
}

/* JSON has no NaN. */
static json_t *real_or_null(double real)
{
	return isfinite(real) ? json_real(real) : json_null();
}

static json_t *text_or_null(const char *text)
{
	return text[0] != '\0' ? json_string(text) : json_null();
}

static json_t *entry_to_json(const struct ledger_entry *entry)
{
	return json_pack("{ss ss so so so so so so so so}", "kind", entry->kind,
		"part", entry->part, "ns", real_or_null(entry->ns), "ci_low",
		real_or_null(entry->low), "ci_high", real_or_null(entry->high),
		"share", real_or_null(entry->share), "asked_bytes",
		real_or_null(entry->asked_bytes), "slot_bytes",
		real_or_null(entry->slot_bytes), "verdict",
		text_or_null(entry->verdict), "bytes_verdict",
		text_or_null(entry->bytes_verdict));
}

static json_t *cell_to_json(const struct ledger_cell *cell)
{
	char name[RECORD_TEXT];
	json_t *rows = json_array();

	for (unsigned i = 0; i < LEDGER_ROWS; i++)
		json_array_append_new(rows, entry_to_json(&cell->entries[i]));
	strcpy(name, cell->cell);
	make_printable(name);
	return json_pack("{ss sI so so}", "cell", name, "n_launches",
		(json_int_t)cell->launches, "ci_level",
		real_or_null(cell->level), "rows", rows);
}

static int print_json(const struct ledger *ledger, FILE *out)
{
	json_t *cells = json_array();
	int result;

	for (size_t i = 0; i < ledger->count; i++)
		json_array_append_new(cells, cell_to_json(&ledger->cells[i]));
	result = json_dumpf(cells, out, JSON_INDENT(2) | JSON_PRESERVE_ORDER);
	fputc('\n', out);
	json_decref(cells);
	return result;
}

static void print_bytes(FILE *out, double bytes)
{
	if (isnan(bytes))
		fprintf(out, "  %8s", "-");
	else
		fprintf(out, "  %8.4g", bytes);
}

static void print_entry(FILE *out, const struct ledger_entry *entry)
{
	char interval[64] = "[no interval]";

	if (!isnan(entry->low))
		snprintf(interval, sizeof(interval), "[%.2f, %.2f]", entry->low,
			entry->high);
	fprintf(out, "%-11s  %-37s  %8.2f  %-18s  %6.1f %%", entry->kind,
		entry->part, entry->ns, interval, 100 * entry->share);
	print_bytes(out, entry->asked_bytes);
	print_bytes(out, entry->slot_bytes);
	if (entry->verdict[0] != '\0')
		fprintf(out, "  %s", entry->verdict);
	if (entry->bytes_verdict[0] != '\0')
		fprintf(out, ", bytes %s", entry->bytes_verdict);
	fputc('\n', out);
}

static void print_cell(FILE *out, const struct ledger_cell *cell)
{
	char name[RECORD_TEXT];

	strcpy(name, cell->cell);
	make_printable(name);
	fprintf(out, "%s, %zu launches", name, cell->launches);
	if (!isnan(cell->level))
		fprintf(out, ", coverage %.2f %%", 100 * cell->level);
	fprintf(out, "\n%-11s  %-37s  %8s  %-18s  %8s  %8s  %8s\n", "kind",
		"part", "ns/op", "interval", "of whole", "asked B", "slot B");
	for (unsigned i = 0; i < LEDGER_ROWS; i++)
		print_entry(out, &cell->entries[i]);
}

static int print_table(const struct ledger *ledger, FILE *out)
{
	for (size_t i = 0; i < ledger->count; i++) {
		if (i > 0)
			fputc('\n', out);
		print_cell(out, &ledger->cells[i]);
	}
	return ferror(out) ? -1 : 0;
}

int ledger_print(
	const struct ledger *ledger, FILE *out, enum table_format format)
{
	if (format == FORMAT_CSV)
		return print_csv(ledger, out);
	return format == FORMAT_JSON ? print_json(ledger, out)
				     : print_table(ledger, out);
}
