/* What handlers share that read or answer rows, of whatever ledger. */
#ifndef API_RECORDS_H
#define API_RECORDS_H

#include <jansson.h>
#include <libpq-fe.h>
#include <http/message.h>
#include <ledger/field.h>

/* The JSON body; req->detail says why it is none. */
enum err records_body(struct request *, json_t **ret) MUST;
enum err records_object(struct request *, json_t **ret) MUST; /* the same, an object */
/* What was read, as text for the database; lives as long as the request. */
const char *records_text(struct request *, const json_t *);

/* `reason` of an act, or of a rating `comment`: kept in the audit row.  NULL: not given. */
enum err records_reason(struct request *, const char *name, const json_t *) MUST;

/*
 * ?as_of= of the request: *ret is NULL without one.  A row that was not there then is
 * ERR_NOT_FOUND, and says so.  What is answered bears the day, and no ETag: the past is not
 * changed.
 */
enum err as_of_arg(struct request *, const char **ret) MUST;
enum err as_of_row(struct request *, struct response *, const char *day) MUST;
void as_of_mark(struct response *, const char *day);

/* The rows of the route's ledger with this key in this column; NULL: all. */
enum err records_list_of(struct request *, struct response *, const char *column,
			 const char *key);
/* Link: rel="next": the same request with another cursor. */
const char *list_next_link(struct request *, const char *cursor);

/* Creates the row that the document describes. */
enum err records_create_from(struct request *, struct response *, const json_t *document);

/* 412 encloses what stands there now, so that the client can compare. */
void records_enclose(struct request *, const struct ledger *, const PGresult *);
/* Answers a change: the row, or with 412 the row as it stands now. */
enum err records_answer_change(struct request *, struct response *, enum err, const PGresult *);

#endif
