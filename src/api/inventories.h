/* What the acts on a campaign of 棚卸し take. */
#ifndef API_INVENTORIES_H
#define API_INVENTORIES_H

#include <ledger/field.h>

/* Answers in one request. */
#define ANSWERS_MAX 20000

/* Columns of an answer, as members and as headers of a table. */
enum { ANSWER_LEDGER, ANSWER_KEY, ANSWER_ANSWER, ANSWER_NOTE, ANSWER__MAX };

extern const struct field answer_fields[ANSWER__MAX], closing_field;

#endif
