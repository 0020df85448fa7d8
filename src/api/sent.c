#include <base/json.h>
#include "arguments.h"
#include "handlers.h"
#include "records.h"
#include "sent.h"
#include "table.h"

#define PAGE 200 /* as the statements say */

enum err
sent_list(struct request *req, struct response *resp, const char *const *states, const char *of,
	  const char *sql)
{
	struct tx_args args = { .n = 3, .v = { of } };
	const char *next = NULL;
	PGresult *res;
	int64_t n;
	enum err e = argument_choice(req, "state", states, false, &args.v[1]);

	args.v[2] = request_arg(req, "cursor");
	if (e == OK)
		e = request_args_done(req);
	if (e == OK && args.v[2] != NULL && !number_read(args.v[2], 1, INT64_MAX, &n))
		e = ERR_BAD_CURSOR;
	if (e == OK)
		e = tx_once(&req->tx, sql, &args, &res);
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

enum err
sent_again(struct request *req, struct response *resp, const char *of, const char *number,
	   const char *sql, const char *there_sql)
{
	struct tx_args args = { .n = 2, .v = { of, number } };
	PGresult *res;
	int64_t n;
	enum err e = request_args_done(req);

	if (e == OK && !number_read(number, 1, INT64_MAX, &n))
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
