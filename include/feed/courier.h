/*
 * The courier: one thread that takes events to webhooks and notices to a mail server.  It has
 * connections of its own, and nothing waits for it.
 */
#ifndef FEED_COURIER_H
#define FEED_COURIER_H

#include <base/config.h>
#include <org/seal.h>

struct courier;

/*
 * Reads what must be read before root is given up.  NULL: *ret_why says what is wrong with the
 * settings, which live as long.
 */
struct courier *courier_new(const struct config *, const struct seal *, const char **ret_why);

/* For what a hook may be: see feed/target.h. */
const char *courier_allow(const struct courier *);

/* `origin` as of the server, for links; `before` as of the service, or NULL. */
void courier_start(struct courier *, const char *origin, void (*before)(void));
void courier_stop(struct courier *); /* also when it never started; NULL is fine */

#endif
