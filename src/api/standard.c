/* The standard as data: its clauses, and the rules that cite them. */
#include <string.h>

#include "arguments.h"
#include "handlers.h"
#include "table.h"

enum err
clauses_list(struct request *req, struct response *resp)
{
	static const char *const chapters[] = { "1", "2", "3", "4", "5", "6", "7", "別表", "別紙",
		NULL };
	static const char sql[] =
		"SELECT edition, clause, chapter, parent, title_ja, title_en, own_number,"
		" own_title_ja, own_title_en FROM clause_shown"
		" WHERE ($1::text IS NULL OR chapter = $1)"
		" AND ($2::text IS NULL OR starts_with(clause, $2))"
		" AND ($3::text IS NULL OR search_key(ARRAY[clause, title_ja, title_en, own_number,"
		"  own_title_ja, own_title_en]) LIKE search_like($3)) ORDER BY position";
	enum table_format format = TABLE_JSON;
	struct tx_args args = { .n = 3 };
	PGresult *res;
	enum err e = table_format(req, &format);
	enum err chapter = argument_choice(req, "chapter", chapters, false, &args.v[0]);

	args.v[1] = request_arg(req, "clause");
	args.v[2] = request_arg(req, "q");
	if (e == OK)
		e = chapter;
	if (e == OK)
		e = request_args_done(req);
	if (e == OK)
		e = tx_once(&req->tx, sql, &args, &res);
	if (e == OK)
		table_answer(req, resp, res, "clauses", format);
	return e;
}

/*
 * A clause with the edition that it stands in, and the rules that cite it or what stands below it.
 * One of several duties under one printed number is cited by that number.
 */
enum err
clauses_get(struct request *req, struct response *resp)
{
	static const char sql[] =
		"WITH RECURSIVE below (clause) AS ("
		" SELECT $1::text COLLATE \"C\""
		" UNION SELECT parent FROM clause WHERE clause = $1 AND clause ~ '-\\d+$'"
		" UNION SELECT c.clause FROM clause c JOIN below b ON c.parent = b.clause"
		"), cited AS ("
		" SELECT DISTINCT r.code FROM rule_clause r JOIN below b ON b.clause = r.clause"
		") SELECT s.clause, s.chapter, s.parent, s.title_ja, s.title_en, s.own_number,"
		" s.own_title_ja, s.own_title_en, to_jsonb(e) AS edition,"
		" coalesce((SELECT jsonb_agg(c.clause ORDER BY c.position) FROM clause c"
		"  WHERE c.parent = s.clause), '[]') AS below,"
		" coalesce((SELECT jsonb_agg(jsonb_build_object('code', r.code, 'ledger', r.ledger,"
		"  'mode', r.mode, 'severity', r.severity, 'field', r.field, 'clause', r.clause,"
		"  'ja', m.ja, 'en', m.en) ORDER BY r.code)"
		"  FROM cited JOIN rule r ON r.code = cited.code"
		"  JOIN rule_message m ON m.code = r.code), '[]') AS rules"
		" FROM clause_shown s JOIN edition e ON e.code = s.edition WHERE s.clause = $1";
	struct tx_args args = { .n = 1, .v = { req->capture[0] } };
	PGresult *res;
	enum err e = request_args_done(req);

	if (e == OK)
		e = tx_once(&req->tx, sql, &args, &res);
	if (e == OK && PQntuples(res) == 0)
		e = ERR_NOT_FOUND;
	if (e != OK)
		return e;
	table_put_rows(res, ",", &resp->body);
	buf_addc(&resp->body, '\n');
	return OK;
}

enum err
rules_list(struct request *req, struct response *resp)
{
	static const char *const modes[] = { "R", "G", "F", NULL };
	static const char *const severities[] = { "error", "warning", "info", NULL };
	static const char sql[] =
		"SELECT r.code, split_part(r.code, '-', 1) AS family, r.ledger, r.mode, r.severity,"
		" r.field, r.clause, r.due, m.own_number, m.ja, m.en"
		" FROM rule r JOIN rule_message m ON m.code = r.code"
		" WHERE ($1::text IS NULL OR r.mode = $1) AND ($2::text IS NULL OR r.severity = $2)"
		" AND ($3::text IS NULL OR split_part(r.code, '-', 1) = $3)"
		" AND ($4::text IS NULL OR r.ledger = $4) ORDER BY r.code";
	enum table_format format = TABLE_JSON;
	struct tx_args args = { .n = 4 };
	PGresult *res;
	enum err e = table_format(req, &format);
	enum err mode = argument_choice(req, "mode", modes, false, &args.v[0]);
	enum err severity = argument_choice(req, "severity", severities, false, &args.v[1]);

	args.v[2] = request_arg(req, "family");
	args.v[3] = request_arg(req, "ledger");
	if (e == OK)
		e = mode != OK ? mode : severity;
	if (e == OK)
		e = request_args_done(req);
	if (e == OK)
		e = tx_once(&req->tx, sql, &args, &res);
	if (e == OK)
		table_answer(req, resp, res, "rules", format);
	return e;
}
