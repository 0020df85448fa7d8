/* Secrets that must be read back, sealed with the key of a file (AES-256-GCM). */
#ifndef ORG_SEAL_H
#define ORG_SEAL_H

#include <base/arena.h>
#include <base/util.h>

struct seal;

/* "" : no key, nothing is sealed.  NULL: *ret_why says why not. */
struct seal *seal_open(const char *path, const char **ret_why);
void seal_close(struct seal *);

/* Hexadecimal of what is to be stored; *ret_sealed: whether it is sealed. `owner` is bound in. */
const char *seal_put(const struct seal *, struct arena *, const char *owner, const uint8_t *p,
		     size_t n, bool *ret_sealed);

/* The way back: exactly n bytes.  false: another key, or not what was put. */
bool seal_get(const struct seal *, const char *owner, const char *hex, bool sealed, uint8_t *ret,
	      size_t n) MUST;

#endif
