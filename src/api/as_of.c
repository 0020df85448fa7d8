/* Rows as they were when a day ended, and what the rules say of them. */
#include <string.h>

#include <base/clock.h>
#include <base/json.h>
#include <ledger/as_of.h>
#include "handlers.h"
#include "records.h"

enum err
as_of_arg(struct request *req, const char **ret)
{
	const char *value = req->route->past == 0 ? NULL : request_arg(req, "as_of");

	*ret = NULL;
	return value == NULL || as_of_read(value, req->arena, &req->faults, ret) ? OK :
		ERR_BAD_QUERY;
}

void
as_of_mark(struct response *resp, const char *day)
{
	response_header(resp, "Daicho-As-Of", day);
}

static enum err
not_then(struct request *req, const char *day, enum err e)
{
	if (e == ERR_NOT_FOUND)
		req->detail = arena_printf(req->arena, "there was no such row at the end of %s",
					   day);
	return e;
}

enum err
as_of_row(struct request *req, struct response *resp, const char *day)
{
	static const struct field_mask all = { .all = true };
	const struct ledger *l = req->route->arg;
	PGresult *res;
	enum err e = store_get_past(app_of(req)->store, &req->tx, l, req->capture[0],
				    req->grant.scope, day, &res);

	if (e != OK)
		return not_then(req, day, e);
	as_of_mark(resp, day);
	row_put_json(store_form(app_of(req)->store, l->id), &all, res, 0, &resp->body);
	buf_addc(&resp->body, '\n');
	return OK;
}

static void
put_verdict(const struct request *req, const json_t *rule, struct buf *b)
{
	static const char *const names[] = { "code", "mode", "severity", "field", "clause" };
	size_t i;

	for (i = 0; i < ARRAY_SIZE(names); i++) {
		buf_addf(b, "%c\"%s\":", i == 0 ? '{' : ',', names[i]);
		json_put_cstring(b, json_string_value(json_object_get(rule, names[i])));
	}
	buf_adds(b, ",\"message\":");
	json_put_cstring(b, json_string_value(json_object_get(rule, req->lang == LANG_EN ? "en" :
							      "ja")));
	buf_addc(b, '}');
}

/* Columns: row_version, state, rules. */
static enum err
put_judgement(struct request *req, const PGresult *res, const char *day, struct buf *b)
{
	const struct ledger *l = req->route->arg;
	const char *rules = tx_text(res, 0, 2), *why;
	json_t *list, *rule;
	size_t i;

	if (json_read(req->arena, rules, strlen(rules), &list, &why) != OK)
		return ERR_INTERNAL;
	buf_addf(b, "{\"%s\":", l->key);
	json_put_cstring(b, req->capture[0]);
	buf_addf(b, ",\"as_of\":\"%s\",\"row_version\":%s,\"state\":", day, tx_text(res, 0, 0));
	json_put_cstring(b, tx_text(res, 0, 1));
	buf_adds(b, ",\"items\":[");
	json_array_foreach(list, i, rule) {
		buf_adds(b, i == 0 ? "" : ",");
		put_verdict(req, rule, b);
	}
	buf_adds(b, "],\"next\":null}\n");
	return OK;
}

enum err
records_judge(struct request *req, struct response *resp)
{
	char today[CLOCK_DAY_SIZE];
	const char *day;
	PGresult *res;
	enum err e = as_of_arg(req, &day), done = request_args_done(req);

	if (e == OK)
		e = done;
	if (e == OK)
		e = store_judge(app_of(req)->store, &req->tx, req->route->arg, req->capture[0],
				req->grant.scope, day, &res);
	if (e != OK)
		return day == NULL ? e : not_then(req, day, e);
	if (day != NULL)
		as_of_mark(resp, day);
	clock_today(today);
	return put_judgement(req, res, day == NULL ? today : day, &resp->body);
}
