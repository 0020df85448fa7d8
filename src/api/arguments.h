/* Query arguments that several handlers read in the same way. */
#ifndef API_ARGUMENTS_H
#define API_ARGUMENTS_H

#include <http/message.h>

/*
 * One of `choices` (ends with NULL); absent: NULL.  Anything else is a fault that names them, and
 * ERR_BAD_QUERY; so is an absent one that is `needed`.
 */
enum err argument_choice(struct request *, const char *name, const char *const *choices,
			 bool needed, const char **ret) MUST;

#endif
