// SPDX-License-Identifier: MIT
//
// A program with an operator new and delete of its own, in front of a pool
// that no free() may see: the forms that it does not replace have to reach it.
#include <cstdio>
#include <cstdlib>
#include <new>

/* clang wants to be asked for these (-fsized-deallocation). */
void operator delete(void *, std::size_t) noexcept;
void operator delete[](void *, std::size_t) noexcept;

namespace
{
alignas(16) char pool[1 << 20];
std::size_t taken;
int made, gone;
} // namespace

void *operator new(std::size_t size)
{
	made++;
	if (size > sizeof(pool) - taken)
		throw std::bad_alloc();
	char *block = pool + taken;
	taken += (size + 15) / 16 * 16;
	return block;
}

void operator delete(void *) noexcept
{
	gone++;
}

template <typename pointer> pointer hide(pointer block)
{
	__asm__ volatile("" : "+r"(block) : : "memory");
	return block;
}

int main()
{
	delete hide(new int(1));
	delete[] hide(new int[10]);
	operator delete(hide(operator new(5)), std::size_t(5));
	operator delete[](hide(operator new[](5)), std::size_t(5));
	operator delete(hide(operator new(5, std::nothrow)), std::nothrow);
	operator delete[](hide(operator new[](5, std::nothrow)), std::nothrow);
	std::printf("%d made, %d gone, %p\n", made,
		gone, operator new(sizeof(pool), std::nothrow));
	return 0;
}
