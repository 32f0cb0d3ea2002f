// SPDX-License-Identifier: MIT
//
// google-benchmark behind C functions. The pointers that C holds are
// google-benchmark's own objects.
#include <benchmark/benchmark.h>

#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <iostream>
#include <memory>
#include <string>

#include "gbench_shim.h"

/* The format csv is deprecated, and there as long as its users are. */
#pragma GCC diagnostic ignored "-Wdeprecated-declarations"

namespace
{

/* Whether --benchmark_out has got all that was written. */
bool file_is_whole = true;

std::string file_name, file_format;

/* google-benchmark closes its file without a look at what became of it. */
template <class Reporter> class CheckedReporter : public Reporter
{
      public:
	void Finalize() override
	{
		Reporter::Finalize();
		file_is_whole = this->GetOutputStream().flush().good();
	}
};

/* Of a flag of google-benchmark, which the environment may give, too. */
std::string flag_value(
	int argc, char **argv, const char *flag, const char *variable)
{
	const char *value = std::getenv(variable);
	const std::string start = std::string("--") + flag + "=";

	for (int i = 1; i < argc; i++)
		if (std::strncmp(argv[i], start.c_str(), start.size()) == 0)
			value = argv[i] + start.size();
	return value == nullptr ? "" : value;
}

/* None where there is no file, and where its format is not known, which
 * google-benchmark refuses. */
std::unique_ptr<benchmark::BenchmarkReporter> file_reporter()
{
	using benchmark::BenchmarkReporter;
	using std::make_unique;

	if (file_name.empty())
		return nullptr;
	if (file_format.empty() || file_format == "json")
		return make_unique<CheckedReporter<benchmark::JSONReporter>>();
	if (file_format == "csv")
		return make_unique<CheckedReporter<benchmark::CSVReporter>>();
	if (file_format == "console")
		return make_unique<
			CheckedReporter<benchmark::ConsoleReporter>>();
	return nullptr;
}

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
	file_name = flag_value(*argc, argv, "benchmark_out", "BENCHMARK_OUT");
	file_format = flag_value(
		*argc, argv, "benchmark_out_format", "BENCHMARK_OUT_FORMAT");
	benchmark::Initialize(argc, argv);
	return benchmark::ReportUnrecognizedArguments(*argc, argv) ? -1 : 0;
}

const char *gbench_lost(void)
{
	std::cout.flush();
	if (!std::cout.good() || std::fflush(stdout) != 0 ||
		std::ferror(stdout) != 0)
		return "stdout";
	return file_is_whole ? nullptr : file_name.c_str();
}

size_t gbench_run(void)
{
	const auto reporter = file_reporter();
	size_t matched =
		benchmark::RunSpecifiedBenchmarks(nullptr, reporter.get());

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
