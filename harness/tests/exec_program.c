// SPDX-License-Identifier: MIT
//
// The program that test_exec*.c run: does one known thing and ends.
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
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

/* Says what is wrong, as a program does, and ends by a signal or a code. */
static int complain(int how)
{
	static const char text[] = "first line\nbad trailing pad byte\n";

	if (write(STDERR_FILENO, text, sizeof(text) - 1) < 0)
		return 98;
	return how < 0 ? raise(-how) : how;
}

/* Far more than a pipe holds. */
static int chatter(void)
{
	for (int i = 0; i < 5000; i++)
		fprintf(stderr, "line %d of many\n", i);
	return 1;
}

/* As many bytes beyond a block's end. */
static int overflow(size_t bytes)
{
	volatile char *block = malloc(30);

	for (size_t i = 0; i < bytes; i++)
		block[30 + i] = 'x';
	free((void *)(uintptr_t)block);
	return 0;
}

/* A block for each byte of stdin. */
static int read_input(void)
{
	char byte;

	for (size_t i = 0; read(STDIN_FILENO, &byte, 1) == 1; i++)
		make(i, 1, 100);
	return 0;
}

/* A child in a session of its own, which outlives its parent. Its pid goes into
 * the file, which the test looks at. */
static int leave_behind(const char *path)
{
	pid_t child = fork();
	FILE *file;

	if (child == 0) {
		setsid();
		sleep(3600);
		_exit(0);
	}
	file = fopen(path, "w");
	if (file == NULL)
		return 1;
	fprintf(file, "%d\n", (int)child);
	return fclose(file);
}

/* A malloc of the program's own, as some bring: bump and forget. */
#ifdef EXEC_PROGRAM_OWN_MALLOC
static _Alignas(16) char heap[8 << 20];
static size_t used;

void *malloc(size_t size)
{
	size_t at = used;

	used += (size + 31) / 16 * 16;
	*(size_t *)(void *)(heap + at) = size;
	return used <= sizeof(heap) ? heap + at + 16 : NULL;
}

void free(void *block)
{
	(void)block;
}

void *calloc(size_t count, size_t size)
{
	return malloc(count * size); /* never used before: 0 */
}

void *realloc(void *block, size_t size)
{
	void *moved = malloc(size);

	if (block != NULL && moved != NULL) {
		size_t old = *(size_t *)(void *)((char *)block - 16);

		memcpy(moved, block, old < size ? old : size);
	}
	return moved;
}
#endif

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
	if (strcmp(what, "complain") == 0)
		return complain(atoi(value));
	if (strcmp(what, "overflow") == 0)
		return overflow((size_t)atoi(value));
	if (strcmp(what, "chatter") == 0)
		return chatter();
	if (strcmp(what, "input") == 0)
		return read_input();
	if (strcmp(what, "leave") == 0)
		return leave_behind(value);
	if (strcmp(what, "kill-group") == 0)
		return kill(0, atoi(value)) + pause();
	if (strcmp(what, "kill-parent") == 0)
		return kill(getppid(), atoi(value)) + pause();
	return 99;
}
