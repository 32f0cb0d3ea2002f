// SPDX-License-Identifier: MIT
//
// Text to trace. What the events say is checked here, where the line is known,
// by the same rules as trace_merge.h has.
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "trace_live.h"
#include "trace_text.h"
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
	const char *path;
	char *error;
	/* Header: */
	struct trace_program program;
	char *command;
	char allocator[256];
	bool writing; /* the header is written */
	bool has_end;
	struct trace_writer writer;
	struct text_thread *threads; /* by number */
	uint32_t thread_limit;
	struct trace_live live;
	uint64_t order;
};

static int fail(struct text *text, const char *what)
{
	snprintf(text->error, TRACE_ERROR, "%.300s:%" PRIu64 ": %s", text->name,
		text->line, what);
	return -1;
}

static int fail_file(struct text *text)
{
	int reason = atomic_load(&text->writer.error);

	snprintf(text->error, TRACE_ERROR, "%.300s: %s", text->path,
		strerror(reason != 0 ? reason : errno));
	return -1;
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
	text->program.command = text->command;
	text->program.allocator = text->allocator;
	if (trace_writer_open(&text->writer, text->path, &text->program) != 0)
		return fail_file(text);
	text->writer.now = time_of_text;
	text->writing = true;
	return 0;
}

static int add_argument(struct text *text, char *argument)
{
	size_t size = strlen(argument) + 1;
	char *longer;

	if (!trace_text_unescape(argument))
		return fail(text,
			"an escape: allowed is \\x and two digits, not 00");
	size = strlen(argument) + 1;
	longer = realloc(text->command, text->program.command_bytes + size);
	if (longer == NULL)
		return fail(text, "no memory for the command");
	memcpy(longer + text->program.command_bytes, argument, size);
	text->command = longer;
	text->program.command_bytes += size;
	return 0;
}

static int set_allocator(struct text *text, char *name)
{
	if (!trace_text_unescape(name) ||
		strlen(name) >= sizeof(text->allocator))
		return fail(text,
			"an allocator's name: allowed are up to 255 bytes");
	strcpy(text->allocator, name);
	return 0;
}

static int set_clock(struct text *text, const char *name)
{
	if (strcmp(name, "ns") != 0 && strcmp(name, "order") != 0)
		return fail(text, "a clock: allowed are ns and order");
	text->program.clock = *name == 'n' ? TRACE_CLOCK_NS : TRACE_CLOCK_ORDER;
	return 0;
}

static int set_number(struct text *text, const char *word, const char *value)
{
	const struct {
		const char *word;
		uint32_t *number;
	} numbers[] = {
		{"word", &text->program.word_bytes},
		{"page", &text->program.page_bytes},
		{"pid", &text->program.pid},
		{"parent_pid", &text->program.parent_pid},
	};
	uint64_t number;

	for (size_t i = 0; i < 4; i++) {
		if (strcmp(word, numbers[i].word) != 0)
			continue;
		if (!trace_text_number(value, UINT32_MAX, &number))
			return fail(
				text, "a number: allowed is 0 to 4294967295");
		if (i == 0 && number != 4 && number != sizeof(size_t))
			return fail(text,
				"a word's size: allowed are 4 and this "
				"machine's");
		*numbers[i].number = (uint32_t)number;
		return 0;
	}
	return fail(text,
		"an unknown word: allowed are word, page, pid, parent_pid, "
		"start_unix_ns, forked, clock, allocator, argument, T0 …, "
		"ended");
}

static int set_header(struct text *text, char *line)
{
	char *value = strchr(line, ' ');

	if (text->writing)
		return fail(text,
			"not an event: allowed in front of the first one");
	if (strcmp(line, "forked") == 0) {
		text->program.forked = true;
		return 0;
	}
	if (value != NULL)
		*value++ = '\0';
	else
		value = line + strlen(line);
	if (strcmp(line, "argument") == 0)
		return add_argument(text, value);
	if (strcmp(line, "allocator") == 0)
		return set_allocator(text, value);
	if (strcmp(line, "clock") == 0)
		return set_clock(text, value);
	if (strcmp(line, "start_unix_ns") != 0)
		return set_number(text, line, value);
	return trace_text_number(
		       value, UINT64_MAX, &text->program.start_unix_ns)
		? 0
		: fail(text, "a number: allowed is up to 64 bits");
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

	if (text->program.clock == TRACE_CLOCK_ORDER)
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
	const char *fault = trace_text_event(
		line, text->program.clock == TRACE_CLOCK_NS, &event, &named);

	if (fault == NULL)
		fault = trace_event_fault(&event, text->program.word_bytes);
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
	atomic_store(&text->writer.lost, end.lost);
	return trace_writer_end(&text->writer, 0, end) == 0 ? 0
							    : fail_file(text);
}

static int take_line(struct text *text, char *line)
{
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
	return set_header(text, line);
}

static int take_lines(struct text *text)
{
	char *line = malloc(TRACE_TEXT_LINE);
	int result = 0;

	if (line == NULL)
		return fail(text, "no memory for a line");
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
	free(text->command);
	trace_live_finish(&text->live);
	trace_writer_close(&text->writer);
}

static int convert(struct text *text)
{
	if (take_lines(text) != 0 || begin_writing(text) != 0 ||
		flush_all(text) != 0)
		return -1;
	return 0;
}

bool trace_text_may_replace(const char *path, char error[TRACE_ERROR])
{
	struct stat status;

	if (lstat(path, &status) != 0 || S_ISREG(status.st_mode))
		return true;
	snprintf(error, TRACE_ERROR,
		"%.300s: no regular file: allowed is one, or a new name", path);
	return false;
}

int trace_text_read(
	FILE *in, const char *name, const char *path, char error[TRACE_ERROR])
{
	struct text *text = calloc(1, sizeof(*text));
	char *new = NULL;
	int result = -1;

	if (!trace_text_may_replace(path, error)) {
		free(text);
		return -1;
	}
	if (text == NULL || asprintf(&new, "%s.new", path) < 0) {
		snprintf(error, TRACE_ERROR, "%.300s: no memory", name);
		free(text);
		return -1;
	}
	text->in = in;
	text->name = name;
	text->path = new;
	text->error = error;
	text->program = (struct trace_program){
		.clock = TRACE_CLOCK_ORDER,
		.word_bytes = sizeof(size_t),
		.page_bytes = 4096,
	};
	result = convert(text);
	if (result == 0 && rename(new, path) != 0)
		result = fail_file(text);
	if (result != 0 && text->writing)
		unlink(new);
	finish(text);
	free(text);
	free(new);
	return result;
}
