// SPDX-License-Identifier: MIT
#include "environment.h"

#include <errno.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "clock.h"
#include "json_values.h"
#include "lane_spec.h"
#include "perf_counters.h"
#include "toolchain.h"

/* The first line of a small file, without its line end; NULL where it cannot
 * be read. */
static const char *first_line(const char *path, char *text, int size)
{
	FILE *file = fopen(path, "re");
	char *line = file == NULL ? NULL : fgets(text, size, file);

	if (file != NULL)
		fclose(file);
	if (line != NULL)
		line[strcspn(line, "\n")] = '\0';
	return line;
}

static void set_text(
	json_t *object, const char *name, const char *text, const char *why)
{
	char reason[64];

	json_object_set_new(object, name,
		text != NULL ? json_text_or_question(text) : json_null());
	if (text != NULL)
		return;
	snprintf(reason, sizeof(reason), "%s_why", name);
	json_object_set_new(object, reason, json_string(why));
}

static void set_file(json_t *object, const char *name, const char *path)
{
	char text[256], why[320];
	const char *line = first_line(path, text, sizeof(text));

	snprintf(why, sizeof(why), "%s: %s", path, error_reason(errno));
	set_text(object, name, line, why);
}

/* A "key : value" line of /proc/cpuinfo. */
static void set_cpu_model(json_t *object)
{
	FILE *file = fopen("/proc/cpuinfo", "re");
	char line[256], *model = NULL;

	while (file != NULL && model == NULL &&
		fgets(line, sizeof(line), file) != NULL)
		if (strncmp(line, "model name", 10) == 0)
			model = strchr(line, ':');
	if (file != NULL)
		fclose(file);
	if (model != NULL) {
		model += 2;
		model[strcspn(model, "\n")] = '\0';
	}
	set_text(object, "cpu_model_name", model, "not in /proc/cpuinfo");
}

static json_t *host_record(const struct topology *topology)
{
	json_t *host = json_object();
	struct utsname name;
	char text[256];

	uname(&name);
	/* pyperf's spellings where it has them. */
	set_text(host, "hostname", name.nodename, "");
	snprintf(text, sizeof(text), "%s-%s-%s", name.sysname, name.release,
		name.machine);
	set_text(host, "platform", text, "");
	set_cpu_model(host);
	json_object_set_new(host, "cpu_count",
		json_integer((json_int_t)topology_pu_count(topology)));
	topology_summary(topology, text, sizeof(text));
	set_text(host, "topology", text, "");
	set_file(host, "boot_id", "/proc/sys/kernel/random/boot_id");
	set_file(host, "load_avg", "/proc/loadavg");
	set_file(host, "aslr", "/proc/sys/kernel/randomize_va_space");
	set_file(host, "cpu_governor",
		"/sys/devices/system/cpu/cpu0/cpufreq/scaling_governor");
	set_file(host, "transparent_hugepage",
		"/sys/kernel/mm/transparent_hugepage/enabled");
	set_file(host, "clock_source",
		"/sys/devices/system/clocksource/clocksource0/"
		"current_clocksource");
	set_file(host, "hypervisor", "/sys/hypervisor/type");
	return host;
}

static json_t *toolchain_record(void)
{
	json_t *tools = json_object();

	set_text(tools, "compiler", TOOLCHAIN_COMPILER, "");
	set_text(tools, "build_type", TOOLCHAIN_BUILD_TYPE, "");
	set_text(tools, "optimization", TOOLCHAIN_OPTIMIZATION, "");
	set_text(tools, "sanitizer", TOOLCHAIN_SANITIZER, "");
	set_text(tools, "lto", TOOLCHAIN_LTO, "");
	set_text(tools, "meson", TOOLCHAIN_MESON, "");
	return tools;
}

/* Whether cycles can be counted here, and if not, why. */
static void set_counters(json_t *meta)
{
	struct perf_group group;
	char reason[PERF_TEXT];

	if (perf_open(&group) == 0) {
		set_text(meta, "hardware_counters", "counters.csv", "");
	} else {
		perf_reason(reason, group.error);
		set_text(meta, "hardware_counters", NULL, reason);
	}
	perf_close(&group);
}

static bool is_traced(void)
{
	FILE *file = fopen("/proc/self/status", "re");
	char line[128];
	bool traced = false;

	while (file != NULL && fgets(line, sizeof(line), file) != NULL)
		if (strncmp(line, "TracerPid:", 10) == 0)
			traced = atoi(line + 10) != 0;
	if (file != NULL)
		fclose(file);
	return traced;
}

static json_t *allocator_record(const struct allocator *allocator)
{
	json_t *record = json_object();

	set_text(record, "name", allocator->name, "");
	set_text(record, "preloaded",
		allocator->library[0] != '\0' ? allocator->library : NULL,
		"the C library's own malloc");
	set_text(
		record, "malloc_is_in", allocator->identity.allocator_path, "");
	set_text(record, "version", allocator->identity.allocator_version, "");
	return record;
}

static json_t *allocator_records(const struct plan_request *request)
{
	json_t *list = json_array();

	for (size_t i = 0; i < request->allocator_count; i++)
		json_array_append_new(
			list, allocator_record(&request->allocators[i]));
	return list;
}

static json_t *peer_records(const struct plan_request *request)
{
	json_t *list = json_array();

	for (size_t i = 0; i < request->peer_count; i++) {
		const struct allocator *peer = &request->peers[i].allocator;
		json_t *record = allocator_record(peer);
		json_t *variables = json_array();

		for (const char *text = peer->variables; *text != '\0';
			text += strlen(text) + 1)
			json_array_append_new(variables, json_string(text));
		json_object_set_new(record, "environment", variables);
		json_array_append_new(list, record);
	}
	return list;
}

static void set_chosen_rounds(json_t *plan)
{
	json_object_set_new(plan, "rounds_of_a_launch", json_null());
	json_object_set_new(plan, "rounds_of_a_launch_why",
		json_string("the pilot chose them for each cell: pilot.csv"));
}

/* What each lane is, so that no reader has to know it by its name. */
static json_t *lanes_record(const struct plan_request *request)
{
	json_t *lanes = json_array();

	for (size_t i = 0; i < request->variant_count; i++) {
		const struct alloc_backend *lane = request->variants[i];

		json_array_append_new(lanes,
			json_pack("{s:s, s:s, s:s, s:I, s:b, s:b, s:b}", "name",
				lane->variant, "role",
				lane_role_name(lane->role), "serial_scheme",
				lane->serial_scheme, "serial_bytes",
				(json_int_t)lane->serial_bytes,
				"numbers_blocks", lane->numbers_blocks,
				"allocates", lane->allocates, "wraps",
				/* A ledger's part says it in its worker. */
				lane->bytes_added != NULL &&
					lane->bytes_added(1, 0) > 0));
	}
	return lanes;
}

json_t *dropped_record(const struct plan *plan)
{
	json_t *list = json_array();

	for (size_t i = 0; i < plan->cell_count; i++)
		if (plan->cells[i].dropped)
			json_array_append_new(
				list, json_string(plan->cells[i].name));
	return list;
}

static json_t *plan_record(const struct environment_run *run)
{
	const struct plan_request *request = run->plan->request;
	json_t *plan = json_object(), *variants = json_array();
	json_t *cells = json_array();
	char shard[32];

	for (size_t i = 0; i < request->variant_count; i++)
		json_array_append_new(
			variants, json_string(request->variants[i]->variant));
	json_object_set_new(plan, "preset",
		json_string(plan_preset_name(run->options->preset)));
	json_object_set_new(plan, "variants", variants);
	json_object_set_new(plan, "lanes", lanes_record(request));
	for (size_t i = 0; i < run->plan->cell_count; i++)
		json_array_append_new(
			cells, json_string(run->plan->cells[i].name));
	json_object_set_new(plan, "cell_names", cells);
	json_object_set_new(
		plan, "files", plan_sources_record(run->plan->sources));
	json_object_set_new(plan, "plan_id", json_string(run->plan_id));
	snprintf(shard, sizeof(shard), "%u/%u", run->options->shard,
		run->options->shards);
	if (run->options->shards > 0)
		json_object_set_new(plan, "shard", json_string(shard));
#define SET_COUNT(name, value)                                                 \
	json_object_set_new(plan, name, json_integer((json_int_t)(value)))
	SET_COUNT("cells", run->plan->cell_count);
	SET_COUNT("launches_of_a_cell", request->launches);
	SET_COUNT("extra_launches_of_a_cell", request->extra_launches);
	SET_COUNT("control_spacing", request->control_spacing);
	if (request->rounds > 0)
		SET_COUNT("rounds_of_a_launch", request->rounds);
	else
		set_chosen_rounds(plan);
	SET_COUNT("turn_us", request->turn_us);
	SET_COUNT("seed", request->seed);
	SET_COUNT("launches_done", run->launches_done);
	SET_COUNT("launches_failed", run->launches_failed);
	SET_COUNT("launches_extra", run->launches_extra);
	SET_COUNT("rounds_done", run->rounds);
	SET_COUNT("rounds_excluded", run->rounds_excluded);
#undef SET_COUNT
	json_object_set_new(plan, "pinned", json_boolean(request->pin));
	json_object_set_new(plan, "micro", json_boolean(run->options->micro));
	json_object_set_new(plan, "exec", json_boolean(run->options->exec));
	json_object_set_new(plan, "exec_command",
		run->options->exec ? json_string(REAL_PROGRAM_VARIABLES
					     " " REAL_PROGRAM_COMMAND)
				   : json_null());
	json_object_set_new(
		plan, "latency", json_boolean(run->options->latency));
	json_object_set_new(plan, "stopped_early", json_boolean(run->stopped));
	json_object_set_new(plan, "partial", partial_record(&run->partial));
	json_object_set_new(plan, "time_budget_s",
		run->options->budget_s > 0
			? json_integer((json_int_t)run->options->budget_s)
			: json_null());
	json_object_set_new(
		plan, "time_budget_spent", json_boolean(run->budget_spent));
	json_object_set_new(plan, "cells_dropped", dropped_record(run->plan));
	json_object_set_new(plan, "exclusion_rule",
		json_string("a round with a preempted turn or a stolen tick is "
			    "left out whole, unless less than half of its "
			    "launch would remain"));
	return plan;
}

json_t *partial_record(const struct error *partial)
{
	/* A path may be no UTF-8. */
	return partial->text[0] != '\0' ? json_text_or_question(partial->text)
					: json_null();
}

int environment_write_record(const json_t *meta, const char *path)
{
	char temporary[4200];
	int result = -1, reason;

	snprintf(temporary, sizeof(temporary), "%s.new", path);
	if (json_dump_file(meta, temporary, JSON_INDENT(2)) == 0)
		result = rename(temporary, path);
	reason = errno;
	if (result != 0)
		unlink(temporary);
	errno = reason;
	return result;
}

static void set_certificate(json_t *meta, const struct environment_run *run)
{
	json_object_set_new(meta, "certificate",
		run->certificate != NULL ? json_incref(run->certificate)
					 : json_null());
	if (run->certificate == NULL)
		json_object_set_new(meta, "certificate_why",
			json_text_or_question(run->no_certificate.text));
}

int environment_write(const struct environment_run *run, const char *path)
{
	json_t *meta = json_object();
	int result;

	json_object_set_new(
		meta, "schema_version", json_integer(RECORD_SCHEMA_VERSION));
	json_object_set_new(meta, "run_id", json_string(run->run_id));
	json_object_set_new(meta, "build_id",
		json_string(
			run->plan->request->allocators[0].identity.build_id));
	json_object_set_new(meta, "start_unix_ns",
		json_integer((json_int_t)run->start_unix_ns));
	json_object_set_new(meta, "resumed_unix_ns",
		run->resumed != NULL ? json_incref(run->resumed)
				     : json_array());
	json_object_set_new(meta, "end_unix_ns",
		run->end_unix_ns != 0
			? json_integer((json_int_t)run->end_unix_ns)
			: json_null());
	if (run->end_unix_ns == 0)
		json_object_set_new(meta, "end_unix_ns_why",
			json_string("the run has not ended"));
	json_object_set_new(meta, "traced", json_boolean(is_traced()));
	set_counters(meta);
	set_certificate(meta, run);
	json_object_set_new(meta, "host", host_record(run->topology));
	json_object_set_new(meta, "toolchain", toolchain_record());
	json_object_set_new(
		meta, "allocators", allocator_records(run->plan->request));
	json_object_set_new(meta, "peers", peer_records(run->plan->request));
	json_object_set_new(meta, "plan", plan_record(run));
	result = environment_write_record(meta, path);
	json_decref(meta);
	return result;
}

double environment_clock_ns(void)
{
	enum { READS = 100000 };
	uint64_t start = clock_now();

	for (int i = 0; i < READS; i++)
		clock_now();
	return (double)(clock_now() - start) / READS;
}
