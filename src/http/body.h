/* The body of a request: what may come, and where it is kept. */
#ifndef HTTP_BODY_H
#define HTTP_BODY_H

#include "call.h"

/* Before the first byte: media type, length, limit.  Opens the spool file of a BODY_TABLE. */
enum err body_rules(struct call *) MUST;

/* One piece as it arrives.  false: so far past the limit that the connection is to be cut. */
bool body_take(struct call *, const char *p, size_t n) MUST;

/* After the last piece: hands the body to the request, or says what went wrong on the way. */
enum err body_done(struct call *) MUST;

/* Gives memory and file back; harmless when there is none. */
void body_release(struct call *);

#endif
