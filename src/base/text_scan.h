/* Which characters may be stored, and beside which neighbours: the judge of text_read(). */
#ifndef BASE_TEXT_SCAN_H
#define BASE_TEXT_SCAN_H

#include <base/text.h>
#include <base/util.h>

/* One walk over a text: what the next character's judgement needs to know. */
struct text_scan {
	bool lines;
	bool nfc;	/* every character so far is stable under NFC by itself */
	bool emoji;	/* the last thing was an emoji, with its modifiers */
	unsigned marks; /* combining marks in a row */
	size_t chars;	/* CRLF counts as one */
	int32_t prev;	/* 0 = at the start */
	int32_t joiner; /* ZWJ or ZWNJ that waits for its right side, 0 = none */
	size_t joiner_at;
};

/* Judges n bytes; on a fault *ret_at is the byte where it lies, otherwise it means nothing. */
enum text_fault text_scan(struct text_scan *, const char *s, size_t n, size_t *ret_at) MUST;

#endif
