// SPDX-License-Identifier: MIT
//
// google-benchmark behind C functions. The pointers that C holds are
// google-benchmark's own objects.
#include <benchmark/benchmark.h>

#include "gbench_shim.h"

namespace
{

benchmark::internal::Benchmark *family_of(gbench_family *family)
{
	return reinterpret_cast<benchmark::internal::Benchmark *>(family);
}

benchmark::State *state_of(gbench_state *state)
{
	return reinterpret_cast<benchmark::State *>(state);
}

const benchmark::State *state_of(const gbench_state *state)
{
	return reinterpret_cast<const benchmark::State *>(state);
}

} // namespace

gbench_family *gbench_register(
	const char *name, gbench_body *body, const void *context)
{
	auto run = [body, context](benchmark::State &state) {
		body(reinterpret_cast<gbench_state *>(&state), context);
	};
	auto *family = benchmark::RegisterBenchmark(name, run);

	family->UseManualTime();
	return reinterpret_cast<gbench_family *>(family);
}

void gbench_argument_name(gbench_family *family, const char *name)
{
	family_of(family)->ArgName(name);
}

void gbench_argument(gbench_family *family, int64_t value)
{
	family_of(family)->Arg(value);
}

void gbench_threads(gbench_family *family, int threads)
{
	family_of(family)->Threads(threads);
}

void gbench_context(const char *key, const char *value)
{
	benchmark::AddCustomContext(key, value);
}

int gbench_init(int *argc, char **argv)
{
	benchmark::Initialize(argc, argv);
	return benchmark::ReportUnrecognizedArguments(*argc, argv) ? -1 : 0;
}

size_t gbench_run(void)
{
	size_t matched = benchmark::RunSpecifiedBenchmarks();

	benchmark::ClearRegisteredBenchmarks();
	benchmark::Shutdown();
	return matched;
}

int64_t gbench_argument_of(const gbench_state *state)
{
	return state_of(state)->range(0);
}

unsigned gbench_thread_index(const gbench_state *state)
{
	return static_cast<unsigned>(state_of(state)->thread_index());
}

unsigned gbench_thread_count(const gbench_state *state)
{
	return static_cast<unsigned>(state_of(state)->threads());
}

bool gbench_keep_running(gbench_state *state, int64_t operations)
{
	return state_of(state)->KeepRunningBatch(operations);
}

void gbench_add_time(gbench_state *state, double seconds)
{
	state_of(state)->SetIterationTime(seconds);
}

void gbench_counter(gbench_state *state, const char *name, double value)
{
	state_of(state)->counters[name] = value;
}

void gbench_skip_with_error(gbench_state *state, const char *message)
{
	state_of(state)->SkipWithError(message);
}
