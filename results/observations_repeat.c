// SPDX-License-Identifier: MIT
//
// Where a turn stands twice. Ten million observations have no room for their
// lines, so that the file is read again for the one that is asked for.
#include <stdio.h>
#include <string.h>

#include "observations.h"

struct search {
	const char *cell, *variant, *path;
	const struct observation *turn;
	size_t first; /* line of the first row, or 0 */
	struct error *error;
};

static bool is_of_turn(const struct search *search, const struct trial *trial)
{
	return trial->launch == search->turn->launch &&
		trial->round == search->turn->round &&
		strcmp(trial->cell, search->cell) == 0 &&
		strcmp(trial->variant, search->variant) == 0 &&
		strcmp(trial->status, "ok") == 0;
}

static int look(const struct trial *trial, void *context)
{
	struct search *search = context;

	if (!is_of_turn(search, trial))
		return 0;
	if (search->first == 0) {
		search->first = trial->line;
		return 0;
	}
	return csv_fail(search->error, search->path, trial->line, "round",
		"a second row of round %u of launch %u, variant %.64s, as in "
		"line %zu",
		search->turn->round, search->turn->launch, search->variant,
		search->first);
}

int observations_repeat(const struct observations *observations,
	const struct observation *turn, const char *path, struct error *error)
{
	struct search search = {
		.cell = observations->cells.texts[turn->cell],
		.variant = observations->variants.texts[turn->variant],
		.path = path,
		.turn = turn,
		.error = error,
	};

	/* 0: the file is not what it was when it was read. */
	if (trials_read(path, look, &search, error) == 0)
		csv_fail(error, path, 1, "round",
			"two rows of round %u of launch %u, variant %.64s; "
			"they are gone",
			turn->round, turn->launch, search.variant);
	return -1;
}
