// SPDX-License-Identifier: MIT
//
// For tests: the workloads of the literature, in all their forms.
#ifndef SERIALBENCH_TESTS_CATALOGUE_H
#define SERIALBENCH_TESTS_CATALOGUE_H

#include <stdint.h>

#define VARIES UINT64_MAX
#define LENGTH(array) (sizeof(array) / sizeof(*(array)))

struct catalogue_case {
	const char *text;
	uint64_t held; /* blocks of a thread between turns, or VARIES */
	uint64_t operations; /* that a test may ask of a thread */
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
};

#endif /* SERIALBENCH_TESTS_CATALOGUE_H */
