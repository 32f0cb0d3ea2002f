// SPDX-License-Identifier: MIT
#include "trace_event.h"

#include <stdio.h>

const char *trace_kind_name(unsigned kind)
{
	static const char *const names[TRACE_KIND_LIMIT] = {
#define TRACE_KIND_TEXT(name, text, number) [TRACE_##name] = (text),
		TRACE_KINDS(TRACE_KIND_TEXT)
#undef TRACE_KIND_TEXT
	};

	return kind < TRACE_KIND_LIMIT ? names[kind] : NULL;
}

bool trace_kind_allocates(enum trace_kind kind)
{
	return kind >= TRACE_MALLOC && kind <= TRACE_POSIX_MEMALIGN;
}

static bool is_aligned(enum trace_kind kind)
{
	return kind >= TRACE_ALIGNED_ALLOC && kind <= TRACE_POSIX_MEMALIGN;
}

static const char *size_fault(
	const struct trace_event *event, uint32_t word_bytes)
{
	uint64_t most = word_bytes == 8 ? UINT64_MAX : UINT32_MAX;

	if (event->size > most || event->count > most ||
		event->alignment > most)
		return "a size above the program's SIZE_MAX: allowed is up to "
		       "it";
	if (event->outcome != TRACE_DONE)
		return NULL;
	if (event->kind == TRACE_CALLOC && event->size > 0 &&
		event->count > most / 2 / event->size)
		return "a calloc of more than PTRDIFF_MAX that did not fail: "
		       "allowed is a failed one";
	if (event->size > most / 2)
		return "a block of more than PTRDIFF_MAX: allowed is a failed "
		       "call";
	return NULL;
}

static const char *outcome_fault(const struct trace_event *event)
{
	if (event->outcome == TRACE_FREED &&
		(event->kind != TRACE_REALLOC || event->old == 0))
		return "freed by a call that is no realloc of a block: allowed "
		       "is realloc";
	if (event->outcome != TRACE_DONE && !trace_kind_allocates(event->kind))
		return "an outcome of a call that has none: allowed are calls "
		       "that allocate";
	return NULL;
}

static const char *alignment_fault(const struct trace_event *event)
{
	uint64_t alignment = event->alignment;

	if (event->outcome == TRACE_DONE && is_aligned(event->kind) &&
		(alignment == 0 || (alignment & (alignment - 1)) != 0))
		return "an alignment that is no power of two: allowed is one, "
		       "or a failed call";
	return NULL;
}

const char *trace_event_fault(
	const struct trace_event *event, uint32_t word_bytes)
{
	const char *fault = outcome_fault(event);

	if (trace_kind_name(event->kind) == NULL)
		return "an unknown kind of event: allowed are malloc to fork";
	if (fault == NULL)
		fault = size_fault(event, word_bytes);
	if (fault == NULL)
		fault = alignment_fault(event);
	if (fault == NULL && event->kind == TRACE_THREAD_CREATE &&
		(event->other >= TRACE_THREADS ||
			event->other == event->thread))
		fault = "a thread created that cannot be: allowed is another's "
			"number up to 1048575";
	return fault;
}

const char *trace_end_words(
	const struct trace_end *end, char text[TRACE_END_WORDS])
{
	static const char *const names[] = {
#define TRACE_END_TEXT(name, text) [TRACE_END_##name] = (text),
		TRACE_ENDS(TRACE_END_TEXT)
#undef TRACE_END_TEXT
	};

	if (end->how == TRACE_END_SIGNAL)
		snprintf(text, TRACE_END_WORDS, "killed by signal %llu",
			(unsigned long long)end->status);
	else if (end->how == TRACE_END_EXIT_GROUP)
		snprintf(text, TRACE_END_WORDS, "exit_group, status %llu",
			(unsigned long long)end->status);
	else
		snprintf(text, TRACE_END_WORDS, "%s", names[end->how]);
	return text;
}
