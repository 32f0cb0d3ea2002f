// SPDX-License-Identifier: MIT
#include "exec_program.h"

#include <elf.h>
#include <errno.h>
#include <fcntl.h>
#include <link.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "printable.h"

#define HEAD_BYTES 4096
#define STANDARD_PATH "/bin:/usr/bin"

void exec_program_refuse(const char *command, int reason, struct error *error)
{
	if (reason == ENOEXEC)
		error_set(error,
			"command '%s': %s: it is no program of this machine "
			"and does not begin with #!; allowed is a program in "
			"PATH, or the path of one",
			command, error_reason(reason));
	else
		error_set(error,
			"command '%s': %s; allowed is a program in PATH, or "
			"the path of one",
			command, error_reason(reason));
}

/* 0, or why the file cannot be run. */
static int try_file(const char *path)
{
	struct stat status;

	if (stat(path, &status) != 0)
		return errno;
	if (!S_ISREG(status.st_mode) || access(path, X_OK) != 0)
		return EACCES;
	return 0;
}

/* 0, or the reason of the last file that was there. */
static int search_path(struct exec_program *program, const char *name)
{
	const char *folders = getenv("PATH");
	int wrong = ENOENT;

	if (folders == NULL)
		folders = STANDARD_PATH;
	for (;; folders++) {
		size_t length = strcspn(folders, ":");
		int reason = ENOENT;

		/* An empty entry is the current folder. */
		if ((size_t)snprintf(program->path, EXEC_PROGRAM_PATH,
			    "%.*s/%s", length > 0 ? (int)length : 1,
			    length > 0 ? folders : ".",
			    name) < EXEC_PROGRAM_PATH)
			reason = try_file(program->path);
		if (reason == 0)
			return 0;
		if (reason == EACCES)
			wrong = reason;
		folders += length;
		if (*folders == '\0')
			return wrong;
	}
}

/* Fills the buffer; what is behind the file's end is 0. */
static size_t read_head(const char *path, char head[HEAD_BYTES])
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	ssize_t got = -1;

	memset(head, 0, HEAD_BYTES);
	if (fd >= 0) {
		got = read(fd, head, HEAD_BYTES - 1);
		close(fd);
	}
	return got > 0 ? (size_t)got : 0;
}

/* Whether an ELF file of this machine names no dynamic linker. */
static bool lacks_linker(const char *head, size_t bytes)
{
	ElfW(Ehdr) header;
	ElfW(Phdr) part;

	if (bytes < sizeof(header))
		return false;
	memcpy(&header, head, sizeof(header));
	if (memcmp(header.e_ident, ELFMAG, SELFMAG) != 0 ||
		header.e_ident[EI_CLASS] !=
			(sizeof(void *) == 8 ? ELFCLASS64 : ELFCLASS32) ||
		header.e_phentsize != sizeof(part))
		return false;
	for (size_t i = 0; i < header.e_phnum; i++) {
		size_t at = header.e_phoff + i * sizeof(part);

		if (at > bytes || bytes - at < sizeof(part))
			return false; /* nobody knows */
		memcpy(&part, head + at, sizeof(part));
		if (part.p_type == PT_INTERP)
			return false;
	}
	return true;
}

/* The rest of a line #!, without blanks around it. */
static void read_interpreter(struct exec_program *program, const char *head)
{
	size_t blanks = strspn(head + 2, " \t");
	size_t length = strcspn(head + 2 + blanks, "\r\n");

	snprintf(program->interpreter, EXEC_INTERPRETER, "%.*s", (int)length,
		head + 2 + blanks);
	make_printable(program->interpreter);
}

static void look_into(struct exec_program *program)
{
	char head[HEAD_BYTES], interpreter[EXEC_INTERPRETER];
	size_t bytes = read_head(program->path, head);
	struct stat status;

	if (strncmp(head, "#!", 2) == 0) {
		read_interpreter(program, head);
		snprintf(interpreter, sizeof(interpreter), "%.*s",
			(int)strcspn(program->interpreter, " \t"),
			program->interpreter);
		bytes = read_head(interpreter, head);
	} else if (stat(program->path, &status) == 0) {
		program->is_privileged = ((status.st_mode & S_ISUID) != 0 &&
						 status.st_uid != geteuid()) ||
			((status.st_mode & S_ISGID) != 0 &&
				status.st_gid != getegid());
	}
	program->is_static = lacks_linker(head, bytes);
}

int exec_program_find(
	struct exec_program *program, const char *command, struct error *error)
{
	int wrong;

	memset(program, 0, sizeof(*program));
	if (strchr(command, '/') == NULL && command[0] != '\0') {
		wrong = search_path(program, command);
	} else {
		wrong = strlen(command) < EXEC_PROGRAM_PATH ? try_file(command)
							    : ENAMETOOLONG;
		snprintf(program->path, EXEC_PROGRAM_PATH, "%s", command);
	}
	if (wrong != 0) {
		exec_program_refuse(command, wrong, error);
		return -1;
	}
	look_into(program);
	return 0;
}

const char *exec_program_unwrapped(const struct exec_program *program)
{
	if (program->is_static)
		return program->interpreter[0] != '\0'
			? "is a script whose interpreter is statically linked"
			: "is statically linked";
	if (program->is_privileged)
		return "runs with the rights of another user or group";
	return NULL;
}
