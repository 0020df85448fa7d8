#include <string.h>

#include <base/json.h>
#include <ledger/value.h>

char *
array_literal(struct arena *arena, const char *const *v, size_t n)
{
	size_t size = 3, i;
	const char *s;
	char *out, *p;

	for (i = 0; i < n; i++)
		size += strlen(v[i]) * 2 + 3;
	out = p = arena_alloc(arena, size);
	*p++ = '{';
	for (i = 0; i < n; i++) {
		if (i > 0)
			*p++ = ',';
		*p++ = '"';
		for (s = v[i]; *s != '\0'; s++) {
			if (*s == '"' || *s == '\\')
				*p++ = '\\';
			*p++ = *s;
		}
		*p++ = '"';
	}
	*p++ = '}';
	*p = '\0';
	return out;
}

bool
array_next(const char **p, struct buf *element)
{
	const char *s = *p;
	bool quoted;

	if (*s == '{' || *s == ',')
		s++;
	if (*s == '}' || *s == '\0')
		return false;
	buf_clear(element);
	quoted = *s == '"';
	if (quoted)
		s++;
	for (; *s != '\0' && !(quoted ? *s == '"' : *s == ',' || *s == '}'); s++) {
		if (*s == '\\' && s[1] != '\0')
			s++;
		buf_addc(element, *s);
	}
	*p = quoted && *s == '"' ? s + 1 : s;
	return true;
}

static char *
write_array(char *to, const char *s)
{
	bool quoted, first = true;
	size_t n;

	*to++ = '[';
	for (s++; *s != '}' && *s != '\0'; s += *s == ',') {
		if (!first)
			*to++ = ',';
		first = false;
		*to++ = '"';
		quoted = *s == '"';
		if (quoted)
			s++;
		for (;;) {
			n = strcspn(s, quoted ? "\"\\" : ",}");
			to = json_write_inner(to, s, n);
			s += n;
			if (*s != '\\' || s[1] == '\0')
				break;
			to = json_write_inner(to, s + 1, 1);
			s += 2;
		}
		if (quoted && *s == '"')
			s++;
		*to++ = '"';
	}
	*to++ = ']';
	return to;
}

char *
value_write_json(const struct field *f, const char *text, size_t n, char *to)
{
	switch (f->type) {
	case FT_BOOL:
		memcpy(to, text[0] == 't' ? "true" : "false", 5);
		return to + (text[0] == 't' ? 4 : 5);
	case FT_INT:
	case FT_LEVEL:
	case FT_JSON:
		memcpy(to, text, n);
		return to + n;
	case FT_TEXTS:
	case FT_ENUMS:
		return write_array(to, text);
	default:
		*to++ = '"';
		to = json_write_inner(to, text, n);
		*to++ = '"';
		return to;
	}
}

void
value_put_json(const struct field *f, const char *text, struct buf *b)
{
	size_t n = text == NULL ? 0 : strlen(text);
	char *to = buf_reserve(b, VALUE_JSON_SIZE(n));

	if (to == NULL)
		return;
	if (text == NULL)
		to = mempcpy(to, "null", 4);
	else
		to = value_write_json(f, text, n, to);
	*to = '\0';
	b->len = (size_t)(to - b->data);
}
