// SPDX-License-Identifier: MIT
//
// A module that is loaded with RTLD_DEEPBIND, as interpreters do with their
// extensions, would have the C library's malloc, and its blocks would go past
// the recorder or come to it unknown.
#include <dlfcn.h>

#include "next_calls.h"
#include "recorder.h"

static void *(*next_dlopen)(const char *path, int flags);

__attribute__((constructor)) static void find_calls(void)
{
	if (next_dlopen == NULL)
		*(void **)&next_dlopen = next_symbol("dlopen");
}

/* Built with -foptimize-sibling-calls: the jump leaves the program's return
 * address in place: by it the dynamic linker knows the object whose RUNPATH
 * counts. */
PUBLIC void *dlopen(const char *path, int flags)
{
	find_calls();
	return next_dlopen(path, flags & ~RTLD_DEEPBIND);
}
