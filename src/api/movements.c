/* Media and portable assets on the move: under what moves, and how a movement goes on (WF-11). */
#include <string.h>

#include <base/json.h>
#include "handlers.h"
#include "members.h"
#include "movements.h"
#include "records.h"

const struct field return_fields[RETURN__MAX] = {
	[RETURN_AT] = { .name = "returned_at", .label = "返却日時", .type = FT_STAMP },
	[RETURN_ERASED] = { .name = "erased_on", .label = "持出後の情報の消去日",
		.clause = "3.1(2)⑤(a)", .type = FT_DATE },
	[RETURN_NOTE] = { .name = "note", .label = "備考", .type = FT_TEXT, .max = 1000,
		.flags = FF_LINES },
};

const struct field prolong_fields[PROLONG__MAX] = {
	[PROLONG_DUE] = { .name = "due_at", .label = "返却予定", .clause = "4.1(2)②(f)",
		.type = FT_STAMP, .flags = FF_REQUIRED },
	[PROLONG_REASON] = { .name = "reason", .label = "延長の理由", .type = FT_TEXT,
		.max = 1000, .flags = FF_LINES | FF_REQUIRED },
};

/* What moves: the column of a movement that names it, and how to find its 機関. */
struct carrier {
	const char *column;
	const char *sql;
};

static const struct carrier medium = {
	"medium", "SELECT institution FROM external_media WHERE media_no = $1 AND "
	"institution = ANY($2)"
};
static const struct carrier asset = {
	"asset", "SELECT institution FROM asset WHERE asset_no = $1 AND institution = ANY($2)"
};

static enum err
find(struct request *req, const struct carrier *c, const char **ret_institution)
{
	struct tx_args args = { .n = 2, .v = { req->capture[0], req->grant.read_scope } };
	PGresult *res;
	enum err e = tx_once(&req->tx, c->sql, &args, &res);

	if (e == OK && PQntuples(res) == 0)
		return ERR_NOT_FOUND;
	if (e == OK)
		*ret_institution = PQgetvalue(res, 0, 0);
	return e;
}

static enum err
list(struct request *req, struct response *resp, const struct carrier *c)
{
	const char *institution;
	enum err e = find(req, c, &institution);

	return e == OK ? records_list_of(req, resp, c->column, req->capture[0]) : e;
}

enum err
movements_of_medium(struct request *req, struct response *resp)
{
	return list(req, resp, &medium);
}

enum err
movements_of_asset(struct request *req, struct response *resp)
{
	return list(req, resp, &asset);
}

/* What the path says already is not said again. */
static enum err
complete(struct request *req, json_t *j, const struct carrier *c, const char *institution)
{
	static const char *const said[] = { "institution", "medium", "asset" };
	enum err e = OK;
	size_t i;

	for (i = 0; json_is_object(j) && i < ARRAY_SIZE(said); i++) {
		struct fault f = { .field = said[i], .code = "unknown_member",
			.ja = "URLで決まる項目です。", .en = "The address says this already." };

		if (json_object_get(j, said[i]) == NULL)
			continue;
		faults_add(&req->faults, &f);
		e = ERR_INVALID;
	}
	if (e == OK && json_is_object(j) &&
	    (json_object_set_new(j, "institution", json_string(institution)) != 0 ||
	     json_object_set_new(j, c->column, json_string(req->capture[0])) != 0))
		return ERR_INTERNAL;
	return e;
}

static enum err
move(struct request *req, struct response *resp, const struct carrier *c)
{
	const char *institution, *why;
	json_t *j;
	enum err e = request_args_done(req);

	if (e == OK)
		e = find(req, c, &institution);
	if (e != OK)
		return e;
	e = json_read(req->arena, req->body, req->body_len, &j, &why);
	if (e != OK)
		req->detail = why;
	if (e == OK)
		e = complete(req, j, c, institution);
	return e == OK ? records_create_from(req, resp, j) : e;
}

enum err
movements_move_medium(struct request *req, struct response *resp)
{
	return move(req, resp, &medium);
}

enum err
movements_move_asset(struct request *req, struct response *resp)
{
	return move(req, resp, &asset);
}

/* The act, under If-Match; `values` follow key, scope and version. */
static enum err
act(struct request *req, struct response *resp, const char *sql, const char *const *values,
    size_t n)
{
	struct tx_args args = { .n = 3, .v = { req->capture[0], req->grant.scope } };
	PGresult *res = NULL;
	size_t i;
	enum err e = request_if_match(req, &args.v[2]);

	for (i = 0; i < n; i++)
		tx_arg(&args, values[i]);
	if (e == OK)
		e = store_change(app_of(req)->store, &req->tx, req->route->arg, sql, &args,
			      &req->faults, &res);
	return records_answer_change(req, resp, e, res);
}

/* When it came back (default: now) or, told later, when the information was erased. */
enum err
movements_return(struct request *req, struct response *resp)
{
	static const char sql[] =
		"UPDATE media_movement SET returned_at = coalesce($4::timestamptz, returned_at,"
		" act_now()), erased_on = coalesce($5::date, erased_on),"
		" return_note = coalesce($6, return_note), row_version = row_version + 1,"
		" updated_by = acting_person(), updated_at = now()"
		" WHERE movement_no = $1 AND institution = ANY($2) AND row_version::text = $3";
	const char *values[RETURN__MAX];
	enum err e = request_args_done(req);

	if (e == OK)
		e = members_values(req, return_fields, RETURN__MAX, values);
	return e == OK ? act(req, resp, sql, values, RETURN__MAX) : e;
}

enum err
movements_prolong(struct request *req, struct response *resp)
{
	static const char sql[] =
		"UPDATE media_movement SET due_at = $4::timestamptz, row_version = row_version + 1,"
		" updated_by = acting_person(), updated_at = now()"
		" WHERE movement_no = $1 AND institution = ANY($2) AND row_version::text = $3";
	const char *values[PROLONG__MAX];
	enum err e = request_args_done(req);

	if (e == OK)
		e = members_values(req, prolong_fields, PROLONG__MAX, values);
	if (e != OK)
		return e;
	req->tx.ctx.reason = values[PROLONG_REASON];
	return act(req, resp, sql, values, 1);
}
