/* What consumers are sent: the queues as they stand, and dead letters once more. */
#include <stdio.h>

#include <cli/cli.h>

static const char *
cell(const PGresult *res, int row, int col)
{
	const char *s = tx_text(res, row, col);

	return s == NULL || *s == '\0' ? "-" : s;
}

/* Columns of one row apart by two blanks; what was said last comes last. */
static int
print(struct cli *c, const char *what, const char *sql, bool dead)
{
	struct tx_args args = { .n = 1, .v = { dead ? "t" : "f" } };
	PGresult *res;
	int row, col;
	enum err e = tx_once(&c->tx, sql, &args, &res);

	if (e != OK)
		return cli_error(c, what, e);
	for (row = 0; row < PQntuples(res); row++)
		for (col = 0; col < PQnfields(res); col++)
			printf("%s%s", cell(res, row, col), col + 1 < PQnfields(res) ? "  " : "\n");
	return 0;
}

/* A dead letter begins anew. */
static int
retry(struct cli *c, const char *what, const char *sql, const char *no)
{
	struct tx_args args = { .n = 1, .v = { no } };
	PGresult *res;
	int64_t n;
	enum err e;

	if (!number_read(no, 1, INT64_MAX, &n))
		return cli_fail(no, "not a number of the list");
	e = tx_once(&c->tx, sql, &args, &res);
	if (e != OK)
		return cli_error(c, what, e);
	if (PQntuples(res) == 0)
		return cli_fail(no, "no such dead letter");
	puts("it goes once more");
	return 0;
}

int
cmd_notices(struct cli *c, const struct cli_args *a)
{
	const char *no = cli_option(a, "retry");

	if (no != NULL)
		return retry(c, "notices", "UPDATE notice SET state = 'waiting', attempts = 0,"
			" next_at = act_now(), ended_at = NULL WHERE notice_no = $1"
			" AND state = 'dead' RETURNING notice_no", no);
	return print(c, "notices", "SELECT notice_no, state, attempts, person, purpose,"
		" coalesce(request, object, digest_day::text), to_char(coalesce(ended_at, next_at),"
		" 'YYYY-MM-DD\"T\"HH24:MI'), last_error FROM notice WHERE CASE WHEN $1 = 't' THEN"
		" state = 'dead' ELSE state IN ('waiting', 'dead') END ORDER BY notice_no",
		cli_option(a, "dead") != NULL);
}

int
cmd_webhooks(struct cli *c, const struct cli_args *a)
{
	const char *no = cli_option(a, "retry");

	if (no != NULL)
		return retry(c, "webhooks", "UPDATE webhook_delivery SET state = 'waiting',"
			" attempts = 0, next_at = act_now(), ended_at = NULL WHERE delivery_no = $1"
			" AND state = 'dead' RETURNING delivery_no", no);
	return print(c, "webhooks", "SELECT d.delivery_no, d.webhook, w.url, d.state, d.attempts,"
		" d.type, to_char(coalesce(d.ended_at, d.next_at), 'YYYY-MM-DD\"T\"HH24:MI'),"
		" d.last_error FROM webhook_delivery d JOIN webhook w ON w.webhook_no = d.webhook"
		" WHERE d.state = 'dead' OR ($1 = 'f' AND d.state = 'waiting')"
		" ORDER BY d.delivery_no", cli_option(a, "dead") != NULL);
}
