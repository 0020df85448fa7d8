/* What was sent to a webhook, what became of it, and once more. */
#include <string.h>

#include <base/json.h>
#include "handlers.h"
#include "table.h"
#include "webhooks.h"

#define PAGE 200

#define DELIVERY_COLUMNS                                                                      \
	"d.delivery_no, d.message_id, d.type, d.state, d.attempts, d.last_status,"            \
	" d.last_error, CASE d.state WHEN 'waiting' THEN d.next_at END AS next_at,"               \
	" d.created_at, d.ended_at"

/* A message of its own, to this hook alone, also while it is switched off. */
enum err
webhooks_try(struct request *req, struct response *resp)
{
	static const char sql[] =
		"INSERT INTO webhook_delivery AS d (institution, webhook, message_id, type, body,"
		" next_at) SELECT w.institution, w.webhook_no, $2, 'webhook.test',"
		" json_build_object("
		"'type', 'webhook.test', 'timestamp', to_char(now() AT TIME ZONE 'UTC',"
		" 'YYYY-MM-DD\"T\"HH24:MI:SS.US\"Z\"'), 'data', json_build_object('webhook',"
		" w.webhook_no))::text, act_now() FROM webhook w WHERE w.webhook_no = $1 RETURNING "
		DELIVERY_COLUMNS;
	uint8_t id[16];
	char hex[2 * sizeof(id) + 1];
	struct tx_args args = { .n = 2, .v = { req->capture[0] } };
	PGresult *res;
	enum err e = request_args_done(req);

	if (e == OK)
		e = webhook_find(req, &res);
	if (e != OK)
		return e;
	random_fill(id, sizeof(id));
	hex_write(id, sizeof(id), hex);
	args.v[1] = arena_printf(req->arena, "msg_%s", hex);
	e = tx_once(&req->tx, sql, &args, &res);
	if (e != OK)
		return e;
	resp->status = 202;
	table_put_rows(res, ",", &resp->body);
	buf_addc(&resp->body, '\n');
	return OK;
}

static enum err
read_delivery_args(struct request *req, struct tx_args *args)
{
	static const char *const states[] = { "waiting", "delivered", "dead", "cancelled", NULL };
	const char *state = request_arg(req, "state"), *cursor = request_arg(req, "cursor");
	int64_t n;
	enum err e;

	tx_arg(args, req->capture[0]);
	tx_arg(args, state);
	tx_arg(args, cursor);
	e = request_args_done(req);
	if (e == OK && state != NULL && !str_in(state, states)) {
		request_arg_fault(req, "state", "not_a_choice",
			"waiting、delivered、dead、cancelled のいずれかです。",
			"Say waiting, delivered, dead or cancelled.");
		return ERR_BAD_QUERY;
	}
	return e == OK && cursor != NULL && !number_read(cursor, 1, INT64_MAX, &n) ?
		ERR_BAD_CURSOR : e;
}

/* Newest first. */
enum err
webhooks_deliveries(struct request *req, struct response *resp)
{
	struct tx_args args = { .n = 0 };
	PGresult *res;
	const char *next = NULL;
	enum err e = read_delivery_args(req, &args);

	if (e == OK)
		e = webhook_find(req, &res);
	if (e == OK)
		e = tx_once(&req->tx, "SELECT " DELIVERY_COLUMNS " FROM webhook_delivery d WHERE"
			" d.webhook = $1 AND ($2::text IS NULL OR d.state = $2) AND ($3::bigint IS"
			" NULL OR d.delivery_no < $3) ORDER BY d.delivery_no DESC LIMIT 200", &args,
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

/* A dead letter begins anew, a waiting one goes at once; what was delivered is not sent again. */
enum err
webhooks_retry(struct request *req, struct response *resp)
{
	static const char sql[] =
		"UPDATE webhook_delivery d SET state = 'waiting', next_at = act_now(),"
		" ended_at = NULL, attempts = CASE d.state WHEN 'dead' THEN 0 ELSE d.attempts END"
		" WHERE d.webhook = $1 AND d.delivery_no = $2 AND d.state IN ('dead', 'waiting')"
		" RETURNING " DELIVERY_COLUMNS;
	static const char there_sql[] =
		"SELECT state FROM webhook_delivery WHERE webhook = $1 AND delivery_no = $2";
	struct tx_args args = { .n = 2, .v = { req->capture[0], req->capture[1] } };
	PGresult *res;
	int64_t n;
	enum err e = request_args_done(req);

	if (e == OK)
		e = webhook_find(req, &res);
	if (e == OK && !number_read(req->capture[1], 1, INT64_MAX, &n))
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
