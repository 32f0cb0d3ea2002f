// SPDX-License-Identifier: MIT
#include "exec_words.h"

#include <jansson.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "printable.h"

#define CUT "..."
#define NEEDS_NO_QUOTES                                                        \
	"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"       \
	"_@%+=:,./-"

static bool is_utf8(const char *text)
{
	json_t *string = json_string(text);

	json_decref(string);
	return string != NULL;
}

/* 'it'\''s' */
static void put_quoted(FILE *line, const char *word)
{
	fputc('\'', line);
	for (; *word != '\0'; word++)
		if (*word == '\'')
			fputs("'\\''", line);
		else
			fputc(*word, line);
	fputc('\'', line);
}

/* $'a\nb': all in ASCII, on one line. */
static void put_escaped(FILE *line, const char *word)
{
	fputs("$'", line);
	for (; *word != '\0'; word++) {
		unsigned char byte = (unsigned char)*word;

		if (byte == '\n')
			fputs("\\n", line);
		else if (byte < ' ' || byte >= 127)
			fprintf(line, "\\x%02x", byte);
		else if (byte == '\'' || byte == '\\')
			fprintf(line, "\\%c", byte);
		else
			fputc(byte, line);
	}
	fputc('\'', line);
}

static void put_word(FILE *line, const char *word)
{
	if (!is_printable(word) || !is_utf8(word))
		put_escaped(line, word);
	else if (word[0] == '\0' || word[strspn(word, NEEDS_NO_QUOTES)] != '\0')
		put_quoted(line, word);
	else
		fputs(word, line);
}

/* Behind a whole character. */
static void cut(char *line)
{
	size_t end = EXEC_WORDS_BYTES - sizeof(CUT);

	if (strlen(line) < EXEC_WORDS_BYTES)
		return;
	while (end > 0 && ((unsigned char)line[end] & 0xc0) == 0x80)
		end--;
	strcpy(line + end, CUT);
}

char *exec_words_join(const char *const *words, const char *stdin_file)
{
	char *text = NULL;
	size_t bytes;
	FILE *line = open_memstream(&text, &bytes);

	if (line == NULL)
		return NULL;
	for (size_t i = 0; words[i] != NULL; i++) {
		if (i > 0)
			fputc(' ', line);
		put_word(line, words[i]);
	}
	if (stdin_file != NULL) {
		fputs(" < ", line);
		put_word(line, stdin_file);
	}
	if (fclose(line) != 0) {
		free(text);
		return NULL;
	}
	cut(text);
	return text;
}
