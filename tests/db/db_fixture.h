/* A migrated database for a whole test program, on an embedded server of its own. */
#ifndef TESTS_DB_FIXTURE_H
#define TESTS_DB_FIXTURE_H

#include <db/migrate.h>
#include <ledger/store.h>

void fixture_begin(void); /* unchecked fixture: once per program */
void fixture_end(void);

const char *fixture_owner(void); /* connection string of the superuser */
const char *fixture_app(void);	 /* of daicho_app */
const char *fixture_more(void);	 /* for db_migrate() and db_schema_check() */

/* A pool of the app role: `size` connections per lane. */
struct db_pool *fixture_pool(int size, int wait_ms, int timeout_ms);

/* As the superuser: first cell of the answer (heap) or NULL; the test fails on an error. */
char *fixture_sql(const char *sql);

/* Must be refused: the SQLSTATE (static storage of the caller's 6 bytes). */
void fixture_refused(const char *conninfo, const char *sql, char state[6]);

#endif
