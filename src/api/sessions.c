/* Log-in, log-out, the sessions of a person. */
#include <arpa/inet.h>
#include <string.h>

#include <base/json.h>
#include <http/cookie.h>
#include <http/csrf.h>
#include "members.h"
#include "sessions.h"

/*
 * Behind a proxy on the Unix socket the address is the last one that it has added; only what may
 * write to the socket can say so.
 */
static const char *
address_of(const struct request *req)
{
	const char *header = request_header(req, "X-Forwarded-For"), *last;
	unsigned char binary[sizeof(struct in6_addr)];

	if (strcmp(req->client, "unix") != 0 || header == NULL)
		return req->client;
	last = strrchr(header, ',');
	last = last == NULL ? header : last + 1;
	last += strspn(last, " \t");
	return inet_pton(AF_INET, last, binary) == 1 || inet_pton(AF_INET6, last, binary) == 1 ?
		last : req->client;
}

enum err
sessions_prove(struct request *req, struct credentials *c, struct login_proof *ret)
{
	struct login_proof proof = { .wait_s = 0 };
	enum err e;

	c->address = address_of(req);
	e = login_prove(&app_of(req)->login, &req->tx, c, &proof);
	if (e == ERR_TOO_MANY)
		req->retry_after_s = proof.wait_s;
	if (e == OK)
		*ret = proof;
	return e;
}

/* The session with its new cookie: sets the cookie, writes the document. */
static void
answer(struct request *req, struct response *resp, const char *login,
       const struct session_secret *s, bool second_factor)
{
	struct buf *b = &resp->body;

	cookie_set(req, resp, s->cookie);
	buf_adds(b, "{\"session\":");
	json_put_cstring(b, s->id);
	buf_adds(b, ",\"person\":");
	json_put_cstring(b, login);
	buf_adds(b, ",\"csrf_token\":");
	json_put_cstring(b, s->csrf);
	buf_addf(b, ",\"second_factor\":%s,\"expires\":", second_factor ? "true" : "false");
	json_put_cstring(b, s->expires);
	buf_adds(b, "}\n");
}

/* Whatever session the browser had before is over: nobody may have laid it out. */
static enum err
end_former(struct request *req)
{
	const char *cookie = NULL;
	struct principal *p = NULL;
	enum err e;
	int n;

	e = cookie_find(req->arena, request_header(req, "Cookie"), cookie_name(req->server),
			&cookie);
	if (e != OK || cookie == NULL)
		return e;
	e = session_identify(req->service->sessions, req->arena, req->service->pool, cookie, &p);
	if (e == OK)
		e = session_end(&req->tx, p->login, p->account, "login", &n);
	return e == ERR_UNAUTHENTICATED ? OK : e;
}

static enum err
begin(struct request *req, const char *login, bool second_factor, struct session_secret *ret)
{
	const char *detail;
	enum err e;

	req->tx.ctx.person = login;
	e = tx_begin(&req->tx);
	if (e == OK)
		e = session_begin(req->service->sessions, &req->tx, login, second_factor,
				  address_of(req), request_header(req, "User-Agent"), ret);
	if (e == OK) {
		detail = arena_printf(req->arena, "{\"session\":\"%s\",\"second_factor\":%s}",
				      ret->id, second_factor ? "true" : "false");
		e = login_note(&req->tx, "login", "account", login, detail);
	}
	if (e == OK)
		e = tx_commit(&req->tx);
	tx_rollback(&req->tx);
	return e;
}

enum err
sessions_create(struct request *req, struct response *resp)
{
	struct member m[] = { { "login", true }, { "password", true }, { "otp", false },
		{ "recovery_code", false } };
	struct session_secret secret;
	struct login_proof proof;
	struct credentials c;
	enum err e = request_args_done(req);

	if (e == OK && csrf_source(request_header(req, "Sec-Fetch-Site"),
				   request_header(req, "Origin"),
				   server_origin(req->server)) == CSRF_FOREIGN)
		e = ERR_CROSS_SITE;
	if (e == OK)
		e = members_read(req, m, ARRAY_SIZE(m));
	if (e != OK)
		return e;
	c = (struct credentials){ .login = m[0].value, .password = m[1].value, .otp = m[2].value,
		.recovery_code = m[3].value };
	e = sessions_prove(req, &c, &proof);
	if (e == OK)
		e = end_former(req);
	if (e == OK)
		e = begin(req, c.login, proof.second_factor, &secret);
	if (e != OK)
		return e;
	sessions_forget(req->service->sessions);
	answer(req, resp, c.login, &secret, proof.second_factor);
	response_header(resp, "Location", arena_printf(req->arena, "/api/v1/sessions/%s",
						       secret.id));
	resp->status = 201;
	return OK;
}

enum err
sessions_renew(struct request *req, struct response *resp, bool second_factor, const char *what)
{
	const struct principal *p = req->principal;
	struct session_secret secret;
	enum err e = tx_begin(&req->tx);

	second_factor = second_factor || p->second_factor;
	if (e == OK)
		e = session_renew(req->service->sessions, &req->tx, p->account, second_factor,
				  &secret);
	if (e == OK)
		e = login_note(&req->tx, what, "account", p->login, NULL);
	if (e == OK)
		e = tx_commit(&req->tx);
	tx_rollback(&req->tx);
	sessions_forget(req->service->sessions);
	if (e == OK)
		answer(req, resp, p->login, &secret, second_factor);
	return e == ERR_NOT_FOUND ? ERR_UNAUTHENTICATED : e;
}

enum err
sessions_reauthenticate(struct request *req, struct response *resp)
{
	struct member m[] = { { "password", true }, { "otp", false }, { "recovery_code", false } };
	struct login_proof proof;
	struct credentials c;
	enum err e = request_args_done(req);

	if (e == OK)
		e = members_read(req, m, ARRAY_SIZE(m));
	if (e != OK)
		return e;
	c = (struct credentials){ .login = req->principal->login, .password = m[0].value,
		.otp = m[1].value, .recovery_code = m[2].value,
		.has_second_factor = req->principal->second_factor };
	e = sessions_prove(req, &c, &proof);
	return e == OK ? sessions_renew(req, resp, proof.second_factor, "reauthentication") : e;
}

static void
put_session(const struct request *req, const PGresult *res, int row, struct buf *b)
{
	static const char *const names[] = { "id", "client", "agent", "created_at", "seen_at",
		"proved_at", "expires" };
	size_t i;

	for (i = 0; i < ARRAY_SIZE(names); i++) {
		buf_addf(b, "%c\"%s\":", i == 0 ? '{' : ',', names[i]);
		json_put_cstring(b, tx_text(res, row, (int)i));
	}
	buf_addf(b, ",\"second_factor\":%s,\"current\":%s",
		 str_eq(tx_text(res, row, ARRAY_SIZE(names)), "t") ? "true" : "false",
		 str_eq(tx_text(res, row, 0), req->principal->account) ? "true" : "false");
}

enum err
sessions_list(struct request *req, struct response *resp)
{
	struct buf *b = &resp->body;
	PGresult *res;
	enum err e = request_args_done(req);
	int i;

	if (e == OK)
		e = session_list(req->service->sessions, &req->tx, req->principal->login, NULL,
				 &res);
	if (e != OK)
		return e;
	buf_adds(b, "{\"items\":[");
	for (i = 0; i < PQntuples(res); i++) {
		buf_adds(b, i == 0 ? "" : ",");
		put_session(req, res, i, b);
		buf_addc(b, '}');
	}
	buf_adds(b, "],\"next\":null}\n");
	return OK;
}

enum err
sessions_current(struct request *req, struct response *resp)
{
	PGresult *res;
	enum err e = request_args_done(req);

	if (e == OK)
		e = session_list(req->service->sessions, &req->tx, req->principal->login,
				 req->principal->account, &res);
	if (e == OK && PQntuples(res) == 0)
		e = ERR_UNAUTHENTICATED;
	if (e != OK)
		return e;
	put_session(req, res, 0, &resp->body);
	buf_adds(&resp->body, ",\"person\":");
	json_put_cstring(&resp->body, req->principal->login);
	buf_adds(&resp->body, ",\"csrf_token\":");
	json_put_cstring(&resp->body, req->csrf_token);
	buf_adds(&resp->body, "}\n");
	return OK;
}

/* Ends sessions and says so in the log, together. */
static enum err
end(struct request *req, const char *login, const char *id, const char *by, const char *what)
{
	enum err e = tx_begin(&req->tx);
	int n = 0;

	if (e == OK)
		e = id != NULL ? session_end(&req->tx, login, id, by, &n) :
			session_end_all(&req->tx, login, NULL, by, &n);
	if (e == OK && id != NULL && n == 0)
		e = ERR_NOT_FOUND;
	if (e == OK)
		e = login_note(&req->tx, what, "account", login,
			       arena_printf(req->arena, "{\"sessions\":%d}", n));
	if (e == OK)
		e = tx_commit(&req->tx);
	tx_rollback(&req->tx);
	sessions_forget(req->service->sessions);
	return e;
}

enum err
sessions_logout(struct request *req, struct response *resp)
{
	enum err e = request_args_done(req);

	if (e == OK)
		e = end(req, req->principal->login, req->principal->account, "person", "logout");
	if (e != OK)
		return e;
	cookie_set(req, resp, NULL);
	response_header(resp, "Clear-Site-Data", "\"cache\", \"cookies\", \"storage\"");
	resp->status = 204;
	return OK;
}

enum err
sessions_end(struct request *req, struct response *resp)
{
	enum err e = request_args_done(req);

	if (e == OK && str_eq(req->capture[0], req->principal->account))
		return sessions_logout(req, resp);
	if (e == OK)
		e = end(req, req->principal->login, req->capture[0], "person", "session ended");
	resp->status = 204;
	return e;
}

/* Of somebody else, in the 機関 of the office that allows it. */
enum err
sessions_end_person(struct request *req, struct response *resp)
{
	struct tx_args args = { .n = 2, .v = { req->capture[0], req->grant.write_scope } };
	PGresult *res;
	enum err e = request_args_done(req);

	if (e == OK)
		e = tx_once(&req->tx, "SELECT login FROM person WHERE login = $1"
			    " AND institution = ANY ($2)", &args, &res);
	if (e == OK && PQntuples(res) == 0)
		e = ERR_NOT_FOUND;
	if (e == OK)
		e = end(req, req->capture[0], NULL, "other", "sessions ended");
	resp->status = 204;
	return e;
}
