/* Who asks, by the cookie of a session; what a route demands of it; refusals put on record. */
#ifndef HTTP_SESSION_IDENTITY_H
#define HTTP_SESSION_IDENTITY_H

#include "call.h"

/*
 * Sets principal and csrf_token when the request holds our cookie; without it OK and nobody.
 * A request that changes something must also come from our own pages: ERR_CROSS_SITE.
 */
enum err session_cookie_identify(struct call *) MUST;

/* Is the proof of identity as fresh and as strong as the route demands? */
enum err session_confirm(const struct request *) MUST;

/* A refused act of a known person (403) is an event, too; nothing else is. */
void session_note_refusal(struct call *, enum err);

#endif
