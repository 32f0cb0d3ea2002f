// SPDX-License-Identifier: MIT
//
// Fleet's profiles, read and scaled, and the stretches that are recorded from
// them.
#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "fleet_stream.h"
#include "instance.h"

#define LENGTH(array) (sizeof(array) / sizeof(*(array)))

static struct fleet_profile profile;

static void write_file(char path[64], const char *text, size_t length)
{
	int file;

	strcpy(path, "/tmp/test_fleet.XXXXXX");
	file = mkstemp(path);
	assert_true(file >= 0);
	assert_int_equal(write(file, text, length), (ssize_t)length);
	close(file);
}

static void files_read(void **state)
{
	static const char *const texts[] = {
		"16, 1.5, 2\n32, 3, 4.25\n",
		"16,1.5,2\n32,3,4.25",
		"16 , 1.5 ,\t2 \r\n 32,3e0,425e-2\r\n",
	};

	(void)state;
	for (size_t i = 0; i < LENGTH(texts); i++) {
		char path[64], error[WORKLOAD_TEXT] = "";

		write_file(path, texts[i], strlen(texts[i]));
		if (fleet_profile_load(&profile, 0, path, error) != 0)
			fail_msg("%s", error);
		unlink(path);
		assert_int_equal(profile.count, 2);
		assert_int_equal(profile.rows[0].size, 16);
		assert_int_equal(profile.rows[1].size, 32);
		assert_true(profile.rows[0].rate == 1.5);
		assert_true(profile.rows[1].live == 4.25);
	}
}

static void files_refused(void **state)
{
	static const struct {
		const char *text, *error; /* after the path */
	} table[] = {
		{"", ":1:1: a row is wanted here: size, rate, live"},
		{"\n", ":1:1: a number is wanted here"},
		{"16, 1, 2\n\n", ":2:1: a number is wanted here"},
		{"size, rate, live\n", ":1:1: a number is wanted here"},
		{"16, 1, 2\n32, x, 2\n", ":2:5: a number is wanted here"},
		{"16, 1\n", ":1:6: a comma is wanted here: size, rate, live"},
		{"16; 1; 2\n",
			":1:3: a comma is wanted here: size, rate, live"},
		{"16, 1, 2, 3\n", ":1:9: three numbers are a row"},
		{"16, 1, 2 3\n", ":1:10: three numbers are a row"},
		{"16, 1,\n", ":1:7: a number is wanted here"},
		{"16, 1, 2e\n", ":1:8: a number is wanted here"},
		{"16, 1, 1e999\n",
			":1:8: a number from 1e-100 to 1e100 is wanted here"},
		{"16, 1, 2\n8, 1, 1e308\n",
			":2:7: a number from 1e-100 to 1e100 is wanted here"},
		{"8, 4.9e-324, 2\n",
			":1:4: a number from 1e-100 to 1e100 is wanted here"},
		{"16, nan, 2\n", ":1:5: a number is wanted here"},
		{"16, 0, 2\n", ":1:5: a number above 0 is wanted here"},
		{"16, 1, -2\n", ":1:8: a number above 0 is wanted here"},
		{"0, 1, 2\n", ":1:1: a number above 0 is wanted here"},
		{"1.5, 1, 2\n",
			":1:1: a size is a whole number of bytes, at "
			"most 2^52"},
		{"1e30, 1, 2\n",
			":1:1: a size is a whole number of bytes, at "
			"most 2^52"},
	};

	(void)state;
	for (size_t i = 0; i < LENGTH(table); i++) {
		char path[64], error[WORKLOAD_TEXT] = "";

		write_file(path, table[i].text, strlen(table[i].text));
		assert_int_equal(
			fleet_profile_load(&profile, 0, path, error), -1);
		unlink(path);
		assert_memory_equal(error, path, strlen(path));
		assert_string_equal(error + strlen(path), table[i].error);
	}
}

static void damaged_bytes(void **state)
{
	static const char text[] = "16, 1, 2\n\0\0, 1";
	char path[64], error[WORKLOAD_TEXT] = "";

	(void)state;
	write_file(path, text, sizeof(text) - 1);
	assert_int_equal(fleet_profile_load(&profile, 0, path, error), -1);
	unlink(path);
	assert_string_equal(
		error + strlen(path), ":2:1: a number is wanted here");
	assert_int_equal(fleet_profile_load(&profile, 0, path, error), -1);
	assert_string_equal(
		error + strlen(path), ": No such file or directory");
	assert_int_equal(fleet_profile_load(&profile, 0, "/tmp", error), -1);
	assert_string_equal(error, "/tmp: Is a directory");
}

static void too_many_rows(void **state)
{
	static char text[(FLEET_ROWS_MAX + 1) * 6 + 1];
	char path[64], error[WORKLOAD_TEXT] = "";

	(void)state;
	for (size_t i = 0; i <= FLEET_ROWS_MAX; i++)
		strcpy(text + i * 6, "8,1,1\n");
	write_file(path, text, FLEET_ROWS_MAX * 6);
	assert_int_equal(fleet_profile_load(&profile, 0, path, error), 0);
	unlink(path);
	write_file(path, text, (FLEET_ROWS_MAX + 1) * 6);
	assert_int_equal(fleet_profile_load(&profile, 0, path, error), -1);
	unlink(path);
	assert_string_equal(
		error + strlen(path), ":4097:1: at most 4096 rows are allowed");
}

/* The path is whole in the parameters and its last part in a cell's name. */
static void path_parameter(void **state)
{
	char path[64], error[WORKLOAD_TEXT] = "", asked[WORKLOAD_TEXT];
	char text[WORKLOAD_TEXT], wanted[WORKLOAD_TEXT];
	struct workload_instance instance = {0};

	(void)state;
	write_file(path, "16, 1, 2\n", 9);
	snprintf(asked, sizeof(asked), "fleet,file=%s,remote=5", path);
	if (workload_parse(asked, &instance, error) != 0)
		fail_msg("%s", error);
	assert_string_equal(instance.path, path);
	workload_params_text(&instance, true, text);
	snprintf(wanted, sizeof(wanted), "profile=1,heap=8192,remote=5,file=%s",
		path);
	assert_string_equal(text, wanted);
	workload_params_text(&instance, false, text);
	snprintf(wanted, sizeof(wanted), "profile=1,heap=8192,remote=5,file=%s",
		path + 5);
	assert_string_equal(text, wanted);
	unlink(path);
	assert_int_equal(workload_parse(asked, &instance, error), -1);
	snprintf(wanted, sizeof(wanted), "%s: No such file or directory", path);
	assert_string_equal(error, wanted);
	assert_int_equal(
		workload_parse("fleet,file=/tmp/", &instance, error), -1);
	assert_string_equal(error, "bad path '/tmp/': name a file");
	assert_int_equal(workload_parse("fleet", &instance, error), 0);
	assert_string_equal(instance.path, "");
}

static uint64_t bytes_of(const struct fleet_profile *scaled)
{
	uint64_t bytes = 0;

	for (uint32_t i = 0; i < scaled->count; i++)
		bytes += scaled->rows[i].size * scaled->rows[i].blocks;
	return bytes;
}

/* A heap is filled to within its smallest sizes. */
static void scaled_heaps(void **state)
{
	static const uint64_t heaps[] = {64 << 10, 4 << 20, 8 << 20, 93 << 20};

	(void)state;
	for (unsigned i = 0; i < FLEET_PROFILES; i++)
		for (size_t j = 0; j < LENGTH(heaps); j++) {
			uint64_t heap = heaps[j], blocks = 0, bytes;

			assert_int_equal(
				fleet_profile_load(&profile, i, "", NULL), 0);
			fleet_profile_scale(&profile, heap);
			for (uint32_t k = 0; k < profile.count; k++) {
				blocks += profile.rows[k].blocks;
				assert_true(profile.rows[k].size <= heap);
			}
			bytes = bytes_of(&profile);
			assert_int_equal(blocks, profile.blocks);
			if (bytes + 64 < heap || bytes > heap + 64)
				fail_msg("profile %u: %llu bytes of %llu", i,
					(unsigned long long)bytes,
					(unsigned long long)heap);
		}
}

static void *room(size_t count, size_t size)
{
	void *memory = calloc(count, size);

	assert_non_null(memory);
	return memory;
}

static void stream_begin(struct fleet_stream *stream)
{
	fleet_stream_plan(stream, &profile);
	stream->operations =
		room(stream->operation_max, sizeof(*stream->operations));
	stream->sizes = room(stream->slot_count, sizeof(*stream->sizes));
	stream->order = room(stream->slot_count, sizeof(*stream->order));
	stream->is_live = room(stream->slot_count, sizeof(*stream->is_live));
}

static void stream_end(struct fleet_stream *stream)
{
	free(stream->operations);
	free(stream->sizes);
	free(stream->order);
	free(stream->is_live);
}

/* Replays a stretch: who dies is alive, who is born is not, and the end is
 * the beginning. Returns the mean live bytes. */
static double replay(const struct fleet_stream *stream, size_t *remote)
{
	bool *live = room(stream->slot_count, sizeof(*live));
	double bytes = 0, sum = 0;

	memcpy(live, stream->is_live, stream->slot_count * sizeof(*live));
	for (size_t i = 0; i < stream->slot_count; i++)
		bytes += live[i] ? stream->sizes[i] : 0;
	*remote = 0;
	for (size_t i = 0; i < stream->operation_count; i++) {
		struct fleet_operation now = stream->operations[i];

		*remote += (now.death & FLEET_REMOTE) != 0;
		now.death &= ~FLEET_REMOTE;
		assert_true(now.death < stream->slot_count);
		assert_true(now.birth < stream->slot_count);
		assert_true(live[now.death]);
		live[now.death] = false;
		assert_false(live[now.birth]);
		live[now.birth] = true;
		bytes += stream->sizes[now.birth];
		bytes -= stream->sizes[now.death];
		sum += bytes;
	}
	assert_memory_equal(
		live, stream->is_live, stream->slot_count * sizeof(*live));
	free(live);
	return sum / (double)stream->operation_count;
}

static void stretches(void **state)
{
	static const unsigned parts[] = {0, 5, 25, 50, 100};

	(void)state;
	for (unsigned i = 0; i < FLEET_PROFILES; i++)
		for (size_t j = 0; j < LENGTH(parts); j++) {
			struct fleet_stream stream;
			double share, mean, first;
			size_t remote;

			assert_int_equal(
				fleet_profile_load(&profile, i, "", NULL), 0);
			fleet_profile_scale(&profile, 8 << 20);
			stream_begin(&stream);
			fleet_stream_record(&stream, &profile, 7 + i, parts[j]);
			assert_true(
				stream.operation_count <= stream.operation_max);
			/* What is repaired is little. */
			assert_true(stream.operation_count <
				FLEET_OPERATIONS + FLEET_OPERATIONS / 20);
			mean = replay(&stream, &remote);
			first = (double)bytes_of(&profile);
			/* Profile 8 is a thousand blocks, a few very large. */
			if (fabs(mean / first - 1) > 0.25)
				fail_msg("profile %u: %.0f bytes live, and "
					 "%.0f at first",
					i, mean, first);
			share = 100.0 * (double)remote /
				(double)stream.operation_count;
			assert_true(fabs(share - parts[j]) < 1);
			stream_end(&stream);
		}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(files_read),
		cmocka_unit_test(files_refused),
		cmocka_unit_test(damaged_bytes),
		cmocka_unit_test(too_many_rows),
		cmocka_unit_test(path_parameter),
		cmocka_unit_test(scaled_heaps),
		cmocka_unit_test(stretches),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
