// SPDX-License-Identifier: MIT
//
// Threads' paths as texts, and the text that says where to stop. Numbers are
// not used twice, so the tests run in a fixed order.
#include <pthread.h>
#include <string.h>

#include "check.h"
#include "thread_path.h"

static const char *path_of(uint32_t number)
{
	static char text[THREAD_PATH_TEXT];

	thread_path_text(number, text);
	return text;
}

static void the_first_thread_is_0(void **state)
{
	(void)state;
	CHECK_EQUAL(thread_path_current(), 0);
	CHECK_TEXT(path_of(0), "T0");
	CHECK_EQUAL(thread_path_first_word(0), 0);
	CHECK_EQUAL(thread_path_first_word(3), (uint64_t)3 << 44);
}

static void *first_child(void *number)
{
	uint32_t *numbers = number;

	thread_path_become(numbers[0]);
	numbers[1] = thread_path_new_child();
	numbers[2] = thread_path_new_child();
	numbers[3] = thread_path_current();
	return NULL;
}

static void children_count_from_1(void **state)
{
	uint32_t numbers[4], second;
	pthread_t thread;

	(void)state;
	numbers[0] = thread_path_new_child();
	second = thread_path_new_child();
	assert_int_equal(
		pthread_create(&thread, NULL, first_child, numbers), 0);
	pthread_join(thread, NULL);
	CHECK_EQUAL(numbers[3], numbers[0]);
	CHECK_TEXT(path_of(numbers[0]), "T0.1");
	CHECK_TEXT(path_of(second), "T0.2");
	CHECK_TEXT(path_of(numbers[1]), "T0.1.1");
	CHECK_TEXT(path_of(numbers[2]), "T0.1.2");
	CHECK_TEXT(path_of(thread_path_new_child()), "T0.3");
}

static void *stranger(void *number)
{
	uint32_t *numbers = number;

	numbers[0] = thread_path_current();
	numbers[1] = thread_path_new_child();
	return NULL;
}

static void strangers_have_no_parent(void **state)
{
	uint32_t numbers[2][2];

	(void)state;
	for (size_t i = 0; i < 2; i++) {
		pthread_t thread;

		assert_int_equal(
			pthread_create(&thread, NULL, stranger, numbers[i]), 0);
		pthread_join(thread, NULL);
	}
	CHECK_TEXT(path_of(numbers[0][0]), "T?1");
	CHECK_TEXT(path_of(numbers[0][1]), "T?1.1");
	CHECK_TEXT(path_of(numbers[1][0]), "T?2");
	CHECK_TEXT(path_of(numbers[1][1]), "T?2.1");
}

static void *be_given(void *number)
{
	uint32_t *given = number;

	thread_path_give(*given);
	*given = thread_path_current();
	return NULL;
}

static uint32_t give_a_thread(uint32_t number)
{
	pthread_t thread;

	assert_int_equal(pthread_create(&thread, NULL, be_given, &number), 0);
	pthread_join(thread, NULL);
	return number;
}

static void numbers_may_be_given(void **state)
{
	uint32_t given = thread_path_new_child() + 3;

	(void)state;
	CHECK_EQUAL(give_a_thread(given), given);
	/* T0.<number>, and nobody else gets it. */
	for (int i = 0; i < 6; i++)
		CHECK(thread_path_new_child() != given);
	CHECK_EQUAL(give_a_thread(2000), 2000);
	CHECK_TEXT(path_of(2000), "T0.2000");
	CHECK_EQUAL(give_a_thread(0), 0);
	CHECK_EQUAL(give_a_thread(THREAD_NUMBERS), THREAD_NUMBERS - 1);
	CHECK_EQUAL(give_a_thread(UINT32_MAX), THREAD_NUMBERS - 1);
}

static void *generations(void *text)
{
	uint32_t number = 0;

	for (int i = 0; i < 100; i++) {
		number = thread_path_new_child();
		thread_path_become(number);
	}
	thread_path_text(number, text);
	return NULL;
}

static void long_paths_are_shortened(void **state)
{
	char text[THREAD_PATH_TEXT];
	pthread_t thread;

	(void)state;
	assert_int_equal(pthread_create(&thread, NULL, generations, text), 0);
	pthread_join(thread, NULL);
	in_case("%s", text);
	CHECK(strlen(text) < THREAD_PATH_TEXT);
	CHECK(strlen(text) > 100);
	CHECK_EQUAL(strncmp(text, "T….1.1.1", 10), 0);
}

static void the_place_to_stop_is_parsed(void **state)
{
	static const struct {
		const char *text;
		int result;
	} cases[] = {
		{"T0#1", 0},
		{"T0.3#1207", 0},
		{"T0.3.1#99", 0},
		{"T?1#2", 0},
		{"T?1.4#2", 0},
		{"T….1.1#2", 0},
		{"T0#17592186044415", 0},
		{"T0#17592186044416", -1}, /* another thread's words */
		{"T0#18446744073709551617", -1},
		{"T0#0", 0}, /* nowhere */
		{"", -1},
		{"T", -1},
		{"#", -1},
		{"#5", -1},
		{"T#5", -1},
		{"T0", -1},
		{"T0#", -1},
		{"T0#x", -1},
		{"T0#5x", -1},
		{"T0#-5", -1},
		{"T0# 5", -1},
		{"0#5", -1},
		{"t0#5", -1},
		{"T0x#5", -1},
		{"T0#4#5", -1},
		{"5", -1},
	};
	char longest[2 * THREAD_PATH_TEXT];

	(void)state;
	for (size_t i = 0; i < LENGTH(cases); i++) {
		in_case("\"%s\"", cases[i].text);
		CHECK_EQUAL(
			thread_path_stop_at(cases[i].text), cases[i].result);
	}
	memset(longest, '1', sizeof(longest));
	memcpy(longest, "T0.", 3);
	memcpy(longest + sizeof(longest) - 3, "#1", 3);
	in_case("a path of %zu", sizeof(longest));
	CHECK_EQUAL(thread_path_stop_at(longest), -1);
}

static void words_to_stop_at(void **state)
{
	(void)state;
	CHECK_EQUAL(thread_path_stop_at("T0#12"), 0);
	CHECK_EQUAL(thread_path_stop_word(0), 12);
	CHECK_EQUAL(thread_path_stop_word(1), 0);
	CHECK_EQUAL(thread_path_stop_at("T0.1.2#5"), 0);
	CHECK_EQUAL(thread_path_stop_word(0), 0);
	for (uint32_t number = 1; number < 20; number++) {
		in_case("thread %u, %s", number, path_of(number));
		CHECK_EQUAL(thread_path_stop_word(number),
			strcmp(path_of(number), "T0.1.2") == 0
				? ((uint64_t)number << 44) + 5
				: 0);
	}
	/* What cannot be read leaves the last as it was. */
	CHECK_EQUAL(thread_path_stop_at("T0#x"), -1);
	CHECK_EQUAL(thread_path_stop_word(0), 0);
}

static void exhaust(void)
{
	uint32_t number = 0;

	for (uint32_t i = 0; i <= THREAD_NUMBERS; i++)
		number = thread_path_new_child();
	CHECK_EQUAL(number, THREAD_NUMBERS - 1);
	CHECK_EQUAL(strncmp(path_of(number), "T?", 2), 0);
}

/* The last number is shared, and its path says that it is nobody's. */
static void numbers_run_out(void **state)
{
	(void)state;
	exhaust();
	exhaust();
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_first_thread_is_0),
		cmocka_unit_test(children_count_from_1),
		cmocka_unit_test(strangers_have_no_parent),
		cmocka_unit_test(numbers_may_be_given),
		cmocka_unit_test(long_paths_are_shortened),
		cmocka_unit_test(the_place_to_stop_is_parsed),
		cmocka_unit_test(words_to_stop_at),
		cmocka_unit_test(numbers_run_out),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
