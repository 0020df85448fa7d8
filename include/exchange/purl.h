/*
 * Package URLs: pkg:type/namespace/name@version?qualifiers#subpath.  Read from any spelling,
 * written in the canonical one: type in lower case, names folded as their type asks, qualifiers
 * sorted, everything but letters, digits and ".-_~:" percent-encoded ('/' between segments and
 * inside qualifier values is kept).
 */
#ifndef EXCHANGE_PURL_H
#define EXCHANGE_PURL_H

#include <base/arena.h>
#include <base/util.h>

#define PURL_MAX 1000	     /* bytes of one, in any spelling */
#define PURL_TEXT_MAX 2000   /* of the canonical one */
#define PURL_QUALIFIERS_MAX 16

struct purl {
	const char *type; /* never NULL, nor is the name; all others may be */
	const char *namespace; /* segments joined by '/' */
	const char *name;
	const char *version;
	const char *subpath;
	struct {
		const char *key, *value;
	} qualifier[PURL_QUALIFIERS_MAX];
	size_t qualifiers;
};

/* Known types, which a question may name; ends with NULL.  Lists may hold others, too. */
extern const char *const purl_types[];

/* Decoded and folded.  On false *ret_why says what is wrong, in English; *ret is untouched. */
bool purl_read(struct arena *, const char *text, struct purl *ret, const char **ret_why) MUST;

/* Adds a qualifier whose key is valid; NULL and "" are left out, a full list is a bug. */
void purl_qualify(struct purl *, const char *key, const char *value);

/* The value of a qualifier, or NULL. */
const char *purl_qualifier(const struct purl *, const char *key);

/*
 * The canonical text; folds the names first.  NULL: a part cannot stand in one (no name, a type
 * that is none, or longer than PURL_TEXT_MAX).
 */
const char *purl_text(struct arena *, const struct purl *);

/* "@scope/name", "group/artifact": the name as people know it.  deb, rpm, apk: the name alone. */
const char *purl_full_name(struct arena *, const struct purl *);

#endif
