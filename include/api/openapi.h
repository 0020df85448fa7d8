/* The description of the API (OpenAPI 3.1), made from the route table and the descriptors. */
#ifndef API_OPENAPI_H
#define API_OPENAPI_H

#include <http/message.h>

/* Writes the whole document, indented, with a final newline. */
void openapi_put(const struct route *routes, struct buf *);

#endif
