// SPDX-License-Identifier: MIT
//
// trials.csv: what is written is read back, and what is wrong is named.
#include "csv_file.h"
#include "csv_table.h"
#include "csv_writer.h"

/* Every field has another value; some are not measured. */
static void fill(struct trial *trial, uint64_t n)
{
	uint64_t next = 1000 * n;

	*trial = (struct trial){0};
#define FILL_TEXT(name, description)                                           \
	snprintf(trial->name, RECORD_TEXT, "%s, \"%d\"\nñ", #name, (int)next++);
#define FILL_COUNT(name, description)                                          \
	trial->name = next % 5 ? UINT64_MAX - 1 - next : RECORD_NO_COUNT;      \
	next++;
#define FILL_REAL(name, description)                                           \
	trial->name = next % 3 ? 1 / (double)(7 + next) : NAN;                 \
	next++;
	TRIAL_FIELDS(FILL_TEXT, FILL_COUNT, FILL_REAL)
	trial->schema_version = RECORD_SCHEMA_VERSION;
	trial->launch = n;
	trial->round = n % 200;
	strcpy(trial->role, n % 3 ? RECORD_ROLE_VARIANT : RECORD_ROLE_COPY);
	strcpy(trial->status, n % 2 ? "ok" : "miscounted");
	trial->excluded = n % 2;
}

static void check_equal(const struct trial *got, const struct trial *want)
{
#define EQUAL_TEXT(name, description)                                          \
	assert_string_equal(got->name, want->name);
#define EQUAL_COUNT(name, description) assert_true(got->name == want->name);
#define EQUAL_REAL(name, description)                                          \
	check_close(#name, got->name, want->name, 0);
	TRIAL_FIELDS(EQUAL_TEXT, EQUAL_COUNT, EQUAL_REAL)
}

struct seen {
	uint64_t rows;
	uint64_t stop_at;
	struct trial last;
};

static int check_filled(const struct trial *trial, void *context)
{
	struct seen *seen = context;
	struct trial want;

	fill(&want, seen->rows++);
	check_equal(trial, &want);
	return seen->rows == seen->stop_at ? 7 : 0;
}

static int keep(const struct trial *trial, void *context)
{
	struct seen *seen = context;

	seen->rows++;
	seen->last = *trial;
	return 0;
}

static void test_header(void **state)
{
	/* As the page on files has it: the order is part of the format. */
	(void)state;
	assert_string_equal(trial_header,
		"schema_version,run_id,cell,launch,round,position,variant,"
		"role,build_id,link_order,workload,params,allocator,"
		"allocator_version,threads,placement,pus,env_bytes,seed,ops,"
		"wall_ns,cpu_ns,ns_per_op,start_skew_ns,finish_skew_ns,"
		"thread_ops_min,thread_ops_max,minflt,majflt,nvcsw,nivcsw,"
		"migrations,steal_ticks,checksum,status,excluded,"
		"exclude_reason,t_start_unix_ns");
}

static void test_round_trip(void **state)
{
	enum { MANY = 3000 }; /* more than one buffer of the reader */
	struct seen seen = {0};
	struct csv_writer writer;
	struct trial trial;
	struct error error;

	(void)state;
	assert_int_equal(csv_writer_create(&writer, path, trial_header), 0);
	for (uint64_t i = 0; i < MANY; i++) {
		fill(&trial, i);
		assert_int_equal(trial_write(&writer, &trial), 0);
	}
	assert_int_equal(csv_writer_close(&writer), 0);
	if (trials_read(path, check_filled, &seen, &error) != 0)
		fail_msg("%s", error.text);
	assert_int_equal(seen.rows, MANY);
	seen = (struct seen){.stop_at = 5};
	assert_int_equal(trials_read(path, check_filled, &seen, &error), 7);
	assert_int_equal(seen.rows, 5);
}

static const char *usual_text(const char *name)
{
	if (strcmp(name, "role") == 0)
		return "control";
	return strcmp(name, "status") == 0 ? "ok" : "text";
}

/* The header in reverse, with a column that nobody knows and that has a line
 * break in it, and one row in which `name` has `value`, any other field its
 * kind's usual one. */
static void write_row(const char *name, const char *value, const char *without)
{
	FILE *file = fopen(path, "w");
	struct {
		const char *name, *value;
	} fields[] = {
#define USUAL_TEXT(name, description) {#name, usual_text(#name)},
#define USUAL_COUNT(name, description) {#name, "1"},
#define USUAL_REAL(name, description) {#name, "2.5"},
		TRIAL_FIELDS(USUAL_TEXT, USUAL_COUNT, USUAL_REAL)};
	size_t count = sizeof(fields) / sizeof(fields[0]);

	assert_non_null(file);
	fputs("unknown", file);
	for (size_t i = count; i-- > 0;)
		if (strcmp(fields[i].name, without) != 0)
			fprintf(file, ",%s", fields[i].name);
	fputs("\n\"x\nx\"", file);
	for (size_t i = count; i-- > 0;)
		if (strcmp(fields[i].name, without) != 0)
			fprintf(file, ",%s",
				strcmp(fields[i].name, name) == 0
					? value
					: fields[i].value);
	fputs("\n", file);
	assert_int_equal(fclose(file), 0);
}

static void test_any_order(void **state)
{
	struct seen seen = {0};
	struct error error;

	(void)state;
	write_row("ns_per_op", "1e2", "");
	if (trials_read(path, keep, &seen, &error) != 0)
		fail_msg("%s", error.text);
	assert_int_equal(seen.rows, 1);
	assert_string_equal(seen.last.run_id, "text");
	assert_int_equal(seen.last.t_start_unix_ns, 1);
	check_close("wall_ns", seen.last.wall_ns, 2.5, 0);
	check_close("ns_per_op", seen.last.ns_per_op, 100, 0);
}

#define STATUSES ": allowed is ok, failed, crashed, hung, miscounted or damaged"

static void test_errors(void **state)
{
	static char long_text[RECORD_TEXT + 1];
	static const struct {
		const char *name, *value, *line_and_what;
	} cases[] = {
#define WHOLE " is no whole number below 2^64 - 1"
		{"ops", "12x", "3:ops: \"12x\"" WHOLE},
		{"ops", "-1", "3:ops: \"-1\"" WHOLE},
		{"ops", "1.0", "3:ops: \"1.0\"" WHOLE},
		{"ops", "1e3", "3:ops: \"1e3\"" WHOLE},
		{"checksum", "18446744073709551616",
			"3:checksum: \"18446744073709551616\"" WHOLE},
		{"checksum", "18446744073709551615",
			"3:checksum: \"18446744073709551615\"" WHOLE},
#undef WHOLE
		{"cpu_ns", "fast", "3:cpu_ns: \"fast\" is no finite number"},
		{"cpu_ns", "0x1p3", "3:cpu_ns: \"0x1p3\" is no finite number"},
		{"cpu_ns", "nan", "3:cpu_ns: \"nan\" is no finite number"},
		{"ns_per_op", "-0.5", "3:ns_per_op: \"-0.5\" is below 0"},
		{"wall_ns", "-inf", "3:wall_ns: \"-inf\" is no finite number"},
		{"wall_ns", "inf", "3:wall_ns: \"inf\" is no finite number"},
		{"ns_per_op", "1e999",
			"3:ns_per_op: \"1e999\" is no finite number"},
		{"ns_per_op", "0",
			"2:ns_per_op: \"0\": allowed is a number above 0, or "
			"none where it was not measured"},
		{"ns_per_op", "0.0",
			"2:ns_per_op: \"0\": allowed is a number above 0, or "
			"none where it was not measured"},
		{"launch", "", "2:launch: must be given, and below 2^32"},
		{"launch", "4294967296",
			"2:launch: must be given, and below 2^32"},
		{"round", "", "2:round: must be given, and below 2^32"},
		{"cell", long_text,
			"3:cell: a text of 192 bytes; at most 191 are allowed"},
		{"schema_version", "2",
			"2:schema_version: this program reads version 1"},
		{"schema_version", "",
			"2:schema_version: this program reads version 1"},
		{"cell", "", "2:cell: \"\": allowed is the name of a cell"},
		{"variant", "",
			"2:variant: \"\": allowed is the name of a variant"},
		{"role", "extra",
			"2:role: \"extra\": allowed is variant, control, peer, "
			"planted or baseline copy"},
		{"status", "okay", "2:status: \"okay\"" STATUSES},
		{"status", "", "2:status: \"\"" STATUSES},
		{"excluded", "2", "2:excluded: \"2\": allowed is 0 or 1"},
	};
	struct seen seen = {0};
	struct error error;
	char want[700];

	(void)state;
	memset(long_text, 'x', RECORD_TEXT);
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		write_row(cases[i].name, cases[i].value, "");
		if (trials_read(path, keep, &seen, &error) != -1)
			fail_msg("case %zu was read", i);
		snprintf(want, sizeof(want), "%s:%s", path,
			cases[i].line_and_what);
		assert_string_equal(error.text, want);
	}
	assert_int_equal(seen.rows, 0);
}

/* Eight launches of 130 rounds, and one more row. */
#define TURNS 1040

struct turn {
	uint64_t launch, round;
	const char *variant, *status;
	bool refused;
};

static void write_turns(const struct turn *last)
{
	struct csv_writer writer;
	struct trial trial = {.schema_version = RECORD_SCHEMA_VERSION,
		.cell = "cell",
		.ns_per_op = 1};

	unlink(path);
	assert_int_equal(csv_writer_create(&writer, path, trial_header), 0);
	for (uint64_t i = 0; i <= TURNS; i++) {
		bool more = i == TURNS;

		trial.launch = more ? last->launch : i / 130;
		trial.round = more ? last->round : i % 130;
		strcpy(trial.variant, more ? last->variant : "none");
		strcpy(trial.status, more ? last->status : "ok");
		assert_int_equal(trial_write(&writer, &trial), 0);
	}
	assert_int_equal(csv_writer_close(&writer), 0);
}

/* A turn that is there twice, however far apart, and what is no second row. */
static void test_second_row(void **state)
{
	static const struct turn cases[] = {
		{0, 0, "none", "ok", true},
		{0, 63, "none", "ok", true},
		{0, 64, "none", "ok", true},
		{7, 129, "none", "ok", true},
		{7, 130, "none", "ok", false},
		{8, 0, "none", "ok", false},
		{0, 0, "tls", "ok", false},
		{0, 0, "none", "crashed", false},
	};
	struct error error;
	char want[700];

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		const struct turn *turn = &cases[i];
		struct seen seen = {0};

		write_turns(turn);
		assert_int_equal(trials_read(path, keep, &seen, &error),
			turn->refused ? -1 : 0);
		assert_int_equal(seen.rows, TURNS + !turn->refused);
		if (!turn->refused)
			continue;
		snprintf(want, sizeof(want),
			"%s:%d:round: a second row of round %d of launch %d, "
			"variant none, as in line %d",
			path, TURNS + 2, (int)turn->round, (int)turn->launch,
			(int)(turn->launch * 130 + turn->round + 2));
		assert_string_equal(error.text, want);
	}
}

static void test_missing_column(void **state)
{
	struct seen seen = {0};
	struct error error;

	(void)state;
	write_row("ops", "1", "placement");
	assert_int_equal(trials_read(path, keep, &seen, &error), -1);
	check_contains(error.text, "a.csv:1:39: no column \"placement\"");
}

static void test_torn_line(void **state)
{
	struct seen seen = {0};
	struct error error;
	char *text;

	(void)state;
	write_row("ops", "1", "");
	text = check_read_file(path);
	for (size_t cut = 0; cut < 20; cut++) {
		FILE *file = fopen(path, "w");

		assert_non_null(file);
		fprintf(file, "%sx,1,,t%.*s", text, (int)cut,
			"ext,1,1,ok,1,1,1,1,1,1,1");
		assert_int_equal(fclose(file), 0);
		seen.rows = 0;
		if (trials_read(path, keep, &seen, &error) != 0)
			fail_msg("%s", error.text);
		assert_int_equal(seen.rows, 1);
	}
	free(text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_header),
		FILE_TEST(test_round_trip),
		FILE_TEST(test_any_order),
		FILE_TEST(test_errors),
		FILE_TEST(test_second_row),
		FILE_TEST(test_missing_column),
		FILE_TEST(test_torn_line),
	};

	return cmocka_run_group_tests_name("trials", tests, NULL, NULL);
}
