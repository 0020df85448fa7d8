#include <string.h>

#include <base/json.h>
#include <base/util.h>

/* What a byte needs inside a string: 0 = nothing, 'u' = \u00XX, else the letter after '\'. */
static char
escape_of(unsigned char c)
{
	switch (c) {
	case '"':
	case '\\':
		return (char)c;
	case '\b':
		return 'b';
	case '\f':
		return 'f';
	case '\n':
		return 'n';
	case '\r':
		return 'r';
	case '\t':
		return 't';
	default:
		return c < 0x20 || c == 0x7f ? 'u' : 0;
	}
}

void
json_put_string(struct buf *b, const char *s, size_t n)
{
	size_t i, from = 0;
	char e;

	buf_addc(b, '"');
	for (i = 0; i < n; i++) {
		unsigned char c = (unsigned char)s[i];

		if (c > '\\' && c != 0x7f)
			continue;
		e = escape_of(c);
		if (e == 0)
			continue;
		buf_add(b, s + from, i - from);
		if (e == 'u')
			buf_addf(b, "\\u%04x", c);
		else
			buf_add(b, (const char[]){ '\\', e }, 2);
		from = i + 1;
	}
	buf_add(b, s + from, n - from);
	buf_addc(b, '"');
}

void
json_put_cstring(struct buf *b, const char *s)
{
	if (s == NULL)
		buf_adds(b, "null");
	else
		json_put_string(b, s, strlen(s));
}

static void
drop(void *arg)
{
	json_decref(arg);
}

enum err
json_read(struct arena *arena, const char *text, size_t n, json_t **ret, const char **ret_why)
{
	json_error_t why;
	json_t *j;

	if (n >= 3 && memcmp(text, "\xef\xbb\xbf", 3) == 0) {
		text += 3; /* Windows clients put one there */
		n -= 3;
	}
	j = json_loadb(text, n, JSON_REJECT_DUPLICATES, &why);
	if (j == NULL) {
		*ret_why = arena_printf(arena, "line %d, column %d: %s", why.line, why.column,
					why.text);
		return ERR_BAD_JSON;
	}
	arena_defer(arena, drop, j);
	*ret = j;
	return OK;
}
