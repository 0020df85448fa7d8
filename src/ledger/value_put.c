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

static void
put_array(const char *text, struct buf *b)
{
	struct buf element;
	const char *p = text;
	bool first = true;

	buf_init(&element, 1024 * 1024);
	buf_addc(b, '[');
	while (array_next(&p, &element)) {
		if (!first)
			buf_addc(b, ',');
		first = false;
		json_put_string(b, buf_text(&element), element.len);
	}
	buf_addc(b, ']');
	buf_release(&element);
}

void
value_put_json(const struct field *f, const char *text, struct buf *b)
{
	if (text == NULL) {
		buf_add(b, "null", 4);
		return;
	}
	switch (f->type) {
	case FT_BOOL:
		buf_adds(b, text[0] == 't' ? "true" : "false");
		break;
	case FT_INT:
	case FT_LEVEL:
		buf_adds(b, text);
		break;
	case FT_TEXTS:
	case FT_ENUMS:
		put_array(text, b);
		break;
	default:
		json_put_string(b, text, strlen(text));
	}
}
