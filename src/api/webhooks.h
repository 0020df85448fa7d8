/* Webhooks: what their handlers share. */
#ifndef API_WEBHOOKS_H
#define API_WEBHOOKS_H

#include <http/message.h>

/* The hook of the path as it is, if it may be seen: document, version, 機関. */
enum err webhook_find(struct request *, PGresult **ret) MUST;

#endif
