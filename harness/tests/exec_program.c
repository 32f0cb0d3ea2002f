// SPDX-License-Identifier: MIT
//
// The program that test_exec*.c run: does one known thing and ends.
#include <signal.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

/* Kept in sight, so that no compiler deletes them. */
static void *volatile blocks[4096];

static void make(size_t from, size_t count, size_t bytes)
{
	for (size_t i = from; i < from + count; i++)
		blocks[i] = malloc(bytes);
}

/* 600 blocks with 60000 bytes at the peak, 200 of them at the end. */
static int known(void)
{
	make(0, 100, 50);
	make(100, 500, 110);
	for (size_t i = 0; i < 400; i++)
		free(blocks[i]);
	make(0, 10, 40);
	return 0;
}

/* The child has its parent's 100 blocks and 300 of its own. */
static int fork_child(void)
{
	pid_t child;
	int status;

	make(0, 100, 100);
	child = fork();
	if (child == 0) {
		make(100, 300, 100);
		_exit(0);
	}
	return waitpid(child, &status, 0) == child && status == 0 ? 0 : 1;
}

/* What it asks for hangs on where its blocks are. */
static int look_at_addresses(void)
{
	size_t more = 1000;

	for (size_t i = 0; i < 500; i++) {
		make(i, 1, 20 + i % 80);
		if ((uintptr_t)blocks[i] / 16 % 3 == 0)
			make(more++, 1, 10);
	}
	return 0;
}

static int touch(size_t bytes)
{
	char *block = malloc(bytes);

	if (block == NULL)
		return 1;
	memset(block, 1, bytes);
	blocks[0] = block;
	return 0;
}

/* As a program would that the wrapper finds at fault. */
static int depend_on(const char *library)
{
	const char *preload = getenv("LD_PRELOAD");

	return preload != NULL && strstr(preload, library) != NULL ? 3 : 0;
}

int main(int argc, char **argv)
{
	const char *what = argc > 1 ? argv[1] : "";
	const char *value = argc > 2 ? argv[2] : "0";

	if (strcmp(what, "known") == 0)
		return known();
	if (strcmp(what, "fork") == 0)
		return fork_child();
	if (strcmp(what, "exec") == 0)
		return execl(argv[0], argv[0], "known", (char *)NULL);
	if (strcmp(what, "exit") == 0)
		return atoi(value);
	if (strcmp(what, "raise") == 0)
		return raise(atoi(value));
	if (strcmp(what, "addresses") == 0)
		return look_at_addresses();
	if (strcmp(what, "touch") == 0)
		return touch((size_t)atoi(value) << 20);
	if (strcmp(what, "depend") == 0)
		return depend_on(value);
	if (strcmp(what, "sleep") == 0)
		return (int)sleep((unsigned)atoi(value));
	return 99;
}
