#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <check.h>

#include <base/util.h>
#include "walk.h"

/* Of three the one that the walk has reached least. */
static json_t *
rare_kind(struct walk *w)
{
	size_t n = json_array_size(w->kinds), best = walk_random(w, n), other, i;

	for (i = 0; i < 2; i++) {
		other = walk_random(w, n);
		if (w->reached[other] < w->reached[best])
			best = other;
	}
	return json_array_get(w->kinds, best);
}

/* Mostly one who may. */
static const char *
applicant(struct walk *w, json_t *kind, const char *institution)
{
	json_t *offices = json_object_get(kind, "applicants");
	const char *office = json_string_value(json_array_get(offices, walk_random(w,
		json_array_size(offices)))), *who = NULL;

	if (strcmp(office, "*") != 0 && walk_chance(w, 92))
		who = walk_holder(w, office, institution);
	return who == NULL ? walk_person(w, institution) : who;
}

static const char *
about(struct walk *w, const char *kind, const char *institution)
{
	const char *who = NULL;

	if (strcmp(kind, "appoint_important_admin") == 0 && walk_chance(w, 80))
		who = walk_one_of(w, "SELECT r.subject_person FROM request r WHERE r.request_type ="
			" 'qualification' AND r.state = 'completed' AND r.institution = $1"
			" ORDER BY r.request_no DESC LIMIT 4", WALK_ARGS(institution));
	else if (strcmp(kind, "recheck") == 0)
		who = walk_holder(w, "important_admin", institution);
	else if (strcmp(kind, "qualification") == 0 && walk_chance(w, 80))
		who = walk_holder(w, "sysadmin", institution);
	return who == NULL ? walk_person(w, institution) : who;
}

/* The exception is from a rule of the ledger; some are from one that knows none. */
static const char *
rule(struct walk *w, json_t *subject)
{
	if (walk_chance(w, 5))
		return walk_one_of(w, "SELECT code FROM rule ORDER BY 1", WALK_NONE);
	return walk_one_of(w, "SELECT code FROM rule WHERE ledger = $1 AND mode = 'F' ORDER BY 1",
			   WALK_ARGS(json_object_get(subject, "medium") != NULL ?
				     "external_media" : "asset"));
}

static json_t *
document(struct walk *w, json_t *kind, const char *institution)
{
	const char *code = walk_text(kind, "code"), *subject = walk_text(kind, "subject"),
		*term = walk_text(kind, "term"), *who = NULL;
	json_t *doc;

	if (strcmp(subject, "person") == 0) {
		who = about(w, code, institution);
		doc = json_pack("{s:s}", "subject_person", who);
	} else {
		doc = walk_subject(w, code, subject, institution);
	}
	if (doc == NULL)
		return NULL;
	if (strcmp(code, "exception") == 0)
		json_object_set_new(doc, "rule", json_string(rule(w, doc)));
	json_object_set_new(doc, "request_type", json_string(code));
	json_object_set_new(doc, "institution", json_string(institution));
	json_object_set_new(doc, "payload", walk_payload(w, kind, institution, who));
	if (!walk_chance(w, 2))
		json_object_set_new(doc, "reason", json_string("必要のため"));
	if (strcmp(term, "must") == 0 || (strcmp(term, "may") == 0 && walk_chance(w, 50)) ||
	    walk_chance(w, 2))
		json_object_set_new(doc, "valid_to", json_string(walk_day(w, 1 +
			(int)walk_random(w, walk_chance(w, 80) ? 14 : 400))));
	if (walk_chance(w, 4))
		json_object_set_new(doc, "valid_from", json_string(walk_day(w,
			(int)walk_random(w, 8) - 3)));
	if (walk_chance(w, 90))
		json_object_set_new(doc, "performed_by_contractor",
				    json_boolean(walk_chance(w, 50)));
	if (walk_chance(w, 15))
		json_object_set_new(doc, "on_behalf_of", json_string(walk_person(w, institution)));
	return doc;
}

/* 添付文書 with a byte, as the daemon stores one. */
static void
attach(struct walk *w, const char *no, const char *kind, const char *applicant)
{
	const char *version = walk_cell(w, "SELECT row_version FROM request WHERE request_no = $1",
					WALK_ARGS(no));
	const char *file = walk_cell(w, "SELECT 'Z' || lpad(nextval('attachment_no')::text, 8,"
	" '0')",
				     WALK_NONE);
	const char *doc = walk_json(w, json_pack("{s:s, s:s, s:s, s:s, s:i, s:i}", "attachment_no",
		file, "kind", kind, "file_name", "x.pdf", "sha256",
		"e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855", "size_bytes", 1,
		"confidentiality", 2));
	static const char quota[] = "1000000000";

	walk_as(w, applicant, "", NULL);
	walk_note(w, "attach", applicant, doc);
	PQclear(PQexec(w->app, "BEGIN"));
	if (walk_try(w, "SELECT attachment_no FROM request_attach($1, $2::jsonb, $3)",
		     WALK_ARGS(no, doc, version))) {
		walk_try(w, "SELECT attachment_begin($1, 'aes256gcm', 'k', decode(repeat('00', 60),"
			 " 'hex'), 1, $2::bigint)", WALK_ARGS(file, quota));
		walk_try(w, "SELECT attachment_put($1, 0, decode(repeat('00', 17), 'hex'))",
			 WALK_ARGS(file));
		walk_try(w, "SELECT attachment_end($1, $2::bigint)", WALK_ARGS(file, quota));
	}
	PQclear(PQexec(w->app, "COMMIT"));
	ck_assert_int_eq(PQtransactionStatus(w->app), PQTRANS_IDLE);
}

/* The documents that the submission asks for, and a NAS when it is erased. */
static void
attach_all(struct walk *w, json_t *kind, const char *no, const char *applicant)
{
	json_t *steps = json_object_get(kind, "steps"), *s, *d;
	size_t i, k;

	json_array_foreach(steps, i, s)
		if (strcmp(walk_text(s, "action"), "submit") == 0)
			json_array_foreach(json_object_get(s, "documents"), k, d)
				if (!walk_chance(w, 3))
					attach(w, no, json_string_value(d), applicant);
	if (strcmp(walk_text(kind, "code"), "disposal") == 0 && walk_chance(w, 60))
		attach(w, no, "erasure_log", applicant);
}

/* Submits it, with those that follow; another may have been quicker (another version). */
static void
submit(struct walk *w, const char *no, const char *applicant, bool chain)
{
	const char *version = walk_chance(w, 3) ? "0" : walk_cell(w, "SELECT row_version FROM"
		" request WHERE request_no = $1", WALK_ARGS(no));

	w->acts++;
	walk_as(w, applicant, "", walk_chance(w, 5) ? "walk" : NULL);
	walk_note(w, "submit", applicant, no);
	walk_try(w, chain ? "SELECT request_no FROM request_submit_chain($1, $2)" :
		 "SELECT request_no FROM request_act($1, 'submit', '{}', $2)",
		 WALK_ARGS(no, version));
}

/* Much hangs on this office, and only the longest way leads to it. */
static bool
lacks_administrators(struct walk *w)
{
	const char *held = walk_cell(w, "SELECT count(DISTINCT o.person) < 2 FROM role_assignment"
		" o JOIN person p ON p.login = o.person AND p.active WHERE o.office ="
		" 'important_admin'"
		" AND o.institution = 'hoshi' AND o.revoked_on IS NULL AND (o.term_to IS NULL OR"
		" o.term_to >= $1)", WALK_ARGS(walk_day(w, 0)));

	return strcmp(held, "t") == 0;
}

void
walk_file(struct walk *w)
{
	/* the end of the longest way */
	json_t *kind = walk_chance(w, 8) ? walk_kind(w, "handover") : walk_chance(w, 60) ?
		rare_kind(w) :
		json_array_get(w->kinds, walk_random(w, json_array_size(w->kinds)));
	const char *institution = walk_chance(w, 92) ? "hoshi" : "umi",
		*who = applicant(w, kind, institution), *no, *text;
	json_t *doc;

	if (walk_chance(w, 35) && lacks_administrators(w)) {
		walk_bundle(w);
		return;
	}
	/* nothing to join yet */
	if (strcmp(walk_text(kind, "code"), "cloud_join") == 0 &&
	    walk_approved_service(w, institution) == NULL)
		kind = walk_kind(w, "cloud_use");
	doc = document(w, kind, institution);
	if (doc == NULL)
		return;
	w->acts++;
	text = walk_json(w, doc);
	walk_as(w, who, "", walk_chance(w, 3) ? "walk" : NULL);
	walk_note(w, "create", who, text);
	if (!walk_try(w, "SELECT request_no FROM request_create($1::jsonb)", WALK_ARGS(text)))
		return;
	no = w->answer;
	attach_all(w, kind, no, who);
	if (walk_chance(w, 80))
		submit(w, no, who, walk_chance(w, 30));
}

/* The whole way to a new 重要サーバ in one go: its check, its appointment, its permission. */
void
walk_bundle(struct walk *w)
{
	const char *institution = "hoshi", *who = walk_holder(w, "sysadmin", institution);
	const char *no, *text;
	const char *last = walk_chance(w, 50) ? "important_new" : "important_convert";
	json_t *server = walk_subject(w, last, "asset", institution);
	json_t *docs;

	if (who == NULL || server == NULL) {
		json_decref(server);
		return;
	}
	json_object_update_new(server, json_pack("{s:s,"
	" s:s}", "request_type", last, "reason", "x"));
	docs = json_pack("[{s:s, s:s, s:s, s:{s:s}}, {s:s, s:s, s:s, s:{s:s, s:s}}, o]",
		"request_type", "qualification", "subject_person", who, "reason", "x", "payload",
		"skills", "研修", "request_type", "appoint_important_admin", "subject_person", who,
		"reason", "x", "payload", "scope_note", "x", "term_from", walk_day(w, 0), server);
	w->acts++;
	text = walk_json(w, docs);
	walk_as(w, who, "", NULL);
	walk_note(w, "bundle", who, text);
	if (!walk_try(w, "SELECT string_agg(request_no, ' ' ORDER BY request_no) FROM"
		      " request_bundle($1::jsonb)", WALK_ARGS(text)) || w->answer == NULL)
		return;
	no = arena_dup(w->arena, w->answer, strcspn(w->answer, " "));
	attach_all(w, walk_kind(w, last), strrchr(w->answer, ' ') + 1, who);
	submit(w, no, who, walk_chance(w, 95));
}
