/* Reading a request: target, arguments, media type; see http/message.h for what handlers use. */
#ifndef HTTP_REQUEST_H
#define HTTP_REQUEST_H

#include "call.h"

/*
 * Decodes percent escapes (and '+', if asked) of n bytes; they are whole, the guard has seen to
 * that.  NULL when the result is not UTF-8 or has a NUL.
 */
char *percent_decode(struct arena *, const char *s, size_t n, bool plus);

/* Path and query arguments; takes `lang` and `dry_run` off.  Faults, ERR_BAD_QUERY. */
enum err request_read_target(struct call *) MUST;

/* Accept-Language (RFC 9110, 12.5.4): Japanese unless English is preferred. */
enum lang request_read_language(const char *header);

/* Content-Type, into content_type and charset; both NULL when absent or unreadable. */
void request_read_type(struct request *);

/* X-Request-Id if it is one, else a new one. */
void request_read_id(struct request *);

#endif
