#include <string.h>

#include <base/buf.h>
#include <base/json.h>
#include <base/log.h>
#include <http/cookie.h>
#include <http/csrf.h>
#include <org/login.h>
#include "router.h"
#include "session_identity.h"

enum err
session_cookie_identify(struct call *c)
{
	struct request *r = &c->req;
	enum csrf_source source;
	const char *cookie;
	enum err e;

	e = cookie_find(r->arena, request_header(r, "Cookie"), cookie_name(r->server), &cookie);
	if (e != OK)
		r->detail = "The cookie of the session is sent more than once.";
	if (e != OK || cookie == NULL)
		return e;
	e = session_identify(r->service->sessions, r->arena, r->service->pool, cookie,
			     &r->principal);
	if (e != OK)
		return e;
	r->csrf_token = session_csrf(r->arena, cookie);
	if (r->method == METHOD_GET)
		return OK;
	source = csrf_source(request_header(r, "Sec-Fetch-Site"), request_header(r, "Origin"),
			     server_origin(r->server));
	return csrf_allows(source, request_header(r, "X-CSRF-Token"), r->csrf_token) ? OK :
		ERR_CROSS_SITE;
}

enum err
session_confirm(const struct request *r)
{
	switch (r->route->confirm) {
	case CONFIRM_DECISION:
		return principal_may_decide(r->principal, r->service->sessions);
	case CONFIRM_FRESH:
		return principal_is_fresh(r->principal);
	case CONFIRM_SESSION:
		return r->principal->proof == PROOF_SESSION ? OK : ERR_SESSION_NEEDED;
	case CONFIRM_NONE:
		break;
	}
	return OK;
}

void
session_note_refusal(struct call *c, enum err why)
{
	struct request *r = &c->req;
	struct buf b;
	enum err e;

	if (err_info(why)->status != 403 || r->principal == NULL || r->tx.open)
		return;
	r->tx.ctx.person = r->principal->login;
	r->tx.ctx.account = r->principal->account;
	buf_init(&b, 64 * 1024);
	buf_addf(&b, "{\"code\":\"%s\",\"method\":\"%s\",\"path\":", err_info(why)->code,
		 method_name(r->method));
	json_put_cstring(&b, r->path);
	buf_addc(&b, '}');
	e = login_note(&r->tx, "refused", "route", r->route->opid, buf_text(&b));
	buf_release(&b);
	if (e != OK)
		log_ours(r->id, "a refusal is not on record: %s", err_info(e)->code);
}
