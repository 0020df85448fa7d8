/*
 * text.h.  The first byte chooses flags and ceiling.  Holds: what is stored is NFC, short enough,
 * free of controls and stored again unchanged; what is refused has its place in the text.
 */
#include <stdlib.h>
#include <string.h>

#include <utf8proc.h>

#include <base/arena.h>
#include <base/text.h>
#include <base/util.h>

#include "fuzz.h"

static void
check_stored(struct arena *a, const char *out, size_t max, unsigned flags)
{
	utf8proc_uint8_t *nfc = utf8proc_NFC((const utf8proc_uint8_t *)out);
	const char *p;
	char *again;

	HOLDS(nfc != NULL && strcmp((char *)nfc, out) == 0);
	free(nfc);
	HOLDS(text_is_utf8(out, strlen(out)));
	HOLDS(text_length(out) <= max);
	for (p = out; *p != '\0'; p++)
		HOLDS((unsigned char)*p >= 0x20 ||
		      ((flags & TEXT_LINES) != 0 && (*p == '\n' || *p == '\t')));
	HOLDS(text_read(a, out, strlen(out), max, flags, &again, NULL) == TEXT_OK);
	HOLDS(strcmp(again, out) == 0);
}

static void
check_fold(struct arena *a, const char *s, size_t n)
{
	char *in = arena_dup(a, s, n);
	char *once = text_fold(a, in), *twice = text_fold(a, once);

	HOLDS(text_is_utf8(in, strlen(in)) == text_is_utf8(once, strlen(once)));
	/* a text that grew past the ceiling is left alone the second time */
	HOLDS(strcmp(once, twice) == 0);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const char *s = (const char *)data + 1;
	size_t n = size - 1, max, at = 0;
	enum text_fault f;
	struct arena *a;
	unsigned flags;
	char *out = NULL;

	if (size == 0)
		return 0;
	flags = data[0] & 1;
	max = (data[0] & 2) != 0 ? data[0] >> 2 : 1 << 20;
	a = arena_new();
	f = text_read(a, s, n, max, flags, &out, &at);
	HOLDS(text_fault_code(f) != NULL);
	HOLDS((f == TEXT_OK) == (out != NULL));
	if (f == TEXT_OK) {
		HOLDS(text_is_utf8(s, n) && memchr(s, '\0', n) == NULL);
		check_stored(a, out, max, flags);
	} else {
		HOLDS(at < n || (f == TEXT_TOO_LONG && at == n));
	}
	check_fold(a, s, n);
	arena_free(a);
	return 0;
}
