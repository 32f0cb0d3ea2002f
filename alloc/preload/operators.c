// SPDX-License-Identifier: MIT
//
// A program may replace some operators and not others: the standard builds
// the rest on those that it replaced (new[] calls new, sized delete calls
// delete, …). In front of the C++ library we see the rest only, so we call
// the program's own where there is one, as the library would.
#include "operators.h"

#include <dlfcn.h>
#include <stddef.h>
#include <stdint.h>

#include "compiler.h"
#include "layout.h"
#include "preload.h"
#include "say.h"

#if __SIZEOF_SIZE_T__ == 8
#define SIZE_CODE "m"
#else
#define SIZE_CODE "j"
#endif

#define NOTHROW_CODE "RKSt9nothrow_t"
#define ALIGN_CODE "St11align_val_t"

typedef void (*new_handler)(void);
typedef new_handler get_handler_call(void);
typedef void *new_call(size_t size);
typedef void *new_aligned_call(size_t size, size_t alignment);
typedef void delete_call(void *block);
typedef void delete_aligned_call(void *block, size_t alignment);

/* One of the two kinds; the calls are the program's own, NULL where it has
 * none. */
struct operator_kind {
	const struct debug_domain *domain;
	new_call *new_plain;
	new_aligned_call *new_aligned;
	delete_call *delete_plain;
	delete_aligned_call *delete_aligned;
};

static struct operator_kind single = {.domain = &preload_domain_new};
static struct operator_kind array = {.domain = &preload_domain_new_array};

/* From the C++ library, also where it came with a plugin that hides it. Only
 * when memory is out or a handler is to be asked: NULL where there is none. */
static void *library_symbol(const char *symbol)
{
	void *found = dlsym(RTLD_DEFAULT, symbol);
	void *library;

	if (found != NULL)
		return found;
	library = dlopen("libstdc++.so.6", RTLD_LAZY | RTLD_NOLOAD);
	return library == NULL ? NULL : dlsym(library, symbol);
}

static new_handler current_handler(void)
{
	get_handler_call *get =
		(get_handler_call *)library_symbol("_ZSt15get_new_handlerv");

	return get == NULL ? NULL : get();
}

static void *allocate(
	const struct operator_kind *kind, size_t size, size_t alignment)
{
	return alignment <= ORDINARY_ALIGNMENT
		? preload_alloc(kind->domain, size)
		: preload_aligned_alloc(kind->domain, alignment, size);
}

NOINLINE COLD static void *new_or_throw(
	const struct operator_kind *kind, size_t size, size_t alignment)
{
	void (*throw_bad_alloc)(void);
	new_handler handler;

	while ((handler = current_handler()) != NULL) {
		void *block;

		handler();
		block = allocate(kind, size, alignment);
		if (block != NULL)
			return block;
	}
	throw_bad_alloc =
		(void (*)(void))library_symbol("_ZSt17__throw_bad_allocv");
	if (throw_bad_alloc != NULL)
		throw_bad_alloc();
	say_and_abort("operator new: out of memory, and no C++ library that "
		      "could throw std::bad_alloc\n");
}

ALWAYS_INLINE void *do_new(const struct operator_kind *kind, size_t size)
{
	void *block;

	if (UNLIKELY(kind->new_plain != NULL))
		return kind->new_plain(size);
	block = preload_alloc(kind->domain, size);
	return LIKELY(block != NULL) ? block : new_or_throw(kind, size, 0);
}

static void *do_new_aligned(
	const struct operator_kind *kind, size_t size, size_t alignment)
{
	void *block;

	if (UNLIKELY(kind->new_aligned != NULL))
		return kind->new_aligned(size, alignment);
	block = allocate(kind, size, alignment);
	return LIKELY(block != NULL) ? block
				     : new_or_throw(kind, size, alignment);
}

/*
 * C cannot catch what a handler or the program's own operator throws: the C++
 * library's operator of the same name does, around a call of the throwing one
 * (ours, or the program's). NULL without that library.
 */
static void *find_nothrow(const char *symbol)
{
	void *library = dlopen("libstdc++.so.6", RTLD_LAZY | RTLD_NOLOAD);

	return library == NULL ? NULL : dlsym(library, symbol);
}

static void *do_new_nothrow(const struct operator_kind *kind, size_t size,
	const void *nothrow, const char *symbol)
{
	void *(*careful)(size_t, const void *);

	if (LIKELY(kind->new_plain == NULL)) {
		void *block = preload_alloc(kind->domain, size);

		if (LIKELY(block != NULL) || current_handler() == NULL)
			return block;
	}
	careful = (void *(*)(size_t, const void *))find_nothrow(symbol);
	return careful == NULL ? NULL : careful(size, nothrow);
}

static void *do_new_aligned_nothrow(const struct operator_kind *kind,
	size_t size, size_t alignment, const void *nothrow, const char *symbol)
{
	void *(*careful)(size_t, size_t, const void *);

	if (LIKELY(kind->new_aligned == NULL)) {
		void *block = allocate(kind, size, alignment);

		if (LIKELY(block != NULL) || current_handler() == NULL)
			return block;
	}
	careful = (void *(*)(size_t, size_t, const void *))find_nothrow(symbol);
	return careful == NULL ? NULL : careful(size, alignment, nothrow);
}

ALWAYS_INLINE void do_delete(const struct operator_kind *kind, void *block)
{
	if (UNLIKELY(kind->delete_plain != NULL))
		kind->delete_plain(block);
	else
		preload_free(kind->domain, block);
}

static void do_delete_aligned(
	const struct operator_kind *kind, void *block, size_t alignment)
{
	if (UNLIKELY(kind->delete_aligned != NULL))
		kind->delete_aligned(block, alignment);
	else
		preload_free(kind->domain, block);
}

/* Declares an operator under its mangled name, then begins its definition. */
#define OPERATOR(result, name, parameters, symbol)                             \
	PUBLIC result name parameters __asm__(symbol);                         \
	result name parameters

/* The ten of one kind. `nw` and `dl` are the mangled stems. */
#define DEFINE_OPERATORS(kind, nw, dl)                                         \
	OPERATOR(void *, kind##_new, (size_t size), nw SIZE_CODE)              \
	{                                                                      \
		return do_new(&(kind), size);                                  \
	}                                                                      \
	OPERATOR(void *, kind##_new_nothrow,                                   \
		(size_t size, const void *nothrow), nw SIZE_CODE NOTHROW_CODE) \
	{                                                                      \
		return do_new_nothrow(                                         \
			&(kind), size, nothrow, nw SIZE_CODE NOTHROW_CODE);    \
	}                                                                      \
	OPERATOR(void *, kind##_new_aligned, (size_t size, size_t alignment),  \
		nw SIZE_CODE ALIGN_CODE)                                       \
	{                                                                      \
		return do_new_aligned(&(kind), size, alignment);               \
	}                                                                      \
	OPERATOR(void *, kind##_new_aligned_nothrow,                           \
		(size_t size, size_t alignment, const void *nothrow),          \
		nw SIZE_CODE ALIGN_CODE NOTHROW_CODE)                          \
	{                                                                      \
		return do_new_aligned_nothrow(&(kind), size, alignment,        \
			nothrow, nw SIZE_CODE ALIGN_CODE NOTHROW_CODE);        \
	}                                                                      \
	OPERATOR(void, kind##_delete, (void *block), dl "Pv")                  \
	{                                                                      \
		do_delete(&(kind), block);                                     \
	}                                                                      \
	OPERATOR(void, kind##_delete_sized, (void *block, size_t size),        \
		dl "Pv" SIZE_CODE)                                             \
	{                                                                      \
		(void)size;                                                    \
		do_delete(&(kind), block);                                     \
	}                                                                      \
	OPERATOR(void, kind##_delete_nothrow,                                  \
		(void *block, const void *nothrow), dl "Pv" NOTHROW_CODE)      \
	{                                                                      \
		(void)nothrow;                                                 \
		do_delete(&(kind), block);                                     \
	}                                                                      \
	OPERATOR(void, kind##_delete_aligned, (void *block, size_t alignment), \
		dl "Pv" ALIGN_CODE)                                            \
	{                                                                      \
		do_delete_aligned(&(kind), block, alignment);                  \
	}                                                                      \
	OPERATOR(void, kind##_delete_sized_aligned,                            \
		(void *block, size_t size, size_t alignment),                  \
		dl "Pv" SIZE_CODE ALIGN_CODE)                                  \
	{                                                                      \
		(void)size;                                                    \
		do_delete_aligned(&(kind), block, alignment);                  \
	}                                                                      \
	OPERATOR(void, kind##_delete_aligned_nothrow,                          \
		(void *block, size_t alignment, const void *nothrow),          \
		dl "Pv" ALIGN_CODE NOTHROW_CODE)                               \
	{                                                                      \
		(void)nothrow;                                                 \
		do_delete_aligned(&(kind), block, alignment);                  \
	}

DEFINE_OPERATORS(single, "_Znw", "_Zdl")
DEFINE_OPERATORS(array, "_Zna", "_Zda")

/* The program's own of that name, or NULL where the name is ours. */
static void *replaced(const char *symbol, const void *ours)
{
	void *found = dlsym(RTLD_DEFAULT, symbol);

	return found == ours ? NULL : found;
}

/* A program that replaces new without delete, or delete without new, counts
 * on both being malloc's. */
static void settle_half(struct operator_kind *kind)
{
	if ((kind->new_plain == NULL) != (kind->delete_plain == NULL))
		kind->domain = &preload_domain_malloc;
}

void operators_start(void)
{
	single.new_plain =
		(new_call *)replaced("_Znw" SIZE_CODE, (void *)single_new);
	single.new_aligned = (new_aligned_call *)replaced(
		"_Znw" SIZE_CODE ALIGN_CODE, (void *)single_new_aligned);
	single.delete_plain =
		(delete_call *)replaced("_ZdlPv", (void *)single_delete);
	single.delete_aligned = (delete_aligned_call *)replaced(
		"_ZdlPv" ALIGN_CODE, (void *)single_delete_aligned);
	array.new_plain =
		(new_call *)replaced("_Zna" SIZE_CODE, (void *)array_new);
	array.new_aligned = (new_aligned_call *)replaced(
		"_Zna" SIZE_CODE ALIGN_CODE, (void *)array_new_aligned);
	array.delete_plain =
		(delete_call *)replaced("_ZdaPv", (void *)array_delete);
	array.delete_aligned = (delete_aligned_call *)replaced(
		"_ZdaPv" ALIGN_CODE, (void *)array_delete_aligned);
	if (array.new_plain == NULL)
		array.new_plain = single.new_plain;
	if (array.new_aligned == NULL)
		array.new_aligned = single.new_aligned;
	if (array.delete_plain == NULL)
		array.delete_plain = single.delete_plain;
	if (array.delete_aligned == NULL)
		array.delete_aligned = single.delete_aligned;
	settle_half(&single);
	settle_half(&array);
}
