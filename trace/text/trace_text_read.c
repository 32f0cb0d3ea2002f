// SPDX-License-Identifier: MIT
//
// Text to trace. What the events say is checked here, where the line is known,
// by the same rules as trace_merge.h has.
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "trace_live.h"
#include "trace_text.h"
#include "trace_text_header.h"
#include "trace_text_line.h"

struct text_thread {
	struct trace_buffer *buffer; /* NULL before and after its events */
	uint64_t blocks;
	uint64_t time;
	uint32_t parent;
	bool created, begun, ended;
};

struct text {
	FILE *in;
	const char *name;
	uint64_t line;
	const char *path, *target; /* that is written, that it becomes */
	struct error *error;
	struct trace_text_header header;
	bool writing; /* the header is written */
	bool has_end;
	bool lost; /* the trace could not be written */
	struct trace_writer writer;
	struct text_thread *threads; /* by number */
	uint32_t thread_limit;
	struct trace_live live;
	uint64_t order;
};

static int fail(struct text *text, const char *what)
{
	return error_set(text->error, "%s:%" PRIu64 ": %s", text->name,
		text->line, what);
}

/* A file that was not created is a wrong path, unless the disk is full. */
static int fail_file(struct text *text)
{
	int reason = atomic_load(&text->writer.tally->error);

	if (reason == 0)
		reason = errno;
	text->lost = text->writing || reason == ENOSPC || reason == EDQUOT;
	return error_set(text->error, "%s: %s", text->target, strerror(reason));
}

/* Times are what the text says, not what a clock does. */
static uint64_t time_of_text(struct trace_writer *writer)
{
	return writer->order;
}

static int begin_writing(struct text *text)
{
	if (text->writing)
		return 0;
	text->header.program.command = text->header.command;
	text->header.program.allocator = text->header.allocator;
	if (trace_writer_open(
		    &text->writer, text->path, &text->header.program) != 0)
		return fail_file(text);
	text->writer.now = time_of_text;
	text->writing = true;
	return 0;
}

/* Places for all threads up to a number. */
static int number_up_to(struct text *text, uint32_t number)
{
	uint32_t limit = text->thread_limit > 0 ? text->thread_limit : 16;
	struct text_thread *more;

	if (number < text->thread_limit)
		return 0;
	while (limit <= number)
		limit *= 2;
	more = calloc(limit, sizeof(*more));
	if (more == NULL)
		return fail(text, "no memory for the threads");
	if (text->thread_limit > 0)
		memcpy(more, text->threads, text->thread_limit * sizeof(*more));
	free(text->threads);
	text->threads = more;
	text->thread_limit = limit;
	return 0;
}

/* Places for all threads that an event names. */
static int number_threads(struct text *text, const struct trace_event *event)
{
	uint32_t most = event->thread;

	if (trace_block_thread(event->old) > most)
		most = trace_block_thread(event->old);
	if (event->kind == TRACE_THREAD_CREATE && event->other > most)
		most = event->other;
	return number_up_to(text, most);
}

static int begin_thread(struct text *text, uint32_t number)
{
	struct text_thread *thread = &text->threads[number];

	if (thread->begun)
		return thread->ended ? fail(text,
					       "an event behind the thread's "
					       "end: allowed is "
					       "none")
				     : 0;
	thread->buffer = malloc(sizeof(*thread->buffer));
	if (thread->buffer == NULL)
		return fail(text, "no memory for the thread");
	trace_buffer_init(thread->buffer, &text->writer, number,
		thread->created ? thread->parent : TRACE_NO_PARENT);
	thread->begun = true;
	return 0;
}

static int end_old(struct text *text, const struct trace_event *event)
{
	uint32_t owner = trace_block_thread(event->old);
	struct trace_live_block block;

	if (event->old == 0)
		return 0;
	if (trace_block_count(event->old) > text->threads[owner].blocks)
		return fail(text,
			"a block that is not allocated yet: allowed is a live "
			"one");
	if (!trace_live_take(&text->live, event->old, &block))
		return fail(text,
			"a block that is freed already: allowed is a live "
			"one");
	if (event->outcome == TRACE_FAILED &&
		trace_live_add(&text->live, &block) != 0)
		return fail(text, "no memory for live blocks");
	return 0;
}

static int add_block(
	struct text *text, struct trace_event *event, uint64_t named)
{
	struct text_thread *thread = &text->threads[event->thread];
	struct trace_live_block block = {0};

	if (!trace_kind_allocates(event->kind) || event->outcome != TRACE_DONE)
		return 0;
	if (named != 0 && named != thread->blocks + 1)
		return fail(text,
			"a block's number: allowed is the thread's next, or "
			"none");
	block.id = trace_block(event->thread, ++thread->blocks);
	return trace_live_add(&text->live, &block) == 0
		? 0
		: fail(text, "no memory for live blocks");
}

static int add_child(struct text *text, const struct trace_event *event)
{
	struct text_thread *child = &text->threads[event->other];

	if (event->kind != TRACE_THREAD_CREATE)
		return 0;
	if (child->created || child->begun)
		return fail(text,
			"a thread that is there already: allowed is one that "
			"is not");
	child->created = true;
	child->parent = event->thread;
	return 0;
}

static void write_event(
	struct trace_buffer *buffer, const struct trace_event *event)
{
	switch (event->kind) {
	case TRACE_MALLOC:
		trace_event_malloc(buffer, (size_t)event->size, event->outcome);
		break;
	case TRACE_CALLOC:
		trace_event_calloc(buffer, (size_t)event->count,
			(size_t)event->size, event->outcome);
		break;
	case TRACE_REALLOC:
		trace_event_realloc(buffer, event->old, (size_t)event->size,
			event->outcome);
		break;
	case TRACE_FREE:
		trace_event_free(buffer, event->old);
		break;
	case TRACE_THREAD_CREATE:
		trace_event_create(buffer, event->other);
		break;
	case TRACE_THREAD_END:
		trace_event_end(buffer);
		break;
	case TRACE_FORK:
		trace_event_fork(buffer, event->other);
		break;
	default:
		trace_event_aligned(buffer, event->kind,
			(size_t)event->alignment, (size_t)event->size,
			event->outcome);
		break;
	}
}

static int set_time(struct text *text, const struct trace_event *event)
{
	struct text_thread *thread = &text->threads[event->thread];

	if (text->header.program.clock == TRACE_CLOCK_ORDER)
		thread->time = ++text->order;
	else if (__builtin_add_overflow(
			 thread->time, event->delta, &thread->time))
		return fail(text, "a time: allowed are 64 bits in all");
	text->writer.order = thread->time;
	return 0;
}

/* The thread's last event: its buffer is not needed any more. */
static int end_thread(struct text *text, struct text_thread *thread)
{
	int result = trace_buffer_flush(thread->buffer);

	free(thread->buffer);
	thread->buffer = NULL;
	thread->ended = true;
	return result == 0 ? 0 : fail_file(text);
}

static int take_event(struct text *text, char *line)
{
	struct trace_event event;
	struct text_thread *thread;
	uint64_t named;
	const char *fault = trace_text_event(line,
		text->header.program.clock == TRACE_CLOCK_NS, &event, &named);

	if (fault == NULL)
		fault = trace_event_fault(
			&event, text->header.program.word_bytes);
	if (fault != NULL)
		return fail(text, fault);
	if (begin_writing(text) != 0 || number_threads(text, &event) != 0 ||
		begin_thread(text, event.thread) != 0 ||
		end_old(text, &event) != 0 ||
		add_block(text, &event, named) != 0 ||
		add_child(text, &event) != 0 || set_time(text, &event) != 0)
		return -1;
	thread = &text->threads[event.thread];
	write_event(thread->buffer, &event);
	if (atomic_load(&text->writer.stopped))
		return fail_file(text);
	return event.kind == TRACE_THREAD_END ? end_thread(text, thread) : 0;
}

static int flush_all(struct text *text)
{
	for (uint32_t i = 0; i < text->thread_limit; i++)
		if (text->threads[i].buffer != NULL &&
			end_thread(text, &text->threads[i]) != 0)
			return -1;
	return 0;
}

static int take_end(struct text *text, char *line)
{
	struct trace_end end = {0};
	const char *fault = trace_text_end(line, &end);

	if (fault != NULL)
		return fail(text, fault);
	if (begin_writing(text) != 0 || flush_all(text) != 0)
		return -1;
	text->has_end = true;
	atomic_store(&text->writer.tally->lost, end.lost);
	return trace_writer_end(&text->writer, 0, end) == 0 ? 0
							    : fail_file(text);
}

static int take_line(struct text *text, char *line)
{
	const char *fault;

	if (text->line == 1)
		return strcmp(line, TRACE_TEXT_MAGIC) == 0
			? 0
			: fail(text,
				  "no trace's text: allowed is a first line "
				  "\"" TRACE_TEXT_MAGIC "\"");
	if (*line == '\0' || *line == '#')
		return 0;
	if (text->has_end)
		return fail(text, "a line behind the end: allowed is none");
	if (*line == 'T')
		return take_event(text, line);
	if (strncmp(line, "ended ", 6) == 0)
		return take_end(text, line + 6);
	if (text->writing)
		return fail(text,
			"not an event: allowed in front of the first one");
	fault = trace_text_header_take(&text->header, line);
	return fault == NULL ? 0 : fail(text, fault);
}

static int take_lines(struct text *text)
{
	char *line = malloc(TRACE_TEXT_LINE);
	int result = line != NULL ? 0 : fail(text, "no memory for a line");

	while (result == 0 && fgets(line, TRACE_TEXT_LINE, text->in)) {
		size_t length = strlen(line);

		text->line++;
		if (length > 0 && line[length - 1] == '\n')
			line[--length] = '\0';
		else if (!feof(text->in))
			result = fail(text,
				"a line that is too long or holds a NUL: "
				"allowed are 65534 bytes");
		if (result == 0)
			result = take_line(text, line);
	}
	free(line);
	if (result != 0)
		return -1;
	if (ferror(text->in))
		return fail(text, strerror(errno));
	return text->line > 0 ? 0
			      : fail(text,
					"empty: allowed is a first line "
					"\"" TRACE_TEXT_MAGIC "\"");
}

static void finish(struct text *text)
{
	for (uint32_t i = 0; i < text->thread_limit; i++)
		free(text->threads[i].buffer);
	free(text->threads);
	trace_text_header_finish(&text->header);
	trace_live_finish(&text->live);
	trace_writer_close(&text->writer);
}

static int convert(struct text *text)
{
	return take_lines(text) == 0 && begin_writing(text) == 0
		? flush_all(text)
		: -1;
}

int trace_text_read(
	FILE *in, const char *name, const char *path, struct error *error)
{
	struct text *text;
	char *new = NULL;
	int result;

	if (!trace_text_may_replace(path, error))
		return -1;
	text = calloc(1, sizeof(*text));
	if (text == NULL || asprintf(&new, "%s.new", path) < 0) {
		error_set(error, "%s: no memory", name);
		free(text);
		return -1;
	}
	text->in = in;
	text->name = name;
	text->path = new;
	text->target = path;
	text->error = error;
	trace_text_header_init(&text->header);
	result = convert(text);
	if (result == 0 && rename(new, path) != 0)
		result = fail_file(text);
	if (result != 0 && (text->writing || text->lost))
		unlink(new);
	if (text->lost)
		result = -2;
	finish(text);
	free(text);
	free(new);
	return result;
}
