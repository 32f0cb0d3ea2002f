// SPDX-License-Identifier: MIT
//
// Compiled once for each public header: it needs no other before it, and may
// come twice.
#include HEADER_UNDER_TEST
#include HEADER_UNDER_TEST

typedef int header_stands_alone;
