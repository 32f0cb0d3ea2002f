// SPDX-License-Identifier: MIT
//
// A program whose every call is known: calls SUBJECT. Nothing here uses stdio,
// which allocates.
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <malloc.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <threads.h>
#include <unistd.h>

#define PASSED 4000

static void *hide(void *pointer)
{
	__asm__ volatile("" : "+r"(pointer) : : "memory");
	return pointer;
}

/* volatile, or the compiler knows that they cannot be had. */
static volatile size_t huge = (size_t)PTRDIFF_MAX + 1;
static volatile size_t odd = 48;
static char **arguments;
static void *pipe_of_blocks[PASSED];
static _Atomic int passed;

static int family(void)
{
	void *block, *other;

	block = hide(malloc(10));
	block = hide(realloc(block, 5000));
	other = hide(calloc(3, 7));
	block = hide(reallocarray(block, 4, 9));
	free(block);
	free(NULL);
	free(other);
	block = hide(realloc(NULL, 0));
	block = hide(realloc(block, 24));
	(void)!realloc(block, 0);
	if (posix_memalign(&block, 64, 100) != 0)
		return 1;
	free(block);
	free(hide(aligned_alloc(128, 256)));
	free(hide(memalign(odd, 33)));
	free(hide(valloc(5)));
	free(hide(pvalloc(5)));
	return 0;
}

static int failing(void)
{
	void *block = hide(malloc(8)), *untouched = &passed;

	if (hide(malloc(huge)) != NULL || errno != ENOMEM)
		return 1;
	if (hide(calloc(huge, 2)) != NULL ||
		hide(realloc(hide(block), huge)) != NULL)
		return 2;
	errno = 0;
	if (hide(reallocarray(hide(block), huge, 2)) != NULL || errno != ENOMEM)
		return 3;
	if (posix_memalign(&untouched, 24, 8) != EINVAL || untouched != &passed)
		return 4;
	errno = 4711;
	free(block);
	return errno == 4711 ? 0 : 5;
}

static void *take_and_free(void *argument)
{
	for (int i = 0; i < PASSED; i++) {
		while (passed <= i)
			;
		free(pipe_of_blocks[i]);
	}
	return hide(malloc(*(size_t *)argument));
}

/* Each block changes hands at once, so its address soon stands for another. */
static int hands(void)
{
	size_t size = 77;
	pthread_t thread;
	void *given;

	if (pthread_create(&thread, NULL, take_and_free, &size) != 0)
		return 1;
	for (int i = 0; i < PASSED; i++) {
		pipe_of_blocks[i] = hide(malloc(40));
		passed = i + 1;
	}
	pthread_join(thread, &given);
	free(given);
	return 0;
}

static pthread_key_t key;

static void free_value(void *value)
{
	free(value);
}

static int c11_body(void *argument)
{
	free(argument);
	pthread_setspecific(key, hide(malloc(300)));
	return 0;
}

static int c11(void)
{
	thrd_t thread;

	pthread_key_create(&key, free_value);
	if (thrd_create(&thread, c11_body, hide(malloc(200))) != thrd_success)
		return 1;
	thrd_join(thread, NULL);
	return 0;
}

static int wait_for(pid_t pid)
{
	int status;

	if (pid < 0 || waitpid(pid, &status, 0) != pid)
		return 100;
	return WIFEXITED(status) ? WEXITSTATUS(status) : 100;
}

static int forks(void)
{
	void *block = hide(malloc(1)), *other = hide(malloc(2));
	pid_t pid = fork();

	if (pid == 0) {
		free(block);
		other = hide(realloc(other, 3));
		free(other);
		free(hide(malloc(4)));
		_exit(7);
	}
	free(other);
	free(block);
	return wait_for(pid) - 7;
}

/* The child works on its parent's memory, and neither ends its trace. */
static int vforks(void)
{
	void *volatile block = hide(malloc(1));
	pid_t pid = vfork();

	if (pid == 0) {
		execl("/nonexistent/program", "program", (char *)NULL);
		_exit(9);
	}
	free(block);
	return wait_for(pid) - 9;
}

static int execs(void)
{
	void *block = hide(malloc(1));

	execl("/nonexistent/program", "program", (char *)NULL);
	free(block);
	free(hide(malloc(2)));
	execlp(arguments[0], arguments[0], "one", (char *)NULL);
	return 1;
}

static int one(void)
{
	return hide(malloc(3)) == NULL;
}

static int leaves(void)
{
	(void)hide(malloc(4));
	_exit(11);
}

static int leaves_quickly(void)
{
	(void)hide(malloc(5));
	quick_exit(12);
}

static int aborts(void)
{
	(void)hide(malloc(6));
	abort();
}

/* Says that it has allocated a lot, and waits for its end. */
static int waits(void)
{
	for (int i = 0; i < 100000; i++)
		free(hide(malloc(64)));
	if (write(STDOUT_FILENO, "ready\n", 6) == 6)
		pause();
	return 1;
}

/* A file that cannot be written is no trouble of the program's. */
static int many(void)
{
	for (int i = 0; i < 1000000; i++) {
		void *block = hide(malloc(64));

		errno = 4711;
		free(block);
		if (errno != 4711)
			return 1;
	}
	return 13;
}

/* As daemons do. */
static int closes(void)
{
	(void)hide(malloc(8));
	for (int fd = 3; fd < 4096; fd++)
		close(fd);
	return hide(malloc(9)) == NULL;
}

static void *spin(void *argument)
{
	for (int i = 0; i < 1000; i++)
		free(hide(malloc(24)));
	return argument;
}

/* One after the other: buffers are used again, numbers are not. */
static int crowd(void)
{
	for (int i = 0; i < 300; i++) {
		pthread_t thread;

		if (pthread_create(&thread, NULL, spin, NULL) != 0)
			return 1;
		pthread_join(thread, NULL);
	}
	return 0;
}

static void *take_a_megabyte(void *argument)
{
	(void)argument;
	return hide(malloc(1000000));
}

/* The peak is of all threads, and of one moment: three megabytes at the end,
 * not with those that were there before. */
static int peaks(void)
{
	void *block = hide(malloc(2500000)), *other;
	pthread_t thread;

	free(block);
	if (pthread_create(&thread, NULL, take_a_megabyte, NULL) != 0)
		return 1;
	pthread_join(thread, &block);
	other = hide(malloc(2000000));
	free(other);
	free(block);
	return 0;
}

static int allocate_small(void *argument)
{
	free(hide(malloc(21)));
	_exit(argument == NULL);
}

/* A child whose stack has 16 KiB begins a recording of its own. */
static int small_stack(void)
{
	static _Alignas(64) char stack[16384];
	void *block = hide(malloc(20));
	pid_t pid =
		clone(allocate_small, stack + sizeof(stack), SIGCHLD, &passed);

	free(block);
	return wait_for(pid);
}

static void *fork_small(void *argument)
{
	pid_t pid = fork();

	if (pid == 0)
		allocate_small(argument);
	*(int *)argument = wait_for(pid);
	return NULL;
}

static int small_thread(void)
{
	pthread_attr_t how;
	pthread_t thread;
	int code = 1;

	pthread_attr_init(&how);
	pthread_attr_setstacksize(&how, (size_t)PTHREAD_STACK_MIN);
	if (pthread_create(&thread, &how, fork_small, &code) == 0)
		pthread_join(thread, NULL);
	return code;
}

/* The program's own functions of these names know of nothing but its own. */
ssize_t write(int fd, const void *bytes, size_t size)
{
	if (arguments != NULL && strcmp(arguments[1], "own_calls") == 0)
		abort();
	return syscall(SYS_write, fd, bytes, size);
}

pid_t getpid(void)
{
	if (arguments != NULL && strcmp(arguments[1], "own_calls") == 0)
		abort();
	return (pid_t)syscall(SYS_getpid);
}

static int own_calls(void)
{
	return many() - 13;
}

/* Its files may have no more than 64 KiB. */
static int limited(void)
{
	return many() - 13;
}

/* What it writes to descriptor 2 it writes to the first file that it opens
 * when it has none. */
static int closed(void)
{
	char path[] = "/dev/null";

	for (int fd = 0; fd < 3; fd++)
		close(fd);
	free(hide(malloc(7)));
	for (int fd = 0; fd < 3; fd++)
		if (open(path, O_RDWR) != fd)
			return 1 + fd;
	return write(STDERR_FILENO, "a word\n", 7) != 7;
}

static void *allocate_some(void *argument)
{
	for (int i = 0; i < 1000; i++)
		free(hide(malloc(64)));
	return argument;
}

/* Past the C library, with another thread's events in its buffer. */
static int raw_exit(void)
{
	pthread_t thread;

	if (pthread_create(&thread, NULL, allocate_some, NULL) != 0)
		return 1;
	pthread_join(thread, NULL);
	allocate_some(NULL);
	syscall(SYS_exit_group, 3);
	return 1;
}

static int raw_exec(void)
{
	char one[] = "one";
	char *words[] = {arguments[0], one, NULL};

	allocate_some(NULL);
	syscall(SYS_execve, arguments[0], words, environ);
	return 1;
}

static int kills(pid_t whom, int signal)
{
	allocate_some(NULL);
	kill(whom, signal);
	return allocate_some(arguments) == NULL;
}

static int kills_itself(void)
{
	return kills((pid_t)syscall(SYS_getpid), SIGKILL);
}

static int kills_group(void)
{
	return kills(0, SIGKILL);
}

static int kills_parent(void)
{
	return kills(getppid(), SIGKILL);
}

/* A child that ends in this way, too. */
static int child_killed(void)
{
	pid_t pid = fork();
	int status;

	if (pid == 0)
		kills_itself();
	return waitpid(pid, &status, 0) == pid && WIFSIGNALED(status) ? 0 : 1;
}

/* Every block but the last is freed behind the recorder's back. */
static int bypasses(void)
{
	void *library = dlopen("libc.so.6", RTLD_NOW | RTLD_NOLOAD);
	void (*release)(void *) = NULL;

	*(void **)&release = dlsym(library, "free");
	if (release == NULL)
		return 1;
	for (int i = 0; i < 100; i++)
		release(hide(malloc(100000)));
	for (int i = 0; i < 100; i++)
		release(hide(i % 2 ? calloc(1, 50) : memalign(64, 50)));
	return 0;
}

/* A module with a scope of its own, found by the program's RUNPATH. */
static int deepbind(void)
{
	void *module = dlopen("recorder_module.so", RTLD_NOW | RTLD_DEEPBIND);
	void *(*give)(size_t) = NULL;

	if (module == NULL)
		return 1;
	*(void **)&give = dlsym(module, "give");
	if (give == NULL)
		return 2;
	free(give(4321));
	return 0;
}

static int second_names(void)
{
	static const char *const names[] = {"__libc_malloc", "__libc_realloc",
		"__libc_free", "__libc_calloc", "cfree", "__libc_memalign",
		"__libc_valloc", "__libc_pvalloc"};
	void *call[sizeof(names) / sizeof(names[0])], *block;

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if ((call[i] = dlsym(RTLD_DEFAULT, names[i])) == NULL)
			return 1 + (int)i;
	block = ((void *(*)(size_t))call[0])(4321);
	block = ((void *(*)(void *, size_t))call[1])(block, 4322);
	((void (*)(void *))call[2])(block);
	block = ((void *(*)(size_t, size_t))call[3])(1, 4323);
	((void (*)(void *))call[4])(block);
	free(((void *(*)(size_t, size_t))call[5])(128, 4324));
	free(((void *(*)(size_t))call[6])(4325));
	free(((void *(*)(size_t))call[7])(4326));
	return 0;
}

static pthread_barrier_t meeting;

static void *meet(void *argument)
{
	void *block = hide(malloc(10000000));

	pthread_barrier_wait(&meeting);
	pthread_barrier_wait(&meeting);
	free(block);
	return argument;
}

/* Two threads that have a block at the same time, which their events do not
 * say. */
static int together(void)
{
	pthread_t threads[2];

	pthread_barrier_init(&meeting, NULL, 2);
	for (int i = 0; i < 2; i++)
		if (pthread_create(&threads[i], NULL, meet, NULL) != 0)
			return 1;
	for (int i = 0; i < 2; i++)
		pthread_join(threads[i], NULL);
	return 0;
}

static const struct {
	const char *name;
	int (*run)(void);
} subjects[] = {
	{"family", family},
	{"failing", failing},
	{"hands", hands},
	{"c11", c11},
	{"forks", forks},
	{"vforks", vforks},
	{"execs", execs},
	{"one", one},
	{"leaves", leaves},
	{"leaves_quickly", leaves_quickly},
	{"aborts", aborts},
	{"waits", waits},
	{"many", many},
	{"closes", closes},
	{"crowd", crowd},
	{"peaks", peaks},
	{"small_stack", small_stack},
	{"small_thread", small_thread},
	{"own_calls", own_calls},
	{"limited", limited},
	{"closed", closed},
	{"raw_exit", raw_exit},
	{"raw_exec", raw_exec},
	{"kills_itself", kills_itself},
	{"kills_group", kills_group},
	{"kills_parent", kills_parent},
	{"child_killed", child_killed},
	{"bypasses", bypasses},
	{"deepbind", deepbind},
	{"together", together},
	{"second_names", second_names},
};

int main(int argc, char **argv)
{
	arguments = argv;
	for (size_t i = 0; i < sizeof(subjects) / sizeof(subjects[0]); i++)
		if (argc > 1 && strcmp(argv[1], subjects[i].name) == 0)
			return subjects[i].run();
	return 99;
}
