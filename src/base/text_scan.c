#include <utf8proc.h>

#include <base/text.h>
#include <base/util.h>

#include "text_scan.h"

/*
 * Unicode's own ceiling for streams (UAX #15).  Longer stacks of marks name nothing, and make
 * the sorting of marks quadratic, here and in the database's normalize().
 */
#define MARKS_MAX 30

#define ZWNJ 0x200c
#define ZWJ 0x200d

struct range {
	uint32_t lo, hi;
	enum text_fault fault;
};

/*
 * What is never stored, ascending.  TAB, LF, CR and the joiners are judged by their neighbours
 * before this table is asked, the variation selectors U+E0100–E01EF too.
 */
static const struct range refused[] = {
	{ 0x0000, 0x0000, TEXT_NUL },
	{ 0x0001, 0x001f, TEXT_CONTROL },
	{ 0x007f, 0x009f, TEXT_CONTROL },
	{ 0x00ad, 0x00ad, TEXT_INVISIBLE }, /* soft hyphen */
	{ 0x034f, 0x034f, TEXT_INVISIBLE },
	{ 0x061c, 0x061c, TEXT_BIDI },
	{ 0x115f, 0x1160, TEXT_INVISIBLE }, /* Hangul fillers, here and below */
	{ 0x17b4, 0x17b5, TEXT_INVISIBLE },
	{ 0x180b, 0x180f, TEXT_INVISIBLE },
	{ 0x200b, 0x200d, TEXT_INVISIBLE },
	{ 0x200e, 0x200f, TEXT_BIDI },
	{ 0x2028, 0x2029, TEXT_INVISIBLE },
	{ 0x202a, 0x202e, TEXT_BIDI },
	{ 0x2060, 0x2065, TEXT_INVISIBLE },
	{ 0x2066, 0x2069, TEXT_BIDI },
	{ 0x206a, 0x206f, TEXT_INVISIBLE },
	{ 0x3164, 0x3164, TEXT_INVISIBLE },
	{ 0xe000, 0xf8ff, TEXT_NONCHAR }, /* private use: 外字 */
	{ 0xfdd0, 0xfdef, TEXT_NONCHAR },
	{ 0xfeff, 0xfeff, TEXT_INVISIBLE },
	{ 0xffa0, 0xffa0, TEXT_INVISIBLE },
	{ 0xfff0, 0xfffb, TEXT_INVISIBLE }, /* interlinear annotation */
	{ 0xfffe, 0xffff, TEXT_NONCHAR },
	{ 0x1bca0, 0x1bca3, TEXT_INVISIBLE },
	{ 0x1d173, 0x1d17a, TEXT_INVISIBLE },
	{ 0xe0000, 0xe0fff, TEXT_INVISIBLE }, /* tags */
	{ 0xf0000, 0x10ffff, TEXT_NONCHAR },
};

/* Visible, refused by nobody and untouched by NFC whatever stands beside it. */
static bool
is_plain(int32_t c)
{
	if (c < 0x300)
		return (c >= 0x20 && c < 0x7f) || (c >= 0xa0 && c != 0xad);
	if (c >= 0x4e00)
		return c <= 0x9fff || (c >= 0xff01 && c <= 0xff9f);
	return c >= 0x3000 && c <= 0x30ff && !(c >= 0x302a && c <= 0x302f) && c != 0x3099 &&
	       c != 0x309a;
}

static enum text_fault
fault_of(int32_t c)
{
	size_t lo = 0, hi = ARRAY_SIZE(refused);

	if ((c & 0xfffe) == 0xfffe)
		return TEXT_NONCHAR;
	while (lo < hi) {
		size_t mid = (lo + hi) / 2;

		if ((uint32_t)c > refused[mid].hi)
			lo = mid + 1;
		else if ((uint32_t)c < refused[mid].lo)
			hi = mid;
		else
			return refused[mid].fault;
	}
	return TEXT_OK;
}

static bool
is_mark(int32_t c)
{
	utf8proc_category_t k = utf8proc_category(c);

	return k == UTF8PROC_CATEGORY_MN || k == UTF8PROC_CATEGORY_MC || k == UTF8PROC_CATEGORY_ME;
}

static bool
is_emoji(int32_t c)
{
	return utf8proc_get_property(c)->boundclass == UTF8PROC_BOUNDCLASS_EXTENDED_PICTOGRAPHIC;
}

/* Letters and marks from Devanagari to Sinhala, where joiners choose the shape. */
static bool
is_indic(int32_t c)
{
	return c >= 0x900 && c <= 0xdff &&
	       (is_mark(c) || utf8proc_category(c) == UTF8PROC_CATEGORY_LO);
}

static bool
is_ideograph(int32_t c)
{
	return (c >= 0x3005 && c <= 0x3007) || (c >= 0x3400 && c <= 0x4dbf) ||
	       (c >= 0x4e00 && c <= 0x9fff) || (c >= 0xf900 && c <= 0xfaff) ||
	       (c >= 0x20000 && c <= 0x3fffd);
}

static bool
is_ivs(int32_t c)
{
	return c >= 0xe0100 && c <= 0xe01ef;
}

static bool
is_skin_tone(int32_t c)
{
	return c >= 0x1f3fb && c <= 0x1f3ff;
}

static bool
is_selector(int32_t c)
{
	return (c >= 0xfe00 && c <= 0xfe0f) || is_ivs(c);
}

/* A selector belongs to one visible character; a row of them can carry a hidden message. */
static bool
selector_fits(const struct text_scan *st, int32_t c)
{
	if (is_ivs(c))
		return is_ideograph(st->prev);
	return st->prev > 0x20 && utf8proc_category(st->prev) != UTF8PROC_CATEGORY_ZS &&
	       !is_selector(st->prev);
}

/* The left side of a joiner; the right side is judged when it comes. */
static enum text_fault
take_joiner(struct text_scan *st, int32_t c, size_t at)
{
	if (st->joiner != 0 || !((c == ZWJ && st->emoji) || is_indic(st->prev)))
		return TEXT_INVISIBLE;
	st->joiner = c;
	st->joiner_at = at;
	return TEXT_OK;
}

static bool
joiner_fits(const struct text_scan *st, int32_t right)
{
	return st->emoji ? is_emoji(right) : is_indic(right);
}

/* Everything that is_plain() did not settle. */
static enum text_fault
take_other(struct text_scan *st, int32_t c, size_t at)
{
	enum text_fault f;

	if (st->lines && (c == '\t' || c == '\n' || c == '\r'))
		return TEXT_OK;
	if (c == ZWJ || c == ZWNJ)
		return take_joiner(st, c, at);
	if (is_selector(c)) {
		if (!selector_fits(st, c))
			return TEXT_INVISIBLE;
		st->emoji = st->emoji && c == 0xfe0f;
		return TEXT_OK;
	}
	f = fault_of(c);
	if (f != TEXT_OK)
		return f;
	st->nfc = false;
	st->emoji = is_emoji(c) || (st->emoji && is_skin_tone(c));
	if (!is_mark(c))
		st->marks = 0;
	else if (++st->marks > MARKS_MAX)
		return TEXT_MARKS;
	return TEXT_OK;
}

static enum text_fault
take_char(struct text_scan *st, int32_t c, size_t at)
{
	enum text_fault f = TEXT_OK;

	if (st->joiner != 0 && c != ZWJ && c != ZWNJ) {
		if (!joiner_fits(st, c))
			return TEXT_INVISIBLE;
		st->joiner = 0;
	}
	if (is_plain(c)) {
		st->emoji = false;
		st->marks = 0;
	} else {
		f = take_other(st, c, at);
	}
	if (c < 0x20) {
		st->emoji = false;
		st->marks = 0;
	}
	if (!(c == '\n' && st->prev == '\r'))
		st->chars++;
	st->prev = c;
	return f;
}

enum text_fault
text_scan(struct text_scan *st, const char *s, size_t n, size_t *ret_at)
{
	size_t i = 0;

	while (i < n) {
		enum text_fault f;
		utf8proc_int32_t c;
		utf8proc_ssize_t len;

		len = utf8proc_iterate((const utf8proc_uint8_t *)s + i, (utf8proc_ssize_t)(n - i),
				       &c);
		*ret_at = i;
		if (len <= 0)
			return TEXT_BAD_UTF8;
		f = take_char(st, c, i);
		if (f != TEXT_OK) {
			if (st->joiner != 0)
				*ret_at = st->joiner_at;
			return f;
		}
		i += (size_t)len;
	}
	*ret_at = st->joiner_at;
	return st->joiner != 0 ? TEXT_INVISIBLE : TEXT_OK;
}
