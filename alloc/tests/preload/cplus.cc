// SPDX-License-Identifier: MIT
//
// A C++ program as they are: containers, threads, exceptions, aligned and
// failing new. Prints what must be the same with and without the library.
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <future>
#include <map>
#include <memory>
#include <new>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

namespace
{

struct alignas(256) wide {
	char bytes[300] = {'w'};

	bool in_place() const
	{
		return bytes[0] == 'w' &&
			reinterpret_cast<uintptr_t>(this) % 256 == 0;
	}
};

/* volatile, or the compiler sees that it cannot succeed. */
volatile std::size_t too_much = PTRDIFF_MAX / 2;
int handler_calls;

void give_up_third_time()
{
	if (++handler_calls == 3)
		std::set_new_handler(nullptr);
}

void throwing_handler()
{
	handler_calls++;
	throw std::bad_alloc();
}

void containers()
{
	std::map<std::string, std::vector<int>> words;

	for (int i = 0; i < 2000; i++)
		words[std::to_string(i * 7919 % 1000) + "-quite-a-long-word"]
			.push_back(i);
	std::printf("%zu %d\n", words.size(), words.begin()->second.front());
}

void threads()
{
	std::vector<std::thread> crew;
	std::vector<std::unique_ptr<std::string>> made(8);

	for (int i = 0; i < 8; i++)
		crew.emplace_back([i, &made] {
			for (int k = 0; k < 500; k++)
				made[i] = std::make_unique<std::string>(
					100 + k, char('a' + i));
		});
	for (std::thread &thread : crew)
		thread.join();
	for (const auto &text : made)
		std::printf("%zu%c ", text->size(), text->front());
	std::printf("%d\n", std::async(std::launch::async, [] {
		return *std::make_unique<int>(42);
	}).get());
}

void exceptions()
{
	try {
		throw std::runtime_error(std::string(200, 'e'));
	} catch (const std::exception &error) {
		std::printf("%zu\n", std::string(error.what()).size());
	}
}

void aligned()
{
	auto *one = new wide;
	auto *many = new wide[3];
	auto *quiet = new (std::nothrow) wide[2];

	std::printf("%d %d %d\n", one->in_place(), many[0].in_place(),
		quiet[1].in_place());
	delete one;
	delete[] many;
	delete[] quiet;
}

template <typename call> void expect_bad_alloc(const char *what, call make)
{
	try {
		make();
		std::printf("%s: no exception\n", what);
	} catch (const std::bad_alloc &) {
		std::printf("%s: bad_alloc after %d\n", what, handler_calls);
	}
	handler_calls = 0;
}

void failing()
{
	expect_bad_alloc("new", [] { return new char[too_much]; });
	expect_bad_alloc("operator new", [] { return operator new(too_much); });
	expect_bad_alloc("aligned",
		[] { return operator new(too_much, std::align_val_t(64)); });
	std::set_new_handler(give_up_third_time);
	expect_bad_alloc("handler", [] { return operator new(too_much); });
	std::set_new_handler(throwing_handler);
	expect_bad_alloc("throws", [] { return operator new(too_much); });
	const void *const quiet[] = {
		operator new(too_much, std::nothrow),
		operator new[](too_much, std::nothrow),
		operator new(too_much, std::align_val_t(64), std::nothrow),
		operator new[](too_much, std::align_val_t(64), std::nothrow),
	};
	for (const void *block : quiet)
		std::printf("%p ", block);
	std::printf("nothrow after %d\n", handler_calls);
	std::set_new_handler(nullptr);
	std::printf("%p\n", operator new(too_much, std::nothrow));
}

} // namespace

int main()
{
	containers();
	threads();
	exceptions();
	aligned();
	failing();
	return 3;
}
