// SPDX-License-Identifier: MIT
//
// The CSV writer: rows that are too long, and disks that are full.
#include "csv_file.h"
#include "csv_writer.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/resource.h>

static void test_row_too_long(void **state)
{
	static char text[CSV_ROW_BYTES + 1];
	struct csv_writer writer;
	char *file;

	(void)state;
	memset(text, 'x', sizeof(text) - 1);
	assert_int_equal(csv_writer_create(&writer, path, "a,b"), 0);
	csv_text(&writer, text);
	csv_text(&writer, "b");
	assert_int_equal(csv_end_row(&writer), -1);
	assert_int_equal(errno, EMSGSIZE);
	csv_text(&writer, "next");
	csv_text(&writer, "row");
	assert_int_equal(csv_end_row(&writer), 0);
	assert_int_equal(csv_writer_close(&writer), 0);
	file = check_read_file(path);
	assert_string_equal(file, "a,b\nnext,row\n");
	free(file);
	unlink(path);
	assert_int_equal(csv_writer_create(&writer, path, text), -1);
	assert_int_equal(errno, EMSGSIZE);
	assert_int_equal(access(path, F_OK), -1);
}

static void test_create_fails(void **state)
{
	struct csv_writer writer, zeroed = {0};
	int standard_input = fcntl(0, F_GETFD);

	(void)state;
	check_write_file(path, "mine\n", 5);
	assert_int_equal(csv_writer_create(&writer, path, "a"), -1);
	assert_int_equal(errno, EEXIST);
	assert_int_equal(csv_writer_close(&writer), 0);
	assert_int_equal(csv_writer_close(&zeroed), 0);
	assert_int_equal(csv_writer_close(NULL), 0);
	/* Its descriptor is 0, but not its own. */
	assert_int_equal(fcntl(0, F_GETFD), standard_input);
}

static void test_full_device(void **state)
{
	struct csv_writer writer;
	int full = open("/dev/full", O_WRONLY | O_CLOEXEC);

	(void)state;
	if (full < 0)
		skip();
	assert_int_equal(csv_writer_create(&writer, path, "a"), 0);
	assert_true(dup2(full, writer.fd) == writer.fd);
	csv_text(&writer, "lost");
	assert_int_equal(csv_end_row(&writer), -1);
	assert_int_equal(errno, ENOSPC);
	csv_writer_close(&writer);
	close(full);
}

/* A write that stops half-way, as on a disk that fills up: the file is cut
 * back to whole rows, and goes on when there is room again. */
static void test_torn_write(void **state)
{
	struct rlimit old, limit;
	struct csv_writer writer;
	char *file;

	(void)state;
	signal(SIGXFSZ, SIG_IGN);
	assert_int_equal(getrlimit(RLIMIT_FSIZE, &old), 0);
	limit = old;
	limit.rlim_cur = 20;
	assert_int_equal(csv_writer_create(&writer, path, "a,b"), 0);
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &limit), 0);
	csv_text(&writer, "one");
	csv_text(&writer, "row");
	assert_int_equal(csv_end_row(&writer), 0);
	csv_text(&writer, "too long for 20");
	csv_text(&writer, "bytes");
	assert_int_equal(csv_end_row(&writer), -1);
	assert_int_equal(errno, EFBIG);
	assert_true(writer.failed);
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &old), 0);
	file = check_read_file(path);
	assert_string_equal(file, "a,b\none,row\n");
	free(file);
	csv_text(&writer, "more");
	csv_text(&writer, "room");
	assert_int_equal(csv_end_row(&writer), 0);
	assert_false(writer.failed);
	assert_int_equal(csv_writer_close(&writer), 0);
	file = check_read_file(path);
	assert_string_equal(file, "a,b\none,row\nmore,room\n");
	free(file);
}

static void test_print_row(void **state)
{
	struct csv_writer writer = {0};
	char *text = NULL;
	size_t bytes;
	FILE *out = open_memstream(&text, &bytes);

	(void)state;
	csv_text(&writer, "a,b");
	csv_count(&writer, 0);
	csv_count(&writer, UINT64_MAX - 1);
	csv_count(&writer, RECORD_NO_COUNT);
	assert_int_equal(csv_print_row(&writer, out), 0);
	fclose(out);
	assert_string_equal(text, "\"a,b\",0,18446744073709551614,\n");
	free(text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		FILE_TEST(test_row_too_long),
		FILE_TEST(test_create_fails),
		FILE_TEST(test_full_device),
		FILE_TEST(test_torn_write),
		cmocka_unit_test(test_print_row),
	};

	return cmocka_run_group_tests_name("csv writer", tests, NULL, NULL);
}
