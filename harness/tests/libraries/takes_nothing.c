// SPDX-License-Identifier: MIT
//
// For tests: a library that loads and is no allocator.
int takes_nothing(void);

__attribute__((visibility("default"))) int takes_nothing(void)
{
	return 0;
}
