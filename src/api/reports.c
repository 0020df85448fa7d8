/* Leavers with what hangs on them; the yearly review of rights (7.1.1(2)②, 7.1.3(2)③). */
#include <string.h>

#include <base/json.h>
#include "handlers.h"
#include "table.h"

enum err
report_leavers(struct request *req, struct response *resp)
{
	static const char nested[] =
		"SELECT l.*, coalesce((SELECT jsonb_agg(to_jsonb(d) ORDER BY d.kind, d.ref, d.role)"
		" FROM person_duties(l.login, $1) d), '[]') AS duties"
		" FROM leavers($1, $2::integer) l";
	static const char flat[] =
		"SELECT l.login, l.name_ja, l.institution, l.unit, l.active, l.left_on, l.moved_on,"
		" d.kind, d.role, d.institution AS at_institution, d.ref, d.label, d.state"
		" FROM leavers($1, $2::integer) l"
		" LEFT JOIN LATERAL person_duties(l.login, $1) d ON true"
		" ORDER BY l.left_on DESC NULLS LAST, l.login, d.kind, d.ref, d.role";
	enum table_format format = TABLE_JSON;
	struct tx_args args = { .n = 2, .v = { req->grant.scope, NULL } };
	int64_t days = 30;
	PGresult *res;
	enum err e = table_format(req, &format), number;

	number = request_arg_int(req, "days", 0, 3650, 30, &days);
	if (e == OK)
		e = number;
	if (e == OK)
		e = request_args_done(req);
	if (e != OK)
		return e;
	args.v[1] = arena_printf(req->arena, "%d", (int)days);
	e = tx_once(&req->tx, format == TABLE_CSV ? flat : nested, &args, &res);
	if (e != OK)
		return e;
	table_answer(req, resp, res, "leavers", format);
	return OK;
}

/* Is this 機関 one of the grant's?  Of others nothing is said. */
static enum err
check_institution(struct request *req, const char *code)
{
	static const char sql[] = "SELECT FROM institution WHERE code = $1 AND code = ANY($2)";
	struct tx_args args = { .n = 2, .v = { code, req->grant.scope } };
	PGresult *res;
	enum err e = tx_once(&req->tx, sql, &args, &res);

	return e == OK && PQntuples(res) == 0 ? ERR_NOT_FOUND : e;
}

/* The list of one 機関 and how old its newest review is. */
static enum err
answer_review(struct request *req, struct response *resp, const PGresult *list,
	      const char *institution)
{
	static const char sql[] =
		"SELECT institution, review_no, reviewed_at, overdue"
		" FROM access_review_state(ARRAY[$1])";
	struct tx_args args = { .n = 1, .v = { institution } };
	PGresult *res;
	enum err e = tx_once(&req->tx, sql, &args, &res);

	if (e != OK)
		return e;
	buf_adds(&resp->body, "{\"last_review\":");
	if (PQntuples(res) == 0)
		buf_adds(&resp->body, "null");
	table_put_rows(res, ",", &resp->body);
	buf_adds(&resp->body, ",\"items\":[");
	table_put_rows(list, ",", &resp->body);
	buf_adds(&resp->body, "],\"next\":null}\n");
	return OK;
}

enum err
report_access(struct request *req, struct response *resp)
{
	const char *institution = request_arg(req, "institution");
	struct tx_args args = { .n = 1 };
	enum table_format format = TABLE_JSON;
	PGresult *res;
	enum err e = table_format(req, &format), done = request_args_done(req);

	if (e == OK)
		e = done;
	if (e != OK)
		return e;
	if (institution == NULL)
		institution = req->principal->home;
	e = check_institution(req, institution);
	args.v[0] = institution;
	if (e == OK)
		e = tx_once(&req->tx, "SELECT * FROM access_list($1)", &args, &res);
	if (e != OK)
		return e;
	if (format == TABLE_JSON)
		return answer_review(req, resp, res, institution);
	table_answer_file(req, resp, res, "access-review", format);
	return OK;
}

/* {"institution": code, "comment": text} */
static enum err
read_sign_off(struct request *req, const char **ret_institution, const char **ret_comment)
{
	const struct field where = { .name = "institution", .type = FT_TEXT, .max = 64 };
	const struct field comment = { .name = "comment", .type = FT_TEXT, .max = 1000,
		.flags = FF_LINES };
	struct fault f = { .code = "unknown_member", .ja = "ここでは使えない項目です。",
		.en = "Not a member of this request." };
	const char *why, *name;
	json_t *j, *value;
	enum err e = json_read(req->arena, req->body, req->body_len, &j, &why);

	if (e != OK) {
		req->detail = why;
		return e;
	}
	if (!json_is_object(j))
		return ERR_INVALID;
	*ret_institution = *ret_comment = NULL;
	json_object_foreach(j, name, value) {
		bool here = strcmp(name, where.name) == 0;

		if (!here && strcmp(name, comment.name) != 0) {
			f.field = name;
			faults_add(&req->faults, &f);
			e = ERR_INVALID;
		} else if (!value_from_json(here ? &where : &comment, req->arena, value,
					    &req->faults, here ? ret_institution : ret_comment)) {
			e = ERR_INVALID;
		}
	}
	if (e == OK && *ret_institution == NULL) {
		f = (struct fault){ .field = where.name, .code = "required",
			.ja = "必須の項目です。", .en = "This member is required." };
		faults_add(&req->faults, &f);
		e = ERR_INVALID;
	}
	return e;
}

static const char review_columns[] =
	"review_no, institution, person, office, to_char(reviewed_at AT TIME ZONE 'UTC',"
	" 'YYYY-MM-DD\"T\"HH24:MI:SS.US\"Z\"') AS reviewed_at, comment, rows, list_sha256";

static enum err
get_review(struct request *req, const char *no, bool list, PGresult **ret)
{
	struct tx_args args = { .n = 2, .v = { no, req->grant.scope } };
	enum err e = tx_once(&req->tx, arena_printf(req->arena,
		"SELECT %s%s FROM access_review WHERE review_no = $1 AND institution = ANY($2)",
		review_columns, list ? ", list" : ""), &args, ret);

	return e == OK && PQntuples(*ret) == 0 ? ERR_NOT_FOUND : e;
}

static enum err
answer_one(struct request *req, struct response *resp, const char *no)
{
	PGresult *res;
	enum err e = get_review(req, no, true, &res);

	if (e == OK) {
		table_put_rows(res, ",", &resp->body);
		buf_addc(&resp->body, '\n');
	}
	return e;
}

enum err
reviews_sign(struct request *req, struct response *resp)
{
	const char *institution, *comment;
	struct tx_args args = { .n = 2 };
	PGresult *res;
	enum err e = request_args_done(req);

	if (e == OK)
		e = read_sign_off(req, &institution, &comment);
	if (e == OK)
		e = check_institution(req, institution);
	if (e != OK)
		return e;
	args.v[0] = institution;
	args.v[1] = comment;
	e = tx_once(&req->tx, "/* signs */ SELECT access_review_sign($1, $2)", &args, &res);
	if (e == OK)
		e = answer_one(req, resp, PQgetvalue(res, 0, 0));
	if (e != OK)
		return e;
	resp->status = 201;
	response_header(resp, "Location", arena_printf(req->arena, "/api/v1/access-reviews/%s",
						       PQgetvalue(res, 0, 0)));
	return OK;
}

enum err
reviews_get(struct request *req, struct response *resp)
{
	enum err e = request_args_done(req);

	return e == OK ? answer_one(req, resp, req->capture[0]) : e;
}

/* Newest first, and beside them how each 機関 stands. */
enum err
reviews_list(struct request *req, struct response *resp)
{
	struct tx_args args = { .n = 1, .v = { req->grant.scope } };
	struct buf *b = &resp->body;
	PGresult *res, *state;
	enum err e = request_args_done(req);

	if (e == OK)
		e = tx_once(&req->tx, arena_printf(req->arena, "SELECT %s FROM access_review "
			"WHERE institution = ANY($1) ORDER BY review_no DESC LIMIT 500",
			review_columns), &args, &res);
	if (e == OK)
		e = tx_once(&req->tx, "SELECT * FROM access_review_state($1)", &args, &state);
	if (e != OK)
		return e;
	buf_adds(b, "{\"institutions\":[");
	table_put_rows(state, ",", b);
	buf_adds(b, "],\"items\":[");
	table_put_rows(res, ",", b);
	buf_adds(b, "],\"next\":null}\n");
	return OK;
}
