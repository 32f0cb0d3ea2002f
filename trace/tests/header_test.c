// SPDX-License-Identifier: MIT
//
// A header that compiles alone, twice.
#include TEST_HEADER
#include TEST_HEADER

int header_test(void);

int header_test(void)
{
	return 0;
}
