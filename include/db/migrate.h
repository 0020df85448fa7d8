/*
 * The schema: numbered migrations (forward only, checksummed), then functions, rules and grants,
 * which are replaced whole.  All of it is built into the program (db/sql_files.h).
 */
#ifndef DB_MIGRATE_H
#define DB_MIGRATE_H

#include <base/err.h>
#include <db/tx.h>

/*
 * With a superuser's connection string (any database): makes the roles and the database `daicho`
 * if they are missing.  false: *ret_why, malloc'ed, says why.
 */
bool db_create(const char *conninfo, const char **ret_why) MUST;

/*
 * With the connection string of the database and of a role that may SET ROLE daicho_owner: brings
 * the schema up to date, under one advisory lock.  `more` is SQL that runs between rules and
 * grants: what the rooms above declare in tables of their own.  A changed old migration is
 * refused.  *ret_done: migrations applied now.
 */
bool db_migrate(const char *conninfo, const char *more, int *ret_done,
		const char **ret_why) MUST;

/*
 * Is the schema the one that this program was built with, and is the role one that cannot undo
 * what the schema protects?  ERR_STATE: no; *ret_why says what to do.
 */
enum err db_schema_check(struct tx *, const char *more, const char **ret_why) MUST;

/* The part of it that costs nothing: fingerprint and role, but not each trigger and policy. */
enum err db_schema_fits(struct tx *, const char *more, const char **ret_why) MUST;

#endif
