// SPDX-License-Identifier: MIT
//
// serialbench-files FOLDER: writes the manual pages and the completions of the
// shells, when serialbench is built.
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "commands.h"
#include "option_files.h"
#include "streams.h"

static const char *folder;

static FILE *begin(const char *name)
{
	char path[4096];
	FILE *file;

	snprintf(path, sizeof(path), "%s/%s", folder, name);
	file = fopen(path, "we");
	if (file == NULL)
		fprintf(stderr, "serialbench-files: %s: %s\n", path,
			strerror(errno));
	return file;
}

static int end(FILE *file, const char *name)
{
	bool bad = ferror(file) != 0;

	if (fclose(file) == 0 && !bad)
		return 0;
	fprintf(stderr, "serialbench-files: %s/%s: %s\n", folder, name,
		strerror(errno));
	return -1;
}

static int write_page(const struct option_command *command)
{
	char name[OPTION_FILE_NAME + 32] = "serialbench.1";
	char file[OPTION_FILE_NAME];
	FILE *out;

	if (command != NULL) {
		option_file_name(command, file);
		snprintf(name, sizeof(name), "serialbench-%s.1", file);
	}
	out = begin(name);
	if (out == NULL)
		return -1;
	option_man_write(command, VERSION, out);
	return end(out, name);
}

static int write_pages(void)
{
	const struct option_command *command;
	int result = write_page(NULL);

	for (size_t i = 0; result == 0 && (command = command_any(i)) != NULL;
		i++)
		result = write_page(command);
	return result;
}

/* Under the names by which the shells look for them. */
static int write_completions(void)
{
	static const struct {
		const char *name;
		void (*write)(FILE *out);
	} files[] = {
		{"serialbench", option_bash_write},
		{"_serialbench", option_zsh_write},
		{"serialbench.fish", option_fish_write},
	};

	for (size_t i = 0; i < sizeof(files) / sizeof(files[0]); i++) {
		FILE *out = begin(files[i].name);

		if (out == NULL)
			return -1;
		files[i].write(out);
		if (end(out, files[i].name) != 0)
			return -1;
	}
	return 0;
}

int main(int argc, char **argv)
{
	streams_begin();
	if (argc != 2) {
		fputs("Usage: serialbench-files FOLDER\n", stderr);
		return EXIT_WRONG_USE;
	}
	folder = argv[1];
	return write_pages() == 0 && write_completions() == 0
		? EXIT_DONE
		: EXIT_FAILED_CELLS;
}
