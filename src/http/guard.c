#include <string.h>
#include <strings.h>

#include <microhttpd.h>

#include "guard.h"

/* Two of these in one request: a proxy may have looked at the other one. */
static const char *const singletons[] = { "Authorization", "Content-Encoding", "Content-Length",
	"Content-Type", "Cookie", "Expect", "Host", "Idempotency-Key", "If-Match",
	"Transfer-Encoding", NULL };

static enum err
refuse(struct call *c, enum err e, const char *why)
{
	c->req.detail = why;
	return e;
}

static bool
is_tchar(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
		(c != '\0' && strchr("!#$%&'*+-.^_`|~", c) != NULL);
}

static bool
is_token(const char *s)
{
	if (*s == '\0')
		return false;
	for (; *s != '\0'; s++)
		if (!is_tchar(*s))
			return false;
	return true;
}

static bool
is_visible(char c)
{
	return c > 0x20 && c < 0x7f;
}

static int
hex_digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	c |= 0x20;
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* Origin form, visible ASCII, whole escapes, no NUL. */
static const char *
target_fault(const char *s)
{
	if (*s != '/')
		return "The request target must be a path that begins with /.";
	for (; *s != '\0'; s++) {
		if (!is_visible(*s) || *s == '#')
			return "The request target has a character that must be percent-encoded.";
		if (*s != '%')
			continue;
		if (hex_digit(s[1]) < 0 || hex_digit(s[2]) < 0)
			return "The request target has a broken percent escape.";
		if (s[1] == '0' && s[2] == '0')
			return "The request target has an encoded NUL.";
	}
	return NULL;
}

static enum err
check_target(struct call *c)
{
	const char *why = target_fault(c->req.target), *q;
	size_t args = 0;

	if (c->target_len > TARGET_MAX)
		return refuse(c, ERR_URI_TOO_LONG, "The request target is too long.");
	if (why != NULL)
		return refuse(c, ERR_BAD_REQUEST, why);
	for (q = strchr(c->req.target, '?'); q != NULL; q = strchr(q + 1, '&'))
		args++;
	if (args > TARGET_ARGS)
		return refuse(c, ERR_URI_TOO_LONG, "There are too many query arguments.");
	return OK;
}

struct walk {
	struct call *call;
	const char *at; /* where the next line begins; NULL: no walking */
	const char *why;
};

/*
 * White space around a value is not part of it (RFC 9110, 5.5).  Framing headers are left as they
 * are: the library does not trim them either, and would not know "chunked " for chunked.
 */
static const char *
trim(struct arena *arena, const char *name, const char *v, size_t n)
{
	size_t kept = n;

	if (strcasecmp(name, "Transfer-Encoding") == 0 || strcasecmp(name, "Content-Length") == 0)
		return v;
	while (kept > 0 && (v[kept - 1] == ' ' || v[kept - 1] == '\t'))
		kept--;
	return kept == n ? v : arena_dup(arena, v, kept);
}

static const char *
value_fault(const char *v, size_t n)
{
	size_t i;

	for (i = 0; i < n; i++)
		if (((unsigned char)v[i] < 0x20 && v[i] != '\t') || v[i] == 0x7f)
			return "A header value has a control character.";
	return NULL;
}

/*
 * Each line must begin where the one before it ended.  The library has overwritten the colon and
 * the line break with NULs and skipped white space before the value, nothing else; a fold, a NUL
 * inside a value, an empty name or a bare line feed leaves another distance.
 */
static bool
walk_line(struct walk *w, const char *name, size_t name_len, const char *value, size_t value_len)
{
	const char *p;

	if (w->at == NULL)
		return true;
	if (name != w->at || value < name + name_len + 1)
		return false;
	for (p = name + name_len + 1; p < value; p++)
		if (*p != ' ' && *p != '\t')
			return false;
	if (value[value_len] != '\0' || value[value_len + 1] != '\0')
		return false;
	w->at = value + value_len + 2;
	return true;
}

static enum MHD_Result
take_header(void *arg, enum MHD_ValueKind kind, const char *name, size_t name_len,
	    const char *value, size_t value_len)
{
	struct walk *w = arg;
	struct headers *h = &w->call->headers;

	(void)kind;
	if (value == NULL) {
		value = "";
		value_len = 0;
	}
	if (h->n == HEADERS_MAX)
		w->why = "There are too many header lines.";
	else if (strlen(name) != name_len || !is_token(name))
		w->why = "A header name is not a token.";
	else if (strlen(value) != value_len)
		w->why = "A header value has a NUL.";
	else
		w->why = value_fault(value, value_len);
	if (w->why == NULL && !walk_line(w, name, name_len, value, value_len))
		w->why = "The header lines are not cleanly separated.";
	if (w->why != NULL)
		return MHD_NO;
	h->v[h->n].name = name;
	h->v[h->n].value = trim(w->call->req.arena, name, value, value_len);
	h->n++;
	return MHD_YES;
}

/* The request line is three words with one space between them, and ends with CR LF. */
static const char *
line_fault(struct call *c, const char *method, const char *version, const char **ret_at)
{
	static const char why[] = "The request line is not cleanly separated.";
	const char *end;

	if (!c->server->walks_head)
		return NULL;
	if (c->raw_target != method + strlen(method) + 1 ||
	    version != c->raw_target + c->target_len + 1)
		return why;
	end = version + strlen(version);
	if (end[0] != '\0' || end[1] != '\0')
		return why;
	*ret_at = end + 2;
	return NULL;
}

static enum err
take_headers(struct call *c, const char *method, const char *at)
{
	struct walk w = { .call = c, .at = at };
	const union MHD_ConnectionInfo *info;

	MHD_get_connection_values_n(c->mhd, MHD_HEADER_KIND, take_header, &w);
	if (w.why != NULL)
		return refuse(c, ERR_BAD_REQUEST, w.why);
	if (at == NULL)
		return OK;
	/* the empty line ends the block; an empty name would have ended it elsewhere */
	info = MHD_get_connection_info(c->mhd, MHD_CONNECTION_INFO_REQUEST_HEADER_SIZE);
	if (info == NULL || w.at[0] != '\0' || w.at[1] != '\0' ||
	    w.at + 2 != method + info->header_size)
		return refuse(c, ERR_BAD_REQUEST, "The header lines are not cleanly separated.");
	return OK;
}

static const char *
find(const struct call *c, const char *name, size_t *ret_count)
{
	const char *value = NULL;
	size_t i, count = 0;

	for (i = 0; i < c->headers.n; i++)
		if (strcasecmp(c->headers.v[i].name, name) == 0 && count++ == 0)
			value = c->headers.v[i].value;
	*ret_count = count;
	return value;
}

static enum err
check_singletons(struct call *c)
{
	size_t i, count;

	for (i = 0; singletons[i] != NULL; i++) {
		find(c, singletons[i], &count);
		if (count > 1)
			return refuse(c, ERR_BAD_REQUEST,
				      arena_printf(c->req.arena, "%s is sent more than once.",
						   singletons[i]));
	}
	return OK;
}

static bool
host_ok(const char *s)
{
	for (; *s != '\0'; s++)
		if (!is_visible(*s) || strchr("/\\?#@,", *s) != NULL)
			return false;
	return true;
}

/* How long the body is (RFC 9112, 6.3): one answer, or none. */
static enum err
check_framing(struct call *c, bool old)
{
	size_t with_length, with_te, i;
	const char *length = find(c, "Content-Length", &with_length);
	const char *te = find(c, "Transfer-Encoding", &with_te);

	if (length != NULL && te != NULL)
		return refuse(c, ERR_BAD_REQUEST,
			      "Content-Length and Transfer-Encoding exclude each other.");
	if (te != NULL) {
		if (old || strcasecmp(te, "chunked") != 0)
			return refuse(c, ERR_BAD_REQUEST,
				      "Only Transfer-Encoding: chunked of HTTP/1.1 is understood.");
		c->chunked = true;
	}
	if (length == NULL)
		return OK;
	i = strspn(length, "0123456789");
	if (i == 0 || i > 18 || length[i] != '\0')
		return refuse(c, ERR_BAD_REQUEST, "Content-Length is not a number.");
	for (i = 0; length[i] != '\0'; i++)
		c->length = c->length * 10 + (uint64_t)(length[i] - '0');
	return OK;
}

static enum err
check_version_and_host(struct call *c, const char *version, bool *ret_old)
{
	bool old = strcmp(version, "HTTP/1.0") == 0;
	const char *host;
	size_t count;

	if (!old && strcmp(version, "HTTP/1.1") != 0)
		return refuse(c, ERR_BAD_REQUEST, "Only HTTP/1.1 and HTTP/1.0 are understood.");
	host = find(c, "Host", &count);
	if (!old && count != 1)
		return refuse(c, ERR_BAD_REQUEST, "Exactly one Host is needed.");
	if (host != NULL && !host_ok(host))
		return refuse(c, ERR_BAD_REQUEST, "Host is malformed.");
	*ret_old = old;
	return OK;
}

enum err
guard_head(struct call *c, const char *method, const char *version)
{
	const char *at = NULL;
	const char *why = line_fault(c, method, version, &at);
	bool old = false;
	enum err e;

	if (why == NULL && (!is_token(method) || strlen(method) > 16))
		why = "The method is malformed.";
	if (why != NULL)
		return refuse(c, ERR_BAD_REQUEST, why);
	e = take_headers(c, method, at);
	if (e == OK)
		e = check_version_and_host(c, version, &old);
	if (e == OK)
		e = check_singletons(c);
	if (e == OK)
		e = check_framing(c, old);
	if (e == OK && (c->chunked || c->length > 0) &&
	    (strcmp(method, "GET") == 0 || strcmp(method, "HEAD") == 0 ||
	     strcmp(method, "DELETE") == 0))
		e = refuse(c, ERR_BAD_REQUEST, "This method takes no body.");
	return e == OK ? check_target(c) : e;
}

enum err
guard_tail(struct call *c)
{
	if (!c->chunked || MHD_get_connection_values_n(c->mhd, MHD_FOOTER_KIND, NULL, NULL) == 0)
		return OK;
	return refuse(c, ERR_BAD_REQUEST, "Trailer fields are not accepted.");
}

bool
guard_knows_layout(void)
{
	return strncmp(MHD_get_version(), "0.9.75", 6) == 0;
}
