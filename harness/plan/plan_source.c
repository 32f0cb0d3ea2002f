// SPDX-License-Identifier: MIT
#include "plan_source.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "printable.h"
#include "shipped_trace.h"
#include "trace_checksum.h"

#define PIECE (size_t)(1 << 18)

/* The workload's parameter that is a path, or NULL. */
static const struct workload_param *path_param(const char *text)
{
	char name[WORKLOAD_TEXT];
	const struct workload *workload;

	snprintf(name, sizeof(name), "%.*s", (int)strcspn(text, ",:"), text);
	workload = workload_find(name);
	for (size_t i = 0; workload != NULL && workload->params[i].name != NULL;
		i++)
		if (workload->params[i].is_path)
			return &workload->params[i];
	return NULL;
}

/* Where the path stands in a workload's text: behind its parameter, the last
 * time that it is set, or behind the name. False where there is none. */
static bool find_path(const char *text, size_t *begin, size_t *end)
{
	const struct workload_param *param = path_param(text);
	size_t head = strcspn(text, ",:");
	char setting[WORKLOAD_TEXT + 4];

	if (param == NULL)
		return false;
	*begin = text[head] == ':' ? head + 1 : 0;
	snprintf(setting, sizeof(setting), ",%s=", param->name);
	for (const char *at = strstr(text, setting); at != NULL;
		at = strstr(at + 1, setting))
		*begin = (size_t)(at - text) + strlen(setting);
	*end = *begin + strcspn(text + *begin, ",");
	return *begin > 0;
}

static const char *last_part(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash == NULL ? path : slash + 1;
}

static const struct plan_source *find_source(
	const struct plan_sources *sources, const char *name)
{
	for (size_t i = 0; i < sources->count; i++)
		if (strcmp(sources->list[i].name, name) == 0)
			return &sources->list[i];
	return NULL;
}

const struct plan_source *plan_source_place(const struct plan_sources *known,
	const char *text, char placed[WORKLOAD_TEXT])
{
	const struct plan_source *source;
	char name[WORKLOAD_TEXT];
	size_t begin, end;

	snprintf(placed, WORKLOAD_TEXT, "%s", text);
	if (!find_path(text, &begin, &end))
		return NULL;
	snprintf(name, sizeof(name), "%.*s", (int)(end - begin), text + begin);
	source = find_source(known, name);
	if (source == NULL || source->path[0] == '\0' ||
		access(source->path, F_OK) != 0 ||
		strlen(text) - (end - begin) + strlen(source->path) >=
			WORKLOAD_TEXT)
		return NULL;
	snprintf(placed, WORKLOAD_TEXT, "%.*s%s%s", (int)begin, text,
		source->path, text + end);
	return source;
}

/* 0, or -1 with errno. */
static int look(struct plan_source *source, const char *path)
{
	struct trace_checksum checksum;
	unsigned char *piece = malloc(PIECE);
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	ssize_t got = -1;

	trace_checksum_init(&checksum);
	while (piece != NULL && fd >= 0 && (got = read(fd, piece, PIECE)) > 0) {
		uint32_t sums[2] = {source->checksum,
			trace_checksum(&checksum, piece, (size_t)got)};

		/* A checksum of the pieces' checksums: in files of one piece
		 * no other than that. */
		source->checksum = source->bytes == 0
			? sums[1]
			: trace_checksum(&checksum, sums, sizeof(sums));
		source->bytes += (uint64_t)got;
	}
	if (fd >= 0)
		close(fd);
	free(piece);
	return got == 0 ? 0 : -1;
}

int plan_source_add(struct plan_sources *sources, const char *text,
	const struct plan_source *asked, struct error *error)
{
	struct plan_source *source = &sources->list[sources->count];
	char path[WORKLOAD_TEXT], room[SHIPPED_TRACE_PATH], *real;
	const char *found;
	size_t begin, end;

	if (!find_path(text, &begin, &end))
		return 0;
	snprintf(path, sizeof(path), "%.*s", (int)(end - begin), text + begin);
	if (find_source(sources, last_part(path)) != NULL ||
		sources->count == PLAN_SOURCES)
		return 0;
	memset(source, 0, sizeof(*source));
	snprintf(source->name, WORKLOAD_TEXT, "%s", last_part(path));
	snprintf(source->asked, WORKLOAD_TEXT, "%s",
		asked != NULL ? asked->asked : path);
	found = shipped_trace_path(path, room);
	real = realpath(found, NULL);
	if (real == NULL || look(source, real) != 0) {
		error_set(error, "%s: %s", path, error_reason(errno));
		free(real);
		return -1;
	}
	/* A shipped trace is found by its name. */
	if (found == path && strlen(real) < WORKLOAD_TEXT)
		strcpy(source->path, real);
	free(real);
	sources->count++;
	return 0;
}

int plan_sources_same(const struct plan_sources *now,
	const struct plan_sources *then, struct error *error)
{
	for (size_t i = 0; i < now->count; i++) {
		const struct plan_source *own = &now->list[i];
		const struct plan_source *other = find_source(then, own->name);

		if (other == NULL ||
			(own->bytes == other->bytes &&
				own->checksum == other->checksum))
			continue;
		error_set(error,
			"%s: %" PRIu64 " bytes, checksum %08" PRIx32
			", and %" PRIu64 " bytes, checksum %08" PRIx32
			" when the run was planned: allowed is the file that "
			"it was planned with",
			own->path[0] != '\0' ? own->path : own->asked,
			own->bytes, own->checksum, other->bytes,
			other->checksum);
		make_printable(error->text);
		return -1;
	}
	return 0;
}

json_t *plan_sources_record(const struct plan_sources *sources)
{
	json_t *record = json_array();

	for (size_t i = 0; sources != NULL && i < sources->count; i++) {
		const struct plan_source *source = &sources->list[i];

		json_array_append_new(record,
			json_pack("{s:s, s:s, s:s, s:I, s:I}", "name",
				source->name, "asked", source->asked, "path",
				source->path, "bytes",
				(json_int_t)source->bytes, "checksum",
				(json_int_t)source->checksum));
	}
	return record;
}

/* A text of the record; false where it is none that fits. */
static bool read_text(
	const json_t *item, const char *name, char text[WORKLOAD_TEXT])
{
	const char *value = json_string_value(json_object_get(item, name));

	if (value == NULL || strlen(value) >= WORKLOAD_TEXT)
		return false;
	strcpy(text, value);
	return true;
}

void plan_sources_read(struct plan_sources *sources, const json_t *record)
{
	const json_t *item;
	size_t i;

	sources->count = 0;
	json_array_foreach(record, i, item)
	{
		struct plan_source *source = &sources->list[sources->count];
		json_int_t bytes =
			json_integer_value(json_object_get(item, "bytes"));
		json_int_t checksum =
			json_integer_value(json_object_get(item, "checksum"));

		if (sources->count == PLAN_SOURCES ||
			!read_text(item, "name", source->name) ||
			!read_text(item, "asked", source->asked) ||
			!read_text(item, "path", source->path) || bytes < 0 ||
			checksum < 0 || checksum > UINT32_MAX)
			continue;
		source->bytes = (uint64_t)bytes;
		source->checksum = (uint32_t)checksum;
		sources->count++;
	}
}
