// SPDX-License-Identifier: MIT
//
// What `serialbench exec` and `serialbench python` say of themselves.
#include "commands.h"
#include "exec_options.h"

const struct option_command exec_table = {
	.name = "exec",
	.summary = "any program on the debug wrapper",
	.forms =
		(const char *const[]){
			"--variant NAME [--allocator NAME] -- COMMAND "
			"[ARGUMENT…]",
			"--variant LIST [OPTION…] -- COMMAND [ARGUMENT…]",
			NULL,
		},
	.about =
		(const char *const[]){
			"Runs an unmodified program on the debug wrapper "
			"(preloaded).",
			"With one variant it becomes the program: input, "
			"output, "
			"signals and exit code are the program's. With "
			"several, or "
			"with an option below, it runs the program many times "
			"under "
			"each, without its output, and prints time, peak "
			"RSS and "
			"the wrapper's bytes at the peak. LD_PRELOAD is "
			"replaced in "
			"both.",
			NULL,
		},
	.rows = exec_rows,
	.operands = {"command", "commands", 1, 1, .is_command = true},
	.call = exec_command,
};

const struct exec_face exec_face = {.table = &exec_table};

const struct option_command python_table = {
	.name = "python",
	.summary = "CPython with the wrapper on its domains",
	.forms =
		(const char *const[]){
			"--variant NAME [--allocator NAME] -- ARGUMENT…",
			"--variant LIST [OPTION…] -- ARGUMENT…",
			NULL,
		},
	.about =
		(const char *const[]){
			"Runs CPython with the debug wrapper on its raw, mem "
			"and "
			"object domains. The arguments are python3's: -c, -m, "
			"a "
			"script, options.",
			"With one variant it becomes the interpreter: input, "
			"output, "
			"signals and exit code are python3's. With several, or "
			"with "
			"an option below, it runs the arguments many times "
			"under "
			"each, without their output, and prints the peak "
			"with 24 "
			"and with 32 bytes a block, live blocks, the "
			"underlying "
			"bytes, time and peak RSS. There the hash seed is 0 "
			"where "
			"PYTHONHASHSEED does not say another.",
			NULL,
		},
	.rows = python_rows,
	.operands = {"arguments", "arguments", 1, 1, .is_command = true},
	.call = python_command,
};

const struct exec_face python_face = {.table = &python_table, .python = true};
