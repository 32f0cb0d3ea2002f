// SPDX-License-Identifier: MIT
#include "options.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "accounting.h"
#include "preload.h"
#include "say.h"
#include "serial_stop.h"
#include "thread_path.h"

#define VALUE_BYTES 4096

struct option {
	const char *name, *value, *help;
	/* NULL, or what is wrong with the value. */
	const char *(*set)(const char *value);
};

static bool counts_by_thread(void)
{
	return preload_variant.serial->print == serial_print_path;
}

/* Decimal digits, 1 … limit; 0 where the text is something else. */
static size_t read_count(const char *text, size_t limit)
{
	size_t count = 0;

	for (; *text >= '0' && *text <= '9'; text++) {
		size_t digit = (size_t)(*text - '0');

		if (count > (limit - digit) / 10)
			return 0;
		count = count * 10 + digit;
	}
	return *text == '\0' ? count : 0;
}

static bool is_thread_serial(const char *text)
{
	const char *hash = strchr(text, '#');
	size_t limit = ((size_t)1 << THREAD_COUNT_BITS) - 1;

	return (strncmp(text, "T0", 2) == 0 || strncmp(text, "T?", 2) == 0) &&
		hash != NULL && text + strspn(text, "T?.0123456789") == hash &&
		read_count(hash + 1, limit) > 0;
}

int options_break_at(const char *text)
{
	size_t count;

	if (!preload_variant.serial->numbers_blocks)
		return -1;
	if (counts_by_thread()) {
		if (text[0] == '\0')
			return thread_path_stop_at("T0#0");
		return is_thread_serial(text) ? thread_path_stop_at(text) : -1;
	}
	count = read_count(text[0] == '#' ? text + 1 : text, SIZE_MAX);
	if (text[0] != '\0' && count == 0)
		return -1;
	serial_stop_at = count;
	return 0;
}

static const char *set_break(const char *value)
{
	if (!preload_variant.serial->numbers_blocks)
		return "this variant does not number blocks; allowed with "
		       "global, atomic, tls";
	if (value[0] != '\0' && options_break_at(value) == 0)
		return NULL;
	return counts_by_thread()
		? "is no serial; allowed: thread path and count, T0.3#1207"
		: "is no serial; allowed: a number from 1, 1207";
}

static const char *set_stats(const char *value)
{
	return accounting_start(value, preload_variant.name,
		preload_variant.serial->in_block ? sizeof(size_t) : 0);
}

static const struct option options[] = {
	{"break", "SERIAL",
		"raise SIGTRAP at the allocation of that serial: 1207, or\n"
		"                T0.3#1207 where serials are counted thread "
		"by thread (tls)",
		set_break},
	{"stats", "PATH",
		"count into the existing file of that absolute path, live, as\n"
		"                alloc/preload_stats.h describes (serialbench "
		"exec)",
		set_stats},
};

#define OPTIONS (sizeof(options) / sizeof(options[0]))

static void print_help(void)
{
	struct text_out out;

	text_out_init(&out, STDERR_FILENO);
	text_out(&out, "dbgalloc: variant ");
	text_out(&out, preload_variant.name);
	text_out(&out,
		". DBGALLOC takes name=value pairs joined by ':'.\n"
		"  help          print this and go on\n");
	for (size_t i = 0; i < OPTIONS; i++) {
		text_out(&out, "  ");
		text_out(&out, options[i].name);
		text_out(&out, "=");
		text_out(&out, options[i].value);
		for (size_t used = strlen(options[i].name) + 1 +
				strlen(options[i].value);
			used < 14; used++)
			text_out(&out, " ");
		text_out(&out, options[i].help);
		text_out(&out, "\n");
	}
	text_out_flush(&out);
}

/* What goes to a terminal is only shown by it. */
static void make_printable(char *text)
{
	for (; *text != '\0'; text++)
		if ((unsigned char)*text < ' ' || *text == 127)
			*text = '?';
}

/* `pair` is one name=value, closed by 0. */
static void take_pair(char *pair)
{
	char *value = strchr(pair, '=');
	const char *wrong;

	if (strcmp(pair, "help") == 0) {
		print_help();
		return;
	}
	if (value != NULL)
		*value++ = '\0';
	for (size_t i = 0; i < OPTIONS; i++) {
		if (strcmp(pair, options[i].name) != 0)
			continue;
		wrong = options[i].set(value == NULL ? "" : value);
		if (value != NULL)
			make_printable(value);
		if (wrong != NULL)
			say("DBGALLOC: ", pair, "=", value == NULL ? "" : value,
				": ", wrong, "; left out\n");
		return;
	}
	make_printable(pair);
	say("DBGALLOC: unknown option ", pair,
		"; allowed: help, break=SERIAL, stats=PATH; left out\n");
}

void options_start(void)
{
	static char text[VALUE_BYTES];
	const char *value = secure_getenv("DBGALLOC");
	char *pair = text, *colon;

	if (value == NULL)
		return;
	if (strlen(value) >= sizeof(text)) {
		say("DBGALLOC: longer than 4095 bytes; left out\n");
		return;
	}
	strcpy(text, value);
	while (pair != NULL) {
		colon = strchr(pair, ':');
		if (colon != NULL)
			*colon++ = '\0';
		if (*pair != '\0')
			take_pair(pair);
		pair = colon;
	}
}
