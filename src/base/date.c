#include <string.h>

#include <base/date.h>

#define YEAR_MIN 1868
#define YEAR_MAX 2200
#define LETTERS_MAX 32 /* the longest way to write a date has fewer letters */

/* Days as yyyymmdd, so that they compare as numbers. */
struct era {
	char letter;
	const char *kanji;
	const char *kanji_short;
	const char *ligature;
	long first;
	long last;
	int zero; /* year 0 of the era */
};

/*
 * 明治45年7月30日 is 大正元年7月30日, and 大正15年12月25日 is 昭和元年12月25日: the day of the
 * change bears both names, and both were written.  昭和64年 ended the day before 平成元年 began,
 * 平成31年 the day before 令和元年.  明治元年 counts from New Year (the edict reached back).
 */
static const struct era eras[] = {
	{ 'R', "令和", "令", "㋿", 20190501, 22001231, 2018 },
	{ 'H', "平成", "平", "㍻", 19890108, 20190430, 1988 },
	{ 'S', "昭和", "昭", "㍼", 19261225, 19890107, 1925 },
	{ 'T', "大正", "大", "㍽", 19120730, 19261225, 1911 },
	{ 'M', "明治", "明", "㍾", 18680125, 19120730, 1867 },
};

/* Stand for the kanji in the plain form of a date; no input holds them. */
#define YEAR '\1'
#define MONTH '\2'
#define DAY '\3'
#define FIRST '\4'
#define MARKS "\1\2\3-/."

struct sign {
	const char *text;
	char letter;
};

/* The signs a date may hold besides eras and digits, brought to one letter each. */
static const struct sign signs[] = {
	{ "年", YEAR },
	{ "月", MONTH },
	{ "日", DAY },
	{ "元", FIRST },
	{ "　", ' ' },
	{ "\xc2\xa0", ' ' },
	{ "\t", ' ' },
	{ "−", '-' }, /* U+2212 */
	{ "‐", '-' }, /* U+2010 */
};

struct date_word {
	const char *code;
	const char *ja;
	const char *en;
};

static const struct date_word words[DATE__MAX] = {
	[DATE_OK] = { "ok", "問題ありません。", "There is no fault." },
	[DATE_UNREADABLE] = { "unreadable_date",
		"日付として読み取れません（例: 2025-03-27、令和7年3月27日。1868年から2200年まで）。",
		"This is not a date (write 2025-03-27 or 令和7年3月27日; years 1868 to 2200)." },
	[DATE_NO_SUCH_DAY] = { "no_such_day", "暦にない日付です。",
		"The calendar has no such day." },
	[DATE_ERA_RANGE] = { "era_out_of_range", "その元号の期間にない日付です。",
		"The day lies outside the era that it names." },
	[DATE_TWO_DIGIT_YEAR] = { "two_digit_year",
		"年が1桁か2桁では、西暦か和暦かが分かりません。西暦4桁か元号を付けて書いてください。",
		"A year of one or two digits is ambiguous; write four digits or name the era." },
	[DATE_INCOMPLETE] = { "incomplete_date", "年・月・日のすべてを書いてください。",
		"Year, month and day are all needed." },
};

/* A number as it was written. */
struct number {
	int value;
	int digits; /* 0 = not there */
};

struct parts {
	const struct era *era; /* NULL = western year */
	struct number v[3];    /* year month day, as far as there are */
	int n;
	char mark[3];	       /* what follows each: one of MARKS, or NUL */
};

static bool
is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/* Takes the sign at *s if it is there. */
static bool
take_sign(const char **s, const char *sign)
{
	size_t n = strlen(sign);

	if (strncmp(*s, sign, n) != 0)
		return false;
	*s += n;
	return true;
}

static bool
take_era(const char **s, char *ret_letter)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(eras); i++) {
		if (take_sign(s, eras[i].ligature) || take_sign(s, eras[i].kanji) ||
		    take_sign(s, eras[i].kanji_short)) {
			*ret_letter = eras[i].letter;
			return true;
		}
	}
	return false;
}

/* One letter of the plain form; false if the sign does not belong into a date. */
static bool
take_letter(const char **s, char *ret_letter)
{
	const unsigned char *p = (const unsigned char *)*s;
	size_t i;

	if (p[0] < 0x80 && p[0] != '\t') {
		*ret_letter = (char)p[0];
		*s += 1;
		return p[0] >= ' ';
	}
	/* full-width ASCII, U+FF01–FF5E */
	if (p[0] == 0xef && ((p[1] == 0xbc && p[2] >= 0x81 && p[2] <= 0xbf) ||
			     (p[1] == 0xbd && p[2] >= 0x80 && p[2] <= 0x9e))) {
		*ret_letter = (char)((p[1] - 0xbc) * 0x40 + p[2] - 0x81 + '!');
		*s += 3;
		return true;
	}
	for (i = 0; i < ARRAY_SIZE(signs); i++) {
		if (take_sign(s, signs[i].text)) {
			*ret_letter = signs[i].letter;
			return true;
		}
	}
	return take_era(s, ret_letter);
}

/* Brings a date to plain letters ("R7.3.27"), without the spaces at its ends. */
static bool
to_letters(const char *s, char *out)
{
	size_t n = 0;

	while (*s != '\0') {
		char c;

		if (!take_letter(&s, &c))
			return false;
		if (c == ' ' && n == 0)
			continue;
		if (n == LETTERS_MAX)
			return false;
		out[n++] = c;
	}
	while (n > 0 && out[n - 1] == ' ')
		n--;
	out[n] = '\0';
	return true;
}

static void
skip_spaces(const char **s)
{
	while (**s == ' ')
		*s += 1;
}

static struct number
take_number(const char **s)
{
	struct number n = { 0 };

	for (; is_digit(**s) && n.digits < 9; *s += 1) {
		n.value = n.value * 10 + (**s - '0');
		n.digits++;
	}
	return n;
}

/* Letters to numbers and marks; false if the order of things is not that of a date. */
static bool
split(const char *s, struct parts *ret)
{
	struct parts p = { 0 };
	size_t i;

	for (i = 0; i < ARRAY_SIZE(eras); i++)
		if (*s == eras[i].letter || *s == eras[i].letter - 'A' + 'a')
			p.era = &eras[i];
	if (p.era != NULL)
		s++;
	while (p.n < 3) {
		skip_spaces(&s);
		if (p.era != NULL && p.n == 0 && *s == FIRST) {
			p.v[0] = (struct number){ .value = 1, .digits = 1 };
			s++;
		} else {
			p.v[p.n] = take_number(&s);
		}
		if (p.v[p.n].digits == 0)
			return false;
		skip_spaces(&s);
		p.mark[p.n++] = *s;
		if (*s == '\0')
			break;
		if (strchr(MARKS, *s++) == NULL)
			return false;
		skip_spaces(&s);
		if (*s == '\0')
			break;
	}
	if (*s != '\0')
		return false;
	*ret = p;
	return true;
}

static bool
is_separator(char c)
{
	return c == '-' || c == '/' || c == '.';
}

static bool
marks_are(const struct parts *p, char first, char second)
{
	return p->mark[0] == first && p->mark[1] == second;
}

static int
days_of(int year, int month)
{
	static const int days[] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };
	bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;

	return month == 2 && leap ? 29 : days[month - 1];
}

static void
put_digits(char *to, int digits, int value)
{
	while (digits-- > 0) {
		to[digits] = (char)('0' + value % 10);
		value /= 10;
	}
}

static enum date_fault
finish(const struct era *era, int year, int month, int day, char *ret)
{
	long number;

	if (era != NULL && year == 0)
		return DATE_ERA_RANGE;
	if (era != NULL)
		year += era->zero;
	if (year < YEAR_MIN || year > YEAR_MAX)
		return DATE_UNREADABLE;
	if (month < 1 || month > 12 || day < 1 || day > days_of(year, month))
		return DATE_NO_SUCH_DAY;
	number = year * 10000L + month * 100L + day;
	if (era != NULL && (number < era->first || number > era->last))
		return DATE_ERA_RANGE;
	put_digits(ret, 4, year);
	ret[4] = '-';
	put_digits(ret + 5, 2, month);
	ret[7] = '-';
	put_digits(ret + 8, 2, day);
	ret[10] = '\0';
	return DATE_OK;
}

static bool
is_year(const struct parts *p)
{
	if (p->era != NULL)
		return p->v[0].digits <= 2;
	return p->v[0].digits == 4 && p->v[0].value >= YEAR_MIN && p->v[0].value <= YEAR_MAX;
}

static bool
is_month_day(int month, int day)
{
	return month >= 1 && month <= 12 && day >= 1 && day <= 31;
}

/* One number without marks: 20250327, or too little of it. */
static enum date_fault
read_run(const struct parts *p, char *ret)
{
	int v = p->v[0].value;

	switch (p->v[0].digits) {
	case 8:
		return finish(NULL, v / 10000, v / 100 % 100, v % 100, ret);
	case 6:
		/* 202503, or 250327 with a year of two digits */
		if (v / 100 >= YEAR_MIN && v / 100 <= YEAR_MAX && is_month_day(v % 100, 1))
			return DATE_INCOMPLETE;
		if (is_month_day(v / 100 % 100, v % 100))
			return DATE_TWO_DIGIT_YEAR;
		return DATE_UNREADABLE;
	default:
		return is_year(p) ? DATE_INCOMPLETE : DATE_UNREADABLE;
	}
}

/* A date that ends before its day: 2025年, R7, 3月; 2025年3月, 2025/3, 3月27日. */
static bool
is_part(const struct parts *p)
{
	bool small = p->v[0].digits <= 2;
	bool year = is_year(p) || small;
	char first = p->mark[0];

	if (p->n == 1)
		return (first == YEAR && year) || (first == '\0' && p->era != NULL) ||
		       (first == MONTH && small && p->era == NULL);
	if (p->v[1].digits > 2)
		return false;
	if (marks_are(p, YEAR, MONTH) || (is_separator(first) && p->mark[1] == '\0'))
		return year;
	return marks_are(p, MONTH, DAY) && small && p->era == NULL;
}

static enum date_fault
read_full(const struct parts *p, char *ret)
{
	bool dashed = is_separator(p->mark[0]) && p->mark[1] == p->mark[0] && p->mark[2] == '\0';

	if (!dashed && !(marks_are(p, YEAR, MONTH) && p->mark[2] == DAY))
		return DATE_UNREADABLE;
	if (p->v[1].digits > 2 || p->v[2].digits > 2)
		return DATE_UNREADABLE;
	if (p->era == NULL && p->v[0].digits <= 2)
		return DATE_TWO_DIGIT_YEAR;
	if (!is_year(p))
		return DATE_UNREADABLE;
	return finish(p->era, p->v[0].value, p->v[1].value, p->v[2].value, ret);
}

enum date_fault
date_read(const char *s, char *ret)
{
	char letters[LETTERS_MAX + 1];
	struct parts p;

	if (!to_letters(s, letters) || !split(letters, &p))
		return DATE_UNREADABLE;
	if (p.n == 3)
		return read_full(&p, ret);
	if (p.n == 1 && p.mark[0] == '\0' && p.era == NULL)
		return read_run(&p, ret);
	if (p.era != NULL && !is_year(&p))
		return DATE_UNREADABLE;
	return is_part(&p) ? DATE_INCOMPLETE : DATE_UNREADABLE;
}

enum date_fault
date_read_iso(const char *s, char *ret)
{
	int i;

	for (i = 0; i < 10; i++)
		if (i == 4 || i == 7 ? s[i] != '-' : !is_digit(s[i]))
			return DATE_UNREADABLE;
	return s[10] == '\0' ? date_read(s, ret) : DATE_UNREADABLE;
}

static const struct date_word *
word(enum date_fault f)
{
	if ((int)f < 0 || f >= DATE__MAX || words[f].code == NULL)
		bug("date fault %d is not in the table", (int)f);
	return &words[f];
}

const char *
date_fault_code(enum date_fault f)
{
	return word(f)->code;
}

const char *
date_fault_ja(enum date_fault f)
{
	return word(f)->ja;
}

const char *
date_fault_en(enum date_fault f)
{
	return word(f)->en;
}
