/* JSON out (straight into a buffer) and in (jansson, strict). */
#ifndef BASE_JSON_H
#define BASE_JSON_H

#include <jansson.h>
#include <base/arena.h>
#include <base/buf.h>
#include <base/err.h>

/* A JSON string with its quotes; input must be valid UTF-8. */
void json_put_string(struct buf *, const char *s, size_t n);
void json_put_cstring(struct buf *, const char *s); /* NULL → null */

/*
 * The same without quotes, into memory that has JSON_WORST * n bytes; returns its end.  For those
 * who write many small strings and have asked for room once.
 */
#define JSON_WORST 6
char *json_write_inner(char *to, const char *s, size_t n);

/*
 * Parses one JSON text: duplicate members, NUL, BOM-less trailing bytes and reals are refused; a
 * UTF-8 BOM at the start is skipped.  The tree is freed with the arena.  On failure *ret_why
 * (never NULL then) says where, in English.
 */
enum err json_read(struct arena *, const char *text, size_t n, json_t **ret, const char **ret_why)
	MUST;

#endif
