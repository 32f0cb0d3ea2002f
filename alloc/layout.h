// SPDX-License-Identifier: MIT
//
// Where every byte of a block is. S = sizeof(size_t), n = bytes requested,
// B = the underlying block, P = what the program gets.
//
// An ordinary block, as CPython's debug hooks lay it out:
//
//   B          B+S  B+S+1    P=B+2S       P+n        P+n+S
//   ├──────────┼────┼────────┼────────────┼──────────┼──────────┐
//   │ n        │ id │ FD × 7 │ data       │ FD × 8   │ serial   │
//   │ big end. │    │        │ CD when new│          │ big end. │
//   └──────────┴────┴────────┴────────────┴──────────┴──────────┘
//
// An aligned block (alignment A > 2S; CPython has none). The header stands
// directly before P as above, before it the distance D = P - B by which free()
// finds the underlying block; id is the API's upper-case letter:
//
//   B            P-3S       P-2S   P-S   P-S+1    P=B+D     P+n
//   ├────────────┼──────────┼──────┼─────┼────────┼─────────┼── as above
//   │ FD × (D-3S)│ D        │ n    │ ID  │ FD × 7 │ data    │
//   └────────────┴──────────┴──────┴─────┴────────┴─────────┴──
//
// D = A, so the bytes of a block depend on n and A alone. The tail and the
// serial stand unaligned: both are read and written by memcpy. The serial is
// there only in schemes that have one. Big-endian words read well in a dump.
#ifndef SERIALBENCH_LAYOUT_H
#define SERIALBENCH_LAYOUT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "compiler.h"

#define WORD sizeof(size_t)
#define HEADER_BYTES (2 * WORD)
#define ALIGNED_HEADER_BYTES (3 * WORD)
#define TAIL_BYTES WORD

/* What the underlying allocator is trusted to align to. */
#define ORDINARY_ALIGNMENT HEADER_BYTES

/* Since 3.8 CPython's fill bytes are those of the Windows CRT. */
#define CLEAN_BYTE 0xCD
#define DEAD_BYTE 0xDD
#define FORBIDDEN_BYTE 0xFD

#define FORBIDDEN_WORD ((size_t)0xFDFDFDFDFDFDFDFDu)

/* PY_SSIZE_T_MAX: a request above it is refused. */
#define REQUEST_MAX ((size_t)PTRDIFF_MAX)

/* To and from big-endian; its own inverse. */
ALWAYS_INLINE size_t layout_swap(size_t value)
{
#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
	return value;
#else
	return sizeof(value) == 8 ? (size_t)__builtin_bswap64(value)
				  : (size_t)__builtin_bswap32((uint32_t)value);
#endif
}

ALWAYS_INLINE size_t layout_load(const void *place)
{
	size_t word;

	memcpy(&word, place, sizeof(word));
	return word;
}

ALWAYS_INLINE void layout_store(void *place, size_t word)
{
	memcpy(place, &word, sizeof(word));
}

ALWAYS_INLINE size_t layout_load_number(const void *place)
{
	return layout_swap(layout_load(place));
}

ALWAYS_INLINE void layout_store_number(void *place, size_t number)
{
	layout_store(place, layout_swap(number));
}

/* Both words of a tail in one store, as a compiler does when the serial is a
 * constant: a store more would be charged to numbering. Not with words of four
 * bytes: on x86 two of them are an MMX register. */
ALWAYS_INLINE void layout_store_tail(void *place, size_t serial)
{
#if SIZE_MAX > UINT32_MAX
	typedef size_t two_words __attribute__((vector_size(2 * WORD)));
	two_words tail = {FORBIDDEN_WORD, FORBIDDEN_WORD};

	/* A constant serial is loaded with the rest. */
	if (!__builtin_constant_p(serial))
		LOADED_VECTOR(tail);
	tail[1] = layout_swap(serial);
	memcpy(place, &tail, sizeof(tail));
#else
	layout_store(place, FORBIDDEN_WORD);
	layout_store_number((unsigned char *)place + WORD, serial);
#endif
}

/* The word before P: the API id, then forbidden bytes. */
ALWAYS_INLINE size_t layout_guard_word(char id)
{
	size_t high = (size_t)(unsigned char)id << (8 * (WORD - 1));

	return layout_swap(high | (FORBIDDEN_WORD >> 8));
}

/* The id that an aligned block of this API carries, and back. */
ALWAYS_INLINE char layout_aligned_id(char id)
{
	return (char)(id - 'a' + 'A');
}

ALWAYS_INLINE bool layout_is_aligned_id(char id)
{
	return id >= 'A' && id <= 'Z';
}

ALWAYS_INLINE char layout_api_of_id(char id)
{
	return layout_is_aligned_id(id) ? (char)(id - 'A' + 'a') : id;
}

/* D: bytes from the underlying block to P. */
ALWAYS_INLINE size_t layout_distance(size_t alignment)
{
	return alignment <= ORDINARY_ALIGNMENT ? HEADER_BYTES : alignment;
}

#endif /* SERIALBENCH_LAYOUT_H */
