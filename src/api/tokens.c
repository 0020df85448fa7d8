/* Tokens: one's own, and for those who answer for a 機関 all of its people's. */
#include <stdio.h>
#include <string.h>

#include <base/json.h>
#include <base/text.h>
#include <org/address.h>
#include <org/token.h>
#include "handlers.h"
#include "records.h"

#define PAGE 200
#define TOKENS_MOST 100 /* live ones of one person */

/* Whose tokens are visible: $1 the person, $2 the 機関 of an 情報セキュリティ責任者 or operator. */
#define VISIBLE "(t.person = $1 OR p.institution = ANY ($2::text[]))"
#define ROW_SQL                                                                               \
	"SELECT json_build_object('id', t.id, 'person', t.person, 'institution', p.institution," \
	" 'scopes', t.scopes, 'addresses', t.addresses, 'note', t.note,"                      \
	" 'state', CASE WHEN t.revoked_at IS NOT NULL THEN 'revoked'"                         \
	"  WHEN t.expires_at <= act_now() THEN 'expired' ELSE 'live' END,"                    \
	" 'issued_at', t.issued_at, 'expires_at', t.expires_at, 'revoked_at', t.revoked_at,"  \
	" 'last_used_at', t.last_used_at, 'last_used_from', t.last_used_from,"                \
	" 'rotated_from', t.rotated_from)::text, t.id"                                        \
	" FROM token t JOIN person p ON p.login = t.person WHERE " VISIBLE

static const char list_sql[] = ROW_SQL
	" AND ($3::text IS NULL OR t.person = $3)"
	" AND ($4::text = 'all' OR (t.revoked_at IS NULL AND t.expires_at > act_now())"
	"  = ($4 = 'live'))"
	" AND ($5::text IS NULL OR (t.issued_at, t.id) < (SELECT c.issued_at, c.id FROM token c"
	"  WHERE c.id = $5)) ORDER BY t.issued_at DESC, t.id DESC LIMIT 201";

static const char one_sql[] = ROW_SQL " AND t.id = $3";

/*
 * Whoever answers for the tokens of a 機関 acts as that here, in whatever office the person would
 * otherwise act.  '{}' for everybody else, who see and end their own.
 */
static const char *
overseen(struct request *req)
{
	static const uint32_t offices = OFFICE_BIT(OFFICE_ISO) | OFFICE_BIT(OFFICE_REGISTRY_ADMIN);
	struct grant g;

	if (access_decide(req->arena, req->principal, offices, req->route->scope,
			  request_header(req, "Daicho-Office"), &g) != OK)
		return "{}";
	req->tx.ctx.office = office_info(g.office)->code;
	req->tx.ctx.scope = g.read_scope;
	req->tx.ctx.write_scope = g.write_scope;
	req->tx.ctx.reach = g.reach;
	return g.scope;
}

static bool
is_id(const char *s)
{
	return strlen(s) == 12 && strspn(s, "0123456789abcdef") == 12;
}

static enum err
read_list_args(struct request *req, struct tx_args *args)
{
	static const char *const states[] = { "live", "ended", "all", NULL };
	const char *state = request_arg(req, "state"), *cursor = request_arg(req, "cursor");
	enum err e;

	tx_arg(args, req->principal->login);
	tx_arg(args, overseen(req));
	tx_arg(args, request_arg(req, "person"));
	tx_arg(args, state == NULL ? "live" : state);
	tx_arg(args, cursor);
	e = request_args_done(req);
	if (e == OK && !str_in(args->v[3], states)) {
		request_arg_fault(req, "state", "not_a_choice", "live、ended、all のいずれかです。",
				  "Say live, ended or all.");
		e = ERR_BAD_QUERY;
	}
	return e == OK && cursor != NULL && !is_id(cursor) ? ERR_BAD_CURSOR : e;
}

enum err
tokens_list(struct request *req, struct response *resp)
{
	struct tx_args args = { .n = 0 };
	struct buf *b = &resp->body;
	const char *next = NULL;
	PGresult *res;
	int row, rows;
	enum err e = read_list_args(req, &args);

	if (e == OK)
		e = tx_once(&req->tx, list_sql, &args, &res);
	if (e != OK)
		return e;
	rows = PQntuples(res);
	if (rows > PAGE) {
		rows = PAGE;
		next = PQgetvalue(res, PAGE - 1, 1);
	}
	buf_adds(b, "{\"items\":[");
	for (row = 0; row < rows; row++)
		buf_addf(b, "%s%s", row == 0 ? "" : ",\n", PQgetvalue(res, row, 0));
	buf_adds(b, "],\"next\":");
	json_put_cstring(b, next);
	buf_adds(b, "}\n");
	if (next != NULL)
		response_header(resp, "Link", list_next_link(req, next));
	return OK;
}

/* The document of a token, if it may be seen. */
static enum err
find(struct request *req, const char *id, const char *institutions, const char **ret)
{
	struct tx_args args = { .n = 3, .v = { req->principal->login, institutions, id } };
	PGresult *res;
	enum err e = tx_once(&req->tx, one_sql, &args, &res);

	if (e != OK)
		return e;
	if (PQntuples(res) == 0)
		return ERR_NOT_FOUND;
	*ret = PQgetvalue(res, 0, 0);
	return OK;
}

enum err
tokens_get(struct request *req, struct response *resp)
{
	const char *document;
	enum err e = request_args_done(req);

	if (e == OK)
		e = find(req, req->capture[0], overseen(req), &document);
	if (e == OK)
		buf_addf(&resp->body, "%s\n", document);
	return e;
}

/* Ledgers that routes name, so that a wish names nothing else. */
static const char *const *
ledger_names(const struct request *req)
{
	const struct route *r;
	const char **names;
	size_t n = 0;

	for (r = req->service->routes; r->path != NULL; r++)
		n++;
	names = arena_array(req->arena, n + 1, sizeof(*names));
	for (n = 0, r = req->service->routes; r->path != NULL; r++)
		if (r->ledger != NULL && !str_in(r->ledger, names))
			names[n++] = r->ledger;
	return names;
}

static const char *const *
institution_names(const struct request *req)
{
	const struct principal *p = req->principal;
	const char **names = arena_array(req->arena, p->institution_count + 1, sizeof(*names));
	size_t i;

	for (i = 0; i < p->institution_count; i++)
		names[i] = p->institutions[i];
	return names;
}

/* May it be done in one of the person's offices, in that 機関 if the scope names one? */
static bool
allows_route(const struct request *req, const struct token_scope *s, const struct route *r)
{
	struct principal there = *req->principal;
	size_t i;
	struct grant g;

	if (s->institution != NULL) {
		there.institutions = &s->institution;
		there.institution_count = 1;
	}
	for (i = 0; i <= req->principal->office_count; i++) {
		/* one office after the other: a wider one elsewhere must not hide it; then none */
		there.office_count = i < req->principal->office_count ? 1 : 0;
		there.offices = req->principal->offices + i;
		if (access_decide(req->arena, &there, r->offices, r->scope, NULL, &g) == OK &&
		    (s->institution == NULL || strcmp(g.scope, "{}") != 0))
			return true;
	}
	return false;
}

/* Is there anything that the person may do and this scope names? */
static bool
within_rights(const struct request *req, const struct token_scope *s)
{
	const struct route *r;

	for (r = req->service->routes; r->path != NULL; r++)
		if (r->ledger != NULL && (s->actions & 1U << r->scope) &&
		    (s->ledger == NULL || strcmp(s->ledger, r->ledger) == 0) &&
		    allows_route(req, s, r))
			return true;
	return false;
}

static void
fault(struct request *req, const char *field, const char *code, const char *ja, const char *en)
{
	faults_add(&req->faults, &(struct fault){ .field = field, .code = code, .ja = ja,
						  .en = en });
}

/* About one of several: the value says which. */
static void
fault_of(struct request *req, const char *field, const char *value, const char *code,
	 const char *ja, const char *en)
{
	faults_add(&req->faults, &(struct fault){ .field = field, .code = code, .ja = ja, .en = en,
						  .value = value });
}

static void
read_scopes(struct request *req, const json_t *list, struct token_wish *w)
{
	struct token_scope *v = arena_array(req->arena, TOKEN_SCOPES_MAX, sizeof(*v));
	const struct token_names names = { ledger_names(req), institution_names(req) };
	size_t i, n = json_array_size(list);

	if (n == 0 || n > TOKEN_SCOPES_MAX) {
		fault(req, "scopes", "required", "権限（scopes）を1件から32件指定してください。",
		      "Name 1 to 32 scopes.");
		return;
	}
	for (i = 0; i < n; i++) {
		const char *text = json_string_value(json_array_get(list, i));

		if (!token_scope_check(req->arena, text == NULL ? "" : text, &names, "scopes",
				       &req->faults, &v[w->scope_count]))
			continue;
		if (!within_rights(req, &v[w->scope_count]))
			fault_of(req, "scopes", text, "scope_too_wide",
				 "ご自身の役割を超える権限です。", "None of your offices allows this.");
		w->scope_count++;
	}
	w->scopes = v;
}

static void
read_addresses(struct request *req, const json_t *list, struct token_wish *w)
{
	const char **v = arena_array(req->arena, ADDRESSES_MAX, sizeof(*v));
	size_t i, n = json_array_size(list);

	w->addresses = v;
	if (list == NULL || json_is_null(list))
		return;
	if (n == 0 || n > ADDRESSES_MAX) {
		fault(req, "addresses", "not_a_list", "アドレスを1件から64件指定してください。",
		      "Name 1 to 64 addresses, or leave it out.");
		return;
	}
	for (i = 0; i < n; i++) {
		const char *text = json_string_value(json_array_get(list, i));

		if (text != NULL && address_read(req->arena, text, &v[w->address_count]))
			w->address_count++;
		else
			fault_of(req, "addresses", text, "bad_address",
				 "IPアドレス、ネットワーク（a/24）又は unix を指定してください。",
				 "An IP address, a network such as 192.0.2.0/24, or unix.");
	}
}

static void
read_days(struct request *req, const json_t *j, struct token_wish *w)
{
	w->days = TOKEN_DAYS;
	if (j == NULL || json_is_null(j))
		return;
	if (!json_is_integer(j) || json_integer_value(j) < 1 ||
	    json_integer_value(j) > TOKEN_DAYS_MAX)
		fault(req, "days", "out_of_range", "1日から366日の整数を指定してください。",
		      "A whole number of days from 1 to 366.");
	else
		w->days = (int)json_integer_value(j);
}

static void
read_note(struct request *req, const json_t *j, struct token_wish *w)
{
	enum text_fault why = TEXT_BAD_UTF8;
	char *text;

	if (j == NULL || json_is_null(j))
		return;
	if (json_is_string(j))
		why = text_read(req->arena, json_string_value(j), json_string_length(j),
				TOKEN_NOTE_MAX, 0, &text, NULL);
	if (why == TEXT_OK)
		w->note = *text == '\0' ? NULL : text;
	else if (json_is_string(j))
		fault(req, "note", text_fault_code(why), text_fault_ja(why), text_fault_en(why));
	else
		fault(req, "note", "not_a_text", "文字列を指定してください。", "Say a text.");
}

static enum err
read_wish(struct request *req, struct token_wish *ret)
{
	static const char *const members[] = { "scopes", "addresses", "days", "note", NULL };
	struct token_wish w = { .person = req->principal->login, .most = TOKENS_MOST };
	const char *name, *why;
	json_t *j, *value;
	enum err e = json_read(req->arena, req->body, req->body_len, &j, &why);

	if (e == OK && !json_is_object(j)) {
		e = ERR_BAD_JSON;
		why = "The body must be an object.";
	}
	if (e != OK) {
		req->detail = why;
		return e;
	}
	json_object_foreach(j, name, value)
		if (!str_in(name, members))
			fault(req, name, "unknown_member", "この項目は使えません。",
			      "There is no such member.");
	read_scopes(req, json_object_get(j, "scopes"), &w);
	read_addresses(req, json_object_get(j, "addresses"), &w);
	read_days(req, json_object_get(j, "days"), &w);
	read_note(req, json_object_get(j, "note"), &w);
	*ret = w;
	return req->faults.n > 0 ? ERR_INVALID : OK;
}

/* The document with the secret as its first member: seen here and never again. */
static enum err
answer_secret(struct request *req, struct response *resp, const struct token_issued *issued)
{
	const char *document;
	enum err e = find(req, issued->id, "{}", &document);

	if (e != OK)
		return e;
	resp->status = 201;
	response_header(resp, "Location",
			arena_printf(req->arena, "/api/v1/tokens/%s", issued->id));
	buf_adds(&resp->body, "{\"token\":");
	json_put_cstring(&resp->body, issued->token);
	buf_addf(&resp->body, ",%s\n", document + 1);
	return OK;
}

/* Only a log-in makes tokens: one that leaked must not beget others. */
enum err
tokens_issue(struct request *req, struct response *resp)
{
	struct token_issued issued;
	struct token_wish wish;
	enum err e = request_args_done(req);

	if (e == OK && req->principal->proof != PROOF_SESSION)
		e = ERR_SESSION_NEEDED;
	if (e == OK)
		e = read_wish(req, &wish);
	if (e == OK)
		e = token_issue(&req->tx, &wish, &issued);
	return e == OK ? answer_secret(req, resp, &issued) : e;
}

/* By a log-in, for any token of one's own; by a token for itself, which prolongs nothing. */
enum err
tokens_rotate(struct request *req, struct response *resp)
{
	const struct principal *p = req->principal;
	const char *id = req->capture[0];
	struct token_issued issued;
	int64_t grace;
	enum err e = request_arg_int(req, "grace_s", 0, TOKEN_GRACE_MAX, 0, &grace);

	if (e == OK)
		e = request_args_done(req);
	if (e == OK && p->proof != PROOF_SESSION &&
	    !(principal_is_token(p) && str_eq(id, p->account)))
		e = ERR_SESSION_NEEDED;
	if (e == OK)
		e = token_rotate(&req->tx, id, p->login, (int)grace,
				 p->proof == PROOF_SESSION, &issued);
	if (e != OK)
		return e;
	access_cache_clear(req->service->access);
	return answer_secret(req, resp, &issued);
}

enum err
tokens_revoke(struct request *req, struct response *resp)
{
	enum err e = request_args_done(req);

	if (e == OK)
		e = token_revoke(&req->tx, req->capture[0], req->principal->login,
				 overseen(req));
	if (e != OK)
		return e;
	access_cache_clear(req->service->access);
	resp->status = 204;
	return OK;
}
