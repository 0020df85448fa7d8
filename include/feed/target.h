/*
 * Where the daemon may send to by itself.  A hook is an address that a user has typed: it must not
 * become a way into the network behind the daemon.
 */
#ifndef FEED_TARGET_H
#define FEED_TARGET_H

#include <base/arena.h>
#include <base/util.h>

/*
 * Is this a public address (IPv4 or IPv6 text)?  Private, loopback, link-local, shared (CGNAT),
 * unique local, multicast, reserved ones and those that carry another inside are not.
 */
bool target_is_public(const char *address);
bool target_is_loopback(const char *address);

/* May be connected to: public, or within `allow` (networks apart by commas, "" none). */
bool target_may_connect(const char *allow, const char *address, bool plain);

/* Reads "192.0.2.0/24, fd00::/8" into the form above; false: not networks. */
bool target_allow_read(struct arena *, const char *text, const char **ret) MUST;

/*
 * Is the URL one that can be a hook: https (http only on loopback that is allowed), a host, no
 * user, no fragment; an address as the host must itself be allowed?  NULL: it is; else why not, as
 * a code with the sentences.
 */
struct target_fault {
	const char *code, *ja, *en;
};
const struct target_fault *target_check(const char *url, const char *allow);

#endif
