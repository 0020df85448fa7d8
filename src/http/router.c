#include <string.h>
#include <strings.h>

#include <base/clock.h>
#include <base/log.h>
#include <http/idempotency.h>
#include <org/token_scope.h>
#include "proxy_identity.h"
#include "request.h"
#include "response.h"
#include "router.h"
#include "session_identity.h"

struct segment {
	const char *p; /* as sent */
	size_t n;
};

struct segments {
	struct segment v[SEGMENTS_MAX];
	size_t n;
};

void
router_method(struct request *r, const char *method)
{
	int m;

	r->head = strcmp(method, "HEAD") == 0;
	for (m = 0; m < METHOD__MAX; m++)
		if (strcmp(r->head ? "GET" : method, method_name(m)) == 0)
			break;
	r->method = m;
}

static bool
split(const char *target, struct segments *ret)
{
	size_t n;

	ret->n = 0;
	for (; *target == '/'; target += n) {
		n = strcspn(target + 1, "/?") + 1;
		if (n == 1 || ret->n == SEGMENTS_MAX)
			return false;
		ret->v[ret->n++] = (struct segment){ target + 1, n - 1 };
	}
	return ret->n > 0;
}

/*
 * 0 = no match; else one bit per segment, the leftmost highest, set where the pattern is literal:
 * the greatest number is the closest pattern.  Two patterns with one number have one shape.
 */
static unsigned
closeness(const char *pattern, const struct segments *s)
{
	unsigned bits = 1;
	size_t i, n;

	for (i = 0; i < s->n; i++, pattern += n) {
		if (*pattern != '/')
			return 0;
		bits <<= 1;
		if (pattern[1] == '{') {
			n = strcspn(pattern + 1, "/") + 1;
			continue;
		}
		n = s->v[i].n + 1;
		if (strncmp(pattern + 1, s->v[i].p, n - 1) != 0 ||
		    (pattern[n] != '/' && pattern[n] != '\0'))
			return 0;
		bits |= 1;
	}
	return *pattern == '\0' ? bits : 0;
}

static void
capture(struct call *c, const struct segments *s)
{
	struct request *r = &c->req;
	const char *pattern = r->route->path;
	size_t i, n, k = 0;

	for (i = 0; i < s->n; i++, pattern += n) {
		n = strcspn(pattern + 1, "/") + 1;
		/* decoding cannot fail: the whole path has been decoded before */
		if (pattern[1] == '{')
			r->capture[k++] = percent_decode(r->arena, s->v[i].p, s->v[i].n, false);
	}
}

static const char *
allow_text(struct arena *arena, unsigned methods)
{
	struct buf b;
	const char *text;
	int m;

	buf_init(&b, 128);
	for (m = 0; m < METHOD__MAX; m++) {
		if (!(methods & 1U << m))
			continue;
		if (b.len > 0)
			buf_adds(&b, ", ");
		buf_adds(&b, m == METHOD_GET ? "GET, HEAD" : method_name(m));
	}
	text = arena_strdup(arena, buf_text(&b));
	buf_release(&b);
	return text;
}

enum err
router_match(struct call *c)
{
	struct request *r = &c->req;
	const struct route *row;
	struct segments s;
	unsigned best = 0, methods = 0;

	if (!split(r->target, &s))
		return ERR_NOT_FOUND;
	for (row = c->server->service->routes; row->path != NULL; row++) {
		unsigned near = closeness(row->path, &s);

		if (near == 0 || near < best)
			continue;
		if (near > best) {
			best = near;
			methods = 0;
			r->route = NULL;
		}
		methods |= 1U << row->method;
		if (row->method == r->method)
			r->route = row;
	}
	if (best == 0)
		return ERR_NOT_FOUND;
	if (r->route == NULL) {
		c->allow = allow_text(r->arena, methods);
		return ERR_METHOD;
	}
	capture(c, &s);
	return OK;
}

/* RFC 6750, 2.1: the token's alphabet; NULL when the header is something else. */
static const char *
bearer_token(const char *header)
{
	const char *p;

	if (strncasecmp(header, "Bearer ", 7) != 0)
		return NULL;
	header += 7 + strspn(header + 7, " ");
	p = header + strspn(header, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
				    "0123456789-._~+/");
	p += strspn(p, "=");
	return *p == '\0' && p > header && p - header <= 512 ? header : NULL;
}

static enum err
identify(struct call *c)
{
	struct request *r = &c->req;
	const char *header = request_header(r, "Authorization"), *token;
	enum err e;

	if (header == NULL)
		return session_cookie_identify(c);
	c->challenge = "Bearer realm=\"daichod\", error=\"invalid_token\"";
	token = bearer_token(header);
	if (token == NULL)
		return ERR_UNAUTHENTICATED;
	e = access_identify(r->service->access, r->arena, r->service->pool, token, r->client,
			    &r->principal);
	return e;
}

/* None of the offices of the route is held: which those are stands beside it in the answer. */
static void
tell_office(struct request *r)
{
	const struct fault f = { .code = "office_needed", .clause = r->route->clause,
		.ja = "この操作をする権限のある役割に就いていないか、選んでいません。",
		.en = "None of the offices that may do this is held, or chosen for it." };

	if (f.clause != NULL && (r->principal->scopes & (1U << r->route->scope)))
		faults_add(&r->faults, &f);
}

enum err
router_authorize(struct call *c)
{
	struct request *r = &c->req;
	const struct route *route = r->route;
	enum err e = OK;

	tx_init(&r->tx, r->service->pool, route->lane, r->arena);
	r->tx.ctx.client = r->client;
	r->tx.ctx.request_id = r->id;
	r->tx.ctx.operation = route->opid;
	c->challenge = "Bearer realm=\"daichod\"";
	/* a public route answers also while the database is away, and whatever token was sent */
	if (!(route->offices & OFFICES_ANYONE)) {
		e = proxy_identify(c);
		if (e == OK && r->principal == NULL)
			e = identify(c);
	}
	if (e == OK && r->principal != NULL)
		token_narrow(r->arena, r->principal, route->ledger, route->scope);
	if (e == OK)
		e = access_decide(r->arena, r->principal, request_offices(r), route->scope,
				  request_header(r, "Daicho-Office"), &r->grant);
	if (e == ERR_FORBIDDEN && r->principal != NULL)
		tell_office(r);
	if (e == OK && r->principal != NULL)
		e = session_confirm(r);
	if (e != OK || r->principal == NULL) {
		session_note_refusal(c, e);
		return e;
	}
	r->tx.ctx.person = r->principal->login;
	r->tx.ctx.account = r->principal->account;
	r->tx.ctx.scope = r->grant.read_scope;
	r->tx.ctx.write_scope = r->grant.write_scope;
	r->tx.ctx.reach = r->grant.reach;
	if ((unsigned)r->grant.office < OFFICE__MAX)
		r->tx.ctx.office = office_info(r->grant.office)->code;
	return OK;
}

/* Whatever the handler did, nothing of it stays. */
static enum err
run_dry(struct call *c)
{
	struct request *r = &c->req;
	enum err e = tx_begin(&r->tx);

	if (e != OK)
		return e;
	e = r->route->run(r, &c->resp);
	if (e == OK && !r->tx.open) {
		log_ours(r->id, "%s ended the transaction of a dry run", r->route->opid);
		e = ERR_INTERNAL;
	}
	tx_rollback(&r->tx);
	return e;
}

static bool
succeeded(enum err e, const struct response *resp)
{
	int status = resp->status == 0 ? 200 : resp->status;

	return e == OK && status >= 200 && status < 300 && !resp->body.failed;
}

/* The change and the answer that is kept for a repetition are committed together, or neither. */
static enum err
run_once(struct call *c, const char *key)
{
	struct request *r = &c->req;
	bool replayed = false;
	enum err e = tx_begin(&r->tx);

	if (e == OK)
		e = idempotency_claim(r, key, &c->resp, &replayed);
	if (e != OK || replayed) {
		tx_rollback(&r->tx);
		return e;
	}
	e = r->route->run(r, &c->resp);
	if (e == OK && !r->tx.open) {
		log_ours(r->id, "%s ended the transaction of its Idempotency-Key",
			 r->route->opid);
		return ERR_INTERNAL;
	}
	if (succeeded(e, &c->resp)) {
		e = idempotency_keep(r, key, &c->resp);
		if (e == OK)
			return tx_commit(&r->tx);
	}
	tx_rollback(&r->tx);
	return e;
}

static enum err
run(struct call *c)
{
	struct request *r = &c->req;
	const char *key = NULL;
	enum err e;

	if (r->route->secret && (r->dry_run || request_header(r, "Idempotency-Key") != NULL)) {
		r->detail = "Neither dry_run nor an Idempotency-Key is possible here.";
		return ERR_BAD_REQUEST;
	}
	if (r->dry_run)
		return run_dry(c);
	if (r->method == METHOD_POST && r->principal != NULL) {
		e = idempotency_key(r, &key);
		if (e != OK)
			return e;
	}
	return key == NULL ? r->route->run(r, &c->resp) : run_once(c, key);
}

enum err
router_run(struct call *c)
{
	struct request *r = &c->req;
	int64_t start = clock_mono_us();
	enum err e = run(c);

	if (r->tx.open) {
		log_ours(r->id, "%s left a transaction open", r->route->opid);
		tx_rollback(&r->tx);
		e = ERR_INTERNAL;
	}
	session_note_refusal(c, e);
	if (err_info(e)->status >= 500)
		log_ours(r->id, "%s: %s, SQLSTATE %s, constraint %s, %s", r->route->opid,
			 err_info(e)->code, r->tx.sqlstate[0] == '\0' ? "none" : r->tx.sqlstate,
			 r->tx.constraint == NULL ? "none" : r->tx.constraint,
			 r->tx.message == NULL ? "no message" : r->tx.message);
	if (r->dry_run)
		response_header(&c->resp, "Daicho-Dry-Run", "true");
	atomic_fetch_add(&c->server->busy_us, (unsigned long long)(clock_mono_us() - start));
	return e;
}
