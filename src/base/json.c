#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <base/json.h>
#include <base/util.h>

#define PIECE 256

/* What a byte needs inside a string: 0 = nothing, 'u' = \u00XX, else the letter after '\'. */
static const char escapes[256] = {
	'u', 'u', 'u', 'u', 'u', 'u', 'u', 'u', 'b', 't', 'n', 'u', 'f', 'r', 'u', 'u',
	'u', 'u', 'u', 'u', 'u', 'u', 'u', 'u', 'u', 'u', 'u', 'u', 'u', 'u', 'u', 'u',
	['"'] = '"', ['\\'] = '\\', [0x7f] = 'u',
};

#define EACH(byte) (UINT64_C(0x0101010101010101) * (byte))

/* Is one of the eight bytes below n?  n is at most 0x80, so none past ASCII is. */
static inline uint64_t
has_below(uint64_t word, uint64_t n)
{
	return (word - EACH(n)) & ~word & EACH(0x80);
}

static inline bool
is_plain(uint64_t word)
{
	return (has_below(word, 0x20) | has_below(word ^ EACH('"'), 1) |
		has_below(word ^ EACH('\\'), 1) | has_below(word ^ EACH(0x7f), 1)) == 0;
}

/* Texts are mostly plain: eight bytes at a time while they are. */
char *
json_write_inner(char *to, const char *s, size_t n)
{
	static const char digits[] = "0123456789abcdef";
	const char *end = s + n;
	uint64_t word;

	while (s < end) {
		unsigned char c;
		char e;

		if (n >= sizeof(word)) {
			/* the last eight overlap those before, which then came out as they are */
			size_t left = (size_t)(end - s);
			size_t step = left < sizeof(word) ? left : sizeof(word);
			size_t back = sizeof(word) - step;

			memcpy(&word, s - back, sizeof(word));
			if (is_plain(word)) {
				memcpy(to - back, &word, sizeof(word));
				to += step;
				s += step;
				continue;
			}
		}
		c = (unsigned char)*s++;
		e = escapes[c];
		if (e == 0) {
			*to++ = (char)c;
			continue;
		}
		*to++ = '\\';
		*to++ = e;
		if (e == 'u') {
			memcpy(to, (const char[]){ '0', '0', digits[c >> 4], digits[c & 15] }, 4);
			to += 4;
		}
	}
	return to;
}

/* Piece by piece, so that room for the worst case is asked for a little at a time. */
void
json_put_string(struct buf *b, const char *s, size_t n)
{
	size_t piece;
	char *to;

	buf_addc(b, '"');
	for (; n > 0; s += piece, n -= piece) {
		piece = n < PIECE ? n : PIECE;
		to = buf_reserve(b, piece * JSON_WORST);
		if (to == NULL)
			return;
		to = json_write_inner(to, s, piece);
		*to = '\0';
		b->len = (size_t)(to - b->data);
	}
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
