#include <string.h>

#include <workflow/act.h>

/* The functions answer rows of the ledger. */
static enum err
ask(const struct store *s, struct tx *tx, const char *from, const struct tx_args *args,
    PGresult **ret)
{
	return tx_once(tx, arena_printf(tx->arena, "SELECT %s FROM %s",
					store_columns(s, LEDGER_REQUEST), from), args, ret);
}

/* A form that is wrong (no clause asks for it) is no rule of the standard that is not met. */
static bool
is_form(const struct faults *l)
{
	size_t i;

	for (i = 0; i < l->n; i++)
		if (str_eq(l->v[i].code, "unknown_member") ||
		    (str_eq(l->v[i].code, "unknown_choice") && l->v[i].clause == NULL))
			return true;
	return false;
}

/* The database knows the states by their codes; people know them by the labels of the column. */
static void
name_states(struct arena *arena, struct faults *l)
{
	const struct field *state = ledger_field(&ledger_request, "state");
	const struct choice *c;
	size_t i;

	for (i = 0; i < l->n; i++) {
		if (!str_eq(l->v[i].code, "present_state"))
			continue;
		c = field_choice(state, arena, l->v[i].value);
		l->v[i].ja = arena_printf(arena, "現在の状態は「%s」です。",
					  c == NULL ? l->v[i].value : c->label);
	}
}

static enum err
told(struct tx *tx, enum err e, struct faults *faults)
{
	if ((e == ERR_RULES || e == ERR_STATE || e == ERR_FORBIDDEN) && tx->detail != NULL)
		rule_faults(tx->arena, tx->detail, faults);
	if (e == ERR_STATE)
		name_states(tx->arena, faults);
	return e == ERR_RULES && is_form(faults) ? ERR_INVALID : e;
}

/* The row policies say who sees it, not the 機関 of an office: parties may hold none. */
enum err
workflow_get(const struct store *s, struct tx *tx, const char *no, PGresult **ret)
{
	struct tx_args args = { .n = 1, .v = { no } };
	PGresult *res;
	enum err e = ask(s, tx, "request WHERE request_no = $1", &args, &res);

	if (e == OK && PQntuples(res) == 0)
		e = ERR_NOT_FOUND;
	if (e == OK)
		*ret = res;
	return e;
}

enum err
workflow_create(const struct store *s, struct tx *tx, const char *doc, struct faults *faults,
		PGresult **ret)
{
	struct tx_args args = { .n = 1, .v = { doc } };

	return told(tx, ask(s, tx, "request_create($1::jsonb)", &args, ret), faults);
}

/* What may not be seen is not there; then the change; no row: another version by now. */
static enum err
change(const struct store *s, struct tx *tx, const char *from, const struct tx_args *args,
       struct faults *faults, PGresult **ret)
{
	PGresult *seen, *res;
	enum err e = workflow_get(s, tx, args->v[0], &seen);

	if (e == OK)
		e = told(tx, ask(s, tx, from, args, &res), faults);
	if (e != OK)
		return e;
	if (PQntuples(res) > 0) {
		*ret = res;
		return OK;
	}
	e = workflow_get(s, tx, args->v[0], ret);
	return e == OK ? ERR_PRECONDITION_FAILED : e;
}

enum err
workflow_bundle(const struct store *s, struct tx *tx, const char *docs, struct faults *faults,
		PGresult **ret)
{
	struct tx_args args = { .n = 1, .v = { docs } };

	return told(tx, ask(s, tx, "request_bundle($1::jsonb)", &args, ret), faults);
}

enum err
workflow_chain(const struct store *s, struct tx *tx, const char *no, PGresult **ret)
{
	struct tx_args args = { .n = 1, .v = { no } };
	PGresult *seen;
	enum err e = workflow_get(s, tx, no, &seen);

	return e == OK ? ask(s, tx, "request_chain($1)", &args, ret) : e;
}

enum err
workflow_submit_chain(const struct store *s, struct tx *tx, const char *no, const char *version,
		      struct faults *faults, PGresult **ret)
{
	struct tx_args args = { .n = 2, .v = { no, version } };

	return change(s, tx, "request_submit_chain($1, $2)", &args, faults, ret);
}

enum err
workflow_edit(const struct store *s, struct tx *tx, const char *no, const char *doc,
	      const char *version, struct faults *faults, PGresult **ret)
{
	struct tx_args args = { .n = 3, .v = { no, doc, version } };

	return change(s, tx, "request_edit($1, $2::jsonb, $3)", &args, faults, ret);
}

enum err
workflow_act(const struct store *s, struct tx *tx, const char *no, const char *action,
	     const char *given, const char *version, struct faults *faults, PGresult **ret)
{
	struct tx_args args = { .n = 4, .v = { no, action, given, version } };

	return change(s, tx, "request_act($1, $2, $3::jsonb, $4)", &args, faults, ret);
}

bool
workflow_by_token(const char *action)
{
	static const char *const free_acts[] = { "submit", "resubmit", "withdraw", NULL };

	return str_in(action, free_acts);
}

enum err
workflow_expire(struct tx *tx, int64_t *ret)
{
	PGresult *res;
	/* no SELECT: tx_once() takes those for reading */
	enum err e = tx_once(tx, "WITH done AS MATERIALIZED (SELECT requests_expire() AS n)"
			     " SELECT n FROM done", NULL, &res);

	if (e == OK)
		*ret = tx_int(res, 0, 0);
	return e;
}

enum err
workflow_expire_chore(struct tx *tx, const struct chore *c, const atomic_bool *stopping, bool *more)
{
	int64_t n;

	(void)c;
	(void)stopping;
	(void)more;
	return workflow_expire(tx, &n);
}
