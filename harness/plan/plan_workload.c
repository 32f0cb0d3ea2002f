// SPDX-License-Identifier: MIT
#include "plan_workload.h"

#include <stdio.h>
#include <string.h>

#include "nearest_name.h"

/* The start of a text up to one of the ends. */
static void cut(const char *text, const char *ends, char word[WORKLOAD_TEXT])
{
	snprintf(word, WORKLOAD_TEXT, "%.*s", (int)strcspn(text, ends), text);
}

static void suggest_workload(const char *text, struct error *error)
{
	char word[WORKLOAD_TEXT];
	struct nearest_name nearest = {.word = word};

	cut(text, ",:", word);
	for (size_t i = 0; workloads[i] != NULL; i++)
		nearest_name_try(&nearest, workloads[i]->name);
	error_add_nearest(error, &nearest);
}

static const struct workload_param *find_param(
	const struct workload *workload, const char *name)
{
	for (size_t i = 0; workload->params[i].name != NULL; i++)
		if (strcmp(workload->params[i].name, name) == 0)
			return &workload->params[i];
	return NULL;
}

/* Whether "name=value" has a word that is none of those allowed there. */
static bool suggest_setting(
	const struct workload *workload, const char *text, struct error *error)
{
	char word[WORKLOAD_TEXT];
	struct nearest_name nearest = {.word = word};
	const struct workload_param *param;

	cut(text, "=,", word);
	param = find_param(workload, word);
	if (param == NULL) {
		for (size_t i = 0; workload->params[i].name != NULL; i++)
			nearest_name_try(&nearest, workload->params[i].name);
	} else if (param->names != NULL && text[strlen(word)] == '=') {
		cut(text + strlen(word) + 1, ",", word);
		for (int64_t i = param->least; i <= param->most; i++) {
			if (strcmp(param->names[i], word) == 0)
				return false;
			nearest_name_try(&nearest, param->names[i]);
		}
	} else {
		return false;
	}
	error_add_nearest(error, &nearest);
	return true;
}

int plan_workload_parse(const char *text, struct workload_instance *instance,
	struct error *error)
{
	char reason[WORKLOAD_TEXT];
	const char *comma = text;

	if (workload_parse(text, instance, reason) == 0)
		return 0;
	error_set(error, "--workload: %s", reason);
	if (strlen(text) >= WORKLOAD_TEXT)
		return -1;
	if (instance->workload == NULL)
		suggest_workload(text, error);
	else
		while ((comma = strchr(comma, ',')) != NULL)
			if (suggest_setting(instance->workload, ++comma, error))
				break;
	return -1;
}
