// SPDX-License-Identifier: MIT
//
// How a variant looks: colour, marker, dash, place in a list. Colours are
// Okabe and Ito's (and Tol's for variants that this file does not know); the
// marker and the dash differ too, so that a figure reads without colour.
#ifndef SERIALBENCH_VARIANT_STYLE_H
#define SERIALBENCH_VARIANT_STYLE_H

#include <stddef.h>
#include <stdio.h>

struct variant_style {
	const char *name;
	const char *light; /* #rrggbb; also what gnuplot is given */
	const char *dark; /* the same on a dark page */
	int point; /* gnuplot's point type */
	const char *dash; /* gnuplot's dash pattern */
	int rank; /* order in tables and figures */
	const char *meaning;
};

/* Colours of figures that belong to no variant. */
#define INK_COLOUR "#15191e"
#define SOFT_COLOUR "#5a6470"
#define GRID_COLOUR "#d5dae0"
#define BAND_COLOUR "#e4e9ee"
#define PART_REQUESTED "#b9c3cd"
#define PART_HEADER "#0072b3"
#define PART_ROUNDING "#e69f01"
#define PART_REST "#6b4c7e"

/* The style of a variant; one that is not known gets the next free one and
 * keeps it for the rest of the report. Never NULL. Not thread-safe. */
const struct variant_style *variant_style(const char *name);

/* Forgets the variants that were not known: a new report begins. */
void variant_style_forget(void);

/* The row'th known variant, or NULL past the last: for the glossary. */
const struct variant_style *variant_style_at(size_t row);

/* qsort-like order of two variants by rank, then name. */
int variant_order(const char *a, const char *b);

/* The CSS variable of a colour that gnuplot wrote, e.g. "--c3", or NULL. */
const char *style_colour_variable(unsigned red, unsigned green, unsigned blue);

/* Writes the variables, once for light pages and once for dark ones. */
void style_sheet_variables(FILE *out);

#endif /* SERIALBENCH_VARIANT_STYLE_H */
