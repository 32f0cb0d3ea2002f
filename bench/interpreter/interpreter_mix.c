// SPDX-License-Identifier: MIT
#include "interpreter_mix.h"

const struct mix interpreter_mixes[2] = {
#include "mix.inc"
};
