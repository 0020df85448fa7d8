/* The one cookie of the daemon: the session. */
#ifndef HTTP_COOKIE_H
#define HTTP_COOKIE_H

#include <http/message.h>

/*
 * The value of the cookie `name` in a Cookie header (may be NULL); *ret = NULL when it is not
 * there.  ERR_BAD_REQUEST when it is there twice: somebody else has set one of them.
 */
enum err cookie_find(struct arena *, const char *header, const char *name, const char **ret) MUST;

/* `__Host-daicho` where browsers come over https, `daicho` on plain loopback. */
const char *cookie_name(const struct server *);

/* Gives the session to the browser; NULL takes it away. */
void cookie_set(struct request *, struct response *, const char *value);

#endif
