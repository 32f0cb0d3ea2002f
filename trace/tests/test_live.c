// SPDX-License-Identifier: MIT
//
// The table of live blocks against an array that is searched from end to end.
#include "trace_file.h"

#include "trace_live.h"

#define BLOCKS 5000
#define STEPS 200000

static uint64_t random_bits(uint64_t *state)
{
	uint64_t z = *state += UINT64_C(0x9e3779b97f4a7c15);

	z = (z ^ z >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
	z = (z ^ z >> 27) * UINT64_C(0x94d049bb133111eb);
	return z ^ z >> 31;
}

static struct trace_live_block block_of(uint64_t i)
{
	return (struct trace_live_block){
		.id = trace_block((uint32_t)(i % 7), i + 1),
		.bytes = i * 3,
		.born = i * 5,
		.born_bytes = i * 7,
	};
}

static void check_take(struct trace_live *live, uint64_t i, bool there)
{
	struct trace_live_block want = block_of(i), got;
	bool found = trace_live_take(live, want.id, &got);

	if (found != there)
		fail_msg("block %llu: %s", (unsigned long long)i,
			found ? "is there" : "is not there");
	if (found && memcmp(&got, &want, sizeof(got)) != 0)
		fail_msg("block %llu has other values", (unsigned long long)i);
}

static void test_like_an_array(void **state)
{
	static bool there[BLOCKS];
	struct trace_live live = {0};
	uint64_t seed = 1, count = 0;

	(void)state;
	/* First mostly added, then mostly taken. */
	for (int step = 0; step < STEPS; step++) {
		uint64_t i = random_bits(&seed) % BLOCKS;
		bool add =
			random_bits(&seed) % 8 < (step < STEPS / 2 ? 6u : 1u);
		struct trace_live_block block = block_of(i);

		if (add && !there[i]) {
			assert_int_equal(trace_live_add(&live, &block), 0);
			there[i] = true;
			count++;
		} else if (!add) {
			check_take(&live, i, there[i]);
			count -= there[i];
			there[i] = false;
		}
		assert_int_equal(live.count, count);
	}
	for (uint64_t i = 0; i < BLOCKS; i++)
		check_take(&live, i, there[i]);
	/* Memory follows the blocks. */
	assert_true(live.limit <= 2048);
	trace_live_finish(&live);
	trace_live_finish(&live);
	trace_live_finish(NULL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_like_an_array),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
