// SPDX-License-Identifier: MIT
//
// What a fuzz target is: one function that takes any bytes and aborts where a
// property of the reader does not hold. With clang libFuzzer calls it; with
// any compiler replay.c calls it with the files of the corpus.
#ifndef SERIALBENCH_FUZZ_H
#define SERIALBENCH_FUZZ_H

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

/* libFuzzer's name for it. Returns 0. */
__attribute__((visibility("default"))) int LLVMFuzzerTestOneInput(
	const uint8_t *data, size_t size);

/* Says which property is broken, with its values, and aborts. */
#define FUZZ_CHECK(condition, ...)                                             \
	do {                                                                   \
		if (condition)                                                 \
			break;                                                 \
		fprintf(stderr, "fuzz: %s:%d: %s: ", __FILE__, __LINE__,       \
			#condition);                                           \
		fprintf(stderr, __VA_ARGS__);                                  \
		fputc('\n', stderr);                                           \
		abort();                                                       \
	} while (0)

#endif /* SERIALBENCH_FUZZ_H */
