// SPDX-License-Identifier: MIT
//
// The texts are those of CPython's _PyObject_DebugDumpAddress, in our order of
// looking: what cannot be trusted is named and not read.
#include "block_report.h"

#include <stdlib.h>
#include <unistd.h>

#include "safe_read.h"

#define DATA_SHOWN 8 /* bytes at each end */

static bool bytes_forbidden(const unsigned char *bytes, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (bytes[i] != FORBIDDEN_BYTE)
			return false;
	return true;
}

static void put_guard_byte(struct text_out *out, const char *place,
	size_t offset, unsigned char byte)
{
	text_out(out, "        at ");
	text_out(out, place);
	text_out_number(out, offset);
	text_out(out, ": 0x");
	text_out_byte(out, byte);
	text_out(out, byte == FORBIDDEN_BYTE ? "\n" : " *** OUCH\n");
}

static void put_lead(struct text_out *out, const struct block_view *view)
{
	const unsigned char *guard = view->lead + 1;

	text_out(out, "    The ");
	text_out_number(out, WORD - 1);
	text_out(out, " pad bytes at p-");
	text_out_number(out, WORD - 1);
	text_out(out, " are ");
	if (bytes_forbidden(guard, WORD - 1)) {
		text_out(out, "FORBIDDENBYTE, as expected.\n");
		return;
	}
	text_out(out, "not all FORBIDDENBYTE (0xfd):\n");
	for (size_t i = 0; i < WORD - 1; i++)
		put_guard_byte(out, "p-", WORD - 1 - i, guard[i]);
	text_out(out,
		"    Because memory is corrupted at the start, the count "
		"of bytes requested\n       may be bogus, and checking the "
		"trailing pad bytes may segfault.\n");
}

static void put_tail(struct text_out *out, const struct block_view *view)
{
	text_out(out, "    The ");
	text_out_number(out, TAIL_BYTES);
	text_out(out, " pad bytes at tail=");
	text_out_pointer(out, view->block + view->size);
	text_out(out, " are ");
	if (bytes_forbidden(view->tail, TAIL_BYTES)) {
		text_out(out, "FORBIDDENBYTE, as expected.\n");
		return;
	}
	text_out(out, "not all FORBIDDENBYTE (0xfd):\n");
	for (size_t i = 0; i < TAIL_BYTES; i++)
		put_guard_byte(out, "tail+", i, view->tail[i]);
}

static void put_serial(struct text_out *out, const struct block_view *view,
	const struct serial_print *serial)
{
	if (!view->serial_readable || !serial->numbers_blocks)
		return;
	text_out(out, "    The block was made by call ");
	serial->print(out, view->serial);
	text_out(out, " to debug malloc/realloc.\n");
}

static void put_bytes(
	struct text_out *out, const unsigned char *bytes, size_t count)
{
	unsigned char byte;

	for (size_t i = 0; i < count; i++) {
		if (!safe_read(&byte, bytes + i, 1))
			return;
		text_out_char(out, ' ');
		text_out_byte(out, byte);
	}
}

static void put_data(struct text_out *out, const struct block_view *view)
{
	const unsigned char *data = view->block;
	size_t first = view->size < DATA_SHOWN ? view->size : DATA_SHOWN;
	size_t left = view->size - first;
	size_t last = left < DATA_SHOWN ? left : DATA_SHOWN;

	if (view->size == 0)
		return;
	text_out(out, "    Data at p:");
	put_bytes(out, data, first);
	if (left > DATA_SHOWN)
		text_out(out, " ...");
	put_bytes(out, data + view->size - last, last);
	text_out_char(out, '\n');
}

/* No header of ours: the bytes where it would be, and no guesses. */
static void put_stranger(struct text_out *out, const struct block_view *view)
{
	text_out(out, " freed or foreign\n");
	if (!view->header_readable) {
		text_out(out,
			"    The bytes in front of it cannot be read.\n\n");
		return;
	}
	text_out(out, "    No debug header in front of it. The ");
	text_out_number(out, HEADER_BYTES);
	text_out(out, " bytes at p-");
	text_out_number(out, HEADER_BYTES);
	text_out(out, " are");
	put_bytes(out, view->block - HEADER_BYTES, HEADER_BYTES);
	text_out(out, "\n\n");
}

static void put_untrusted(struct text_out *out, const struct block_view *view)
{
	if (view->distance_bad)
		text_out(out,
			"    The header says that the block is an aligned one, "
			"but the distance to the underlying block is "
			"impossible.\n");
	if (view->distance_guard_bad)
		text_out(out,
			"    The pad bytes before the header, up to the "
			"underlying block, are not all FORBIDDENBYTE "
			"(0xfd).\n");
	if (view->found == ALLOC_CHECK_DAMAGED_SIZE)
		text_out(out,
			"    This size does not fit in the underlying "
			"block: it was overwritten; trailing pad bytes "
			"and data are not looked for.\n");
}

static void put_block(struct text_out *out, const struct block_view *view,
	const struct serial_print *serial)
{
	bool tail =
		view->tail_readable && view->found != ALLOC_CHECK_DAMAGED_SIZE;

	text_out(out, " API '");
	text_out_char(out, view->api);
	text_out(out, "'\n    ");
	text_out_number(out, view->size);
	text_out(out, " bytes originally requested\n");
	put_lead(out, view);
	put_untrusted(out, view);
	if (tail) {
		put_tail(out, view);
		put_serial(out, view, serial);
		put_data(out, view);
	}
	text_out_char(out, '\n');
}

static void put_dump(struct text_out *out, const struct block_view *view,
	const struct serial_print *serial)
{
	text_out(out, "Debug memory block at address p=");
	text_out_pointer(out, view->block);
	text_out_char(out, ':');
	if (view->block == NULL)
		text_out_char(out, '\n');
	else if (view->found == ALLOC_CHECK_FREED_OR_FOREIGN)
		put_stranger(out, view);
	else
		put_block(out, view, serial);
}

static void put_signature(struct text_out *out,
	const struct debug_domain *domain, const char *call)
{
	text_out(out, domain->fatal);
	if (call == NULL)
		return;
	text_out(out, call);
	text_out(out, ": ");
}

static void put_fatal(struct text_out *out, const struct block_view *view,
	const struct debug_domain *domain, const char *call)
{
	static const char *const what[] = {
		[ALLOC_CHECK_OK] = "block changed while it was being checked",
		[ALLOC_CHECK_API_MISMATCH] = "bad ID: Allocated using API '",
		[ALLOC_CHECK_UNDERFLOW] = "bad leading pad byte",
		[ALLOC_CHECK_OVERFLOW] = "bad trailing pad byte",
		[ALLOC_CHECK_DAMAGED_SIZE] = "damaged size",
		[ALLOC_CHECK_FREED_OR_FOREIGN] = "freed or foreign block",
	};

	put_signature(out, domain, call);
	text_out(out, what[view->found]);
	if (view->found == ALLOC_CHECK_API_MISMATCH) {
		text_out_char(out, view->api);
		text_out(out, "', verified using API '");
		text_out_char(out, domain->api_id);
		text_out_char(out, '\'');
	}
	text_out_char(out, '\n');
}

/* The domain's own reports follow what was said so far. */
static void describe(struct text_out *out, const struct debug_domain *domain,
	const void *block)
{
	if (domain->describe == NULL)
		return;
	text_out_flush(out);
	domain->describe(domain->context, block);
}

static NORETURN void end(
	struct text_out *out, const struct debug_domain *domain)
{
	text_out_flush(out);
	if (domain->last_words != NULL)
		domain->last_words(domain->context);
	abort();
}

void block_dump(const struct debug_domain *domain,
	const struct serial_print *serial, const void *block)
{
	struct block_view view;
	struct text_out out;

	text_out_init(&out, STDERR_FILENO);
	block_view(&view, domain, serial->in_block, block);
	put_dump(&out, &view, serial);
	describe(&out, domain, block);
	text_out_flush(&out);
}

void block_fatal(const struct debug_domain *domain,
	const struct serial_print *serial, const char *call, const void *block)
{
	struct block_view view;
	struct text_out out;

	text_out_init(&out, STDERR_FILENO);
	block_view(&view, domain, serial->in_block, block);
	put_dump(&out, &view, serial);
	describe(&out, domain, block);
	put_fatal(&out, &view, domain, call);
	end(&out, domain);
}

void domain_fatal(const struct debug_domain *domain, const char *error)
{
	struct text_out out;

	text_out_init(&out, STDERR_FILENO);
	put_signature(&out, domain, NULL);
	text_out(&out, error);
	text_out_char(&out, '\n');
	end(&out, domain);
}
