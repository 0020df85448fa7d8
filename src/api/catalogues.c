/* システム構成カタログ (2.1(2)⑧(e)): versions, their software lists, and what two differ in. */
#include <string.h>

#include <base/json.h>
#include <exchange/software.h>
#include <workflow/catalogue.h>
#include "handlers.h"
#include "records.h"
#include "table.h"

#define PAGE_DEFAULT 500
#define PAGE_MAX 5000

/* What the database says of a state or an office is told on. */
static enum err
answer(struct request *req, struct response *resp, enum err e, const PGresult *res)
{
	if (e == ERR_STATE)
		req->detail = req->tx.message;
	if (e == ERR_FORBIDDEN)
		req->detail = "only the 重要サーバ管理者 or the 情報システム管理者 on the row of the "
			"server, acting in that office";
	return records_answer_change(req, resp, e, res);
}

/* ---- versions ------------------------------------------------------------------------------- */

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
	return answer(req, resp, e, res);
}

/*
 * Reading of a server of 機密性3以上 is an event (6.6(2)②), reading how it is built no less; `what` of
 * it.  Lists tell of versions, not what stands in them.
 */
static enum err
note_reading(struct request *req, const char *what)
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
		return e == OK ? note_reading(req, day) : e;
	}
	e = store_get(app_of(req)->store, &req->tx, &ledger_catalogue, req->capture[0],
		      req->grant.scope, &res);
	if (e == OK)
		e = note_reading(req, NULL);
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
	return answer(req, resp, e, res);
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

	return answer(req, resp, e, res);
}

enum err
catalogues_discard(struct request *req, struct response *resp)
{
	PGresult *res = NULL;
	enum err e = act(req, catalogue_discard, &res);

	if (e != OK)
		return answer(req, resp, e, res);
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
		e = note_reading(req, "diff");
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

/* ---- software ------------------------------------------------------------------------------- */

static const char lines_sql[] =
	"SELECT s.software_name, s.version, s.type, s.purl, s.arch, s.source_name,"
	" s.source_version, s.vendor, s.purpose, s.support_until, s.permitted_request, s.origin"
	" FROM catalogue_software s WHERE s.catalogue = $1 AND ($2::int IS NULL OR"
	" (s.position, s.item_no) > ($2, $3::bigint)) ORDER BY s.position, s.item_no"
	" LIMIT $4::bigint";
static const char cursor_sql[] =
	"SELECT s.position || '-' || s.item_no FROM catalogue_software s WHERE s.catalogue = $1"
	" AND ($2::int IS NULL OR (s.position, s.item_no) > ($2, $3::bigint))"
	" ORDER BY s.position, s.item_no OFFSET $4::bigint - 1 LIMIT 1";

/* "12-3456" */
static enum err
read_cursor(struct request *req, struct tx_args *args)
{
	const char *cursor = request_arg(req, "cursor"), *dash;
	int64_t n;

	if (cursor == NULL)
		return OK;
	dash = strchr(cursor, '-');
	if (dash == NULL)
		return ERR_BAD_CURSOR;
	args->v[1] = arena_dup(req->arena, cursor, (size_t)(dash - cursor));
	args->v[2] = dash + 1;
	return number_read(args->v[1], 0, INT32_MAX, &n) &&
		number_read(args->v[2], 0, INT64_MAX, &n) ? OK : ERR_BAD_CURSOR;
}

static enum err
answer_page(struct request *req, struct response *resp, struct tx_args *args, int64_t limit)
{
	const char *next = NULL;
	PGresult *rows, *last;
	int i, n;
	enum err e;

	args->v[3] = arena_printf(req->arena, "%lld", (long long)limit + 1);
	e = tx_once(&req->tx, lines_sql, args, &rows);
	if (e != OK)
		return e;
	n = PQntuples(rows);
	if (n > limit) {
		n = (int)limit;
		args->v[3] = arena_printf(req->arena, "%lld", (long long)limit);
		e = tx_once(&req->tx, cursor_sql, args, &last);
		if (e != OK)
			return e;
		next = PQntuples(last) > 0 ? PQgetvalue(last, 0, 0) : NULL;
		if (next != NULL)
			response_header(resp, "Link", list_next_link(req, next));
	}
	buf_adds(&resp->body, "{\"items\":[");
	for (i = 0; i < n; i++) {
		buf_adds(&resp->body, i == 0 ? "" : ",");
		table_put_row(rows, i, &resp->body);
	}
	buf_adds(&resp->body, "],\"next\":");
	json_put_cstring(&resp->body, next);
	buf_adds(&resp->body, "}\n");
	return resp->body.failed ? ERR_INTERNAL : OK;
}

enum err
catalogues_software(struct request *req, struct response *resp)
{
	struct tx_args args = { .n = 4, .v = { req->capture[0] } };
	enum table_format format = TABLE_JSON;
	PGresult *res;
	int64_t limit = PAGE_DEFAULT;
	enum err e = table_format(req, &format), one;

	one = request_arg_int(req, "limit", 1, PAGE_MAX, PAGE_DEFAULT, &limit);
	e = e == OK ? one : e;
	one = read_cursor(req, &args);
	e = e == OK ? one : e;
	one = request_args_done(req);
	e = e == OK ? one : e;
	if (e == OK)
		e = store_get(app_of(req)->store, &req->tx, &ledger_catalogue, req->capture[0],
			      req->grant.scope, &res);
	if (e == OK)
		e = note_reading(req, "software");
	if (e != OK)
		return e;
	if (format == TABLE_JSON)
		return answer_page(req, resp, &args, limit);
	e = tx_once(&req->tx, lines_sql, &args, &res);
	if (e != OK)
		return e;
	table_answer_file(req, resp, res, arena_printf(req->arena, "%s-software",
						       req->capture[0]), format);
	return resp->body.failed ? ERR_INTERNAL : OK;
}

/* ?format=, or what Content-Type says; otherwise what the text looks like. */
static enum err
read_format(struct request *req, enum software_format *ret)
{
	static const struct {
		const char *type;
		enum software_format format;
	} types[] = {
		{ "text/csv", SOFTWARE_CSV },
		{ "application/vnd.cyclonedx+json", SOFTWARE_CYCLONEDX },
		{ "application/spdx+json", SOFTWARE_SPDX },
	};
	const char *name = request_arg(req, "format");
	size_t i;

	*ret = SOFTWARE__MAX;
	if (name != NULL) {
		*ret = software_format_find(name);
		if (*ret != SOFTWARE__MAX)
			return OK;
		request_arg_fault(req, "format", "unknown_choice",
				  "json、csv、dpkg-query、dpkg-l、rpm、rpm-qa、cyclonedx、spdx の"
				  "いずれかです。",
				  "json, csv, dpkg-query, dpkg-l, rpm, rpm-qa, cyclonedx or spdx.");
		return ERR_BAD_QUERY;
	}
	for (i = 0; i < ARRAY_SIZE(types); i++)
		if (str_eq(req->content_type, types[i].type))
			*ret = types[i].format;
	return OK;
}

/* "debian-12", "almalinux-9.4" */
static enum err
read_distro(struct request *req, const char **ret)
{
	const char *p;

	*ret = request_arg(req, "distro");
	if (*ret == NULL)
		return OK;
	for (p = *ret; *p != '\0'; p++)
		if (strchr("abcdefghijklmnopqrstuvwxyz0123456789.-_", *p) == NULL)
			break;
	if (*p == '\0' && p > *ret && p - *ret <= 64)
		return OK;
	request_arg_fault(req, "distro", "bad_distro",
			  "debian-12、almalinux-9.4 のように英小文字と数字で指定してください。",
			  "Lower-case letters and digits, as in debian-12 or almalinux-9.4.");
	return ERR_BAD_QUERY;
}

static enum err
read_list(struct request *req, struct software_list *list)
{
	enum software_format format = SOFTWARE__MAX;
	const char *distro = NULL, *why = NULL;
	enum err e = read_format(req, &format), one = read_distro(req, &distro);

	e = e == OK ? one : e;
	one = request_args_done(req);
	e = e == OK ? one : e;
	if (e != OK)
		return e;
	software_list_init(list, req->arena, &req->faults, distro);
	e = software_read(list, format, req->body == NULL ? "" : req->body, req->body_len, &why);
	if (e == ERR_BAD_JSON)
		req->detail = why;
	return e;
}

enum err
catalogues_put_software(struct request *req, struct response *resp)
{
	struct catalogue_list put = { .replace = req->method == METHOD_PUT,
		.most = SOFTWARE_MAX };
	struct software_list list;
	const char *version;
	PGresult *res = NULL;
	int64_t n;
	enum err e = request_if_match(req, &version);

	if (e == OK)
		e = read_list(req, &list);
	if (e != OK)
		return e;
	put.lines = software_json(&list);
	e = catalogue_put_software(app_of(req)->store, &req->tx, req->capture[0], &put, version,
				   req->grant.scope, &req->faults, &res);
	if (e != OK)
		return answer(req, resp, e, res);
	/* the version has one change more */
	if (number_read(version, 0, INT32_MAX - 1, &n))
		response_header(resp, "ETag", etag_of(req->arena, arena_printf(req->arena, "%lld",
			(long long)n + 1)));
	buf_addf(&resp->body, "{\"format\":\"%s\",\"read\":%zu,\"skipped\":%zu,"
		 "\"repeated\":%zu,%s\n", software_format_name(list.format), list.n, list.skipped,
		 list.repeated, PQgetvalue(res, 0, 0) + 1);
	return OK;
}
