#include <errno.h>
#include <string.h>
#include <unistd.h>

#include <base/log.h>
#include "body.h"
#include "request.h"

/* All JSON bodies in memory together; parsing takes up to 45 times as much (security notes). */
#define TEXT_TOTAL_MAX (32 * 1024 * 1024)

/* How often over its limit a chunked body may run before the connection is cut unanswered. */
#define OVERRUN 4

static const char *const json_types[] = { "application/json", "application/merge-patch+json",
	NULL };
static const char *const list_types[] = { "application/json", "text/csv", "text/plain", NULL };
static const char *const software_types[] = { "application/json", "text/csv", "text/plain",
	"application/vnd.cyclonedx+json", "application/spdx+json", NULL };
static const char *const table_types[] = { "text/csv", "application/x-ndjson", NULL };

static const char *const text_charsets[] = { "utf-8", NULL };
static const char *const table_charsets[] = { "utf-8", "shift_jis", "windows-31j", "cp932", NULL };

static enum err
refuse(struct call *c, enum err e, const char *why)
{
	c->req.detail = why;
	return e;
}

static bool
in_memory(const struct route *r)
{
	return r->body != BODY_TABLE;
}

static const char *const *
taken_types(const struct route *r, const char **ret_accept)
{
	if (r->body == BODY_TABLE) {
		*ret_accept = "text/csv, application/x-ndjson";
		return table_types;
	}
	if (r->body == BODY_LIST) {
		*ret_accept = "application/json, text/csv, text/plain";
		return list_types;
	}
	if (r->body == BODY_SOFTWARE) {
		*ret_accept = "application/json, text/csv, text/plain, "
			"application/vnd.cyclonedx+json, application/spdx+json";
		return software_types;
	}
	*ret_accept = "application/json, application/merge-patch+json";
	return json_types;
}

static enum err
check_type(struct call *c)
{
	struct request *r = &c->req;
	const char *const *types = taken_types(r->route, &c->accept);

	request_read_type(r);
	if (r->content_type == NULL || !str_in(r->content_type, types))
		return ERR_MEDIA_TYPE;
	if (in_memory(r->route) && r->charset != NULL && !str_in(r->charset,
			r->route->body == BODY_SOFTWARE ? table_charsets : text_charsets))
		return refuse(c, ERR_MEDIA_TYPE, r->route->body == BODY_SOFTWARE ?
			      "Only UTF-8 and CP932 are read here." : "Only UTF-8 is read here.");
	if (request_header(r, "Content-Encoding") != NULL)
		return refuse(c, ERR_MEDIA_TYPE, "Content-Encoding is not accepted.");
	return OK;
}

static bool
out_of_room(int error)
{
	return error == ENOSPC || error == EMFILE || error == ENFILE;
}

static enum err
open_spool(struct call *c)
{
	int error;

	c->req.body_fd = spool_open(c->server->service);
	if (c->req.body_fd >= 0)
		return OK;
	error = errno;
	log_ours(c->req.id, "no spool file: %s", strerror(error));
	return out_of_room(error) ? ERR_OVERLOADED : ERR_INTERNAL;
}

enum err
body_rules(struct call *c)
{
	const struct route *route = c->req.route;
	enum err e;

	if (route->body == BODY_NONE)
		return !c->chunked && c->length == 0 ? OK :
			refuse(c, ERR_BAD_REQUEST, "Nothing is expected in the body here.");
	if (route->body == BODY_OPTIONAL && !c->chunked && c->length == 0)
		return OK;
	if (!c->chunked && request_header(&c->req, "Content-Length") == NULL)
		return ERR_LENGTH_REQUIRED;
	e = check_type(c);
	if (e != OK)
		return e;
	c->limit = route->max_body != 0 ? route->max_body :
		service_max_body(c->server->service, route->body);
	if (c->length > c->limit)
		return refuse(c, ERR_BODY_TOO_LARGE,
			      arena_printf(c->req.arena, "At most %llu bytes are accepted here.",
					   (unsigned long long)c->limit));
	c->wants_body = true;
	if (!in_memory(route))
		return open_spool(c);
	buf_init(&c->text, (size_t)c->limit);
	return OK;
}

static void
keep_in_memory(struct call *c, const char *p, size_t n)
{
	size_t before = atomic_fetch_add(&c->server->body_bytes, n);

	c->charged += n;
	if (before + n > TEXT_TOTAL_MAX)
		c->overloaded = true;
	else
		buf_add(&c->text, p, n);
}

static void
keep_in_file(struct call *c, const char *p, size_t n)
{
	while (n > 0) {
		ssize_t done = write(c->req.body_fd, p, n);

		if (done < 0 && errno == EINTR)
			continue;
		if (done < 0) {
			c->spool_errno = errno;
			return;
		}
		p += done;
		n -= (size_t)done;
	}
}

bool
body_take(struct call *c, const char *p, size_t n)
{
	c->received += n;
	conn_expect(c->conn, c->body_us, server_deadline_us(c->server), c->received);
	if (!c->wants_body)
		return false;
	if (c->received > c->limit)
		return c->received / OVERRUN <= c->limit;
	if (c->overloaded || c->spool_errno != 0)
		return true;
	if (in_memory(c->req.route))
		keep_in_memory(c, p, n);
	else
		keep_in_file(c, p, n);
	return true;
}

enum err
body_done(struct call *c)
{
	struct request *r = &c->req;

	if (!c->wants_body)
		return OK;
	if (c->received > c->limit)
		return refuse(c, ERR_BODY_TOO_LARGE,
			      arena_printf(r->arena, "At most %llu bytes are accepted here.",
					   (unsigned long long)c->limit));
	if (c->overloaded)
		return ERR_OVERLOADED;
	if (in_memory(r->route)) {
		if (c->text.len == 0)
			return r->route->body != BODY_JSON ? OK :
				refuse(c, ERR_BAD_JSON, "The body is empty.");
		r->body = buf_text(&c->text);
		r->body_len = c->text.len;
		return OK;
	}
	if (c->spool_errno == 0 && lseek(r->body_fd, 0, SEEK_SET) < 0)
		c->spool_errno = errno;
	if (c->spool_errno == 0)
		return OK;
	log_ours(r->id, "spool file: %s", strerror(c->spool_errno));
	return out_of_room(c->spool_errno) ? ERR_OVERLOADED : ERR_INTERNAL;
}

void
body_release(struct call *c)
{
	buf_release(&c->text);
	atomic_fetch_sub(&c->server->body_bytes, c->charged);
	c->charged = 0;
	if (c->req.body_fd >= 0)
		close(c->req.body_fd);
	c->req.body_fd = -1;
}
