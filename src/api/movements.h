/* What the acts on a movement take. */
#ifndef API_MOVEMENTS_H
#define API_MOVEMENTS_H

#include <ledger/field.h>

enum { RETURN_AT, RETURN_ERASED, RETURN_NOTE, RETURN__MAX };
enum { PROLONG_DUE, PROLONG_REASON, PROLONG__MAX };

extern const struct field return_fields[RETURN__MAX], prolong_fields[PROLONG__MAX];

#endif
