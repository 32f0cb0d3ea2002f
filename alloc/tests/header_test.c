// SPDX-License-Identifier: MIT
//
// Compiled once per header: it needs nothing before it.
#include TEST_HEADER

int main(void)
{
	return 0;
}
