// SPDX-License-Identifier: MIT
//
// The library that numbers blocks thread by thread has to know whose child a
// thread is. It is loaded and not preloaded, so what Python calls is passed on
// to it from here.
#include <dlfcn.h>
#include <pthread.h>

#include "compiler.h"
#include "host.h"

typedef int pthread_create_call(pthread_t *thread, const pthread_attr_t *how,
	void *(*start)(void *), void *argument);

static pthread_create_call *create;

PUBLIC int pthread_create(pthread_t *thread, const pthread_attr_t *how,
	void *(*start)(void *), void *argument)
{
	if (UNLIKELY(create == NULL))
		create = (pthread_create_call *)dlsym(
			RTLD_NEXT, "pthread_create");
	return create(thread, how, start, argument);
}

/* A library without a call of its own gives the C library's. */
void host_threads_by(void *library)
{
	create = (pthread_create_call *)dlsym(library, "pthread_create");
}
