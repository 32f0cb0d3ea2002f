// SPDX-License-Identifier: MIT
#include "metrics.h"

int metric_write(struct csv_writer *metrics, const char *metric,
	const char *cell, const char *variant, double value, const char *unit,
	const char *note)
{
	csv_text(metrics, metric);
	csv_text(metrics, cell);
	csv_text(metrics, variant);
	csv_real(metrics, value);
	csv_text(metrics, unit);
	csv_text(metrics, note);
	return csv_end_row(metrics);
}
