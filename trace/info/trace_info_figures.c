// SPDX-License-Identifier: MIT
#include "trace_info_figures.h"

#include <stdlib.h>
#include <string.h>

#include "printable.h"
#include "record.h"

/* The words stand in the file with a NUL behind each. */
static char *join_command(const struct trace_reader *reader)
{
	size_t bytes = reader->header.command_bytes;
	char *text = malloc(bytes + 1);

	if (text == NULL)
		return NULL;
	memcpy(text, reader->texts, bytes);
	while (bytes > 0 && text[bytes - 1] == '\0')
		bytes--;
	text[bytes] = '\0';
	for (size_t i = 0; i < bytes; i++)
		if (text[i] == '\0')
			text[i] = ' ';
	make_plain_text(text);
	return text;
}

/* For every format: none is to have a byte that is no UTF-8. */
static char *plain(const char *text)
{
	char *copy = strdup(text);

	if (copy != NULL)
		make_plain_text(copy);
	return copy;
}

static void set_texts(
	struct info_figures *figures, const struct trace_reader *reader)
{
	static const char *const clocks[TRACE_CLOCKS] = {
		[TRACE_CLOCK_NONE] = "none",
		[TRACE_CLOCK_NS] = "ns",
		[TRACE_CLOCK_ORDER] = "order",
	};
	bool own_malloc = reader->header.flags & TRACE_FLAG_OWN_MALLOC;
	bool forked = reader->header.flags & TRACE_FLAG_FORKED;
	const struct info_text texts[INFO_TEXTS] = {
		{"file", "file", figures->file},
		{"command", "command", figures->command},
		{"allocator", "allocator", figures->allocator},
		{"clock", "clock of events", clocks[reader->header.clock]},
		{"forked", "begins at a fork", forked ? "yes" : "no"},
		{"own_malloc", "program has its own malloc",
			own_malloc ? "yes" : "no"},
		{"end", "end",
			reader->ended
				? trace_end_words(&reader->end, figures->end)
				: "none"},
		{"truncated", "truncated", reader->truncated ? "yes" : "no"},
	};

	memcpy(figures->texts, texts, sizeof(texts));
}

static void set_figures(
	struct info_figures *figures, const struct trace_reader *reader)
{
	const struct trace_summary *summary = figures->summary;
	const struct trace_end *end = reader->ended ? &reader->end : NULL;
	bool counted = end != NULL && end->peak_blocks > 0;
	const struct info_figure list[INFO_FIGURES] = {
		{"file_bytes", "bytes of the file", reader->file_bytes},
		{"readable_bytes", "  that can be read",
			reader->readable_bytes},
		{"lost_events", "events lost",
			end != NULL ? end->lost : RECORD_NO_COUNT},
		{"unseen_frees", "frees not seen",
			end != NULL ? end->unseen : RECORD_NO_COUNT},
		{"running_threads", "threads that ran on at the end",
			end != NULL ? end->running : RECORD_NO_COUNT},
		{"threads", "threads", summary->threads},
		{"most_threads_alive", "  at most at once",
			summary->most_alive},
		{"allocations", "allocations", summary->allocations},
		{"allocated_bytes", "  bytes requested by them",
			summary->allocated_bytes},
		{"failed_calls", "calls that failed", summary->failed},
		{"ended_blocks", "blocks freed or reallocated", summary->ended},
		{"freed_by_realloc", "  freed by a realloc to NULL",
			summary->freed_by_realloc},
		{"freed_by_others", "  freed by another thread",
			summary->freed_by_others},
		{"reallocated_by_others", "  reallocated by another thread",
			summary->reallocated_by_others},
		{"left_blocks", "blocks live at the end", summary->left_blocks},
		{"left_bytes", "  bytes of them", summary->left_bytes},
		{"peak_bytes", "most bytes live", summary->peak_bytes},
		{"blocks_at_peak", "  blocks live then",
			summary->blocks_at_peak},
		{"recorded_peak_bytes", "  bytes, as the recorder counted",
			counted ? end->peak_bytes : RECORD_NO_COUNT},
		{"recorded_blocks_at_peak", "  blocks, as the recorder counted",
			counted ? end->peak_blocks : RECORD_NO_COUNT},
		{"peak_blocks", "most blocks live", summary->peak_blocks},
		{"events", "events", summary->events},
	};

	memcpy(figures->figures, list, sizeof(list));
}

int info_figures_init(struct info_figures *figures,
	const struct trace_reader *reader, const struct trace_summary *summary)
{
	*figures = (struct info_figures){
		.file = plain(reader->path),
		.command = join_command(reader),
		.allocator = plain(reader->allocator),
		.classes = {{"sizes", "bytes requested", summary->sizes},
			{"lifetimes", "lifetime in allocations",
				summary->lifetimes},
			{"lifetime_bytes", "lifetime in bytes allocated",
				summary->lifetime_bytes}},
		.summary = summary,
	};
	if (figures->file == NULL || figures->command == NULL ||
		figures->allocator == NULL)
		return -1;
	set_texts(figures, reader);
	set_figures(figures, reader);
	return 0;
}

void info_figures_finish(struct info_figures *figures)
{
	if (figures == NULL)
		return;
	free(figures->file);
	free(figures->command);
	free(figures->allocator);
	*figures = (struct info_figures){0};
}
