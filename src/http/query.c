/* The request target: path, query arguments and the two that the router takes for itself. */
#include <string.h>

#include <base/text.h>
#include "request.h"

static int
hex(char c)
{
	return c <= '9' ? c - '0' : (c | 0x20) - 'a' + 10;
}

char *
percent_decode(struct arena *arena, const char *s, size_t n, bool plus)
{
	char *out = arena_alloc(arena, n + 1), *to = out;
	size_t i;

	for (i = 0; i < n; i++) {
		if (s[i] == '%' && i + 2 < n) {
			*to++ = (char)(hex(s[i + 1]) << 4 | hex(s[i + 2]));
			i += 2;
		} else {
			*to++ = plus && s[i] == '+' ? ' ' : s[i];
		}
	}
	n = (size_t)(to - out);
	return memchr(out, '\0', n) == NULL && text_is_utf8(out, n) ? out : NULL;
}

static bool
has_control(const char *s)
{
	for (; *s != '\0'; s++)
		if ((unsigned char)*s < 0x20 || *s == 0x7f)
			return true;
	return false;
}

static void
whole_query_fault(struct request *r, const char *code, const char *ja, const char *en)
{
	faults_add(&r->faults, &(struct fault){ .field = "?", .code = code, .ja = ja, .en = en });
}

static void
take_argument(struct request *r, const char *piece, size_t n)
{
	const char *eq = memchr(piece, '=', n);
	size_t name_len = eq == NULL ? n : (size_t)(eq - piece), i;
	char *name = percent_decode(r->arena, piece, name_len, true);
	char *value = eq == NULL ? arena_strdup(r->arena, "") :
		percent_decode(r->arena, eq + 1, n - name_len - 1, true);

	if (name == NULL || value == NULL) {
		whole_query_fault(r, "bad_utf8", "クエリがUTF-8ではありません。",
				  "The query is not UTF-8.");
		return;
	}
	if (*name == '\0' || has_control(name)) {
		whole_query_fault(r, "bad_name", "クエリの項目名が正しくありません。",
				  "A query argument has no proper name.");
		return;
	}
	for (i = 0; i < r->arg_count; i++)
		if (strcmp(r->args[i].name, name) == 0) {
			request_arg_fault(r, name, "duplicate_argument",
					  "同じ項目が二度指定されています。",
					  "The argument is given twice.");
			return;
		}
	r->args[r->arg_count++] = (struct query_arg){ .name = name, .value = value };
}

static void
take_arguments(struct request *r, const char *q)
{
	size_t n;

	r->args = arena_array(r->arena, TARGET_ARGS, sizeof(*r->args));
	for (;; q += n + 1) {
		n = strcspn(q, "&");
		if (n > 0)
			take_argument(r, q, n);
		if (q[n] == '\0')
			return;
	}
}

static void
take_lang(struct request *r)
{
	const char *v = request_arg(r, "lang");

	if (v == NULL)
		return;
	if (strcmp(v, "ja") == 0)
		r->lang = LANG_JA;
	else if (strcmp(v, "en") == 0)
		r->lang = LANG_EN;
	else
		request_arg_fault(r, "lang", "not_a_choice", "lang は ja か en です。",
				  "lang is ja or en.");
}

enum err
request_read_target(struct call *c)
{
	struct request *r = &c->req;
	size_t n = strcspn(r->target, "?");
	const char *path = percent_decode(r->arena, r->target, n, false);
	enum err e = OK;

	if (path == NULL || has_control(path)) {
		r->detail = "The path is not UTF-8 or has control characters.";
		return ERR_BAD_REQUEST;
	}
	r->path = path;
	if (r->target[n] == '?')
		take_arguments(r, r->target + n + 1);
	take_lang(r);
	if (r->method != METHOD_GET)
		e = request_arg_bool(r, "dry_run", false, &r->dry_run);
	return e == OK && r->faults.total > 0 ? ERR_BAD_QUERY : e;
}
