// SPDX-License-Identifier: MIT
//
// Rows that several commands have, so that they read and say the same.
#ifndef SERIALBENCH_OPTION_ROWS_H
#define SERIALBENCH_OPTION_ROWS_H

#include "option_table.h"

#define OPTION_SEED_ROW(type, field)                                           \
	{                                                                      \
		"seed", .kind = OPTION_NUMBER, .argument = "N",                \
			.help = "seed of everything random in the run",        \
			.most = INT64_MAX /* as JSON can hold */,              \
			.otherwise = "the time", OPTION_AT(type, field),       \
	}

#define OPTION_RUN_OUT_ROW(type, field)                                        \
	{                                                                      \
		"out", .kind = OPTION_FOLDER, .argument = "DIR",               \
		       .help = "run directory; must not exist",                \
		       .otherwise = "a new one below --runs",                  \
		       OPTION_AT(type, field),                                 \
	}

#define OPTION_RUNS_ROW(type, field)                                           \
	{                                                                      \
		"runs", .kind = OPTION_FOLDER, .argument = "DIR",              \
			.help = "where run directories are made",              \
			.standard = "results/runs", OPTION_AT(type, field),    \
	}

/* `field` is whether threads are pinned. */
#define OPTION_NO_PIN_ROW(type, field)                                         \
	{                                                                      \
		"no-pin", .kind = OPTION_FLAG,                                 \
			  .help = "leave threads where the kernel puts them",  \
			  .stores = false, OPTION_AT(type, field),             \
	}

/* In nanoseconds. */
#define OPTION_DEADLINE_ROW(type, field)                                       \
	{                                                                      \
		"deadline", .kind = OPTION_NUMBER, .argument = "SECONDS",      \
			    .help = "after which a silent worker is given up", \
			    .least = 1, .most = 86400, .standard = "20",       \
			    .scale = 1000000000u, OPTION_AT(type, field),      \
	}

/* The sizes of a run exclude each other. */
#define OPTION_SIZE_ROWS(type, field)                                          \
	{"quick", .kind = OPTION_FLAG, .help = "a small run", .group = 1,      \
		.stores = PRESET_QUICK, OPTION_AT(type, field)},               \
		{"standard", .kind = OPTION_FLAG,                              \
			.help = "a run of the usual size, as without these",   \
			.group = 1, .stores = PRESET_STANDARD,                 \
			OPTION_AT(type, field)},                               \
	{                                                                      \
		"thorough", .kind = OPTION_FLAG, .help = "a large run",        \
			    .group = 1, .stores = PRESET_THOROUGH,             \
			    OPTION_AT(type, field)                             \
	}

#endif /* SERIALBENCH_OPTION_ROWS_H */
