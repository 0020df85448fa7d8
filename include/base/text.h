/*
 * Text that may be stored: UTF-8, NFC, without controls, bidirectional controls, zero-width and
 * non-characters.  Comparison keys (NFKC, folds) are made in the database, never stored here.
 */
#ifndef BASE_TEXT_H
#define BASE_TEXT_H

#include <base/arena.h>
#include <base/util.h>

enum text_fault {
	TEXT_OK = 0,
	TEXT_BAD_UTF8,	/* invalid, overlong, surrogate */
	TEXT_NUL,	/* U+0000 */
	TEXT_CONTROL,	/* C0 (but TAB, LF where lines are allowed), DEL, C1 */
	TEXT_BIDI,	/* U+202A–202E, U+2066–2069, U+200E/F, U+061C */
	TEXT_INVISIBLE, /* zero-width space, U+FEFF, U+2028/9, tags, fillers, soft hyphen; joiners
			 * but between emoji or Indic letters; selectors without a character */
	TEXT_NONCHAR,	/* U+FFFE, U+FDD0 …, and private use (外字) */
	TEXT_TOO_LONG,
	TEXT_MARKS, /* more than 30 combining marks in a row */
	TEXT__MAX
};

enum text_flags {
	TEXT_LINES = 1, /* line breaks and TAB are allowed; CRLF and CR become LF */
};

/*
 * Checks n bytes and returns the stored form in *ret: NFC, spaces (also U+3000, NBSP, TAB) at
 * both ends removed.  Line breaks at the ends stay, but a text of nothing else is empty.  `max`
 * counts characters of the stored form.  *ret_at, if not NULL, is the byte of s where the fault
 * lies (TEXT_TOO_LONG: where the first character too many begins), or near it when NFC changed
 * the text.  Out-parameters are untouched on failure, but *ret_at.
 */
enum text_fault text_read(struct arena *, const char *s, size_t n, size_t max, unsigned flags,
			  char **ret, size_t *ret_at) MUST;

/* true if the n bytes are valid UTF-8 (NUL counts as valid here). */
bool text_is_utf8(const char *s, size_t n);

/* Number of characters of a valid UTF-8 string. */
size_t text_length(const char *s);

/* Stable code ("control_character") and sentences for a fault. */
const char *text_fault_code(enum text_fault);
const char *text_fault_ja(enum text_fault);
const char *text_fault_en(enum text_fault);

/*
 * NFKC + lower case + without spaces, line breaks, brackets, ※ : for comparing headers and
 * choices.  Any string may come in: one that is not UTF-8 or is longer than 1,024 bytes is
 * returned as it is, and equals no header.
 */
char *text_fold(struct arena *, const char *s);

#endif
