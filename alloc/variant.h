// SPDX-License-Identifier: MIT
//
// One source, many variants: the build compiles debug_wrap_tmpl.c once per
// variant with -DDEBUG_VARIANT=name and -DSERIAL_HEADER="serial_scheme.h".
#ifndef SERIALBENCH_VARIANT_H
#define SERIALBENCH_VARIANT_H

#if !defined(DEBUG_VARIANT) || !defined(SERIAL_HEADER)
#error "compile with -DDEBUG_VARIANT=name -DSERIAL_HEADER=\"serial_name.h\""
#endif

#define VARIANT_TEXT_(name) #name
#define VARIANT_TEXT(name) VARIANT_TEXT_(name)
#define VARIANT_NAME_(variant, name) dbg_##variant##_##name
#define VARIANT_NAME(variant, name) VARIANT_NAME_(variant, name)
#define VARIANT_BACKEND_(variant) alloc_backend_##variant
#define VARIANT_BACKEND(variant) VARIANT_BACKEND_(variant)

/* dbg_atomic_malloc, … */
#define DEBUG_FN(name) VARIANT_NAME(DEBUG_VARIANT, name)

/* alloc_backend_atomic, … */
#define DEBUG_BACKEND VARIANT_BACKEND(DEBUG_VARIANT)

#endif /* SERIALBENCH_VARIANT_H */
