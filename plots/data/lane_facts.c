// SPDX-License-Identifier: MIT
#include "lane_facts.h"

#include <stdio.h>
#include <string.h>

#include "record.h"

#define LANES_MAX 256

struct lane_facts {
	char name[RECORD_TEXT];
	bool copy, control, peer, numbers, allocates;
	json_int_t serial_bytes;
};

static struct lane_facts lanes[LANES_MAX];
static size_t lane_count;

static const char *text_of(const json_t *lane, const char *key)
{
	const char *text = json_string_value(json_object_get(lane, key));

	return text != NULL ? text : "";
}

static void add(const json_t *record)
{
	const char *role = text_of(record, "role");
	struct lane_facts *lane = &lanes[lane_count++];

	*lane = (struct lane_facts){
		.copy = strcmp(role, RECORD_ROLE_COPY) == 0,
		.control = strcmp(role, RECORD_ROLE_CONTROL) == 0,
		.peer = strcmp(role, RECORD_ROLE_PEER) == 0,
		.numbers =
			json_is_true(json_object_get(record, "numbers_blocks")),
		.allocates =
			!json_is_false(json_object_get(record, "allocates")),
		.serial_bytes = json_integer_value(
			json_object_get(record, "serial_bytes")),
	};
	snprintf(lane->name, sizeof(lane->name), "%s", text_of(record, "name"));
}

void lane_facts_read(const json_t *meta)
{
	const json_t *list =
		json_object_get(json_object_get(meta, "plan"), "lanes");

	lane_count = 0;
	for (size_t i = 0; i < json_array_size(list) && i < LANES_MAX; i++)
		add(json_array_get(list, i));
}

static const struct lane_facts *find(const char *name)
{
	static const struct lane_facts unknown = {.allocates = true};

	for (size_t i = 0; i < lane_count; i++)
		if (strcmp(lanes[i].name, name) == 0)
			return &lanes[i];
	return &unknown;
}

bool lane_is_copy(const char *name)
{
	return find(name)->copy;
}

bool lane_is_control(const char *name)
{
	return find(name)->control && find(name)->serial_bytes == 0;
}

bool lane_is_harness(const char *name)
{
	return !find(name)->allocates;
}

bool lane_has_room_only(const char *name)
{
	return find(name)->serial_bytes > 0 && !find(name)->numbers;
}

bool lane_numbers_blocks(const char *name)
{
	return find(name)->numbers;
}

bool lane_is_peer(const char *name)
{
	return find(name)->peer;
}
