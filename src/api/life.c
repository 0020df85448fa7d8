/*
 * Life of a row: registration, start, suspension … Each is a POST route of its own; which of them
 * are possible, and in which office, stands in sql/rules/life.sql.
 */
#include <string.h>

#include <base/json.h>
#include <ledger/life.h>
#include "handlers.h"
#include "records.h"

/* The act is the last segment of the route. */
static const struct life_action *
action_of(const struct request *req)
{
	const struct life_action *a = life_action(strrchr(req->route->path, '/') + 1);

	if (a == NULL)
		bug("%s is no act", req->route->path);
	return a;
}

enum err
records_reason(struct request *req, const char *name, const json_t *j)
{
	const struct field reason = { .name = name, .type = FT_TEXT, .max = 1000,
		.flags = FF_LINES };

	return j == NULL || value_from_json(&reason, req->arena, j, &req->faults,
					    &req->tx.ctx.reason) ? OK : ERR_INVALID;
}

/* One member of the body: the reason, or a column that the act sets. */
static enum err
read_member(struct request *req, const struct life_action *a, const char *name,
	    const json_t *value, struct buf *b)
{
	const struct field *f = ledger_field(req->route->arg, name);
	struct fault unknown = { .field = name, .code = "unknown_member",
		.ja = "ここでは使えない項目です。", .en = "Not a member of this request." };
	const char *text;

	if (strcmp(name, "reason") == 0)
		return records_reason(req, name, value);
	if (f == NULL || !str_in(name, a->members)) {
		faults_add(&req->faults, &unknown);
		return ERR_INVALID;
	}
	if (!value_from_json(f, req->arena, value, &req->faults, &text))
		return ERR_INVALID;
	buf_addf(b, "%c\"%s\":", b->len == 0 ? '{' : ',', name);
	value_put_json(f, text, b);
	return OK;
}

/* An optional body with the members that the act knows: *ret is the JSON of its columns. */
static enum err
read_act(struct request *req, const struct life_action *a, const char **ret)
{
	const char *name;
	json_t *j = NULL, *value;
	struct buf b;
	enum err e = OK;

	if (req->body_len > 0)
		e = records_body(req, &j);
	if (e != OK)
		return e;
	if (j != NULL && !json_is_object(j))
		return ERR_INVALID;
	buf_init(&b, 64 * 1024);
	json_object_foreach(j, name, value) {
		enum err one = read_member(req, a, name, value, &b);

		e = e == OK ? one : e;
	}
	buf_adds(&b, b.len == 0 ? "{}" : "}");
	*ret = arena_dup(req->arena, buf_text(&b), b.len);
	buf_release(&b);
	return e;
}

enum err
records_act(struct request *req, struct response *resp)
{
	const struct life_action *a = action_of(req);
	struct life_act act = { .key = req->capture[0] };
	PGresult *res = NULL;
	enum err e = request_args_done(req);

	if (e == OK)
		e = request_if_match(req, &act.version);
	if (e == OK)
		e = read_act(req, a, &act.given);
	if (e != OK)
		return e;
	e = store_act(app_of(req)->store, &req->tx, req->route->arg, a->name, &act,
		      req->grant.read_scope, &req->faults, &res);
	return records_answer_change(req, resp, e, res);
}

static void
put_offices(const char *codes, struct buf *b)
{
	const char *sep = "", *why;
	struct arena *arena = arena_new();
	json_t *list, *code;
	size_t i;

	if (json_read(arena, codes, strlen(codes), &list, &why) != OK)
		bug("offices of an act: %s", why);
	json_array_foreach(list, i, code) {
		enum office o = office_find(json_string_value(code));

		if (o == OFFICE__MAX)
			bug("the table of lives names no office: %s", codes);
		buf_addf(b, "%s{\"office\":\"%s\",\"label\":", sep, office_info(o)->code);
		json_put_cstring(b, office_info(o)->ja);
		buf_addc(b, '}');
		sep = ",";
	}
	arena_free(arena);
}

enum err
records_actions(struct request *req, struct response *resp)
{
	struct buf *b = &resp->body;
	PGresult *res;
	enum err e = request_args_done(req);
	int i;

	if (e == OK)
		e = store_actions(app_of(req)->store, &req->tx, req->route->arg, req->capture[0],
				  req->grant.read_scope, &res);
	if (e != OK)
		return e;
	buf_adds(b, "{\"items\":[");
	for (i = 0; i < PQntuples(res); i++) {
		buf_addf(b, "%s{\"action\":\"%s\",\"label\":", i == 0 ? "" : ",",
			 PQgetvalue(res, i, 0));
		json_put_cstring(b, PQgetvalue(res, i, req->lang == LANG_EN ? 6 : 5));
		buf_addf(b, ",\"with\":%s,\"to\":\"%s\",\"clause\":", PQgetvalue(res, i, 1),
			 PQgetvalue(res, i, 2));
		json_put_cstring(b, PQgetvalue(res, i, 4));
		buf_adds(b, ",\"offices\":[");
		put_offices(PQgetvalue(res, i, 3), b);
		buf_addf(b, "],\"may\":%s}", str_eq(tx_text(res, i, 7), "t") ? "true" : "false");
	}
	buf_adds(b, "]}\n");
	return OK;
}
