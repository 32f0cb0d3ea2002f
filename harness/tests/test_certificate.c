// SPDX-License-Identifier: MIT
//
// A certificate is found by machine, workers and design; any other, and a
// damaged one, is refused by one line that says why and what to do.
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "certificate_record.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static const struct certificate_subject subject = {
	.workers = "0123456789abcdef", .design = "1: as ever"};

static struct topology *topology;
static char folder[] = "/tmp/serialbench-certificate-XXXXXX";
static char path[CERTIFICATE_PATH], machine[CERTIFICATE_ID];

static int set_up(void **state)
{
	struct error error;

	(void)state;
	if (mkdtemp(folder) == NULL ||
		topology_create(&topology, NULL, &error) != 0)
		return -1;
	certificate_machine(topology, machine);
	certificate_path(path, folder, machine);
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	unlink(path);
	rmdir(folder);
	topology_destroy(topology);
	return 0;
}

/* A real one, of findings that are all zero but for what is looked at. */
static json_t *sample(void)
{
	static struct certify certify;
	const struct certify_estimate order = {
		.ratio = 0.99, .low = 1 / 1.03, .high = 1.01};

	certify.place.topology = topology;
	certify.findings.relay_count = certify.findings.curve_count = 2;
	certify.findings.relay[0] = (struct certify_false_positives){
		.experiments = 200, .found = 7, .nominal = 0.0428};
	certify.findings.relay[1] = (struct certify_false_positives){
		.experiments = 200, .found = 9, .nominal = 0.0428};
	certify.findings.curves[0] =
		(struct certify_curve){.smallest = 0.02, .seconds = 1.25};
	certify.findings.curves[1] =
		(struct certify_curve){.smallest = 0.05, .seconds = 2};
	certify.findings.layout_count = 1;
	for (size_t i = 0; i < LINK_ORDERS; i++)
		certify.findings.layout[0].orders[i] = order;
	return certificate_record(&certify, &subject, "standard", 1, 2);
}

static void found(void **state)
{
	struct error why = {0};
	json_t *record = sample(), *got;

	(void)state;
	assert_int_equal(json_dump_file(record, path, 0), 0);
	got = certificate_find(folder, topology, &subject, &why);
	if (got == NULL)
		fail_msg("%s", why.text);
	assert_true(json_equal(got, record));
	/* The worst of the thread counts, in false positives and in size. */
	assert_string_equal(certificate_line(got),
		"false positives 4.5 % (nominal 4.28), sees 5 % in 2 s, "
		"layout up to 3 %; not all of it holds");
	assert_true(fabs(certificate_margin(got, 0.02) - 0.05) < 1e-12);
	assert_true(fabs(certificate_margin(got, 0.08) - 0.08) < 1e-12);
	assert_true(fabs(certificate_margin(NULL, 0.02) - 0.02) < 1e-12);
	json_decref(got);
	json_decref(record);
}

/* The commit is for information: another one makes no other certificate. */
static void of_another_commit(void **state)
{
	struct error why = {0};
	json_t *record = sample(), *got;

	(void)state;
	json_object_set_new(record, "build_id", json_string("ba9876543210"));
	assert_int_equal(json_dump_file(record, path, 0), 0);
	got = certificate_find(folder, topology, &subject, &why);
	if (got == NULL)
		fail_msg("%s", why.text);
	json_decref(got);
	json_decref(record);
}

static void refused(void **state)
{
	static const struct {
		const char *member, *value; /* as JSON; NULL: removed */
		const char *why;
	} cases[] = {
		{"schema_version", "1", "schema_version"},
		{"schema_version", NULL, "schema_version"},
		{"machine_id", NULL, "machine_id"},
		{"machine_id", "\"0000000000000000\"",
			"is of machine 0000000000000000"},
		{"workers", "\"fedcba9876543210\"",
			"is of workers fedcba9876543210, and this is "
			"0123456789abcdef"},
		{"workers", NULL, "workers"},
		{"experiment_design", "\"0: once\"",
			"is of the design 0: once"},
		{"experiment_design", NULL, "experiment_design"},
		{"build_id", "7", "build_id"},
		{"line", "\"\"", "line"},
		{"line", "\"two\\nlines\"", "line"},
		{"line", NULL, "line"},
		{"smallest_effect", "null", "smallest_effect"},
		{"smallest_effect", "0", "smallest_effect"},
		{"smallest_effect", "-0.02", "smallest_effect"},
		{"smallest_effect", "\"0.02\"", "smallest_effect"},
		{"holds", "1", "holds"},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct error why = {0};
		json_t *record = sample();
		json_t *got;

		if (cases[i].value == NULL)
			json_object_del(record, cases[i].member);
		else
			json_object_set_new(record, cases[i].member,
				json_loads(
					cases[i].value, JSON_DECODE_ANY, NULL));
		assert_int_equal(json_dump_file(record, path, 0), 0);
		got = certificate_find(folder, topology, &subject, &why);
		if (got != NULL || strstr(why.text, cases[i].why) == NULL ||
			strstr(why.text, path) == NULL ||
			strstr(why.text, "serialbench certify") == NULL ||
			strchr(why.text, '\n') != NULL)
			fail_msg("%s = %s: %s '%s'", cases[i].member,
				cases[i].value, got != NULL ? "taken" : "",
				why.text);
		json_decref(record);
	}
}

/* Cut off at every place, and not there at all. */
static void cut_off(void **state)
{
	struct error why;
	json_t *record = sample();
	char *text = json_dumps(record, 0);
	size_t length = strlen(text);

	(void)state;
	for (size_t i = 0; i < length; i += 1 + i / 16) {
		FILE *file = fopen(path, "we");

		assert_non_null(file);
		assert_int_equal(fwrite(text, 1, i, file), i);
		fclose(file);
		why.text[0] = '\0';
		if (certificate_find(folder, topology, &subject, &why) !=
				NULL ||
			strstr(why.text, path) == NULL ||
			strchr(why.text, '\n') != NULL)
			fail_msg("cut at %zu: '%s'", i, why.text);
	}
	free(text);
	json_decref(record);
	unlink(path);
	assert_null(certificate_find(folder, topology, &subject, &why));
	assert_string_equal(why.text,
		"no certificate for this machine: run `serialbench certify`");
}

static void beside_the_runs(void **state)
{
	static const char *const cases[][2] = {
		{"results/runs", "results/certificates"},
		{"/a/b/runs//", "/a/b/certificates"},
		{"runs", "certificates"},
		{"/runs", "/certificates"},
	};
	char got[CERTIFICATE_PATH];

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		certificate_folder(got, cases[i][0]);
		assert_string_equal(got, cases[i][1]);
	}
}

/* The same from call to call, and another for another topology. */
static void machines_differ(void **state)
{
	char again[CERTIFICATE_ID], other[CERTIFICATE_ID];
	struct error error;
	struct topology *made;

	(void)state;
	certificate_machine(topology, again);
	assert_string_equal(again, machine);
	assert_int_equal(strlen(machine), CERTIFICATE_ID - 1);
	assert_int_equal(
		topology_create(&made, "numa:2 l3:3 core:5 pu:2", &error), 0);
	certificate_machine(made, other);
	topology_destroy(made);
	assert_string_not_equal(other, machine);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(found),
		cmocka_unit_test(of_another_commit),
		cmocka_unit_test(refused),
		cmocka_unit_test(cut_off),
		cmocka_unit_test(beside_the_runs),
		cmocka_unit_test(machines_differ),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
