/* Appointments: made by who may (org/appointing.h), ended by a revocation, never edited. */
#include <string.h>

#include <base/json.h>
#include <org/appointing.h>
#include "handlers.h"
#include "records.h"

static const struct field_mask all = { .all = true };

static void
answer(struct request *req, struct response *resp, const PGresult *res)
{
	response_header(resp, "ETag", etag_of(req->arena, row_version(&ledger_office, res, 0)));
	row_put_json(store_form(app_of(req)->store, LEDGER_OFFICE), &all, res, 0, &resp->body);
	buf_addc(&resp->body, '\n');
}

/* The office in which the person appoints is the one that the audit row names. */
static enum err
act_as(struct request *req, enum office o)
{
	static const char sql[] = "SELECT set_config('daicho.office', $1, true)";
	struct tx_args args = { .n = 1, .v = { office_info(o)->code } };
	PGresult *res;

	req->tx.ctx.office = office_info(o)->code;
	return req->tx.open ? tx_run(&req->tx, sql, &args, &res) : OK;
}

static enum err
take_office(struct request *req, const char *office, const char *institution)
{
	enum office o = office_find(office), mine;

	if (o == OFFICE__MAX)
		return ERR_INVALID;
	mine = appointing_office(req->principal, o, institution);
	if (mine != OFFICE__MAX)
		return act_as(req, mine);
	req->detail = appointing_text(req->arena, o);
	return ERR_FORBIDDEN;
}

static const char *
value_of(const struct record *r, const char *name)
{
	return r->value[field_index(r->ledger, ledger_field(r->ledger, name))];
}

enum err
offices_appoint(struct request *req, struct response *resp)
{
	const struct ledger *l = &ledger_office;
	struct record record;
	PGresult *res;
	json_t *j;
	enum err e = request_args_done(req);

	if (e == OK)
		e = records_body(req, &j);
	if (e != OK)
		return e;
	/* whoever appoints says so with the act itself */
	if (json_is_object(j) && json_object_get(j, "appointed_by") == NULL)
		json_object_set_new(j, "appointed_by", json_string(req->principal->login));
	e = record_read(l, req->arena, j, RECORD_CREATE, &req->faults, &record);
	if (e != OK)
		return e;
	record_complete(&record);
	e = take_office(req, value_of(&record, "office"), value_of(&record, "institution"));
	if (e == OK)
		e = store_appoint(app_of(req)->store, &req->tx, &record, &req->faults, &res);
	if (e != OK)
		return e;
	resp->status = 201;
	response_header(resp, "Location", arena_printf(req->arena, "/api/v1/offices/%s",
						       row_key(l, res, 0)));
	answer(req, resp, res);
	return OK;
}

struct revocation {
	const char *day, *why;
};

/* {"revoked_on": day, "revoke_reason": text}; all faults at once. */
static enum err
read_revocation(struct request *req, struct revocation *ret)
{
	const struct field day = { .name = "revoked_on", .type = FT_DATE };
	const struct field why = { .name = "revoke_reason", .type = FT_TEXT, .max = 200 };
	struct fault wrong = { .code = "unknown_member", .ja = "ここでは使えない項目です。",
		.en = "Not a member of this request." };
	const char *name;
	json_t *j, *value;
	enum err e = records_body(req, &j);

	if (e != OK)
		return e;
	*ret = (struct revocation){ NULL, NULL };
	if (!json_is_object(j))
		return ERR_INVALID;
	json_object_foreach(j, name, value) {
		if (strcmp(name, day.name) == 0) {
			if (!value_from_json(&day, req->arena, value, &req->faults, &ret->day))
				e = ERR_INVALID;
		} else if (strcmp(name, why.name) == 0) {
			if (!value_from_json(&why, req->arena, value, &req->faults, &ret->why))
				e = ERR_INVALID;
		} else {
			wrong.field = name;
			faults_add(&req->faults, &wrong);
			e = ERR_INVALID;
		}
	}
	if (e == OK && ret->why == NULL) {
		wrong = (struct fault){ .field = why.name, .code = "required",
			.clause = "2.1(2)⑥(g)", .ja = "解任の理由を入力してください。",
			.en = "Say why." };
		faults_add(&req->faults, &wrong);
		e = ERR_INVALID;
	}
	return e;
}

static const char *
column(const PGresult *res, const char *name)
{
	const struct ledger *l = &ledger_office;

	return tx_text(res, 0, (int)field_index(l, ledger_field(l, name)));
}

/* 412 encloses what stands there now. */
static void
enclose(struct request *req, const PGresult *res)
{
	struct buf b;

	buf_init(&b, 1024 * 1024);
	row_put_json(store_form(app_of(req)->store, LEDGER_OFFICE), &all, res, 0, &b);
	req->current = arena_dup(req->arena, buf_text(&b), b.len);
	req->current_version = arena_strdup(req->arena, row_version(&ledger_office, res, 0));
	buf_release(&b);
}

enum err
offices_revoke(struct request *req, struct response *resp)
{
	const struct store *store = app_of(req)->store;
	struct revocation r;
	const char *version;
	PGresult *res = NULL;
	enum err e = request_args_done(req);

	if (e == OK)
		e = request_if_match(req, &version);
	if (e == OK)
		e = read_revocation(req, &r);
	if (e == OK)
		e = store_office_get(store, &req->tx, req->capture[0], req->grant.scope, &res);
	if (e == OK)
		e = take_office(req, column(res, "office"), column(res, "institution"));
	if (e != OK)
		return e;
	e = store_revoke(store, &req->tx, req->capture[0], version, r.day, r.why, &req->faults,
			 &res);
	if (e == OK)
		answer(req, resp, res);
	else if (e == ERR_PRECONDITION_FAILED)
		enclose(req, res);
	else if (e == ERR_STATE)
		req->detail = "the appointment is revoked already";
	return e;
}

/* As of the whole 機構 too: their holders are no secret of a 機関. */
enum err
offices_get(struct request *req, struct response *resp)
{
	const char *day;
	PGresult *res;
	enum err e = as_of_arg(req, &day), done = request_args_done(req);

	if (e == OK)
		e = done;
	if (e == OK && day != NULL)
		return as_of_row(req, resp, day);
	if (e == OK)
		e = store_office_get(app_of(req)->store, &req->tx, req->capture[0],
				     req->grant.scope, &res);
	if (e == OK)
		answer(req, resp, res);
	return e;
}
