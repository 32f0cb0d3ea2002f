// SPDX-License-Identifier: MIT
//
// The registries as names for option tables. Each returns the name at a place,
// or NULL past the end.
#ifndef SERIALBENCH_OPTION_NAMES_H
#define SERIALBENCH_OPTION_NAMES_H

#include "option_table.h"

const char *variant_name_at(size_t place);
const char *workload_name_at(size_t place);
const char *placement_name_at(size_t place);
const char *peer_name_at(size_t place);

#endif /* SERIALBENCH_OPTION_NAMES_H */
