// SPDX-License-Identifier: MIT
//
// Any bytes as a workload text: what is parsed and written parses to the same,
// in both ways of writing, and an error is one line.
#include <stdbool.h>
#include <string.h>

#include "fuzz.h"
#include "workload.h"

static void check_error(const char *error, const char *text)
{
	size_t length = strnlen(error, WORKLOAD_TEXT);

	FUZZ_CHECK(length > 0 && length < WORKLOAD_TEXT, "of \"%s\"", text);
	for (size_t i = 0; i < length; i++)
		FUZZ_CHECK((unsigned char)error[i] >= ' ' && error[i] != 127,
			"byte %zu of \"%s\"", i, error);
}

static void check_range(const struct workload_instance *instance)
{
	const struct workload_param *params = instance->workload->params;

	for (size_t i = 0; params[i].name != NULL; i++)
		FUZZ_CHECK(instance->params[i] >= params[i].least &&
				instance->params[i] <= params[i].most,
			"%s=%lld", params[i].name,
			(long long)instance->params[i]);
}

static void check_again(const struct workload_instance *instance, bool all)
{
	struct workload_instance again = {0};
	char params[WORKLOAD_TEXT], text[2 * WORKLOAD_TEXT];
	char error[WORKLOAD_TEXT];

	workload_params_text(instance, all, params);
	FUZZ_CHECK(strnlen(params, WORKLOAD_TEXT) < WORKLOAD_TEXT, "no NUL");
	snprintf(text, sizeof(text), "%s%s%s", instance->workload->name,
		params[0] ? "," : "", params);
	FUZZ_CHECK(workload_parse(text, &again, error) == 0, "\"%s\": %s", text,
		error);
	FUZZ_CHECK(again.workload == instance->workload, "\"%s\"", text);
	FUZZ_CHECK(memcmp(again.params, instance->params,
			   sizeof(again.params)) == 0,
		"\"%s\"", text);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct workload_instance instance = {0};
	char error[WORKLOAD_TEXT] = "";
	char *text = strndup((const char *)data, size);

	FUZZ_CHECK(text, "no memory");
	if (workload_parse(text, &instance, error) == 0) {
		check_range(&instance);
		check_again(&instance, true);
		check_again(&instance, false);
	} else {
		check_error(error, text);
	}
	free(text);
	return 0;
}
