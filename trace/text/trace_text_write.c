// SPDX-License-Identifier: MIT
#include <errno.h>
#include <inttypes.h>
#include <string.h>

#include "trace_merge.h"
#include "trace_text.h"

/* As they are, but for what would end the line or look like an escape, and for
 * what is not ASCII: a command need not be UTF-8, a text has to be. */
static void put_escaped(FILE *out, const char *text)
{
	for (; *text != '\0'; text++) {
		unsigned char byte = (unsigned char)*text;

		if (byte < ' ' || byte >= 127 || byte == '\\')
			fprintf(out, "\\x%02x", byte);
		else
			fputc(byte, out);
	}
	fputc('\n', out);
}

static void put_header(const struct trace_reader *reader, FILE *out)
{
	const struct trace_file_header *header = &reader->header;
	const char *argument = reader->texts;
	const char *behind = argument + header->command_bytes;

	fprintf(out,
		TRACE_TEXT_MAGIC "\nword %u\npage %u\npid %u\nparent_pid %u\n"
				 "start_unix_ns %" PRIu64 "\n",
		header->word_bytes, header->page_bytes, header->pid,
		header->parent_pid, header->start_unix_ns);
	if (header->flags & TRACE_FLAG_FORKED)
		fputs("forked\n", out);
	if (header->flags & TRACE_FLAG_OWN_MALLOC)
		fputs("own_malloc\n", out);
	if (header->clock == TRACE_CLOCK_NS)
		fputs("clock ns\n", out);
	fputs("allocator ", out);
	put_escaped(out, reader->allocator);
	for (; argument < behind; argument += strlen(argument) + 1) {
		fputs("argument ", out);
		put_escaped(out, argument);
	}
}

static void put_block(FILE *out, uint64_t block, uint32_t thread)
{
	if (block == 0)
		fputs(" NULL", out);
	else if (trace_block_thread(block) == thread)
		fprintf(out, " #%" PRIu64, trace_block_count(block));
	else
		fprintf(out, " T%u#%" PRIu64, trace_block_thread(block),
			trace_block_count(block));
}

static void put_numbers(FILE *out, const struct trace_event *event)
{
	switch (event->kind) {
	case TRACE_MALLOC:
	case TRACE_REALLOC:
		fprintf(out, " %" PRIu64, event->size);
		break;
	case TRACE_CALLOC:
		fprintf(out, " %" PRIu64 " %" PRIu64, event->count,
			event->size);
		break;
	case TRACE_ALIGNED_ALLOC:
	case TRACE_MEMALIGN:
	case TRACE_POSIX_MEMALIGN:
		fprintf(out, " %" PRIu64 " %" PRIu64, event->alignment,
			event->size);
		break;
	case TRACE_THREAD_CREATE:
		fprintf(out, " T%u", event->other);
		break;
	case TRACE_FORK:
		fprintf(out, " %u", event->other);
		break;
	default:
		break;
	}
}

static void put_event(FILE *out, const struct trace_event *event, bool timed)
{
	fprintf(out, "T%u %s", event->thread, trace_kind_name(event->kind));
	if (event->kind == TRACE_FREE || event->kind == TRACE_REALLOC)
		put_block(out, event->old, event->thread);
	put_numbers(out, event);
	if (event->block != 0)
		fprintf(out, " = #%" PRIu64, trace_block_count(event->block));
	if (event->outcome != TRACE_DONE)
		fputs(event->outcome == TRACE_FAILED ? " failed" : " freed",
			out);
	if (timed)
		fprintf(out, " after %" PRIu64, event->delta);
	fputc('\n', out);
}

static void put_end(FILE *out, const struct trace_end *end)
{
	static const char *const names[] = {
#define TRACE_END_TEXT(name, text) [TRACE_END_##name] = (text),
		TRACE_ENDS(TRACE_END_TEXT)
#undef TRACE_END_TEXT
	};

	fprintf(out,
		"ended %s lost %" PRIu64 " running %" PRIu64
		" peak_blocks %" PRIu64 " peak_bytes %" PRIu64,
		names[end->how], end->lost, end->running, end->peak_blocks,
		end->peak_bytes);
	if (end->status != 0)
		fprintf(out, " status %" PRIu64, end->status);
	if (end->unseen != 0)
		fprintf(out, " unseen %" PRIu64, end->unseen);
	fputc('\n', out);
}

int trace_text_write(
	const struct trace_reader *reader, FILE *out, struct error *error)
{
	struct trace_merge *merge = trace_merge_create(reader, error);
	struct trace_event event;
	int result = merge == NULL ? -1 : 1, reason = 0;

	if (merge != NULL)
		put_header(reader, out);
	while (result == 1) {
		result = trace_merge_next(merge, &event, NULL, error);
		if (result == 1)
			put_event(out, &event,
				reader->header.clock == TRACE_CLOCK_NS);
	}
	if (result == 0 && reader->ended)
		put_end(out, &reader->end);
	if (result == 0 && (fflush(out) != 0 || ferror(out))) {
		reason = errno;
		error_set(error, "cannot write the text: %s", strerror(reason));
		result = -2;
	}
	trace_merge_destroy(merge);
	errno = reason;
	return result;
}
