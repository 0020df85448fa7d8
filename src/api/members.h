/* The members of a small JSON body: texts, each with its name. */
#ifndef API_MEMBERS_H
#define API_MEMBERS_H

#include <http/message.h>
#include <ledger/value.h>

struct member {
	const char *name;
	bool required;
	const char *value; /* out: NULL when absent or null */
};

/* All faults at once; ERR_BAD_JSON, ERR_INVALID.  Values are never repeated in a fault. */
enum err members_read(struct request *, struct member *, size_t n) MUST;

/* The same, but for one member that is no text: *ret is untouched when it is absent. */
enum err members_read_beside(struct request *, struct member *, size_t n, const char *other,
			     json_t **ret) MUST;

/*
 * The same for members that are columns: ret[i] is the canonical text of fields[i], NULL when
 * absent or null.  No body: nothing is given.
 */
enum err members_values(struct request *, const struct field *, size_t n,
			const char **ret) MUST;

#endif
