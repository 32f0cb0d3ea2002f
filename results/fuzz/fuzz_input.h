// SPDX-License-Identifier: MIT
//
// A trials.csv from fuzzed bytes. Its header is long and has to be whole, so
// that a blank line in its place stands for it: mutations then go into rows.
#ifndef SERIALBENCH_FUZZ_INPUT_H
#define SERIALBENCH_FUZZ_INPUT_H

#include <string.h>

#include "fuzz_file.h"

static inline void fuzz_file_fill_trials(
	struct fuzz_file *file, const uint8_t *data, size_t size)
{
	size_t header = strlen(trial_header);
	char *bytes;

	if (size == 0 || data[0] != '\n') {
		fuzz_file_fill(file, data, size);
		return;
	}
	bytes = malloc(header + size);
	FUZZ_CHECK(bytes, "no memory");
	memcpy(bytes, trial_header, header);
	memcpy(bytes + header, data, size);
	fuzz_file_fill(file, bytes, header + size);
	free(bytes);
}

#endif /* SERIALBENCH_FUZZ_INPUT_H */
