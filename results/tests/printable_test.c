// SPDX-License-Identifier: MIT
//
// What may stand in a file of a run: UTF-8 without control characters.
#include "check.h"
#include "printable.h"

static const struct {
	const char *text, *plain; /* the same where it is one */
} cases[] = {
	{"", ""},
	{"pair,size=64/system/t1", "pair,size=64/system/t1"},
	{"ñ € 𝄞 \xf4\x8f\xbf\xbf", "ñ € 𝄞 \xf4\x8f\xbf\xbf"},
	{"a\nb\tc\x7f", "a?b?c?"},
	{"a\xff"
	 "b",
		"a?b"},
	{"\x80", "?"},
	{"\xc3", "?"}, /* cut off */
	{"\xe2\x82", "??"},
	{"\xe2\x82"
	 "a",
		"??a"},
	{"\xc0\xaf", "??"}, /* '/', longer than it has to be */
	{"\xe0\x80\xaf", "???"},
	{"\xed\xa0\x80", "???"}, /* a surrogate */
	{"\xf4\x90\x80\x80", "????"}, /* behind U+10FFFF */
	{"\xc3\xb1\xff\xc3\xb1", "\xc3\xb1?\xc3\xb1"},
};

static void test_texts(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		char text[64];

		strcpy(text, cases[i].text);
		if (is_plain_text(text) !=
			(strcmp(cases[i].text, cases[i].plain) == 0))
			fail_msg("case %zu: plain %d", i, is_plain_text(text));
		make_plain_text(text);
		assert_string_equal(text, cases[i].plain);
		assert_true(is_plain_text(text));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_texts),
	};

	return cmocka_run_group_tests_name("printable", tests, NULL, NULL);
}
