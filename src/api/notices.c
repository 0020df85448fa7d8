/* Notices by e-mail: those that wait, were sent or given up; never what they say. */
#include <string.h>

#include <base/json.h>
#include "handlers.h"
#include "table.h"

#define PAGE 200
#define COLUMNS                                                                               \
	"n.notice_no, n.institution, n.person, n.purpose, n.request, n.digest_day, n.state,"    \
	" n.attempts, n.last_error, CASE n.state WHEN 'waiting' THEN n.next_at END AS next_at," \
	" n.created_at, n.ended_at"

static enum err
read_list_args(struct request *req, struct tx_args *args)
{
	static const char *const states[] = { "waiting", "sent", "dead", "cancelled", NULL };
	const char *state = request_arg(req, "state"), *cursor = request_arg(req, "cursor");
	int64_t n;
	enum err e;

	tx_arg(args, req->grant.scope);
	tx_arg(args, state);
	tx_arg(args, cursor);
	e = request_args_done(req);
	if (e == OK && state != NULL && !str_in(state, states)) {
		request_arg_fault(req, "state", "not_a_choice",
			"waiting、sent、dead、cancelled のいずれかです。",
			"Say waiting, sent, dead or cancelled.");
		return ERR_BAD_QUERY;
	}
	return e == OK && cursor != NULL && !number_read(cursor, 1, INT64_MAX, &n) ?
		ERR_BAD_CURSOR : e;
}

/* Newest first. */
enum err
notices_list(struct request *req, struct response *resp)
{
	struct tx_args args = { .n = 0 };
	const char *next = NULL;
	PGresult *res;
	enum err e = read_list_args(req, &args);

	if (e == OK)
		e = tx_once(&req->tx, "SELECT " COLUMNS " FROM notice n WHERE n.institution = ANY"
			" ($1::text[]) AND ($2::text IS NULL OR n.state = $2) AND ($3::bigint IS"
			" NULL OR n.notice_no < $3) ORDER BY n.notice_no DESC LIMIT 200", &args,
			&res);
	if (e != OK)
		return e;
	if (PQntuples(res) == PAGE)
		next = PQgetvalue(res, PAGE - 1, 0);
	buf_adds(&resp->body, "{\"items\":[");
	table_put_rows(res, ",", &resp->body);
	buf_adds(&resp->body, "],\"next\":");
	json_put_cstring(&resp->body, next);
	buf_adds(&resp->body, "}\n");
	if (next != NULL)
		response_header(resp, "Link", list_next_link(req, next));
	return OK;
}

/* A dead letter begins anew, a waiting one goes at once. */
enum err
notices_retry(struct request *req, struct response *resp)
{
	static const char sql[] =
		"UPDATE notice n SET state = 'waiting', next_at = act_now(), ended_at = NULL,"
		" attempts = CASE n.state WHEN 'dead' THEN 0 ELSE n.attempts END"
		" WHERE n.notice_no = $1 AND n.institution = ANY ($2::text[])"
		" AND n.state IN ('dead', 'waiting') RETURNING " COLUMNS;
	static const char there_sql[] =
		"SELECT state FROM notice WHERE notice_no = $1 AND institution = ANY ($2::text[])";
	struct tx_args args = { .n = 2, .v = { req->capture[0], req->grant.scope } };
	PGresult *res;
	int64_t n;
	enum err e = request_args_done(req);

	if (e == OK && !number_read(req->capture[0], 1, INT64_MAX, &n))
		e = ERR_NOT_FOUND;
	if (e == OK)
		e = tx_once(&req->tx, sql, &args, &res);
	if (e == OK && PQntuples(res) == 0) {
		e = tx_once(&req->tx, there_sql, &args, &res);
		return e != OK ? e : PQntuples(res) == 0 ? ERR_NOT_FOUND : ERR_STATE;
	}
	if (e != OK)
		return e;
	resp->status = 202;
	table_put_rows(res, ",", &resp->body);
	buf_addc(&resp->body, '\n');
	return OK;
}
