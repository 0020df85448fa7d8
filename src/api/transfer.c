/*
 * May this be sent, shared, carried (別表 of 3.1(2)④(b))?  The lines stand in sql/rules/transfer.sql;
 * here the question is read and the answer written.
 */
#include <string.h>

#include <base/json.h>
#include "arguments.h"
#include "handlers.h"

/* A cloud service, as the register knows it or as the question says. */
struct facts {
	bool core;    /* ※ */
	bool trusted; /* ④(b)ウ */
	bool approved; /* 4.1(2)②(g) */
};

struct question {
	const char *level, *means, *destination;
	struct facts facts;
	const char *kind; /* none, core, trusted, other */
};

static enum err
not_here(struct request *req, const char *name, const char *ja, const char *en)
{
	request_arg_fault(req, name, "not_applicable", ja, en);
	return ERR_BAD_QUERY;
}

/* One row of the ledger answers for the three. */
static enum err
read_service(struct request *req, const char *no, const char *level, struct facts *ret)
{
	static const char sql[] =
		"SELECT core, trusted, approved FROM cloud_service_facts($1, $2::integer)";
	struct tx_args args = { .n = 2, .v = { no, level } };
	PGresult *res;
	enum err e = tx_once(&req->tx, sql, &args, &res);

	if (e != OK)
		return e;
	if (PQntuples(res) == 0) {
		request_arg_fault(req, "service", "unknown_reference",
				  "登録されたクラウドサービスの管理番号を指定してください。",
				  "The number of a registered cloud service is expected.");
		return ERR_BAD_QUERY;
	}
	ret->core = str_eq(tx_text(res, 0, 0), "t");
	ret->trusted = str_eq(tx_text(res, 0, 1), "t");
	ret->approved = str_eq(tx_text(res, 0, 2), "t");
	return OK;
}

/* What is said of the service must fit the means. */
static enum err
read_flag(struct request *req, const char *name, bool fits, bool *ret)
{
	enum err e;

	if (request_arg(req, name) == NULL)
		return OK;
	e = request_arg_bool(req, name, false, ret);
	if (e == OK && request_arg(req, "service") != NULL)
		return not_here(req, name, "service と一緒には使えません。",
				"Not together with service.");
	return e != OK || fits ? e : not_here(req, name, "この手段では使えません。",
					      "Not with these means.");
}

static enum err
read_facts(struct request *req, struct question *q)
{
	bool cloud = str_eq(q->means, "cloud_share");
	bool served = cloud || str_eq(q->means, "file_transfer");
	const char *no = request_arg(req, "service");
	enum err core, trusted, e;

	q->facts.approved = true;
	core = read_flag(req, "core_service", cloud, &q->facts.core);
	trusted = read_flag(req, "trusted_service", served, &q->facts.trusted);
	e = read_flag(req, "approved", served, &q->facts.approved);
	e = core != OK ? core : trusted != OK ? trusted : e;
	if (no != NULL && !served)
		e = not_here(req, "service", "この手段では使えません。", "Not with these means.");
	if (e == OK && no != NULL)
		e = read_service(req, no, q->level, &q->facts);
	q->kind = q->facts.core ? "core" : q->facts.trusted ? "trusted" :
		cloud || no != NULL ? "other" : "none";
	return e;
}

static enum err
read_question(struct request *req, struct question *q)
{
	static const char *const levels[] = { "1", "2", "3", "4", NULL };
	static const char *const means[] = { "mail", "cloud_share", "file_transfer", "media",
		NULL };
	static const char *const destinations[] = { "internal", "other_institution", "outside",
		NULL };
	enum err level, way, where, e;

	*q = (struct question){ .level = NULL };
	level = argument_choice(req, "confidentiality", levels, true, &q->level);
	way = argument_choice(req, "means", means, true, &q->means);
	where = argument_choice(req, "destination", destinations, true, &q->destination);
	e = level != OK ? level : way != OK ? way : where;
	if (e == OK)
		e = read_facts(req, q);
	return e == OK ? request_args_done(req) : e;
}

static void
put_text(struct buf *b, const char *name, const char *value)
{
	buf_addf(b, ",\"%s\":", name);
	json_put_cstring(b, value);
}

static void
put_answer(struct request *req, const struct question *q, const PGresult *res, struct buf *b)
{
	const char *office = tx_text(res, 0, 5);

	buf_addf(b, "{\"verdict\":\"%s\"", tx_text(res, 0, 0));
	put_text(b, "text", tx_text(res, 0, 1));
	put_text(b, "clause", tx_text(res, 0, 2));
	put_text(b, "own_number", tx_text(res, 0, 3));
	put_text(b, "service", q->kind);
	put_text(b, "workflow", tx_text(res, 0, 4));
	buf_adds(b, ",\"permission\":");
	if (office == NULL) {
		buf_adds(b, "null");
	} else {
		const struct office_info *o = office_info(office_find(office));

		buf_addf(b, "{\"office\":\"%s\",\"label\":", o->code);
		json_put_cstring(b, req->lang == LANG_EN ? o->en : o->ja);
		buf_addc(b, '}');
	}
	buf_addf(b, ",\"encryption\":%s,\"reminders\":%s}\n",
		 str_eq(tx_text(res, 0, 6), "t") ? "true" : "false", tx_text(res, 0, 7));
}

enum err
transfer_check(struct request *req, struct response *resp)
{
	static const char sql[] =
		"SELECT verdict, said, clause, own_number, workflow, permission, encryption,"
		" reminders FROM transfer_check($1::integer, $2, $3, $4, $5::boolean, $6::boolean)";
	struct question q;
	struct tx_args args = { .n = 6 };
	PGresult *res;
	enum err e = read_question(req, &q);

	if (e != OK)
		return e;
	args.v[0] = q.level;
	args.v[1] = q.means;
	args.v[2] = q.kind;
	args.v[3] = q.destination;
	args.v[4] = q.facts.approved ? "t" : "f";
	args.v[5] = req->lang == LANG_EN ? "t" : "f";
	e = tx_once(&req->tx, sql, &args, &res);
	if (e == OK && PQntuples(res) == 0)
		bug("no line of the table for %s %s %s %s", q.level, q.means, q.kind,
		    q.destination);
	if (e == OK)
		put_answer(req, &q, res, &resp->body);
	return e;
}
