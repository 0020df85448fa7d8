/* 現物確認: which media have been seen (2.1(2)④(f), 2.2(1)). */
#include "handlers.h"
#include "members.h"
#include "scan.h"

enum err
media_check(struct request *req, struct response *resp)
{
	static const char sql[] = "/* writes */ SELECT media_check($1::text[], $2, $3::text[])";
	struct member area = { .name = "area", .value = request_arg(req, "area") };
	struct scan *scan = arena_alloc(req->arena, sizeof(*scan));
	struct tx_args args = { .n = 3 };
	PGresult *res;
	enum err e = request_args_done(req);

	if (e == OK)
		e = scan_read(req, &area, 1, scan);
	if (e != OK)
		return e;
	args.v[0] = array_literal(req->arena, scan->v, scan->n);
	args.v[1] = area.value;
	args.v[2] = req->grant.read_scope;
	e = tx_once(&req->tx, sql, &args, &res);
	if (e == ERR_RULES && req->tx.detail != NULL)
		rule_faults(req->arena, req->tx.detail, &req->faults);
	if (e != OK)
		return e == ERR_RULES ? ERR_INVALID : e;
	buf_adds(&resp->body, PQgetvalue(res, 0, 0));
	buf_addc(&resp->body, '\n');
	return OK;
}
