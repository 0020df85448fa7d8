/*
 * The guard: what a request must be before anything else looks at it.  libmicrohttpd 0.9.75
 * accepts framing on which it and a proxy in front can disagree (request smuggling); whatever is
 * ambiguous is refused and the connection closed.
 */
#ifndef HTTP_GUARD_H
#define HTTP_GUARD_H

#include "call.h"

/*
 * Checks request line and headers, fills call->headers and the framing.  On failure
 * call->req.detail says what is wrong and the connection must be closed.
 */
enum err guard_head(struct call *, const char *method, const char *version) MUST;

/* After a chunked body: no trailer fields. */
enum err guard_tail(struct call *) MUST;

/* True when this library keeps the header block in place, so that guard_head() can walk it. */
bool guard_knows_layout(void);

#endif
