// SPDX-License-Identifier: MIT
//
// Does what its arguments say and allocates nothing else, so that what the
// accounting counts can be foretold (accounting.py does). Blocks are numbered
// from 0 in the order in which they were made.
//
//   malloc N, calloc N N, memalign A N, new N: make a block
//   realloc I N, free I, delete I
//   fork … end: the child does what is between and leaves by _exit; the
//     parent waits for it and goes on behind
//   vfork … end: the same; _fork … end: by _Fork(), which runs no handlers
//   exec: starts itself anew with the rest; kill: SIGKILL to itself
#include <malloc.h>
#include <signal.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

__attribute__((weak)) void *operator_new(size_t size) __asm__("_Znwm");
__attribute__((weak)) void operator_delete(void *block) __asm__("_ZdlPv");

static void *blocks[64];
static size_t made;
static char **next;

static void *hide(void *pointer)
{
	__asm__ volatile("" : "+r"(pointer) : : "memory");
	return pointer;
}

static size_t number(void)
{
	return strtoull(*next++, NULL, 10);
}

static void keep(void *block)
{
	if (block == NULL)
		_exit(4);
	blocks[made++] = hide(block);
}

static void skip_to_end(void)
{
	for (int depth = 1; depth > 0; next++) {
		if (strcmp(*next, "end") == 0)
			depth--;
		else if (strstr(*next, "fork") != NULL)
			depth++;
	}
}

static void in_parent(pid_t child)
{
	int status;

	if (child < 0 || waitpid(child, &status, 0) != child || status != 0)
		_exit(5);
	skip_to_end();
}

static void do_realloc(void)
{
	size_t block = number(), size = number();

	blocks[block] = hide(realloc(blocks[block], size));
}

static void make(const char *what)
{
	size_t first = number();

	if (strcmp(what, "malloc") == 0)
		keep(malloc(first));
	else if (strcmp(what, "new") == 0)
		keep(operator_new(first));
	else if (strcmp(what, "calloc") == 0)
		keep(calloc(first, number()));
	else if (strcmp(what, "memalign") == 0)
		keep(memalign(first, number()));
	else
		_exit(6);
}

static void start_again(char *program)
{
	*--next = program;
	execv(program, next);
	_exit(7);
}

static void step(char *program, const char *what)
{
	pid_t child;

	if (strcmp(what, "fork") == 0 || strcmp(what, "_fork") == 0) {
		child = what[0] == '_' ? _Fork() : fork();
		if (child != 0)
			in_parent(child);
	} else if (strcmp(what, "vfork") == 0) {
		char **here = next;

		child = vfork();
		if (child != 0) {
			next = here;
			in_parent(child);
		}
	} else if (strcmp(what, "end") == 0) {
		_exit(0);
	} else if (strcmp(what, "exec") == 0) {
		start_again(program);
	} else if (strcmp(what, "kill") == 0) {
		kill(getpid(), SIGKILL);
	} else if (strcmp(what, "free") == 0) {
		free(blocks[number()]);
	} else if (strcmp(what, "delete") == 0) {
		operator_delete(blocks[number()]);
	} else if (strcmp(what, "realloc") == 0) {
		do_realloc();
	} else {
		make(what);
	}
}

int main(int argc, char **argv)
{
	(void)argc;
	next = argv + 1;
	while (*next != NULL) {
		const char *what = *next++;

		step(argv[0], what);
	}
	_exit(0);
}
