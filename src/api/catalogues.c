/* システム構成カタログ (2.1(2)⑧(e)): versions, and what two differ in. */
#include <string.h>

#include <workflow/catalogue.h>
#include "catalogues.h"
#include "handlers.h"
#include "records.h"

enum err
catalogues_answer(struct request *req, struct response *resp, enum err e, const PGresult *res)
{
	if (e == ERR_STATE)
		req->detail = req->tx.message;
	return records_answer_change(req, resp, e, res);
}

/* `asset`, and `based_on`: a version, "" or null for an empty one; not given: the newest. */
static enum err
read_origin(struct request *req, const json_t *j, const char **ret_asset, const char **ret_copy)
{
	static const struct field asset = { .name = "asset", .type = FT_TEXT, .max = 64,
		.clause = "2.1(2)⑧(e)" };
	static const struct field based_on = { .name = "based_on", .type = FT_TEXT, .max = 64 };
	const json_t *a = json_object_get(j, "asset"), *b = json_object_get(j, "based_on");
	enum err e = OK;

	*ret_asset = *ret_copy = NULL;
	if (a != NULL && !value_from_json(&asset, req->arena, a, &req->faults, ret_asset))
		return ERR_INVALID;
	if (*ret_asset == NULL) {
		value_fault(&req->faults, &asset, 0, "required", NULL, "必須の項目です。",
			    "This member is required.");
		e = ERR_INVALID;
	}
	if (b == NULL)
		return e;
	if (!value_from_json(&based_on, req->arena, b, &req->faults, ret_copy))
		return ERR_INVALID;
	if (*ret_copy == NULL)
		*ret_copy = "";
	return e;
}

enum err
catalogues_create(struct request *req, struct response *resp)
{
	static const char *const origin[] = { "asset", "based_on", NULL };
	const char *asset, *copy, *doc;
	PGresult *res = NULL;
	json_t *j;
	enum err e = request_args_done(req), read;

	if (e == OK)
		e = records_object(req, &j);
	if (e != OK)
		return e;
	e = read_origin(req, j, &asset, &copy);
	read = catalogue_read(req->arena, j, origin, &req->faults, &doc);
	if (e == OK)
		e = read;
	if (e == OK)
		e = catalogue_create(app_of(req)->store, &req->tx, asset, copy, doc, &req->faults,
				     &res);
	if (e == OK) {
		resp->status = 201;
		response_header(resp, "Location", arena_printf(req->arena,
			"/api/v1/catalogues/%s", row_key(&ledger_catalogue, res, 0)));
	}
	return catalogues_answer(req, resp, e, res);
}

enum err
catalogues_note_reading(struct request *req, const char *what)
{
	static const char sql[] =
		"/* writes */ SELECT CASE WHEN asset_level(c.asset) >= 3 THEN audit_read("
		"'system_catalogue', c.catalogue_no, c.institution, c.row_version,"
		" jsonb_build_object('query', $2::text)) END"
		" FROM system_catalogue c WHERE c.catalogue_no = $1";
	struct tx_args args = { .n = 2, .v = { req->capture[0], what } };
	PGresult *res;

	return tx_once(&req->tx, sql, &args, &res);
}

/* Without ?fields= all columns but the sections; with it no section either. */
enum err
catalogues_list(struct request *req, struct response *resp)
{
	const struct ledger *l = &ledger_catalogue;
	struct query_arg *args = arena_array(req->arena, req->arg_count + 1, sizeof(*args));
	const char *names = "";
	bool chosen = false;
	size_t i, k;

	for (i = 0; i < req->arg_count; i++) {
		args[i] = req->args[i];
		chosen = chosen || strcmp(args[i].name, "fields") == 0;
	}
	for (k = 0; k < l->count; k++) {
		const struct field *f = &l->fields[k];

		if (f->type != FT_JSON)
			names = arena_printf(req->arena, "%s%s%s", names,
					     names[0] == '\0' ? "" : ",", f->name);
		for (i = 0; i < req->arg_count && f->type == FT_JSON; i++)
			if (strcmp(args[i].name, "fields") == 0 &&
			    strstr(args[i].value, f->name) != NULL) {
				request_arg_fault(req, "fields", "not_in_lists",
						  "節の内容は一覧では読めません。版ごとに読んでください。",
						  "No list has the sections: read the version.");
				return ERR_BAD_QUERY;
			}
	}
	if (!chosen)
		args[req->arg_count++] = (struct query_arg){ .name = "fields", .value = names };
	req->args = args;
	return records_list(req, resp);
}

static const char more_sql[] =
	"SELECT catalogue_more(c.catalogue_no) FROM system_catalogue c WHERE c.catalogue_no = $1";

enum err
catalogues_get(struct request *req, struct response *resp)
{
	static const struct field_mask all = { .all = true };
	struct tx_args args = { .n = 1, .v = { req->capture[0] } };
	PGresult *res, *more;
	const char *day;
	struct buf row;
	enum err e = as_of_arg(req, &day), done = request_args_done(req);

	if (e == OK)
		e = done;
	if (e != OK)
		return e;
	if (day != NULL) {
		e = as_of_row(req, resp, day);
		return e == OK ? catalogues_note_reading(req, day) : e;
	}
	e = store_get(app_of(req)->store, &req->tx, &ledger_catalogue, req->capture[0],
		      req->grant.scope, &res);
	if (e == OK)
		e = catalogues_note_reading(req, NULL);
	if (e == OK)
		e = tx_once(&req->tx, more_sql, &args, &more);
	if (e == OK && PQntuples(more) == 0)
		e = ERR_NOT_FOUND;
	if (e != OK)
		return e;
	buf_init(&row, 8 * 1024 * 1024);
	row_put_json(store_form(app_of(req)->store, LEDGER_CATALOGUE), &all, res, 0, &row);
	response_header(resp, "ETag", etag_of(req->arena, row_version(&ledger_catalogue, res, 0)));
	/* what follows from the version: members more */
	buf_add(&resp->body, buf_text(&row), row.len - 1);
	buf_addf(&resp->body, ",%s\n", PQgetvalue(more, 0, 0) + 1);
	buf_release(&row);
	return resp->body.failed ? ERR_INTERNAL : OK;
}

enum err
catalogues_edit(struct request *req, struct response *resp)
{
	static const char *const none[] = { NULL };
	const char *version, *doc;
	PGresult *res = NULL;
	json_t *j;
	enum err e = request_args_done(req);

	if (e == OK)
		e = request_if_match(req, &version);
	if (e == OK)
		e = records_object(req, &j);
	if (e == OK)
		e = catalogue_read(req->arena, j, none, &req->faults, &doc);
	if (e == OK)
		e = catalogue_edit(app_of(req)->store, &req->tx, req->capture[0], doc, version,
				   req->grant.scope, &req->faults, &res);
	return catalogues_answer(req, resp, e, res);
}

typedef enum err catalogue_act(const struct store *, struct tx *, const char *no,
			       const char *version, const char *scope, struct faults *,
			       PGresult **);

/* An act on the version that was seen. */
static enum err
act(struct request *req, catalogue_act *what, PGresult **ret)
{
	const char *version;
	enum err e = request_args_done(req);

	if (e == OK)
		e = request_if_match(req, &version);
	return e != OK ? e : what(app_of(req)->store, &req->tx, req->capture[0], version,
				  req->grant.scope, &req->faults, ret);
}

enum err
catalogues_submit(struct request *req, struct response *resp)
{
	PGresult *res = NULL;
	enum err e = act(req, catalogue_submit, &res);

	return catalogues_answer(req, resp, e, res);
}

enum err
catalogues_discard(struct request *req, struct response *resp)
{
	PGresult *res = NULL;
	enum err e = act(req, catalogue_discard, &res);

	if (e != OK)
		return catalogues_answer(req, resp, e, res);
	resp->status = 204;
	return OK;
}

enum err
catalogues_diff(struct request *req, struct response *resp)
{
	const char *against = request_arg(req, "against");
	struct tx_args args = { .n = 2, .v = { req->capture[0], against } };
	PGresult *res;
	enum err e = request_args_done(req);

	if (e == OK)
		e = store_get(app_of(req)->store, &req->tx, &ledger_catalogue, req->capture[0],
			      req->grant.scope, &res);
	if (e == OK)
		e = catalogues_note_reading(req, "diff");
	if (e == OK)
		e = tx_once(&req->tx, "SELECT catalogue_diff($1, $2)", &args, &res);
	if (e != OK)
		return e;
	if (PQgetisnull(res, 0, 0)) {
		request_arg_fault(req, "against", "unknown_reference",
				  "このサーバのその版はありません。",
				  "The server has no such version.");
		return ERR_BAD_QUERY;
	}
	buf_adds(&resp->body, PQgetvalue(res, 0, 0));
	buf_addc(&resp->body, '\n');
	return resp->body.failed ? ERR_INTERNAL : OK;
}
