#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <check.h>

#include <base/util.h>
#include "walk.h"

#define DAY 86400

/* ---- offices come and go --------------------------------------------------------------------- */

/* Whom only the machine's own administrator enters, and who appoints the others. */
static const struct {
	const char *office, *by; /* NULL: nobody by the daemon */
} offices[] = {
	{ "ciso", NULL }, { "inst_ciso", NULL }, { "inst_ciso", NULL }, { "iso", "inst_ciso" },
	{ "iso", "inst_ciso" }, { "ism", "iso" }, { "ism", "iso" }, { "sysadmin", "inst_ciso" },
	{ "csirt_leader", "inst_ciso" }, { "csirt_member", "inst_ciso" },
	{ "qualification_checker", "inst_ciso" }, { "deputy_iso", "inst_ciso" },
};

static void
enter(struct walk *w, const char *office, const char *institution)
{
	walk_as(w, NULL, "", NULL);
	walk_read(w, "INSERT INTO role_assignment (person, office, institution, term_from,"
		  " appointed_by) VALUES ($1, $2, $3, act_today(), 'chief')",
		  WALK_ARGS(walk_person(w, institution), office,
			    strcmp(office, "ciso") == 0 ? NULL : institution));
}

static void
strike(struct walk *w, const char *office, const char *institution)
{
	const char *no = walk_one_of(w, "SELECT office_no FROM role_assignment WHERE office = $1"
	" AND"
		" (institution = $2 OR institution IS NULL) AND revoked_on IS NULL ORDER BY 1",
		WALK_ARGS(office, institution));

	walk_as(w, NULL, "", NULL);
	walk_read(w, "UPDATE role_assignment SET revoked_on = act_today(), revoke_reason = 'x',"
		  " row_version = row_version + 1 WHERE office_no = $1", WALK_ARGS(no));
}

static void
appoint(struct walk *w, size_t at, const char *institution)
{
	const char *by = walk_holder(w, offices[at].by, institution), *text;
	bool ism = strcmp(offices[at].office, "ism") == 0;
	json_t *doc;

	if (by == NULL)
		return;
	doc = json_pack("{s:s, s:s, s:s, s:s, s:s, s:s}", "person", walk_person(w, institution),
		"office", offices[at].office, "institution", institution, "scope_note", "x",
		"term_from", walk_day(w, 0), "appointed_by", by);
	if (ism)
		json_object_set_new(doc, "unit", json_string(arena_printf(w->arena, "%s-%s",
			institution, walk_chance(w, 60) ? "its" : "adm")));
	if (walk_chance(w, 30))
		json_object_set_new(doc, "term_to", json_string(walk_day(w,
			(int)walk_random(w, 90))));
	text = walk_json(w, doc);
	walk_as(w, by, offices[at].by, NULL);
	walk_note(w, "appoint", by, text);
	walk_try(w, "SELECT office_no FROM office_appoint($1::jsonb)", WALK_ARGS(text));
}

static void
dismiss(struct walk *w, size_t at, const char *institution)
{
	const char *by = walk_holder(w, offices[at].by, institution), *no;

	no = walk_one_of(w, "SELECT office_no FROM role_assignment WHERE office = $1 AND"
			 " institution = $2 AND revoked_on IS NULL ORDER BY 1",
			 WALK_ARGS(offices[at].office, institution));
	if (by == NULL || no == NULL)
		return;
	walk_as(w, by, offices[at].by, NULL);
	walk_note(w, "dismiss", by, no);
	walk_try(w, "SELECT office_no FROM office_revoke($1, (SELECT row_version::text FROM"
		 " role_assignment WHERE office_no = $1), NULL, 'x')", WALK_ARGS(no));
}

/* Where nobody is left somebody comes, and where many are one goes. */
static void
office(struct walk *w)
{
	size_t at = walk_random(w, ARRAY_SIZE(offices));
	const char *institution = walk_chance(w, 80) ? "hoshi" : "umi", *text;
	long held;
	bool comes;

	text = walk_cell(w, "SELECT count(DISTINCT person) FROM role_assignment WHERE office = $1"
	" AND"
			 " (institution = $2 OR institution IS NULL) AND revoked_on IS NULL AND"
			 " (term_to IS NULL OR term_to >="
			 " $3)", WALK_ARGS(offices[at].office, institution,
			 walk_day(w, 0)));
	held = strtol(text, NULL, 10);
	comes = held == 0 || (held < 4 && walk_chance(w, 50));
	w->acts++;
	if (offices[at].by == NULL && comes)
		enter(w, offices[at].office, institution);
	else if (offices[at].by == NULL)
		strike(w, offices[at].office, institution);
	else if (comes)
		appoint(w, at, institution);
	else
		dismiss(w, at, institution);
}

/* Persons leave, and come back; the systems of one go to another. */
static void
absence(struct walk *w)
{
	const char *by, *successor;

	w->acts++;
	if (walk_chance(w, 30)) {
		by = walk_holder(w, "iso", "hoshi");
		successor = walk_holder(w, "sysadmin", "hoshi");
		if (by == NULL || successor == NULL)
			return;
		walk_as(w, by, "iso", NULL);
		walk_try(w, "SELECT transfer_duties($1, $2)", WALK_ARGS(walk_person(w, "hoshi"),
			 successor));
		return;
	}
	walk_as(w, NULL, "", NULL);
	if (walk_chance(w, 65))
		walk_read(w, "UPDATE person SET active = true WHERE NOT active", WALK_NONE);
	else
		walk_read(w, "UPDATE person p SET active = false WHERE p.login = $1 AND NOT EXISTS"
		" (SELECT"
			  " FROM asset a WHERE a.sysadmin = p.login AND a.state IN ('planned',"
			  " 'in_operation', 'suspended'))", WALK_ARGS(walk_person(w, "hoshi")));
}

/* ---- what it is about changes ---------------------------------------------------------------- */

static const struct {
	const char *sql, *office;
} edits[] = {
	{ "users_text = 'x' || $2::text", "sysadmin" }, { "users_text = 'x' ||"
	" $2::text", "sysadmin" },
	{ "operator = left(institution, 1) || $2::text::int % 4", "sysadmin" },
	{ "confidentiality = 3, confidentiality_basis = 'c3_management', users_text ="
	" $2", "sysadmin" },
	{ "important_manual = NOT coalesce(important_manual, false), important_manual_reason = 'x',"
	  " users_text = $2", "iso" },
	{ "important_manual = false, users_text = $2", "iso" },
};

static void
edit_row(struct walk *w)
{
	const char *no = walk_one_of(w, "SELECT asset FROM request WHERE asset IS NOT NULL"
		" ORDER BY request_no DESC LIMIT 25", WALK_NONE), *who, *text;
	size_t at = walk_random(w, ARRAY_SIZE(edits));

	if (no == NULL)
		return;
	w->acts++;
	who = strcmp(edits[at].office, "iso") == 0 ? walk_holder(w, "iso", "hoshi") :
		walk_cell(w, "SELECT sysadmin FROM asset WHERE asset_no = $1", WALK_ARGS(no));
	text = arena_printf(w->arena, "%ld", w->acts);
	walk_as(w, who, edits[at].office, NULL);
	walk_note(w, "edit", who, no);
	walk_try(w, arena_printf(w->arena, "UPDATE asset SET %s, row_version = row_version + 1"
		 " WHERE asset_no = $1 RETURNING asset_no", edits[at].sql), WALK_ARGS(no, text));
}

/* The applicant's own words, or those of somebody else. */
static void
edit_request(struct walk *w)
{
	PGresult *res = walk_read(w, "SELECT request_no, row_version, applicant, request_type,"
		" subject_person, institution FROM request WHERE state IN ('draft', 'returned')"
		" ORDER BY request_no DESC LIMIT 20", WALK_NONE);
	const char *who, *text, *version;
	json_t *doc;
	int i;

	if (PQntuples(res) == 0)
		return;
	w->acts++;
	i = (int)walk_random(w, (uint64_t)PQntuples(res));
	who = walk_chance(w, 85) ? PQgetvalue(res, i, 2) : walk_person(w, "hoshi");
	version = walk_chance(w, 5) ? "0" : PQgetvalue(res, i, 1);
	doc = json_pack("{s:s}", "reason", arena_printf(w->arena, "理由%ld", w->acts));
	if (walk_chance(w, 50))
		json_object_set_new(doc, "payload", walk_payload(w, walk_kind(w, PQgetvalue(res, i,
			3)), PQgetvalue(res, i, 5), PQgetvalue(res, i, 4)));
	if (walk_chance(w, 20))
		json_object_set_new(doc, "on_behalf_of", json_string(walk_person(w, "hoshi")));
	if (walk_chance(w, 30))
		json_object_set_new(doc, "valid_to", json_string(walk_day(w, 10)));
	text = walk_json(w, doc);
	walk_as(w, who, "", NULL);
	walk_note(w, "edit", who, text);
	walk_try(w, "SELECT request_no FROM request_edit($1, $2::jsonb, $3)",
		 WALK_ARGS(PQgetvalue(res, i, 0), text, version));
}

/* An act of the row's life, of those that lead from its state. */
static void
live(struct walk *w)
{
	bool media = walk_chance(w, 20);
	const char *ledger = media ? "external_media" : "asset",
		*key = media ? "media_no" : "asset_no", *no, *who, *what;

	no = walk_one_of(w, arena_printf(w->arena, "SELECT %s FROM %s ORDER BY 1 DESC LIMIT"
	" 30", key,
					 ledger), WALK_NONE);
	if (no == NULL)
		return;
	what = walk_one_of(w, arena_printf(w->arena, "SELECT action FROM life JOIN %s a ON"
		" a.state = from_state WHERE ledger = $1 AND offices <> '{}' AND a.%s = $2 ORDER BY"
		" sort", ledger, key), WALK_ARGS(ledger, no));
	if (what == NULL)
		return;
	w->acts++;
	who = walk_chance(w, 20) ? walk_holder(w, "csirt_member", "hoshi") :
		walk_cell(w, arena_printf(w->arena, "SELECT sysadmin FROM %s WHERE %s = $1", ledger,
					  key), WALK_ARGS(no));
	walk_as(w, who, walk_chance(w, 20) ? "csirt_member" : "sysadmin", NULL);
	walk_note(w, what, who, no);
	walk_try(w, arena_printf(w->arena, "SELECT %s FROM %s_act($1, $2, '{}', (SELECT"
		 " row_version::text FROM %s WHERE %s = $1))", key, ledger, ledger, key),
		 WALK_ARGS(no, what));
}

/* ---- システム構成カタログ -------------------------------------------------------------------- */

static const char whole[] =
	"{\"hardware\": [{\"item\": \"x\"}], \"services\": [{\"service\": \"x\"}],"
	" \"network\": [{\"host\": \"x\"}], \"accounts\": [{\"account\": \"x\"}],"
	" \"data_held\": [{\"data\": \"x\"}]}";
static const char products[] =
	"[{\"place\": 1, \"software_name\": \"nginx\", \"version\": \"1.%d.0\", \"type\": \"deb\","
	" \"purpose\": \"x\", \"vendor\": \"x\", \"origin\": \"form\"}]";

static void
draft_catalogue(struct walk *w, const char *no, const char *version)
{
	switch (walk_random(w, 6)) {
	case 0:
		walk_try(w, "SELECT catalogue_no FROM catalogue_discard($1, $2)",
			 WALK_ARGS(no, version));
		return;
	case 1:
		walk_try(w, "SELECT catalogue_no FROM catalogue_edit($1, $2::jsonb, $3)",
			 WALK_ARGS(no, walk_chance(w, 80) ? whole : "{\"hardware\": []}", version));
		return;
	case 2:
	case 3:
		walk_try(w, "SELECT catalogue_software_put($1, $2::jsonb, $3, $4::boolean, 100)",
			 WALK_ARGS(no, arena_printf(w->arena, products, 20 + 2 *
				   (int)walk_random(w, 4)), version,
				   walk_chance(w, 50) ? "t" : "f"));
		return;
	default:
		walk_try(w, "SELECT catalogue_no FROM catalogue_hand_in($1, $2)",
			 WALK_ARGS(no, version));
	}
}

/* Of a server that is or may become an important one; what there is none of yet begins whole. */
static void
catalogue(struct walk *w)
{
	PGresult *res = walk_read(w, "SELECT a.asset_no, a.sysadmin, c.catalogue_no, c.row_version"
		" FROM asset a LEFT JOIN system_catalogue c ON c.asset = a.asset_no AND c.status ="
		" 'draft' WHERE a.important_state <> 'not_applicable' ORDER BY 1 DESC LIMIT 20",
		WALK_NONE);
	const char *who;
	int i;

	if (PQntuples(res) == 0)
		return;
	w->acts++;
	i = (int)walk_random(w, (uint64_t)PQntuples(res));
	who = PQgetvalue(res, i, 1);
	walk_as(w, who, "sysadmin", NULL);
	walk_note(w, "catalogue", who, PQgetvalue(res, i, 0));
	if (!PQgetisnull(res, i, 2)) {
		draft_catalogue(w, PQgetvalue(res, i, 2), PQgetvalue(res, i, 3));
		return;
	}
	if (walk_try(w, "SELECT catalogue_no FROM catalogue_create($1, NULL, $2::jsonb)",
		     WALK_ARGS(PQgetvalue(res, i, 0), walk_chance(w, 80) ? whole : "{}")) &&
	    walk_chance(w, 80))
		walk_try(w, "SELECT catalogue_software_put($1, $2::jsonb, (SELECT row_version::text"
			 " FROM system_catalogue WHERE catalogue_no = $1), true, 100)",
			 WALK_ARGS(w->answer, arena_printf(w->arena, products, 20)));
}

/* ---- the clock ------------------------------------------------------------------------------- */

/* Days go by; terms end when the daemon looks. */
static void
days(struct walk *w)
{
	const char *over;

	w->acts++;
	w->clock += (int64_t)DAY * (1 + (int64_t)walk_random(w, walk_chance(w, 80) ? 4 : 15));
	if (walk_chance(w, 25))
		return;
	walk_as(w, NULL, "", NULL);
	walk_note(w, "expire", NULL, NULL);
	walk_try(w, "SELECT requests_expire()", WALK_NONE);
	over = walk_cell(w, "SELECT r.request_no FROM request r WHERE r.state = 'approved' AND"
	" r.valid_to"
			 " < $1 AND EXISTS (SELECT FROM workflow_step s WHERE s.kind ="
			 " r.request_type"
			 " AND s.action = 'expire') LIMIT 1", WALK_ARGS(walk_day(w, 0)));
	ck_assert_msg(over == NULL, "seed %llu, act %ld: the term of %s is over, and it stands",
		      (unsigned long long)w->seed, w->acts, over);
}

static const struct {
	void (*run)(struct walk *);
	unsigned weight;
} acts[] = {
	{ walk_step, 66 }, { walk_file, 16 }, { office, 4 }, { edit_request, 3 }, { edit_row, 2 },
	{ catalogue, 2 }, { live, 2 }, { walk_bundle, 2 }, { absence, 2 }, { days, 2 },
};

void
walk_act(struct walk *w)
{
	uint64_t at;
	size_t i, sum = 0;

	for (i = 0; i < ARRAY_SIZE(acts); i++)
		sum += acts[i].weight;
	at = walk_random(w, sum);
	for (i = 0; at >= acts[i].weight; i++)
		at -= acts[i].weight;
	w->clock += 30 + (int64_t)walk_random(w, 600);
	/* the longest way of all begins early */
	if (w->acts < 12)
		walk_bundle(w);
	else
		acts[i].run(w);
	arena_free(w->arena);
	w->arena = arena_new();
}
