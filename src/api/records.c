/* The rows of any ledger: read, ask, answer.  The ledger is the argument of the route. */
#include <stdlib.h>
#include <string.h>

#include <base/json.h>
#include "handlers.h"
#include "records.h"

static const struct ledger *
ledger_of(const struct request *req)
{
	return req->route->arg;
}

static void
answer_row(struct request *req, struct response *resp, const PGresult *res)
{
	static const struct field_mask all = { .all = true };
	const struct ledger *l = ledger_of(req);

	response_header(resp, "ETag", etag_of(req->arena, row_version(l, res, 0)));
	row_put_json(store_form(app_of(req)->store, l->id), &all, res, 0, &resp->body);
	buf_addc(&resp->body, '\n');
}

void
records_enclose(struct request *req, const struct ledger *l, const PGresult *res)
{
	static const struct field_mask all = { .all = true };
	struct buf b;

	buf_init(&b, 8 * 1024 * 1024);
	row_put_json(store_form(app_of(req)->store, l->id), &all, res, 0, &b);
	req->current = arena_dup(req->arena, buf_text(&b), b.len);
	req->current_version = arena_strdup(req->arena, row_version(l, res, 0));
	buf_release(&b);
}

enum err
records_answer_change(struct request *req, struct response *resp, enum err e, const PGresult *res)
{
	if (e == OK)
		answer_row(req, resp, res);
	else if (e == ERR_PRECONDITION_FAILED)
		records_enclose(req, ledger_of(req), res);
	else if (e == ERR_FORBIDDEN && ledger_of(req)->common)
		req->detail = "What is of the whole 機構 is not changed here; a row of the 機関 "
			"may override it.";
	return e;
}

enum err
records_body(struct request *req, json_t **ret)
{
	const char *why;
	enum err e = json_read(req->arena, req->body, req->body_len, ret, &why);

	if (e != OK)
		req->detail = why;
	return e;
}

enum err
records_object(struct request *req, json_t **ret)
{
	enum err e = records_body(req, ret);

	if (e == OK && !json_is_object(*ret)) {
		faults_add(&req->faults, &(struct fault){ .code = "wrong_type",
			.ja = "JSONオブジェクトを送ってください。",
			.en = "A JSON object is expected." });
		e = ERR_INVALID;
	}
	return e;
}

const char *
records_text(struct request *req, const json_t *j)
{
	char *made = json_dumps(j, JSON_COMPACT);
	const char *kept;

	if (made == NULL)
		bug("what was read cannot be written");
	kept = arena_strdup(req->arena, made);
	free(made);
	return kept;
}

enum err
records_create(struct request *req, struct response *resp)
{
	json_t *j;
	enum err e = request_args_done(req);

	if (e == OK)
		e = records_body(req, &j);
	return e == OK ? records_create_from(req, resp, j) : e;
}

enum err
records_create_from(struct request *req, struct response *resp, const json_t *j)
{
	const struct ledger *l = ledger_of(req);
	struct record record;
	PGresult *res;
	enum err e = record_read(l, req->arena, j, RECORD_CREATE, &req->faults, &record);

	if (e != OK)
		return e;
	record_complete(&record);
	e = store_insert(app_of(req)->store, &req->tx, &record, req->grant.scope, &req->faults,
			 &res);
	if (e != OK)
		return e;
	resp->status = 201;
	response_header(resp, "Location",
			arena_printf(req->arena, "/api/v1/%s/%s", l->path, row_key(l, res, 0)));
	answer_row(req, resp, res);
	return OK;
}

enum err
records_get(struct request *req, struct response *resp)
{
	const char *day;
	PGresult *res;
	enum err e = as_of_arg(req, &day), done = request_args_done(req);

	if (e == OK)
		e = done;
	if (e == OK && day != NULL)
		return as_of_row(req, resp, day);
	if (e == OK)
		e = store_get(app_of(req)->store, &req->tx, ledger_of(req), req->capture[0],
			      req->grant.scope, &res);
	if (e == OK)
		answer_row(req, resp, res);
	return e;
}

/* Reads version and body of a change, then lets the store try it. */
static enum err
change(struct request *req, struct response *resp, bool replace)
{
	const struct ledger *l = ledger_of(req);
	const char *version;
	struct record record;
	PGresult *res = NULL;
	json_t *j;
	enum err e = request_args_done(req);

	if (e == OK)
		e = request_if_match(req, &version);
	if (e == OK)
		e = records_body(req, &j);
	if (e == OK && replace)
		e = record_drop_unchanged(app_of(req)->store, &req->tx, l, req->capture[0],
					  req->grant.scope, j, &req->faults);
	if (e == OK)
		e = record_read(l, req->arena, j, replace ? RECORD_REPLACE : RECORD_PATCH,
				&req->faults, &record);
	if (e != OK)
		return e;
	if (replace)
		record_complete(&record);
	e = store_update(app_of(req)->store, &req->tx, &record, replace, req->capture[0], version,
			 req->grant.scope, &req->faults, &res);
	return records_answer_change(req, resp, e, res);
}

enum err
records_patch(struct request *req, struct response *resp)
{
	return change(req, resp, false);
}

enum err
records_replace(struct request *req, struct response *resp)
{
	return change(req, resp, true);
}

enum err
records_delete(struct request *req, struct response *resp)
{
	const struct ledger *l = ledger_of(req);
	const char *version;
	PGresult *res = NULL;
	enum err e = request_args_done(req);

	if (e == OK)
		e = request_if_match(req, &version);
	if (e != OK)
		return e;
	e = store_delete(app_of(req)->store, &req->tx, l, req->capture[0], version,
			 req->grant.scope, &req->faults, &res);
	if (e == ERR_STATE)
		req->detail = arena_printf(req->arena,
			"only a draft can be deleted; POST /api/v1/%s/%s/retirement instead",
			l->path, req->capture[0]);
	if (e != OK)
		return records_answer_change(req, resp, e, res);
	resp->status = 204;
	return OK;
}

static void
put_event(const PGresult *res, int row, struct buf *b)
{
	static const char *const names[] = { "version", "at", "person", "office", "client",
		"request_id", "operation", "action", "reason", "changes" };
	size_t i;

	for (i = 0; i < ARRAY_SIZE(names); i++) {
		const char *v = tx_text(res, row, (int)i);

		buf_addf(b, "%c\"%s\":", i == 0 ? '{' : ',', names[i]);
		if (v != NULL && (i == 0 || i == 9))
			buf_adds(b, v); /* a number; JSON */
		else
			json_put_cstring(b, v);
	}
	buf_addc(b, '}');
}

enum err
records_history(struct request *req, struct response *resp)
{
	PGresult *res = NULL, *none;
	enum err e = request_args_done(req);
	int i;

	if (e == OK)
		e = store_history(app_of(req)->store, &req->tx, ledger_of(req), req->capture[0],
				  req->grant.scope, &res);
	/* a row that the system made has none until somebody acts on it */
	if (e == ERR_NOT_FOUND && ledger_of(req)->id == LEDGER_FINDING)
		e = store_get(app_of(req)->store, &req->tx, ledger_of(req), req->capture[0],
			      req->grant.scope, &none);
	if (e != OK)
		return e;
	buf_adds(&resp->body, "{\"items\":[");
	for (i = 0; i < PQntuples(res); i++) {
		if (i > 0)
			buf_addc(&resp->body, ',');
		put_event(res, i, &resp->body);
	}
	buf_adds(&resp->body, "],\"next\":null}\n");
	return OK;
}
