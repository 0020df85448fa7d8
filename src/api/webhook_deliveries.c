/* What was sent to a webhook, what became of it, and once more. */
#include "handlers.h"
#include "sent.h"
#include "table.h"
#include "webhooks.h"

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

enum err
webhooks_deliveries(struct request *req, struct response *resp)
{
	static const char *const states[] = { "waiting", "delivered", "dead", "cancelled", NULL };
	PGresult *hook;
	enum err e = webhook_find(req, &hook);

	return e != OK ? e : sent_list(req, resp, states, req->capture[0],
		"SELECT " DELIVERY_COLUMNS " FROM webhook_delivery d WHERE d.webhook = $1"
		" AND ($2::text IS NULL OR d.state = $2) AND ($3::bigint IS NULL OR"
		" d.delivery_no < $3) ORDER BY d.delivery_no DESC LIMIT 200");
}

/* What was delivered is not sent again; while the hook is off, nothing is. */
enum err
webhooks_retry(struct request *req, struct response *resp)
{
	PGresult *hook;
	enum err e = webhook_find(req, &hook);

	return e != OK ? e : sent_again(req, resp, req->capture[0], req->capture[1],
		"UPDATE webhook_delivery d SET state = 'waiting', next_at = act_now(),"
		" ended_at = NULL, attempts = CASE d.state WHEN 'dead' THEN 0 ELSE d.attempts END"
		" WHERE d.webhook = $1 AND d.delivery_no = $2 AND d.state IN ('dead', 'waiting')"
		" AND EXISTS (SELECT FROM webhook w WHERE w.webhook_no = d.webhook AND w.active)"
		" RETURNING " DELIVERY_COLUMNS,
		"SELECT state FROM webhook_delivery WHERE webhook = $1 AND delivery_no = $2");
}
