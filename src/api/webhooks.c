/* Webhooks of a 機関: made, changed, tried, and what became of their deliveries. */
#include <string.h>

#include <sodium.h>

#include <base/json.h>
#include <base/text.h>
#include <feed/attempt.h>
#include <feed/target.h>
#include "handlers.h"
#include "records.h"
#include "webhooks.h"

#define HOOKS_MOST 50 /* of one 機関 */
#define SECRET_BYTES 24

/* What a body says; NULL: nothing about it. */
struct wish {
	const char *institution, *url, *types, *note, *active;
	bool has_note; /* null takes it away */
};

static void
fault(struct request *req, const char *field, const char *code, const char *ja, const char *en)
{
	faults_add(&req->faults, &(struct fault){ .field = field, .code = code, .ja = ja,
						  .en = en });
}

static void
read_url(struct request *req, const json_t *j, struct wish *w)
{
	const char *url = json_string_value(j);
	const struct target_fault *f;

	if (url == NULL || strlen(url) > 2000) {
		fault(req, "url", "bad_url", "2000字までのURLを指定してください。",
		      "A URL of up to 2000 characters.");
		return;
	}
	f = target_check(url, app_of(req)->webhook_allow);
	if (f != NULL)
		fault(req, "url", f->code, f->ja, f->en);
	w->url = arena_strdup(req->arena, url);
}

/* An array literal: types are plain words. */
static void
read_types(struct request *req, const json_t *j, struct wish *w)
{
	size_t i, n = json_array_size(j);
	struct buf b;

	buf_init(&b, 64 * 1024);
	buf_addc(&b, '{');
	for (i = 0; i < n && n <= 100; i++) {
		const char *type = json_string_value(json_array_get(j, i));

		if (type == NULL || !feed_type_known(type)) {
			faults_add(&req->faults, &(struct fault){ .field = "types",
				.code = "unknown_choice", .value = type,
				.ja = "asset.updated、request.* のような種類を指定してください。",
				.en = "A type such as asset.updated or request.*." });
			continue;
		}
		buf_addf(&b, "%s%s", i == 0 ? "" : ",", type);
	}
	buf_addc(&b, '}');
	if (!json_is_array(j) || n > 100)
		fault(req, "types", "not_a_list", "種類を100件までの配列で指定してください（空は全て）。",
		      "A list of up to 100 types; an empty one means all.");
	w->types = arena_strdup(req->arena, buf_text(&b));
	buf_release(&b);
}

static void
read_note(struct request *req, const json_t *j, struct wish *w)
{
	enum text_fault why = TEXT_BAD_UTF8;
	char *text = NULL;

	w->has_note = true;
	if (json_is_null(j))
		return;
	if (json_is_string(j))
		why = text_read(req->arena, json_string_value(j), json_string_length(j), 500, 0,
				&text, NULL);
	if (why == TEXT_OK)
		w->note = text;
	else if (json_is_string(j))
		fault(req, "note", text_fault_code(why), text_fault_ja(why), text_fault_en(why));
	else
		fault(req, "note", "not_a_text", "文字列を指定してください。", "Say a text.");
}

static void
read_active(struct request *req, const json_t *j, struct wish *w)
{
	w->active = json_is_true(j) ? "true" : "false";
	if (!json_is_boolean(j))
		fault(req, "active", "not_a_boolean", "true か false を指定してください。",
		      "true or false.");
}

/* Codes of 機関 in the array literal of the grant need no quotes. */
static bool
in_scope(const char *scope, const char *institution)
{
	size_t n = strlen(institution);
	const char *p = scope;

	while (n > 0 && (p = strstr(p + 1, institution)) != NULL)
		if ((p[-1] == '{' || p[-1] == ',') && (p[n] == ',' || p[n] == '}'))
			return true;
	return false;
}

static void
read_institution(struct request *req, const json_t *j, struct wish *w)
{
	w->institution = j == NULL ? req->principal->home :
		json_is_string(j) ? arena_strdup(req->arena, json_string_value(j)) : "";
	if (!in_scope(req->grant.write_scope, w->institution))
		fault(req, "institution", "unknown_reference", "この役割が及ぶ機関ではありません。",
		      "Not an institution of this office.");
}

static enum err
read_wish(struct request *req, bool creating, struct wish *w)
{
	static const struct {
		const char *name;
		void (*read)(struct request *, const json_t *, struct wish *);
		bool created, changed;
	} members[] = {
		{ "url", read_url, true, true }, { "types", read_types, true, true },
		{ "note", read_note, true, true }, { "active", read_active, false, true },
		{ "institution", read_institution, true, false },
	};
	const char *name;
	json_t *j, *value;
	size_t i;
	enum err e = records_body(req, &j);

	*w = (struct wish){ .url = NULL };
	if (e != OK)
		return e;
	json_object_foreach(j, name, value) {
		for (i = 0; i < ARRAY_SIZE(members) && strcmp(members[i].name, name) != 0; i++)
			;
		if (i == ARRAY_SIZE(members) || !(creating ? members[i].created :
						  members[i].changed))
			fault(req, name, "unknown_member", "ここでは使えない項目です。",
			      "Not a member of this request.");
		else
			members[i].read(req, value, w);
	}
	if (creating && json_object_get(j, "institution") == NULL)
		read_institution(req, NULL, w);
	if (creating && json_object_get(j, "url") == NULL)
		fault(req, "url", "required", "必須の項目です。", "This member is required.");
	return req->faults.n > 0 ? ERR_INVALID : OK;
}

/* ---- answers ---------------------------------------------------------------------------- */

static enum err
answer(struct request *req, struct response *resp, const PGresult *res, const char *secret)
{
	const char *document = PQgetvalue(res, 0, 0);

	response_header(resp, "ETag", etag_of(req->arena, PQgetvalue(res, 0, 1)));
	if (secret != NULL) {
		buf_adds(&resp->body, "{\"secret\":");
		json_put_cstring(&resp->body, secret);
		buf_addf(&resp->body, ",%s\n", document + 1);
	} else {
		buf_addf(&resp->body, "%s\n", document);
	}
	return OK;
}

enum err
webhook_find(struct request *req, PGresult **ret)
{
	struct tx_args args = { .n = 2, .v = { req->capture[0], req->grant.scope } };
	enum err e = tx_once(&req->tx, "SELECT webhook_document(w), w.row_version, w.institution"
		" FROM webhook w WHERE w.webhook_no = $1 AND w.institution = ANY ($2::text[])"
		" AND w.ended_at IS NULL", &args, ret);

	return e == OK && PQntuples(*ret) == 0 ? ERR_NOT_FOUND : e;
}

/* Nothing was changed: it is not there, or it has another version. */
static enum err
why_not(struct request *req)
{
	PGresult *res;
	enum err e = webhook_find(req, &res);

	if (e != OK)
		return e;
	req->current = PQgetvalue(res, 0, 0);
	req->current_version = PQgetvalue(res, 0, 1);
	return ERR_PRECONDITION_FAILED;
}

enum err
webhooks_list(struct request *req, struct response *resp)
{
	struct tx_args args = { .n = 1, .v = { req->grant.scope } };
	PGresult *res;
	int i;
	enum err e = request_args_done(req);

	if (e == OK)
		e = tx_once(&req->tx, "SELECT webhook_document(w) FROM webhook w WHERE"
			" w.institution = ANY ($1::text[]) AND w.ended_at IS NULL"
			" ORDER BY w.webhook_no", &args, &res);
	if (e != OK)
		return e;
	buf_adds(&resp->body, "{\"items\":[");
	for (i = 0; i < PQntuples(res); i++)
		buf_addf(&resp->body, "%s%s", i == 0 ? "" : ",\n", PQgetvalue(res, i, 0));
	buf_adds(&resp->body, "],\"next\":null}\n");
	return OK;
}

enum err
webhooks_get(struct request *req, struct response *resp)
{
	PGresult *res;
	enum err e = request_args_done(req);

	if (e == OK)
		e = webhook_find(req, &res);
	return e == OK ? answer(req, resp, res, NULL) : e;
}

/* ---- making and changing ---------------------------------------------------------------- */

/* A new secret as text, and sealed for the database. */
static const char *
make_secret(struct request *req, const char *no, const char **ret_hex, const char **ret_sealed)
{
	uint8_t secret[SECRET_BYTES];
	const char *text;
	bool sealed;

	random_fill(secret, sizeof(secret));
	text = attempt_secret_text(req->arena, secret, sizeof(secret));
	*ret_hex = seal_put(app_of(req)->login.seal, req->arena, no, secret, sizeof(secret),
			    &sealed);
	*ret_sealed = sealed ? "true" : "false";
	sodium_memzero(secret, sizeof(secret));
	return text;
}

static enum err
next_number(struct request *req, const struct wish *w, const char **ret)
{
	struct tx_args args = { .n = 1, .v = { w->institution } };
	PGresult *res;
	enum err e = tx_once(&req->tx, "/* counts */ SELECT"
		" 'H' || lpad(nextval('webhook_no')::text, 6, '0'), (SELECT count(*)"
		" FROM webhook WHERE institution = $1 AND ended_at IS NULL)", &args, &res);

	if (e != OK)
		return e;
	*ret = PQgetvalue(res, 0, 0);
	return tx_int(res, 0, 1) >= HOOKS_MOST ? ERR_TOO_MANY : OK;
}

/* It begins with what happens from now on. */
enum err
webhooks_create(struct request *req, struct response *resp)
{
	static const char sql[] =
		"WITH h AS (INSERT INTO webhook (webhook_no, institution, url, types, note,"
		" owner, office) VALUES ($1, $2, $3, coalesce($4, '{}')::text[], $5, $6, $7)"
		" RETURNING *), s AS (INSERT INTO webhook_secret (webhook, secret, sealed)"
		" SELECT webhook_no, decode($8, 'hex'), $9::boolean FROM h),"
		" p AS (INSERT INTO webhook_place (webhook, seat, xid, id)"
		" SELECT h.webhook_no, e.seat, e.head_xid::xid8, e.head_id FROM h, event_seat() e)"
		" SELECT webhook_document(h), h.row_version FROM h";
	const char *no, *secret;
	struct tx_args args = { .n = 9 };
	struct wish w;
	PGresult *res;
	enum err e = request_args_done(req);

	if (e == OK)
		e = read_wish(req, true, &w);
	if (e == OK)
		e = next_number(req, &w, &no);
	if (e != OK)
		return e;
	secret = make_secret(req, no, &args.v[7], &args.v[8]);
	args.v[0] = no;
	args.v[1] = w.institution;
	args.v[2] = w.url;
	args.v[3] = w.types;
	args.v[4] = w.note;
	args.v[5] = req->principal->login;
	args.v[6] = office_info(req->grant.office)->code;
	e = tx_once(&req->tx, sql, &args, &res);
	if (e != OK)
		return e;
	resp->status = 201;
	response_header(resp, "Location", arena_printf(req->arena, "/api/v1/webhooks/%s", no));
	return answer(req, resp, res, secret);
}

/* Whoever changes it answers for it from then on: what goes out is what that person sees. */
enum err
webhooks_change(struct request *req, struct response *resp)
{
	static const char sql[] =
		"UPDATE webhook w SET url = coalesce($4, w.url),"
		" types = coalesce($5::text[], w.types),"
		" note = CASE WHEN $6 = 't' THEN $7 ELSE w.note END,"
		" active = coalesce($8::boolean, w.active), disabled_reason = CASE WHEN"
		" coalesce($8::boolean, w.active) THEN NULL ELSE w.disabled_reason END, owner = $9,"
		" office = $10, row_version = w.row_version + 1, updated_at = now()"
		" WHERE w.webhook_no = $1 AND w.institution = ANY ($2::text[])"
		" AND w.ended_at IS NULL AND w.row_version::text = $3"
		" RETURNING webhook_document(w), w.row_version";
	struct tx_args args = { .n = 10 };
	const char *version;
	struct wish w;
	PGresult *res;
	enum err e = request_args_done(req);

	if (e == OK)
		e = request_if_match(req, &version);
	if (e == OK)
		e = read_wish(req, false, &w);
	if (e != OK)
		return e;
	args.v[0] = req->capture[0];
	args.v[1] = req->grant.scope;
	args.v[2] = version;
	args.v[3] = w.url;
	args.v[4] = w.types;
	args.v[5] = w.has_note ? "t" : "f";
	args.v[6] = w.note;
	args.v[7] = w.active;
	args.v[8] = req->principal->login;
	args.v[9] = office_info(req->grant.office)->code;
	e = tx_once(&req->tx, sql, &args, &res);
	if (e == OK && PQntuples(res) == 0)
		return why_not(req);
	return e == OK ? answer(req, resp, res, NULL) : e;
}

enum err
webhooks_end(struct request *req, struct response *resp)
{
	static const char sql[] =
		"WITH h AS (UPDATE webhook w SET ended_at = act_now(), active = false,"
		" disabled_reason = NULL, row_version = w.row_version + 1, updated_at = now()"
		" WHERE w.webhook_no = $1 AND w.institution = ANY ($2::text[])"
		" AND w.ended_at IS NULL AND w.row_version::text = $3"
		" RETURNING w.webhook_no), s AS (DELETE FROM"
		" webhook_secret x USING h WHERE x.webhook = h.webhook_no), d AS (UPDATE"
		" webhook_delivery d SET state = 'cancelled', ended_at = act_now() FROM h"
		" WHERE d.webhook = h.webhook_no AND d.state = 'waiting') SELECT webhook_no FROM h";
	struct tx_args args = { .n = 3, .v = { req->capture[0], req->grant.scope } };
	PGresult *res;
	enum err e = request_args_done(req);

	if (e == OK)
		e = request_if_match(req, &args.v[2]);
	if (e == OK)
		e = tx_once(&req->tx, sql, &args, &res);
	if (e == OK && PQntuples(res) == 0)
		return why_not(req);
	if (e == OK)
		resp->status = 204;
	return e;
}

enum err
webhooks_rotate(struct request *req, struct response *resp)
{
	static const char sql[] =
		"WITH h AS (UPDATE webhook w SET secret_set_at = now(),"
		" row_version = w.row_version + 1, updated_at = now()"
		" WHERE w.webhook_no = $1 AND w.institution = ANY"
		" ($2::text[]) AND w.ended_at IS NULL AND w.row_version::text = $3 RETURNING *),"
		" s AS (UPDATE webhook_secret x SET secret = decode($4, 'hex'),"
		" sealed = $5::boolean"
		" FROM h WHERE x.webhook = h.webhook_no)"
		" SELECT webhook_document(h), h.row_version FROM h";
	struct tx_args args = { .n = 5, .v = { req->capture[0], req->grant.scope } };
	const char *secret;
	PGresult *res;
	enum err e = request_args_done(req);

	if (e == OK)
		e = request_if_match(req, &args.v[2]);
	if (e != OK)
		return e;
	secret = make_secret(req, req->capture[0], &args.v[3], &args.v[4]);
	e = tx_once(&req->tx, sql, &args, &res);
	if (e == OK && PQntuples(res) == 0)
		return why_not(req);
	if (e == OK)
		resp->status = 201;
	return e == OK ? answer(req, resp, res, secret) : e;
}
