/*
 * Forged requests: what comes with the cookie of a session must also come from our own pages.
 */
#ifndef HTTP_CSRF_H
#define HTTP_CSRF_H

#include <base/util.h>

enum csrf_source {
	CSRF_OWN,     /* the browser says: from our own origin */
	CSRF_FOREIGN, /* or from another one */
	CSRF_SILENT,  /* no browser, or one that says nothing */
};

/*
 * From where does a request come that changes something?  Headers, NULL when absent; Sec-Fetch-Site
 * goes before Origin, because no script can set it.  `own`: "https://host[:port]".
 */
enum csrf_source csrf_source(const char *sec_fetch_site, const char *origin, const char *own);

/* With a cookie: CSRF_OWN, and the token of the session. */
bool csrf_allows(enum csrf_source, const char *sent_token, const char *token);

#endif
