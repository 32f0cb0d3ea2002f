// SPDX-License-Identifier: MIT
#include "trace_decode.h"

const char *trace_chunk_fault(const struct trace_chunk_header *header)
{
	if (header->magic != TRACE_CHUNK_EVENTS &&
		header->magic != TRACE_CHUNK_END)
		return "no chunk begins here";
	if (header->payload_bytes > TRACE_PAYLOAD_MAX)
		return "a chunk's payload is longer than 65472 bytes";
	if (header->thread >= TRACE_THREADS)
		return "a chunk's thread is above 1048575";
	if (header->parent != TRACE_NO_PARENT &&
		(header->parent >= TRACE_THREADS ||
			header->parent == header->thread))
		return "a chunk's parent thread is above 1048575, or itself";
	if (header->magic == TRACE_CHUNK_END)
		return header->events == 0 && header->blocks == 0
			? NULL
			: "an end chunk has events";
	if (header->events == 0 || header->events > header->payload_bytes)
		return "a chunk has no events, or more than bytes";
	if (header->blocks > header->events)
		return "a chunk has more blocks than events";
	if (header->first_event > UINT64_MAX - header->events ||
		header->first_block > TRACE_COUNT_MAX - header->blocks ||
		header->first_block > header->first_event)
		return "a chunk's counts overflow";
	if (header->end < header->begin)
		return "a chunk ends before it begins";
	return NULL;
}

void trace_decode_begin(struct trace_decoder *decoder,
	const struct trace_chunk_header *header, const unsigned char *payload,
	const struct trace_file_header *file)
{
	*decoder = (struct trace_decoder){
		.payload = payload,
		.at = payload,
		.end = payload + header->payload_bytes,
		.header = *header,
		.clock = (enum trace_clock)file->clock,
		.word_bytes = file->word_bytes,
		.blocks = header->first_block,
		.time = header->begin,
	};
}

static bool get(struct trace_decoder *decoder, uint64_t *number)
{
	return trace_get_number(&decoder->at, decoder->end, number);
}

/* An own block: it has to be there already. 0 for none such. */
static uint64_t own_block(struct trace_decoder *decoder, uint64_t count)
{
	decoder->near_own = count;
	return count >= 1 && count <= decoder->blocks
		? trace_block(decoder->header.thread, count)
		: 0;
}

static uint64_t other_block(struct trace_decoder *decoder, uint64_t thread)
{
	uint64_t step, count;

	if (!get(decoder, &step) || thread >= TRACE_THREADS ||
		thread == decoder->header.thread)
		return 0;
	count = decoder->near_other + (uint64_t)trace_unzigzag(step);
	decoder->near_other = count;
	return count >= 1 && count <= TRACE_COUNT_MAX
		? trace_block((uint32_t)thread, count)
		: 0;
}

static const char *get_named(
	struct trace_decoder *decoder, unsigned form, struct trace_event *event)
{
	uint64_t number;

	if (form == TRACE_FORM_NULL)
		return NULL;
	if (!get(decoder, &number))
		return "a number that is cut off or too long: allowed are 64 "
		       "bits";
	if (form == TRACE_FORM_BACK)
		event->old = own_block(decoder, decoder->blocks - number);
	else if (form == TRACE_FORM_NEAR)
		event->old = own_block(decoder,
			decoder->near_own + (uint64_t)trace_unzigzag(number));
	else
		event->old = other_block(decoder, number);
	return event->old != 0 ? NULL
			       : "a block that cannot be: allowed are an own "
				 "one from 1 on that is allocated, and others'";
}

static bool get_two(
	struct trace_decoder *decoder, uint64_t *first, uint64_t *second)
{
	return get(decoder, first) && get(decoder, second);
}

/* What follows the tag and the block's name. */
static bool get_numbers(
	struct trace_decoder *decoder, struct trace_event *event)
{
	uint64_t number = 0;

	switch (event->kind) {
	case TRACE_MALLOC:
	case TRACE_REALLOC:
		return get(decoder, &event->size);
	case TRACE_CALLOC:
		return get_two(decoder, &event->count, &event->size);
	case TRACE_ALIGNED_ALLOC:
	case TRACE_MEMALIGN:
	case TRACE_POSIX_MEMALIGN:
		return get_two(decoder, &event->alignment, &event->size);
	case TRACE_THREAD_CREATE:
	case TRACE_FORK:
		if (!get(decoder, &number) || number > UINT32_MAX)
			return false;
		event->other = (uint32_t)number;
		return true;
	default:
		return true;
	}
}

static bool get_time(struct trace_decoder *decoder, struct trace_event *event)
{
	const struct trace_chunk_header *header = &decoder->header;

	if (decoder->clock == TRACE_CLOCK_NONE) {
		event->time = header->begin +
			(header->end - header->begin) / header->events *
				decoder->events;
		return true;
	}
	if (!get(decoder, &event->delta) ||
		event->delta > UINT64_MAX - decoder->time)
		return false;
	decoder->time += event->delta;
	event->time = decoder->time;
	return true;
}

/* Kind, outcome and form of the first byte; false where they do not go
 * together. */
static bool get_tag(struct trace_decoder *decoder, struct trace_event *event,
	unsigned *form)
{
	unsigned tag = *decoder->at++;
	unsigned outcome = tag & (TRACE_TAG_FAILED | TRACE_TAG_FREED);

	*form = tag & TRACE_TAG_FORM;
	event->kind = (enum trace_kind)(tag & TRACE_TAG_KIND);
	if (outcome == (TRACE_TAG_FAILED | TRACE_TAG_FREED))
		return false;
	if (outcome != 0)
		event->outcome = outcome == TRACE_TAG_FAILED ? TRACE_FAILED
							     : TRACE_FREED;
	if (event->kind != TRACE_FREE && event->kind != TRACE_REALLOC &&
		*form != 0)
		return false;
	return trace_kind_name(event->kind) != NULL;
}

/* A call that gave a block gives it the thread's next name. */
static const char *name_block(
	struct trace_decoder *decoder, struct trace_event *event)
{
	const struct trace_chunk_header *header = &decoder->header;

	if (!trace_kind_allocates(event->kind) || event->outcome != TRACE_DONE)
		return NULL;
	if (decoder->blocks == header->first_block + header->blocks)
		return "more blocks than the chunk's header says: allowed are "
		       "those";
	event->block = trace_block(header->thread, ++decoder->blocks);
	return NULL;
}

static const char *decode(
	struct trace_decoder *decoder, struct trace_event *event)
{
	const char *fault = NULL;
	unsigned form;

	if (!get_tag(decoder, event, &form))
		return "an unknown kind of event: allowed are malloc to fork";
	if (event->kind == TRACE_FREE || event->kind == TRACE_REALLOC)
		fault = get_named(decoder, form, event);
	if (fault != NULL)
		return fault;
	if (!get_numbers(decoder, event) || !get_time(decoder, event))
		return "a number that is cut off or too long: allowed are 64 "
		       "bits, 32 for a thread or a process";
	fault = trace_event_fault(event, decoder->word_bytes);
	return fault != NULL ? fault : name_block(decoder, event);
}

/* Behind the last event: the header has to have said so. */
static int finish(const struct trace_decoder *decoder, const char **fault)
{
	const struct trace_chunk_header *header = &decoder->header;

	if (decoder->events == header->events &&
		decoder->blocks == header->first_block + header->blocks)
		return 0;
	*fault = "the chunk has other counts of events or blocks than its "
		 "header: allowed are those";
	return -1;
}

int trace_decode_next(struct trace_decoder *decoder, struct trace_event *event,
	const char **fault)
{
	*event = (struct trace_event){
		.thread = decoder->header.thread,
		.index = decoder->header.first_event + decoder->events,
	};
	if (decoder->at == decoder->end)
		return finish(decoder, fault);
	*fault = decoder->events < decoder->header.events
		? decode(decoder, event)
		: "more events than the chunk's header says: allowed are those";
	decoder->events++;
	return *fault == NULL ? 1 : -1;
}

static bool get_more_of_end(const unsigned char **at,
	const unsigned char *behind, struct trace_end *end)
{
	end->status = 0;
	end->unseen = 0;
	if (*at == behind)
		return true;
	return trace_get_number(at, behind, &end->status) &&
		trace_get_number(at, behind, &end->unseen) &&
		(end->status != 0 || end->unseen != 0);
}

bool trace_decode_end(
	const unsigned char *payload, size_t size, struct trace_end *end)
{
	const unsigned char *at = payload, *behind = payload + size;

	return trace_get_number(&at, behind, &end->how) &&
		trace_get_number(&at, behind, &end->lost) &&
		trace_get_number(&at, behind, &end->running) &&
		trace_get_number(&at, behind, &end->peak_blocks) &&
		trace_get_number(&at, behind, &end->peak_bytes) &&
		get_more_of_end(&at, behind, end) && at == behind &&
		end->how < TRACE_END_KINDS;
}
