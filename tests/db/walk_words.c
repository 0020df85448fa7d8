#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <base/util.h>
#include "walk.h"

static void
free_text(void *text)
{
	free(text);
}

const char *
walk_json(struct walk *w, json_t *stolen)
{
	char *text = json_dumps(stolen, JSON_COMPACT);

	json_decref(stolen);
	arena_defer(w->arena, free_text, text);
	return text;
}

const char *
walk_text(json_t *object, const char *member)
{
	return json_string_value(json_object_get(object, member));
}

/* A value of none of the types; some are of one. */
static json_t *
nonsense(struct walk *w)
{
	switch (walk_random(w, 8)) {
	case 0:
		return json_integer(-1);
	case 1:
		return json_string("");
	case 2:
		return json_string("2030-02-30");
	case 3:
		return json_array();
	case 4:
		return json_pack("[i, n]", 7);
	case 5:
		return json_pack("{s:s}", "x", "y");
	case 6:
		return json_null();
	default:
		return json_string("'; DROP TABLE request; --");
	}
}

/* Days by what their names say of them. */
static json_t *
day(struct walk *w, const char *name)
{
	size_t n = strlen(name);
	int days;

	if (n > 3 && strcmp(name + n - 3, "_to") == 0)
		days = 1 + (int)walk_random(w, walk_chance(w, 70) ? 25 : 300);
	else if (strcmp(name, "effective_on") == 0 || strcmp(name, "term_from") == 0)
		days = walk_chance(w, 75) ? 0 : (int)walk_random(w, 6);
	else if (strcmp(name, "planned_on") == 0)
		days = (int)walk_random(w, 20);
	else
		days = -(int)walk_random(w, 5);
	return json_string(walk_day(w, walk_chance(w, 3) ? days - 400 : days));
}

/* Members whose type says too little: what is in the database, or one of few words. */
static const char *
told(struct walk *w, const char *name, const char *institution, const char *subject)
{
	if (strcmp(name, "qualification") == 0)
		return walk_one_of(w, "SELECT request_no FROM request WHERE request_type ="
			" 'qualification' AND state = 'completed' AND subject_person = $1"
			" ORDER BY request_no DESC LIMIT 2", WALK_ARGS(subject));
	if (strcmp(name, "recheck") == 0)
		return walk_one_of(w, "SELECT request_no FROM request WHERE request_type ="
		" 'recheck'"
			" AND subject_person = $1 AND state = 'reviewing'", WALK_ARGS(subject));
	if (strcmp(name, "to_unit") == 0)
		return strcmp(institution, "umi") == 0 ? "hoshi-its" : "umi-its";
	if (strcmp(name, "domain") == 0)
		return "example.ac.jp";
	return "言葉";
}

static const char *const powers[] = { "keep_ledgers", "area_designation", "instruct",
	"inspect_admins" };
static const char *const lacking[] = { "SPF", "DKIM", "DMARC" };
static const char *const software[] = { "nginx 1.24.0", "nginx 1.26.0", "redis 7.0",
	"postgresql 15.8" };

static json_t *
texts(struct walk *w, const char *name, const char *institution)
{
	json_t *list = json_array();
	size_t i, n = 1 + walk_random(w, 2);

	for (i = 0; i < n; i++) {
		const char *one = "言葉";

		if (strcmp(name, "range_units") == 0)
			one = arena_printf(w->arena, i == 0 ? "%s-its" : "%s-adm", institution);
		else if (strcmp(name, "powers") == 0)
			one = powers[walk_random(w, ARRAY_SIZE(powers))];
		else if (strcmp(name, "lacking") == 0)
			one = lacking[walk_random(w, ARRAY_SIZE(lacking))];
		else if (strcmp(name, "software") == 0)
			one = software[walk_random(w, ARRAY_SIZE(software))];
		json_array_append_new(list, json_string(one));
	}
	return list;
}

static json_t *
person(struct walk *w, const char *name, const char *institution)
{
	const char *who = NULL;

	if (strcmp(name, "receiver") == 0 && walk_chance(w, 80))
		who = walk_holder(w, "important_admin", institution);
	if (strcmp(name, "to_sysadmin") == 0)
		who = walk_holder(w, "sysadmin", strcmp(institution, "umi") == 0 ? "hoshi" : "umi");
	return json_string(who == NULL ? walk_person(w, institution) : who);
}

static const char *
asset_of(struct walk *w, const char *type, const char *institution)
{
	return walk_one_of(w, "SELECT asset_no FROM asset WHERE institution = $1 AND ($2 = 'asset'"
			   " OR asset_type = $2) ORDER BY asset_no DESC LIMIT 5",
			   WALK_ARGS(institution, type));
}

static json_t *
choice(struct walk *w, json_t *member)
{
	json_t *all = json_object_get(member, "choices");

	return json_incref(json_array_get(all, walk_random(w, json_array_size(all))));
}

static json_t *
level(struct walk *w)
{
	return json_integer(walk_chance(w, 70) ? 2 + (json_int_t)walk_random(w, 2) :
			    1 + (json_int_t)walk_random(w, 4));
}

static json_t *
string(const char *s)
{
	return s == NULL ? NULL : json_string(s);
}

const char *
walk_approved_service(struct walk *w, const char *institution)
{
	return walk_one_of(w, "SELECT a.asset_no FROM asset a JOIN request r ON r.request_no ="
			   " a.cloud_approval_request AND r.state = 'approved' AND a.state ="
			   " 'in_operation' WHERE a.institution = $1 ORDER BY 1 DESC LIMIT 5",
			   WALK_ARGS(institution));
}

/* Of what is in the database; NULL: there is none. */
static json_t *
reference(struct walk *w, const char *name, const char *type, const char *institution)
{
	bool umi = strcmp(institution, "umi") == 0;
	const char *no;

	if (strcmp(type, "person") == 0)
		return person(w, name, institution);
	if (strcmp(type, "area") == 0)
		return json_string(arena_printf(w->arena, "%s-a%u01", institution,
			1 + (unsigned)walk_random(w, 3)));
	if (strcmp(type, "institution") == 0)
		return json_string(umi ? "hoshi" : "umi");
	if (strcmp(type, "unit") == 0)
		return json_string(arena_printf(w->arena, walk_chance(w, 25) ? "%s-its" : "%s-adm",
			institution));
	if (strcmp(type, "rule") == 0)
		return json_string("REG-14");
	if (strcmp(name, "service") == 0)
		return string(walk_approved_service(w, institution));
	no = asset_of(w, strcmp(type, "cloud") == 0 ? "cloud_service" :
		      strcmp(type, "assets") == 0 ? "asset" : type, institution);
	if (strcmp(type, "assets") == 0)
		return no == NULL ? json_array() : json_pack("[s]", no);
	return string(no);
}

/* NULL: nothing that it could be. */
static json_t *
value(struct walk *w, json_t *member, const char *institution, const char *subject)
{
	const char *name = walk_text(member, "name"), *type = walk_text(member, "type");

	if (strcmp(type, "text") == 0)
		return string(told(w, name, institution, subject));
	if (strcmp(type, "texts") == 0)
		return texts(w, name, institution);
	if (strcmp(type, "date") == 0)
		return day(w, name);
	if (strcmp(type, "integer") == 0)
		return json_integer(30 + (json_int_t)walk_random(w, 60));
	if (strcmp(type, "boolean") == 0)
		return json_boolean(strcmp(name, "designated") == 0 ? walk_chance(w, 50) :
				    walk_chance(w, 92));
	if (strcmp(type, "level") == 0)
		return level(w);
	if (strcmp(type, "choice") == 0)
		return choice(w, member);
	return reference(w, name, type, institution);
}

/* Sets what the kind has a member for. */
static void
put(json_t *kind, json_t *payload, const char *name, json_t *value)
{
	json_t *m;
	size_t i;

	json_array_foreach(json_object_get(kind, "members"), i, m)
		if (strcmp(walk_text(m, "name"), name) == 0)
			json_object_set(payload, name, value);
	json_decref(value);
}

/* 別表: of the cells that need a permission one, as the database has them; half by mail. */
static void
cell(struct walk *w, json_t *kind, json_t *payload)
{
	PGresult *res = walk_read(w, "SELECT l, m, s, d FROM transfer_rule, unnest(levels) l,"
		" unnest(means) m, unnest(coalesce(service, '{none,other}')) s,"
		" unnest(coalesce(destinations, '{internal,outside}')) d WHERE workflow ="
		" 'send_share' AND l > 1 AND (m = 'mail' OR $1::boolean) ORDER BY 1, 2, 3, 4",
		WALK_ARGS(walk_chance(w, 50) ? "t" : "f"));
	int i = (int)walk_random(w, (uint64_t)PQntuples(res));

	put(kind, payload, "confidentiality", json_integer(PQgetvalue(res, i, 0)[0] - '0'));
	put(kind, payload, "means", json_string(PQgetvalue(res, i, 1)));
	put(kind, payload, "service", json_string(PQgetvalue(res, i, 2)));
	put(kind, payload, "destination", json_string(PQgetvalue(res, i, 3)));
}

json_t *
walk_payload(struct walk *w, json_t *kind, const char *institution, const char *subject)
{
	json_t *payload = json_object(), *members = json_object_get(kind, "members"), *m, *v;
	const char *code = walk_text(kind, "code");
	size_t i;

	json_array_foreach(members, i, m) {
		if (!json_is_true(json_object_get(m, "required")) ? walk_chance(w, 45) :
		    walk_chance(w, 1))
			continue;
		v = value(w, m, institution, subject);
		if (v != NULL)
			json_object_set_new(payload, walk_text(m, "name"), v);
	}
	if (strcmp(code, "send_share") == 0 && walk_chance(w, 95))
		cell(w, kind, payload);
	/* the basis of a level is one of this level; a medium has no other rating */
	if (strcmp(code, "rating_review") == 0) {
		json_object_del(payload, "confidentiality_basis");
		json_object_del(payload, "handling_restrictions");
		if (walk_chance(w, 60))
			json_object_clear(payload);
		json_object_set_new(payload, "confidentiality", json_integer(2 +
			(json_int_t)walk_random(w, 2)));
	}
	if (walk_chance(w, 3) && json_array_size(members) > 0)
		json_object_set_new(payload, walk_text(json_array_get(members, walk_random(w,
			json_array_size(members))), "name"), nonsense(w));
	if (walk_chance(w, 1))
		json_object_set_new(payload, "unheard_of", nonsense(w));
	return payload;
}

/* ---- members of a step ----------------------------------------------------------------------- */

static json_t *
step_value(struct walk *w, const char *name, const char *institution)
{
	static const char *const results[] = { "pass", "pass", "pass", "conditional", "fail" };
	static const char *const cases[] = { "urgent", "urgent", "absent", "no_other" };
	const char *who = NULL;

	if (strcmp(name, "result") == 0)
		return json_string(results[walk_random(w, ARRAY_SIZE(results))]);
	if (strcmp(name, "case") == 0)
		return json_string(cases[walk_random(w, ARRAY_SIZE(cases))]);
	if (strcmp(name, "problem") == 0)
		return json_boolean(walk_chance(w, 60));
	if (strcmp(name, "on") == 0)
		return json_string(walk_day(w, walk_chance(w, 95) ? 0 : 400 -
					    (int)walk_random(w, 800)));
	if (strcmp(name, "reason") == 0)
		return json_string("急を要し、ほかに判断できる者がいないため、理由を記録します。");
	if (strcmp(name, "installed") == 0)
		return texts(w, "software", institution);
	if (strcmp(name, "person") == 0) {
		who = walk_holder(w, walk_chance(w, 50) ? "csirt_member" : "qualification_checker",
				  institution);
		return json_string(who == NULL || walk_chance(w, 15) ?
				   walk_person(w, institution) : who);
	}
	return json_string("言葉");
}

static void
give(struct walk *w, json_t *given, json_t *names, unsigned percent, const char *institution)
{
	json_t *name;
	size_t i;

	json_array_foreach(names, i, name) {
		const char *n = json_string_value(name);

		if (!walk_chance(w, percent))
			continue;
		if (strcmp(n, "term") == 0)
			json_object_set_new(given, "valid_to", json_string(walk_day(w,
				1 + (int)walk_random(w, 20))));
		else
			json_object_set_new(given, n, step_value(w, n, institution));
	}
}

json_t *
walk_given(struct walk *w, json_t *step, const char *institution)
{
	json_t *given = json_object();

	give(w, given, json_object_get(step, "needs"), 98, institution);
	give(w, given, json_object_get(step, "takes"),
	     strcmp(walk_text(step, "action"), "unavoidable") == 0 ? 60 : 12, institution);
	if (walk_chance(w, 20))
		json_object_set_new(given, "comment", json_string("言葉"));
	if (walk_chance(w, 1))
		json_object_set_new(given, "unheard_of", nonsense(w));
	if (walk_chance(w, 2) && json_object_size(given) > 0)
		json_object_set_new(given, json_object_iter_key(json_object_iter(given)),
				    nonsense(w));
	return given;
}
