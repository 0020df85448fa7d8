/* Software as people list it: a table, or JSON of our own. */
#include <string.h>

#include <base/json.h>
#include <base/text.h>
#include <exchange/csv.h>
#include <ledger/value.h>
#include <workflow/secret.h>
#include "software.h"

/* ---- what a line means ---------------------------------------------------------------------- */

/* What was given wins; what was not follows from the package URL. */
static bool
from_purl(struct software_list *l, struct software *s, const char *at)
{
	const char *why, *text;
	struct purl p;

	if (!purl_read(l->arena, s->v[SW_PURL], &p, &why)) {
		software_fault(l, s->line, at, "bad_purl", s->v[SW_PURL],
			       "パッケージURLとして読めません。例: pkg:deb/debian/curl@7.88.1-10?arch=amd64",
			       arena_printf(l->arena, "Not a package URL: %s.", why));
		return false;
	}
	if (!software_is_open(l, s->line, at, &p))
		return false;
	if (p.version == NULL)
		p.version = s->v[SW_VERSION];
	text = purl_text(l->arena, &p);
	if (s->v[SW_NAME] == NULL)
		s->v[SW_NAME] = purl_full_name(l->arena, &p);
	if (s->v[SW_VERSION] == NULL)
		s->v[SW_VERSION] = p.version;
	if (s->v[SW_ARCH] == NULL)
		s->v[SW_ARCH] = purl_qualifier(&p, "arch");
	if (s->v[SW_TYPE] != NULL && strcasecmp(s->v[SW_TYPE], p.type) != 0) {
		software_fault(l, s->line, at, "contradiction", s->v[SW_TYPE],
			       "種類がパッケージURLと違います。",
			       "The type is not that of the package URL.");
		return false;
	}
	s->v[SW_TYPE] = p.type;
	s->v[SW_PURL] = text;
	return true;
}

static const char *
place(struct software_list *l, const char *prefix, enum software_column c)
{
	return prefix == NULL ? software_fields[c].name :
		arena_printf(l->arena, "%s/%s", prefix, software_fields[c].name);
}

/* 4.1(2)④(d): what people write beside a product. */
static void
refuse_secret(struct software_list *l, const struct software *s, const char *prefix,
	      enum software_column c)
{
	if (s->v[c] != NULL && secret_found(l->arena, s->v[c]) != NULL)
		software_fault(l, s->line, place(l, prefix, c), "secret", NULL,
			       "パスワード、鍵、そのハッシュ値のように見えます。カタログには書けません。",
			       "It looks like a password, a key or a hash: no catalogue holds "
			       "any.");
}

/* `prefix`: where the line stands in a JSON list; NULL in a table. */
static bool
take(struct software_list *l, struct software *s, const char *prefix)
{
	size_t before = l->faults->total;
	const char *p;

	if (s->v[SW_PURL] != NULL && !from_purl(l, s, place(l, prefix, SW_PURL)))
		return true;
	if (s->v[SW_NAME] == NULL)
		software_fault(l, s->line, place(l, prefix, SW_NAME), "required", NULL,
			       "ソフトウェア名かパッケージURLを入力してください。",
			       "Give a name or a package URL.");
	if (s->v[SW_VERSION] == NULL && (s->v[SW_NAME] != NULL))
		software_fault(l, s->line, place(l, prefix, SW_VERSION), "required", NULL,
			       "バージョンを入力してください。", "Give the version.");
	for (p = s->v[SW_TYPE]; p != NULL && *p != '\0'; p++)
		if (strchr("abcdefghijklmnopqrstuvwxyz0123456789.-", *p) == NULL ||
		    (p == s->v[SW_TYPE] && (*p < 'a' || *p > 'z'))) {
			software_fault(l, s->line, place(l, prefix, SW_TYPE), "bad_type",
				       s->v[SW_TYPE],
				       "種類は deb、rpm、npm、pypi、generic のような英小文字です。",
				       "A type is a word like deb, rpm, npm, pypi, generic.");
			break;
		}
	refuse_secret(l, s, prefix, SW_PURPOSE);
	refuse_secret(l, s, prefix, SW_VENDOR);
	if (l->faults->total > before)
		return true;
	if (s->v[SW_TYPE] == NULL)
		s->v[SW_TYPE] = "generic";
	if (s->v[SW_PURL] == NULL)
		software_packaged(l, s, l->distro);
	return software_add(l, s);
}

/* ---- JSON ----------------------------------------------------------------------------------- */

static int
column_named(const char *name)
{
	int i;

	for (i = 0; i < SW__MAX; i++)
		if (strcmp(software_fields[i].name, name) == 0)
			break;
	return i;
}

/* Members that an export has beside these; sent back, they say nothing new. */
static const char *const told_only[] = { "catalogue", "origin", "permitted_request", NULL };

static bool
read_object(struct software_list *l, const json_t *j, size_t i)
{
	const char *prefix = arena_printf(l->arena, "#/software/%zu", i), *name;
	struct software s = { .line = 0 };
	size_t before = l->faults->total;
	json_t *value;

	if (!json_is_object(j)) {
		software_fault(l, 0, prefix, "wrong_type", NULL, "オブジェクトで指定してください。",
			       "An object is expected.");
		return true;
	}
	json_object_foreach((json_t *)(uintptr_t)j, name, value) {
		int c = column_named(name);
		struct field f;

		if (c == SW__MAX) {
			if (!str_in(name, told_only))
				software_fault(l, 0, arena_printf(l->arena, "%s/%s", prefix, name),
					       "unknown_member", NULL, "ここでは使えない項目です。",
					       "Not a member of a line of software.");
			continue;
		}
		f = software_fields[c];
		f.name = arena_printf(l->arena, "%s/%s", prefix, name);
		if (!value_from_json(&f, l->arena, value, l->faults, &s.v[c]))
			continue;
	}
	return l->faults->total > before || take(l, &s, prefix);
}

void
software_read_json(struct software_list *l, const json_t *j)
{
	const json_t *list = json_is_object(j) ? json_object_get(j, "software") : j, *one;
	const char *name;
	json_t *value;
	size_t i;

	if (!json_is_array(list)) {
		software_fault(l, 0, "software", "wrong_type", NULL,
			       "ソフトウェアの配列（又は CycloneDX・SPDX のJSON）を送ってください。",
			       "An array of software, or JSON of CycloneDX or SPDX, is expected.");
		return;
	}
	if (json_is_object(j))
		json_object_foreach((json_t *)(uintptr_t)j, name, value) {
			if (strcmp(name, "software") != 0)
				software_fault(l, 0, name, "unknown_member", NULL,
					       "ここでは使えない項目です。",
					       "Not a member of this request.");
		}
	json_array_foreach(list, i, one) {
		if (!read_object(l, one, i))
			return;
	}
}

/* ---- CSV ------------------------------------------------------------------------------------ */

static const struct {
	const char *header;
	enum software_column column;
} synonyms[] = {
	{ "name", SW_NAME }, { "名称", SW_NAME }, { "製品名", SW_NAME },
	{ "ソフトウェア", SW_NAME }, { "パッケージ名", SW_NAME }, { "package", SW_NAME },
	{ "版", SW_VERSION }, { "ver", SW_VERSION }, { "バージョン番号", SW_VERSION },
	{ "packageurl", SW_PURL }, { "architecture", SW_ARCH }, { "source", SW_SOURCE_NAME },
	{ "ソースパッケージ", SW_SOURCE_NAME }, { "ベンダー", SW_VENDOR }, { "製造者", SW_VENDOR },
	{ "入手元", SW_VENDOR }, { "メーカー", SW_VENDOR }, { "用途", SW_PURPOSE },
	{ "目的", SW_PURPOSE }, { "サポート終了日", SW_SUPPORT_UNTIL }, { "eol", SW_SUPPORT_UNTIL },
};

struct table {
	struct software_list *list;
	int column[CSV_FIELDS_MAX]; /* SW__MAX: not read */
	size_t columns;
	bool begun;
};

static int
column_of(struct table *t, const char *header)
{
	struct arena *arena = t->list->arena;
	const char *name = text_fold(arena, header);
	size_t i;

	for (i = 0; i < SW__MAX; i++)
		if (strcmp(name, software_fields[i].name) == 0 ||
		    strcmp(name, text_fold(arena, software_fields[i].label)) == 0)
			return (int)i;
	for (i = 0; i < ARRAY_SIZE(synonyms); i++)
		if (strcmp(name, text_fold(arena, synonyms[i].header)) == 0)
			return (int)synonyms[i].column;
	return -1;
}

static bool
take_header(struct table *t, const struct csv_record *r)
{
	struct software_list *l = t->list;
	bool given[SW__MAX + 1] = { false };
	size_t before = l->faults->total, i;

	t->begun = true;
	t->columns = r->n;
	for (i = 0; i < r->n; i++) {
		int c = column_of(t, r->v[i].p);

		t->column[i] = c < 0 ? SW__MAX : c;
		if (c >= 0 && given[c])
			software_fault(l, r->line, software_fields[c].name, "duplicate_header",
				       r->v[i].p, "同じ見出しが2つあります。",
				       "The column stands twice.");
		else if (c < 0 && !str_in(r->v[i].p, told_only))
			software_fault(l, r->line, NULL, "unknown_header", r->v[i].p,
				       "読み取れない見出しです。", "There is no such column.");
		given[t->column[i]] = true;
	}
	if (!given[SW_NAME] && !given[SW_PURL])
		software_fault(l, r->line, "software_name", "missing_column", NULL,
			       "ソフトウェア名かパッケージURLの列が必要です。",
			       "A column software_name or purl is needed.");
	return l->faults->total == before;
}

static bool
take_record(void *arg, const struct csv_record *r)
{
	struct table *t = arg;
	struct software_list *l = t->list;
	struct software s = { .line = r->line };
	size_t before = l->faults->total, i, n;

	if (!t->begun)
		return take_header(t, r);
	if (r->n != t->columns) {
		software_fault(l, r->line, NULL, "column_count", NULL,
			       arena_printf(l->arena, "列の数が見出し（%zu列）と違います（%zu列）。",
					    t->columns, r->n),
			       arena_printf(l->arena, "%zu columns, but the header has %zu.",
					    r->n, t->columns));
		return true;
	}
	for (i = 0; i < r->n; i++) {
		const char *cell = csv_strip_guard(r->v[i].p, r->v[i].n, &n);
		int c = t->column[i];

		if (c != SW__MAX && !value_from_cell(&software_fields[c], l->arena, cell, n,
						     r->line, l->faults, &s.v[c]))
			continue;
	}
	return l->faults->total > before || take(l, &s, NULL);
}

/* Of the marks that tables use, the one that stands in the header. */
static char
separator(const char *text)
{
	size_t n = strcspn(text, "\r\n");

	return memchr(text, ',', n) != NULL ? ',' : memchr(text, '\t', n) != NULL ? '\t' :
		memchr(text, ';', n) != NULL ? ';' : ',';
}

void
software_read_csv(struct software_list *l, const char *text, size_t n)
{
	struct table *t = arena_alloc(l->arena, sizeof(*t));
	struct csv_reader *r;
	enum csv_fault f = CSV_OK;

	t->list = l;
	r = csv_reader_new(separator(text), take_record, t);
	if (n > 0)
		f = csv_feed(r, text, n);
	if (f == CSV_OK)
		f = csv_finish(r);
	if (f != CSV_OK && f != CSV_STOPPED)
		software_fault(l, csv_fault_line(r), NULL, csv_fault_code(f), NULL,
			       csv_fault_ja(f), csv_fault_en(f));
	csv_reader_free(r);
}
