/*
 * What comes of decisions, by the name that the tables give it: nothing of it stands without the
 * application that leads to it, it does stand with it, and it is undone where the table says so.
 * Plain SQL over the rows; no function of the engine is asked.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <check.h>

#include <base/util.h>
#include "walk.h"

/* An asset names its permission in this column: of one of the kinds, about it, in force. */
#define NAMES(table, key, column, about, kinds)                                                 \
	"SELECT a." key " || ' ' || a." column " FROM " table " a WHERE a." column " IS NOT NULL"  \
	" AND NOT EXISTS (SELECT FROM walk_granted r WHERE r.request_no = a." column               \
	" AND r.request_type IN (" kinds ") AND r." about " = a." key " AND r.institution ="       \
	" a.institution)"
/* … and not after it was taken back or has ended. */
#define NAMES_STILL(table, key, column, states)                                                 \
	"SELECT a." key " || ' ' || a." column " FROM " table " a JOIN request r ON r.request_no ="\
	" a." column " WHERE r.state IN (" states ")"

/* Offenders; each must find none.  walk_granted: applications that were once granted. */
static const struct {
	const char *effects; /* apart by spaces */
	const char *sql;
} checks[] = {
	{ "effect_escalate effect_second_leg",
	  "SELECT r.request_no FROM request r JOIN workflow_kind k ON k.code = r.request_type WHERE"
	  " (r.approver_office IS DISTINCT FROM k.approver OR r.escalated) AND r.submitted_at IS"
	  " NOT"
	  " NULL AND NOT EXISTS (SELECT FROM request_step s WHERE s.request = r.request_no AND"
	  " s.action = ANY (CASE WHEN r.escalated THEN '{escalate}'::text[] ELSE '{endorse}'"
	  " END))" },
	{ "effect_assign",
	  "SELECT r.request_no FROM request r WHERE r.assigned_to IS NOT NULL AND r.state NOT IN"
	  " ('draft', 'returned', 'withdrawn') AND r.assigned_to IS"
	  " DISTINCT FROM coalesce((SELECT s.given->>'person' FROM request_step s WHERE s.request ="
	  " r.request_no AND s.action = 'assign' ORDER BY s.position DESC LIMIT 1),"
	  " r.payload->>'receiver')" },
	{ "effect_appoint",
	  "SELECT o.office_no FROM role_assignment o WHERE o.appointment_request IS NOT NULL AND"
	  " NOT"
	  " EXISTS (SELECT FROM walk_granted r WHERE r.request_no = o.appointment_request AND"
	  " r.request_type = CASE o.office WHEN 'sysadmin' THEN 'appoint_sysadmin'"
	  " WHEN 'important_admin' THEN 'appoint_important_admin' ELSE o.office END"
	  " AND r.subject_person = o.person AND r.institution = o.institution"
	  " AND r.decided_by = o.appointed_by AND (r.payload->>'term_from')::date <="
	  " o.term_from)" },
	{ "effect_appoint", /* these come by an application alone, and one of each */
	  "SELECT o.office_no FROM role_assignment o WHERE o.office IN ('important_admin',"
	  " 'deputy_iso') AND o.appointment_request IS NULL UNION ALL SELECT min(office_no) FROM"
	  " role_assignment WHERE appointment_request IS NOT NULL GROUP BY appointment_request"
	  " HAVING count(*) > 1" },
	{ "effect_appoint",
	  "SELECT r.request_no FROM walk_granted r WHERE r.request_type IN ('appoint_sysadmin',"
	  " 'appoint_important_admin', 'deputy_iso') AND NOT EXISTS (SELECT FROM role_assignment o"
	  " WHERE o.appointment_request = r.request_no)" },
	{ "undo_appoint",
	  "SELECT o.office_no FROM role_assignment o JOIN request r ON r.request_no ="
	  " o.appointment_request WHERE r.state = 'revoked' AND o.revoked_on IS NULL" },
	{ "effect_important undo_important lapse_important",
	  "SELECT a.asset_no FROM asset a WHERE a.important_state = 'permitted' AND NOT EXISTS"
	  " (SELECT"
	  " FROM walk_granted r WHERE r.request_no = a.important_permit_request AND r.request_type"
	  " IN"
	  " ('important_new', 'important_convert') AND r.asset = a.asset_no AND r.state IN"
	  " ('approved',"
	  " 'completed'))" },
	{ "effect_important lapse_important",
	  NAMES("asset", "asset_no", "important_permit_request", "asset", "'important_new',"
		" 'important_convert'") },
	{ "effect_important effect_handover",
	  "SELECT a.asset_no || a.important_admin FROM asset a WHERE a.important_admin IS NOT NULL"
	  " AND"
	  " NOT EXISTS (SELECT FROM walk_granted r WHERE r.asset = a.asset_no AND (r.request_type"
	  " IN"
	  " ('important_new', 'important_convert') AND r.applicant = a.important_admin OR"
	  " r.request_type = 'handover' AND r.state = 'completed' AND r.payload->>'receiver' ="
	  " a.important_admin))" },
	{ "effect_important", /* the three documents of each permission */
	  "SELECT r.request_no || ' ' || d FROM walk_granted r CROSS JOIN unnest('{necessity,"
	  "emergency_contacts,catalogue}'::text[]) d WHERE r.request_type IN ('important_new',"
	  " 'important_convert', 'important_software') AND NOT EXISTS (SELECT FROM attachment t"
	  " WHERE"
	  " t.request = r.request_no AND t.kind = d) AND NOT (d = 'catalogue' AND EXISTS (SELECT"
	  " FROM"
	  " system_catalogue c WHERE c.asset = r.asset))" },
	{ "undo_important", /* what the permission was taken from does not run */
	  "SELECT a.asset_no FROM asset a WHERE a.important_state = 'revoked' AND a.state ="
	  " 'in_operation' AND a.important_required" },
	{ "effect_start",
	  "SELECT r.request_no FROM request r JOIN asset a ON a.asset_no = r.asset WHERE"
	  " r.request_type"
	  " = 'important_new' AND r.state = 'completed' AND (a.state = 'planned' OR"
	  " a.operation_started_on IS NULL OR r.valid_to IS NOT NULL)" },
	{ "effect_release",
	  "SELECT r.request_no FROM request r JOIN asset a ON a.asset_no = r.asset WHERE"
	  " r.request_type"
	  " = 'important_release' AND r.state = 'approved' AND a.important_permit_request IS NOT"
	  " NULL"
	  " AND NOT EXISTS (SELECT FROM request n WHERE n.request_no = a.important_permit_request"
	  " AND"
	  " n.decided_at > r.decided_at)" },
	{ "effect_release", /* no version of what is no important server stands as submitted */
	  "SELECT c.catalogue_no FROM system_catalogue c JOIN asset a ON a.asset_no = c.asset WHERE"
	  " c.status = 'submitted' AND a.important_state = 'not_applicable' AND EXISTS (SELECT FROM"
	  " request r WHERE r.asset = a.asset_no AND r.request_type = 'important_release' AND"
	  " r.state ="
	  " 'approved' AND r.decided_at > c.submitted_at)" },
	{ "effect_recheck", /* one draft for each order; its words are its applicant's */
	  "SELECT n::text FROM (SELECT (SELECT count(*) FROM request q WHERE q.automatic AND"
	  " q.request_type = 'qualification') - (SELECT count(*) FROM request_step s WHERE"
	  " s.action ="
	  " 'order_recheck')) x (n) WHERE n <> 0" },
	{ "effect_checked",
	  "SELECT s.step_no FROM request_step s JOIN request r ON r.request_no = s.request WHERE"
	  " s.action = 'rechecked' AND NOT EXISTS (SELECT FROM request q JOIN request_step d ON"
	  " d.request"
	  " = q.request_no AND d.result = s.result WHERE q.request_type = 'qualification' AND"
	  " q.state ="
	  " 'completed' AND q.payload->>'recheck' = r.request_no AND q.subject_person ="
	  " r.subject_person)" },
	{ "effect_replace",
	  "SELECT o.office_no FROM role_assignment o JOIN request r ON r.request_type = 'recheck'"
	  " AND"
	  " r.subject_person = o.person AND r.institution = o.institution JOIN request_step s ON"
	  " s.request = r.request_no AND s.to_state = 'approved' WHERE o.office ="
	  " 'important_admin' AND"
	  " o.revoked_on IS NULL AND o.appointed_on < s.acted_at::date" },
	{ "effect_installed",
	  "SELECT o.software_no FROM asset_software o WHERE NOT EXISTS (SELECT FROM request r WHERE"
	  " r.asset = o.asset AND r.request_type = 'important_software' AND r.state ="
	  " 'completed')" },
	{ "effect_installed",
	  "SELECT s.item_no::text FROM catalogue_software s JOIN system_catalogue c ON"
	  " c.catalogue_no ="
	  " s.catalogue WHERE s.permitted_request IS NOT NULL AND NOT EXISTS (SELECT FROM"
	  " walk_granted r"
	  " WHERE r.request_no = s.permitted_request AND r.request_type = 'important_software' AND"
	  " r.asset = c.asset)" },
	{ "effect_handover",
	  "SELECT r.request_no FROM request r WHERE r.request_type = 'handover' AND r.state ="
	  " 'completed' AND r.assigned_to IS DISTINCT FROM r.payload->>'receiver'" },
	{ "effect_removed",
	  "SELECT s.step_no FROM request_step s JOIN request r ON r.request_no = s.request WHERE"
	  " s.action"
	  " = 'report_removed' AND (r.state <> 'completed' OR EXISTS (SELECT FROM asset_user u"
	  " WHERE"
	  " u.asset = r.asset AND u.person = (SELECT c.given->>'outgoing' FROM request_step c WHERE"
	  " c.request = r.request_no AND c.action = 'confirm_handover')))" },
	{ "effect_non_issued", NAMES("asset", "asset_no", "non_issued_request", "asset",
				     "'non_issued_terminal'") },
	{ "effect_non_issued", NAMES("external_media", "media_no", "non_issued_request", "medium",
				     "'non_issued_media'") },
	{ "effect_non_issued",
	  "SELECT r.request_no FROM request r WHERE r.request_type IN ('non_issued_terminal',"
	  " 'non_issued_media') AND r.state = 'approved' AND NOT EXISTS (SELECT FROM asset a WHERE"
	  " a.asset_no = r.asset AND a.non_issued_request IS NOT NULL) AND NOT EXISTS (SELECT FROM"
	  " external_media m WHERE m.media_no = r.medium AND m.non_issued_request IS NOT NULL) AND"
	  " NOT"
	  " EXISTS (SELECT FROM request n WHERE n.request_type = r.request_type AND n.state IN"
	  " ('revoked',"
	  " 'expired', 'completed') AND n.decided_at > r.decided_at AND (n.asset = r.asset OR"
	  " n.medium ="
	  " r.medium))" },
	{ "undo_non_issued",
	  NAMES_STILL("asset", "asset_no", "non_issued_request", "'revoked'") },
	{ "undo_non_issued", NAMES_STILL("external_media", "media_no", "non_issued_request",
					 "'revoked'") },
	{ "effect_non_issued_ended"
	" effect_social_closed", /* the end of the use ends the permission */
	  "SELECT a.asset_no FROM asset a JOIN request_step s ON s.request IN"
	  " (a.non_issued_request,"
	  " a.sns_permit_request) JOIN request r ON r.request_no = s.request JOIN workflow_step w"
	  " ON"
	  " w.kind = r.request_type AND w.from_state = s.from_state AND w.action = s.action WHERE"
	  " w.effect IN ('effect_non_issued_ended', 'effect_social_closed')" },
	{ "effect_connection",
	  "SELECT c.connection_no FROM network_connection c WHERE NOT EXISTS (SELECT FROM"
	  " walk_granted r"
	  " WHERE r.request_no = c.request AND r.request_type = 'network_connection' AND"
	  " r.institution ="
	  " c.institution AND r.payload->>'network' = c.network AND r.decided_by = c.permitted_by"
	  " AND"
	  " (r.asset = c.asset OR r.payload->'more_assets' ? c.asset))" },
	{ "effect_connection",
	  "SELECT r.request_no FROM walk_granted r WHERE r.request_type = 'network_connection' AND"
	  " NOT"
	  " EXISTS (SELECT FROM network_connection c WHERE c.request = r.request_no AND c.asset ="
	  " r.asset)" },
	{ "effect_disconnect",
	  "SELECT c.connection_no FROM network_connection c JOIN request r ON r.request_no ="
	  " c.request"
	  " WHERE c.ended_on IS NULL AND r.state IN ('completed', 'revoked')" },
	{ "effect_software",
	  "SELECT l.allow_no FROM software_allowlist l WHERE NOT EXISTS (SELECT FROM walk_granted"
	  " r WHERE"
	  " r.request_no = l.request AND r.request_type = 'software_use' AND r.institution ="
	  " l.institution AND r.payload->>'software_name' = l.software_name AND"
	  " r.payload->>'target' ="
	  " l.target AND r.asset IS NOT DISTINCT FROM l.asset AND r.decided_by = l.approved_by)" },
	{ "effect_software",
	  "SELECT r.request_no FROM request r WHERE r.request_type = 'software_use' AND r.state"
	  " IN ('approved', 'completed') AND NOT EXISTS (SELECT FROM software_allowlist l WHERE"
	  " l.request ="
	  " r.request_no)" },
	{ "effect_reviewed", /* looked at when it was approved, and whenever it was reviewed */
	  "SELECT l.allow_no FROM software_allowlist l WHERE l.reviewed_on <> (SELECT"
	  " max(s.acted_at)::date FROM request_step s WHERE s.request = l.request AND (s.action ="
	  " 'review' OR s.to_state = 'approved'))" },
	{ "undo_software",
	  "SELECT l.allow_no FROM software_allowlist l JOIN request r ON r.request_no = l.request"
	  " WHERE"
	  " r.state = 'revoked'" },
	{ "effect_cloud", NAMES("asset", "asset_no", "cloud_approval_request", "asset",
				"'cloud_use'") },
	{ "effect_cloud effect_join", /* one of a service, and of a unit that joins it, at a time */
	  "SELECT min(r.request_no) FROM request r WHERE r.request_type IN ('cloud_use',"
	  " 'cloud_join') AND r.state = 'approved' GROUP BY r.request_type, coalesce(r.asset,"
	  " r.payload->>'service'), r.payload->>'unit' HAVING count(*) > 1" },
	{ "effect_join", /* it reaches no further than what it joined, and no longer */
	  "SELECT r.request_no FROM request r WHERE r.request_type = 'cloud_join' AND r.state ="
	  " 'approved' AND NOT EXISTS (SELECT FROM asset a JOIN request p ON p.request_no ="
	  " a.cloud_approval_request WHERE a.asset_no = r.payload->>'service' AND p.asset ="
	  " a.asset_no AND p.request_type = 'cloud_use' AND p.state = 'approved' AND a.state IN"
	  " ('planned', 'in_operation', 'suspended') AND a.unit <> r.payload->>'unit' AND"
	  " (r.payload->>'confidentiality')::int <= (p.payload->>'max_confidentiality')::int AND"
	  " (a.cloud_ismap IN ('ismap', 'ismap_liu') OR p.payload->>'ismap' = 'not_listed'))" },
	{ "effect_delisted", /* one draft for each service that is listed no more */
	  "SELECT n::text FROM (SELECT (SELECT count(*) FROM request q WHERE q.automatic AND"
	  " q.request_type = 'cloud_use') - (SELECT count(*) FROM request_step s WHERE s.action ="
	  " 'delisted')) x (n) WHERE n <> 0" },
	{ "effect_cloud_ended",
	  "SELECT a.asset_no FROM asset a WHERE a.cloud_ended_on IS NOT NULL AND NOT EXISTS"
	  " (SELECT FROM"
	  " request r JOIN request_step s ON s.request = r.request_no AND s.to_state = 'completed'"
	  " WHERE"
	  " r.asset = a.asset_no AND r.request_type = 'cloud_use')" },
	{ "effect_social", NAMES("asset", "asset_no", "sns_permit_request", "asset",
				 "'social_media'") },
	{ "undo_social",
	  NAMES_STILL("asset", "asset_no", "sns_permit_request", "'revoked'") },
	{ "effect_mail", NAMES("asset", "asset_no", "mail_auth_exemption_request", "asset",
			       "'mail_auth_exemption'") },
	{ "undo_mail", NAMES_STILL("asset", "asset_no", "mail_auth_exemption_request",
				   "'revoked'") },
	{ "effect_log_period undo_log_period", /* the newest decision that stands, or the default */
	  "SELECT i.code || ' ' || i.min_log_days_other FROM institution i WHERE"
	  " i.min_log_days_other <>"
	  " coalesce((SELECT (r.payload->>'days')::int FROM request r WHERE r.request_type ="
	  " 'log_period' AND r.institution = i.code AND r.state = 'approved' ORDER BY (SELECT"
	  " max(s.acted_at) FROM request_step s WHERE s.request = r.request_no AND s.to_state ="
	  " 'approved') DESC LIMIT 1), 30)" },
	{ "effect_area undo_area", /* controlled exactly while a designation stands */
	  "SELECT g.code FROM area g WHERE g.is_controlled <> EXISTS (SELECT FROM walk_granted r"
	  " WHERE r.request_type = 'area_designation' AND r.institution = g.institution"
	  " AND r.payload->>'area' = g.code AND r.state = 'approved')" },
	{ "effect_area",
	  "SELECT g.code FROM area g WHERE g.is_controlled AND NOT EXISTS (SELECT FROM"
	  " walk_granted r"
	  " WHERE r.request_type = 'area_designation' AND r.payload->>'area' = g.code AND"
	  " r.applicant ="
	  " g.identified_by AND r.decided_by = g.designated_by)" },
	{ "effect_exception",
	  "SELECT x.exception_no FROM exception_grant x WHERE NOT EXISTS (SELECT FROM walk_granted"
	  " r WHERE"
	  " r.request_no = x.request AND r.request_type = 'exception' AND r.rule = x.rule AND"
	  " r.asset IS"
	  " NOT DISTINCT FROM x.asset AND r.medium IS NOT DISTINCT FROM x.medium AND r.unit IS NOT"
	  " DISTINCT FROM x.unit AND r.decided_office IN ('inst_ciso', 'ciso') AND x.valid_to <="
	  " r.valid_to)" },
	{ "effect_exception",
	  "SELECT r.request_no FROM walk_granted r WHERE r.request_type = 'exception' AND (SELECT"
	  " count(*) FROM exception_grant x WHERE x.request = r.request_no) <> 1" },
	{ "undo_exception",
	  "SELECT x.exception_no FROM exception_grant x JOIN request r ON r.request_no = x.request"
	  " WHERE"
	  " (r.state = 'revoked') <> (x.revoked_on IS NOT NULL)" },
	{ "effect_disposal",
	  "SELECT d.disposal_no FROM disposal_record d WHERE NOT EXISTS (SELECT FROM request r"
	  " WHERE"
	  " r.request_type = 'disposal' AND r.state = 'completed' AND r.institution ="
	  " d.institution AND"
	  " r.asset IS NOT DISTINCT FROM d.asset AND r.medium IS NOT DISTINCT FROM d.medium AND"
	  " r.decided_by = d.confirmed_by AND r.payload->>'method' = d.method)" },
	{ "effect_disposal", /* of what holds anything that could be erased */
	  "SELECT a.no FROM (SELECT asset_no, state FROM asset WHERE internal_media_encryption <>"
	  " 'no_media' UNION ALL SELECT media_no, state FROM external_media) a (no, state) WHERE"
	  " a.state IN ('sanitised', 'disposed') AND NOT EXISTS"
	  " (SELECT FROM request r WHERE r.request_type = 'disposal' AND r.state = 'completed' AND"
	  " coalesce(r.asset, r.medium) = a.no)" },
	{ "effect_reported",
	  "SELECT r.request_no FROM request r WHERE (r.reported_upward_at IS NOT NULL) <> EXISTS"
	  " (SELECT"
	  " FROM request_step s WHERE s.request = r.request_no AND s.action = 'report_upward')" },
	{ "effect_transfer",
	  "SELECT a.asset_no FROM asset a WHERE a.state = 'transferred' AND NOT EXISTS (SELECT FROM"
	  " request r WHERE r.request_type = 'transfer' AND r.state = 'completed' AND r.asset ="
	  " a.asset_no)" },
	{ "effect_transfer", /* one line there, with none of the permits; void here */
	  "SELECT r.request_no FROM request r WHERE r.request_type = 'transfer' AND r.state ="
	  " 'completed' AND (SELECT count(*) FROM asset a WHERE a.institution ="
	  " r.payload->>'to_institution' AND a.note LIKE '%(' || r.request_no || ')%') <> 1 UNION"
	  " ALL"
	  " SELECT q.request_no FROM request q JOIN request t ON t.asset = q.asset AND"
	  " t.request_type ="
	  " 'transfer' AND t.state = 'completed' WHERE q.request_type <> 'transfer' AND q.state ="
	  " 'approved' AND q.decided_at < t.decided_at AND EXISTS (SELECT FROM workflow_step s"
	  " WHERE"
	  " s.kind = q.request_type AND s.from_state = q.state AND s.action = 'void')" },
	{ "effect_refused", /* an order stands on the finding of what was refused, no other */
	  "SELECT f.rule || ' ' || f.asset FROM finding f WHERE f.instruction IS NOT NULL AND NOT"
	  " EXISTS"
	  " (SELECT FROM request r WHERE r.asset = f.asset AND r.request_type ="
	  " 'important_convert' AND"
	  " r.state = 'rejected' AND r.decided_by = f.instructed_by AND f.rule = 'IMP-01')" },
	{ "effect_raise", /* counts from the day on which it is applied for */
	  "SELECT r.request_no FROM request r LEFT JOIN asset a ON a.asset_no = r.asset LEFT JOIN"
	  " external_media m ON m.media_no = r.medium WHERE r.request_type = 'rating_review' AND"
	  " r.state IN ('submitted', 'reviewing', 'blocked', 'awaiting_confirmation') AND"
	  " (r.payload->>'confidentiality')::int > coalesce(a.confidentiality,"
	  " m.confidentiality)" },
	{ "effect_rating effect_lower_again", /* see walk_history.c: it may change in many ways */
	  "SELECT a.asset_no FROM asset a WHERE (a.rating_status = 'confirmed') <> (a.rating_by IS"
	  " NOT"
	  " NULL)" },
};

/* A row names its application, and the application has ended since: where the table names what an
 * end brings about (undo, lapse), the row names it no more. */
static const char lapsed_sql[] =
	"SELECT x.no || ' ' || r.request_no || ' ' || r.state FROM (SELECT asset_no, v FROM asset,"
	" unnest(ARRAY[important_permit_request, non_issued_request, sns_permit_request,"
	" mail_auth_exemption_request]) v UNION ALL SELECT media_no, non_issued_request FROM"
	" external_media) x (no, v) JOIN request r ON r.request_no = x.v JOIN request_step s ON"
	" s.request"
	" = r.request_no AND s.to_state = r.state JOIN workflow_step w ON w.kind = r.request_type"
	" AND"
	" w.action = s.action AND w.from_state = s.from_state WHERE r.state IN ('expired',"
	" 'revoked')"
	" AND w.effect IS NOT NULL AND w.effect <> 'undo_important'";

/* Where the tables know of it: a connection ends with its asset; what takes no term has none. */
static const char connected_sql[] =
	"SELECT c.connection_no FROM network_connection c JOIN asset a ON a.asset_no = c.asset"
	" WHERE"
	" c.ended_on IS NULL AND a.state IN ('retired', 'lost', 'sanitised', 'disposed') AND EXISTS"
	" (SELECT FROM workflow_step w WHERE w.kind = 'network_connection' AND w.action ="
	" 'disconnected')";
static const char termless_sql[] =
	"SELECT r.request_no FROM request r JOIN workflow_kind k ON k.code = r.request_type WHERE"
	" k.term"
	" = 'none' AND r.valid_to IS NOT NULL AND r.state NOT IN ('draft', 'returned',"
	" 'withdrawn') AND"
	" NOT EXISTS (SELECT FROM workflow_step w JOIN workflow_kind o ON o.code = w.kind WHERE"
	" o.term ="
	" 'none' AND w.decides AND 'term' = ANY (w.takes))";

static void
find_none(struct walk *w, const char *what, const char *sql)
{
	PGresult *res = walk_read(w, sql, WALK_NONE);

	ck_assert_msg(PQntuples(res) == 0, "seed %llu, up to act %ld: %s: %s (%d of them)\n%s",
		      (unsigned long long)w->seed, w->acts, what, PQgetvalue(res, 0, 0),
		      PQntuples(res), sql);
}

/* Each effect that a table names is asked for here: what is added there gets its line here. */
static void
judge_names(struct walk *w)
{
	PGresult *res = walk_read(w, "SELECT DISTINCT effect FROM workflow_step WHERE effect IS NOT"
				  " NULL ORDER BY 1", WALK_NONE);
	char name[100];
	size_t i;
	int n;

	for (n = 0; n < PQntuples(res); n++) {
		snprintf(name, sizeof(name), " %s ", PQgetvalue(res, n, 0));
		for (i = 0; i < ARRAY_SIZE(checks); i++)
			if (strstr(arena_printf(w->arena, " %s ", checks[i].effects), name) != NULL)
				break;
		ck_assert_msg(i < ARRAY_SIZE(checks), "nothing in walk_effects.c asks what comes of"
			      "%s", name);
	}
}

void
walk_judge_effects(struct walk *w)
{
	size_t i;

	judge_names(w);
	for (i = 0; i < ARRAY_SIZE(checks); i++)
		find_none(w, checks[i].effects, checks[i].sql);
	find_none(w, "ended", lapsed_sql);
	find_none(w, "connected", connected_sql);
	find_none(w, "a term where there is none", termless_sql);
}
