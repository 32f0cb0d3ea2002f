// SPDX-License-Identifier: MIT
//
// What `serialbench exec` and `serialbench python` say of themselves.
#include "exec_options.h"

static const char exec_help[] =
	"Usage: serialbench exec --variant NAME [--allocator NAME]\n"
	"                        -- COMMAND [ARGUMENT…]\n"
	"       serialbench exec --variant LIST|all [--launches N] [OPTION…]\n"
	"                        -- COMMAND [ARGUMENT…]\n"
	"Runs an unmodified program on the debug wrapper (preloaded).\n"
	"\n"
	"With one variant it becomes the program: input, output, signals and\n"
	"exit code are the program's. With several, or with an option below,\n"
	"it runs the program many times under each, without input or output,\n"
	"and prints time, peak RSS and the wrapper's bytes at the peak.\n"
	"LD_PRELOAD is replaced in both.\n"
	"\n"
	"  --variant LIST      variants, or all (all); plain: no wrapper\n"
	"  --allocator LIST    underlying allocators, or paths (system, and\n"
	"                      jemalloc where it is measured)\n"
	"  --launches N        timed runs of each (20)\n"
	"  --seed N            of the order of runs (the time)\n"
	"  --margin PERCENT    within which two times are equivalent (2)\n"
	"  --out DIR           write exec.csv, trials.csv and plan.csv to a\n"
	"                      new folder\n"
	"  --csv FILE          write exec.csv to a new file\n"
	"  --format FORMAT     table, csv or json (table)\n"
	"  --help              print this\n";

const struct exec_face exec_face = {
	.name = "exec",
	.help = exec_help,
	.no_command = "no command: allowed is serialbench exec [OPTION…] -- "
		      "COMMAND [ARGUMENT…]",
};

static const char python_help[] =
	"Usage: serialbench python --variant NAME [--allocator NAME]\n"
	"                          -- ARGUMENT…\n"
	"       serialbench python --variant LIST|all [--launches N] "
	"[OPTION…]\n"
	"                          -- ARGUMENT…\n"
	"Runs CPython with the debug wrapper on its raw, mem and object\n"
	"domains. The arguments are python3's: -c, -m, a script, options.\n"
	"\n"
	"With one variant it becomes the interpreter: input, output, signals\n"
	"and exit code are python3's. With several, or with an option below,\n"
	"it runs the arguments many times under each, without input or "
	"output,\n"
	"and prints the peak with 24 and with 32 bytes a block, live blocks,\n"
	"the underlying bytes, time and peak RSS. There the hash seed is 0\n"
	"where PYTHONHASHSEED does not say another.\n"
	"\n"
	"  --variant LIST      variants, or all (all); plain: no hooks;\n"
	"                      cpython: its own hooks (PYTHONMALLOC=debug)\n"
	"  --allocator LIST    underlying allocators, or paths (system, and\n"
	"                      jemalloc where it is measured)\n"
	"  --launches N        timed runs of each (20)\n"
	"  --seed N            of the order of runs (the time)\n"
	"  --margin PERCENT    within which two times are equivalent (2)\n"
	"  --out DIR           write exec.csv, trials.csv and plan.csv to a\n"
	"                      new folder\n"
	"  --csv FILE          write exec.csv to a new file\n"
	"  --format FORMAT     table, csv or json (table)\n"
	"  --help              print this\n";

const struct exec_face python_face = {
	.name = "python",
	.help = python_help,
	.no_command = "no arguments: allowed is serialbench python [OPTION…] "
		      "-- ARGUMENT…, as python3 takes them",
	.python = true,
};
