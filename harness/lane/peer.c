// SPDX-License-Identifier: MIT
#include "peer.h"

#include <stdio.h>
#include <string.h>

#include "nearest_name.h"
#include "program_path.h"

#define NAME_CHARACTERS                                                        \
	"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-."
#define NAME_LONGEST 32
#define ALLOWED "allowed is NAME=LIBRARY[:ENV=VALUE…], or one of "

static const struct {
	const char *name, *description;
	const char *library; /* with variables, as on the command line */
	bool own; /* the suite's own library */
} known[] = {
	{"cpython", "CPython's debug hooks on its raw domain",
		"libserialbench-cpython.so", true},
	{"tcmalloc_debug", "gperftools' debug allocator",
		"libtcmalloc_minimal_debug.so.4", false},
	{"glibc_debug", "the C library's malloc checking",
		"libc_malloc_debug.so.0:GLIBC_TUNABLES=glibc.malloc.check=3",
		false},
};

#define KNOWN (sizeof(known) / sizeof(known[0]))

const char *const peer_names[] = {
	"cpython", "tcmalloc_debug", "glibc_debug", NULL};

_Static_assert(sizeof(peer_names) / sizeof(peer_names[0]) == KNOWN + 1,
	"each known peer is named");

const char *peer_description(const char *name)
{
	for (size_t i = 0; i < KNOWN; i++)
		if (strcmp(known[i].name, name) == 0)
			return known[i].description;
	return "a library of the user's, preloaded";
}

static int refuse_text(const char *text, struct error *error)
{
	struct nearest_name nearest = {.word = text};

	error_set(error, "'%s': " ALLOWED, text);
	for (size_t i = 0; peer_names[i] != NULL; i++) {
		error_add(error, "%s%s", i > 0 ? ", " : "", peer_names[i]);
		nearest_name_try(&nearest, peer_names[i]);
	}
	return error_add_nearest(error, &nearest);
}

static int check_name(const char *name, size_t length, struct error *error)
{
	char text[NAME_LONGEST + 1];

	if (length == 0 || length > NAME_LONGEST ||
		strspn(name, NAME_CHARACTERS) < length) {
		return error_set(error,
			"'%.*s': allowed are names of 1 to %d letters, "
			"digits, '_', '-' and '.'",
			(int)(length < 100 ? length : 100), name, NAME_LONGEST);
	}
	snprintf(text, sizeof(text), "%.*s", (int)length, name);
	if (alloc_backend_find(text) == NULL && strcmp(text, "all") != 0)
		return 0;
	return error_set(error,
		"'%s' is a variant: allowed is a name that no variant has",
		text);
}

/* Whether a variable's name and '=' stand there. */
static bool begins_variable(const char *text)
{
	size_t length = strspn(text,
		"ABCDEFGHIJKLMNOPQRSTUVWXYZ"
		"abcdefghijklmnopqrstuvwxyz_0123456789");

	return length > 0 && (text[0] < '0' || text[0] > '9') &&
		text[length] == '=';
}

/* The next colon that parts variables, or the text's end. */
static const char *find_part(const char *text)
{
	while (*text != '\0' && !(*text == ':' && begins_variable(text + 1)))
		text++;
	return text;
}

static int read_variables(
	struct allocator *allocator, const char *text, struct error *error)
{
	size_t used = 0;

	while (*text == ':') {
		const char *end = find_part(++text);
		size_t length = (size_t)(end - text);

		/* A NUL for it and one that closes the list. */
		if (used + length + 2 > sizeof(allocator->variables) ||
			strncmp(text, "LD_PRELOAD=", 11) == 0) {
			return error_set(error,
				"'%s': '%s': allowed are %zu characters of "
				"variables, none of them LD_PRELOAD",
				allocator->name, text,
				sizeof(allocator->variables) - 2);
		}
		memcpy(allocator->variables + used, text, length);
		used += length + 1;
		text = end;
	}
	return 0;
}

/* LIBRARY[:ENV=VALUE…] of a peer that has its name. */
static int read_library(
	struct allocator *allocator, const char *text, struct error *error)
{
	size_t length = (size_t)(find_part(text) - text);

	if (length > 0 && length < LANE_TEXT &&
		strcspn(text, ": \t\n") >= length) {
		memcpy(allocator->library, text, length);
		return read_variables(allocator, text + length, error);
	}
	return error_set(error,
		"'%s': '%s': allowed is a library of 1 to %d characters "
		"without blank and colon, then :ENV=VALUE",
		allocator->name, text, LANE_TEXT - 1);
}

static int read_known(
	struct allocator *allocator, const char *text, struct error *error)
{
	size_t i = 0;

	while (i < KNOWN && strcmp(known[i].name, text) != 0)
		i++;
	if (i == KNOWN)
		return refuse_text(text, error);
	snprintf(allocator->name, LANE_TEXT, "%s", text);
	if (!known[i].own)
		return read_library(allocator, known[i].library, error);
	program_path(
		allocator->library, LANE_TEXT, PROGRAM_OWN, known[i].library);
	return 0;
}

static int read_text(
	struct allocator *allocator, const char *text, struct error *error)
{
	const char *equals = strchr(text, '=');

	if (equals == NULL)
		return read_known(allocator, text, error);
	if (check_name(text, (size_t)(equals - text), error) != 0)
		return -1;
	snprintf(
		allocator->name, LANE_TEXT, "%.*s", (int)(equals - text), text);
	return read_library(allocator, equals + 1, error);
}

void peer_name_lane(struct peer *peer)
{
	peer->lane = *alloc_backend_find(PEER_BACKEND);
	peer->lane.variant = peer->allocator.name;
	peer->lane.role = ALLOC_ROLE_PEER;
	peer->lane.description = "a peer, beside the variants";
}

int peer_read(struct peer *peer, const char *text, struct error *error)
{
	struct error reason;

	memset(peer, 0, sizeof(*peer));
	if (read_text(&peer->allocator, text, error) != 0)
		return -1;
	if (allocator_prove(&peer->allocator, &reason) != 0) {
		return error_set(error, "%s", reason.text);
	}
	peer_name_lane(peer);
	return 0;
}
