#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <microhttpd.h>

#include <base/clock.h>
#include <base/json.h>
#include <base/log.h>
#include "access_log.h"
#include "body.h"
#include "request.h"
#include "response.h"

const char response_overloaded[] =
	"HTTP/1.1 503 Service Unavailable\r\n"
	"Connection: close\r\nRetry-After: 1\r\nCache-Control: no-store\r\n"
	"Content-Type: application/problem+json\r\nContent-Length: 126\r\n\r\n"
	"{\"type\":\"urn:daichod:problem:overloaded\",\"title\":\"Too many connections.\","
	"\"status\":503,\"code\":\"overloaded\",\"request_id\":null}\r\n";

/* On every answer; nothing here is a page, so nothing may be loaded or framed. */
static const struct response_header fixed_headers[] = {
	{ "Cache-Control", "no-store" },
	{ "X-Content-Type-Options", "nosniff" },
	{ "Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'" },
	{ "Referrer-Policy", "no-referrer" },
	{ "Vary", "Accept, Accept-Language, Authorization, Cookie" },
};

void
response_init(struct response *resp)
{
	*resp = (struct response){ .fd = -1 };
	buf_init(&resp->body, ANSWER_MAX);
}

void
response_header(struct response *resp, const char *name, const char *value)
{
	if (resp->header_count == ARRAY_SIZE(resp->headers))
		bug("more than %zu headers in an answer", ARRAY_SIZE(resp->headers));
	if (strpbrk(name, "\r\n") != NULL || strpbrk(value, "\r\n") != NULL)
		bug("line break in the header %.40s", name);
	resp->headers[resp->header_count++] = (struct response_header){ name, value };
}

const char *
etag_of(struct arena *arena, const char *version)
{
	return arena_printf(arena, "\"%s\"", version);
}

static const char *
header_of(const struct response *resp, const char *name)
{
	size_t i;

	for (i = 0; i < resp->header_count; i++)
		if (strcmp(resp->headers[i].name, name) == 0)
			return resp->headers[i].value;
	return NULL;
}

static void
drop_body(struct response *resp)
{
	buf_clear(&resp->body);
	if (resp->fd >= 0)
		close(resp->fd);
	resp->fd = -1;
	scratch_free(resp->file);
	resp->file = NULL;
}

/* If-None-Match (RFC 9110, 13.1.2): weak comparison with each tag of the list. */
static bool
not_modified(const struct call *c)
{
	const char *tag = header_of(&c->resp, "ETag");
	const char *list = request_header(&c->req, "If-None-Match");
	size_t n;

	if (tag == NULL || list == NULL || c->req.method != METHOD_GET ||
	    (c->resp.status != 0 && c->resp.status != 200))
		return false;
	tag += str_starts(tag, "W/") ? 2 : 0;
	for (; *list != '\0'; list += n) {
		list += strspn(list, ", \t");
		list += str_starts(list, "W/") ? 2 : 0;
		n = *list == '"' ? strcspn(list + 1, "\"") + 2 : strcspn(list, ", \t");
		if (n > strlen(list))
			return false;
		if ((n == strlen(tag) && memcmp(list, tag, n) == 0) || (n == 1 && *list == '*'))
			return true;
	}
	return false;
}

/* Who could do what was refused: a person may hold one of these, or know who does. */
static void
put_offices(const struct request *r, struct buf *b)
{
	const char *sep = "";
	uint32_t offices = r->route == NULL ? OFFICES_ANYONE : request_offices(r);
	int o;

	if (offices & (OFFICES_ANYONE | OFFICES_KNOWN))
		return;
	buf_adds(b, ",\"offices\":[");
	for (o = 0; o < OFFICE__MAX; o++)
		if (offices & OFFICE_BIT(o)) {
			buf_addf(b, "%s{\"office\":\"%s\",\"label\":", sep, office_info(o)->code);
			json_put_cstring(b, office_info(o)->ja);
			buf_addc(b, '}');
			sep = ",";
		}
	buf_addc(b, ']');
}

/* RFC 9457. */
static void
write_problem(const struct call *c, const struct err_info *info, struct buf *b)
{
	const struct request *r = &c->req;

	buf_addf(b, "{\"type\":\"urn:daichod:problem:%s\",\"title\":", info->code);
	json_put_cstring(b, r->lang == LANG_EN ? info->en : info->ja);
	buf_addf(b, ",\"status\":%d", info->status);
	if (r->detail != NULL) {
		buf_adds(b, ",\"detail\":");
		json_put_cstring(b, r->detail);
	}
	buf_addf(b, ",\"code\":\"%s\",\"request_id\":", info->code);
	json_put_cstring(b, r->id);
	if (r->faults.total > 0) {
		buf_addc(b, ',');
		faults_json(&r->faults, r->lang, b);
	}
	if (r->current != NULL)
		buf_addf(b, ",\"current\":%s", r->current);
	if (info == err_info(ERR_FORBIDDEN))
		put_offices(r, b);
	buf_adds(b, "}\n");
}

/* Replaces what the handler has written: an error leaves nothing of a half-made answer. */
static void
make_problem(struct call *c, enum err e)
{
	const struct err_info *info = err_info(e);
	struct response *resp = &c->resp;
	bool dry = header_of(resp, "Daicho-Dry-Run") != NULL;

	drop_body(resp);
	buf_release(&resp->body);
	response_init(resp);
	resp->status = info->status;
	resp->content_type = "application/problem+json";
	write_problem(c, info, &resp->body);
	response_header(resp, "Content-Language", c->req.lang == LANG_EN ? "en" : "ja");
	if (dry)
		response_header(resp, "Daicho-Dry-Run", "true");
	if (info->retry_after > 0)
		response_header(resp, "Retry-After",
				arena_printf(c->req.arena, "%d", c->req.retry_after_s > 0 ?
					     c->req.retry_after_s : info->retry_after));
	if (c->req.current_version != NULL)
		response_header(resp, "ETag", etag_of(c->req.arena, c->req.current_version));
	if (e == ERR_METHOD && c->allow != NULL)
		response_header(resp, "Allow", c->allow);
	if (e == ERR_MEDIA_TYPE && c->accept != NULL)
		response_header(resp, "Accept", c->accept);
	if (e == ERR_UNAUTHENTICATED)
		response_header(resp, "WWW-Authenticate",
				c->challenge != NULL ? c->challenge : "Bearer");
}

static ssize_t
read_scratch(void *arg, uint64_t at, char *to, size_t n)
{
	const struct scratch *s = arg;
	size_t have;

	if (!scratch_read(s, at, to, n, &have))
		return MHD_CONTENT_READER_END_WITH_ERROR;
	return have == 0 ? MHD_CONTENT_READER_END_OF_STREAM : (ssize_t)have;
}

static void
end_scratch(void *arg)
{
	struct scratch *s = arg;

	scratch_free(s);
}

/* Takes the body out of the response; NULL when there is no memory or no file to send. */
static struct MHD_Response *
make_response(struct call *c)
{
	struct response *resp = &c->resp;
	struct MHD_Response *m;
	struct stat st;
	char *data;

	if (resp->file != NULL) {
		c->sent = scratch_size(resp->file);
		m = MHD_create_response_from_callback(c->sent, 65536, read_scratch, resp->file,
						      end_scratch);
		if (m != NULL)
			resp->file = NULL;
		return m;
	}
	if (resp->fd >= 0) {
		if (fstat(resp->fd, &st) != 0)
			return NULL;
		c->sent = (uint64_t)st.st_size;
		m = MHD_create_response_from_fd64(c->sent, resp->fd);
		if (m != NULL)
			resp->fd = -1;
		return m;
	}
	c->sent = resp->body.len;
	if (resp->body.len == 0)
		return MHD_create_response_from_buffer(0, NULL, MHD_RESPMEM_PERSISTENT);
	data = resp->body.data;
	m = MHD_create_response_from_buffer(resp->body.len, data, MHD_RESPMEM_MUST_FREE);
	if (m != NULL)
		buf_init(&resp->body, 0);
	return m;
}

static bool
add_headers(const struct call *c, struct MHD_Response *m)
{
	const struct response *resp = &c->resp;
	bool ok = MHD_add_response_header(m, "X-Request-Id", c->req.id) == MHD_YES;
	bool close = c->close || atomic_load(&c->server->draining);
	size_t i;

	for (i = 0; i < ARRAY_SIZE(fixed_headers); i++)
		if (header_of(resp, fixed_headers[i].name) == NULL)
			ok &= MHD_add_response_header(m, fixed_headers[i].name,
						      fixed_headers[i].value) == MHD_YES;
	if (c->status != 204 && c->status != 304)
		ok &= MHD_add_response_header(m, "Content-Type", resp->content_type != NULL ?
					      resp->content_type : "application/json") == MHD_YES;
	for (i = 0; i < resp->header_count; i++)
		ok &= MHD_add_response_header(m, resp->headers[i].name,
					      resp->headers[i].value) == MHD_YES;
	if (close)
		ok &= MHD_add_response_header(m, "Connection", "close") == MHD_YES;
	return ok;
}

/* While a client takes its answer, only the answer is kept: no rows, no body, no connection. */
static void
retire(struct call *c)
{
	access_log_begin(c);
	drop_body(&c->resp);
	buf_release(&c->resp.body);
	body_release(c);
	arena_free(c->req.arena);
	c->req = (struct request){ .body_fd = -1 };
	c->phase = CALL_ANSWERED;
}

static void
count(struct call *c)
{
	int class = c->status / 100;

	atomic_fetch_add(&c->server->requests, 1);
	if (class >= 0 && class < 6)
		atomic_fetch_add(&c->server->by_class[class], 1);
}

bool
response_send(struct call *c, enum err e)
{
	struct response *resp = &c->resp;
	struct MHD_Response *m;
	bool queued;

	if (e == OK && resp->body.failed) {
		log_ours(c->req.id, "an answer of more than %d bytes", ANSWER_MAX);
		e = ERR_INTERNAL;
	}
	if (e != OK)
		make_problem(c, e);
	if (resp->status == 0)
		resp->status = 200;
	if (not_modified(c))
		resp->status = 304;
	if (resp->status == 304 || resp->status == 204)
		drop_body(resp);
	c->status = resp->status;
	m = make_response(c);
	if (m == NULL) {
		log_ours(c->req.id, "the answer cannot be sent");
		return false;
	}
	queued = add_headers(c, m) &&
		MHD_queue_response(c->mhd, (unsigned)c->status, m) == MHD_YES;
	MHD_destroy_response(m);
	if (c->req.head)
		c->sent = 0;
	count(c);
	conn_expect(c->conn, clock_mono_us(), server_deadline_us(c->server), c->sent);
	retire(c);
	return queued;
}
