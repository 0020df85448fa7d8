/*
 * A growing byte buffer with a ceiling.
 *
 * Invariants: data is NUL-terminated once anything was added (the NUL is not counted in len);
 * len <= max.  A write past the ceiling sets `failed` and changes nothing, now and for all later
 * writes, so a writer checks once, at the end.
 */
#ifndef BASE_BUF_H
#define BASE_BUF_H

#include <stdbool.h>
#include <stddef.h>

struct buf {
	char *data;
	size_t len;
	size_t cap;
	size_t max;
	bool failed;
};

void buf_init(struct buf *, size_t max);
void buf_release(struct buf *); /* gives the memory back; the buffer may be initialised again */
void buf_clear(struct buf *);	/* len = 0, memory and ceiling kept, failed reset */

void buf_add(struct buf *, const void *, size_t n);
void buf_adds(struct buf *, const char *s);
void buf_addc(struct buf *, char c);
void buf_addf(struct buf *, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

/* The text so far, "" when empty; valid until the next write. */
const char *buf_text(const struct buf *);

/* Makes room for n more bytes and returns where they go, or NULL past the ceiling. */
char *buf_reserve(struct buf *, size_t n);

#endif
