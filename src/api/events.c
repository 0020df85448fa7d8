/* The feed of events: pages in order, and waiting for more. */
#include <string.h>

#include <base/clock.h>
#include <base/json.h>
#include <feed/gate.h>
#include "handlers.h"

#define WAIT_MAX_S 25 /* an idle connection is ended after 30 */
#define EMPTY_PAGES 20 /* without anything to see, in one request */

static enum err
read_types(struct request *req, struct feed_types *ret)
{
	const char *p = request_arg(req, "types");
	size_t n;

	ret->n = 0;
	for (; p != NULL && *p != '\0'; p += n + (p[n] == ',')) {
		const char *one;

		n = strcspn(p, ",");
		one = arena_dup(req->arena, p, n);
		if (ret->n == FEED_TYPES_MAX || !feed_type_known(one)) {
			request_arg_fault(req, "types", "unknown_choice",
				"asset.updated、request.* のような種類を、カンマで区切って指定してください。",
				"Types such as asset.updated or request.*, apart by commas.");
			return ERR_BAD_QUERY;
		}
		ret->v[ret->n++] = one;
	}
	return OK;
}

/* after= start, now, or a cursor; *ret_now: only the place is asked for. */
static enum err
read_place(struct request *req, const char *after, struct feed_place *ret, bool *ret_now)
{
	struct feed_ends ends;
	enum err e;

	if (after != NULL && strcmp(after, "now") != 0 && strcmp(after, "start") != 0 &&
	    !feed_cursor_read(req->arena, after, ret)) {
		request_arg_fault(req, "after", "bad_cursor",
			"前の応答の next か、start、now を指定してください。",
			"The `next` of an earlier answer, start or now.");
		return ERR_BAD_CURSOR;
	}
	e = feed_ends(&req->tx, &ends);
	if (e != OK)
		return e;
	*ret_now = str_eq(after, "now");
	if (*ret_now)
		*ret = ends.head;
	else if (after == NULL || strcmp(after, "start") == 0)
		*ret = ends.first;
	else
		return feed_check(&req->tx, &ends, ret);
	return OK;
}

/* What was decided when the request came may have ended while it waited. */
static enum err
still_allowed(struct request *req)
{
	PGresult *res;
	enum err e = tx_once(&req->tx, "SELECT act_goes_on()", NULL, &res);

	return e != OK ? e : str_eq(tx_text(res, 0, 0), "t") ? OK : ERR_UNAUTHENTICATED;
}

/* Pages until there is something to see, or nothing left. */
static enum err
next_page(struct request *req, struct feed_place *place, const struct feed_types *types,
	  size_t limit, struct feed_page *ret)
{
	int i;
	enum err e = OK;

	for (i = 0; i < EMPTY_PAGES; i++) {
		e = feed_page(&req->tx, place, types, req->grant.office, limit, ret);
		if (e != OK || ret->n > 0 || !ret->more)
			break;
		*place = ret->end;
	}
	return e;
}

static enum err
wait_for_page(struct request *req, struct feed_place *place, const struct feed_types *types,
	      size_t limit, int64_t wait_s, struct feed_page *ret)
{
	struct feed_gate *gate = app_of(req)->gate;
	int64_t until = clock_mono_us() + wait_s * 1000000;
	enum err e = next_page(req, place, types, limit, ret);

	while (e == OK && ret->n == 0 && !ret->more && clock_mono_us() < until) {
		e = feed_gate_wait(gate, &ret->end, until);
		if (e == OK)
			e = still_allowed(req);
		*place = ret->end;
		if (e == OK)
			e = next_page(req, place, types, limit, ret);
		if (feed_gate_closed(gate))
			break;
	}
	return e;
}

static const char *
next_link(struct request *req, const char *cursor)
{
	const char *p = strchr(req->target, '?'), *link;
	struct buf b;

	buf_init(&b, 64 * 1024);
	buf_addf(&b, "<%s?after=%s", req->path, cursor);
	while (p != NULL && *p != '\0') {
		size_t n = strcspn(++p, "&");

		if (n > 0 && !str_starts(p, "after="))
			buf_addf(&b, "&%.*s", (int)n, p);
		p += n;
	}
	buf_adds(&b, ">; rel=\"next\"");
	link = arena_strdup(req->arena, buf_text(&b));
	buf_release(&b);
	return link;
}

enum err
events_list(struct request *req, struct response *resp)
{
	struct feed_types *types = arena_alloc(req->arena, sizeof(*types));
	const char *after = request_arg(req, "after"), *cursor;
	struct feed_page page = { .n = 0 };
	struct feed_place place = { .seat = 0 };
	int64_t limit = 0, wait_s = 0;
	bool now = false;
	size_t i;
	enum err e = request_arg_int(req, "limit", 1, FEED_PAGE_MAX, 100, &limit), one;

	one = request_arg_int(req, "wait", 0, WAIT_MAX_S, 0, &wait_s);
	e = e == OK ? one : e;
	one = read_types(req, types);
	e = e == OK ? one : e;
	one = request_args_done(req);
	e = e == OK ? one : e;
	if (e == OK)
		e = read_place(req, after, &place, &now);
	page.end = place;
	if (e == OK && !now)
		e = wait_for_page(req, &place, types, (size_t)limit, wait_s, &page);
	if (e != OK)
		return e;
	cursor = feed_cursor(req->arena, &page.end);
	response_header(resp, "Link", next_link(req, cursor));
	buf_adds(&resp->body, "{\"items\":[");
	for (i = 0; i < page.n; i++)
		buf_addf(&resp->body, "%s%s", i == 0 ? "" : ",\n", page.v[i].json);
	buf_addf(&resp->body, "],\"next\":\"%s\",\"more\":%s}\n", cursor,
		 page.more ? "true" : "false");
	return OK;
}
