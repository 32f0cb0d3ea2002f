// SPDX-License-Identifier: MIT
//
// Threads, forks and the ends of a program's life, one subject per run:
// `threads SUBJECT`. Prints lines by write(2), so that stdio's own blocks do
// not come between; exits with 0, or 1 and a line on what was wrong.
#include <pthread.h>
#include <signal.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <threads.h>
#include <unistd.h>

#define DBGALLOC_WEAK __attribute__((weak))
DBGALLOC_WEAK size_t dbgalloc_serial_text(
	const void *block, char *text, size_t size);
DBGALLOC_WEAK int dbgalloc_break_at(const char *serial);

#define BRANCHES 3
#define FORKS 40

static void *hide(void *pointer)
{
	__asm__ volatile("" : "+r"(pointer) : : "memory");
	return pointer;
}

__attribute__((format(printf, 1, 2))) static void line(const char *format, ...)
{
	char text[256];
	va_list arguments;
	int length;

	va_start(arguments, format);
	length = vsnprintf(text, sizeof(text), format, arguments);
	va_end(arguments);
	if (write(STDOUT_FILENO, text, (size_t)length) != length)
		_exit(3);
}

static void say_serial(void *block)
{
	char text[160] = "";

	if (dbgalloc_serial_text != NULL)
		dbgalloc_serial_text(hide(block), text, sizeof(text));
	line("%s\n", text);
}

static void use(size_t size)
{
	char *block = hide(malloc(size));

	memset(block, 1, size);
	free(hide(realloc(block, size * 2)));
}

/* A tree of threads, two levels of pthreads and one of C11's. */
static int leaf(void *unused)
{
	(void)unused;
	say_serial(malloc(10));
	return 5;
}

static void *branch(void *depth)
{
	pthread_t children[BRANCHES];
	thrd_t last;
	int result = 0;

	if (depth == NULL) {
		thrd_create(&last, leaf, NULL);
		thrd_join(last, &result);
		say_serial(malloc(10));
		return (void *)(intptr_t)result;
	}
	say_serial(malloc(10));
	for (int i = 0; i < BRANCHES; i++)
		pthread_create(&children[i], NULL, branch,
			(void *)((intptr_t)depth - 1));
	for (int i = 0; i < BRANCHES; i++)
		pthread_join(children[i], NULL);
	say_serial(malloc(20));
	return NULL;
}

static int tree(void)
{
	branch((void *)2);
	return 0;
}

/* Numbered allocations of three threads. */
static void *count_to_9(void *name)
{
	for (int i = 1; i < 10; i++) {
		line("%d %d\n", (int)(intptr_t)name, i);
		hide(malloc(8));
	}
	return NULL;
}

static int steps(void)
{
	pthread_t crew[3];

	for (intptr_t i = 0; i < 3; i++)
		pthread_create(&crew[i], NULL, count_to_9, (void *)(i + 1));
	for (int i = 0; i < 3; i++)
		pthread_join(crew[i], NULL);
	return 0;
}

/* Prints the 10th block's serial, then goes on to 20. */
static int serials(void)
{
	for (int i = 1; i <= 20; i++) {
		void *block;

		line("%d\n", i);
		block = hide(malloc(8));
		if (i == 10)
			say_serial(block);
	}
	return 0;
}

/* Asks to stop at its own 5th allocation from here. */
static int break_at(void)
{
	char text[160], *number;

	dbgalloc_serial_text(hide(malloc(8)), text, sizeof(text));
	number = strchr(text, '#') + 1;
	sprintf(number, "%ld", atol(number) + 5);
	if (dbgalloc_break_at("nonsense") != -1 || dbgalloc_break_at(text) != 0)
		return 1;
	count_to_9(NULL);
	return 0;
}

/* Moves the break far ahead of itself, and then behind: what is counted does
 * not depend on where a break is. */
static int break_moved(void)
{
	static const char *const where[] = {"1000000", "1"};
	char text[160];

	for (size_t i = 0; i < sizeof(where) / sizeof(where[0]); i++) {
		dbgalloc_serial_text(hide(malloc(8)), text, sizeof(text));
		strcpy(strchr(text, '#') + 1, where[i]);
		if (dbgalloc_break_at(text) != 0)
			return 1;
		for (int block = 0; block < 2; block++)
			say_serial(malloc(8));
	}
	say_serial(malloc(8));
	return 0;
}

/* Blocks that are freed when a thread is all but gone. */
static pthread_key_t key;
static tss_t key_c11;
static unsigned destroyed;

static void destroy_late(void *block)
{
	free(block);
	use(100);
	__atomic_fetch_add(&destroyed, 1, __ATOMIC_RELAXED);
}

static void *with_late_blocks(void *unused)
{
	(void)unused;
	pthread_setspecific(key, hide(malloc(100)));
	tss_set(key_c11, hide(malloc(5000)));
	use(3000);
	return NULL;
}

static int late(void)
{
	pthread_t crew[8];

	pthread_key_create(&key, destroy_late);
	tss_create(&key_c11, destroy_late);
	for (int round = 0; round < 20; round++) {
		for (int i = 0; i < 8; i++)
			pthread_create(&crew[i], NULL, with_late_blocks, NULL);
		for (int i = 0; i < 8; i++)
			pthread_join(crew[i], NULL);
	}
	line("%u\n", destroyed);
	return destroyed == 8 * 20 * 2 ? 0 : 1;
}

/* Children of a program whose other threads are in the allocator. */
static int stop;

static void *churn(void *unused)
{
	(void)unused;
	while (!__atomic_load_n(&stop, __ATOMIC_RELAXED))
		for (size_t size = 1; size < 3000; size += 37)
			use(size);
	return NULL;
}

static int wait_for(pid_t child)
{
	int status = -1;

	if (child < 0 || waitpid(child, &status, 0) != child || status != 0) {
		line("child %d ended with %x\n", (int)child, (unsigned)status);
		return 1;
	}
	return 0;
}

static int forks(void)
{
	pthread_t crew[3];
	int failed = 0;

	for (int i = 0; i < 3; i++)
		pthread_create(&crew[i], NULL, churn, NULL);
	for (int i = 0; i < FORKS && !failed; i++) {
		pid_t child = fork();

		if (child == 0) {
			pthread_t thread;

			for (size_t size = 1; size < 3000; size += 11)
				use(size);
			pthread_create(&thread, NULL, with_late_blocks, NULL);
			pthread_join(thread, NULL);
			_exit(0);
		}
		failed = wait_for(child);
	}
	stop = 1;
	for (int i = 0; i < 3; i++)
		pthread_join(crew[i], NULL);
	return failed;
}

static int vforks(void)
{
	pid_t child = vfork();

	if (child == 0) {
		free(hide(malloc(100)));
		execl("/bin/true", "true", (char *)NULL);
		_exit(1);
	}
	use(100);
	return wait_for(child);
}

/* Before main and after it. */
static void *early;

__attribute__((constructor)) static void before_main(void)
{
	early = hide(calloc(10, 100));
	use(500);
}

static void at_exit(void)
{
	free(early);
	use(500);
	line("end\n");
}

static int life(void)
{
	atexit(at_exit);
	return early == NULL;
}

/* What a start routine and its creator see of each other. */
static void *give_back(void *argument)
{
	pthread_exit(argument);
}

static int attributes(void)
{
	pthread_attr_t how;
	pthread_t thread;
	void *result = NULL;
	int failed;

	pthread_attr_init(&how);
	pthread_attr_setstacksize(&how, 1 << 20);
	failed = pthread_create(&thread, &how, give_back, &key) != 0 ||
		pthread_join(thread, &result) != 0 || result != &key;
	pthread_attr_setstacksize(&how, (size_t)1 << 46);
	failed |= pthread_create(&thread, &how, give_back, NULL) == 0;
	pthread_attr_destroy(&how);
	return failed;
}

static const struct {
	const char *name;
	int (*run)(void);
} subjects[] = {
	{"tree", tree},
	{"steps", steps},
	{"serials", serials},
	{"break_at", break_at},
	{"break_moved", break_moved},
	{"late", late},
	{"forks", forks},
	{"vforks", vforks},
	{"life", life},
	{"attributes", attributes},
};

int main(int argc, char **argv)
{
	for (size_t i = 0; i < sizeof(subjects) / sizeof(subjects[0]); i++)
		if (argc > 1 && strcmp(argv[1], subjects[i].name) == 0)
			return subjects[i].run();
	line("threads: no such subject\n");
	return 2;
}
