// SPDX-License-Identifier: MIT
//
// Values that JSON cannot hold as they are.
#ifndef SERIALBENCH_JSON_VALUES_H
#define SERIALBENCH_JSON_VALUES_H

#include <jansson.h>

/* null for a NaN or an infinity, which JSON has not. */
json_t *json_real_or_null(double real);

/* JSON is UTF-8; a name that is not, as a library's path may be, is better
 * shown with ? than not at all. */
json_t *json_text_or_question(const char *text);

#endif /* SERIALBENCH_JSON_VALUES_H */
