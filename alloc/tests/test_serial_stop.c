// SPDX-License-Identifier: MIT
//
// Stopping at a serial: SIGTRAP at that very allocation. The parent takes no
// number, so that every child begins at 1.
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "check.h"
#include "death.h"
#include "serial_stop.h"
#include "thread_path.h"
#include "wrapper.h"

#define BLOCKS 10

struct act {
	const struct alloc_backend *backend;
	size_t stop_at;
	const char *stop_path;
	uint32_t number; /* given to the thread, 0 for none */
};

static void mark(char c)
{
	if (write(STDERR_FILENO, &c, 1) != 1)
		_exit(9);
}

/* An 'a' after every allocation. */
static void allocate(const struct act *act)
{
	if (act->number != 0)
		act->backend->thread_number(act->number);
	for (size_t i = 0; i < BLOCKS; i++) {
		void *block = act->backend->alloc(i);

		mark('a');
		act->backend->free(block);
	}
}

static void in_this_thread(const void *what)
{
	const struct act *act = what;

	serial_stop_at = act->stop_at;
	if (act->stop_path != NULL && thread_path_stop_at(act->stop_path) != 0)
		_exit(8);
	allocate(act);
}

static uint32_t child_number;

static void *child(void *argument)
{
	thread_path_become(child_number);
	allocate(argument);
	return NULL;
}

/* In the second of two threads that this one creates. */
static void in_a_second_child(const void *what)
{
	const struct act *act = what;

	if (thread_path_stop_at(act->stop_path) != 0)
		_exit(8);
	for (int i = 0; i < 2; i++) {
		pthread_t thread;

		child_number = thread_path_new_child();
		mark((char)('1' + i));
		if (pthread_create(&thread, NULL, child, (void *)act) != 0)
			_exit(7);
		pthread_join(thread, NULL);
	}
}

/* `before` is what the child said up to the stop. */
static void check_stop(
	const struct death *death, const char *before, const char *serial)
{
	char want[512];

	snprintf(want, sizeof(want), "%sdbgalloc: stopped at %s\n", before,
		serial);
	CHECK_TEXT(death->text, want);
	CHECK_EQUAL(death->signal, SIGTRAP);
}

static void check_no_stop(const struct death *death, const char *all)
{
	CHECK_TEXT(death->text, all);
	CHECK_EQUAL(death->signal, 0);
	CHECK_EQUAL(death->status, 0);
}

static bool counts_words(const struct wrapper *w)
{
	return w->backend->numbers_blocks && w->backend->thread_number == NULL;
}

static void a_counter_stops(void **state)
{
	static const char marks[] = "aaaaaaaaaa";
	char serial[32];

	(void)state;
	FOR_EACH_WRAPPER(w)
	for (size_t at = 0; at <= BLOCKS + 1; at++) {
		struct death death;
		char before[BLOCKS + 1] = "";

		in_case("%s stop at %zu", wrapper_name(w), at);
		death_of(&death, in_this_thread,
			&(struct act){w->backend, at, NULL, 0});
		if (at == 0 || at > BLOCKS || !counts_words(w)) {
			check_no_stop(&death, marks);
			continue;
		}
		memcpy(before, marks, at - 1);
		snprintf(serial, sizeof(serial), "#%d", (int)at);
		check_stop(&death, before, serial);
	}
}

static const struct wrapper *thread_wrapper(void)
{
	FOR_EACH_WRAPPER(w)
	if (w->backend->thread_number != NULL)
		return w;
	return NULL;
}

static void a_path_stops_the_first_thread(void **state)
{
	const struct wrapper *w = thread_wrapper();
	struct death death;

	(void)state;
	in_case("T0#1");
	death_of(&death, in_this_thread,
		&(struct act){w->backend, 0, "T0#1", 0});
	check_stop(&death, "", "T0#1");
	in_case("T0#4");
	death_of(&death, in_this_thread,
		&(struct act){w->backend, 0, "T0#4", 0});
	check_stop(&death, "aaa", "T0#4");
	in_case("T0.1#4");
	death_of(&death, in_this_thread,
		&(struct act){w->backend, 0, "T0.1#4", 0});
	check_no_stop(&death, "aaaaaaaaaa");
}

static void a_path_stops_a_child(void **state)
{
	const struct wrapper *w = thread_wrapper();
	struct death death;

	(void)state;
	in_case("T0.2#1");
	death_of(&death, in_a_second_child,
		&(struct act){w->backend, 0, "T0.2#1", 0});
	check_stop(&death, "1aaaaaaaaaa2", "T0.2#1");
	in_case("T0.2#3");
	death_of(&death, in_a_second_child,
		&(struct act){w->backend, 0, "T0.2#3", 0});
	check_stop(&death, "1aaaaaaaaaa2aa", "T0.2#3");
	in_case("T0.3#3");
	death_of(&death, in_a_second_child,
		&(struct act){w->backend, 0, "T0.3#3", 0});
	check_no_stop(&death, "1aaaaaaaaaa2aaaaaaaaaa");
}

static void a_path_stops_a_told_thread(void **state)
{
	const struct wrapper *w = thread_wrapper();
	struct death death;

	(void)state;
	in_case("T0.7#1");
	death_of(&death, in_this_thread,
		&(struct act){w->backend, 0, "T0.7#1", 7});
	check_stop(&death, "", "T0.7#1");
	in_case("T0.7#5");
	death_of(&death, in_this_thread,
		&(struct act){w->backend, 0, "T0.7#5", 7});
	check_stop(&death, "aaaa", "T0.7#5");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_counter_stops),
		cmocka_unit_test(a_path_stops_the_first_thread),
		cmocka_unit_test(a_path_stops_a_child),
		cmocka_unit_test(a_path_stops_a_told_thread),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
