/* What the tests of offices share: an organisation of two 機関, and an act of somebody in it. */
#ifndef TESTS_OFFICE_HELP_H
#define TESTS_OFFICE_HELP_H

#include "db_fixture.h"

#define DAY 86400

/* Unchecked fixture.  chief: CISO; boss, other_boss: 機関CISO; iso, other_iso; leader of the CSIRT;
 * gone has left; alice, bob and carol hold nothing. */
void offices_begin(void);
void offices_end(void);

const struct store *offices_store(void);

struct try {
	struct arena *arena;
	struct tx tx;
	struct faults faults;
	const char *text; /* what was said, to look for codes in */
};

void try_begin(struct try *, const char *who);

/* Is the one cell of the answer true? */
bool try_ask(const char *who, const char *sql);

#endif
