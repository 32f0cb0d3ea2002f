// SPDX-License-Identifier: MIT
#include "exec_tail.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "printable.h"

#define LINES_MAX 40

void exec_tail_take(struct exec_tail *tail, const char *bytes, size_t count)
{
	for (size_t i = 0; i < count; i++)
		tail->bytes[tail->all++ % EXEC_TAIL_BYTES] = bytes[i];
}

long exec_tail_read(struct exec_tail *tail, int fd)
{
	char bytes[EXEC_TAIL_BYTES];
	ssize_t got;

	do {
		got = read(fd, bytes, sizeof(bytes));
		if (got > 0)
			exec_tail_take(tail, bytes, (size_t)got);
	} while (got > 0 || (got < 0 && errno == EINTR));
	return got;
}

/* In order, without a first line that is cut. Returns its start. */
static char *unroll(
	const struct exec_tail *tail, char text[EXEC_TAIL_BYTES + 1])
{
	size_t kept = tail->all < EXEC_TAIL_BYTES ? tail->all : EXEC_TAIL_BYTES;
	char *end;

	for (size_t i = 0; i < kept; i++) {
		text[i] = tail->bytes[(tail->all - kept + i) % EXEC_TAIL_BYTES];
		if (text[i] == '\0')
			text[i] = '?';
	}
	text[kept] = '\0';
	end = strchr(text, '\n');
	return kept < tail->all && end != NULL ? end + 1 : text;
}

/* The last lines of a text that does not end with a newline. */
static char *last_lines(char *text)
{
	char *at = text + strlen(text);

	for (int lines = 0; at > text; at--)
		if (at[-1] == '\n' && ++lines == LINES_MAX)
			break;
	return at;
}

static void show(char *line)
{
	for (char *at = line; *at != '\0'; at++)
		if (*at == '\t')
			*at = ' ';
	make_printable(line);
}

void exec_tail_add(const struct exec_tail *tail, struct error *error)
{
	char buffer[EXEC_TAIL_BYTES + 1];
	char *text = unroll(tail, buffer), *line;
	size_t length = strlen(text);

	while (length > 0 && text[length - 1] == '\n')
		text[--length] = '\0';
	if (length == 0)
		return;
	text = last_lines(text);
	error_add(error, "; the end of its stderr:");
	while ((line = strsep(&text, "\n")) != NULL) {
		show(line);
		error_add(error, "\n  %s", line);
	}
}
