/* The members of a small JSON body: texts, each with its name. */
#ifndef API_MEMBERS_H
#define API_MEMBERS_H

#include <http/message.h>

struct member {
	const char *name;
	bool required;
	const char *value; /* out: NULL when absent or null */
};

/* All faults at once; ERR_BAD_JSON, ERR_INVALID.  Values are never repeated in a fault. */
enum err members_read(struct request *, struct member *, size_t n) MUST;

#endif
