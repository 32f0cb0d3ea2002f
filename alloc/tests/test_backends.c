// SPDX-License-Identifier: MIT
//
// The registry: who is in it, and that what is missing is named; and what its
// backends say of blocks on the real heap.
#include <string.h>

#include "check.h"
#include "wrapper.h"

/* A member that the contract demands; clearing its bytes sets it to NULL. */
#define MEMBER(name)                                                           \
	{                                                                      \
#name, offsetof(struct alloc_backend, name)                    \
	}

static const struct {
	const char *name;
	size_t offset;
} demanded[] = {
	MEMBER(variant),
	MEMBER(serial_scheme),
	MEMBER(description),
	MEMBER(guarantees),
	MEMBER(bytes_added),
	MEMBER(alloc),
	MEMBER(calloc),
	MEMBER(aligned_alloc),
	MEMBER(realloc),
	MEMBER(free),
	MEMBER(usable_size),
	MEMBER(slot_size),
	MEMBER(serial_of),
	MEMBER(check),
	MEMBER(take_serials),
};

#define FOR_EACH_BACKEND(b)                                                    \
	for (const struct alloc_backend *const *b##_at = alloc_backends,       \
					       *b = *b##_at;                   \
		b != NULL; b = *++b##_at)

static void nothing_is_missing(void **state)
{
	(void)state;
	FOR_EACH_BACKEND(backend)
	{
		const char *missing = alloc_backend_missing(backend);

		in_case("%s", backend->variant);
		CHECK_TEXT(missing != NULL ? missing : "nothing", "nothing");
	}
}

/* A block's number goes by the name of its header and its library. */
static void a_scheme_is_named_as_its_variant(void **state)
{
	(void)state;
	FOR_EACH_BACKEND(backend)
	{
		in_case("%s", backend->variant);
		CHECK_TEXT(backend->serial_scheme,
			backend->serial_bytes > 0 ? backend->variant : "none");
	}
}

static void what_is_missing_is_named(void **state)
{
	(void)state;
	FOR_EACH_BACKEND(backend)
	for (size_t i = 0; i < LENGTH(demanded); i++) {
		struct alloc_backend broken = *backend;
		const char *missing;

		in_case("%s without %s", backend->variant, demanded[i].name);
		memset((char *)&broken + demanded[i].offset, 0, sizeof(void *));
		missing = alloc_backend_missing(&broken);
		CHECK_TEXT(missing != NULL ? missing : "nothing",
			demanded[i].name);
	}
}

static void another_abi_is_named(void **state)
{
	(void)state;
	FOR_EACH_BACKEND(backend)
	{
		struct alloc_backend broken = *backend;
		const char *missing;

		in_case("%s", backend->variant);
		broken.abi++;
		missing = alloc_backend_missing(&broken);
		CHECK_TEXT(missing != NULL ? missing : "nothing", "abi");
		memset(&broken, 0, sizeof(broken));
		missing = alloc_backend_missing(&broken);
		CHECK_TEXT(missing != NULL ? missing : "nothing", "abi");
	}
}

/* Two hooks may be NULL, one of them only where there is nothing to watch. */
static void some_hooks_may_be_missing(void **state)
{
	(void)state;
	FOR_EACH_BACKEND(backend)
	{
		struct alloc_backend broken = *backend;
		const char *missing;

		in_case("%s", backend->variant);
		broken.thread_number = NULL;
		broken.watch_serials = NULL;
		missing = alloc_backend_missing(&broken);
		CHECK_TEXT(missing != NULL ? missing : "nothing",
			backend->numbers_blocks ? "watch_serials" : "nothing");
	}
}

static void each_is_found_by_its_name(void **state)
{
	static const char *const none[] = {
		"", "Atomic", "atomic ", "atom", "atomics", "PLAIN"};

	(void)state;
	FOR_EACH_BACKEND(backend)
	{
		in_case("%s", backend->variant);
		CHECK_SAME(alloc_backend_find(backend->variant), backend);
	}
	for (size_t i = 0; i < LENGTH(none); i++) {
		in_case("\"%s\"", none[i]);
		CHECK_SAME(alloc_backend_find(none[i]), NULL);
	}
}

/* What the architecture demands is there. */
static void the_required_variants_are_there(void **state)
{
	static const struct {
		const char *variant, *scheme;
		size_t added;
		bool numbers_blocks;
	} required[] = {
		{"none", "none", 24, false},
		{"global", "global", 32, true},
		{"atomic", "atomic", 32, true},
		{"tls", "tls", 32, true},
		{"slot", "slot", 32, false},
		{"again", "none", 24, false},
		{"plain", "none", 0, false},
		{"null", "none", 0, false},
	};

	(void)state;
	for (size_t i = 0; i < LENGTH(required); i++) {
		const struct alloc_backend *backend =
			alloc_backend_find(required[i].variant);

		in_case("%s", required[i].variant);
		CHECK(backend != NULL);
		CHECK_TEXT(backend->serial_scheme, required[i].scheme);
		CHECK_EQUAL(backend->bytes_added(1, 0), required[i].added);
		CHECK_EQUAL(
			backend->numbers_blocks, required[i].numbers_blocks);
		CHECK(strlen(backend->description) > 0 &&
			strlen(backend->guarantees) > 0);
		CHECK(strpbrk(backend->description, "\n") == NULL);
	}
}

/* `again` is `none`, but not the same code. */
static void again_is_a_second_build(void **state)
{
	const struct alloc_backend *none = alloc_backend_find("none");
	const struct alloc_backend *again = alloc_backend_find("again");

	(void)state;
	CHECK(none->alloc != again->alloc);
	CHECK(none->free != again->free);
}

static void wrappers_are_backends(void **state)
{
	size_t count = 0;

	(void)state;
	FOR_EACH_WRAPPER(w)
	{
		in_case("%s", wrapper_name(w));
		CHECK_SAME(alloc_backend_find(wrapper_name(w)), w->backend);
		count++;
	}
	CHECK(count >= 6);
}

/* From the header's size, or its id, to the end of the tail. A look at where a
 * damaged size leads would itself be a fault to a sanitizer. */
#ifdef ALLOC_TESTS_SANITIZED
#define DAMAGE_FIRST (-8)
#else
#define DAMAGE_FIRST (-16)
#endif
#define DAMAGE_END 8 /* behind the block */

/* On the heap itself, whose slots tell what a size cannot be. */
static void damage_of_a_live_block_is_seen(void **state)
{
	static const size_t sizes[] = {
		0, 1, 7, 24, 25, 100, 1000, 4072, 4096, 5000, 70000, 300000};

	(void)state;
	FOR_EACH_WRAPPER(w)
	for (size_t i = 0; i < 2 * LENGTH(sizes); i++) {
		const struct alloc_backend *backend = w->backend;
		size_t size = sizes[i / 2];
		ptrdiff_t end = (ptrdiff_t)size + DAMAGE_END;
		unsigned char *block = i % 2 == 0
			? backend->alloc(size)
			: backend->aligned_alloc(64, size);

		in_case("%s, %zu bytes", wrapper_name(w), size);
		CHECK(block != NULL);
		CHECK_EQUAL(backend->check(block), ALLOC_CHECK_OK);
		for (ptrdiff_t at = DAMAGE_FIRST; at < end; at++) {
			at = at == 0 ? (ptrdiff_t)size : at;
			in_case("%s, %zu bytes, byte %td", wrapper_name(w),
				size, at);
			block[at] ^= 0x10;
			CHECK(backend->check(block) != ALLOC_CHECK_OK);
			block[at] ^= 0x10;
		}
		CHECK_EQUAL(backend->check(block), ALLOC_CHECK_OK);
		backend->free(block);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(nothing_is_missing),
		cmocka_unit_test(a_scheme_is_named_as_its_variant),
		cmocka_unit_test(what_is_missing_is_named),
		cmocka_unit_test(another_abi_is_named),
		cmocka_unit_test(some_hooks_may_be_missing),
		cmocka_unit_test(each_is_found_by_its_name),
		cmocka_unit_test(the_required_variants_are_there),
		cmocka_unit_test(again_is_a_second_build),
		cmocka_unit_test(wrappers_are_backends),
		cmocka_unit_test(damage_of_a_live_block_is_seen),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
