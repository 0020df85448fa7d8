/* Findings: how many there are, those of one row, the pass on demand, and 整備指示. */
#include <string.h>

#include <base/json.h>
#include <ledger/findings.h>
#include <ledger/query.h>
#include "handlers.h"
#include "records.h"
#include "table.h"

/* ---- of one row ------------------------------------------------------------------------- */

/* Also of what belongs to the asset or the medium. */
static enum err
ask_row(struct request *req, const struct ledger *l, PGresult **ret)
{
	const char *mine = l->id == LEDGER_ASSET ? "f.asset = $1" :
		l->id == LEDGER_MEDIA ? "f.medium = $1" : "f.object = $1 AND f.ledger = $3";
	struct tx_args args = { .n = 3, .v = { req->capture[0],
		req->lang == LANG_EN ? "en" : "ja", l->table } };

	return tx_once(&req->tx, arena_printf(req->arena,
		"SELECT f.finding_no, f.rule, f.ledger, f.object, f.severity, m.field, m.clause,"
		" m.own_number, CASE $2 WHEN 'en' THEN m.en ELSE m.ja END AS message, to_char("
		"f.opened_at AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS.US\"Z\"') AS opened_at,"
		" f.due_on, f.exception, f.instruction, f.instruction_due_on"
		" FROM finding f JOIN rule_message m ON m.code = f.rule"
		" WHERE %s AND $3::text IS NOT NULL AND f.closed_at IS NULL ORDER BY"
		" array_position('{error,warning,info}', f.severity), f.rule, f.object", mine),
		&args, ret);
}

/* [{"column":…,"label":…,"clause":…,"code":"COL-…"}]; how many. */
static size_t
put_missing(struct request *req, const struct ledger *l, const char *names, struct buf *b)
{
	const char *p = names;
	struct buf name;
	size_t n = 0;

	buf_init(&name, 256);
	for (; array_next(&p, &name); n++) {
		const struct field *f = ledger_field(l, buf_text(&name));

		buf_adds(b, n == 0 ? "{\"column\":" : ",{\"column\":");
		json_put_cstring(b, f->name);
		buf_adds(b, ",\"label\":");
		json_put_cstring(b, f->label);
		buf_adds(b, ",\"clause\":");
		json_put_cstring(b, f->clause);
		buf_adds(b, ",\"code\":");
		json_put_cstring(b, arena_printf(req->arena, "COL-%s", f->name));
		buf_addc(b, '}');
	}
	buf_release(&name);
	return n;
}

enum err
findings_of_row(struct request *req, struct response *resp)
{
	const struct ledger *l = req->route->arg;
	struct buf *b = &resp->body;
	PGresult *lacks, *res;
	size_t needed, missing;
	enum err e = request_args_done(req);

	if (e == OK)
		e = store_missing(app_of(req)->store, &req->tx, l, req->capture[0],
				  req->grant.scope, &lacks);
	if (e == OK)
		e = ask_row(req, l, &res);
	if (e != OK)
		return e;
	buf_adds(b, "{\"items\":[");
	table_put_rows(res, ",", b);
	buf_adds(b, "],\"missing\":[");
	missing = put_missing(req, l, PQgetvalue(lacks, 0, 0), b);
	needed = (size_t)tx_int(lacks, 0, 1);
	buf_addf(b, "],\"completeness\":%zu}\n", needed == 0 ? 100 :
		 100 * (needed - missing) / needed);
	return OK;
}

/* ---- counts ----------------------------------------------------------------------------- */

static const char *const counted[] = { "rule", "institution", "unit", "severity", "ledger", NULL };

/* "rule,unit" → columns of the answer; each once. */
static enum err
read_by(struct request *req, const char **ret)
{
	const char *by = request_arg(req, "by"), *p = by == NULL ? "rule" : by, *text = "";
	bool taken[ARRAY_SIZE(counted)] = { false };

	for (;;) {
		size_t n = strcspn(p, ","), i = 0;

		while (counted[i] != NULL && (strlen(counted[i]) != n ||
					      strncmp(counted[i], p, n) != 0))
			i++;
		if (counted[i] == NULL || taken[i]) {
			request_arg_fault(req, "by", "unknown_choice",
				"rule、institution、unit、severity、ledger を、それぞれ1回まで指定できます。",
				"Each of rule, institution, unit, severity, ledger at most once.");
			return ERR_BAD_QUERY;
		}
		taken[i] = true;
		text = arena_printf(req->arena, "%s%s%s", text, text[0] == '\0' ? "" : ", ",
				    counted[i]);
		if (p[n] == '\0')
			break;
		p += n + 1;
	}
	*ret = text;
	return OK;
}

/* Conditions as of the list; what only a page has makes no sense here. */
static enum err
read_conditions(struct request *req, struct list_query *q)
{
	static const char *const paging[] = { "sort", "fields", "limit", "cursor", NULL };
	enum err e = OK, one;
	size_t i;

	for (i = 0; i < req->arg_count; i++) {
		struct query_arg *a = &req->args[i];

		if (a->used || str_in(a->name, paging))
			continue;
		a->used = true;
		one = list_query_add(q, a->name, a->value, &req->faults);
		if (one != OK)
			e = one;
	}
	one = request_args_done(req);
	return e != OK ? e : one;
}

enum err
findings_counts(struct request *req, struct response *resp)
{
	struct list_query *q = arena_alloc(req->arena, sizeof(*q));
	enum table_format format = TABLE_JSON;
	const char *by;
	PGresult *res;
	enum err e = table_format(req, &format), columns = read_by(req, &by), query;

	list_query_init(q, req->route->arg, req->arena, req->grant.scope);
	query = read_conditions(req, q);
	if (e == OK)
		e = columns != OK ? columns : query;
	if (e == OK)
		e = tx_once(&req->tx, arena_printf(req->arena, "SELECT %s, count(*) AS findings,"
			" count(*) FILTER (WHERE exception IS NOT NULL) AS excepted,"
			" count(*) FILTER (WHERE exception IS NULL AND closed_at IS NULL"
			"  AND least(due_on, instruction_due_on) < act_today()) AS overdue"
			" FROM finding WHERE %s GROUP BY %s ORDER BY %s", by, list_query_where(q),
			by, by), &q->args, &res);
	if (e != OK)
		return e;
	table_answer(req, resp, res, "finding-counts", format);
	return OK;
}

/* ---- the pass --------------------------------------------------------------------------- */

/* What has come of it, as far as the act sees: the pass has judged the rows of all 機関. */
static enum err
answer_pass(struct request *req, struct response *resp)
{
	static const char sql[] =
		"SELECT rule_family(rule) AS family,"
		" count(*) FILTER (WHERE opened_at = act_now()) AS opened,"
		" count(*) FILTER (WHERE closed_at = act_now()) AS closed,"
		" count(*) FILTER (WHERE closed_at IS NULL) AS open"
		" FROM finding WHERE closed_at IS NULL OR closed_at = act_now()"
		" GROUP BY 1 ORDER BY 1";
	PGresult *res;
	enum err e = tx_run(&req->tx, sql, NULL, &res);

	if (e != OK)
		return e;
	table_answer(req, resp, res, NULL, TABLE_JSON);
	return OK;
}

enum err
findings_refresh(struct request *req, struct response *resp)
{
	struct findings_report report;
	bool mine = !req->tx.open;
	enum err e = request_args_done(req);

	if (e == OK && mine)
		e = tx_begin(&req->tx);
	if (e != OK)
		return e;
	e = findings_pass(&req->tx, 0, NULL, &report);
	if (e == ERR_STATE)
		req->detail = "another pass is under way";
	if (e == OK)
		e = answer_pass(req, resp);
	if (!mine)
		return e;
	if (e == OK)
		return tx_commit(&req->tx);
	tx_rollback(&req->tx);
	return e;
}

/* ---- 整備指示 --------------------------------------------------------------------------- */

/* {"comment": text, "due_on": day}; all faults at once. */
static enum err
read_instruction(struct request *req, const char **ret_comment, const char **ret_due)
{
	const struct field fields[] = {
		{ .name = "comment", .type = FT_TEXT, .max = 2000, .flags = FF_LINES,
		  .clause = "3.4.1(2)③" },
		{ .name = "due_on", .type = FT_DATE, .clause = "3.4.1(2)③" },
	};
	const char **values[] = { ret_comment, ret_due }, *why, *name;
	json_t *j, *value;
	size_t i;
	enum err e = json_read(req->arena, req->body, req->body_len, &j, &why);

	if (e != OK) {
		req->detail = why;
		return e;
	}
	if (!json_is_object(j))
		return ERR_INVALID;
	for (i = 0; i < ARRAY_SIZE(fields); i++) {
		value = json_object_get(j, fields[i].name);
		*values[i] = NULL;
		if (value != NULL && !value_from_json(&fields[i], req->arena, value, &req->faults,
						      values[i]))
			e = ERR_INVALID;
		else if (*values[i] == NULL) {
			value_fault(&req->faults, &fields[i], 0, "required", NULL,
				    "必須の項目です。", "This member is required.");
			e = ERR_INVALID;
		}
	}
	json_object_foreach(j, name, value) {
		struct fault f = { .field = name, .code = "unknown_member",
			.ja = "ここでは使えない項目です。", .en = "Not a member of this request." };

		if (strcmp(name, fields[0].name) == 0 || strcmp(name, fields[1].name) == 0)
			continue;
		faults_add(&req->faults, &f);
		e = ERR_INVALID;
	}
	return e;
}

/* Nothing was ordered: the finding has another version by now, or is closed. */
static enum err
why_not(struct request *req, const char *version, PGresult **ret)
{
	enum err e = store_get(app_of(req)->store, &req->tx, &ledger_finding, req->capture[0],
			       req->grant.read_scope, ret);

	if (e != OK)
		return e;
	if (strcmp(row_version(&ledger_finding, *ret, 0), version) != 0)
		return ERR_PRECONDITION_FAILED;
	req->detail = "the finding is closed";
	return ERR_STATE;
}

static enum err
instruct(struct request *req, const char *version, PGresult **ret)
{
	const struct store *store = app_of(req)->store;
	struct tx_args args = { .n = 4, .v = { req->capture[0], version } };
	enum err e = read_instruction(req, &args.v[2], &args.v[3]);

	/* whoever cannot see it is told nothing; whoever can may still not be in a position to */
	if (e == OK)
		e = store_get(store, &req->tx, &ledger_finding, req->capture[0],
			      req->grant.read_scope, ret);
	if (e == OK)
		e = tx_once(&req->tx, arena_printf(req->arena, "/* orders */ SELECT %s FROM "
			"finding_instruct($1, $2, $3, $4)", store_columns(store, LEDGER_FINDING)),
			&args, ret);
	if (e == ERR_RULES && req->tx.detail != NULL)
		rule_faults(req->arena, req->tx.detail, &req->faults);
	return e == OK && PQntuples(*ret) == 0 ? why_not(req, version, ret) : e;
}

enum err
findings_instruct(struct request *req, struct response *resp)
{
	const char *version;
	PGresult *res = NULL;
	enum err e = request_args_done(req);

	if (e == OK)
		e = request_if_match(req, &version);
	if (e == OK)
		e = instruct(req, version, &res);
	if (e == ERR_FORBIDDEN) {
		req->detail = "only the 情報セキュリティ責任者 of the 機関, the 統括情報セキュリティ責任者, "
			"or a deputy with this power in the range given";
		return e;
	}
	return records_answer_change(req, resp, e, res);
}
