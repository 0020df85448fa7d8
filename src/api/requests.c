/* Applications (申請): made, edited, moved on step by step; what each step may be stands in the
 * tables of the workflow room, and is judged in the database. */
#include <string.h>

#include <base/json.h>
#include <org/session.h>
#include <workflow/act.h>
#include <workflow/kind.h>
#include "arguments.h"
#include "handlers.h"
#include "records.h"
#include "requests.h"
#include "table.h"

enum err
requests_wrong_state(struct request *req, enum err e)
{
	if (e == ERR_STATE && req->faults.n > 0)
		req->detail = req->lang == LANG_EN ? req->faults.v[0].en : req->faults.v[0].ja;
	return e;
}

static enum err
answer(struct request *req, struct response *resp, enum err e, const PGresult *res)
{
	return requests_wrong_state(req, records_answer_change(req, resp, e, res));
}

enum err
requests_create(struct request *req, struct response *resp)
{
	PGresult *res = NULL;
	json_t *j;
	enum err e = request_args_done(req);

	if (e == OK)
		e = records_object(req, &j);
	if (e == OK)
		e = workflow_create(app_of(req)->store, &req->tx, records_text(req, j),
				    &req->faults, &res);
	if (e != OK)
		return e;
	resp->status = 201;
	response_header(resp, "Location", arena_printf(req->arena, "/api/v1/requests/%s",
						       row_key(&ledger_request, res, 0)));
	return answer(req, resp, OK, res);
}

enum err
requests_get(struct request *req, struct response *resp)
{
	PGresult *res = NULL;
	enum err e = request_args_done(req);

	if (e == OK)
		e = workflow_get(app_of(req)->store, &req->tx, req->capture[0], &res);
	return answer(req, resp, e, res);
}

enum err
requests_edit(struct request *req, struct response *resp)
{
	const char *version;
	PGresult *res = NULL;
	json_t *j;
	enum err e = request_args_done(req);

	if (e == OK)
		e = request_if_match(req, &version);
	if (e == OK)
		e = records_object(req, &j);
	if (e == OK)
		e = workflow_edit(app_of(req)->store, &req->tx, req->capture[0],
				  records_text(req, j), version, &req->faults, &res);
	return answer(req, resp, e, res);
}

/* Takes the action out of the body; a decision takes a session, as CONFIRM_DECISION does. */
static enum err
take_action(struct request *req, json_t *j, const char **ret)
{
	const json_t *action = json_object_get(j, "action");
	struct fault f = { .field = "action", .code = "required", .clause = "2.1(2)⑫",
		.ja = "操作を指定してください。", .en = "Name the step." };

	if (!json_is_string(action)) {
		faults_add(&req->faults, &f);
		return ERR_INVALID;
	}
	*ret = arena_strdup(req->arena, json_string_value(action));
	json_object_del(j, "action");
	return workflow_by_token(*ret) ? OK :
		principal_may_decide(req->principal, req->service->sessions);
}

enum err
requests_step(struct request *req, struct response *resp)
{
	const char *version, *action;
	PGresult *res = NULL;
	json_t *j;
	enum err e = request_args_done(req);

	if (e == OK)
		e = request_if_match(req, &version);
	if (e == OK)
		e = records_object(req, &j);
	if (e == OK)
		e = take_action(req, j, &action);
	if (e == OK)
		e = workflow_act(app_of(req)->store, &req->tx, req->capture[0], action,
				 records_text(req, j), version, &req->faults, &res);
	return answer(req, resp, e, res);
}

/* Rows that belong to an application that is seen. */
static enum err
answer_rows(struct request *req, struct response *resp, const char *sql)
{
	struct tx_args args = { .n = 1, .v = { req->capture[0] } };
	PGresult *res;
	enum err e = request_args_done(req);

	if (e == OK)
		e = workflow_get(app_of(req)->store, &req->tx, req->capture[0], &res);
	if (e == OK)
		e = tx_once(&req->tx, sql, &args, &res);
	if (e != OK)
		return e;
	table_answer(req, resp, res, NULL, TABLE_JSON);
	return OK;
}

enum err
requests_timeline(struct request *req, struct response *resp)
{
	return answer_rows(req, resp, "SELECT position, action, from_state, to_state, acted_by,"
		" acted_office, result, comment, given, subject_sha256, acted_at"
		" FROM request_step WHERE request = $1 ORDER BY position");
}

enum err
requests_actions(struct request *req, struct response *resp)
{
	return answer_rows(req, resp, "SELECT action, \"to\" AS \"to\", to_jsonb(who) AS who,"
		" to_jsonb(offices) AS offices, mine, to_jsonb(refused) AS refused,"
		" to_jsonb(needs) AS needs, to_jsonb(takes) AS takes,"
		" to_jsonb(documents) AS documents, to_jsonb(missing) AS missing,"
		" decides, clause, ja, en"
		" FROM request_actions($1)");
}

enum err
requests_open_items(struct request *req, struct response *resp)
{
	return answer_rows(req, resp, "SELECT kind, code, since, due_on, ja, en"
		" FROM request_open_items($1)");
}

enum err
requests_answer_changed(struct request *req, const char *no)
{
	PGresult *res;
	enum err e = workflow_get(app_of(req)->store, &req->tx, no, &res);

	if (e != OK)
		return e;
	records_enclose(req, &ledger_request, res);
	return ERR_PRECONDITION_FAILED;
}

/* ?code=: one kind alone. */
static enum err
read_kind(struct request *req, const char **ret)
{
	const char **codes;
	size_t n = 0, i;

	while (workflow_kinds[n] != NULL)
		n++;
	codes = arena_alloc(req->arena, (n + 1) * sizeof(*codes));
	for (i = 0; i < n; i++)
		codes[i] = workflow_kinds[i]->code;
	codes[n] = NULL;
	return argument_choice(req, "code", codes, false, ret);
}

enum err
workflow_kinds_list(struct request *req, struct response *resp)
{
	static const char sql[] =
		"SELECT k.code, k.ja, k.en, k.clause, k.subject, to_jsonb(k.types) AS types,"
		" to_jsonb(k.applicants) AS applicants, k.approver,"
		" k.escape AS unavoidable, k.term,"
		" k.completion_ends, k.validity,"
		" coalesce((SELECT jsonb_agg(jsonb_build_object('name', m.name,"
		"  'type', m.type, 'required', m.required, 'choices', m.choices, 'ja', m.ja,"
		"  'en', m.en) ORDER BY m.position) FROM workflow_member m"
		"  WHERE m.kind = k.code), '[]') AS members,"
		" (SELECT jsonb_agg(jsonb_build_object('from', s.from_state,"
		"  'action', s.action, 'to', s.to_state, 'who', s.who, 'offices', s.offices,"
		"  'not_same', s.not_same, 'decides', s.decides, 'documents', s.documents,"
		"  'needs', step_members(VARIADIC s.needs),"
		"  'takes', step_members(VARIADIC s.takes), 'tells', s.tells,"
		"  'clause', s.clause, 'ja', s.ja,"
		"  'en', s.en) ORDER BY s.position) FROM workflow_step s WHERE s.kind = k.code)"
		"  AS steps FROM workflow_kind k WHERE $1::text IS NULL OR k.code = $1"
		" ORDER BY k.code";
	struct tx_args args = { .n = 1 };
	PGresult *res;
	enum err e = read_kind(req, &args.v[0]);

	if (e == OK)
		e = request_args_done(req);
	if (e == OK)
		e = tx_once(&req->tx, sql, &args, &res);
	if (e != OK)
		return e;
	table_answer(req, resp, res, NULL, TABLE_JSON);
	return OK;
}
