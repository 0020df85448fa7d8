/* One line per request. */
#ifndef HTTP_ACCESS_LOG_H
#define HTTP_ACCESS_LOG_H

#include "call.h"

/* While the request is still there: who asked for what, and the answer. */
void access_log_begin(struct call *);

/* When the last byte is sent (or the client has gone): how long it took; writes the line. */
void access_log_end(struct call *, bool complete);

#endif
