// SPDX-License-Identifier: MIT
//
// For tests: the workloads of the literature, in all their forms.
#ifndef SERIALBENCH_TESTS_CATALOGUE_H
#define SERIALBENCH_TESTS_CATALOGUE_H

#include <stdbool.h>
#include <stdint.h>

#define VARIES UINT64_MAX
#define LENGTH(array) (sizeof(array) / sizeof(*(array)))

struct catalogue_case {
	const char *text;
	uint64_t held; /* blocks of a thread between turns, or VARIES */
	uint64_t operations; /* that a test may ask of a thread */
	/* A realloc may begin in the last half operation of a turn. */
	bool straddles;
};

static const struct catalogue_case catalogue[] = {
	{"stack,k=1", VARIES, 1008},
	{"stack,k=25,size=1", VARIES, 1008},
	{"stack,k=33,order=fifo", VARIES, 1008},
	{"stack,k=33,order=half,size=1000", VARIES, 1008},
	{"stack,k=2000,order=random", VARIES, 1008},
	{"glibc-thread", 1024, 1008},
	{"glibc-thread,slots=1,min=1,max=1", 1, 1008},
	{"glibc-thread,slots=7,min=100,max=50", 7, 1008},
	{"threadtest,objects=1", VARIES, 1008},
	{"threadtest,objects=300,work=3", VARIES, 1008},
	{"larson,bleeding=0,slots=100", 100, 1008},
	{"larson,bleeding=2,slots=9", 9, 1008},
	{"larson,bleeding=10,slots=1000", 1000, 1008},
	{"larson,bleeding=100,slots=13,min=1,max=1", 13, 1008},
	{"realloc-growth", 1, 1008},
	{"realloc-growth,factor=200,to=131072", 1, 1008},
	{"realloc-growth,form=linear,from=8,to=808", 1, 1008},
	{"realloc-growth,form=linear,from=9,to=3", 1, 1008},
	{"realloc-growth,form=chain", 1, 1008},
	{"realloc-growth,form=shrink,from=1,to=5000", 1, 1008},
	{"calloc,size=1", 0, 1008},
	{"calloc,size=8192", 0, 1008},
	{"aligned,size=1,alignment=8", 0, 1008},
	{"aligned", 0, 1008},
	{"aligned,size=100,alignment=4096", 0, 1008},
	{"large,cap=4,min=1,max=2", 2, 12},
	{"large,cap=1", 1, 12},
	{"large,form=batch,cap=2", VARIES, 12},
	{"large,form=untouched,cap=1", 0, 12},
	{"linux-scalability,blocks=1", VARIES, 1008},
	{"linux-scalability,blocks=700,size=8", VARIES, 1008},
	{"alloc-test", VARIES, 1008},
	{"alloc-test,slots=1", VARIES, 1008},
	{"alloc-test,slots=33", VARIES, 1008},
	{"lifo-reverse,blocks=100", VARIES, 1008},
	{"lifo-reverse,blocks=7,lifo=0", VARIES, 1008},
	{"lifo-reverse,blocks=1,lifo=100", VARIES, 1008},
	{"lifo-reverse,blocks=50,remote=30", VARIES, 1008},
	{"lifo-reverse,blocks=5,remote=100", VARIES, 1008},
	{"realloc-burst", VARIES, 1008, .straddles = true},
	{"realloc-burst,objects=1", VARIES, 1008, .straddles = true},
	{"realloc-burst,objects=200,burst=50", VARIES, 1008, .straddles = true},
	{"blowup,live=16,churn=0", VARIES, 30},
	{"blowup,live=256,churn=20", VARIES, 1008},
	{"mleak", VARIES, 30},
	{"mleak,slots=1,size=1", VARIES, 30},
	{"fragmentation,budget=256", VARIES, 1008},
	{"fragmentation,form=survivors,budget=256", VARIES, 1008},
	{"fragmentation,form=pairs,budget=256", VARIES, 1008},
	{"acdc,quantum=1", VARIES, 1008},
	{"acdc,quantum=1,largest=9,life=3,delay=2,tree=50", VARIES, 1008},
	{"acdc,quantum=1,life=2,shared=100,tree=100", VARIES, 1008},
	{"acdc,quantum=2,smallest=7,largest=9,shared=50", VARIES, 1008},
	{"t-test1", 1000, 1008},
	{"t-test1,bins=9,max=1,life=0", 9, 1008},
	{"t-test1,bins=20,max=20000,life=100", 20, 1008},
	{"interpreter", VARIES, 1008, .straddles = true},
	{"interpreter,program=start,live=40,burst=7", VARIES, 1008,
		.straddles = true},
	{"interpreter,live=100,burst=100", VARIES, 1008, .straddles = true},
	{"interpreter,live=1,burst=1", VARIES, 1008, .straddles = true},
	{"startup", 1, 30},
	{"startup,life=100,size=1", 100, 1008},
};

#endif /* SERIALBENCH_TESTS_CATALOGUE_H */
