/*
 * Life of a row: the acts that a client may ask for.  Which of them leads from where to where, and
 * in which office, stands in sql/rules/life.sql; a test compares the offices with the routes.
 */
#ifndef LEDGER_LIFE_H
#define LEDGER_LIFE_H

#include <ledger/field.h>

struct life_action {
	const char *name;	 /* last segment of the route: "retirement" */
	const char *note;	 /* English, for OpenAPI */
	const char *members[2];	 /* columns that the act may set; ends with NULL */
};

/* The act of this name; NULL if there is none. */
const struct life_action *life_action(const char *name);

#endif
