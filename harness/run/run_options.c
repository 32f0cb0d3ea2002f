// SPDX-License-Identifier: MIT
#include "run_options.h"

#include <stdio.h>
#include <string.h>

int run_options_shard(
	struct run_options *options, const char *text, struct error *error)
{
	unsigned shard = 0, shards = 0;
	char end;

	/* Digits first: sscanf would take signs and blanks. */
	if (strspn(text, "0123456789/") == strlen(text) && text[0] != '/' &&
		sscanf(text, "%4u/%4u%c", &shard, &shards, &end) == 2 &&
		shard >= 1 && shard <= shards && shards <= 1000) {
		options->shard = shard;
		options->shards = shards;
		return 0;
	}
	return error_set(error,
		"--shard '%s': allowed is K/N with K from 1 to N and N up "
		"to 1000",
		text);
}
