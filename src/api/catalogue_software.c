/* The software list of a システム構成カタログ: read page by page, and replaced or added to whole. */
#include <string.h>

#include <base/json.h>
#include <exchange/software.h>
#include <workflow/catalogue.h>
#include "catalogues.h"
#include "handlers.h"
#include "records.h"
#include "table.h"

#define PAGE_DEFAULT 500
#define PAGE_MAX 5000

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
		e = catalogues_note_reading(req, "software");
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
		return catalogues_answer(req, resp, e, res);
	/* the version has one change more */
	if (number_read(version, 0, INT32_MAX - 1, &n))
		response_header(resp, "ETag", etag_of(req->arena, arena_printf(req->arena, "%lld",
			(long long)n + 1)));
	buf_addf(&resp->body, "{\"format\":\"%s\",\"read\":%zu,\"skipped\":%zu,"
		 "\"repeated\":%zu,%s\n", software_format_name(list.format), list.n, list.skipped,
		 list.repeated, PQgetvalue(res, 0, 0) + 1);
	return OK;
}
