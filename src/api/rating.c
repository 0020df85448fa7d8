/* Ratings: proposed by whoever writes the row, confirmed here by who answers for it, 2.2(2)②. */
#include <string.h>

#include <base/json.h>
#include "handlers.h"

/* Takes `comment` out of the document: it is the reason of the act. */
static enum err
take_comment(struct request *req, json_t *j)
{
	static const struct field comment = { .name = "comment", .type = FT_TEXT, .max = 1000,
		.flags = FF_LINES };
	const json_t *text = json_object_get(j, comment.name);

	if (text != NULL && !value_from_json(&comment, req->arena, text, &req->faults,
					     &req->tx.ctx.reason))
		return ERR_INVALID;
	json_object_del(j, comment.name);
	return OK;
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
	const char *why;
	json_t *j;
	enum err e = json_read(req->arena, req->body, req->body_len, &j, &why);

	if (e != OK)
		req->detail = why;
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
