/*
 * Documents (添付文書) of applications and of assets: the file itself is the body, everything that
 * is said of it stands in the arguments; it is given out as a download and nothing else.
 */
#include <string.h>

#include <base/json.h>
#include <base/log.h>
#include <base/text.h>
#include <workflow/act.h>
#include "attachments.h"
#include "handlers.h"
#include "requests.h"
#include "table.h"

static const struct choice kinds[] = {
	{ "necessity", "必要性の説明" },
	{ "catalogue", "システム構成カタログ" },
	{ "emergency_contacts", "保守請負業者等の緊急連絡先一覧" },
	{ "handover", "引継書" },
	{ "risk_assessment", "リスク・対策の明示" },
	{ "erasure_log", "消去ログ" },
	{ "destruction_certificate", "破壊証明書" },
	{ "nda", "秘密保持契約" },
	{ "specification", "仕様書" },
	{ "diagram", "構成図" },
	{ "qualification", "資質確認結果" },
	{ "other", "その他" },
	{ NULL, NULL },
};

static const struct choice levels[] = {
	{ "1", "機密性1" }, { "2", "機密性2" }, { "3", "機密性3" }, { "4", "機密性4" },
	{ NULL, NULL },
};

const struct field attach_fields[ATTACH__MAX] = {
	[ATTACH_KIND] = { .name = "kind", .label = "文書の種類",
		.clause = "2.1(2)⑧(f), 6.11(2)⑤(b)", .type = FT_ENUM, .choices = kinds,
		.flags = FF_REQUIRED },
	[ATTACH_NAME] = { .name = "file_name", .label = "ファイル名", .type = FT_TEXT,
		.max = 255, .flags = FF_REQUIRED },
	[ATTACH_LEVEL] = { .name = "confidentiality", .label = "機密性",
		.clause = "3.1(2)①(a)", .type = FT_LEVEL, .choices = levels,
		.flags = FF_REQUIRED },
	[ATTACH_KEEP] = { .name = "keep_until", .label = "保管期限",
		.clause = "6.11(2)⑤(b)", .type = FT_DATE },
	[ATTACH_NOTE] = { .name = "note", .label = "備考", .type = FT_TEXT, .max = 1000,
		.flags = FF_LINES },
	[ATTACH_SHA256] = { .name = "sha256", .label = "ハッシュ値",
		.clause = "7.1.4(2)②(e)ア", .type = FT_TEXT, .max = 64,
		.format = FORMAT_SHA256 },
};

/* ---- filing ----------------------------------------------------------------------------- */

/* The arguments; the name is read by rules of its own. */
static enum err
read_arguments(struct request *req, const char *values[ATTACH__MAX])
{
	size_t before = req->faults.total, i;
	const char *given;
	enum err e;

	for (i = 0; i < ATTACH__MAX; i++) {
		const struct field *f = &attach_fields[i];

		values[i] = NULL;
		given = request_arg(req, f->name);
		if (given != NULL && given[0] == '\0')
			given = NULL;
		if (given == NULL && (f->flags & FF_REQUIRED))
			value_fault(&req->faults, f, 0, "required", NULL, "必須の項目です。",
				    "This member is required.");
		else if (given != NULL && i == ATTACH_NAME)
			(void)!attachment_name_read(req->arena, given, &req->faults, &values[i]);
		else if (given != NULL && !value_from_cell(f, req->arena, given, strlen(given), 0,
							   &req->faults, &values[i]))
			values[i] = NULL;
	}
	e = request_args_done(req);
	return e != OK ? e : req->faults.total > before ? ERR_INVALID : OK;
}

/* What is said of a document stands in the query; the body is its bytes. */
static void
name_arguments(struct request *req, size_t from)
{
	size_t i, k;

	for (i = from; i < req->faults.n; i++)
		for (k = 0; k < ATTACH__MAX; k++)
			if (str_eq(req->faults.v[i].field, attach_fields[k].name)) {
				req->faults.v[i].field = arena_printf(req->arena, "?%s",
								      attach_fields[k].name);
				break;
			}
}

/* What the client says of the bytes, in an argument or by RFC 9530, must be so. */
static enum err
check_digest(struct request *req, const struct attachment_content *c, const char *given)
{
	static const char *const names[] = { "Content-Digest", "Repr-Digest" };
	const char *said = given, *header;
	uint8_t hash[32];
	char hex[2 * sizeof(hash) + 1];
	size_t i;

	for (i = 0; said == NULL && i < ARRAY_SIZE(names); i++) {
		header = request_header(req, names[i]);
		if (header == NULL)
			continue;
		if (!digest_read(header, hash)) {
			req->detail = arena_printf(req->arena, "%s: sha-256=:BASE64:", names[i]);
			return ERR_BAD_REQUEST;
		}
		hex_write(hash, sizeof(hash), hex);
		said = hex;
	}
	if (said == NULL || strcmp(said, c->sha256) == 0)
		return OK;
	value_fault(&req->faults, &attach_fields[ATTACH_SHA256], 0, "digest_mismatch", NULL,
		    "届いたファイルのSHA-256が、指定された値と異なります。",
		    "The SHA-256 of what arrived is another one.");
	return ERR_INVALID;
}

static enum err
over_quota(struct request *req, const struct attachment_content *c)
{
	const struct attachment_store *store = app_of(req)->attachments;
	unsigned long long quota = (unsigned long long)store->quota;

	req->detail = arena_printf(req->arena, "%llu bytes more would make %s of %llu.",
				   (unsigned long long)c->size,
				   req->tx.detail != NULL ? req->tx.detail : "?", quota);
	return ERR_QUOTA;
}

/* Whose document it would be to file, or to take back. */
static enum err
told(struct request *req, enum err e)
{
	if (e == ERR_FORBIDDEN && req->tx.detail != NULL)
		rule_faults(req->arena, req->tx.detail, &req->faults);
	return e;
}

/* Reads, judges and files the body. */
static enum err
file_body(struct request *req, struct attachment_filing *f, PGresult **ret)
{
	const struct attachment_store *store = app_of(req)->attachments;
	const char *v[ATTACH__MAX];
	struct attachment_content c;
	size_t before = req->faults.n;
	enum err e;

	if (store->keys == NULL)
		return ERR_NO_KEY;
	e = read_arguments(req, v);
	if (e == OK)
		e = attachment_content_read(req->arena, req->body_file, v[ATTACH_NAME],
					    store->types, &req->faults, &c);
	if (e == OK)
		e = check_digest(req, &c, v[ATTACH_SHA256]);
	name_arguments(req, before);
	if (e != OK)
		return e;
	f->kind = v[ATTACH_KIND];
	f->file_name = v[ATTACH_NAME];
	f->confidentiality = v[ATTACH_LEVEL];
	f->keep_until = v[ATTACH_KEEP];
	f->note = v[ATTACH_NOTE];
	e = attachment_file(store, &req->tx, f, &c, req->body_file, ret);
	return e == ERR_QUOTA ? over_quota(req, &c) : told(req, e);
}

static void
answer_filed(struct request *req, struct response *resp, const PGresult *row)
{
	resp->status = 201;
	response_header(resp, "Location", arena_printf(req->arena, "/api/v1/attachments/%s",
						       PQgetvalue(row, 0, ATTACHMENT_NO)));
	table_put_rows(row, ",", &resp->body);
	buf_addc(&resp->body, '\n');
}

enum err
requests_attach(struct request *req, struct response *resp)
{
	struct attachment_filing f = { .request = req->capture[0] };
	PGresult *row = NULL;
	int64_t n;
	enum err e = request_if_match(req, &f.version);

	if (e == OK)
		e = workflow_get(app_of(req)->store, &req->tx, f.request, &row);
	if (e == OK)
		e = file_body(req, &f, &row);
	if (e == ERR_PRECONDITION_FAILED)
		return requests_answer_changed(req, f.request);
	if (e == ERR_STATE)
		req->detail = req->tx.message;
	if (e != OK)
		return e;
	/* the application has one document more, so one version more */
	if (number_read(f.version, 0, INT32_MAX - 1, &n))
		response_header(resp, "ETag", etag_of(req->arena, arena_printf(req->arena, "%lld",
			(long long)n + 1)));
	answer_filed(req, resp, row);
	return OK;
}

/* An asset that is not seen is not there. */
static enum err
see_asset(struct request *req)
{
	struct tx_args args = { .n = 1, .v = { req->capture[0] } };
	PGresult *res;
	enum err e = tx_once(&req->tx, "SELECT 1 FROM asset WHERE asset_no = $1", &args, &res);

	return e == OK && PQntuples(res) == 0 ? ERR_NOT_FOUND : e;
}

enum err
assets_attach(struct request *req, struct response *resp)
{
	struct attachment_filing f = { .asset = req->capture[0] };
	PGresult *row = NULL;
	enum err e = see_asset(req);

	if (e == OK)
		e = file_body(req, &f, &row);
	if (e == ERR_STATE)
		req->detail = req->tx.message;
	if (e == OK)
		answer_filed(req, resp, row);
	return e;
}

/* ---- reading ---------------------------------------------------------------------------- */

static enum err
answer_list(struct request *req, struct response *resp, const char *sql)
{
	struct tx_args args = { .n = 1, .v = { req->capture[0] } };
	PGresult *res;
	enum err e = tx_once(&req->tx, sql, &args, &res);

	if (e != OK)
		return e;
	table_answer(req, resp, res, NULL, TABLE_JSON);
	return OK;
}

enum err
requests_attachments(struct request *req, struct response *resp)
{
	PGresult *row;
	enum err e = request_args_done(req);

	if (e == OK)
		e = workflow_get(app_of(req)->store, &req->tx, req->capture[0], &row);
	return e != OK ? e : answer_list(req, resp, "SELECT " ATTACHMENT_COLUMNS " FROM attachment"
					 " WHERE request = $1 ORDER BY attachment_no");
}

enum err
assets_attachments(struct request *req, struct response *resp)
{
	enum err e = request_args_done(req);

	if (e == OK)
		e = see_asset(req);
	return e != OK ? e : answer_list(req, resp, "SELECT " ATTACHMENT_COLUMNS " FROM attachment"
					 " WHERE asset = $1 ORDER BY attachment_no");
}

/* The rating travels with the document (3.1(2)①(a)). */
static void
put_rating(struct response *resp, const PGresult *row)
{
	response_header(resp, "Daicho-Confidentiality", PQgetvalue(row, 0, ATTACHMENT_LEVEL));
}

enum err
attachments_get(struct request *req, struct response *resp)
{
	PGresult *row;
	enum err e = request_args_done(req);

	if (e == OK)
		e = attachment_get(&req->tx, req->capture[0], &row);
	if (e != OK)
		return e;
	put_rating(resp, row);
	response_header(resp, "ETag", etag_of(req->arena,
					      PQgetvalue(row, 0, ATTACHMENT_VERSION)));
	table_put_rows(row, ",", &resp->body);
	buf_addc(&resp->body, '\n');
	return OK;
}

/* From 機密性3 on, reading is an event; without it nothing is given out. */
static enum err
tell(struct request *req, const PGresult *row)
{
	struct tx_args args = { .n = 3, .v = { PQgetvalue(row, 0, ATTACHMENT_NO),
		PQgetvalue(row, 0, ATTACHMENT_INSTITUTION),
		PQgetvalue(row, 0, ATTACHMENT_VERSION) } };

	if (tx_int(row, 0, ATTACHMENT_LEVEL) < 3)
		return OK;
	return tx_run(&req->tx, "SELECT audit_read('attachment', $1, $2, $3::integer,"
		      " '{\"content\":true}')", &args, NULL);
}

/* All of it is proved before the first byte is sent. */
static enum err
fetch(struct request *req, struct response *resp, PGresult **ret)
{
	const struct attachment_store *store = app_of(req)->attachments;
	const char *no = req->capture[0], *why = NULL;
	enum err e = tx_begin(&req->tx);

	if (e == OK)
		e = attachment_get(&req->tx, no, ret);
	if (e == OK)
		e = tell(req, *ret);
	if (e == OK)
		e = attachment_read(store, &req->tx, no, resp->file, &why);
	if (e == OK)
		e = tx_commit(&req->tx);
	tx_rollback(&req->tx); /* no-op after a commit */
	if (why != NULL) {
		log_ours(req->id, "attachment %s: %s", no, why);
		req->detail = arena_printf(req->arena, "%s: %s.", no, why);
	}
	return e;
}

/* RFC 6266 and 8187: every byte of the name but the plainest as %XX. */
static const char *
disposition(struct request *req, const char *name)
{
	static const char plain[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
		"0123456789.-_~";
	const char *text;
	struct buf b;

	buf_init(&b, 8192);
	buf_adds(&b, "attachment; filename*=UTF-8''");
	for (; *name != '\0'; name++)
		if (strchr(plain, *name) != NULL)
			buf_addc(&b, *name);
		else
			buf_addf(&b, "%%%02X", (unsigned char)*name);
	text = arena_strdup(req->arena, buf_text(&b));
	buf_release(&b);
	return text;
}

enum err
attachments_content(struct request *req, struct response *resp)
{
	const char *sha256;
	PGresult *row;
	enum err e = request_args_done(req);

	if (e != OK)
		return e;
	resp->file = spool_scratch(req->service); /* freed with the response, whatever happens */
	if (resp->file == NULL)
		return ERR_OVERLOADED;
	e = fetch(req, resp, &row);
	if (e != OK)
		return e;
	sha256 = PQgetvalue(row, 0, ATTACHMENT_SHA256);
	resp->content_type = PQgetvalue(row, 0, ATTACHMENT_TYPE);
	put_rating(resp, row);
	response_header(resp, "Content-Disposition",
			disposition(req, PQgetvalue(row, 0, ATTACHMENT_NAME)));
	response_header(resp, "Content-Security-Policy", "sandbox; default-src 'none'");
	response_header(resp, "ETag", etag_of(req->arena, sha256));
	response_header(resp, "Repr-Digest", digest_text(req->arena, sha256));
	return OK;
}

/* ---- taking back ------------------------------------------------------------------------ */

static enum err
answer_changed(struct request *req)
{
	PGresult *row;
	struct buf b;
	enum err e = attachment_get(&req->tx, req->capture[0], &row);

	if (e != OK)
		return e;
	buf_init(&b, 64 * 1024);
	table_put_rows(row, ",", &b);
	req->current = arena_dup(req->arena, buf_text(&b), b.len);
	req->current_version = PQgetvalue(row, 0, ATTACHMENT_VERSION);
	buf_release(&b);
	return ERR_PRECONDITION_FAILED;
}

enum err
attachments_delete(struct request *req, struct response *resp)
{
	const char *version;
	PGresult *row;
	enum err e = request_args_done(req);

	if (e == OK)
		e = request_if_match(req, &version);
	if (e == OK)
		e = attachment_get(&req->tx, req->capture[0], &row);
	if (e == OK)
		e = attachment_remove(&req->tx, req->capture[0], version);
	if (e == ERR_PRECONDITION_FAILED)
		return answer_changed(req);
	if (e == ERR_STATE)
		req->detail = req->tx.message;
	if (e == OK)
		resp->status = 204;
	return told(req, e);
}
