// SPDX-License-Identifier: MIT
//
// What CPython's hooks print around an error, by the very functions that they
// print it with: both write with write(2) and allocate nothing. The first is
// hidden in the shared library, so the host is linked with the static one, as
// Debian's python3 itself.
#include <signal.h>
#include <string.h>
#include <unistd.h>

#include "host.h"

extern void _PyMem_DumpTraceback(int fd, const void *block);
extern const char *_Py_DumpTracebackThreads(
	int fd, PyInterpreterState *interpreter, PyThreadState *current);

void host_describe(void *context, const void *block)
{
	(void)context;
	_PyMem_DumpTraceback(STDERR_FILENO, block);
}

static void say(const char *text)
{
	if (write(STDERR_FILENO, text, strlen(text)) < 0)
		return; /* nobody listens */
}

void host_last_words(void *context)
{
	const char *wrong;

	(void)context;
	/* What faulthandler (-X dev) would say at abort() is being said. */
	signal(SIGABRT, SIG_DFL);
	say("\n");
	wrong = _Py_DumpTracebackThreads(
		STDERR_FILENO, NULL, PyGILState_GetThisThreadState());
	if (wrong == NULL)
		return;
	say(wrong);
	say("\n");
}
