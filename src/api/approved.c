/* What everybody may use: services that the 機関CISO has approved, software that is allowed. */
#include "arguments.h"
#include "handlers.h"
#include "table.h"

static enum err
answer_list(struct request *req, struct response *resp, const char *sql, const char *name)
{
	enum table_format format = TABLE_JSON;
	struct tx_args args = { .n = 0 };
	PGresult *res;
	enum err e = table_format(req, &format);

	if (e == OK)
		e = request_args_done(req);
	if (e == OK)
		e = tx_once(&req->tx, sql, &args, &res);
	if (e == OK)
		table_answer(req, resp, res, name, format);
	return e;
}

enum err
approved_services_list(struct request *req, struct response *resp)
{
	return answer_list(req, resp, "SELECT * FROM approved_services()", "approved-services");
}

enum err
approved_software_list(struct request *req, struct response *resp)
{
	return answer_list(req, resp, "SELECT * FROM approved_software()", "approved-software");
}
