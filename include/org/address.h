/* Lists of addresses that something is bound to: IPv4 and IPv6 networks, and `unix`. */
#ifndef ORG_ADDRESS_H
#define ORG_ADDRESS_H

#include <base/arena.h>
#include <base/util.h>

#define ADDRESSES_MAX 64

/*
 * "192.0.2.7", "192.0.2.0/24", "2001:db8::/32", or "unix" for a peer on the Unix socket.  *ret is
 * the stored form.  false: none of these, or bits are set beyond the prefix.
 */
bool address_read(struct arena *, const char *text, const char **ret) MUST;

/*
 * Does one of the addresses (stored forms, apart by commas; empty: no restriction) cover this
 * peer?  An IPv4 address in IPv6 clothes (::ffff:…) is the IPv4 address.  `unix` covers the
 * Unix socket and nothing else does.
 */
bool address_allows(const char *list, const char *peer);

#endif
