// SPDX-License-Identifier: MIT
//
// The one header that knows the compiler: attributes, branch hints, barriers.
#ifndef SERIALBENCH_COMPILER_H
#define SERIALBENCH_COMPILER_H

#include <stdatomic.h>
#include <stdint.h>

#define ALWAYS_INLINE static inline __attribute__((always_inline))
#define NOINLINE __attribute__((noinline))
#define COLD __attribute__((cold))
#define NORETURN __attribute__((noreturn))
#define PUBLIC __attribute__((visibility("default")))
/* Of this program or library: a declaration does not say so by itself. */
#define HIDDEN __attribute__((visibility("hidden")))
/* The macro's parameters may not be named as the attribute is. */
#define PRINTF_LIKE(text, arguments)                                           \
	__attribute__((format(printf, text, arguments)))

#define LIKELY(x) __builtin_expect(!!(x), 1)
#define UNLIKELY(x) __builtin_expect(!!(x), 0)

/* Two 64-byte lines: the adjacent-line prefetcher pairs them. */
#define CACHELINE 128

/* Adds to a number that this thread alone writes and others read: relaxed, in
 * one instruction where the machine has one. */
ALWAYS_INLINE void add_as_owner(_Atomic int64_t *number, int64_t step)
{
#ifdef __x86_64__
	__asm__("addq %1, %0" : "+m"(*number) : "er"(step) : "cc");
#else
	step += atomic_load_explicit(number, memory_order_relaxed);
	atomic_store_explicit(number, step, memory_order_relaxed);
#endif
}

/*
 * The value, but the compiler no longer knows where it came from: it can
 * neither delete the call that made it nor see through a constant table.
 */
ALWAYS_INLINE void *opaque_pointer(const void *pointer)
{
	void *result = (void *)pointer;

	__asm__ volatile("" : "+r"(result) : : "memory");
	return result;
}

/* A vector of constants is loaded whole, not put together in registers: two
 * instructions less where a word of it is then replaced. */
#ifdef __SSE2__
#define LOADED_VECTOR(vector) __asm__("" : "+x"(vector))
#else
#define LOADED_VECTOR(vector) ((void)(vector))
#endif

/* What stands before it is stored before what stands behind it. */
ALWAYS_INLINE void compiler_barrier(void)
{
	__asm__ volatile("" : : : "memory");
}

/* About one cycle a step: a counted loop that may not be shortened. */
ALWAYS_INLINE void private_work(unsigned cycles)
{
	for (; cycles > 0; cycles--)
		__asm__ volatile("" : "+r"(cycles));
}

#endif /* SERIALBENCH_COMPILER_H */
