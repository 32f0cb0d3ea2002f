// SPDX-License-Identifier: MIT
//
// big_trace FILE MEGABYTES BLOCKS: writes a trace of so many bytes of a program
// of two threads that has so many blocks live, none for long: a thread frees a
// block at random, now and then another one's, and allocates a new one. For
// replay_memory.py.
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "prng.h"
#include "trace_writer.h"

#define THREADS 2

struct program {
	struct trace_writer writer;
	struct trace_buffer buffers[THREADS];
	uint64_t *blocks; /* ids of live ones */
	uint64_t count;
	uint64_t random;
};

/* Nobody waits for a time that is made up. */
static uint64_t made_up_time(struct trace_writer *writer)
{
	return writer->order;
}

static int begin(struct program *program, const char *path)
{
	static const char command[] = "big_trace";
	const struct trace_program head = {
		.command = command,
		.command_bytes = sizeof(command),
		.allocator = "none",
		.clock = TRACE_CLOCK_NS,
		.page_bytes = 4096,
		.word_bytes = 8,
	};

	if (trace_writer_open(&program->writer, path, &head) != 0)
		return -1;
	program->writer.now = made_up_time;
	trace_buffer_init(
		&program->buffers[0], &program->writer, 0, TRACE_NO_PARENT);
	trace_event_create(&program->buffers[0], 1);
	trace_buffer_init(&program->buffers[1], &program->writer, 1, 0);
	return 0;
}

static void step(struct program *program)
{
	uint64_t random = prng_next(&program->random);
	uint64_t *block = &program->blocks[random % program->count];
	unsigned thread = random >> 40 & 1;
	struct trace_buffer *buffer = &program->buffers[thread];

	program->writer.order += 50 + (random >> 50);
	/* One of 32 is another thread's to free. */
	if (*block != 0)
		trace_event_free((random >> 41 & 31) == 0
				? &program->buffers[1 - thread]
				: buffer,
			*block);
	program->writer.order += 20;
	*block = trace_event_malloc(
		buffer, 16 + (random >> 32 & 255), TRACE_DONE);
}

static int end(struct program *program)
{
	const struct trace_end end = {.how = TRACE_END_EXIT,
		.peak_blocks = program->count,
		.peak_bytes = program->count * 271};
	int result = 0;

	for (unsigned i = THREADS; i-- > 0;)
		result |= trace_buffer_flush(&program->buffers[i]);
	result |= trace_writer_end(&program->writer, 0, end);
	trace_writer_close(&program->writer);
	return result;
}

int main(int argc, char **argv)
{
	static struct program program = {.random = 1};
	uint64_t bytes = argc == 4 ? strtoull(argv[2], NULL, 10) << 20 : 0;

	program.count = argc == 4 ? strtoull(argv[3], NULL, 10) : 0;
	if (bytes == 0 || program.count == 0) {
		fprintf(stderr, "big_trace FILE MEGABYTES BLOCKS\n");
		return 2;
	}
	program.blocks = calloc(program.count, sizeof(*program.blocks));
	if (program.blocks == NULL || begin(&program, argv[1]) != 0) {
		perror(argv[1]);
		return 1;
	}
	while (program.writer.bytes < bytes &&
		atomic_load(&program.writer.tally->error) == 0)
		step(&program);
	free(program.blocks);
	if (end(&program) == 0)
		return 0;
	fprintf(stderr, "%s: %s\n", argv[1],
		strerror(atomic_load(&program.writer.tally->error)));
	return 1;
}
