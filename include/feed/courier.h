/*
 * The courier: one thread that takes events to webhooks and notices to a mail server.  It has
 * connections of its own, and nothing waits for it.
 */
#ifndef FEED_COURIER_H
#define FEED_COURIER_H

#include <db/pool.h>
#include <org/seal.h>

struct courier_conf {
	bool prepare;
	const struct seal *seal;
	const char *webhook_allow;
	const char *smtp_url, *smtp_from, *smtp_user, *smtp_password_file;
	int digest_hour;
};

struct courier;

/*
 * Reads what must be read before root is given up.  NULL: *ret_why says what is wrong with the
 * settings.  Strings of the settings live as long.
 */
struct courier *courier_new(const struct courier_conf *, const char **ret_why);

/* For what a hook may be: see feed/target.h. */
const char *courier_allow(const struct courier *);

/* `origin` as of the server, for links; `before` as of the service, or NULL. */
void courier_start(struct courier *, const char *conninfo, const char *origin,
		   void (*before)(void));
void courier_stop(struct courier *); /* also when it never started; NULL is fine */

#endif
