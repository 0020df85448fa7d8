/*
 * Identity from a web server in front (学認/Shibboleth, mod_auth_openidc): it names the person in
 * one header.  Believed only on a Unix socket, only from a peer whose uid is listed, only for
 * pages; everywhere else the header is as if it were not there.
 */
#ifndef HTTP_PROXY_H
#define HTTP_PROXY_H

#include <base/util.h>

struct proxy;

/*
 * `header` "X-Remote-User"; "" is off: *ret is NULL.  `uids`: names or numbers apart by blanks or
 * commas.  `listen` as of the server.  false: *ret_why (malloc'ed or static) says why such a
 * configuration is dangerous or senseless.
 */
bool proxy_new(const char *header, const char *uids, const char *listen, struct proxy **ret,
	       const char **ret_why) MUST;
void proxy_free(struct proxy *); /* NULL is fine */

#endif
