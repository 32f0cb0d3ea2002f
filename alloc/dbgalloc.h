// SPDX-License-Identifier: MIT
//
// libdbgalloc: what a program that runs on a debug allocator can ask of it.
// For C and C++. The library is preloaded,
//
//   LD_PRELOAD="libdbgalloc-tls.so libjemalloc.so.2" program
//
// or linked (`pkg-config --libs dbgalloc`). A program that shall also run
// without it declares the functions weak before it includes this header, or
// finds them with dlsym().
//
// Every call is thread-safe. None allocates; what is printed goes to file
// descriptor 2 by write(2). Blocks are those of malloc and its family and of
// operator new and new[].
#ifndef DBGALLOC_H
#define DBGALLOC_H

#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

/* What a check of one block found. */
enum dbgalloc_result {
	DBGALLOC_OK,
	DBGALLOC_API_MISMATCH, /* never found by dbgalloc_check() */
	DBGALLOC_UNDERFLOW, /* written before its first byte */
	DBGALLOC_OVERFLOW, /* written after its last byte */
	DBGALLOC_DAMAGED_SIZE, /* guards intact, size impossible */
	DBGALLOC_FREED_OR_FOREIGN /* no header of ours in front of it */
};

/* Looks at a block, whichever call made it; changes and prints nothing. Any
 * pointer may be given, but nobody may free the block meanwhile. */
enum dbgalloc_result dbgalloc_check(const void *block);

/* Writes to stderr what is known of the block, in the words of CPython's
 * debug hooks. */
void dbgalloc_dump(const void *block);

/* The serial of a sound block as a word; 0 where it has none. */
size_t dbgalloc_serial(const void *block);

/*
 * The serial as it is printed and as `break` takes it: "#1207", or
 * "T0.3#1207" where serials are counted thread by thread. Writes at most
 * `size` bytes, the closing 0 among them, and returns the length of the whole
 * text; 0 and "" where the block is not sound or has no serial.
 */
size_t dbgalloc_serial_text(const void *block, char *text, size_t size);

/*
 * Raises SIGTRAP at the allocation of that serial: "1207", "#1207" or
 * "T0.3#1207"; NULL for none. 0, or -1 where the text is no serial of this
 * variant. Counted thread by thread it holds for the calling thread and for
 * threads that have not allocated yet. Not while other threads start.
 */
int dbgalloc_break_at(const char *serial);

/* Path of the object whose malloc lies underneath. The library's own. */
const char *dbgalloc_allocator_name(void);

/* "none", "atomic", …: the library's variant. */
const char *dbgalloc_variant(void);

/* Blocks that live now, or -1 where DBGALLOC=stats=PATH is not set. */
long dbgalloc_live_blocks(void);

#ifdef __cplusplus
}
#endif

#endif /* DBGALLOC_H */
