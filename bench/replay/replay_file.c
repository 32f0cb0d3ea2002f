// SPDX-License-Identifier: MIT
#include "replay_file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "replay_shared.h"
#include "replay_windows.h"
#include "shipped_trace.h"

int replay_file_check(
	const struct workload_instance *instance, char error[WORKLOAD_TEXT])
{
	char magic[TRACE_MAGIC_BYTES] = "";
	char room[SHIPPED_TRACE_PATH];
	int fd = open(
		shipped_trace_path(instance->path, room), O_RDONLY | O_CLOEXEC);
	ssize_t got = fd < 0 ? -1 : read(fd, magic, sizeof(magic));

	if (got < 0)
		snprintf(error, WORKLOAD_TEXT, "%.110s: %s", instance->path,
			strerror(errno));
	else if (got < (ssize_t)sizeof(magic) ||
		memcmp(magic, TRACE_MAGIC, sizeof(magic)) != 0)
		snprintf(error, WORKLOAD_TEXT,
			"%.80s: byte 0: no trace: allowed is a file of "
			"serialbench record",
			instance->path);
	else
		got = sizeof(magic) + 1;
	if (fd >= 0)
		close(fd);
	return got > (ssize_t)sizeof(magic) ? 0 : -1;
}

/* The line without folders where it is too long with them. */
static int shorten(const struct workload_instance *instance, const char *line,
	char error[WORKLOAD_TEXT])
{
	const char *slash = strrchr(instance->path, '/');
	size_t folders =
		slash == NULL ? 0 : (size_t)(slash + 1 - instance->path);

	if (strlen(line) >= WORKLOAD_TEXT &&
		strncmp(line, instance->path, folders) == 0)
		line += folders;
	snprintf(error, WORKLOAD_TEXT, "%s", line);
	return -1;
}

/* remark is empty where there is nothing to say. */
static int survey_file(const struct workload_instance *instance,
	struct trace_replay_survey *survey, struct error *remark,
	char error[WORKLOAD_TEXT])
{
	struct trace_reader reader;
	struct error line;
	char room[SHIPPED_TRACE_PATH];
	int result = trace_reader_open(
		&reader, shipped_trace_path(instance->path, room), &line);

	if (result == 0 && instance->params[REPLAY_PACE] > 0 &&
		!trace_replay_has_times(&reader)) {
		error_set(&line,
			"%s: no times: allowed for pace is a trace of "
			"serialbench record",
			instance->path);
		result = -1;
	}
	if (result == 0)
		result = trace_replay_survey(&reader, survey, &line);
	if (result != 0 ||
		!trace_reader_peak_warning(&reader, survey->peak_bytes, remark))
		remark->text[0] = '\0';
	trace_reader_finish(&reader);
	return result == 0 ? 0 : shorten(instance, line.text, error);
}

int replay_file_plan(const struct workload_instance *instance,
	struct workload_team *team, char error[WORKLOAD_TEXT])
{
	struct trace_replay_survey survey;
	struct error remark;

	if (survey_file(instance, &survey, &remark, error) != 0)
		return -1;
	snprintf(team->remark, sizeof(team->remark), "%s", remark.text);
	team->multiple = (unsigned)instance->params[REPLAY_COPIES];
	team->most = survey.threads * team->multiple;
	return 0;
}

uint64_t replay_file_course(const struct workload_instance *instance)
{
	uint64_t copies = (uint64_t)instance->params[REPLAY_COPIES];
	uint64_t halves_of_turn = 2 * instance->threads / copies;
	struct trace_replay_survey survey;
	struct error remark;
	char error[WORKLOAD_TEXT];

	/* The plan has read it; where it is gone the replay says so. */
	if (survey_file(instance, &survey, &remark, error) != 0)
		return 1;
	return (survey.halves + halves_of_turn - 1) / halves_of_turn;
}

static uint32_t workers_of(const struct workload_instance *instance)
{
	return instance->threads / (uint32_t)instance->params[REPLAY_COPIES];
}

static uint32_t room_of(const struct workload_instance *instance)
{
	return (uint32_t)instance->params[REPLAY_WINDOW] * 1000;
}

size_t replay_file_common_bytes(const struct workload_instance *instance)
{
	uint32_t workers = workers_of(instance);

	return workers == 0 ? 0
			    : replay_windows_bytes(workers, room_of(instance));
}

int replay_file_make_common(
	const struct workload_instance *instance, void *memory)
{
	struct trace_replay_window *windows[2];
	char room[SHIPPED_TRACE_PATH];
	uint32_t workers = workers_of(instance);

	replay_windows_lay_out(windows, memory, workers, room_of(instance));
	return replay_windows_fill(windows,
		shipped_trace_path(instance->path, room), workers,
		(uint32_t)instance->params[REPLAY_PACE]);
}
