/* Schemas of objects that are no rows of a ledger, each declared as a list of its members. */
#ifndef API_OPENAPI_MEMBER_H
#define API_OPENAPI_MEMBER_H

#include <stdbool.h>
#include <jansson.h>

enum kind { TEXT, TEXTS, COUNT, NUMBER, FLAG, DAY, MOMENT, ANY, COLUMN, ONE, MANY };

enum member_flags {
	MAY_BE_NULL = 1,
	MAY_LACK = 2,
};

struct member {
	const char *name;
	enum kind kind;
	unsigned flags;
	/*
	 * TEXT, TEXTS: choices, @set for those of a declaration; COLUMN: of which ledger, as in
	 * Asset.name; ONE, MANY: names of schemas, any of which it may be; apart by spaces
	 */
	const char *more;
	const char *about;
};

struct object {
	const char *name, *about;
	const struct member *members; /* ends with name == NULL; or NULL: a list of */
	const char *items;	      /* this schema, all at once: {items, next} */
	bool open;		      /* may grow members that a client does not know */
};

/* Puts all up to the one without a name into the schemas. */
void openapi_put_objects(json_t *schemas, const struct object *);

/* What handlers answer besides rows, by what it is about. */
extern const struct object openapi_answers[];
extern const struct object openapi_account_answers[];
extern const struct object openapi_request_answers[];

#endif
