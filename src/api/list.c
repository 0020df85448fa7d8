/* Lists: one page as JSON, or everything as CSV or NDJSON. */
#include <string.h>

#include <base/json.h>
#include <exchange/export.h>
#include "arguments.h"
#include "handlers.h"
#include "records.h"

#define ROOM_MAX (4 * 1024 * 1024)

enum list_format { LIST_JSON, LIST_CSV, LIST_NDJSON };

static enum err
read_format(struct request *req, enum list_format *ret)
{
	const char *accept = request_header(req, "Accept"), *format = request_arg(req, "format");

	if (format == NULL && accept != NULL) {
		if (strstr(accept, "text/csv") != NULL)
			format = "csv";
		else if (strstr(accept, "application/x-ndjson") != NULL)
			format = "ndjson";
		else if (strstr(accept, "json") == NULL && strstr(accept, "*/*") == NULL &&
			 strstr(accept, "application/*") == NULL)
			return ERR_NOT_ACCEPTABLE;
	}
	if (format == NULL || strcmp(format, "json") == 0) {
		*ret = LIST_JSON;
	} else if (strcmp(format, "csv") == 0) {
		*ret = LIST_CSV;
	} else if (strcmp(format, "ndjson") == 0) {
		*ret = LIST_NDJSON;
	} else {
		request_arg_fault(req, "format", "unknown_choice",
				  "json、csv、ndjson のいずれかです。", "json, csv or ndjson.");
		return ERR_BAD_QUERY;
	}
	return OK;
}

/* The cursor is checked against the sort, so it is read after it. */
static enum err
read_query(struct request *req, struct list_query *q)
{
	enum err e = OK, one;
	size_t i, pass;

	for (pass = 0; pass < 2; pass++)
		for (i = 0; i < req->arg_count; i++) {
			struct query_arg *a = &req->args[i];

			if (a->used || (strcmp(a->name, "cursor") == 0) != (pass == 1))
				continue;
			a->used = true;
			one = list_query_add(q, a->name, a->value, &req->faults);
			if (one != OK)
				e = one;
		}
	return e;
}

const char *
list_next_link(struct request *req, const char *cursor)
{
	const char *p = strchr(req->target, '?');
	struct buf b;
	char *link;

	buf_init(&b, 64 * 1024);
	buf_addf(&b, "<%s?cursor=%s", req->path, cursor);
	while (p != NULL && *p != '\0') {
		size_t n = strcspn(++p, "&");

		if (n > 0 && !str_starts(p, "cursor=")) {
			buf_addc(&b, '&');
			buf_add(&b, p, n);
		}
		p += n;
	}
	buf_adds(&b, ">; rel=\"next\"");
	link = arena_strdup(req->arena, buf_text(&b));
	buf_release(&b);
	return link;
}

/* Rows are much alike: room for all of them, so that the first need not be moved again. */
static void
make_room(struct buf *b, size_t rows)
{
	size_t guess = b->len * rows;

	buf_reserve(b, guess < ROOM_MAX ? guess : ROOM_MAX);
}

static enum err
answer_page(struct request *req, struct response *resp, struct list_query *q)
{
	const struct row_form *form = store_form(app_of(req)->store, q->ledger->id);
	const char *cursor = NULL;
	PGresult *res;
	int i, n;
	enum err e;

	if (list_query_is_long(q))
		req->tx.lane = LANE_LONG;
	e = tx_once(&req->tx, list_query_sql(q, app_of(req)->store), &q->args, &res);
	if (e != OK)
		return e;
	n = PQntuples(res);
	if (n > q->limit) {
		n = q->limit;
		cursor = list_query_cursor(q, res, n - 1);
		response_header(resp, "Link", list_next_link(req, cursor));
	}
	buf_adds(&resp->body, "{\"items\":[");
	for (i = 0; i < n; i++) {
		if (i == 1)
			make_room(&resp->body, (size_t)n);
		if (i > 0)
			buf_addc(&resp->body, ',');
		row_put_json(form, &q->mask, res, i, &resp->body);
	}
	buf_adds(&resp->body, "],\"next\":");
	json_put_cstring(&resp->body, cursor);
	buf_adds(&resp->body, "}\n");
	return resp->body.failed ? ERR_INTERNAL : OK;
}

static enum err
answer_file(struct request *req, struct response *resp, struct list_query *q,
	    const struct export_options *o)
{
	int fd = spool_open(req->service);
	enum err e;

	if (fd < 0)
		return ERR_INTERNAL;
	resp->fd = fd; /* closed with the response, whatever happens */
	e = export_run(app_of(req)->store, &req->tx, q, o, fd);
	if (e != OK)
		return e;
	resp->content_type = o->csv ? "text/csv; charset=utf-8; header=present" :
		"application/x-ndjson";
	response_header(resp, "Content-Disposition",
			arena_printf(req->arena, "attachment; filename=\"%s.%s\"",
				     q->ledger->path, o->csv ? "csv" : "ndjson"));
	return OK;
}

/* `more`: one more condition, or NULL; `key`: in this column, or NULL. */
static enum err
list(struct request *req, struct response *resp, const char *scope, const char *more,
     const char *column, const char *key)
{
	struct list_query *q = arena_alloc(req->arena, sizeof(*q));
	struct export_options o = { 0 };
	enum list_format format = LIST_JSON;
	bool limited;
	enum err e = read_format(req, &format), query;

	list_query_init(q, req->route->arg, req->arena, scope);
	list_query_act(q, req->grant.office);
	q->past = req->route->past != 0;
	if (more != NULL)
		buf_addf(&q->where, " AND %s", more);
	if (e == OK)
		e = request_arg_bool(req, "excel", false, &o.excel);
	if (e == OK)
		e = request_arg_bool(req, "labels", o.excel, &o.labels);
	query = read_query(req, q);
	if (e == OK)
		e = query;
	if (e == OK && column != NULL)
		e = list_query_add(q, column, key, &req->faults);
	if (e != OK)
		return e;
	if (q->as_of != NULL)
		as_of_mark(resp, q->as_of);
	limited = request_arg(req, "limit") != NULL;
	if (format == LIST_JSON)
		return answer_page(req, resp, q);
	q->exact = true;
	if (!limited)
		q->limit = 0;
	o.csv = format == LIST_CSV;
	return answer_file(req, resp, q, &o);
}

enum err
records_list_of(struct request *req, struct response *resp, const char *column, const char *key)
{
	return list(req, resp, req->grant.scope, NULL, column, key);
}

enum err
records_list(struct request *req, struct response *resp)
{
	return list(req, resp, req->grant.scope, NULL, NULL, NULL);
}

/*
 * Applications: one's own and those that wait for one are seen in whatever 機関, and without an
 * office, so the row policies alone say which.
 */
enum err
requests_list(struct request *req, struct response *resp)
{
	static const char *const choices[] = { "me", NULL };
	const char *waiting = NULL;
	struct buf scope;
	const char *every;
	size_t i;

	if (argument_choice(req, "waiting_for", choices, false, &waiting) != OK)
		return ERR_BAD_QUERY;
	buf_init(&scope, 64 * 1024);
	for (i = 0; i < req->principal->institution_count; i++)
		buf_addf(&scope, "%c%s", i == 0 ? '{' : ',', req->principal->institutions[i]);
	buf_adds(&scope, i == 0 ? "{}" : "}");
	every = arena_strdup(req->arena, buf_text(&scope));
	buf_release(&scope);
	return list(req, resp, every, waiting == NULL ? NULL :
		    "request_no = ANY ((SELECT requests_waiting())::text[])", NULL, NULL);
}
