// SPDX-License-Identifier: MIT
//
// For tests: one thread of a workload, without the harness.
#ifndef SERIALBENCH_TESTS_INSTANCE_H
#define SERIALBENCH_TESTS_INSTANCE_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "workload.h"

struct one_thread {
	struct workload_instance instance;
	struct workload_thread thread;
};

static inline void one_thread_begin(struct one_thread *one, const char *text,
	const struct alloc_backend *backend)
{
	const struct workload *workload;
	char error[WORKLOAD_TEXT];

	*one = (struct one_thread){0};
	if (workload_parse(text, &one->instance, error) != 0)
		fail_msg("%s", error);
	workload = one->instance.workload;
	one->instance.backend = backend;
	one->instance.threads = 1;
	one->instance.seed = 7;
	one->thread.instance = &one->instance;
	one->thread.seed = 11;
	if (workload->own_bytes != NULL) {
		one->thread.own =
			calloc(1, workload->own_bytes(&one->instance));
		assert_non_null(one->thread.own);
	}
}

static inline void one_thread_end(struct one_thread *one)
{
	free(one->thread.own);
}

static inline uint64_t one_thread_run(
	struct one_thread *one, uint64_t operations)
{
	return one->instance.workload->run(&one->thread, operations);
}

static inline uint64_t one_thread_checksum(const struct one_thread *one)
{
	return one->instance.workload->checksum(&one->thread);
}

#endif /* SERIALBENCH_TESTS_INSTANCE_H */
