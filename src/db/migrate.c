#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <sodium.h>

#include <base/buf.h>
#include <db/migrate.h>
#include <db/sql_files.h>
#include "selfcheck.h"

#define DIGEST_HEX (crypto_hash_sha256_BYTES * 2 + 1)

/* One lock for all who migrate: any number, always the same. */
static const char lock_sql[] = "SELECT pg_advisory_lock(7226214)";

static const char bookkeeping_sql[] =
	"CREATE TABLE IF NOT EXISTS schema_migration (path text PRIMARY KEY, sha256 text NOT NULL,"
	" applied_at timestamptz NOT NULL DEFAULT now());"
	"CREATE TABLE IF NOT EXISTS schema_state (fingerprint text NOT NULL,"
	" set_at timestamptz NOT NULL DEFAULT now())";

static void
digest(const char *text, size_t n, char out[DIGEST_HEX])
{
	unsigned char d[crypto_hash_sha256_BYTES];

	crypto_hash_sha256(d, (const unsigned char *)text, n);
	hex_write(d, sizeof(d), out);
}

/* Of everything that makes the schema, in order. */
static void
fingerprint(const char *more, char out[DIGEST_HEX])
{
	unsigned char d[crypto_hash_sha256_BYTES];
	crypto_hash_sha256_state st;
	const struct sql_file *f;

	crypto_hash_sha256_init(&st);
	for (f = sql_files; f->path != NULL; f++) {
		if (str_starts(f->path, "statements/"))
			continue;
		crypto_hash_sha256_update(&st, (const unsigned char *)f->path, strlen(f->path));
		crypto_hash_sha256_update(&st, (const unsigned char *)f->text, f->length);
	}
	crypto_hash_sha256_update(&st, (const unsigned char *)more, strlen(more));
	crypto_hash_sha256_final(&st, d);
	hex_write(d, sizeof(d), out);
}

/* Runs a script; false: *ret_why. */
static bool
run(PGconn *pg, const char *what, const char *sql, const char **ret_why)
{
	PGresult *res = PQexec(pg, sql);
	ExecStatusType st = PQresultStatus(res);
	bool fine = st == PGRES_COMMAND_OK || st == PGRES_TUPLES_OK;
	struct buf b;

	if (!fine) {
		buf_init(&b, 4096);
		buf_addf(&b, "%s: %s", what, PQerrorMessage(pg));
		*ret_why = b.failed ? xstrdup(what) : xstrdup(buf_text(&b));
		buf_release(&b);
	}
	PQclear(res);
	return fine;
}

static void
quiet(void *arg, const PGresult *res)
{
	(void)arg;
	(void)res;
}

static PGconn *
connect_to(const char *conninfo, const char *dbname, const char **ret_why)
{
	const char *names[] = { "dbname", dbname == NULL ? NULL : "dbname", NULL };
	const char *values[] = { conninfo, dbname, NULL };
	PGconn *pg = PQconnectdbParams(names, values, 1);

	if (PQstatus(pg) != CONNECTION_OK) {
		*ret_why = xstrdup(PQerrorMessage(pg));
		PQfinish(pg);
		return NULL;
	}
	PQsetNoticeReceiver(pg, quiet, NULL);
	return pg;
}

static const char *
file_text(const char *path)
{
	const struct sql_file *f;

	for (f = sql_files; f->path != NULL; f++)
		if (strcmp(f->path, path) == 0)
			return f->text;
	bug("no %s", path);
}

static bool
exists(PGconn *pg, const char *sql)
{
	PGresult *res = PQexec(pg, sql);
	bool yes = PQntuples(res) > 0;

	PQclear(res);
	return yes;
}

bool
db_create(const char *conninfo, const char **ret_why)
{
	PGconn *pg = connect_to(conninfo, NULL, ret_why);
	bool fine = pg != NULL && run(pg, "roles.sql", file_text("roles.sql"), ret_why);

	if (fine && !exists(pg, "SELECT FROM pg_database WHERE datname = 'daicho'"))
		fine = run(pg, "create database",
			   "CREATE DATABASE daicho OWNER daicho_owner TEMPLATE template0"
			   " ENCODING 'UTF8' LC_COLLATE 'C.UTF-8' LC_CTYPE 'C.UTF-8'", ret_why) &&
			/* a day is a day in Japan */
			run(pg, "time zone",
			    "ALTER DATABASE daicho SET timezone = 'Asia/Tokyo';"
			    "REVOKE ALL ON DATABASE daicho FROM PUBLIC;"
			    "GRANT CONNECT ON DATABASE daicho TO daicho_app, daicho_sealer,"
			    " daicho_auditor", ret_why);
	PQfinish(pg);
	return fine;
}

/* 1: applied before, 0: not yet, -1: applied before with another text. */
static int
applied(PGconn *pg, const struct sql_file *f, const char *sha)
{
	const char *values[] = { f->path };
	PGresult *res = PQexecParams(pg, "SELECT sha256 FROM schema_migration WHERE path = $1", 1,
				     NULL, values, NULL, NULL, 0);
	int state = PQntuples(res) == 0 ? 0 : strcmp(PQgetvalue(res, 0, 0), sha) == 0 ? 1 : -1;

	PQclear(res);
	return state;
}

static bool
record(PGconn *pg, const char *sql, const char *a, const char *b)
{
	const char *values[] = { a, b };
	PGresult *res = PQexecParams(pg, sql, b == NULL ? 1 : 2, NULL, values, NULL, NULL, 0);
	bool fine = PQresultStatus(res) == PGRES_COMMAND_OK;

	PQclear(res);
	return fine;
}

static bool
apply_migration(PGconn *pg, const struct sql_file *f, int *ret_done, const char **ret_why)
{
	char sha[DIGEST_HEX];
	int state;

	digest(f->text, f->length, sha);
	state = applied(pg, f, sha);
	if (state > 0)
		return true;
	if (state < 0) {
		struct buf b;

		buf_init(&b, 4096);
		buf_addf(&b, "%s was applied with another text; a migration is never changed",
			 f->path);
		*ret_why = xstrdup(buf_text(&b));
		buf_release(&b);
		return false;
	}
	++*ret_done;
	return run(pg, f->path, f->text, ret_why) &&
		record(pg, "INSERT INTO schema_migration (path, sha256) VALUES ($1, $2)", f->path,
		       sha);
}

static bool
apply_folder(PGconn *pg, const char *folder, const char **ret_why)
{
	const struct sql_file *f;

	for (f = sql_files; f->path != NULL; f++)
		if (str_starts(f->path, folder) && !run(pg, f->path, f->text, ret_why))
			return false;
	return true;
}

/* All in one transaction: a schema is whole or as it was. */
static bool
apply(PGconn *pg, const char *more, int *ret_done, const char **ret_why)
{
	char print[DIGEST_HEX];
	const struct sql_file *f;

	if (!run(pg, "begin", "BEGIN; SET LOCAL ROLE daicho_owner", ret_why) ||
	    !run(pg, "bookkeeping", bookkeeping_sql, ret_why))
		return false;
	for (f = sql_files; f->path != NULL; f++)
		if (str_starts(f->path, "migrations/") &&
		    !apply_migration(pg, f, ret_done, ret_why))
			return false;
	fingerprint(more, print);
	return apply_folder(pg, "functions/", ret_why) && apply_folder(pg, "rules/", ret_why) &&
		run(pg, "tables of the program", more, ret_why) &&
		apply_folder(pg, "final/", ret_why) &&
		run(pg, "fingerprint", "DELETE FROM schema_state", ret_why) &&
		record(pg, "INSERT INTO schema_state (fingerprint) VALUES ($1)", print, NULL) &&
		run(pg, "commit", "COMMIT", ret_why);
}

static bool
up_to_date(PGconn *pg, const char *more)
{
	char print[DIGEST_HEX];
	PGresult *res = PQexec(pg, "SELECT fingerprint FROM schema_state");
	bool same;

	fingerprint(more, print);
	same = PQresultStatus(res) == PGRES_TUPLES_OK && PQntuples(res) == 1 &&
		strcmp(PQgetvalue(res, 0, 0), print) == 0;
	PQclear(res);
	return same;
}

bool
db_migrate(const char *conninfo, const char *more, int *ret_done, const char **ret_why)
{
	PGconn *pg = connect_to(conninfo, NULL, ret_why);
	int done = 0;
	bool fine;

	if (pg == NULL)
		return false;
	fine = run(pg, "lock", lock_sql, ret_why) &&
		(up_to_date(pg, more) || apply(pg, more, &done, ret_why));
	PQfinish(pg);
	if (fine)
		*ret_done = done;
	return fine;
}

/* The daemon's role must not be able to do what the database is there to refuse. */
static const char check_sql[] =
	"SELECT fingerprint,"
	" (SELECT rolsuper OR rolbypassrls FROM pg_roles WHERE rolname = current_user),"
	" pg_has_role(current_user, 'daicho_owner', 'MEMBER'),"
	" has_table_privilege('audit_event', 'INSERT, UPDATE, DELETE, TRUNCATE')"
	" FROM schema_state";

static bool
is_true(const PGresult *res, int col)
{
	return str_eq(tx_text(res, 0, col), "t");
}

enum err
db_schema_fits(struct tx *tx, const char *more, const char **ret_why)
{
	char print[DIGEST_HEX];
	PGresult *res;
	enum err e = tx_once(tx, check_sql, NULL, &res);

	if (e == ERR_DB_AWAY || e == ERR_OVERLOADED || e == ERR_DB_TIMEOUT)
		return e;
	fingerprint(more, print);
	if (e != OK || PQntuples(res) != 1 || strcmp(PQgetvalue(res, 0, 0), print) != 0) {
		*ret_why = "the database schema is not the one this program was built with: "
			"run `daicho migrate`";
		return ERR_STATE;
	}
	if (is_true(res, 1) || is_true(res, 2) || is_true(res, 3)) {
		*ret_why = "the database role may do what only the owner may (superuser, "
			"BYPASSRLS, member of daicho_owner, or writing the audit log): "
			"connect as daicho_app";
		return ERR_STATE;
	}
	return OK;
}

enum err
db_schema_check(struct tx *tx, const char *more, const char **ret_why)
{
	enum err e = db_schema_fits(tx, more, ret_why);

	return e == OK ? db_self_check(tx, ret_why) : e;
}
