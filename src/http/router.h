/* From a request whose headers are complete to the handler that answers it. */
#ifndef HTTP_ROUTER_H
#define HTTP_ROUTER_H

#include "call.h"

#define SEGMENTS_MAX 12 /* of a path */

const char *method_name(enum method);

/* Reads the method; HEAD becomes GET with req.head set.  Unknown ones: METHOD__MAX. */
void router_method(struct request *, const char *method);

/*
 * Finds the row, sets route and captures.  A literal segment goes before a capture, from the
 * left.  ERR_NOT_FOUND, or ERR_METHOD with call->allow set.
 */
enum err router_match(struct call *) MUST;

/* Who asks, and may they?  Sets principal, grant and the transaction's context. */
enum err router_authorize(struct call *) MUST;

/* Runs the handler, under its Idempotency-Key or as a dry run if so asked. */
enum err router_run(struct call *) MUST;

#endif
