// SPDX-License-Identifier: MIT
//
// serialbench certify.
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "certificate_record.h"
#include "certify_options.h"
#include "clock.h"
#include "commands.h"
#include "environment.h"
#include "run_files.h"
#include "stop.h"

/* What is written where. */
struct places {
	char directory[CERTIFICATE_PATH]; /* of this certificate */
	char experiments[CERTIFICATE_PATH + 32];
	char own[CERTIFICATE_PATH + 32]; /* certificate.json in it */
	char kept[CERTIFICATE_PATH]; /* where later runs look */
	char kept_experiments[CERTIFICATE_PATH];
};

static int fail_at(struct error *error, const char *option, const char *path)
{
	return error_set(error,
		"--%s %s: %s; a certificate needs a directory that can be "
		"written",
		option, path, error_reason(errno));
}

/* A new directory by the time, below those where later runs look. */
static void name_directory(const char *certificates, struct places *places)
{
	char stamp[32];
	time_t now = time(NULL);
	struct tm utc;

	gmtime_r(&now, &utc);
	strftime(stamp, sizeof(stamp), "%Y%m%dT%H%M%SZ", &utc);
	snprintf(places->directory, sizeof(places->directory), "%.4000s/%s",
		certificates, stamp);
}

static int make_directories(const struct certify_options *options,
	struct places *places, struct error *error)
{
	if (options->out != NULL) {
		snprintf(places->directory, sizeof(places->directory), "%s",
			options->out);
		if (mkdir(options->out, 0777) != 0)
			return fail_at(error, "out", options->out);
	}
	if (run_make_folders(options->certificates) != 0) {
		fail_at(error, "certificates", options->certificates);
		if (options->out != NULL)
			rmdir(options->out);
		return -1;
	}
	if (options->out != NULL)
		return 0;
	name_directory(options->certificates, places);
	return mkdir(places->directory, 0777) == 0
		? 0
		: fail_at(error, "certificates", places->directory);
}

static int make_places(const struct certify_options *options,
	const struct topology *topology, struct places *places,
	struct error *error)
{
	char machine[CERTIFICATE_ID];

	if (make_directories(options, places, error) != 0)
		return -1;
	certificate_machine(topology, machine);
	certificate_path(places->kept, options->certificates, machine);
	certificate_experiments(
		places->kept_experiments, options->certificates, machine);
	snprintf(places->own, sizeof(places->own), "%s/certificate.json",
		places->directory);
	snprintf(places->experiments, sizeof(places->experiments),
		"%s/experiments.csv", places->directory);
	return 0;
}

/* All parts. 0, or -1 with error. */
static int run_parts_of(struct certify *certify, struct error *error)
{
	unsigned pus = topology_pu_count(certify->place.topology);
	unsigned most = pus < CERTIFY_THREADS ? pus : CERTIFY_THREADS;

	for (unsigned threads = 1; threads <= most; threads++)
		if (certify_relay(certify, threads, false, error) != 0)
			return -1;
	if (certify_wrong_design(certify, error) != 0)
		return -1;
	for (unsigned threads = 1; threads <= most; threads++)
		if (certify_layout(certify, threads, error) != 0)
			return -1;
	for (unsigned threads = 1; threads <= most; threads++)
		if (certify_slowdowns(certify, threads, error) != 0)
			return -1;
	if (most > 1 && certify_uneven(certify, error) != 0)
		return -1;
	if (certify_weigh(certify, error) != 0 ||
		certify_stalls(certify, error) != 0)
		return -1;
	for (unsigned threads = 1;
		threads <= most && certify->design.busy_experiments > 0;
		threads++)
		if (certify_relay(certify, threads, true, error) != 0)
			return -1;
	return 0;
}

/* In its own directory and where later runs look, whole or not at all. */
static int keep(const struct certify *certify,
	const struct certificate_subject *subject,
	const struct certify_options *options, const struct places *places,
	uint64_t start_unix_ns, struct error *error)
{
	json_t *record = certificate_record(certify, subject,
		plan_preset_name(options->preset), options->seed,
		start_unix_ns);
	int result = 0;

	if (environment_write_record(record, places->own) != 0)
		result = fail_at(error, "out", places->own);
	else if (certificate_copy(
			 places->experiments, places->kept_experiments) != 0)
		result = fail_at(
			error, "certificates", places->kept_experiments);
	else if (environment_write_record(record, places->kept) != 0)
		result = fail_at(error, "certificates", places->kept);
	if (result == 0)
		printf("\n%s\n", certificate_line(record));
	json_decref(record);
	return result;
}

static int make_certificate(struct certify *certify,
	const struct certificate_subject *subject,
	const struct certify_options *options, const struct places *places)
{
	uint64_t start_unix_ns = clock_ns(CLOCK_REALTIME);
	struct error error;
	int result;

	if (csv_writer_create(&certify->experiments, places->experiments,
		    CERTIFY_EXPERIMENTS_HEADER) != 0) {
		fail_at(&error, "out", places->experiments);
		command_refuse("certify", error.text);
		rmdir(places->directory);
		return EXIT_WRONG_USE;
	}
	stop_catch();
	result = run_parts_of(certify, &error);
	if (csv_writer_close(&certify->experiments) != 0 && result == 0)
		result = fail_at(&error, "out", places->experiments);
	if (result == 0) {
		certify_print(&certify->findings, stdout);
		result = keep(certify, subject, options, places, start_unix_ns,
			&error);
	}
	if (result != 0) {
		command_refuse("certify", error.text);
		return stop_asked ? stop_exit_code() : EXIT_FAILED_CELLS;
	}
	printf("Certificate: %s\nLater runs read: %s\n", places->own,
		places->kept);
	return certify_judge(&certify->findings, stderr) == 0
		? EXIT_DONE
		: EXIT_FAILED_CELLS;
}

int command_certify(int argc, char **argv)
{
	static struct certify certify;
	static struct places places;
	struct certify_options options;
	struct topology *topology = NULL;
	struct certificate_subject subject;
	struct error error;
	int result = certify_options_read(&options, argc, argv, &error);

	if (result != 0)
		return result < 0 ? command_refuse("certify", error.text)
				  : EXIT_DONE;
	if (topology_create(&topology, NULL, &error) != 0)
		return command_refuse("certify", error.text);
	certify.design = options.design;
	certify.place = (struct certify_place){
		.topology = topology,
		.pin = options.pin,
		.deadline_ns = options.deadline_ns,
		.seed = options.seed,
	};
	if (certificate_subject(&subject, &error) != 0 ||
		allocator_find(&certify.place.allocator, "system", &error) !=
			0 ||
		make_places(&options, topology, &places, &error) != 0)
		result = command_refuse("certify", error.text);
	else
		result =
			make_certificate(&certify, &subject, &options, &places);
	topology_destroy(topology);
	return result;
}
