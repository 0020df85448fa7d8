/* Applications that follow one another, and what each asks for that was not there before. */
#include <string.h>

#include <base/json.h>
#include <workflow/act.h>
#include <workflow/kind.h>
#include "arguments.h"
#include "handlers.h"
#include "records.h"
#include "requests.h"
#include "table.h"

#define BUNDLE_MAX 5

static const struct field_mask all = { .all = true };

static enum err
answer_list(struct request *req, struct response *resp, const PGresult *res)
{
	const struct row_form *form = store_form(app_of(req)->store, LEDGER_REQUEST);
	int i;

	buf_adds(&resp->body, "{\"items\":[");
	for (i = 0; i < PQntuples(res); i++) {
		if (i > 0)
			buf_addc(&resp->body, ',');
		row_put_json(form, &all, res, i, &resp->body);
	}
	buf_adds(&resp->body, "],\"next\":null}\n");
	return OK;
}

/* {"requests": [{…}, {…}]}, two to five of them. */
static enum err
take_list(struct request *req, const char **ret)
{
	struct fault bad = { .field = "requests", .code = "wrong_value",
		.clause = "2.1(2)②(d), ⑧(f)", .ja = "申請を2件から5件、判断の順に並べてください。",
		.en = "Two to five applications, in the order of their decisions." };
	json_t *j, *list, *one;
	size_t i, n;
	enum err e = records_body(req, &j);

	if (e != OK)
		return e;
	list = json_object_get(j, "requests");
	n = json_array_size(list);
	if (json_object_size(j) != 1 || n < 2 || n > BUNDLE_MAX) {
		faults_add(&req->faults, &bad);
		return ERR_INVALID;
	}
	json_array_foreach(list, i, one) {
		if (json_is_object(one))
			continue;
		bad.field = arena_printf(req->arena, "#/requests/%zu", i);
		faults_add(&req->faults, &bad);
		e = ERR_INVALID;
	}
	if (e != OK)
		return e;
	*ret = records_text(req, list);
	return OK;
}

enum err
requests_bundle(struct request *req, struct response *resp)
{
	const char *docs;
	PGresult *res;
	enum err e = request_args_done(req);

	if (e == OK)
		e = take_list(req, &docs);
	if (e == OK)
		e = workflow_bundle(app_of(req)->store, &req->tx, docs, &req->faults, &res);
	if (e != OK)
		return e;
	resp->status = 201;
	response_header(resp, "Location", arena_printf(req->arena, "/api/v1/requests/%s/bundle",
						       row_key(&ledger_request, res, 0)));
	return answer_list(req, resp, res);
}

enum err
requests_chain(struct request *req, struct response *resp)
{
	PGresult *res;
	enum err e = request_args_done(req);

	if (e == OK)
		e = workflow_chain(app_of(req)->store, &req->tx, req->capture[0], &res);
	return e == OK ? answer_list(req, resp, res) : e;
}

enum err
requests_submit_chain(struct request *req, struct response *resp)
{
	const char *version;
	PGresult *res = NULL;
	enum err e = request_args_done(req);

	if (e == OK)
		e = request_if_match(req, &version);
	if (e == OK)
		e = workflow_submit_chain(app_of(req)->store, &req->tx, req->capture[0], version,
					  &req->faults, &res);
	return e == OK ? answer_list(req, resp, res) :
		requests_wrong_state(req, records_answer_change(req, resp, e, res));
}

/* ---- what is different ----------------------------------------------------------------------- */

static const char *
label(const struct workflow_kind *k, const char *part, const char *name)
{
	const struct ledger *l = strcmp(part, "asset") == 0 ? &ledger_asset :
		strcmp(part, "medium") == 0 ? &ledger_media : NULL;
	const struct field *f = l == NULL ? NULL : ledger_field(l, name);
	const struct workflow_member *m;

	if (f != NULL)
		return f->label;
	for (m = k->members; strcmp(part, "payload") == 0 && m != NULL && m->name != NULL; m++)
		if (strcmp(m->name, name) == 0)
			return m->ja;
	return strcmp(part, "reason") == 0 ? "必要性・理由" :
		strcmp(part, "documents") == 0 ? "添付文書" : NULL;
}

static void
put_text_or_null(struct buf *b, const char *s)
{
	if (s == NULL || *s == '\0')
		buf_adds(b, "null");
	else
		json_put_string(b, s, strlen(s));
}

static void
put_difference(const struct workflow_kind *k, const PGresult *res, int i, struct buf *b)
{
	const char *part = PQgetvalue(res, i, 0), *name = PQgetvalue(res, i, 1);

	buf_addf(b, "%s{\"part\":\"%s\",\"field\":", i == 0 ? "" : ",", part);
	put_text_or_null(b, name);
	buf_adds(b, ",\"label\":");
	put_text_or_null(b, label(k, part, name));
	buf_addf(b, ",\"before\":%s,\"after\":%s}", PQgetvalue(res, i, 2),
		 PQgetvalue(res, i, 3));
}

enum err
requests_diff(struct request *req, struct response *resp)
{
	static const char sql[] = "SELECT part, field, before, after, against"
		" FROM request_diff($1, $2)";
	static const char *const against[] = { "permitted", "submission", NULL };
	struct tx_args args = { .n = 2, .v = { req->capture[0] } };
	const struct workflow_kind *k;
	const struct field *kind;
	PGresult *row, *res;
	struct buf *b = &resp->body;
	enum err e = argument_choice(req, "against", against, false, &args.v[1]);
	int i;

	if (args.v[1] == NULL)
		args.v[1] = against[0];
	if (e == OK)
		e = request_args_done(req);
	if (e == OK)
		e = workflow_get(app_of(req)->store, &req->tx, req->capture[0], &row);
	if (e == OK)
		e = tx_once(&req->tx, sql, &args, &res);
	if (e != OK)
		return e;
	kind = ledger_field(&ledger_request, "request_type");
	k = workflow_find(PQgetvalue(row, 0, (int)field_index(&ledger_request, kind)));
	buf_adds(b, "{\"against\":");
	put_text_or_null(b, PQgetvalue(res, 0, 4));
	buf_adds(b, ",\"items\":[");
	for (i = 0; i < PQntuples(res) && !PQgetisnull(res, i, 0); i++)
		put_difference(k, res, i, b);
	buf_adds(b, "]}\n");
	return OK;
}
