#include <stdio.h>
#include <string.h>

#include <base/date.h>
#include <base/json.h>
#include <base/text.h>
#include <ledger/value.h>
#include <ledger/format.h>

void
value_fault(struct faults *l, const struct field *f, long line, const char *code,
	    const char *value, const char *ja, const char *en)
{
	struct fault fault = { .field = f->name, .code = code, .clause = f->clause, .ja = ja,
		.en = en, .value = value, .line = line };

	faults_add(l, &fault);
}

/* What a reader is given, so that each type's reader has one shape. */
struct reading {
	const struct field *f;
	struct arena *arena;
	struct faults *faults;
	long line;	/* 0: JSON */
	const char *at; /* name in a fault: the column, or the query argument */
	bool strict;	/* JSON: codes and ISO dates only */
};

static bool
refuse(const struct reading *r, const char *code, const char *value, const char *ja,
       const char *en)
{
	struct fault fault = { .field = r->at, .code = code, .clause = r->f->clause, .ja = ja,
		.en = en, .value = value, .line = r->line };

	faults_add(r->faults, &fault);
	return false;
}

static bool
read_plain(const struct reading *r, const char *s, size_t n, size_t max, const char **ret)
{
	unsigned flags = r->f->flags & FF_LINES ? TEXT_LINES : 0;
	const char *code, *ja, *en;
	enum text_fault t;
	char *text;
	size_t at;

	t = text_read(r->arena, s, n, max, flags, &text, &at);
	if (t == TEXT_OK) {
		*ret = text[0] == '\0' ? NULL : text;
		return true;
	}
	code = text_fault_code(t);
	ja = text_fault_ja(t);
	en = text_fault_en(t);
	if (t == TEXT_TOO_LONG) {
		ja = arena_printf(r->arena, "%zu文字以内で入力してください。", max);
		en = arena_printf(r->arena, "At most %zu characters.", max);
	}
	/* bytes that are no text are not told back */
	return refuse(r, code, t == TEXT_BAD_UTF8 || t == TEXT_NUL ? NULL : s, ja, en);
}

static bool
read_text(const struct reading *r, const char *s, const char **ret)
{
	const char *text;

	if (!read_plain(r, s, strlen(s), (size_t)r->f->max, &text))
		return false;
	if (text != NULL && !format_read(r->f->format, r->arena, text, &text))
		return refuse(r, "bad_format", s, format_ja(r->f->format),
			      format_en(r->f->format));
	*ret = text;
	return true;
}

static bool
read_choice(const struct reading *r, const char *s, const char **ret)
{
	const struct choice *c;
	struct buf b;

	for (c = r->f->choices; c->value != NULL; c++)
		if (strcmp(c->value, s) == 0)
			break;
	if (c->value == NULL && !r->strict)
		c = field_choice(r->f, r->arena, s);
	if (c != NULL && c->value != NULL) {
		*ret = c->value;
		return true;
	}
	buf_init(&b, 4096);
	for (c = r->f->choices; c->value != NULL; c++)
		buf_addf(&b, "%s%s", c == r->f->choices ? "" : ", ", c->value);
	refuse(r, "unknown_choice", s,
	       arena_printf(r->arena, "選択肢にない値です。使えるのは %s です。", buf_text(&b)),
	       arena_printf(r->arena, "Not one of: %s.", buf_text(&b)));
	buf_release(&b);
	return false;
}

static bool
read_int(const struct reading *r, const char *s, const char **ret)
{
	int64_t n;

	if (!r->strict)
		s = text_fold(r->arena, s);
	if (!number_read(s, r->f->min, r->f->max, &n))
		return refuse(r, "out_of_range", s,
			      arena_printf(r->arena, "%lld から %lld までの整数を入力してください。",
					   (long long)r->f->min, (long long)r->f->max),
			      arena_printf(r->arena, "A whole number from %lld to %lld.",
					   (long long)r->f->min, (long long)r->f->max));
	*ret = arena_printf(r->arena, "%lld", (long long)n);
	return true;
}

static bool
read_date(const struct reading *r, const char *s, const char **ret)
{
	char iso[DATE_SIZE];
	enum date_fault d = r->strict ? date_read_iso(s, iso) : date_read(s, iso);

	if (d != DATE_OK)
		return refuse(r, date_fault_code(d), s, date_fault_ja(d), date_fault_en(d));
	*ret = arena_strdup(r->arena, iso);
	return true;
}

static bool
read_bool(const struct reading *r, const char *s, const char **ret)
{
	static const char *const yes[] = { "true", "t", "1", "yes", "y", "○", "◯", "〇", "●", "有",
		"あり", "該当", "要", "はい", "済", "レ", "☑", "✓", "*", "する", NULL };
	static const char *const no[] = { "false", "f", "0", "no", "n", "×", "✕", "✖", "x", "無",
		"なし", "非該当", "不要", "いいえ", "未", "☐", "-", "該当なし", "しない", NULL };
	static const char *const unknown[] = { "不明", "確認中", "unknown", NULL };
	const char *folded = text_fold(r->arena, s);

	if (str_in(s, yes) || str_in(folded, yes))
		*ret = "t";
	else if (str_in(s, no) || str_in(folded, no) || str_eq(s, "－"))
		*ret = "f";
	else if (str_in(folded, unknown))
		*ret = NULL;
	else
		return refuse(r, "not_boolean", s,
			      "該当／非該当、有／無、true／false などで入力してください。",
			      "true or false (also 該当/非該当, 有/無, ○/×).");
	return true;
}

/* n digits (1 or 2) with a value below max. */
static bool
read_digits(const char *s, size_t n, int64_t max)
{
	char text[3] = "";
	int64_t v;

	memcpy(text, s, strnlen(s, n));
	return strspn(text, "0123456789") == n && number_read(text, 0, max - 1, &v);
}

/* 18:00, 18:00:30, 18:00:30.5; in a table also 9:05.  *ret: what follows it. */
static bool
read_time(const char *s, bool strict, const char **ret)
{
	size_t n = !strict && strspn(s, "0123456789") == 1 ? 1 : 2, digits;

	if (!read_digits(s, n, 24) || s[n] != ':' || !read_digits(s + n + 1, 2, 60))
		return false;
	s += n + 3;
	if (s[0] == ':') {
		if (!read_digits(s + 1, 2, 60))
			return false;
		s += 3;
		digits = s[0] == '.' ? strspn(s + 1, "0123456789") : 0;
		if (s[0] == '.' && (digits == 0 || digits > 6))
			return false;
		s += digits == 0 ? 0 : digits + 1;
	}
	*ret = s;
	return true;
}

/* Where the day ends: at T or a blank (in a table also a full-width one); *ret: what follows. */
static size_t
day_length(const struct reading *r, const char *s, const char **ret)
{
	size_t n;

	for (n = 0; s[n] != '\0' && s[n] != 'T' && s[n] != ' '; n++)
		if (!r->strict && str_starts(s + n, "\xe3\x80\x80")) {
			*ret = s + n + 3;
			return n;
		}
	*ret = s[n] == '\0' ? NULL : s + n + 1;
	return n;
}

/*
 * A day; or a moment: UTC as the daemon writes it (…Z), or the time of Japan (…+09:00, or nothing,
 * as people and spreadsheets write it).
 */
static bool
read_moment(const struct reading *r, const char *s, const char **ret)
{
	char iso[DATE_SIZE];
	const char *time, *zone, *day = arena_dup(r->arena, s, day_length(r, s, &time));

	if ((r->strict ? date_read_iso(day, iso) : date_read(day, iso)) != DATE_OK)
		return false;
	if (time == NULL) {
		*ret = arena_strdup(r->arena, iso);
		return true;
	}
	if (!r->strict)
		time = text_fold(r->arena, time);
	if (!read_time(time, r->strict, &zone))
		return false;
	if (strcmp(zone, "Z") != 0 && (r->strict || strcmp(zone, "z") != 0) &&
	    strcmp(zone, "+09:00") != 0 && zone[0] != '\0')
		return false;
	*ret = arena_printf(r->arena, "%sT%.*s%s", iso, (int)(zone - time), time,
			    zone[0] == '\0' ? "+09:00" : zone);
	return true;
}

static bool
read_stamp(const struct reading *r, const char *s, const char **ret)
{
	return read_moment(r, s, ret) ||
		refuse(r, "bad_timestamp", s,
		       "日時は 2026-01-31T18:00（日本時間）か 2026-01-31T09:00:00Z の形で入力してください。",
		       "A moment like 2026-01-31T18:00 (in Japan) or 2026-01-31T09:00:00Z.");
}

typedef bool read_fn(const struct reading *, const char *, const char **ret);

static read_fn *const readers[FT__MAX] = {
	[FT_TEXT] = read_text,	 [FT_TEXTS] = read_text, [FT_ENUM] = read_choice,
	[FT_ENUMS] = read_choice, [FT_LEVEL] = read_choice, [FT_INT] = read_int,
	[FT_BOOL] = read_bool,	 [FT_DATE] = read_date,	 [FT_STAMP] = read_stamp,
	[FT_REF] = read_text,
};

static bool
is_list(const struct field *f)
{
	return f->type == FT_TEXTS || f->type == FT_ENUMS;
}

/* One value or one element, already known to be clean text. */
static bool
read_one(const struct reading *r, const char *s, const char **ret)
{
	struct field ref;
	struct reading as_text = *r;

	if (r->f->type != FT_REF)
		return readers[r->f->type](r, s, ret);
	/* a key is short; whether it exists is asked in the database */
	ref = *r->f;
	ref.max = 64;
	as_text.f = &ref;
	return read_text(&as_text, s, ret);
}

#define LIST_MAX 100

static bool
add_element(const struct reading *r, const char *s, const char **v, size_t *n)
{
	const char *one = NULL;

	if (!read_one(r, s, &one))
		return false;
	if (one == NULL)
		return true;
	if (strpbrk(one, ";\n") != NULL)
		return refuse(r, "bad_element", s, "要素に「;」や改行は使えません。",
			      "An element may not contain ';' or a line break.");
	if (*n == LIST_MAX)
		return refuse(r, "too_many", NULL, "100個以内で入力してください。",
			      "At most 100 elements.");
	v[(*n)++] = one;
	return true;
}

static bool
list_from_json(const struct reading *r, const json_t *j, const char **ret)
{
	const char *v[LIST_MAX];
	size_t n = 0, i;
	json_t *e;

	if (!json_is_array(j))
		return refuse(r, "wrong_type", NULL, "文字列の配列で指定してください。",
			      "An array of strings is expected.");
	json_array_foreach(j, i, e) {
		if (!json_is_string(e))
			return refuse(r, "wrong_type", NULL, "文字列の配列で指定してください。",
				      "An array of strings is expected.");
		if (!add_element(r, json_string_value(e), v, &n))
			return false;
	}
	*ret = n == 0 ? NULL : array_literal(r->arena, v, n);
	return true;
}

bool
value_from_json(const struct field *f, struct arena *arena, const json_t *j,
		struct faults *faults, const char **ret)
{
	struct reading r = { .f = f, .arena = arena, .faults = faults, .at = f->name,
		.strict = true };
	const char *s;

	if (json_is_null(j)) {
		*ret = NULL;
		return true;
	}
	if (is_list(f))
		return list_from_json(&r, j, ret);
	if (f->type == FT_BOOL) {
		if (!json_is_boolean(j))
			return refuse(&r, "wrong_type", NULL, "true か false で指定してください。",
				      "true or false is expected.");
		*ret = json_is_true(j) ? "t" : "f";
		return true;
	}
	if (f->type == FT_INT || f->type == FT_LEVEL) {
		if (!json_is_integer(j))
			return refuse(&r, "wrong_type", NULL, "整数で指定してください。",
				      "A whole number is expected.");
		s = arena_printf(arena, "%lld", (long long)json_integer_value(j));
		return read_one(&r, s, ret);
	}
	if (!json_is_string(j))
		return refuse(&r, "wrong_type", NULL, "文字列で指定してください。",
			      "A string is expected.");
	s = json_string_value(j);
	if (f->type != FT_TEXT && f->type != FT_REF && s[0] == '\0') {
		*ret = NULL;
		return true;
	}
	return read_one(&r, s, ret);
}

/* Elements of a cell stand apart by ; 、 or line breaks (hosts and addresses also by commas). */
static bool
list_from_cell(const struct reading *r, const char *s, const char **ret)
{
	const char *const marks[] = { ";", "；", "、", "\n", ",", "，" };
	const char *v[LIST_MAX], *p = s, *from = s;
	size_t n = 0, i, w;

	for (;; p += w) {
		w = 1;
		for (i = 0; i < ARRAY_SIZE(marks) && !str_starts(p, marks[i]); i++)
			continue;
		if (i < ARRAY_SIZE(marks))
			w = strlen(marks[i]);
		else if (*p != '\0')
			continue;
		if (p > from && !add_element(r, arena_dup(r->arena, from, (size_t)(p - from)), v,
					     &n))
			return false;
		if (*p == '\0')
			break;
		from = p + w;
	}
	*ret = n == 0 ? NULL : array_literal(r->arena, v, n);
	return true;
}

bool
value_from_cell(const struct field *f, struct arena *arena, const char *s, size_t n, long line,
		struct faults *faults, const char **ret)
{
	struct reading r = { .f = f, .arena = arena, .faults = faults, .line = line,
		.at = f->name };
	const char *text;

	if (n == 0) {
		*ret = NULL;
		return true;
	}
	if (f->type == FT_TEXT && f->format == FORMAT_ANY)
		return read_plain(&r, s, n, (size_t)f->max, ret);
	if (is_list(f)) {
		struct field lines = *f;

		lines.flags |= FF_LINES;
		r.f = &lines;
		if (!read_plain(&r, s, n, 20000, &text))
			return false;
		r.f = f;
		if (text == NULL) {
			*ret = NULL;
			return true;
		}
		return list_from_cell(&r, text, ret);
	}
	if (!read_plain(&r, s, n, 4000, &text))
		return false;
	if (text == NULL) {
		*ret = NULL;
		return true;
	}
	return read_one(&r, text, ret);
}

bool
value_from_query(const struct field *f, struct arena *arena, const char *s, const char *arg,
		 struct faults *faults, const char **ret)
{
	struct reading r = { .f = f, .arena = arena, .faults = faults, .at = arg };
	const char *one = NULL;

	if (!read_one(&r, s, &one))
		return false;
	if (one == NULL)
		return refuse(&r, "empty", NULL, "値が空です。空欄を探すには __empty=true を使います。",
			      "The value is empty; use __empty=true to find empty ones.");
	*ret = one;
	return true;
}
