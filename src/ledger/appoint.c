/* Appointments: the functions of sql/functions/16-offices.sql, as operations of the store. */
#include <ledger/store.h>
#include "explain.h"

static enum err
ask(const struct store *s, struct tx *tx, const char *from, const struct tx_args *args,
    PGresult **ret)
{
	return tx_once(tx, arena_printf(tx->arena, "SELECT %s FROM %s",
					store_columns(s, LEDGER_OFFICE), from), args, ret);
}

/* What the database says is exact: asked again by the daemon's role it would see less. */
static enum err
told(struct tx *tx, enum err e, struct faults *faults)
{
	if (e == ERR_RULES && tx->detail != NULL)
		rule_faults(tx->arena, tx->detail, faults);
	return e;
}

enum err
store_office_get(const struct store *s, struct tx *tx, const char *key, const char *scope,
		 PGresult **ret)
{
	struct tx_args args = { .n = 2, .v = { key, scope } };
	PGresult *res;
	enum err e = ask(s, tx, "office_get($1, $2)", &args, &res);

	if (e == OK && PQntuples(res) == 0)
		return ERR_NOT_FOUND;
	if (e == OK)
		*ret = res;
	return e;
}

enum err
store_appoint(const struct store *s, struct tx *tx, const struct record *r,
	      struct faults *faults, PGresult **ret)
{
	const char *doc = record_document(r, tx->arena);
	struct tx_args args = { .n = 1, .v = { doc } };
	enum err e = ask(s, tx, "office_appoint($1)", &args, ret);

	if (e == ERR_CONFLICT)
		return explain(s, tx, r->ledger, NULL, doc, e, faults);
	return told(tx, e, faults);
}

enum err
store_revoke(const struct store *s, struct tx *tx, const char *key, const char *version,
	     const char *day, const char *why, struct faults *faults, PGresult **ret)
{
	struct tx_args args = { .n = 4, .v = { key, version, day, why } };
	PGresult *res;
	enum err e = ask(s, tx, "office_revoke($1, $2, $3, $4)", &args, &res);

	if (e != OK)
		return told(tx, e, faults);
	if (PQntuples(res) == 0) {
		e = store_office_get(s, tx, key, "{*}", ret);
		return e == OK ? ERR_PRECONDITION_FAILED : e;
	}
	*ret = res;
	return OK;
}
