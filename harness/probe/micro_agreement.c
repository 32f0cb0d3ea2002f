// SPDX-License-Identifier: MIT
#include "micro_agreement.h"

#include <errno.h>
#include <fcntl.h>
#include <jansson.h>
#include <math.h>
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "metrics.h"
#include "program_path.h"

/* The cells that both can run, by name here and there. */
static const struct {
	const char *workload, *kernel, *argument;
} cells[] = {
	{"counter,work=0", "counter", "work:0"},
	{"pair,size=64", "pair", "size:64"},
};

#define CELLS (sizeof(cells) / sizeof(cells[0]))

static bool can_run(const struct plan *plan, const struct plan_cell *cell)
{
	const char *allocator = plan->request->allocators[cell->allocator].name;

	for (size_t i = 0; i < CELLS; i++)
		if (strcmp(cells[i].workload, cell->workload) == 0)
			return strcmp(allocator, "system") == 0 &&
				cell->placement == PLACEMENT_CORES;
	return false;
}

/* Adds to a list, or leaves it where it is full. */
static void append(
	char *list, size_t size, const char *separator, const char *item)
{
	if (strlen(list) + strlen(separator) + strlen(item) < size) {
		strcat(list, separator);
		strcat(list, item);
	}
}

/* "^(counter/(none|atomic)/work:0|…)/manual_time/threads:(1|2)$", or false
 * where no cell of the plan can be run. */
static bool make_filter(const struct plan *plan, char *filter, size_t size)
{
	char counts[128] = "", number[16], variants[256] = COMPARE_BASELINE;
	const struct plan_request *request = plan->request;
	bool any = false;

	for (size_t i = 0; i < plan->cell_count; i++) {
		if (!can_run(plan, &plan->cells[i]))
			continue;
		any = true;
		snprintf(number, sizeof(number), "%u", plan->cells[i].threads);
		append(counts, sizeof(counts), counts[0] != '\0' ? "|" : "",
			number);
	}
	for (size_t i = 0; i < request->variant_count; i++)
		if (request->variants[i]->numbers_blocks)
			append(variants, sizeof(variants), "|",
				request->variants[i]->variant);
	snprintf(filter, size,
		"--benchmark_filter=^(%s/(%s)/%s|%s/(%s)/%s)/manual_time/"
		"threads:(%s)$",
		cells[0].kernel, variants, cells[0].argument, cells[1].kernel,
		variants, cells[1].argument, counts);
	return any;
}

/* In the new process; does not come back. */
static void become_program(
	char *const *arguments, const char *program, pid_t runner)
{
	int null = open("/dev/null", O_WRONLY | O_CLOEXEC);

	/* Where the runner dies, it has to, now or before this line. */
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (null >= 0 && dup2(null, STDOUT_FILENO) >= 0 &&
		dup2(null, STDERR_FILENO) >= 0 && getppid() == runner)
		execv(program, arguments);
	_exit(127);
}

/* As waitpid() has it, or -1 with errno. */
static int run_micro_program(char *const *arguments, const char *program)
{
	pid_t runner = getpid(), pid;
	int status = -1;

	if (access(program, X_OK) != 0)
		return -1;
	pid = fork();
	if (pid == 0)
		become_program(arguments, program, runner);
	if (pid < 0)
		return -1;
	while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
		;
	return status;
}

int micro_measure(const struct plan *plan, const char *json, bool quick,
	struct error *error)
{
	char filter[1024], out[4200], program[4096];
	char *arguments[] = {(char *)"serialbench-micro", filter, out,
		(char *)"--benchmark_out_format=json",
		(char *)(quick ? "--benchmark_min_time=0.05"
			       : "--benchmark_min_time=0.2"),
		NULL};
	int status;

	if (!make_filter(plan, filter, sizeof(filter)))
		return 0;
	snprintf(out, sizeof(out), "--benchmark_out=%s", json);
	program_path(
		program, sizeof(program), PROGRAM_OWN, "serialbench-micro");
	status = run_micro_program(arguments, program);
	if (status == 0)
		return 0;
	return error_set(error,
		"%s: %s %d; the relay's results stand without it", program,
		status < 0 ? error_reason(errno) : "ended with status",
		status < 0 ? 0 : status);
}

/* ns per operation of one benchmark, or NaN. */
static double find_ns(const json_t *root, const char *kernel,
	const char *argument, const char *variant, unsigned threads)
{
	const json_t *list = json_object_get(root, "benchmarks"), *item;
	char name[256];
	size_t i;

	snprintf(name, sizeof(name), "%s/%s/%s/manual_time/threads:%u", kernel,
		variant, argument, threads);
	json_array_foreach(list, i, item)
	{
		const char *found =
			json_string_value(json_object_get(item, "name"));

		if (found != NULL && strcmp(found, name) == 0)
			return json_number_value(
				json_object_get(item, "wall_ns_per_op_median"));
	}
	return NAN;
}

/* Where both are written to. */
struct agreement {
	const json_t *root;
	struct csv_writer *metrics;
	FILE *out;
	bool begun; /* the table has a row */
};

static void print_agreement(struct agreement *agreement,
	const struct comparison *item, double ratio)
{
	char interval[64] = "[no interval]";

	if (!agreement->begun)
		fputs("Ratio over `none` by google-benchmark, by the relay, "
		      "and how far the first is from the second:\n",
			agreement->out);
	agreement->begun = true;
	if (!isnan(item->ci_low))
		snprintf(interval, sizeof(interval), "[%.3f, %.3f]",
			item->ci_low, item->ci_high);
	fprintf(agreement->out, "%s  %-8s %7.3f %7.3f %s %+8.1f %%\n",
		item->cell, item->variant, ratio, item->ratio, interval,
		100 * (ratio / item->ratio - 1));
}

static int write_agreement(struct agreement *agreement,
	const struct comparison *item, double base_ns, double ns)
{
	struct csv_writer *metrics = agreement->metrics;
	double ratio = ns / base_ns;

	if (isnan(ratio) || isnan(item->ratio))
		return 0;
	print_agreement(agreement, item, ratio);
	if (metric_write(metrics, "micro_ns_per_op", item->cell, item->variant,
		    ns, "ns", "google-benchmark, median over batches") != 0 ||
		metric_write(metrics, "micro_ratio", item->cell, item->variant,
			ratio, "", "over none, google-benchmark") != 0)
		return -1;
	return metric_write(metrics, "micro_agreement", item->cell,
		item->variant, ratio / item->ratio, "",
		"google-benchmark's ratio over the relay's");
}

/* One comparison of the relay, where google-benchmark ran the same. */
static int compare_item(
	struct agreement *agreement, const struct comparison *item)
{
	const json_t *root = agreement->root;

	for (size_t i = 0; i < CELLS; i++) {
		char cell[RECORD_TEXT];
		unsigned threads;
		const char *t = strrchr(item->cell, 't');

		if (t == NULL || sscanf(t, "t%u", &threads) != 1 ||
			strcmp(item->baseline, COMPARE_BASELINE) != 0)
			continue;
		snprintf(cell, sizeof(cell), "%s/system/t%u", cells[i].workload,
			threads);
		if (strcmp(cell, item->cell) != 0)
			continue;
		return write_agreement(agreement, item,
			find_ns(root, cells[i].kernel, cells[i].argument,
				COMPARE_BASELINE, threads),
			find_ns(root, cells[i].kernel, cells[i].argument,
				item->variant, threads));
	}
	return 0;
}

int micro_compare(const struct comparison_list *list, const char *json,
	struct csv_writer *metrics, FILE *out, struct error *error)
{
	struct agreement agreement = {.metrics = metrics, .out = out};
	json_error_t reason;
	json_t *root;
	int result = 0;

	if (access(json, R_OK) != 0)
		return 0;
	root = json_load_file(json, 0, &reason);
	if (root == NULL) {
		return error_set(error, "%s:%d:%d: %s", json, reason.line,
			reason.column, reason.text);
	}
	agreement.root = root;
	for (size_t i = 0; i < list->count && result == 0; i++)
		result = compare_item(&agreement, &list->items[i]);
	if (result != 0)
		error_set(error, "metrics: %s", error_reason(errno));
	json_decref(root);
	return result;
}
