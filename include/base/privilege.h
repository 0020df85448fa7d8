/* Root is for finding the way in; whatever serves is somebody else. */
#ifndef BASE_PRIVILEGE_H
#define BASE_PRIVILEGE_H

#include <sys/types.h>
#include <base/util.h>

/*
 * Gives up root for good: groups, real, effective and saved ids.  `name` NULL: not in the user
 * database.  false: something of root is left, so nothing may go on.
 */
bool privilege_drop(const char *name, uid_t, gid_t) MUST;

/* "", or somebody whom a daemon may become.  NULL, or why not (English). */
const char *privilege_check(const char *user) MUST;

/*
 * Before threads: root becomes `user`; "" is refused to root.  Who is not root stays, and must be
 * the one that is named.  NULL, or why not (English).
 */
const char *privilege_leave(const char *user) MUST;

#endif
