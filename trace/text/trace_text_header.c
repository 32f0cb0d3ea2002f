// SPDX-License-Identifier: MIT
#include "trace_text_header.h"

#include <stdlib.h>
#include <string.h>

#include "trace_text_line.h"

void trace_text_header_init(struct trace_text_header *header)
{
	*header =
		(struct trace_text_header){.program = {
						   .clock = TRACE_CLOCK_ORDER,
						   .word_bytes = sizeof(size_t),
						   .page_bytes = 4096,
					   }};
}

static const char *add_argument(
	struct trace_text_header *header, char *argument)
{
	size_t size = strlen(argument) + 1;
	char *longer;

	if (!trace_text_unescape(argument))
		return "an escape: allowed is \\x and two digits, not 00";
	size = strlen(argument) + 1;
	longer = realloc(header->command, header->program.command_bytes + size);
	if (longer == NULL)
		return "no memory for the command";
	memcpy(longer + header->program.command_bytes, argument, size);
	header->command = longer;
	header->program.command_bytes += size;
	return NULL;
}

static const char *set_allocator(struct trace_text_header *header, char *name)
{
	if (!trace_text_unescape(name) ||
		strlen(name) >= sizeof(header->allocator))
		return "an allocator's name: allowed are up to 255 bytes";
	strcpy(header->allocator, name);
	return NULL;
}

static const char *set_clock(struct trace_text_header *header, const char *name)
{
	if (strcmp(name, "ns") != 0 && strcmp(name, "order") != 0)
		return "a clock: allowed are ns and order";
	header->program.clock =
		*name == 'n' ? TRACE_CLOCK_NS : TRACE_CLOCK_ORDER;
	return NULL;
}

static const char *set_number(
	struct trace_text_header *header, const char *word, const char *value)
{
	const struct {
		const char *word;
		uint32_t *number;
	} numbers[] = {
		{"word", &header->program.word_bytes},
		{"page", &header->program.page_bytes},
		{"pid", &header->program.pid},
		{"parent_pid", &header->program.parent_pid},
	};
	uint64_t number;

	for (size_t i = 0; i < 4; i++) {
		if (strcmp(word, numbers[i].word) != 0)
			continue;
		if (!trace_text_number(value, UINT32_MAX, &number))
			return "a number: allowed is 0 to 4294967295";
		if (i == 0 && number != 4 && number != sizeof(size_t))
			return "a word's size: allowed are 4 and this "
			       "machine's";
		*numbers[i].number = (uint32_t)number;
		return NULL;
	}
	return "an unknown word: allowed are word, page, pid, parent_pid, "
	       "start_unix_ns, forked, own_malloc, clock, allocator, argument, "
	       "T0 …, "
	       "ended";
}

const char *trace_text_header_take(struct trace_text_header *header, char *line)
{
	char *value = strchr(line, ' ');

	if (strcmp(line, "forked") == 0) {
		header->program.forked = true;
		return NULL;
	}
	if (strcmp(line, "own_malloc") == 0) {
		header->program.own_malloc = true;
		return NULL;
	}
	if (value != NULL)
		*value++ = '\0';
	else
		value = line + strlen(line);
	if (strcmp(line, "argument") == 0)
		return add_argument(header, value);
	if (strcmp(line, "allocator") == 0)
		return set_allocator(header, value);
	if (strcmp(line, "clock") == 0)
		return set_clock(header, value);
	if (strcmp(line, "start_unix_ns") != 0)
		return set_number(header, line, value);
	return trace_text_number(
		       value, UINT64_MAX, &header->program.start_unix_ns)
		? NULL
		: "a number: allowed is up to 64 bits";
}

void trace_text_header_finish(struct trace_text_header *header)
{
	if (header == NULL)
		return;
	free(header->command);
	*header = (struct trace_text_header){0};
}
