/* Ratings: proposed by whoever writes the row, confirmed here by who answers for it, 2.2(2)②. */
#include <string.h>

#include <base/json.h>
#include "handlers.h"
#include "records.h"

/* Takes `comment` out of the document: it is the reason of the act. */
static enum err
take_comment(struct request *req, json_t *j)
{
	enum err e = records_reason(req, "comment", json_object_get(j, "comment"));

	json_object_del(j, "comment");
	return e;
}

/* Only columns that this office confirms. */
static enum err
check_members(struct request *req, const struct ledger *l, const json_t *j)
{
	const char *name;
	json_t *value;
	enum err e = OK;

	json_object_foreach((json_t *)j, name, value) {
		const struct field *f = ledger_field(l, name);
		struct fault fault = { .field = name, .code = "unknown_member",
			.ja = "格付けの項目ではありません。", .en = "Not a column of the rating." };

		if (f != NULL && (f->confirm & OFFICE_BIT(req->grant.office)))
			continue;
		faults_add(&req->faults, &fault);
		e = ERR_INVALID;
	}
	return e;
}

static enum err
read_rating(struct request *req, const struct ledger *l, struct record *ret)
{
	json_t *j;
	enum err e = records_body(req, &j);

	if (e == OK)
		e = take_comment(req, j);
	if (e == OK)
		e = check_members(req, l, j);
	return e == OK ? record_read(l, req->arena, j, RECORD_PATCH, &req->faults, ret) : e;
}

enum err
records_rate(struct request *req, struct response *resp)
{
	const struct ledger *l = req->route->arg;
	const char *version;
	struct record record;
	PGresult *res = NULL;
	enum err e = request_args_done(req);

	if (e == OK)
		e = request_if_match(req, &version);
	if (e == OK)
		e = read_rating(req, l, &record);
	if (e == OK)
		e = store_rate(app_of(req)->store, &req->tx, &record, req->capture[0], version,
			       req->grant.read_scope, &req->faults, &res);
	return records_answer_change(req, resp, e, res);
}

#define KEYS_MAX 1000

static void
wrong(struct request *req, const char *field, const char *code, const char *ja, const char *en)
{
	struct fault f = { .field = field, .code = code, .ja = ja, .en = en };

	faults_add(&req->faults, &f);
}

/* {"keys":["A00000001", …], "comment": …}: *ret is an array literal. */
static enum err
read_keys(struct request *req, const char **ret)
{
	const json_t *keys, *key;
	const char *name, **v;
	json_t *j, *value;
	enum err e = records_body(req, &j);
	size_t i;

	if (e == OK)
		e = take_comment(req, j);
	if (e != OK)
		return e;
	json_object_foreach(j, name, value)
		if (strcmp(name, "keys") != 0)
			wrong(req, name, "unknown_member", "ここでは使えない項目です。",
			      "Not a member of this request.");
	keys = json_object_get(j, "keys");
	if (json_array_size(keys) < 1 || json_array_size(keys) > KEYS_MAX)
		wrong(req, "keys", "wrong_type", "管理番号を1〜1,000件の配列で指定してください。",
		      "One to 1,000 numbers in an array are expected.");
	if (req->faults.total > 0)
		return ERR_INVALID;
	v = arena_array(req->arena, json_array_size(keys), sizeof(*v));
	json_array_foreach(keys, i, key) {
		v[i] = json_string_value(key);
		if (v[i] == NULL) {
			wrong(req, "keys", "wrong_type", "文字列の配列で指定してください。",
			      "An array of strings is expected.");
			return ERR_INVALID;
		}
	}
	*ret = array_literal(req->arena, v, json_array_size(keys));
	return OK;
}

enum err
records_rate_all(struct request *req, struct response *resp)
{
	const char *keys = NULL, *done;
	PGresult *res;
	enum err e = request_args_done(req);

	if (e == OK)
		e = read_keys(req, &keys);
	if (e == OK)
		e = store_rate_all(app_of(req)->store, &req->tx, req->route->arg, keys,
				   &req->faults, &res);
	if (e != OK)
		return e;
	done = tx_text(res, 0, 0);
	buf_addf(&resp->body, "{\"confirmed\":%s}\n", done == NULL ? "[]" : done);
	return OK;
}
