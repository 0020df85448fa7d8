/* 棚卸し: campaigns with their figures, answers, and who has not answered (2.2(1), 2.1(2)④(f)). */
#include <string.h>

#include <base/json.h>
#include <ledger/query.h>
#include "handlers.h"
#include "inventories.h"
#include "members.h"
#include "records.h"
#include "table.h"

static enum err
find(struct request *req, PGresult **ret)
{
	return store_get(app_of(req)->store, &req->tx, &ledger_inventory, req->capture[0],
			 req->grant.read_scope, ret);
}

/* No ETag: the figures change and the version of the campaign does not. */
enum err
inventories_get(struct request *req, struct response *resp)
{
	static const struct field_mask all = { .all = true };
	struct tx_args args = { .n = 1, .v = { req->capture[0] } };
	PGresult *res, *totals;
	struct buf row;
	enum err e = request_args_done(req);

	if (e == OK)
		e = find(req, &res);
	if (e == OK)
		e = tx_once(&req->tx, "SELECT inventory_totals($1)", &args, &totals);
	if (e != OK)
		return e;
	buf_init(&row, 64 * 1024);
	row_put_json(store_form(app_of(req)->store, LEDGER_INVENTORY), &all, res, 0, &row);
	/* the figures are one member more */
	buf_add(&resp->body, buf_text(&row), row.len - 1);
	buf_addf(&resp->body, ",\"totals\":%s}\n", PQgetvalue(totals, 0, 0));
	buf_release(&row);
	return OK;
}

enum err
inventories_close(struct request *req, struct response *resp)
{
	static const char sql[] =
		"UPDATE inventory SET closed_on = act_today(), row_version = row_version + 1,"
		" updated_by = acting_person(), updated_at = now()"
		" WHERE inventory_no = $1 AND institution = ANY($2) AND row_version::text = $3";
	struct tx_args args = { .n = 3, .v = { req->capture[0], req->grant.scope } };
	const char *reason;
	PGresult *res = NULL;
	enum err e = request_args_done(req);

	if (e == OK)
		e = request_if_match(req, &args.v[2]);
	if (e == OK)
		e = members_values(req, &closing_field, 1, &reason);
	if (e != OK)
		return e;
	req->tx.ctx.reason = reason;
	e = store_change(app_of(req)->store, &req->tx, &ledger_inventory, sql, &args, &req->faults,
		      &res);
	return records_answer_change(req, resp, e, res);
}

/* The conditions of the list of what is outstanding; each may be absent. */
enum { O_LEDGER, O_UNIT, O_PERSON, O__MAX };

static const char *const conditions[O__MAX] = {
	[O_LEDGER] = "ledger", [O_UNIT] = "unit", [O_PERSON] = "person",
};

#define WHERE_OUTSTANDING                                                                     \
	"FROM inventory_expected($1) r WHERE ($2::text IS NULL OR r.ledger = $2)"             \
	" AND ($3::text IS NULL OR r.unit = $3) AND ($4::text IS NULL OR r.person = $4)"

/*
 * Columns answer and note are empty: the table can be filled in and sent back as answers.  A page
 * takes one row more than the limit.
 */
static const char rows_sql[] =
	"SELECT r.ledger, r.key, r.name, r.unit, r.person, r.person_name, r.area, r.last_on,"
	" r.confidentiality, NULL::text AS answer, NULL::text AS note " WHERE_OUTSTANDING
	" AND NOT r.answered AND ($5::text IS NULL OR (r.ledger, r.key) > ($5, $6))"
	" ORDER BY r.ledger COLLATE \"C\", r.key COLLATE \"C\" LIMIT $7::bigint";

static const char persons_sql[] =
	"SELECT r.person, r.person_name, count(*) AS expected,"
	" count(*) FILTER (WHERE r.answered) AS answered,"
	" count(*) FILTER (WHERE NOT r.answered) AS outstanding " WHERE_OUTSTANDING
	" GROUP BY 1, 2 HAVING count(*) FILTER (WHERE NOT r.answered) > 0"
	" ORDER BY outstanding DESC, 1";

/* Names of 機密性3以上 were read (6.6(2)②). */
static enum err
note_reading(struct request *req, int64_t count, const char *institution)
{
	static const char sql[] = "/* writes */ SELECT audit_read('inventory', $1, $2, 0, "
		"jsonb_build_object('count', $3::bigint, 'query', 'outstanding'))";
	struct tx_args args = { .n = 3, .v = { req->capture[0], institution,
		arena_printf(req->arena, "%lld", (long long)count) } };

	return count == 0 ? OK : tx_once(&req->tx, sql, &args, NULL);
}

/* "assets:A00000001" */
static enum err
read_cursor(struct request *req, struct tx_args *args)
{
	const char *cursor = request_arg(req, "cursor"), *colon;

	args->v[4] = args->v[5] = NULL;
	if (cursor == NULL)
		return OK;
	colon = strchr(cursor, ':');
	if (colon == NULL)
		return ERR_BAD_CURSOR;
	args->v[4] = arena_dup(req->arena, cursor, (size_t)(colon - cursor));
	args->v[5] = colon + 1;
	return OK;
}

static enum err
answer_page(struct request *req, struct response *resp, PGresult *rows, int64_t limit)
{
	const char *next = NULL;
	int i, n = PQntuples(rows);

	if (n > limit) {
		n = (int)limit;
		next = arena_printf(req->arena, "%s:%s", PQgetvalue(rows, n - 1, 0),
				    PQgetvalue(rows, n - 1, 1));
		response_header(resp, "Link", list_next_link(req, next));
	}
	buf_adds(&resp->body, "{\"items\":[");
	for (i = 0; i < n; i++) {
		buf_adds(&resp->body, i == 0 ? "" : ",");
		table_put_row(rows, i, &resp->body);
	}
	buf_adds(&resp->body, "],\"next\":");
	json_put_cstring(&resp->body, next);
	buf_adds(&resp->body, "}\n");
	return OK;
}

static enum err
answer_rows(struct request *req, struct response *resp, struct tx_args *args, int64_t limit,
	    const char *institution)
{
	PGresult *rows;
	int64_t high = 0;
	int i;
	enum err e;

	args->n = 7;
	args->v[6] = arena_printf(req->arena, "%lld", (long long)limit + 1);
	e = tx_once(&req->tx, rows_sql, args, &rows);
	if (e != OK)
		return e;
	for (i = 0; i < PQntuples(rows) && i < limit; i++)
		high += tx_int(rows, i, PQfnumber(rows, "confidentiality")) >= 3;
	e = note_reading(req, high, institution);
	return e == OK ? answer_page(req, resp, rows, limit) : e;
}

/* All rows, however many; a table without rows still has its header. */
static enum err
write_rows(struct request *req, struct response *resp, struct tx_args *args, bool csv,
	   const char *institution)
{
	int64_t rows, high;
	PGresult *none;
	struct buf header;
	enum err e;

	args->v[6] = NULL;
	e = table_run(&req->tx, rows_sql, args, csv, resp->fd, &rows, &high);
	if (e == OK && rows == 0 && csv) {
		args->v[6] = "0";
		e = tx_run(&req->tx, rows_sql, args, &none);
		if (e != OK)
			return e;
		buf_init(&header, 4096);
		table_put_csv(none, &header);
		e = table_flush(&header, resp->fd);
		buf_release(&header);
	}
	return e == OK ? note_reading(req, high, institution) : e;
}

static enum err
answer_file(struct request *req, struct response *resp, struct tx_args *args, bool csv,
	    const char *institution)
{
	enum err e;

	args->n = 7;
	resp->fd = spool_open(req->service); /* closed with the response, whatever happens */
	if (resp->fd < 0)
		return ERR_INTERNAL;
	table_file_headers(req, resp, "outstanding", csv ? TABLE_CSV : TABLE_NDJSON);
	e = tx_begin(&req->tx);
	if (e == OK)
		e = write_rows(req, resp, args, csv, institution);
	if (e == OK)
		return tx_commit(&req->tx);
	tx_rollback(&req->tx);
	return e;
}

static enum err
answer_persons(struct request *req, struct response *resp, struct tx_args *args,
	       enum table_format format)
{
	PGresult *rows;
	enum err e;

	args->n = 4;
	e = tx_once(&req->tx, persons_sql, args, &rows);
	if (e != OK)
		return e;
	table_answer(req, resp, rows, "outstanding-by-person", format);
	return OK;
}

enum err
inventories_outstanding(struct request *req, struct response *resp)
{
	const char *by = request_arg(req, "by"), *institution;
	enum table_format format = TABLE_JSON;
	struct tx_args args = { .n = 4, .v = { req->capture[0] } };
	int64_t limit = LIST_LIMIT_DEFAULT;
	PGresult *res;
	size_t i;
	enum err e = table_format(req, &format), one;

	for (i = 0; i < O__MAX; i++)
		args.v[i + 1] = request_arg(req, conditions[i]);
	if (by != NULL && strcmp(by, "person") != 0) {
		request_arg_fault(req, "by", "unknown_choice", "person だけが使えます。", "person.");
		e = ERR_BAD_QUERY;
	}
	one = request_arg_int(req, "limit", 1, LIST_LIMIT_MAX, LIST_LIMIT_DEFAULT, &limit);
	e = e == OK ? one : e;
	one = read_cursor(req, &args);
	e = e == OK ? one : e;
	one = request_args_done(req);
	e = e == OK ? one : e;
	if (e == OK)
		e = find(req, &res);
	if (e != OK)
		return e;
	if (by != NULL)
		return answer_persons(req, resp, &args, format);
	institution = PQgetvalue(res, 0, PQfnumber(res, "institution"));
	return format == TABLE_JSON ? answer_rows(req, resp, &args, limit, institution) :
		answer_file(req, resp, &args, format == TABLE_CSV, institution);
}
