// SPDX-License-Identifier: MIT
//
// Sleeping on a word that processes share. glibc has no call for it.
#ifndef SERIALBENCH_FUTEX_H
#define SERIALBENCH_FUTEX_H

#include <limits.h>
#include <linux/futex.h>
#include <stdatomic.h>
#include <stdint.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

typedef _Atomic uint32_t futex_word;

/* Sleeps while the word has that value, at most `timeout_ns` (negative: for
 * ever). May wake without reason: the caller looks at the word again. */
static inline void futex_wait(
	futex_word *word, uint32_t value, int64_t timeout_ns)
{
	struct timespec timeout = {
		.tv_sec = timeout_ns / 1000000000,
		.tv_nsec = timeout_ns % 1000000000,
	};

	syscall(SYS_futex, word, FUTEX_WAIT, value,
		timeout_ns < 0 ? NULL : &timeout, NULL, 0);
}

/* Wakes everyone who sleeps on the word. */
static inline void futex_wake_all(futex_word *word)
{
	syscall(SYS_futex, word, FUTEX_WAKE, INT_MAX, NULL, NULL, 0);
}

#endif /* SERIALBENCH_FUTEX_H */
