// SPDX-License-Identifier: MIT
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "descriptors.h"
#include "host.h"

_Noreturn void host_refuse(const char *what, const char *why)
{
	fprintf(stderr, PYTHON_HOST ": %s: %s\n", what, why);
	exit(2);
}

void host_variant_read(struct host_variant *variant)
{
	const char *asked = getenv(PYTHON_VARIANT);
	size_t length = asked != NULL ? strcspn(asked, ".") : 0;

	if (length > PYTHON_VARIANT_WIDTH)
		host_refuse(PYTHON_VARIANT, "the name of a variant is shorter");
	snprintf(variant->name, sizeof(variant->name), "%.*s", (int)length,
		length > 0 ? asked : PYTHON_NO_HOOKS);
	if (length == 0)
		strcpy(variant->name, PYTHON_NO_HOOKS);
}

/*
 * What stands below our hooks. Where Python is to have hooks of ours, its own
 * (PYTHONMALLOC=debug, -X dev) do not come between; PYTHONMALLOC=malloc still
 * puts all domains on malloc.
 */
static int underlying_allocator(const struct host_variant *variant)
{
	const char *asked = getenv("PYTHONMALLOC");

	if (strcmp(variant->name, PYTHON_NO_HOOKS) == 0)
		return PYMEM_ALLOCATOR_NOT_SET;
	if (asked != NULL && strncmp(asked, "malloc", 6) == 0)
		return PYMEM_ALLOCATOR_MALLOC;
	return PYMEM_ALLOCATOR_PYMALLOC;
}

static void must(PyStatus status)
{
	if (PyStatus_Exception(status))
		Py_ExitStatusException(status);
}

static void preinitialize(
	const struct host_variant *variant, int argc, char **argv)
{
	PyPreConfig config;

	PyPreConfig_InitPythonConfig(&config);
	config.allocator = underlying_allocator(variant);
	must(Py_PreInitializeFromBytesArgs(&config, argc, argv));
}

static void initialize(int argc, char **argv)
{
	PyConfig config;
	PyStatus status;

	PyConfig_InitPythonConfig(&config);
	status = PyConfig_SetBytesArgv(&config, argc, argv);
	if (!PyStatus_Exception(status))
		status = Py_InitializeFromConfig(&config);
	PyConfig_Clear(&config);
	must(status);
}

int main(int argc, char **argv)
{
	struct host_variant variant;

	descriptors_open();
	host_variant_read(&variant);
	preinitialize(&variant, argc, argv);
	host_install(&variant);
	initialize(argc, argv);
	return Py_RunMain();
}
