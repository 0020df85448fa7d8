/*
 * Memory of one request: everything a request allocates dies with it, as a whole.
 *
 * Nothing taken from an arena is freed alone.  Running out of memory ends the process (a
 * request that small inputs can drive there is stopped by the ceilings of buf.h and of the
 * guard, not here), so no caller checks for NULL.
 */
#ifndef BASE_ARENA_H
#define BASE_ARENA_H

#include <stdarg.h>
#include <stddef.h>

struct arena;

/* A new, empty arena; arena_free() gives all of it back and accepts NULL. */
struct arena *arena_new(void);
void arena_free(struct arena *);

/* Zeroed memory, aligned for any type. */
void *arena_alloc(struct arena *, size_t size);

/* Zeroed array; a product that overflows ends the process. */
void *arena_array(struct arena *, size_t count, size_t size);

/* Copies that end with NUL; arena_dup() takes exactly n bytes of s. */
char *arena_dup(struct arena *, const char *s, size_t n);
char *arena_strdup(struct arena *, const char *s);
char *arena_printf(struct arena *, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

/* Calls fn(arg) when the arena is freed, latest first: for what malloc owns (json_t, fd). */
void arena_defer(struct arena *, void (*fn)(void *), void *arg);

#endif
