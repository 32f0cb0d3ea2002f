// SPDX-License-Identifier: MIT
//
// A header that compiles alone, twice.
#include TEST_HEADER
#include TEST_HEADER

int main(void)
{
	return 0;
}
