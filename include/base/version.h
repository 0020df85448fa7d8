/* The order of versions of software, by the kind of package. */
#ifndef BASE_VERSION_H
#define BASE_VERSION_H

#include <base/util.h>

enum version_order {
	VERSION_GENERIC, /* numbers by value, words by letters, 1.0-rc1 before 1.0 */
	VERSION_DEB,	 /* deb-version(7): [epoch:]upstream[-revision], ~ before everything */
	VERSION_RPM,	 /* rpm: [epoch:]version[-release], ~ before and ^ after a version */
	VERSION_SEMVER,	 /* semver.org 2.0.0, also with a leading v */
	VERSION_ORDER__MAX
};

/* Of a type of package URLs ("deb", "rpm", "npm" …); generic for NULL and all it does not know. */
enum version_order version_order_of(const char *type);

/*
 * Below, at or above zero as the first version is older, the same or newer.  Total: every text is
 * a version.  Epochs that are left out are 0; of Debian's a missing revision, too.
 */
int version_compare(enum version_order, const char *, const char *);

#endif
