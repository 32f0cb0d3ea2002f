// SPDX-License-Identifier: MIT
//
// For instructions.py: the workload pair on one variant, so many operations
// on one thread, and nothing else.
#include <stdio.h>
#include <stdlib.h>

#include "workload.h"

int main(int argc, char **argv)
{
	struct workload_instance instance = {.threads = 1, .seed = 1};
	struct workload_thread thread = {.instance = &instance, .seed = 1};
	char error[WORKLOAD_TEXT];
	uint64_t operations;

	if (argc != 3 || workload_parse("pair", &instance, error) != 0)
		return 2;
	instance.backend = alloc_backend_find(argv[1]);
	if (instance.backend == NULL)
		return 2;
	thread.own = calloc(1, instance.workload->own_bytes(&instance));
	operations = strtoull(argv[2], NULL, 10);
	if (thread.own == NULL ||
		instance.workload->run(&thread, operations) != operations)
		return 1;
	free(thread.own);
	return 0;
}
