/* The router's side of http/proxy.h. */
#ifndef HTTP_PROXY_IDENTITY_H
#define HTTP_PROXY_IDENTITY_H

#include "call.h"

/*
 * Sets the principal if a trusted proxy names one on a route of pages; leaves it alone if not.
 * ERR_BAD_REQUEST for a header sent twice or beside Authorization, ERR_UNAUTHENTICATED for a
 * value that nobody has.
 */
enum err proxy_identify(struct call *) MUST;

#endif
