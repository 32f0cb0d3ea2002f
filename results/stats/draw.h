// SPDX-License-Identifier: MIT
//
// Random numbers of resampling: splitmix64 (Steele, Lea & Flood 2014). Any seed
// will do. Inside results/ only.
#ifndef SERIALBENCH_DRAW_H
#define SERIALBENCH_DRAW_H

#include <stddef.h>
#include <stdint.h>

/* Uniform in 0 … bound − 1, by multiplication; bound is at most 2^32. */
static inline size_t draw_below(uint64_t *state, size_t bound)
{
	uint64_t z = *state += 0x9e3779b97f4a7c15u;

	z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
	z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
	return (size_t)(((z ^ (z >> 31)) >> 32) * (uint64_t)bound >> 32);
}

#endif /* SERIALBENCH_DRAW_H */
