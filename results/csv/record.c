// SPDX-License-Identifier: MIT
#include "record.h"

#include "csv_writer.h"

/* Every name with its comma in front; the header starts after the first. */
#define COMMA_NAME(name, description) "," #name
static const char comma_names[] =
	TRIAL_FIELDS(COMMA_NAME, COMMA_NAME, COMMA_NAME);
#undef COMMA_NAME

const char *const trial_header = comma_names + 1;

int trial_write(struct csv_writer *writer, const struct trial *trial)
{
#define WRITE_TEXT(name, description) csv_text(writer, trial->name);
#define WRITE_COUNT(name, description) csv_count(writer, trial->name);
#define WRITE_REAL(name, description) csv_real(writer, trial->name);
	TRIAL_FIELDS(WRITE_TEXT, WRITE_COUNT, WRITE_REAL)
#undef WRITE_TEXT
#undef WRITE_COUNT
#undef WRITE_REAL
	return csv_end_row(writer);
}
