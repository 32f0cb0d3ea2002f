// SPDX-License-Identifier: MIT
#include "certificate.h"

#include <errno.h>
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <string.h>
#include <sys/utsname.h>
#include <unistd.h>

static void hash_text(uint64_t *hash, const char *text)
{
	for (; *text != '\0'; text++)
		*hash = (*hash ^ (unsigned char)*text) * 0x100000001b3u;
	*hash = (*hash ^ '\n') * 0x100000001b3u;
}

/* A line of /proc/cpuinfo that names the processor, not its speed now. */
static void hash_processor(uint64_t *hash)
{
	static const char *const keys[] = {
		"vendor_id", "cpu family", "model", "stepping", "cache size"};
	FILE *file = fopen("/proc/cpuinfo", "re");
	char line[512];

	/* The first processor's lines end with an empty one. */
	while (file != NULL && fgets(line, sizeof(line), file) != NULL &&
		line[0] != '\n')
		for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++)
			if (strncmp(line, keys[i], strlen(keys[i])) == 0)
				hash_text(hash, line);
	if (file != NULL)
		fclose(file);
}

void certificate_machine(
	const struct topology *topology, char id[CERTIFICATE_ID])
{
	uint64_t hash = 0xcbf29ce484222325u;
	struct utsname name;
	char text[256];

	uname(&name);
	hash_text(&hash, name.machine);
	hash_processor(&hash);
	topology_summary(topology, text, sizeof(text));
	hash_text(&hash, text);
	/* In GiB: the kernel's own part differs from boot to boot. */
	snprintf(text, sizeof(text), "%ld",
		(long)(((uint64_t)sysconf(_SC_PHYS_PAGES) *
				       (uint64_t)sysconf(_SC_PAGESIZE) +
			       (1u << 29)) >>
			30));
	hash_text(&hash, text);
	snprintf(id, CERTIFICATE_ID, "%016" PRIx64, hash);
}

void certificate_path(
	char path[CERTIFICATE_PATH], const char *folder, const char *machine)
{
	snprintf(path, CERTIFICATE_PATH, "%.4000s/%s.json", folder, machine);
}

void certificate_experiments(
	char path[CERTIFICATE_PATH], const char *folder, const char *machine)
{
	snprintf(path, CERTIFICATE_PATH, "%.4000s/%s.csv", folder, machine);
}

/* 0, or -1 with errno. */
static int copy_bytes(FILE *from, FILE *to)
{
	char bytes[16384];
	size_t count;

	while ((count = fread(bytes, 1, sizeof(bytes), from)) > 0)
		if (fwrite(bytes, 1, count, to) != count)
			return -1;
	return ferror(from) ? -1 : 0;
}

int certificate_copy(const char *from, const char *to)
{
	char temporary[CERTIFICATE_PATH + 8];
	FILE *in = fopen(from, "re"), *out;
	int result = -1, reason;

	if (in == NULL)
		return -1;
	snprintf(temporary, sizeof(temporary), "%s.new", to);
	out = fopen(temporary, "we");
	if (out != NULL) {
		result = copy_bytes(in, out);
		if (fclose(out) != 0)
			result = -1;
		if (result == 0)
			result = rename(temporary, to);
		reason = errno;
		if (result != 0)
			unlink(temporary);
		errno = reason;
	}
	fclose(in);
	return result;
}

void certificate_folder(char folder[CERTIFICATE_PATH], const char *runs)
{
	int length = (int)strlen(runs);

	while (length > 1 && runs[length - 1] == '/')
		length--;
	while (length > 0 && runs[length - 1] != '/')
		length--;
	snprintf(folder, CERTIFICATE_PATH, "%.*scertificates",
		length < 4000 ? length : 4000, runs);
}

const char *certificate_line(const json_t *certificate)
{
	return json_string_value(json_object_get(certificate, "line"));
}

double certificate_margin(const json_t *certificate, double margin)
{
	double smallest = json_number_value(
		json_object_get(certificate, "smallest_effect"));

	return fmax(margin, smallest);
}

double certificate_widen(
	const char *command, const char *run, const json_t *meta, double limit)
{
	double least =
		certificate_margin(json_object_get(meta, "certificate"), limit);

	if (least > limit)
		fprintf(stderr,
			"serialbench %s: %s: its machine sees nothing below "
			"%.3g %%, which takes the place of %.3g %%\n",
			command, run, 100 * least, 100 * limit);
	return least;
}

/* What later runs rely on. NULL, or the member that is missing or wrong. */
static const char *find_damage(const json_t *certificate)
{
	static const char *const texts[] = {
		"machine_id", "workers", "experiment_design", "build_id"};
	const json_t *smallest =
		json_object_get(certificate, "smallest_effect");
	const char *line = certificate_line(certificate);
	double size = json_number_value(smallest);

	if (json_integer_value(json_object_get(
		    certificate, "schema_version")) != CERTIFICATE_SCHEMA)
		return "schema_version";
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
		if (!json_is_string(json_object_get(certificate, texts[i])))
			return texts[i];
	if (line == NULL || line[0] == '\0' || strchr(line, '\n') != NULL)
		return "line";
	if (!json_is_number(smallest) || !(size > 0))
		return "smallest_effect";
	if (!json_is_boolean(json_object_get(certificate, "holds")))
		return "holds";
	return NULL;
}

static int check(const json_t *certificate, const char *path,
	const char *machine, const struct certificate_subject *subject,
	struct error *why)
{
	const struct {
		const char *member, *of, *own;
	} wanted[] = {
		{"machine_id", "machine", machine},
		{"workers", "workers", subject->workers},
		{"experiment_design", "the design", subject->design},
	};
	const char *damage = find_damage(certificate);

	if (damage != NULL) {
		return error_set(why,
			"%s: \"%s\" is missing or not as certify writes "
			"it: run `serialbench certify`",
			path, damage);
	}
	for (size_t i = 0; i < sizeof(wanted) / sizeof(wanted[0]); i++) {
		const char *text = json_string_value(
			json_object_get(certificate, wanted[i].member));

		if (strcmp(text, wanted[i].own) == 0)
			continue;
		return error_set(why,
			"%s: is of %s %s, and this is %s: run "
			"`serialbench certify`",
			path, wanted[i].of, text, wanted[i].own);
	}
	return 0;
}

int certificate_subject(
	struct certificate_subject *subject, struct error *error)
{
	snprintf(subject->design, sizeof(subject->design),
		"%d: turns of %d us, %d and %d rounds, error %g",
		CERTIFY_DESIGN_VERSION, CERTIFY_TURN_US, CERTIFY_ROUNDS,
		CERTIFY_PLANTED_ROUNDS, CERTIFY_ALPHA);
	return worker_digest(subject->workers, error);
}

json_t *certificate_find(const char *folder, const struct topology *topology,
	const struct certificate_subject *subject, struct error *why)
{
	char path[CERTIFICATE_PATH], machine[CERTIFICATE_ID];
	json_error_t error;
	json_t *certificate;

	certificate_machine(topology, machine);
	certificate_path(path, folder, machine);
	if (access(path, F_OK) != 0) {
		error_set(why,
			"no certificate for this machine: run `serialbench "
			"certify`");
		return NULL;
	}
	certificate = json_load_file(path, 0, &error);
	if (certificate == NULL) {
		error_set(why, "%s:%d: %s: run `serialbench certify`", path,
			error.line, error.text);
		return NULL;
	}
	if (check(certificate, path, machine, subject, why) == 0)
		return certificate;
	json_decref(certificate);
	return NULL;
}
