/* The few things that every file needs. */
#ifndef BASE_UTIL_H
#define BASE_UTIL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define ARRAY_SIZE(a) (sizeof(a) / sizeof((a)[0]))
#define MUST __attribute__((warn_unused_result))
#define PRINTF(f, a) __attribute__((format(printf, f, a)))

/* What cannot happen: prints "BUG: …" and aborts; stays in release builds. */
void bug(const char *fmt, ...) PRINTF(1, 2) __attribute__((noreturn));

/* Memory that ends the process when there is none. */
void *xmalloc(size_t);
void *xcalloc(size_t n, size_t size);
void *xrealloc(void *, size_t);
char *xstrdup(const char *);

bool str_eq(const char *a, const char *b);	   /* NULL equals only NULL */
bool str_in(const char *s, const char *const *list); /* list ends with NULL */
bool str_starts(const char *s, const char *prefix);

/* A decimal number, digits only, min <= *ret <= max; false leaves *ret untouched. */
bool number_read(const char *s, int64_t min, int64_t max, int64_t *ret) MUST;

/* Fills p with n random bytes (libsodium). */
void random_fill(void *p, size_t n);

/* Lower-case hexadecimal of n bytes; out holds 2n + 1. */
void hex_write(const uint8_t *p, size_t n, char *out);

#endif
