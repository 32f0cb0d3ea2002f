// SPDX-License-Identifier: MIT
//
// Text to trace to text, and one line for each way in which a text is wrong.
#include "trace_file.h"

#include <sys/stat.h>
#include <unistd.h>

#include "trace_text.h"

#define HEADER                                                                 \
	"trace 1\nword 8\npage 4096\npid 7\nparent_pid 6\nstart_unix_ns 5\n"

static char path[128];

static int read_text(const char *text, struct error *error)
{
	FILE *in = fmemopen((void *)(uintptr_t)text, strlen(text), "r");
	int result;

	assert_non_null(in);
	result = trace_text_read(in, "text", path, error);
	fclose(in);
	return result;
}

static char *write_text(void)
{
	struct trace_reader reader;
	struct error error = {0};
	char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	if (trace_reader_open(&reader, path, &error) != 0 ||
		trace_text_write(&reader, out, &error) != 0)
		fail_msg("%s", error.text);
	trace_reader_finish(&reader);
	fclose(out);
	return text;
}

static const char *const texts[] = {
	HEADER "allocator \n",
	HEADER "forked\nallocator je\\x0amalloc\nargument a b\nargument \n"
	       "argument \\x5c\n",
	HEADER "allocator system\n"
	       "T0 malloc 48 = #1\nT0 calloc 3 16 = #2\nT0 create T1\n"
	       "T0 create T9\nT1 realloc T0#1 100 = #1\nT9 free T1#1\n"
	       "T0 aligned_alloc 64 128 = #3\nT0 memalign 32 1 = #4\n"
	       "T0 posix_memalign 16 0 = #5\nT0 realloc NULL 8 = #6\n"
	       "T0 realloc #6 18446744073709551615 failed\n"
	       "T0 realloc #6 0 freed\nT0 free NULL\nT0 free #2\n"
	       "T0 malloc 18446744073709551615 failed\nT1 end\nT0 fork 123\n"
	       "T9 malloc 1 = #1\nT0 free T9#1\n"
	       "ended exec lost 1 running 2 peak_blocks 3 peak_bytes 4\n",
	HEADER "clock ns\nallocator \nT3 malloc 1 = #1 after 1\n"
	       "T0 free T3#1 after 1000000\nT3 malloc 1 = #2 after 1000000\n",
};

static void test_round_trip(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		struct error error = {0};
		char *text;

		if (read_text(texts[i], &error) != 0)
			fail_msg("text %zu: %s", i, error.text);
		text = write_text();
		assert_string_equal(text, texts[i]);
		free(text);
	}
}

/* Names are given where they are left out, and comments are not kept. */
static void test_by_hand(void **state)
{
	struct error error = {0};
	char *text;

	(void)state;
	if (read_text("trace 1\n# a comment\n\npid 7\nword 8\n"
		      "T0  malloc\t48\nT0 malloc 1\nT0 free #1\nended exit\n",
		    &error) != 0)
		fail_msg("%s", error.text);
	text = write_text();
	check_contains(text,
		"T0 malloc 48 = #1\nT0 malloc 1 = #2\nT0 free #1\n"
		"ended exit lost 0 running 0 peak_blocks 0 peak_bytes 0\n");
	free(text);
	if (read_text("trace 1\nT0 malloc 1\nended signal unseen 2 status 9\n",
		    &error) != 0)
		fail_msg("%s", error.text);
	text = write_text();
	check_contains(text,
		"ended signal lost 0 running 0 peak_blocks 0 peak_bytes 0 "
		"status 9 unseen 2\n");
	free(text);
}

/* Threads that take turns keep the order of the lines over many chunks. */
static void test_long(void **state)
{
	struct error error = {0};
	char *text = NULL, *again;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	(void)state;
	fputs(HEADER "allocator \n", out);
	for (unsigned i = 1; i <= 60000; i++)
		fprintf(out,
			"T%u malloc %u = #%u\nT%u free T%u#%u\n"
			"T2 malloc %u failed\n",
			i % 2, i, (i + 1) / 2, (i + 1) % 2, i % 2, (i + 1) / 2,
			i);
	fclose(out);
	if (read_text(text, &error) != 0)
		fail_msg("%s", error.text);
	again = write_text();
	if (strcmp(text, again) != 0)
		fail_msg("%zu bytes came back as %zu others", size,
			strlen(again));
	free(text);
	free(again);
}

static const struct {
	const char *text, *error;
} wrong[] = {
	{"\n", "text:1: no trace's text"},
	{"trace 2\n", "text:1: no trace's text"},
	{"trace 1\nword 2\n", "text:2: a word's size"},
	{"trace 1\npid 4294967296\n", "text:2: a number"},
	{"trace 1\npid -1\n", "text:2: a number"},
	{"trace 1\ncolour red\n", "text:2: an unknown word"},
	{"trace 1\nclock s\n", "text:2: a clock"},
	{"trace 1\nargument \\n\n", "text:2: an escape"},
	{"trace 1\nT0 malloc 1\npid 1\n", "text:3: not an event"},
	{"trace 1\nT1048576 malloc 1\n", "text:2: no thread"},
	{"trace 1\nT0 new 1\n", "text:2: no event"},
	{"trace 1\nT0 malloc\n", "text:2: no event"},
	{"trace 1\nT0 malloc 0x10\n", "text:2: no event"},
	{"trace 1\nT0 malloc 18446744073709551616\n", "text:2: no event"},
	{"trace 1\nT0 malloc 1 2\n", "text:2: what follows"},
	{"trace 1\nT0 malloc 1 failed = #1\n", "text:2: what follows"},
	{"trace 1\nT0 malloc 1 = T1#1\n", "text:2: what follows"},
	{"trace 1\nT0 malloc 1 = #2\n", "text:2: a block's number"},
	{"trace 1\nT0 malloc 1 freed\n", "text:2: freed by a call"},
	{"trace 1\nT0 free NULL = #1\n", "text:2: a block named"},
	{"trace 1\nT0 free NULL failed\n", "text:2: an outcome"},
	{"trace 1\nT0 malloc 9223372036854775808\n", "text:2: a block of more"},
	{"trace 1\nT0 memalign 3 1\n", "text:2: an alignment"},
	{"trace 1\nT0 malloc 1 after 1\n", "text:2: a time without"},
	{"trace 1\nclock ns\nT0 malloc 1\n", "text:3: no time"},
	{"trace 1\nT0 free #0\n", "text:2: no event"},
	{"trace 1\nT0 free #1\n", "text:2: a block that is not allocated"},
	{"trace 1\nT1 malloc 1\nT0 free T1#1\nT1 free #1\n",
		"text:4: a block that is freed already"},
	{"trace 1\nT0 create T0\n", "text:2: a thread created"},
	{"trace 1\nT1 malloc 1\nT0 create T1\n", "text:3: a thread that is"},
	{"trace 1\nT0 end\nT0 malloc 1\n", "text:3: an event behind"},
	{"trace 1\nended exit\nT0 malloc 1\n", "text:3: a line behind the end"},
	{"trace 1\nended never\n", "text:2: no end"},
	{"trace 1\nended signal status\n", "text:2: no end"},
	{"trace 1\nended exit lost\n", "text:2: no end"},
};

static void test_wrong(void **state)
{
	(void)state;
	unlink(path);
	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
		struct error error = {0};
		char new[160];

		if (read_text(wrong[i].text, &error) != -1)
			fail_msg("no error: %s", wrong[i].text);
		check_error(error.text, "text");
		check_contains(error.text, wrong[i].error);
		check_contains(error.text, "allowed");
		/* Nothing is left. */
		snprintf(new, sizeof(new), "%s.new", path);
		assert_int_not_equal(access(path, F_OK), 0);
		assert_int_not_equal(access(new, F_OK), 0);
	}
}

/* A rename would put a file into the place of a device, a pipe or a link. */
static void test_only_files_are_replaced(void **state)
{
	struct error error;
	char new[160];
	struct stat status;

	(void)state;
	snprintf(new, sizeof(new), "%s.new", path);
	for (int link = 0; link < 2; link++) {
		unlink(path);
		assert_int_equal(
			link ? symlink(new, path) : mkfifo(path, 0600), 0);
		error.text[0] = '\0';
		if (trace_text_may_replace(path, &error))
			fail_msg("%s may be replaced", path);
		check_error(error.text, path);
		check_contains(error.text, "allowed");
		assert_int_equal(read_text("trace 1\n", &error), -1);
		check_error(error.text, path);
		assert_int_equal(lstat(path, &status), 0);
		assert_true(link ? S_ISLNK(status.st_mode)
				 : S_ISFIFO(status.st_mode));
		assert_int_not_equal(access(new, F_OK), 0);
	}
	unlink(path);
	assert_true(trace_text_may_replace(path, &error));
	assert_int_equal(read_text("trace 1\n", &error), 0);
	assert_true(trace_text_may_replace(path, &error));
	unlink(path);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_round_trip),
		cmocka_unit_test(test_by_hand),
		cmocka_unit_test(test_long),
		cmocka_unit_test(test_wrong),
		cmocka_unit_test(test_only_files_are_replaced),
	};
	const char *parent = getenv("TMPDIR");
	int failed;

	snprintf(path, sizeof(path), "%s/trace-text-%d",
		parent ? parent : "/tmp", (int)getpid());
	failed = cmocka_run_group_tests(tests, NULL, NULL);
	unlink(path);
	return failed;
}
