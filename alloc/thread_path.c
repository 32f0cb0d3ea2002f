// SPDX-License-Identifier: MIT
#include "thread_path.h"

#include <stdatomic.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "compiler.h"
#include "text_out.h"

/* A thread without a parent in the table. */
#define PARENT_UNKNOWN UINT32_MAX

/* Shared by threads beyond the table; nothing is known of them. */
#define NUMBER_SHARED (THREAD_NUMBERS - 1)

/* Zero pages until a thread of that number exists. */
static struct {
	uint32_t parent;
	uint32_t place; /* k: which child of its parent, from 1 */
} paths[1 << (sizeof(size_t) == 8 ? 20 : 10)];

static atomic_uint next_number = 1; /* 0 is the first thread */
static atomic_uint strangers;

static _Thread_local struct {
	bool known;
	uint32_t number;
	uint32_t children;
} self;

static char stop_path[THREAD_PATH_TEXT];
static size_t stop_count;

static uint32_t register_thread(uint32_t parent, uint32_t place)
{
	uint32_t number = atomic_fetch_add(&next_number, 1);

	if (number >= NUMBER_SHARED) {
		/* Keep the counter from wrapping round to numbers in use. */
		atomic_store(&next_number, NUMBER_SHARED);
		return NUMBER_SHARED;
	}
	paths[number].parent = parent;
	paths[number].place = place;
	return number;
}

uint32_t thread_path_current(void)
{
	if (LIKELY(self.known))
		return self.number;
	if (getpid() == (pid_t)syscall(SYS_gettid))
		self.number = 0;
	else
		self.number = register_thread(
			PARENT_UNKNOWN, atomic_fetch_add(&strangers, 1) + 1);
	self.known = true;
	return self.number;
}

uint32_t thread_path_new_child(void)
{
	uint32_t parent = thread_path_current();

	return register_thread(parent, ++self.children);
}

uint32_t thread_path_new_aside(void)
{
	return register_thread(thread_path_current(), 0);
}

void thread_path_become(uint32_t number)
{
	self.known = true;
	self.number = number;
	self.children = 0;
}

/* Nobody is registered under this number any more. */
static void keep_from_use(uint32_t number)
{
	unsigned next = atomic_load(&next_number);

	while (next <= number &&
		!atomic_compare_exchange_weak(&next_number, &next, number + 1))
		;
}

void thread_path_give(uint32_t number)
{
	if (number < NUMBER_SHARED) {
		keep_from_use(number);
		paths[number].parent = 0;
		paths[number].place = number;
	} else {
		number = NUMBER_SHARED;
	}
	thread_path_become(number);
}

void thread_path_text(uint32_t number, char text[THREAD_PATH_TEXT])
{
	char reversed[THREAD_PATH_TEXT];
	size_t used = 0, kept;

	/* From the thread up to the first, digits backwards. */
	while (number != 0 && number < NUMBER_SHARED &&
		used < sizeof(reversed) - 16) {
		uint32_t place = paths[number].place;

		do {
			reversed[used++] = (char)('0' + place % 10);
			place /= 10;
		} while (place > 0);
		number = paths[number].parent;
		if (number != PARENT_UNKNOWN)
			reversed[used++] = '.';
	}
	strcpy(text,
		number == 0                       ? "T0"
			: number >= NUMBER_SHARED ? "T?"
						  : "T…");
	kept = strlen(text);
	while (used > 0)
		text[kept++] = reversed[--used];
	text[kept] = '\0';
}

/* Digits up to the end of a number that a thread can count to, or -1. */
static int parse_count(const char *text, size_t *count)
{
	const size_t most = ((size_t)1 << THREAD_COUNT_BITS) - 1;

	*count = 0;
	if (*text == '\0')
		return -1;
	for (; *text >= '0' && *text <= '9'; text++) {
		size_t digit = (size_t)(*text - '0');

		if (*count > (most - digit) / 10)
			return -1;
		*count = *count * 10 + digit;
	}
	return *text == '\0' ? 0 : -1;
}

int thread_path_stop_at(const char *text)
{
	size_t length = strcspn(text, "#"), count;

	if (text[0] != 'T' || text[length] != '#' || length < 2 ||
		length >= sizeof(stop_path) ||
		strspn(text + 1, "0123456789.?…") != length - 1 ||
		parse_count(text + length + 1, &count) != 0)
		return -1;
	memcpy(stop_path, text, length);
	stop_path[length] = '\0';
	stop_count = count;
	return 0;
}

size_t thread_path_stop_word(uint32_t number)
{
	char path[THREAD_PATH_TEXT];

	if (stop_count == 0)
		return 0;
	thread_path_text(number, path);
	return strcmp(path, stop_path) == 0
		? thread_path_first_word(number) + stop_count
		: 0;
}
