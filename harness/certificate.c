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

/* What later runs rely on. NULL, or the member that is missing or wrong. */
static const char *find_damage(const json_t *certificate)
{
	const json_t *smallest =
		json_object_get(certificate, "smallest_effect");
	const char *line = certificate_line(certificate);
	double size = json_number_value(smallest);

	if (json_integer_value(json_object_get(
		    certificate, "schema_version")) != CERTIFICATE_SCHEMA)
		return "schema_version";
	if (json_string_value(json_object_get(certificate, "machine_id")) ==
		NULL)
		return "machine_id";
	if (json_string_value(json_object_get(certificate, "build_id")) == NULL)
		return "build_id";
	if (line == NULL || line[0] == '\0' || strchr(line, '\n') != NULL)
		return "line";
	if (!json_is_number(smallest) || !(size > 0))
		return "smallest_effect";
	if (!json_is_boolean(json_object_get(certificate, "holds")))
		return "holds";
	return NULL;
}

static int check(const json_t *certificate, const char *path,
	const char *machine, const char *build_id, char why[CERTIFICATE_ERROR])
{
	const char *damage = find_damage(certificate);
	const char *text;

	if (damage != NULL) {
		snprintf(why, CERTIFICATE_ERROR,
			"%.300s: \"%s\" is missing or not as certify writes "
			"it: run `serialbench certify`",
			path, damage);
		return -1;
	}
	text = json_string_value(json_object_get(certificate, "machine_id"));
	if (strcmp(text, machine) != 0) {
		snprintf(why, CERTIFICATE_ERROR,
			"%.300s: is of machine %.40s, and this is %s: run "
			"`serialbench certify`",
			path, text, machine);
		return -1;
	}
	text = json_string_value(json_object_get(certificate, "build_id"));
	if (strcmp(text, build_id) == 0)
		return 0;
	snprintf(why, CERTIFICATE_ERROR,
		"%.300s: is of build %.60s, and this is %.60s: run "
		"`serialbench certify`",
		path, text, build_id);
	return -1;
}

json_t *certificate_find(const char *folder, const struct topology *topology,
	const char *build_id, char why[CERTIFICATE_ERROR])
{
	char path[CERTIFICATE_PATH], machine[CERTIFICATE_ID];
	json_error_t error;
	json_t *certificate;

	certificate_machine(topology, machine);
	certificate_path(path, folder, machine);
	if (access(path, F_OK) != 0) {
		snprintf(why, CERTIFICATE_ERROR,
			"no certificate for this machine: run `serialbench "
			"certify`");
		return NULL;
	}
	certificate = json_load_file(path, 0, &error);
	if (certificate == NULL) {
		snprintf(why, CERTIFICATE_ERROR,
			"%.300s:%d: %.200s: run `serialbench certify`", path,
			error.line, error.text);
		return NULL;
	}
	if (check(certificate, path, machine, build_id, why) == 0)
		return certificate;
	json_decref(certificate);
	return NULL;
}
