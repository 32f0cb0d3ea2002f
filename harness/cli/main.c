// SPDX-License-Identifier: MIT
//
// serialbench: the command line.
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "build_id.h"
#include "commands.h"
#include "exec.h"
#include "streams.h"

static const struct {
	const char *name;
	int (*call)(int argc, char **argv);
	const char *what;
} commands[] = {
	{"run", command_run, "plan, run, compare and report"},
	{"list", command_list,
		"variants, allocators, workloads, metrics, placements"},
	{"compare", command_compare, "the comparisons of a run, or of two"},
	{"export", command_export, "a run for google-benchmark or pyperf"},
	{"report", command_report, "write report.html and plots/*.svg"},
	{"gate", command_gate, "whether a run holds to limits, for CI"},
	{"certify", command_certify,
		"what this machine can see: its certificate"},
	{"merge", command_merge, "join the shards of one plan"},
	{"exec", exec_command, "any program on the debug wrapper"},
	{"python", python_command, "CPython with the wrapper on its domains"},
	{"topology", command_topology, "PUs and placements of this machine"},
	{"record", command_record, "any program's allocations as a trace"},
	{"ledger", command_ledger, "what each part of the wrapper costs"},
	{"trace", command_trace, "what is in a trace; it as text, and back"},
};

#define COMMANDS (sizeof(commands) / sizeof(commands[0]))

static void print_usage(void)
{
	fputs("Usage: serialbench COMMAND [OPTION…]\n"
	      "Measures what per-block debug metadata costs a multi-threaded "
	      "program.\n\n",
		stdout);
	for (size_t i = 0; i < COMMANDS; i++)
		printf("  %-10s%s\n", commands[i].name, commands[i].what);
	fputs("\nserialbench COMMAND --help says more. Exit codes: 0 done, 1 "
	      "failed cells, 2 wrong use.\n",
		stdout);
}

int command_refuse(const char *command, const char *error)
{
	fprintf(stderr, "serialbench %s: %s\n", command, error);
	return EXIT_WRONG_USE;
}

static int refuse_command(const char *what, const char *name)
{
	fprintf(stderr, "serialbench: %s '%s': allowed are", what, name);
	for (size_t i = 0; i < COMMANDS; i++)
		fprintf(stderr, "%s %s", i > 0 ? "," : "", commands[i].name);
	fputc('\n', stderr);
	return EXIT_WRONG_USE;
}

static int run_command(int argc, char **argv)
{
	if (argc < 2)
		return refuse_command("no command", "");
	if (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "help") == 0) {
		print_usage();
		return EXIT_DONE;
	}
	if (strcmp(argv[1], "--version") == 0) {
		puts("serialbench " BUILD_ID);
		return EXIT_DONE;
	}
	for (size_t i = 0; i < COMMANDS; i++)
		if (strcmp(commands[i].name, argv[1]) == 0)
			return commands[i].call(argc - 1, argv + 1);
	return refuse_command("unknown command", argv[1]);
}

/* Data that could not be written is not done. */
int main(int argc, char **argv)
{
	int result;

	streams_begin();
	result = run_command(argc, argv);
	if ((fflush(stdout) == 0 && !ferror(stdout)) || result != EXIT_DONE)
		return result;
	fprintf(stderr, "serialbench: stdout: %s\n", error_reason(errno));
	return EXIT_FAILED_CELLS;
}
