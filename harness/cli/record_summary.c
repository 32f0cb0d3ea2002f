// SPDX-License-Identifier: MIT
#include "record_summary.h"

#include <dirent.h>
#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>

#include "trace_reader.h"

uint64_t record_summary_start(void)
{
	struct timespec now;

	clock_gettime(CLOCK_REALTIME, &now);
	return (uint64_t)now.tv_sec * 1000000000 + (uint64_t)now.tv_nsec;
}

static uint64_t count_events(const struct trace_reader *reader)
{
	uint64_t events = 0;

	for (uint32_t i = 0; i < reader->thread_count; i++)
		events += reader->threads[i].events;
	return events;
}

static void print_end(const struct trace_reader *reader)
{
	static const char *const ends[] = {
#define END_TEXT(name, text) [TRACE_END_##name] = text,
		TRACE_ENDS(END_TEXT)
#undef END_TEXT
	};

	if (!reader->ended) {
		fprintf(stderr,
			"; no end (killed, or the file could not be written)"
			"\n");
		return;
	}
	fprintf(stderr,
		", %" PRIu64 " blocks and %" PRIu64
		" bytes live at the peak, %" PRIu64 " events lost, end: %s\n",
		reader->end.peak_blocks, reader->end.peak_bytes,
		reader->end.lost, ends[reader->end.how]);
}

static void print_trace(const char *path)
{
	struct trace_reader reader = {.fd = -1};
	struct error error;
	struct stat status;

	if (stat(path, &status) == 0 && status.st_size == 0)
		fprintf(stderr,
			"serialbench record: %s: nothing was recorded; a "
			"program that is linked statically, or setuid, cannot "
			"be\n",
			path);
	else if (trace_reader_open(&reader, path, &error) != 0)
		fprintf(stderr, "serialbench record: %s\n", error.text);
	else {
		fprintf(stderr,
			"serialbench record: %s: %" PRIu64
			" events, %u thread%s, %" PRIu64 " bytes",
			path, count_events(&reader), reader.thread_count,
			reader.thread_count == 1 ? "" : "s", reader.file_bytes);
		print_end(&reader);
	}
	trace_reader_finish(&reader);
}

/* .PID or .PID.N, no other name. */
static bool is_of_image(const char *rest)
{
	const char *const digits = "0123456789";
	size_t pid = rest[0] == '.' ? strspn(rest + 1, digits) : 0;
	size_t image;

	if (pid == 0)
		return false;
	rest += 1 + pid;
	if (rest[0] == '\0')
		return true;
	image = rest[0] == '.' ? strspn(rest + 1, digits) : 0;
	return image > 0 && rest[1 + image] == '\0';
}

/* Events of a trace of this recording; false where it is none. */
static bool count_other(
	const char *path, uint64_t start_unix_ns, uint64_t *events)
{
	struct trace_reader reader = {.fd = -1};
	struct error error;
	bool counts = trace_reader_open(&reader, path, &error) == 0 &&
		reader.header.start_unix_ns >= start_unix_ns;

	*events = counts ? count_events(&reader) : 0;
	trace_reader_finish(&reader);
	return counts;
}

static void print_others(
	const char *folder, const char *name, DIR *dir, uint64_t start_unix_ns)
{
	uint64_t files = 0, all = 0, events, most = 0;
	char path[4200], largest[4200] = "";
	const struct dirent *entry;
	size_t length = strlen(name);

	while ((entry = readdir(dir)) != NULL) {
		if (strncmp(entry->d_name, name, length) != 0 ||
			!is_of_image(entry->d_name + length))
			continue;
		snprintf(path, sizeof(path), "%s/%s", folder, entry->d_name);
		if (!count_other(path, start_unix_ns, &events))
			continue;
		files++;
		all += events;
		if (events < most)
			continue;
		most = events;
		strcpy(largest, path);
	}
	if (files > 0)
		fprintf(stderr,
			"serialbench record: %" PRIu64
			" more of other programs and forked children: %" PRIu64
			" events, most of them (%" PRIu64 ") in %s\n",
			files, all, most, largest);
}

void record_summary_print(const char *path, uint64_t start_unix_ns)
{
	char folder[4200];
	char *slash;
	DIR *dir;

	print_trace(path);
	snprintf(folder, sizeof(folder), "%s", path);
	slash = strrchr(folder, '/');
	if (slash == NULL)
		return;
	*slash = '\0';
	dir = opendir(folder[0] != '\0' ? folder : "/");
	if (dir == NULL)
		return;
	print_others(folder, slash + 1, dir, start_unix_ns);
	closedir(dir);
}
