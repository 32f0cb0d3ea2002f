// SPDX-License-Identifier: MIT
#include "trace_merge.h"

int trace_verify(struct trace_reader *reader, struct error *error)
{
	struct trace_merge *merge = trace_merge_create(reader, error);
	struct trace_event event;
	int result = merge == NULL ? -1 : 1;

	while (result == 1)
		result = trace_merge_next(merge, &event, NULL, error);
	for (uint32_t i = 0; result == 0 && i < reader->thread_count; i++)
		reader->threads[i].usable_events = trace_merge_given(merge, i);
	trace_merge_destroy(merge);
	return result;
}
