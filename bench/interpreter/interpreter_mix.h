// SPDX-License-Identifier: MIT
//
// What the workload interpreter allocates: rows that were derived from recorded
// programs (interpreter/derive.py), each of them as likely as another.
#ifndef SERIALBENCH_INTERPRETER_MIX_H
#define SERIALBENCH_INTERPRETER_MIX_H

#include <stdbool.h>
#include <stdint.h>

#define MIX_ROWS 2048
#define MIX_SPAN 4096 /* births; what lives longer stays */
#define MIX_RESIZED 63 /* rows that are resized, at most */
#define MIX_RESIZES 128 /* of all those rows, at most */

struct mix_birth {
	uint32_t size; /* bytes, 1 at least */
	uint16_t life; /* 1 … MIX_SPAN births; 0: it stays */
};

struct mix_resize {
	uint32_t size;
	uint16_t age; /* 1 … MIX_SPAN births */
};

/* Rows of malloc, then of calloc, then those that are resized. */
struct mix {
	uint16_t zeroed, resized; /* first rows of the latter two */
	struct mix_birth births[MIX_ROWS];
	/* Of each resized row, and where the last one's end. */
	uint8_t first_resize[MIX_RESIZED + 1];
	struct mix_resize resizes[MIX_RESIZES];
};

/* By program: start, test. */
extern const struct mix interpreter_mixes[2];

static inline bool mix_is_zeroed(const struct mix *mix, uint16_t row)
{
	return row >= mix->zeroed && row < mix->resized;
}

/* The row's resizes are from mix_first up to, not including, mix_end. */
static inline uint16_t mix_first(const struct mix *mix, uint16_t row)
{
	return row < mix->resized ? 0 : mix->first_resize[row - mix->resized];
}

static inline uint16_t mix_end(const struct mix *mix, uint16_t row)
{
	return row < mix->resized ? 0
				  : mix->first_resize[row - mix->resized + 1];
}

#endif /* SERIALBENCH_INTERPRETER_MIX_H */
