/* Persons who leave: whoever answers for live rows hands them over first (7.1.1(2)②(b)). */
#include <string.h>

#include "handlers.h"

/* The refusal has a code of its own, so that a client need not search the faults for it. */
static enum err
named(const struct request *req, enum err e)
{
	size_t i;

	for (i = 0; e == ERR_RULES && i < req->faults.n; i++)
		if (str_eq(req->faults.v[i].code, "leaver_has_duties"))
			return ERR_LEAVER;
	return e;
}

/* A successor is for somebody who leaves, and for nothing else. */
static enum err
check_left(struct request *req)
{
	static const char sql[] = "SELECT active AND left_on IS NULL FROM person WHERE login = $1";
	struct tx_args args = { .n = 1, .v = { req->capture[0] } };
	PGresult *res;
	enum err e = tx_run(&req->tx, sql, &args, &res);

	if (e != OK || PQntuples(res) == 0 || strcmp(PQgetvalue(res, 0, 0), "t") != 0)
		return e;
	request_arg_fault(req, "successor", "nobody_leaves",
			  "後任は、在籍を終える変更（active=false 又は left_on）とともに指定してください。",
			  "A successor goes with active=false or left_on.");
	return ERR_BAD_QUERY;
}

static enum err
hand_over(struct request *req, const char *successor)
{
	struct tx_args args = { .n = 2, .v = { req->capture[0], successor } };
	PGresult *res;
	enum err e = tx_run(&req->tx, "SELECT transfer_duties($1, $2)", &args, &res);

	if (e == ERR_RULES && req->tx.detail != NULL)
		rule_faults(req->arena, req->tx.detail, &req->faults);
	return e;
}

static enum err
change(struct request *req, struct response *resp,
       enum err (*run)(struct request *, struct response *))
{
	const char *successor = request_arg(req, "successor");
	bool ours = !req->tx.open;
	enum err e = OK;

	if (successor == NULL)
		return named(req, run(req, resp));
	if (ours)
		e = tx_begin(&req->tx);
	if (e == OK)
		e = hand_over(req, successor);
	if (e == OK)
		e = run(req, resp);
	if (e == OK)
		e = check_left(req);
	if (e == OK && ours)
		return tx_commit(&req->tx);
	if (ours)
		tx_rollback(&req->tx);
	return named(req, e);
}

enum err
persons_patch(struct request *req, struct response *resp)
{
	return change(req, resp, records_patch);
}

enum err
persons_replace(struct request *req, struct response *resp)
{
	return change(req, resp, records_replace);
}
