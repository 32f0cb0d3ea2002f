// SPDX-License-Identifier: MIT
#include "export.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "export_turns.h"

static const struct {
	const char *name;
	json_t *(*make)(const struct export_turns *turns, const json_t *meta);
} formats[EXPORT_FORMATS] = {
	[EXPORT_GBENCH] = {"gbench", export_gbench},
	[EXPORT_PYPERF] = {"pyperf", export_pyperf},
};

const char *export_format_name(enum export_format format)
{
	return formats[format].name;
}

/* NULL with error. */
static json_t *read_meta(const char *run, struct error *error)
{
	json_error_t reason;
	json_t *meta;
	char *path;

	if (asprintf(&path, "%s/meta.json", run) < 0) {
		error_set(error, "%s", strerror(ENOMEM));
		return NULL;
	}
	meta = json_load_file(path, 0, &reason);
	if (meta == NULL && reason.line < 0)
		error_set_errno(error, path);
	else if (meta == NULL)
		error_set(error, "%s:%d:%d: %s", path, reason.line,
			reason.column, reason.text);
	free(path);
	return meta;
}

static int write_file(
	const json_t *document, const char *path, struct error *error)
{
	char *new_path;
	int result = -1;

	if (asprintf(&new_path, "%s.new", path) < 0) {
		errno = ENOMEM;
		return error_set_errno(error, path);
	}
	if (json_dump_file(document, new_path,
		    JSON_INDENT(2) | JSON_PRESERVE_ORDER) == 0)
		result = rename(new_path, path);
	if (result != 0) {
		error_set_errno(error, path);
		unlink(new_path);
	}
	free(new_path);
	return result;
}

static int write_document(
	const json_t *document, const char *path, struct error *error)
{
	if (path != NULL)
		return write_file(document, path, error);
	json_dumpf(document, stdout, JSON_INDENT(2) | JSON_PRESERVE_ORDER);
	putchar('\n');
	return 0;
}

int export_run(const char *run, enum export_format format, const char *path,
	struct error *error)
{
	struct export_turns turns = {0};
	json_t *document = NULL, *meta = read_meta(run, error);
	int result = -1;

	if (meta == NULL || export_turns_read(&turns, run, error) != 0)
		goto out;
	if (turns.count == 0) {
		error_set(error, "%s/trials.csv: no launch is left to export",
			run);
		goto out;
	}
	document = formats[format].make(&turns, meta);
	if (document == NULL)
		error_set(error, "%s", strerror(ENOMEM));
	else
		result = write_document(document, path, error);
out:
	json_decref(document);
	json_decref(meta);
	export_turns_finish(&turns);
	return result;
}
