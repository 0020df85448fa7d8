/* Answers of a 棚卸し: a list of numbers, a room, all that is one's own, or a table. */
#include <string.h>

#include <base/json.h>
#include <base/text.h>
#include "handlers.h"
#include "inventories.h"
#include "scan.h"

static const struct choice ledger_choices[] = {
	{ "assets", "情報資産台帳" },
	{ "media", "外部電磁的記録媒体管理台帳" },
	{ NULL, NULL },
};

static const struct choice answer_choices[] = {
	{ "confirmed", "確認" },
	{ "corrected", "修正" },
	{ "retired", "使用終了" },
	{ "not_found", "所在不明" },
	{ NULL, NULL },
};

const struct field answer_fields[ANSWER__MAX] = {
	[ANSWER_LEDGER] = { .name = "ledger", .label = "台帳", .type = FT_ENUM,
		.choices = ledger_choices },
	[ANSWER_KEY] = { .name = "key", .label = "管理番号", .type = FT_TEXT, .max = 64 },
	[ANSWER_ANSWER] = { .name = "answer", .label = "結果", .type = FT_ENUM,
		.choices = answer_choices },
	[ANSWER_NOTE] = { .name = "note", .label = "備考", .type = FT_TEXT, .max = 1000,
		.flags = FF_LINES },
};

const struct field closing_field = { .name = "reason", .label = "理由", .type = FT_TEXT,
	.max = 1000, .flags = FF_LINES };

/* Other columns that a table of what is outstanding has; they are not read. */
static const char *const ignored[] = { "name", "unit", "person", "person_name", "area", "last_on",
	"confidentiality", NULL };

struct answers {
	struct request *req;
	const char *lines[ANSWERS_MAX];
	const char *v[ANSWER__MAX][ANSWERS_MAX]; /* never NULL: empty */
	size_t n;
	/* of a table */
	int column[CSV_FIELDS_MAX]; /* ANSWER__MAX: not read */
	size_t columns;
	bool begun;
};

static bool
full(struct answers *a, long line)
{
	if (a->n < ANSWERS_MAX)
		return false;
	scan_fault(a->req, line, NULL, "too_many", NULL, "一度に20,000件までです。",
		   "At most 20,000 at once.");
	return true;
}

static void
add(struct answers *a, long line, const char *const *values)
{
	size_t i;

	a->lines[a->n] = arena_printf(a->req->arena, "%ld", line);
	for (i = 0; i < ANSWER__MAX; i++)
		a->v[i][a->n] = values[i] == NULL ? "" : values[i];
	a->n++;
}

/* Which column a header means; a fault when none. */
static int
column_of(struct answers *a, const struct csv_record *r, size_t at)
{
	const char *name = text_fold(a->req->arena, r->v[at].p);
	int i;

	for (i = 0; i < ANSWER__MAX; i++)
		if (strcmp(name, answer_fields[i].name) == 0 ||
		    strcmp(name, answer_fields[i].label) == 0)
			return i;
	if (str_in(name, (const char *const[]){ "asset_no", "media_no", "媒体管理番号",
						"資産管理番号", NULL }))
		return ANSWER_KEY;
	if (!str_in(name, ignored))
		scan_fault(a->req, r->line, r->v[at].p, "unknown_column", NULL,
			   "読み取れない見出しです。", "There is no such column.");
	return ANSWER__MAX;
}

static bool
take_header(struct answers *a, const struct csv_record *r)
{
	size_t before = a->req->faults.total, i, k;

	a->begun = true;
	a->columns = r->n;
	for (i = 0; i < r->n; i++) {
		a->column[i] = column_of(a, r, i);
		for (k = 0; k < i; k++)
			if (a->column[i] != ANSWER__MAX && a->column[k] == a->column[i])
				scan_fault(a->req, r->line, answer_fields[a->column[i]].name,
					   "duplicate_column", NULL, "同じ見出しが2つあります。",
					   "The column stands twice.");
	}
	for (k = ANSWER_KEY; k <= ANSWER_ANSWER; k++) {
		for (i = 0; i < r->n && a->column[i] != (int)k; i++)
			;
		if (i == r->n)
			scan_fault(a->req, r->line, answer_fields[k].name, "missing_column", NULL,
				   "見出しがありません。", "The column is missing.");
	}
	return a->req->faults.total == before;
}

/* A line without an answer has not been filled in yet. */
static bool
take_record(void *arg, const struct csv_record *r)
{
	struct answers *a = arg;
	const char *values[ANSWER__MAX] = { NULL };
	size_t before = a->req->faults.total, i, n;

	if (!a->begun)
		return take_header(a, r);
	for (i = 0; i < r->n && i < a->columns; i++) {
		int c = a->column[i];
		const char *cell = csv_strip_guard(r->v[i].p, r->v[i].n, &n);

		if (c != ANSWER__MAX && !value_from_cell(&answer_fields[c], a->req->arena, cell, n,
							 r->line, &a->req->faults, &values[c]))
			values[c] = NULL;
	}
	if (a->req->faults.total > before || values[ANSWER_ANSWER] == NULL)
		return true;
	if (values[ANSWER_KEY] == NULL) {
		scan_fault(a->req, r->line, "key", "required", NULL, "必須の項目です。",
			   "This column is required.");
		return true;
	}
	if (full(a, r->line))
		return false;
	add(a, r->line, values);
	return true;
}

static enum err
answer(struct request *req, struct response *resp, const char *sql, struct tx_args *args)
{
	PGresult *res;
	enum err e = tx_once(&req->tx, sql, args, &res);

	if ((e == ERR_RULES || e == ERR_STATE) && req->tx.detail != NULL)
		rule_faults(req->arena, req->tx.detail, &req->faults);
	if (e == ERR_RULES)
		return ERR_INVALID;
	if (e == OK && PQgetisnull(res, 0, 0))
		return ERR_NOT_FOUND;
	if (e != OK)
		return e;
	buf_adds(&resp->body, PQgetvalue(res, 0, 0));
	buf_addc(&resp->body, '\n');
	return OK;
}

static enum err
answer_each(struct request *req, struct response *resp, const struct answers *a)
{
	static const char sql[] = "/* writes */ SELECT inventory_answer_put($1, $2::text[],"
		" $3::text[], $4::text[], $5::text[], $6::text[], false)";
	struct tx_args args = { .n = 2, .v = { req->capture[0],
		array_literal(req->arena, a->lines, a->n) } };
	size_t i;

	for (i = 0; i < ANSWER__MAX; i++)
		tx_arg(&args, array_literal(req->arena, a->v[i], a->n));
	return answer(req, resp, sql, &args);
}

/* {"ledger", "answer", "note"} and one of {"keys", "area", "mine"}. */
struct order {
	const char *values[ANSWER__MAX];
	const char *area;
	const json_t *keys;
	bool mine;
};

static void
take_member(struct request *req, const char *name, const json_t *value, struct order *o)
{
	static const struct field area = { .name = "area", .type = FT_TEXT, .max = 64 };
	size_t i;

	for (i = 0; i < ANSWER__MAX; i++)
		if (i != ANSWER_KEY && strcmp(answer_fields[i].name, name) == 0) {
			if (!value_from_json(&answer_fields[i], req->arena, value, &req->faults,
					     &o->values[i]))
				o->values[i] = NULL;
			return;
		}
	if (strcmp(name, "area") == 0) {
		if (!value_from_json(&area, req->arena, value, &req->faults, &o->area))
			o->area = NULL;
	} else if (strcmp(name, "keys") == 0) {
		if (json_is_array(value))
			o->keys = value;
		else
			scan_fault(req, 0, name, "wrong_type", NULL,
				   "文字列の配列で指定してください。",
				   "An array of strings is expected.");
	} else if (strcmp(name, "mine") == 0) {
		if (json_is_true(value))
			o->mine = true;
		else
			scan_fault(req, 0, name, "wrong_type", NULL, "true だけが使えます。", "true.");
	} else {
		scan_fault(req, 0, name, "unknown_member", NULL, "ここにはない項目です。",
			   "There is no such member here.");
	}
}

static void
check_order(struct request *req, const struct order *o)
{
	static const int needed[] = { ANSWER_LEDGER, ANSWER_ANSWER };
	size_t i;

	for (i = 0; i < ARRAY_SIZE(needed); i++)
		if (o->values[needed[i]] == NULL)
			scan_fault(req, 0, answer_fields[needed[i]].name, "required", NULL,
				   "必須の項目です。", "This member is required.");
	if ((o->keys != NULL) + (o->area != NULL) + (o->mine ? 1 : 0) != 1)
		scan_fault(req, 0, "keys", "one_of", NULL,
			   "keys、area、mine のいずれか1つを指定してください。",
			   "Exactly one of keys, area and mine.");
}

/* Every key with the same answer. */
static void
take_keys(struct answers *a, const struct order *o)
{
	const char *values[ANSWER__MAX];
	const json_t *one;
	size_t i;

	memcpy(values, o->values, sizeof(values));
	json_array_foreach(o->keys, i, one) {
		if (full(a, 0))
			return;
		if (value_from_json(&answer_fields[ANSWER_KEY], a->req->arena, one,
				    &a->req->faults, &values[ANSWER_KEY]))
			add(a, 0, values);
	}
}

static enum err
answer_order(struct request *req, struct response *resp, struct answers *a)
{
	static const char sql[] =
		"/* writes */ SELECT inventory_answer_some($1, $2, $3, $4::boolean, $5, $6)";
	struct order o = { .area = NULL };
	struct tx_args args = { .n = 6, .v = { req->capture[0] } };
	const char *why, *name;
	json_t *j, *value;
	enum err e = json_read(req->arena, req->body == NULL ? "" : req->body, req->body_len, &j,
			       &why);

	if (e != OK) {
		req->detail = why;
		return e;
	}
	if (!json_is_object(j))
		return ERR_INVALID;
	json_object_foreach(j, name, value)
		take_member(req, name, value, &o);
	if (req->faults.total == 0)
		check_order(req, &o);
	if (req->faults.total == 0 && o.keys != NULL)
		take_keys(a, &o);
	if (req->faults.total > 0)
		return ERR_INVALID;
	if (o.keys != NULL)
		return answer_each(req, resp, a);
	args.v[1] = o.values[ANSWER_LEDGER];
	args.v[2] = o.area;
	args.v[3] = o.mine ? "t" : "f";
	args.v[4] = o.values[ANSWER_ANSWER];
	args.v[5] = o.values[ANSWER_NOTE];
	return answer(req, resp, sql, &args);
}

enum err
inventories_answer(struct request *req, struct response *resp)
{
	struct answers *a = arena_alloc(req->arena, sizeof(*a));
	enum err e = request_args_done(req);

	if (e != OK)
		return e;
	a->req = req;
	a->n = a->columns = 0;
	a->begun = false;
	if (strcmp(req->content_type, "application/json") == 0)
		return answer_order(req, resp, a);
	if (strcmp(req->content_type, "text/csv") != 0)
		return ERR_MEDIA_TYPE;
	e = scan_csv(req, take_record, a);
	if (e == OK && !a->begun)
		scan_fault(req, 1, NULL, "empty", NULL, "表が空です。", "The table is empty.");
	if (e != OK || req->faults.total > 0)
		return ERR_INVALID;
	return answer_each(req, resp, a);
}
