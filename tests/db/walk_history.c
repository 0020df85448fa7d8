/*
 * When what comes of a decision came to stand: by the log of the database, where the changes of
 * rows and the steps stand in one order.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <check.h>

#include <base/util.h>
#include "walk.h"

/*
 * walk_log: what each change made of a row, and what it was before; rows that the walk itself put
 * in (operation: fixture) are left out.  walk_steps: the steps, where they stand in the log.
 */
static const char log_sql[] =
	"CREATE TEMP TABLE walk_log AS SELECT * FROM (SELECT id, xid, object_type AS type, object"
	" AS no,"
	" action, operation, after AS now, lag(after) OVER (PARTITION BY object_type, object ORDER"
	" BY"
	" id) AS was FROM audit_event WHERE action <> 'read') x WHERE operation IS DISTINCT FROM"
	" 'fixture'";
static const char steps_sql[] =
	"CREATE TEMP TABLE walk_steps AS SELECT e.id, e.xid, s.*, r.request_type AS kind,"
	" coalesce(r.asset, r.medium) AS about, r.payload FROM audit_event e JOIN request_step s ON"
	" s.step_no = e.object JOIN request r ON r.request_no = s.request WHERE e.object_type ="
	" 'request_step'";

/* No row names an application that had not been granted by then, whatever the column is called. */
static const char before_sql[] =
	"SELECT l.type || ' ' || l.no || ' ' || f.key || ' ' || f.value FROM walk_log l CROSS JOIN"
	" jsonb_each_text(l.now) f WHERE l.type IN ('asset', 'external_media',"
	" 'network_connection',"
	" 'software_allowlist', 'exception_grant', 'role_assignment', 'catalogue_software',"
	" 'disposal_record') AND (f.key = 'request' OR f.key LIKE '%\\_request') AND f.value LIKE"
	" 'R%'"
	" AND NOT EXISTS (SELECT FROM walk_steps s WHERE s.request = f.value AND s.id < l.id AND"
	" s.to_state IN ('approved', 'completed'))";

/* A change of this kind is part of the act of one of these steps. */
#define COMES_WITH(change, steps)                                                              \
	"SELECT l.type || ' ' || l.no || ' ' || l.id FROM walk_log l WHERE " change " AND NOT"    \
	" EXISTS (SELECT FROM walk_steps s WHERE s.xid = l.xid AND s.id < l.id AND (" steps "))"

static const struct {
	const char *what, *sql;
} checks[] = {
	{ "a permission as important server",
	  COMES_WITH("l.type = 'asset' AND l.now->>'important_state' = 'permitted' AND l.was->>"
		     "'important_state' IS DISTINCT FROM 'permitted'",
		     "s.kind IN ('important_new', 'important_convert') AND s.to_state = 'approved'"
		     " AND"
		     " s.about = l.no") },
	{ "the end of one",
	  COMES_WITH("l.type = 'asset' AND l.was->>'important_state' = 'permitted' AND"
		     " l.now->>'important_state' <> 'permitted'",
		     "s.about = l.no AND (s.kind = 'important_release' AND s.to_state = 'approved'"
		     " OR"
		     " s.kind IN ('important_new', 'important_convert') AND s.to_state IN"
		     " ('revoked',"
		     " 'expired') OR s.kind = 'transfer' AND s.to_state = 'completed')") },
	{ "an administrator of an important server",
	  COMES_WITH("l.type = 'asset' AND l.now->>'important_admin' IS DISTINCT FROM"
		     " l.was->>'important_admin' AND l.action = 'update'",
		     "s.about = l.no AND (s.kind LIKE 'important\\_%' AND s.to_state = 'approved'"
		     " OR"
		     " s.kind IN ('handover', 'transfer') AND s.to_state = 'completed' OR"
		     " s.to_state ="
		     " 'expired')") },
	{ "operation of an important server in preparation",
	  COMES_WITH("l.type = 'asset' AND l.was->>'state' = 'planned' AND l.now->>'state' ="
		     " 'in_operation' AND (l.now->>'important_required')::boolean AND"
		     " l.now->>'important_state' <> 'permitted'", "false") },
	{ "installed although the server was permitted no more",
	  "SELECT s.step_no FROM walk_steps s WHERE s.kind = 'important_software' AND s.to_state ="
	  " 'completed' AND (SELECT l.now->>'important_state' FROM walk_log l WHERE l.type ="
	  " 'asset' AND"
	  " l.no = s.about AND l.id < s.id ORDER BY l.id DESC LIMIT 1) <> 'permitted'" },
	{ "software of an important server",
	  COMES_WITH("l.type = 'asset_software'",
		     "s.kind = 'important_software' AND s.to_state = 'completed' AND s.about ="
		     " l.now->>'asset'") },
	{ "a confirmed rating",
	  COMES_WITH("l.type IN ('asset', 'external_media') AND l.now->>'rating_status' ="
	  " 'confirmed'"
		     " AND (l.was->>'rating_status' = 'provisional' OR l.was->>'confidentiality' <>"
		     " l.now->>'confidentiality')"
		     /* submitted again with nothing raised */
		     " AND NOT EXISTS (SELECT FROM walk_steps q WHERE q.xid = l.xid AND q.kind ="
		     " 'rating_review' AND q.action = 'resubmit' AND q.about = l.no)",
		     "s.kind = 'rating_review' AND s.about = l.no AND (s.to_state = 'approved' AND"
		     " s.payload->>'confidentiality' = l.now->>'confidentiality' OR s.to_state IN"
		     " ('returned', 'rejected', 'withdrawn') AND EXISTS (SELECT FROM"
		     " walk_log b WHERE b.no = l.no AND b.id < l.id AND b.was->>'rating_status' ="
		     " 'confirmed' AND b.was->>'confidentiality' = l.now->>'confidentiality' AND"
		     " b.was->>'rating_on' IS NOT DISTINCT FROM l.now->>'rating_on'))") },
	{ "raised, refused, and not as it was before",
	  "SELECT s.step_no FROM walk_steps s CROSS JOIN LATERAL (SELECT t.given->'raise' AS did"
	  " FROM request_step t JOIN walk_steps b ON b.step_no = t.step_no WHERE b.request ="
	  " s.request AND b.action IN ('submit', 'resubmit', 'return') AND b.id < s.id ORDER BY"
	  " b.id DESC LIMIT 1) t CROSS JOIN LATERAL (SELECT l.now FROM walk_log l WHERE l.no ="
	  " s.about AND l.type IN ('asset', 'external_media') AND (l.id < s.id OR l.xid = s.xid)"
	  " ORDER BY l.id DESC LIMIT 1) l WHERE s.kind = 'rating_review' AND s.action IN"
	  " ('return', 'reject', 'refuse', 'withdraw') AND l.now->>'state' <> 'transferred' AND"
	  " l.now->>'rating_status' = 'provisional' AND l.now @> (t.did->'raised') AND NOT l.now @>"
	  " ((t.did->'before') - 'rating_proposed_by')" },
	{ "a confirmed rating that is lowered",
	  "SELECT l.no FROM walk_log l WHERE l.type IN ('asset', 'external_media') AND"
	  " l.was->>'rating_status' = 'confirmed' AND (l.now->>'confidentiality')::int <"
	  " (l.was->>'confidentiality')::int AND NOT EXISTS (SELECT FROM walk_steps s WHERE s.xid ="
	  " l.xid AND s.kind = 'rating_review')" },
	{ "an exception, a disposal, a connection, software, an office",
	  COMES_WITH("l.action = 'insert' AND l.type IN ('exception_grant', 'disposal_record',"
		     " 'network_connection', 'software_allowlist')",
		     "s.to_state IN ('approved', 'completed') AND s.request = coalesce("
		     " l.now->>'request', s.request) AND s.kind = CASE l.type WHEN"
		     " 'exception_grant'"
		     " THEN 'exception' WHEN 'disposal_record' THEN 'disposal' WHEN"
		     " 'network_connection' THEN l.type ELSE 'software_use' END") },
	{ "an area, the days of logs",
	  COMES_WITH("l.action = 'update' AND (l.type = 'area' AND l.now->>'is_controlled' <>"
		     " l.was->>'is_controlled' OR l.type = 'institution' AND"
		     " l.now->>'min_log_days_other' <> l.was->>'min_log_days_other')",
		     "s.kind IN ('area_designation', 'log_period') AND s.to_state IN ('approved',"
		     " 'revoked')") },
	{ "a transfer",
	  COMES_WITH("l.type = 'asset' AND (l.now->>'state' = 'transferred' AND l.was->>'state' <>"
		     " 'transferred' OR l.action = 'insert')",
		     "s.kind = 'transfer' AND s.to_state = 'completed'") },
	{ "a draft that the register makes of a demand",
	  COMES_WITH("l.type = 'request' AND l.action = 'insert' AND"
	  " (l.now->>'automatic')::boolean AND"
		     " l.now->>'request_type' IN ('qualification', 'handover')",
		     "s.kind = 'recheck' AND s.action IN ('order_recheck', 'approve',"
		     " 'confirm')") },
	{ "erased",
	  COMES_WITH("l.type IN ('asset', 'external_media') AND l.now->>'state' = 'sanitised' AND"
		     " l.was->>'state' <> 'sanitised' AND l.now->>'internal_media_encryption' IS"
		     " DISTINCT FROM 'no_media'",
		     "s.kind = 'disposal' AND s.to_state = 'completed' AND s.about = l.no") },
	/* bound to what was seen: 2.1(2)⑫(a) */
	{ "decided over something else than was submitted",
	  "SELECT s.step_no || ' ' || c FROM walk_steps s CROSS JOIN LATERAL (SELECT max(b.id) AS"
	  " id FROM"
	  " walk_steps b WHERE b.request = s.request AND b.action IN ('submit', 'resubmit') AND"
	  " b.id <"
	  " s.id) b JOIN walk_log l ON l.no = s.about AND l.type IN ('asset', 'external_media')"
	  " AND l.id"
	  " > b.id AND l.id < s.id JOIN workflow_watched w ON w.ledger = l.type CROSS JOIN unnest("
	  " w.columns) c WHERE s.to_state IN ('approved', 'completed') AND s.from_state NOT IN"
	  " ('approved', 'completed') AND l.now->c IS DISTINCT FROM l.was->c" },
};

void
walk_judge_history(struct walk *w)
{
	PGresult *res;
	size_t i;

	walk_read(w, log_sql, WALK_NONE);
	walk_read(w, steps_sql, WALK_NONE);
	walk_read(w, "CREATE INDEX ON walk_log (no, id)", WALK_NONE);
	walk_read(w, "ANALYZE walk_log, walk_steps", WALK_NONE);
	for (i = 0; i < ARRAY_SIZE(checks); i++) {
		res = walk_read(w, checks[i].sql, WALK_NONE);
	ck_assert_msg(PQntuples(res) == 0, "seed %llu, up to act %ld: %s: %s (%d of them)\n%s",
			      (unsigned long long)w->seed, w->acts, checks[i].what,
			      PQgetvalue(res, 0, 0), PQntuples(res), checks[i].sql);
	}
	res = walk_read(w, before_sql, WALK_NONE);
	ck_assert_msg(PQntuples(res) == 0, "seed %llu, up to act %ld: named before it was granted:"
	" %s",
		      (unsigned long long)w->seed, w->acts, PQgetvalue(res, 0, 0));
}
