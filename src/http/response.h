/* From the handler's response, or an error, to the wire. */
#ifndef HTTP_RESPONSE_H
#define HTTP_RESPONSE_H

#include "call.h"

void response_init(struct response *);

/*
 * Queues the answer of a call: its response when e is OK, a problem document otherwise.  From
 * then on the request and its memory are gone; the call lives until its last byte is sent.
 * false: nothing could be queued, the connection is to be closed.
 */
bool response_send(struct call *, enum err e) MUST;

/* For a connection past the limit, straight to its socket: a whole 503 answer. */
extern const char response_overloaded[];

#endif
