// SPDX-License-Identifier: MIT
//
// splitmix64 (Steele, Lea & Flood 2014): one word of state, so a thread's
// stream costs no memory and any seed will do.
#ifndef SERIALBENCH_PRNG_H
#define SERIALBENCH_PRNG_H

#include <stdint.h>

/* A bijection that spreads neighbouring values over all bits. */
static inline uint64_t prng_mix(uint64_t value)
{
	value = (value ^ (value >> 30)) * 0xbf58476d1ce4e5b9u;
	value = (value ^ (value >> 27)) * 0x94d049bb133111ebu;
	return value ^ (value >> 31);
}

static inline uint64_t prng_next(uint64_t *state)
{
	*state += 0x9e3779b97f4a7c15u;
	return prng_mix(*state);
}

/* 32 random bits to uniform in 0 … bound - 1 by multiplication (Lemire 2019);
 * the bias is below bound / 2^32. bound is at most 2^32. */
static inline uint64_t prng_scale(uint32_t bits, uint64_t bound)
{
	return (bits * bound) >> 32;
}

static inline uint64_t prng_below(uint64_t *state, uint64_t bound)
{
	return prng_scale((uint32_t)(prng_next(state) >> 32), bound);
}

#endif /* SERIALBENCH_PRNG_H */
