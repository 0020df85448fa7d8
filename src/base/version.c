#include <string.h>
#include <strings.h>

#include <base/version.h>

/* A part of a version; letters are those of ASCII whatever the locale. */
struct span {
	const char *p, *end;
};

static bool
is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static bool
is_letter(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static char
peek(const struct span *s)
{
	return s->p < s->end ? *s->p : '\0';
}

/* Takes what belongs together off the front. */
static struct span
take(struct span *s, bool (*of)(char))
{
	struct span taken = { s->p, s->p };

	while (s->p < s->end && of(*s->p))
		s->p++;
	taken.end = s->p;
	return taken;
}

static size_t
length(const struct span *s)
{
	return (size_t)(s->end - s->p);
}

/* Digits of any number, by value. */
static int
compare_numbers(struct span a, struct span b)
{
	while (peek(&a) == '0')
		a.p++;
	while (peek(&b) == '0')
		b.p++;
	if (length(&a) != length(&b))
		return length(&a) < length(&b) ? -1 : 1;
	return memcmp(a.p, b.p, length(&a));
}

static int
compare_words(struct span a, struct span b)
{
	size_t n = length(&a) < length(&b) ? length(&a) : length(&b);
	int c = memcmp(a.p, b.p, n);

	return c != 0 ? c : (length(&a) > length(&b)) - (length(&a) < length(&b));
}

/* Epoch, version, revision; an epoch is digits before the first colon. */
struct parts {
	struct span epoch, version, revision;
	bool revised;
};

static struct parts
split(const char *s)
{
	struct parts x = { .version = { s, s + strlen(s) } };
	struct span rest = x.version, epoch = take(&rest, is_digit);
	const char *dash;

	x.epoch = (struct span){ s, s };
	if (peek(&rest) == ':') {
		x.epoch = epoch;
		x.version.p = rest.p + 1;
	}
	dash = strrchr(x.version.p, '-');
	x.revision = (struct span){ x.version.end, x.version.end };
	x.revised = dash != NULL;
	if (x.revised) {
		x.revision.p = dash + 1;
		x.version.end = dash;
	}
	return x;
}

/* ---- Debian ----------------------------------------------------------------------------- */

/* '~' before the end, the end before letters, letters before all else. */
static int
deb_weight(const struct span *s)
{
	char c = peek(s);

	if (s->p == s->end || is_digit(c))
		return 0;
	if (c == '~')
		return -1;
	return is_letter(c) ? c : (unsigned char)c + 256;
}

static int
deb_compare_part(struct span a, struct span b)
{
	int c;

	while (a.p < a.end || b.p < b.end) {
		while ((a.p < a.end && !is_digit(*a.p)) || (b.p < b.end && !is_digit(*b.p))) {
			c = deb_weight(&a) - deb_weight(&b);
			if (c != 0)
				return c;
			a.p++;
			b.p++;
		}
		c = compare_numbers(take(&a, is_digit), take(&b, is_digit));
		if (c != 0)
			return c;
	}
	return 0;
}

static int
deb_compare(const char *a, const char *b)
{
	struct parts x = split(a), y = split(b);
	int c = compare_numbers(x.epoch, y.epoch);

	if (c == 0)
		c = deb_compare_part(x.version, y.version);
	return c != 0 ? c : deb_compare_part(x.revision, y.revision);
}

/* ---- rpm -------------------------------------------------------------------------------- */

static bool
is_rpm_separator(char c)
{
	return !is_digit(c) && !is_letter(c) && c != '~' && c != '^';
}

/* 0: neither begins with a mark, or both with the same, which is taken off (*marked). */
static int
rpm_compare_marks(struct span *a, struct span *b, bool *marked)
{
	char x = peek(a), y = peek(b);

	*marked = (x == '~' || x == '^') && x == y;
	if (*marked) {
		a->p++;
		b->p++;
		return 0;
	}
	if (x == '~' || y == '~')
		return x == '~' ? -1 : 1;
	/* after the version itself, but before whatever else goes on */
	if (x == '^')
		return b->p == b->end ? 1 : -1;
	if (y == '^')
		return a->p == a->end ? -1 : 1;
	return 0;
}

static int
rpm_compare_part(struct span a, struct span b)
{
	bool marked;
	int c;

	while (a.p < a.end || b.p < b.end) {
		(void)take(&a, is_rpm_separator);
		(void)take(&b, is_rpm_separator);
		c = rpm_compare_marks(&a, &b, &marked);
		if (c != 0)
			return c;
		if (marked)
			continue;
		if (a.p == a.end || b.p == b.end)
			break;
		/* a number is newer than a word */
		if (is_digit(*a.p) != is_digit(*b.p))
			return is_digit(*a.p) ? 1 : -1;
		c = is_digit(*a.p) ? compare_numbers(take(&a, is_digit), take(&b, is_digit)) :
			compare_words(take(&a, is_letter), take(&b, is_letter));
		if (c != 0)
			return c;
	}
	return (a.p < a.end) - (b.p < b.end);
}

static int
rpm_compare(const char *a, const char *b)
{
	struct parts x = split(a), y = split(b);
	int c = compare_numbers(x.epoch, y.epoch);

	if (c == 0)
		c = rpm_compare_part(x.version, y.version);
	if (c == 0)
		c = x.revised - y.revised;
	return c != 0 ? c : rpm_compare_part(x.revision, y.revision);
}

/* ---- all others ------------------------------------------------------------------------- */

static bool
is_separator(char c)
{
	return !is_digit(c) && !is_letter(c) && c != '~';
}

/* Words of what came before the version that they are added to; 1.0a1 is, 1.1.1a is not. */
static bool
is_early(const struct span *word, bool numbered)
{
	static const char *const early[] = { "alpha", "beta", "cr", "dev", "ea", "milestone",
		"pre", "preview", "rc", "snapshot" };
	size_t i;

	if (length(word) == 1)
		return numbered && strchr("abcmABCM", *word->p) != NULL;
	for (i = 0; i < ARRAY_SIZE(early); i++)
		if (strlen(early[i]) == length(word) &&
		    strncasecmp(early[i], word->p, length(word)) == 0)
			return true;
	return false;
}

/* What comes next: '~', a word of something early, the end, another word. */
static int
generic_rank(const struct span *s)
{
	struct span rest = *s, word = take(&rest, is_letter);

	if (s->p == s->end)
		return 2;
	if (*s->p == '~')
		return 0;
	return is_early(&word, is_digit(peek(&rest))) ? 1 : 3;
}

static int
generic_compare_words(struct span a, struct span b)
{
	for (; a.p < a.end && b.p < b.end; a.p++, b.p++) {
		/* ASCII letters only: their lower case has bit 0x20 */
		int c = (*a.p | 0x20) - (*b.p | 0x20);

		if (c != 0)
			return c;
	}
	return (a.p < a.end) - (b.p < b.end);
}

/* A number that is not there counts as 0: 1.0 is 1. */
static int
generic_compare(struct span a, struct span b)
{
	int c, rank;

	for (;;) {
		(void)take(&a, is_separator);
		(void)take(&b, is_separator);
		if (a.p == a.end && b.p == b.end)
			return 0;
		if (is_digit(peek(&a)) || is_digit(peek(&b))) {
			c = compare_numbers(take(&a, is_digit), take(&b, is_digit));
		} else {
			rank = generic_rank(&a);
			c = rank - generic_rank(&b);
			if (c == 0 && rank == 0) {
				a.p++;
				b.p++;
			} else if (c == 0) {
				c = generic_compare_words(take(&a, is_letter),
							  take(&b, is_letter));
			}
		}
		if (c != 0)
			return c;
	}
}

/* One identifier up to the next dot; numbers are before words. */
static int
semver_compare_identifier(struct span a, struct span b)
{
	struct span x = a, y = b;
	bool m, n;

	(void)take(&x, is_digit);
	(void)take(&y, is_digit);
	m = x.p == x.end;
	n = y.p == y.end;
	if (m != n)
		return m ? -1 : 1;
	return m ? compare_numbers(a, b) : compare_words(a, b);
}

static bool
is_not_dot(char c)
{
	return c != '.';
}

static int
semver_compare_early(struct span a, struct span b)
{
	int c;

	while (a.p < a.end && b.p < b.end) {
		c = semver_compare_identifier(take(&a, is_not_dot), take(&b, is_not_dot));
		if (c != 0)
			return c;
		a.p += a.p < a.end;
		b.p += b.p < b.end;
	}
	return (a.p < a.end) - (b.p < b.end);
}

/* The version proper; *ret_early is what comes after '-', and what comes after '+' is dropped. */
static struct span
semver_split(const char *s, struct span *ret_early)
{
	struct span core = { s, s + strcspn(s, "+") };
	const char *dash = memchr(s, '-', length(&core));

	if (core.p < core.end && (*core.p == 'v' || *core.p == 'V'))
		core.p++;
	*ret_early = (struct span){ core.end, core.end };
	if (dash != NULL) {
		ret_early->p = dash + 1;
		core.end = dash;
	}
	return core;
}

static int
semver_compare(const char *a, const char *b)
{
	struct span early_a, early_b, x = semver_split(a, &early_a), y = semver_split(b, &early_b);
	int c = generic_compare(x, y);

	if (c != 0)
		return c;
	if ((early_a.p < early_a.end) != (early_b.p < early_b.end))
		return early_a.p < early_a.end ? -1 : 1;
	return semver_compare_early(early_a, early_b);
}

/* ---- by type ---------------------------------------------------------------------------- */

enum version_order
version_order_of(const char *type)
{
	static const struct {
		const char *type;
		enum version_order order;
	} orders[] = {
		{ "deb", VERSION_DEB }, { "opkg", VERSION_DEB }, { "rpm", VERSION_RPM },
		{ "npm", VERSION_SEMVER }, { "cargo", VERSION_SEMVER },
		{ "golang", VERSION_SEMVER }, { "hex", VERSION_SEMVER }, { "pub", VERSION_SEMVER },
		{ "swift", VERSION_SEMVER },
	};
	size_t i;

	for (i = 0; type != NULL && i < ARRAY_SIZE(orders); i++)
		if (strcmp(orders[i].type, type) == 0)
			return orders[i].order;
	return VERSION_GENERIC;
}

int
version_compare(enum version_order order, const char *a, const char *b)
{
	switch (order) {
	case VERSION_DEB:
		return deb_compare(a, b);
	case VERSION_RPM:
		return rpm_compare(a, b);
	case VERSION_SEMVER:
		return semver_compare(a, b);
	default:
		return generic_compare((struct span){ a, a + strlen(a) },
				       (struct span){ b, b + strlen(b) });
	}
}
