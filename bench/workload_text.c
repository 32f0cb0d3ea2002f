// SPDX-License-Identifier: MIT
//
// A workload's name and parameters as text, and back.
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "compiler.h"
#include "workload.h"

static size_t param_count(const struct workload *workload)
{
	size_t count = 0;

	while (workload->params[count].name != NULL)
		count++;
	return count;
}

static int refuse(char error[WORKLOAD_TEXT], const char *what, const char *text,
	const char *allowed)
{
	snprintf(
		error, WORKLOAD_TEXT, "%s '%.40s': %.90s", what, text, allowed);
	return -1;
}

/* There are too many for a line. */
static int refuse_workload(char error[WORKLOAD_TEXT], const char *name)
{
	return refuse(error, "unknown workload", name,
		"one of `serialbench list workloads`");
}

static int refuse_param(char error[WORKLOAD_TEXT],
	const struct workload *workload, const char *name)
{
	char names[96];
	size_t used = (size_t)snprintf(
		names, sizeof(names), "%s has ", workload->name);

	for (size_t i = 0; workload->params[i].name != NULL; i++)
		if (used < sizeof(names))
			used += (size_t)snprintf(names + used,
				sizeof(names) - used, "%s%s", i > 0 ? ", " : "",
				workload->params[i].name);
	return refuse(error, "unknown parameter", name, names);
}

static int refuse_path(char error[WORKLOAD_TEXT], const char *value)
{
	return refuse(error, "bad path", value, "name a file");
}

static int refuse_value(char error[WORKLOAD_TEXT],
	const struct workload_param *param, const char *value)
{
	char what[64], allowed[96];

	snprintf(what, sizeof(what), "bad value of %s", param->name);
	if (param->names == NULL)
		snprintf(allowed, sizeof(allowed),
			"a whole number from %lld to %lld",
			(long long)param->least, (long long)param->most);
	else
		snprintf(allowed, sizeof(allowed), "%s … %s",
			param->names[param->least], param->names[param->most]);
	return refuse(error, what, value, allowed);
}

static int parse_value(
	const struct workload_param *param, const char *text, int64_t *value)
{
	char *end;

	if (param->names != NULL) {
		for (int64_t i = param->least; i <= param->most; i++)
			if (strcmp(param->names[i], text) == 0) {
				*value = i;
				return 0;
			}
		return -1;
	}
	errno = 0;
	*value = strtoll(text, &end, 10);
	if (errno != 0 || end == text || *end != '\0')
		return -1;
	return *value >= param->least && *value <= param->most ? 0 : -1;
}

/* Without the folders. */
static const char *last_part(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash == NULL ? path : slash + 1;
}

/* Of two values one would be lost without a word. */
static int refuse_second(char error[WORKLOAD_TEXT], const char *name)
{
	return refuse(error, "parameter given twice", name,
		"allowed is one value of each");
}

/* "name=value" into params[]. A bit of `given` says that one was there. */
static int parse_setting(char *text, struct workload_instance *instance,
	uint32_t *given, char error[WORKLOAD_TEXT])
{
	const struct workload_param *params = instance->workload->params;
	char *value = strchr(text, '=');

	if (value == NULL)
		return refuse(error, "parameter without a value", text,
			"write name=value");
	*value++ = '\0';
	for (size_t i = 0; params[i].name != NULL; i++) {
		if (strcmp(params[i].name, text) != 0)
			continue;
		if ((*given >> i & 1) != 0)
			return refuse_second(error, text);
		*given |= UINT32_C(1) << i;
		if (params[i].is_path) {
			if (last_part(value)[0] == '\0')
				return refuse_path(error, value);
			snprintf(instance->path, sizeof(instance->path), "%s",
				value);
			return 0;
		}
		if (parse_value(&params[i], value, &instance->params[i]) != 0)
			return refuse_value(error, &params[i], value);
		return 0;
	}
	return refuse_param(error, instance->workload, text);
}

const struct workload_param *workload_subject(const struct workload *workload)
{
	for (size_t i = 0; workload->params[i].name != NULL; i++)
		if (workload->params[i].is_subject)
			return &workload->params[i];
	return NULL;
}

/* "name" or "name:FILE". */
static int parse_name(char *text, struct workload_instance *instance,
	char error[WORKLOAD_TEXT])
{
	char *file = strchr(text, ':');

	if (file != NULL)
		*file++ = '\0';
	instance->workload = workload_find(text);
	if (instance->workload == NULL)
		return refuse_workload(error, text);
	if (file == NULL)
		return 0;
	if (workload_subject(instance->workload) == NULL)
		return refuse(error, "a file behind the workload's name", file,
			"allowed is none");
	if (last_part(file)[0] == '\0')
		return refuse_path(error, file);
	snprintf(instance->path, sizeof(instance->path), "%s", file);
	return 0;
}

/* Whether all that has to be there is, and does together. */
static int check_whole(
	const struct workload_instance *instance, char error[WORKLOAD_TEXT])
{
	const struct workload *workload = instance->workload;

	if (workload_subject(workload) != NULL && instance->path[0] == '\0') {
		snprintf(error, WORKLOAD_TEXT,
			"workload '%.40s' without a file: write %.40s:FILE",
			workload->name, workload->name);
		return -1;
	}
	return workload->check == NULL ? 0 : workload->check(instance, error);
}

static int parse(const char *text, struct workload_instance *instance,
	char error[WORKLOAD_TEXT])
{
	char copy[WORKLOAD_TEXT], *place, *part;
	uint32_t given = 0;

	if (strlen(text) >= sizeof(copy))
		return refuse(
			error, "workload text", text, "at most 159 characters");
	strcpy(copy, text);
	part = strtok_r(copy, ",", &place);
	instance->path[0] = '\0';
	if (part == NULL)
		return refuse_workload(error, "");
	if (parse_name(part, instance, error) != 0)
		return -1;
	for (size_t i = 0; i < param_count(instance->workload); i++)
		instance->params[i] = instance->workload->params[i].standard;
	/* A file behind the name is the subject's value. */
	for (size_t i = 0; i < param_count(instance->workload); i++)
		if (instance->workload->params[i].is_subject &&
			instance->path[0] != '\0')
			given |= UINT32_C(1) << i;
	while ((part = strtok_r(NULL, ",", &place)) != NULL)
		if (parse_setting(part, instance, &given, error) != 0)
			return -1;
	return check_whole(instance, error);
}

int workload_parse(const char *text, struct workload_instance *instance,
	char error[WORKLOAD_TEXT])
{
	int result = parse(text, instance, error);

	/* It has what was asked for, a path among it, and is one line. */
	for (char *byte = error; result != 0 && *byte != '\0'; byte++)
		if ((unsigned char)*byte < ' ' || *byte == 127)
			*byte = '?';
	return result;
}

/* One value; returns its length, which may be more than there is room for. */
static size_t put_value(const struct workload_instance *instance, size_t index,
	bool all, char *text, size_t room)
{
	const struct workload_param *param = &instance->workload->params[index];
	int64_t value = instance->params[index];

	if (param->is_path)
		return (size_t)snprintf(text, room, "%s",
			all ? instance->path : last_part(instance->path));
	if (param->names != NULL)
		return (size_t)snprintf(text, room, "%s", param->names[value]);
	return (size_t)snprintf(text, room, "%lld", (long long)value);
}

static bool is_left_out(
	const struct workload_instance *instance, size_t index, bool all)
{
	const struct workload_param *param = &instance->workload->params[index];

	if (param->is_path)
		return instance->path[0] == '\0';
	return !all &&
		(param->names != NULL ||
			workload_subject(instance->workload) != NULL) &&
		instance->params[index] == param->standard;
}

/* Those from the first one on; the subject is passed over where it stands
 * behind the name. */
static void put_params(const struct workload_instance *instance, bool all,
	bool with_subject, char text[WORKLOAD_TEXT], size_t used)
{
	const struct workload_param *params = instance->workload->params;

	for (size_t i = 0; params[i].name != NULL; i++) {
		if (is_left_out(instance, i, all) || used >= WORKLOAD_TEXT ||
			(params[i].is_subject && !with_subject))
			continue;
		used += (size_t)snprintf(text + used, WORKLOAD_TEXT - used,
			"%s%s=", used > 0 ? "," : "", params[i].name);
		if (used < WORKLOAD_TEXT)
			used += put_value(instance, i, all, text + used,
				WORKLOAD_TEXT - used);
	}
}

void workload_params_text(const struct workload_instance *instance, bool all,
	char text[WORKLOAD_TEXT])
{
	text[0] = '\0';
	put_params(instance, all, true, text, 0);
}

void workload_name_text(
	const struct workload_instance *instance, char text[WORKLOAD_TEXT])
{
	bool has_subject = workload_subject(instance->workload) != NULL;
	size_t used = (size_t)snprintf(text, WORKLOAD_TEXT, "%s%s%s",
		instance->workload->name, has_subject ? ":" : "",
		has_subject ? last_part(instance->path) : "");

	if (used < WORKLOAD_TEXT)
		put_params(instance, false, false, text, used);
}
