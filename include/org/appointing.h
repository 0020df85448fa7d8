/*
 * Who appoints to which office, and revokes: one declared table with the clauses.  The database
 * refuses by the same table (appointing(), sql/functions/16-offices.sql); a test compares them.
 */
#ifndef ORG_APPOINTING_H
#define ORG_APPOINTING_H

#include <org/access.h>

struct appointing {
	uint32_t by;	    /* OFFICE_BITs; 0: only where the machine stands */
	const char *clause; /* that says so; where it is silent, whose authority it falls under */
	bool request;	    /* only as the outcome of an application */
};

const struct appointing *appointing_to(enum office);

/*
 * The office in which the principal appoints to this one in this 機関 (NULL: for the whole 機構);
 * OFFICE__MAX when there is none.
 */
enum office appointing_office(const struct principal *, enum office, const char *institution);

/* Who appoints to it, for a refusal: "sysadmin: inst_ciso, 2.1(2)②(d)". */
const char *appointing_text(struct arena *, enum office);

#endif
