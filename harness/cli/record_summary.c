// SPDX-License-Identifier: MIT
#include "record_summary.h"

#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>

#include "record_files.h"
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

static void print_end(
	const struct trace_reader *reader, const struct error *reason)
{
	char words[TRACE_END_WORDS];

	if (!reader->ended) {
		fprintf(stderr, "; no end (%s)\n",
			reason->text[0] != '\0'
				? reason->text
				: "killed, or the file could not be written");
		return;
	}
	if (reader->end.peak_blocks > 0)
		fprintf(stderr,
			", %" PRIu64 " blocks and %" PRIu64
			" bytes live at the peak",
			reader->end.peak_blocks, reader->end.peak_bytes);
	fprintf(stderr, ", %" PRIu64 " events lost, ", reader->end.lost);
	if (reader->end.unseen > 0)
		fprintf(stderr, "%" PRIu64 " frees not seen, ",
			reader->end.unseen);
	fprintf(stderr, "end: %s\n", trace_end_words(&reader->end, words));
}

static uint64_t count_blocks(const struct trace_reader *reader)
{
	uint64_t blocks = 0;

	for (uint32_t i = 0; i < reader->thread_count; i++)
		blocks += reader->threads[i].blocks;
	return blocks;
}

static void print_counts(const struct trace_reader *reader, const char *path,
	const struct error *reason)
{
	fprintf(stderr,
		"serialbench record: %s: %" PRIu64
		" events, %u thread%s, %" PRIu64 " bytes",
		path, count_events(reader), reader->thread_count,
		reader->thread_count == 1 ? "" : "s", reader->file_bytes);
	print_end(reader, reason);
}

/* False where the program's calls did not come to the recorder. */
static bool print_trace(
	const char *path, const struct record_said *said, const char *program)
{
	struct trace_reader reader = {.fd = -1};
	bool own_malloc, recorded = true;
	struct error error;

	if (trace_reader_open(&reader, path, &error) != 0) {
		fprintf(stderr, "serialbench record: %s\n", error.text);
		goto done;
	}
	own_malloc = reader.header.flags & TRACE_FLAG_OWN_MALLOC;
	recorded = !own_malloc || count_blocks(&reader) > 0;
	if (!recorded)
		fprintf(stderr,
			"serialbench record: %s brings its own malloc: nothing "
			"was recorded\n",
			program);
	else if (!said->quiet)
		print_counts(&reader, path, said->reason);
	if (recorded && own_malloc && !said->quiet)
		fprintf(stderr,
			"serialbench record: %s brings its own malloc: only "
			"the calls that go past it were recorded\n",
			program);
done:
	trace_reader_finish(&reader);
	return recorded;
}

static bool is_empty(const char *path)
{
	struct stat status;

	return stat(path, &status) == 0 && status.st_size == 0;
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

struct others {
	uint64_t start_unix_ns;
	uint64_t files, events, most;
	char largest[RECORD_PATH_BYTES];
};

static void add_other(const char *path, void *argument)
{
	struct others *others = argument;
	uint64_t events;

	if (!count_other(path, others->start_unix_ns, &events))
		return;
	others->files++;
	others->events += events;
	if (events < others->most)
		return;
	others->most = events;
	snprintf(others->largest, sizeof(others->largest), "%s", path);
}

bool record_summary_print(const char *path, uint64_t start_unix_ns,
	const char *program, const struct record_said *said)
{
	struct others others = {.start_unix_ns = start_unix_ns};
	bool empty = is_empty(path), recorded = true;

	record_files_each(path, add_other, &others);
	if (empty)
		fprintf(stderr,
			"serialbench record: %s: nothing was recorded; a "
			"program that is linked statically, or setuid, cannot "
			"be\n",
			path);
	else
		recorded = print_trace(path, said, program);
	if (others.files > 0 && !said->quiet)
		fprintf(stderr,
			"serialbench record: %" PRIu64
			" more of other programs and forked children: %" PRIu64
			" events, most of them (%" PRIu64 ") in %s\n",
			others.files, others.events, others.most,
			others.largest);
	return recorded && (!empty || others.files > 0);
}
