/* A person as the database knows them now: facts as texts, and the principal made of them. */
#ifndef ORG_PRINCIPAL_H
#define ORG_PRINCIPAL_H

#include <org/access.h>

enum { FACT_LOGIN, FACT_NAME, FACT_HOME, FACT_OFFICES, FACT_INSTITUTIONS, PERSON_FACTS };

/* Columns of a query that calls the person `p`, in the order of the facts. */
#define PERSON_FACTS_SQL                                                                      \
	"p.login, p.name_ja, p.institution,"                                                  \
	" coalesce((SELECT string_agg(o.office || ':' || coalesce(o.institution, '') || ':' ||" \
	"  coalesce(o.unit, ''), ',') FROM offices_in_force(p.login, act_today()) o), ''),"    \
	" coalesce((SELECT string_agg(code, ',' ORDER BY code) FROM institution"              \
	"  WHERE active), '')"

/* Whoever has left or is switched off is nobody. */
#define PERSON_LIVES_SQL "p.active AND (p.left_on IS NULL OR p.left_on >= act_today())"

/* Without scopes: what the proof of identity gives is the caller's to say. */
struct principal *principal_build(struct arena *, const char *account,
				  const char *const facts[PERSON_FACTS]);

#endif
