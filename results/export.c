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

static int fail(char error[CSV_ERROR], const char *path)
{
	snprintf(error, CSV_ERROR, "%.700s: %s", path, strerror(errno));
	return -1;
}

/* NULL with error[]. */
static json_t *read_meta(const char *run, char error[CSV_ERROR])
{
	json_error_t reason;
	json_t *meta;
	char *path;

	if (asprintf(&path, "%s/meta.json", run) < 0) {
		snprintf(error, CSV_ERROR, "%s", strerror(ENOMEM));
		return NULL;
	}
	meta = json_load_file(path, 0, &reason);
	if (meta == NULL && reason.line < 0)
		fail(error, path);
	else if (meta == NULL)
		snprintf(error, CSV_ERROR, "%.600s:%d:%d: %s", path,
			reason.line, reason.column, reason.text);
	free(path);
	return meta;
}

static int write_file(
	const json_t *document, const char *path, char error[CSV_ERROR])
{
	char *new_path;
	int result = -1;

	if (asprintf(&new_path, "%s.new", path) < 0) {
		errno = ENOMEM;
		return fail(error, path);
	}
	if (json_dump_file(document, new_path,
		    JSON_INDENT(2) | JSON_PRESERVE_ORDER) == 0)
		result = rename(new_path, path);
	if (result != 0) {
		fail(error, path);
		unlink(new_path);
	}
	free(new_path);
	return result;
}

static int write_document(
	const json_t *document, const char *path, char error[CSV_ERROR])
{
	if (path != NULL)
		return write_file(document, path, error);
	json_dumpf(document, stdout, JSON_INDENT(2) | JSON_PRESERVE_ORDER);
	putchar('\n');
	return 0;
}

int export_run(const char *run, enum export_format format, const char *path,
	char error[CSV_ERROR])
{
	struct export_turns turns = {0};
	json_t *document = NULL, *meta = read_meta(run, error);
	int result = -1;

	if (meta == NULL || export_turns_read(&turns, run, error) != 0)
		goto out;
	if (turns.count == 0) {
		snprintf(error, CSV_ERROR,
			"%.700s/trials.csv: no launch is left to export", run);
		goto out;
	}
	document = formats[format].make(&turns, meta);
	if (document == NULL)
		snprintf(error, CSV_ERROR, "%s", strerror(ENOMEM));
	else
		result = write_document(document, path, error);
out:
	json_decref(document);
	json_decref(meta);
	export_turns_finish(&turns);
	return result;
}
