/* What should stand in no register: passwords, keys, hashes of passwords (4.1(2)④(d)). */
#ifndef WORKFLOW_SECRET_H
#define WORKFLOW_SECRET_H

#include <base/arena.h>
#include <base/util.h>

/* What the text seems to hold, in English ("a password"); NULL: nothing of that kind. */
const char *secret_found(struct arena *, const char *text);

/* Is there a user with a password in it: scheme://user:password@host? */
bool secret_in_address(const char *text);

#endif
