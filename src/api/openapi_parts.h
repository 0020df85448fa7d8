/* The parts that the description of the API is put together from. */
#ifndef API_OPENAPI_PARTS_H
#define API_OPENAPI_PARTS_H

#include <jansson.h>
#include <http/message.h>
#include <ledger/format.h>

/* json_pack() and its like return NULL for what is no UTF-8 or a wrong format: a BUG here. */
json_t *openapi_must(json_t *);

/* Takes the value over. */
void openapi_set(json_t *object, const char *name, json_t *value);
void openapi_add(json_t *array, json_t *value);

/* {"$ref":"#/components/<kind>/<name>"} */
json_t *openapi_ref(const char *kind, const char *name);

/* The schemas of a ledger; what no route of it takes is left out. */
struct ledger_use {
	const struct ledger *ledger;
	bool created, changed;
};
void openapi_put_ledger(json_t *schemas, json_t *examples, const struct ledger_use *);

/* Schema of one value of a column (one element where the column holds several), without null. */
json_t *openapi_value(const struct field *);

/* Schema of an entry with these members, the last without a name; of a column of JSON. */
json_t *openapi_entry(const struct field *members);
json_t *openapi_json_column(const struct field *);

/* " Only for …": the offices that see the column, if it is not for everybody. */
void openapi_put_only(const struct field *, struct buf *);

/* Is there an example of this ledger? */
bool openapi_has_example(const struct ledger *);

/* Schemas, parameters, headers and responses that do not depend on a ledger. */
void openapi_put_fixed(json_t *components);

/* Name of the response that tells of a problem with this status, 0: of any other; or NULL. */
const char *openapi_problem(int status);

/* What a handler adds to that which method, scope and body of its route say already. */
struct operation {
	enum err (*run)(struct request *, struct response *);
	int status;		   /* of success */
	const char *done;	   /* what has happened then */
	const char *note;	   /* or NULL */
	const char *headers[5];	   /* of success, besides X-Request-Id */
	const char *takes[3];	   /* header parameters */
	int refuses[5];		   /* statuses of problems, besides those of every such route */
	const char *(*note_of)(const struct route *); /* instead of note */
	void (*parameters)(const struct ledger *, json_t *);
	json_t *(*body)(const struct ledger *);   /* content of the request, or NULL */
	json_t *(*body_of)(const struct route *); /* instead of body */
	json_t *(*answer)(const struct ledger *); /* content of the response, or NULL */
};

/* Each of some part of the API; NULL for every other route. */
const struct operation *openapi_describe_account(const struct route *);
const struct operation *openapi_describe_standard(const struct route *);
const struct operation *openapi_describe_findings(const struct route *);
const struct operation *openapi_describe_media(const struct route *);
const struct operation *openapi_describe_inventory(const struct route *);
const struct operation *openapi_describe_requests(const struct route *);
const struct operation *openapi_describe_attachments(const struct route *);
const struct operation *openapi_describe_catalogues(const struct route *);
const struct operation *openapi_describe_lookup(const struct route *);
const struct operation *openapi_describe_events(const struct route *);
const struct operation *openapi_describe_past(const struct route *);
const struct operation *openapi_describe_rest(const struct route *);

/* Of the life of a row and its rating; NULL for every other route. */
const struct operation *openapi_describe_life(const struct route *);

/* A BUG for a route whose handler is not described. */
const struct operation *openapi_describe(const struct route *);

/* Longest reason of an act, in characters. */
#define REASON_MAX 1000

/* Content: a fixed schema as JSON; the same or its rows as a table; one more that is plain text. */
json_t *openapi_fixed(const char *schema);
json_t *openapi_table(const char *schema);
void openapi_put_text(json_t *content, const char *type, const char *about);

/* Content: a row, a list, a new row of a ledger. */
json_t *openapi_row_answer(const struct ledger *);
json_t *openapi_list_answer(const struct ledger *);
json_t *openapi_create_body(const struct ledger *);

/* The argument `format` of reports. */
void openapi_put_format(const struct ledger *, json_t *parameters);

/* The Operation Object of one route. */
json_t *openapi_operation(const struct route *);

/* Query and header parameters of lists and imports; of a list, only its conditions. */
void openapi_put_conditions(const struct ledger *, json_t *parameters);
void openapi_put_list_parameters(const struct ledger *, json_t *parameters);
void openapi_put_import_parameters(const struct ledger *, json_t *parameters);

#endif
