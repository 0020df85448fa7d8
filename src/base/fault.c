#include <string.h>

#include <base/fault.h>
#include <base/json.h>

#define VALUE_MAX 120 /* bytes of a refused value that are told back */

void
faults_init(struct faults *l, struct arena *arena, size_t max)
{
	*l = (struct faults){ .arena = arena, .max = max };
}

/* Cuts at a character boundary, so that the answer stays valid UTF-8. */
static const char *
shorten(struct arena *arena, const char *s)
{
	size_t n = VALUE_MAX;

	if (strlen(s) <= n)
		return arena_strdup(arena, s);
	while (n > 0 && ((unsigned char)s[n] & 0xc0) == 0x80)
		n--;
	return arena_printf(arena, "%.*s…", (int)n, s);
}

static const char *
copy(struct arena *arena, const char *s)
{
	return s == NULL ? NULL : arena_strdup(arena, s);
}

void
faults_add(struct faults *l, const struct fault *f)
{
	struct fault *to;

	l->total++;
	if (l->n == l->max)
		return;
	if (l->n == l->cap) {
		size_t cap = l->cap == 0 ? 8 : l->cap * 2;
		struct fault *v = arena_array(l->arena, cap, sizeof(*v));

		if (l->n > 0)
			memcpy(v, l->v, l->n * sizeof(*v));
		l->v = v;
		l->cap = cap;
	}
	to = &l->v[l->n++];
	*to = *f;
	to->field = copy(l->arena, f->field);
	to->code = copy(l->arena, f->code);
	to->clause = copy(l->arena, f->clause);
	to->own_number = copy(l->arena, f->own_number);
	to->ja = copy(l->arena, f->ja);
	to->en = copy(l->arena, f->en);
	to->value = f->value == NULL ? NULL : shorten(l->arena, f->value);
}

static void
put_member(struct buf *b, const char *name, const char *value)
{
	if (value == NULL)
		return;
	buf_addf(b, ",\"%s\":", name);
	json_put_cstring(b, value);
}

/* "?name" for a query argument, else a JSON pointer (RFC 6901) as URI fragment: "#/name". */
static void
put_pointer(struct buf *b, const char *field)
{
	struct buf pointer;
	const char *p;

	if (field[0] == '?') {
		json_put_cstring(b, field);
		return;
	}
	buf_init(&pointer, 4096);
	buf_adds(&pointer, field[0] == '\0' ? "#" : "#/");
	for (p = field; *p != '\0'; p++) {
		if (*p == '~' || *p == '/')
			buf_adds(&pointer, *p == '~' ? "~0" : "~1");
		else
			buf_addc(&pointer, *p);
	}
	json_put_string(b, buf_text(&pointer), pointer.len);
	buf_release(&pointer);
}

void
faults_json(const struct faults *l, enum lang lang, struct buf *b)
{
	size_t i;

	buf_adds(b, "\"errors\":[");
	for (i = 0; i < l->n; i++) {
		const struct fault *f = &l->v[i];

		buf_adds(b, i == 0 ? "{" : ",{");
		if (f->line > 0) {
			buf_addf(b, "\"line\":%ld,\"column\":", f->line);
			json_put_cstring(b, f->field);
		} else {
			buf_adds(b, "\"pointer\":");
			put_pointer(b, f->field == NULL ? "" : f->field);
		}
		put_member(b, "code", f->code);
		put_member(b, "clause", f->clause);
		put_member(b, "own_number", f->own_number);
		put_member(b, "message", lang == LANG_EN ? f->en : f->ja);
		put_member(b, "value", f->value);
		buf_addc(b, '}');
	}
	buf_addc(b, ']');
	if (l->total > l->n)
		buf_addf(b, ",\"errors_total\":%zu", l->total);
}
