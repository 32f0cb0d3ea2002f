// SPDX-License-Identifier: MIT
#include "trace_text_line.h"

#include <string.h>

#define ALLOWED_EVENT                                                          \
	"allowed are T0 malloc SIZE, calloc COUNT SIZE, realloc BLOCK SIZE, "  \
	"aligned_alloc|memalign|posix_memalign ALIGNMENT SIZE, free BLOCK, "   \
	"create T1, end, fork PID"

bool trace_text_number(const char *text, uint64_t most, uint64_t *number)
{
	uint64_t sum = 0;

	if (text == NULL || *text == '\0')
		return false;
	for (; *text != '\0'; text++) {
		unsigned digit = (unsigned char)*text - '0';

		if (digit > 9 || __builtin_mul_overflow(sum, 10, &sum) ||
			__builtin_add_overflow(sum, digit, &sum))
			return false;
	}
	*number = sum;
	return sum <= most;
}

static int hex_digit(char c)
{
	static const char digits[] = "0123456789abcdef";
	const char *place = c != '\0' ? strchr(digits, c) : NULL;

	return place != NULL ? (int)(place - digits) : -1;
}

bool trace_text_unescape(char *text)
{
	char *to = text;

	for (; *text != '\0'; text++, to++) {
		int high, low;

		*to = *text;
		if (*text != '\\')
			continue;
		if (text[1] != 'x')
			return false;
		high = hex_digit(text[2]);
		low = high < 0 ? -1 : hex_digit(text[3]);
		if (low < 0 || high + low == 0)
			return false;
		*to = (char)(high << 4 | low);
		text += 3;
	}
	*to = '\0';
	return true;
}

/* The next word, or NULL. */
static char *word(char **line)
{
	char *next;

	do
		next = strsep(line, " \t");
	while (next != NULL && *next == '\0');
	return next;
}

static bool get_number(char **line, uint64_t *number)
{
	return trace_text_number(word(line), UINT64_MAX, number);
}

static bool get_thread(const char *text, uint32_t *thread)
{
	uint64_t number;

	if (text == NULL || *text != 'T' ||
		!trace_text_number(text + 1, TRACE_THREADS - 1, &number))
		return false;
	*thread = (uint32_t)number;
	return true;
}

/* NULL, #3 of the thread itself, or T1#3. */
static bool get_block(char *text, uint32_t thread, uint64_t *block)
{
	char *count = text != NULL ? strchr(text, '#') : NULL;
	uint64_t number;

	*block = 0;
	if (text != NULL && strcmp(text, "NULL") == 0)
		return true;
	if (count == NULL)
		return false;
	*count++ = '\0';
	if ((*text != '\0' && !get_thread(text, &thread)) ||
		!trace_text_number(count, TRACE_COUNT_MAX, &number) ||
		number == 0)
		return false;
	*block = trace_block(thread, number);
	return true;
}

static bool get_kind(const char *text, enum trace_kind *kind)
{
	for (unsigned i = 1; text != NULL && i < TRACE_KIND_LIMIT; i++)
		if (strcmp(text, trace_kind_name(i)) == 0) {
			*kind = (enum trace_kind)i;
			return true;
		}
	return false;
}

static bool get_operands(char **line, struct trace_event *event)
{
	uint64_t pid = 0;

	switch (event->kind) {
	case TRACE_MALLOC:
		return get_number(line, &event->size);
	case TRACE_CALLOC:
		return get_number(line, &event->count) &&
			get_number(line, &event->size);
	case TRACE_REALLOC:
		return get_block(word(line), event->thread, &event->old) &&
			get_number(line, &event->size);
	case TRACE_ALIGNED_ALLOC:
	case TRACE_MEMALIGN:
	case TRACE_POSIX_MEMALIGN:
		return get_number(line, &event->alignment) &&
			get_number(line, &event->size);
	case TRACE_FREE:
		return get_block(word(line), event->thread, &event->old);
	case TRACE_THREAD_CREATE:
		return get_thread(word(line), &event->other);
	case TRACE_FORK:
		if (!trace_text_number(word(line), UINT32_MAX, &pid))
			return false;
		event->other = (uint32_t)pid;
		return true;
	default:
		return true;
	}
}

/* "= #3", "failed", "freed", "after 250", each at most once. */
static bool get_rest(
	char **line, struct trace_event *event, uint64_t *named, bool *has_time)
{
	char *next;
	uint64_t block;

	while ((next = word(line)) != NULL) {
		if (strcmp(next, "=") == 0 && *named == 0 &&
			event->outcome == TRACE_DONE) {
			if (!get_block(word(line), event->thread, &block) ||
				trace_block_thread(block) != event->thread)
				return false;
			*named = trace_block_count(block);
			if (*named == 0)
				return false;
		} else if (event->outcome == TRACE_DONE && *named == 0 &&
			strcmp(next, "failed") == 0) {
			event->outcome = TRACE_FAILED;
		} else if (event->outcome == TRACE_DONE && *named == 0 &&
			strcmp(next, "freed") == 0) {
			event->outcome = TRACE_FREED;
		} else if (strcmp(next, "after") == 0 && !*has_time) {
			if (!get_number(line, &event->delta))
				return false;
			*has_time = true;
		} else {
			return false;
		}
	}
	return true;
}

const char *trace_text_event(
	char *line, bool timed, struct trace_event *event, uint64_t *named)
{
	bool has_time = false;

	*event = (struct trace_event){0};
	*named = 0;
	if (!get_thread(word(&line), &event->thread))
		return "no thread: allowed are T0 to T1048575 before an event";
	if (!get_kind(word(&line), &event->kind) || !get_operands(&line, event))
		return "no event: " ALLOWED_EVENT;
	if (!get_rest(&line, event, named, &has_time))
		return "what follows the event: allowed are = #NUMBER, failed "
		       "or freed, then after NS";
	if (*named != 0 && !trace_kind_allocates(event->kind))
		return "a block named by a call that gives none: allowed is "
		       "one that allocates";
	if (has_time != timed)
		return timed ? "no time: allowed is after NS, since the clock "
			       "is ns"
			     : "a time without a clock: allowed behind a line "
			       "clock ns";
	return NULL;
}

static bool get_how(const char *text, uint64_t *how)
{
	static const char *const names[] = {
#define TRACE_END_TEXT(name, text) [TRACE_END_##name] = (text),
		TRACE_ENDS(TRACE_END_TEXT)
#undef TRACE_END_TEXT
	};

	for (*how = 0; text != NULL && *how < TRACE_END_KINDS; ++*how)
		if (strcmp(text, names[*how]) == 0)
			return true;
	return false;
}

const char *trace_text_end(char *line, struct trace_end *end)
{
	const struct {
		const char *name;
		uint64_t *number;
	} fields[] = {
		{"lost", &end->lost},
		{"running", &end->running},
		{"peak_blocks", &end->peak_blocks},
		{"peak_bytes", &end->peak_bytes},
		{"status", &end->status},
		{"unseen", &end->unseen},
	};
	const size_t count = sizeof(fields) / sizeof(fields[0]);
	char *next;
	bool known = get_how(word(&line), &end->how);

	while (known && (next = word(&line)) != NULL) {
		known = false;
		for (size_t i = 0; i < count && !known; i++)
			known = strcmp(next, fields[i].name) == 0 &&
				get_number(&line, fields[i].number);
	}
	return known ? NULL
		     : "no end: allowed are ended exit|exec|stop|exit_group|"
		       "signal|unseen, then lost, running, peak_blocks, "
		       "peak_bytes, status, unseen, each with a number";
}
