// SPDX-License-Identifier: MIT
//
// The commands of serialbench. Each gets its own argv with its name in
// argv[0], reports its errors as one line on stderr, and returns the exit
// code.
#ifndef SERIALBENCH_COMMANDS_H
#define SERIALBENCH_COMMANDS_H

#include "option_table.h"

enum exit_code {
	EXIT_DONE = 0,
	EXIT_FAILED_CELLS = 1, /* or a gate that did not hold */
	EXIT_WRONG_USE = 2,
	/* A command that was stopped returns stop_exit_code(). */
};

int command_run(int argc, char **argv);
int command_list(int argc, char **argv);
int command_merge(int argc, char **argv);
int command_compare(int argc, char **argv);
int command_export(int argc, char **argv);
int command_gate(int argc, char **argv);
int command_report(int argc, char **argv);
int command_certify(int argc, char **argv);
int command_topology(int argc, char **argv);
int command_trace(int argc, char **argv);
/* `serialbench trace info …`, argv[0] being "info". */
int trace_info(int argc, char **argv);
int command_record(int argc, char **argv);
int command_ledger(int argc, char **argv);

/* The tables, each beside the function that takes what is read by it. */
extern const struct option_command certify_table, compare_table, exec_table,
	export_table, gate_table, ledger_table, list_table, merge_table,
	python_table, record_table, report_table, run_table, topology_table,
	trace_table, trace_convert_table, trace_info_table;

/* The command at a place of serialbench's own, or NULL past the end. */
const struct option_command *command_at(size_t place);

/* The same with the commands below them. */
const struct option_command *command_any(size_t place);

/* A command by its name, "trace info" among them, or NULL. */
const struct option_command *command_find(const char *name);

/* One line on stderr, "serialbench <command>: …"; returns EXIT_WRONG_USE. */
int command_refuse(const char *command, const char *error);

#endif /* SERIALBENCH_COMMANDS_H */
