/* Lists of software: their lines, and what is alike among them. */
#include <stdlib.h>
#include <string.h>

#include <base/json.h>
#include <base/text.h>
#include <workflow/secret.h>
#include "software.h"

const struct field software_fields[SW__MAX] = {
	[SW_NAME] = { .name = "software_name", .label = "ソフトウェア名",
		.clause = "2.1(2)⑧(f)", .type = FT_TEXT, .max = 400, .hint = "openssl" },
	[SW_VERSION] = { .name = "version", .label = "バージョン", .clause = "7.2.1(2)③",
		.type = FT_TEXT, .max = 200, .hint = "3.0.11-1~deb12u2" },
	[SW_TYPE] = { .name = "type", .label = "種類", .type = FT_TEXT, .max = 40,
		.hint = "deb" },
	[SW_PURL] = { .name = "purl", .label = "パッケージURL", .type = FT_TEXT, .max = PURL_MAX,
		.hint = "pkg:deb/debian/openssl@3.0.11-1~deb12u2?arch=amd64" },
	[SW_ARCH] = { .name = "arch", .label = "アーキテクチャ", .type = FT_TEXT, .max = 40,
		.hint = "amd64" },
	[SW_SOURCE_NAME] = { .name = "source_name", .label = "ソースパッケージ名",
		.type = FT_TEXT, .max = 400 },
	[SW_SOURCE_VERSION] = { .name = "source_version", .label = "ソースパッケージのバージョン",
		.type = FT_TEXT, .max = 200 },
	[SW_VENDOR] = { .name = "vendor", .label = "製造者・入手元", .clause = "4.1(2)③(f)",
		.type = FT_TEXT, .max = 400 },
	[SW_PURPOSE] = { .name = "purpose", .label = "必要性", .clause = "2.1(2)⑧(f)",
		.type = FT_TEXT, .max = 1000 },
	[SW_SUPPORT_UNTIL] = { .name = "support_until", .label = "サポート期限",
		.clause = "7.2.1(2)③", .type = FT_DATE },
};

static const struct {
	const char *name, *origin; /* "cyclonedx"; "form", "csv", "dpkg" …: how a line came in */
} formats[SOFTWARE__MAX] = {
	[SOFTWARE_JSON] = { "json", "form" },
	[SOFTWARE_CSV] = { "csv", "csv" },
	[SOFTWARE_DPKG_QUERY] = { "dpkg-query", "dpkg" },
	[SOFTWARE_DPKG_LIST] = { "dpkg-l", "dpkg" },
	[SOFTWARE_RPM] = { "rpm", "rpm" },
	[SOFTWARE_RPM_PLAIN] = { "rpm-qa", "rpm" },
	[SOFTWARE_CYCLONEDX] = { "cyclonedx", "cyclonedx" },
	[SOFTWARE_SPDX] = { "spdx", "spdx" },
};

enum software_format
software_format_find(const char *name)
{
	int i;

	for (i = 0; i < SOFTWARE__MAX; i++)
		if (strcmp(formats[i].name, name) == 0)
			break;
	return (enum software_format)i;
}

const char *
software_format_name(enum software_format f)
{
	return formats[f].name;
}

void
software_list_init(struct software_list *l, struct arena *arena, struct faults *faults,
		   const char *distro)
{
	*l = (struct software_list){ .arena = arena, .faults = faults, .distro = distro,
		.format = SOFTWARE__MAX };
}

void
software_fault(struct software_list *l, long line, const char *field, const char *code,
	       const char *value, const char *ja, const char *en)
{
	faults_add(l->faults, &(struct fault){ .field = field, .code = code, .line = line,
					       .value = value, .ja = ja, .en = en });
}

/* ---- lines ---------------------------------------------------------------------------------- */

bool
software_value(struct software_list *l, enum software_column c, const char *s, size_t n,
	       long line, const char **ret)
{
	const struct field *f = &software_fields[c];
	enum text_fault t;
	char *text;
	size_t at;

	*ret = NULL;
	t = text_read(l->arena, s, n, (size_t)f->max, 0, &text, &at);
	if (t == TEXT_TOO_LONG && c == SW_VENDOR)
		t = text_read(l->arena, s, at, (size_t)f->max, 0, &text, NULL);
	if (t == TEXT_OK) {
		*ret = text[0] == '\0' ? NULL : text;
		return true;
	}
	software_fault(l, line, f->name, text_fault_code(t), NULL, text_fault_ja(t),
		       text_fault_en(t));
	return false;
}

bool
software_add(struct software_list *l, const struct software *s)
{
	struct software *v;

	if (l->n == SOFTWARE_MAX) {
		software_fault(l, s->line, NULL, "too_many", NULL,
			       "一度に20,000件までです。", "At most 20,000 lines at once.");
		return false;
	}
	if (l->n == l->cap) {
		l->cap = l->cap == 0 ? 256 : l->cap * 2;
		v = arena_array(l->arena, l->cap, sizeof(*v));
		if (l->n > 0)
			memcpy(v, l->v, l->n * sizeof(*v));
		l->v = v;
	}
	l->v[l->n++] = *s;
	return true;
}

bool
software_is_open(struct software_list *l, long line, const char *at, const struct purl *p)
{
	size_t i;

	for (i = 0; i < p->qualifiers; i++)
		if (secret_in_address(p->qualifier[i].value)) {
			software_fault(l, line, at, "secret", NULL,
				       "URLにパスワードが含まれています。カタログには書けません。",
				       "There is a password in an address: no catalogue holds "
				       "any.");
			return false;
		}
	return true;
}

void
software_packaged(struct software_list *l, struct software *s, const char *distro)
{
	struct purl p = { .type = s->v[SW_TYPE], .name = s->v[SW_NAME],
		.version = s->v[SW_VERSION] };
	const char *colon = p.version == NULL ? NULL : strchr(p.version, ':'), *slash;
	bool of_distro = str_in(p.type, (const char *const[]){ "deb", "rpm", "apk", "alpm",
							       NULL });

	slash = strrchr(p.name, '/');
	if (of_distro && distro != NULL && slash == NULL) {
		p.namespace = arena_dup(l->arena, distro, strcspn(distro, "-"));
	} else if (slash != NULL) { /* group/artifact */
		p.namespace = arena_dup(l->arena, p.name, (size_t)(slash - p.name));
		p.name = slash + 1;
	}
	/* an epoch stands in the version of a deb and beside that of an rpm */
	if (colon != NULL && str_eq(p.type, "rpm")) {
		purl_qualify(&p, "epoch", arena_dup(l->arena, p.version,
						    (size_t)(colon - p.version)));
		p.version = colon + 1;
	}
	purl_qualify(&p, "arch", s->v[SW_ARCH]);
	if (of_distro && l->distro != NULL)
		purl_qualify(&p, "distro", l->distro);
	s->v[SW_PURL] = purl_text(l->arena, &p);
}

/* ---- what is alike -------------------------------------------------------------------------- */

static int
compare(const void *a, const void *b)
{
	static const enum software_column key[] = { SW_NAME, SW_VERSION, SW_TYPE, SW_ARCH,
						    SW_PURL };
	const struct software *x = *(const struct software *const *)a;
	const struct software *y = *(const struct software *const *)b;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(key); i++) {
		const char *s = x->v[key[i]], *t = y->v[key[i]];
		int c = strcmp(s == NULL ? "" : s, t == NULL ? "" : t);

		if (c != 0)
			return c;
	}
	return 0;
}

static int
compare_places(const void *a, const void *b)
{
	int c = compare(a, b);
	const struct software *x = *(const struct software *const *)a;
	const struct software *y = *(const struct software *const *)b;

	return c != 0 ? c : x < y ? -1 : x > y;
}

/* Tools list the same package once per place where they found it. */
void
software_drop_repeated(struct software_list *l)
{
	struct software **sorted = arena_array(l->arena, l->n + 1, sizeof(*sorted));
	size_t i, kept = 0;

	for (i = 0; i < l->n; i++)
		sorted[i] = &l->v[i];
	qsort(sorted, l->n, sizeof(struct software *), compare_places);
	for (i = 1; i < l->n; i++)
		if (compare(&sorted[i - 1], &sorted[i]) == 0)
			sorted[i]->line = -1;
	for (i = 0; i < l->n; i++)
		if (l->v[i].line >= 0)
			l->v[kept++] = l->v[i];
	l->repeated = l->n - kept;
	l->n = kept;
}

const char *
software_json(const struct software_list *l)
{
	const char *text;
	struct buf b;
	size_t i, c;

	buf_init(&b, 64 * 1024 * 1024);
	buf_addc(&b, '[');
	for (i = 0; i < l->n; i++) {
		buf_addf(&b, "%s{\"place\":%zu,\"origin\":\"%s\"", i == 0 ? "" : ",", i + 1,
			 formats[l->format].origin);
		for (c = 0; c < SW__MAX; c++)
			if (l->v[i].v[c] != NULL) {
				buf_addf(&b, ",\"%s\":", software_fields[c].name);
				json_put_cstring(&b, l->v[i].v[c]);
			}
		buf_addc(&b, '}');
	}
	buf_addc(&b, ']');
	if (b.failed)
		bug("a list of %zu lines of software past its ceiling", l->n);
	text = arena_dup(l->arena, buf_text(&b), b.len);
	buf_release(&b);
	return text;
}
