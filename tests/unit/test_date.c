/* date.h: dates as written in Japan, every day of four centuries, and what is refused. */
#include <stdio.h>
#include <string.h>
#include <time.h>

#include <check.h>

#include "../suite.h"

#include <base/date.h>

struct good {
	const char *in;
	const char *out;
};

static const struct good good[] = {
	{ "2025-03-27", "2025-03-27" },
	{ "2025/3/27", "2025-03-27" },
	{ "2025/03/27", "2025-03-27" },
	{ "2025.3.27", "2025-03-27" },
	{ "20250327", "2025-03-27" },
	{ "2025年3月27日", "2025-03-27" },
	{ "2025年03月27日", "2025-03-27" },
	{ "２０２５年３月２７日", "2025-03-27" },
	{ "２０２５／３／２７", "2025-03-27" },
	{ "２０２５－０３－２７", "2025-03-27" },
	{ "２０２５．３．２７", "2025-03-27" },
	{ "２０２５０３２７", "2025-03-27" },
	{ "2025‐3‐27", "2025-03-27" },
	{ "2025−3−27", "2025-03-27" },
	{ "　2025-03-27 \t", "2025-03-27" },
	{ "2025年 3月 7日", "2025-03-07" },
	{ "令和7年3月27日", "2025-03-27" },
	{ "令和７年３月２７日", "2025-03-27" },
	{ "令和 7年 3月27日", "2025-03-27" },
	{ "令和07年03月27日", "2025-03-27" },
	{ "令和7.3.27", "2025-03-27" },
	{ "令7.3.27", "2025-03-27" },
	{ "R7.3.27", "2025-03-27" },
	{ "r7.3.27", "2025-03-27" },
	{ "R07/03/27", "2025-03-27" },
	{ "R7-3-27", "2025-03-27" },
	{ "Ｒ７．３．２７", "2025-03-27" },
	{ "R7年3月27日", "2025-03-27" },
	{ "㋿7.3.27", "2025-03-27" },
	{ "㋿元年5月1日", "2019-05-01" },
	{ "令和元年5月1日", "2019-05-01" },
	{ "R元.5.1", "2019-05-01" },
	{ "R1.5.1", "2019-05-01" },
	{ "平成31年4月30日", "2019-04-30" },
	{ "H31.4.30", "2019-04-30" },
	{ "h31.4.30", "2019-04-30" },
	{ "㍻31.4.30", "2019-04-30" },
	{ "平成元年1月8日", "1989-01-08" },
	{ "昭和64年1月7日", "1989-01-07" },
	{ "S64.1.7", "1989-01-07" },
	{ "㍼元.12.25", "1926-12-25" },
	{ "昭和元年12月25日", "1926-12-25" },
	{ "大正15年12月25日", "1926-12-25" },
	{ "㍽元.7.30", "1912-07-30" },
	{ "T1.7.30", "1912-07-30" },
	{ "明治45年7月30日", "1912-07-30" },
	{ "m45.7.29", "1912-07-29" },
	{ "㍾元.1.25", "1868-01-25" },
	{ "1868-01-01", "1868-01-01" },
	{ "2200-12-31", "2200-12-31" },
	{ "2024-02-29", "2024-02-29" },
	{ "2000-02-29", "2000-02-29" },
	{ "令和6年2月29日", "2024-02-29" },
};

struct bad {
	const char *in;
	enum date_fault fault;
};

static const struct bad bad[] = {
	{ "", DATE_UNREADABLE },
	{ "　", DATE_UNREADABLE },
	{ "未定", DATE_UNREADABLE },
	{ "R", DATE_UNREADABLE },
	{ "年月日", DATE_UNREADABLE },
	{ "月3", DATE_UNREADABLE },
	{ "2025-03-27T00:00:00", DATE_UNREADABLE },
	{ "2025/3/27 0:00", DATE_UNREADABLE },
	{ "2025/3-27", DATE_UNREADABLE },
	{ "2025//3/27", DATE_UNREADABLE },
	{ "2025/3/27/", DATE_UNREADABLE },
	{ "-2025/3/27", DATE_UNREADABLE },
	{ "2025年3月27", DATE_UNREADABLE },
	{ "2025年3日27月", DATE_UNREADABLE },
	{ "2025元年3月27日", DATE_UNREADABLE },
	{ "元年5月1日", DATE_UNREADABLE },
	{ "2025 03 27", DATE_UNREADABLE },
	{ "2025/003/27", DATE_UNREADABLE },
	{ "2025/3/027", DATE_UNREADABLE },
	{ "3/27/2025", DATE_UNREADABLE },
	{ "27.3.2025", DATE_UNREADABLE },
	{ "125/3/27", DATE_UNREADABLE },
	{ "1867-12-31", DATE_UNREADABLE },
	{ "2201-01-01", DATE_UNREADABLE },
	{ "18671231", DATE_UNREADABLE },
	{ "9999-12-31", DATE_UNREADABLE },
	{ "令和007年3月27日", DATE_UNREADABLE },
	{ "令和令和7年3月27日", DATE_UNREADABLE },
	{ "R7.3.27.", DATE_UNREADABLE },
	{ "X7.3.27", DATE_UNREADABLE },
	{ "慶応3年1月1日", DATE_UNREADABLE },
	{ "R070327", DATE_UNREADABLE },
	{ "44197", DATE_UNREADABLE },
	{ "2025033", DATE_UNREADABLE },
	{ "202503270", DATE_UNREADABLE },
	{ "99999999999999999999", DATE_UNREADABLE },
	{ "990000", DATE_UNREADABLE },
	{ "2025-03-27-28", DATE_UNREADABLE },
	{ "2025\x01" "3\x02" "27\x03", DATE_UNREADABLE },
	{ "\xef\xbc", DATE_UNREADABLE },
	{ "20\xff", DATE_UNREADABLE },
	{ "2025-02-29", DATE_NO_SUCH_DAY },
	{ "1900-02-29", DATE_NO_SUCH_DAY },
	{ "2025-02-30", DATE_NO_SUCH_DAY },
	{ "2025/4/31", DATE_NO_SUCH_DAY },
	{ "2025/13/1", DATE_NO_SUCH_DAY },
	{ "2025/0/1", DATE_NO_SUCH_DAY },
	{ "2025/1/0", DATE_NO_SUCH_DAY },
	{ "20250229", DATE_NO_SUCH_DAY },
	{ "令和7年2月29日", DATE_NO_SUCH_DAY },
	{ "平成31年5月1日", DATE_ERA_RANGE },
	{ "H31.5.1", DATE_ERA_RANGE },
	{ "平成40年1月1日", DATE_ERA_RANGE },
	{ "令和元年4月30日", DATE_ERA_RANGE },
	{ "R1.4.30", DATE_ERA_RANGE },
	{ "R0.5.1", DATE_ERA_RANGE },
	{ "平成元年1月7日", DATE_ERA_RANGE },
	{ "昭和64年1月8日", DATE_ERA_RANGE },
	{ "昭和元年12月24日", DATE_ERA_RANGE },
	{ "大正15年12月26日", DATE_ERA_RANGE },
	{ "大正元年7月29日", DATE_ERA_RANGE },
	{ "明治45年7月31日", DATE_ERA_RANGE },
	{ "M1.1.24", DATE_ERA_RANGE },
	{ "29/9/1", DATE_TWO_DIGIT_YEAR },
	{ "25-03-27", DATE_TWO_DIGIT_YEAR },
	{ "7.3.27", DATE_TWO_DIGIT_YEAR },
	{ "２５／３／２７", DATE_TWO_DIGIT_YEAR },
	{ "25年3月27日", DATE_TWO_DIGIT_YEAR },
	{ "250327", DATE_TWO_DIGIT_YEAR },
	{ "2025", DATE_INCOMPLETE },
	{ "2025年", DATE_INCOMPLETE },
	{ "2025年3月", DATE_INCOMPLETE },
	{ "2025-03", DATE_INCOMPLETE },
	{ "2025/3", DATE_INCOMPLETE },
	{ "202503", DATE_INCOMPLETE },
	{ "令和7年", DATE_INCOMPLETE },
	{ "令和７年３月", DATE_INCOMPLETE },
	{ "平成31年", DATE_INCOMPLETE },
	{ "R7", DATE_INCOMPLETE },
	{ "R7.3", DATE_INCOMPLETE },
	{ "3月27日", DATE_INCOMPLETE },
	{ "3/27", DATE_INCOMPLETE },
	{ "3月", DATE_INCOMPLETE },
};

_Static_assert(ARRAY_SIZE(bad) >= ARRAY_SIZE(good), "as many must-fail as must-pass cases");

START_TEST(reads)
{
	char out[DATE_SIZE];

	ck_assert_int_eq(date_read(good[_i].in, out), DATE_OK);
	ck_assert_str_eq(out, good[_i].out);
	ck_assert_int_eq(date_read_iso(good[_i].in, out),
			 strcmp(good[_i].in, good[_i].out) == 0 ? DATE_OK : DATE_UNREADABLE);
}
END_TEST

START_TEST(refuses)
{
	char out[DATE_SIZE] = "untouched";

	ck_assert_int_eq(date_read(bad[_i].in, out), bad[_i].fault);
	ck_assert_int_ne(date_read_iso(bad[_i].in, out), DATE_OK);
	ck_assert_str_eq(out, "untouched");
}
END_TEST

START_TEST(iso_is_strict)
{
	static const struct bad cases[] = {
		{ "2025-03-27", DATE_OK },	     { "1868-01-01", DATE_OK },
		{ "2025-3-27", DATE_UNREADABLE },    { " 2025-03-27", DATE_UNREADABLE },
		{ "2025-03-27 ", DATE_UNREADABLE },  { "2025/03/27", DATE_UNREADABLE },
		{ "２０２５-03-27", DATE_UNREADABLE }, { "2025-02-29", DATE_NO_SUCH_DAY },
		{ "2025-00-10", DATE_NO_SUCH_DAY },  { "0000-01-01", DATE_UNREADABLE },
		{ "2025-03", DATE_UNREADABLE },	     { "", DATE_UNREADABLE },
		{ "2025-03-2", DATE_UNREADABLE },    { "2025-03-277", DATE_UNREADABLE },
	};
	char out[DATE_SIZE];
	size_t i;

	for (i = 0; i < ARRAY_SIZE(cases); i++)
		ck_assert_msg(date_read_iso(cases[i].in, out) == cases[i].fault, "%s", cases[i].in);
}
END_TEST

static void
expect(const char *in, enum date_fault fault, const char *iso)
{
	char out[DATE_SIZE] = "";
	enum date_fault f = date_read(in, out);

	/* no assertion for each: Check writes every one of them to a file */
	if (f != fault || (f == DATE_OK && strcmp(out, iso) != 0))
		ck_abort_msg("%s: %d %s instead of %d %s", in, f, out, fault, iso);
}

/* One day of the C library's calendar in every western and era form. */
static void
try_day(const struct tm *tm)
{
	static const struct {
		const char *kanji;
		char letter;
		int zero;
		const char *first;
		const char *last;
	} eras[] = {
		{ "明治", 'M', 1867, "1868-01-25", "1912-07-30" },
		{ "大正", 'T', 1911, "1912-07-30", "1926-12-25" },
		{ "昭和", 'S', 1925, "1926-12-25", "1989-01-07" },
		{ "平成", 'H', 1988, "1989-01-08", "2019-04-30" },
		{ "令和", 'R', 2018, "2019-05-01", "2200-12-31" },
	};
	int y = tm->tm_year + 1900, m = tm->tm_mon + 1, d = tm->tm_mday;
	char iso[32], s[64];
	size_t i;

	snprintf(iso, sizeof(iso), "%04d-%02d-%02d", y, m, d);
	expect(iso, DATE_OK, iso);
	if (date_read_iso(iso, s) != DATE_OK)
		ck_abort_msg("%s", iso);
	snprintf(s, sizeof(s), "%d/%d/%d", y, m, d);
	expect(s, DATE_OK, iso);
	snprintf(s, sizeof(s), "%04d%02d%02d", y, m, d);
	expect(s, DATE_OK, iso);
	snprintf(s, sizeof(s), "%d年%d月%d日", y, m, d);
	expect(s, DATE_OK, iso);
	for (i = 0; i < ARRAY_SIZE(eras); i++) {
		bool in = strcmp(iso, eras[i].first) >= 0 && strcmp(iso, eras[i].last) <= 0;
		int n = y - eras[i].zero;

		if (n < 0 || n > 99)
			continue;
		snprintf(s, sizeof(s), "%s%d年%d月%d日", eras[i].kanji, n, m, d);
		expect(s, in ? DATE_OK : DATE_ERA_RANGE, iso);
		snprintf(s, sizeof(s), "%c%02d.%d.%d", eras[i].letter, n, m, d);
		expect(s, in ? DATE_OK : DATE_ERA_RANGE, iso);
	}
}

START_TEST(walks_the_calendar)
{
	struct tm first = { .tm_year = 1868 - 1900, .tm_mday = 1 }, tm;
	time_t t = timegm(&first);

	for (;; t += 86400) {
		if (gmtime_r(&t, &tm) == NULL || tm.tm_year + 1900 > 2200)
			break;
		try_day(&tm);
	}
}
END_TEST

/* Days that the C library would move into the next month. */
START_TEST(knows_no_other_days)
{
	int y, m, d;

	for (y = 1868; y <= 2200; y++) {
		for (m = 0; m <= 13; m++) {
			for (d = 0; d <= 32; d++) {
				struct tm tm = { .tm_year = y - 1900, .tm_mon = m - 1,
					.tm_mday = d };
				char s[40], out[DATE_SIZE];
				bool is;

				timegm(&tm);
				is = tm.tm_year == y - 1900 && tm.tm_mon == m - 1 &&
				     tm.tm_mday == d;
				snprintf(s, sizeof(s), "%04d-%02d-%02d", y, m, d);
				if (date_read_iso(s, out) != (is ? DATE_OK : DATE_NO_SUCH_DAY))
					ck_abort_msg("%s", s);
			}
		}
	}
}
END_TEST

START_TEST(has_words_for_every_fault)
{
	int i, j;

	for (i = 0; i < DATE__MAX; i++) {
		ck_assert_str_ne(date_fault_ja((enum date_fault)i), "");
		ck_assert_str_ne(date_fault_en((enum date_fault)i), "");
		for (j = 0; j < i; j++)
			ck_assert_str_ne(date_fault_code((enum date_fault)i),
					 date_fault_code((enum date_fault)j));
	}
}
END_TEST

int
main(void)
{
	Suite *s = suite_create("date");
	TCase *t = tcase_create("date");

	tcase_set_timeout(t, 60);
	tcase_add_loop_test(t, reads, 0, (int)ARRAY_SIZE(good));
	tcase_add_loop_test(t, refuses, 0, (int)ARRAY_SIZE(bad));
	tcase_add_test(t, iso_is_strict);
	tcase_add_test(t, walks_the_calendar);
	tcase_add_test(t, knows_no_other_days);
	tcase_add_test(t, has_words_for_every_fault);
	suite_add_tcase(s, t);
	return suite_run(s);
}
