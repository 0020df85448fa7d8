#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <check.h>

#include <base/util.h>
#include "walk.h"

json_t *
walk_kind(struct walk *w, const char *code)
{
	json_t *k;
	size_t i;

	json_array_foreach(w->kinds, i, k)
		if (strcmp(walk_text(k, "code"), code) == 0)
			return k;
	return NULL;
}

struct target {
	const char *no, *kind, *state, *version, *applicant, *approver, *assigned, *subject,
		*behalf, *place, *anchor, *administrator;
};

static const char target_sql[] =
	"SELECT r.request_no, r.request_type, r.state, r.row_version, r.applicant,"
	" r.approver_office,"
	" r.assigned_to, r.subject_person, r.on_behalf_of, CASE WHEN r.request_type = 'transfer'"
	" AND"
	" r.state = 'reviewing' AND EXISTS (SELECT FROM institution i WHERE i.code ="
	" r.payload->>'to_institution') THEN r.payload->>'to_institution' ELSE r.institution END,"
	" coalesce((SELECT m.sysadmin FROM external_media m WHERE m.media_no = r.medium), (SELECT"
	" a.sysadmin FROM asset a WHERE a.asset_no = coalesce(r.payload->>'network', r.asset))),"
	" (SELECT a.important_admin FROM asset a WHERE a.asset_no = r.asset)"
	" FROM request r LEFT JOIN request p ON p.request_no = r.follows WHERE r.state = ANY"
	" ($1::text[]) AND NOT ($2::boolean AND coalesce(p.state IN ('draft', 'submitted',"
	" 'returned',"
	" 'reviewing', 'blocked', 'awaiting_confirmation'), false))"
	" ORDER BY r.request_no DESC LIMIT 40";

/* What is open goes first; little is left to lie, and what is over is tried now and then. */
static const char *
state_group(struct walk *w)
{
	static const struct {
		const char *states;
		unsigned percent;
	} groups[] = {
		{ "{submitted,reviewing,blocked,awaiting_confirmation}", 66 }, { "{returned}", 9 },
		{ "{draft}", 5 }, { "{approved,completed}", 18 },
		{ "{rejected,withdrawn,expired,revoked}", 2 },
	};
	uint64_t at = walk_random(w, 100);
	size_t i;

	for (i = 0; at >= groups[i].percent; i++)
		at -= groups[i].percent;
	return groups[i].states;
}

static long
reached(const struct walk *w, const char *kind)
{
	json_t *k;
	size_t i;

	json_array_foreach(w->kinds, i, k)
		if (strcmp(walk_text(k, "code"), kind) == 0)
			return w->reached[i];
	return 0;
}

/* Of some at random the one of a kind that was reached least. */
static bool
find_target(struct walk *w, struct target *t)
{
	PGresult *res = walk_read(w, target_sql, WALK_ARGS(state_group(w),
							   walk_chance(w, 90) ? "t" : "f"));
	int n = PQntuples(res), row, other, i, c;
	const char **v = (const char **)t;

	if (n == 0)
		return false;
	row = (int)walk_random(w, (uint64_t)n);
	for (i = walk_chance(w, 30) ? 3 : 0; i < 3; i++) {
		other = (int)walk_random(w, (uint64_t)n);
		if (reached(w, PQgetvalue(res, other, 1)) < reached(w, PQgetvalue(res, row, 1)))
			row = other;
	}
	for (c = 0; c < (int)(sizeof(*t) / sizeof(char *)); c++)
		v[c] = PQgetisnull(res, row, c) ? NULL : PQgetvalue(res, row, c);
	return true;
}

static unsigned
weight(const char *action)
{
	static const struct {
		const char *action;
		unsigned weight;
	} rare[] = { { "withdraw", 1 }, { "return", 2 }, { "reject", 2 }, { "refuse", 1 },
		{ "revoke", 4 }, { "escalate", 4 }, { "unavoidable", 4 } };
	size_t i;

	for (i = 0; i < ARRAY_SIZE(rare); i++)
		if (strcmp(rare[i].action, action) == 0)
			return rare[i].weight;
	return 14;
}

static bool
by_system(json_t *step)
{
	json_t *who = json_object_get(step, "who");

	return json_array_size(json_object_get(step, "offices")) == 0 &&
		json_array_size(who) == 1 &&
		strcmp(json_string_value(json_array_get(who, 0)), "system") == 0;
}

/* A step of the state that people take; now and then one of another. */
static json_t *
find_step(struct walk *w, const struct target *t)
{
	json_t *steps = json_object_get(walk_kind(w, t->kind), "steps"), *s, *chosen = NULL;
	bool any = walk_chance(w, 3);
	uint64_t sum = 0;
	size_t i;

	json_array_foreach(steps, i, s) {
		if (!any && strcmp(walk_text(s, "from_state"), t->state) != 0)
			continue;
		if (!any && by_system(s))
			continue;
		sum += weight(walk_text(s, "action"));
		if (walk_random(w, sum) < weight(walk_text(s, "action")))
			chosen = s;
	}
	return chosen;
}

static const char *
holder_of(struct walk *w, const struct target *t, const char *office)
{
	if (office == NULL)
		return NULL;
	if (strcmp(office, "sysadmin") == 0 && t->anchor != NULL && walk_chance(w, 85))
		return t->anchor;
	if (strcmp(office, "iso") == 0 && walk_chance(w, 15))
		office = "deputy_iso";
	return walk_holder(w, office, t->place);
}

/* One of those whom the words of the step may mean. */
static const char *
meant(struct walk *w, const struct target *t, const char *word)
{
	static const char *const above[] = { "iso", "inst_ciso", "ciso" };

	if (strcmp(word, "applicant") == 0)
		return t->applicant;
	if (strcmp(word, "subject") == 0)
		return t->subject;
	if (strcmp(word, "assigned") == 0)
		return t->assigned;
	if (strcmp(word, "administrator") == 0)
		return t->administrator;
	if (strcmp(word, "approver") == 0)
		return holder_of(w, t, walk_chance(w, 94) ? t->approver :
				 above[walk_random(w, ARRAY_SIZE(above))]);
	if (strcmp(word, "confirmer") == 0)
		return holder_of(w, t, above[walk_random(w, ARRAY_SIZE(above))]);
	return NULL;
}

static const char *
party(struct walk *w, const struct target *t)
{
	const char *parties[] = { t->applicant, t->subject, t->behalf };

	return parties[walk_random(w, ARRAY_SIZE(parties))];
}

static const char *
actor(struct walk *w, const struct target *t, json_t *step)
{
	json_t *who = json_object_get(step, "who"), *offices = json_object_get(step, "offices");
	size_t words = json_array_size(who), all = words + json_array_size(offices), at;
	const char *action = walk_text(step, "action"), *found = NULL;

	if (walk_chance(w, 12))
		return walk_person(w, t->place);
	/* a party may come to decide: the ways around are theirs */
	if ((strcmp(action, "unavoidable") == 0 || strcmp(action, "escalate") == 0) &&
	    walk_chance(w, 70))
		found = party(w, t);
	/* with an office besides, only who is assigned */
	if (t->assigned != NULL && all > words && strcmp(action, "return") != 0 &&
	    walk_chance(w, 85))
		found = t->assigned;
	if (found == NULL && all > 0) {
		at = walk_random(w, all);
		found = at < words ? meant(w, t, json_string_value(json_array_get(who, at))) :
			holder_of(w, t, json_string_value(json_array_get(offices, at - words)));
	}
	return found == NULL ? walk_person(w, t->place) : found;
}

static const char act_sql[] = "SELECT state FROM request_act($1, $2, $3::jsonb, $4)";

/* What was taken is not taken again, whoever sends it once more. */
static void
repeat(struct walk *w, const struct target *t, const char *action, const char *given)
{
	w->acts++;
	ck_assert_msg(!walk_try(w, act_sql, WALK_ARGS(t->no, action, given, t->version)),
		      "seed %llu, act %ld: %s taken twice", (unsigned long long)w->seed, w->acts,
		      w->last);
}

static void
tell_reached(struct walk *w, const char *kind)
{
	json_t *k;
	size_t i;

	json_array_foreach(w->kinds, i, k)
		if (strcmp(walk_text(k, "code"), kind) == 0)
			w->reached[i]++;
}

/* A token makes, submits and withdraws; it never decides. */
static void
judge_token(const struct walk *w, const char *token, const char *action)
{
	ck_assert_msg(token == NULL || strcmp(action, "submit") == 0 ||
		      strcmp(action, "resubmit") == 0 || strcmp(action, "withdraw") == 0,
		      "seed %llu, act %ld: a token took %s", (unsigned long long)w->seed, w->acts,
		      w->last);
}

static void
take(struct walk *w, struct target *t, json_t *step)
{
	const char *action = walk_text(step, "action"), *who = actor(w, t, step),
		*given = walk_json(w, walk_given(w, step, t->place)),
		*token = walk_chance(w, 2) ? "walk" : NULL;

	w->acts++;
	if (walk_chance(w, 3))
		t->version = walk_chance(w, 50) ? "0" : "1";
	walk_as(w, who, walk_chance(w, 8) ? "iso" : "", token);
	walk_note(w, arena_printf(w->arena, "%s %s %s", t->no, t->kind, action), who, given);
	if (!walk_try(w, act_sql, WALK_ARGS(t->no, action, given, t->version)))
		return;
	judge_token(w, token, action);
	if (w->answer != NULL && (strcmp(w->answer, "approved") == 0 ||
				  strcmp(w->answer, "completed") == 0))
		tell_reached(w, t->kind);
	if (walk_chance(w, 4))
		repeat(w, t, action, given);
}

void
walk_step(struct walk *w)
{
	struct target t;
	json_t *step;

	if (!find_target(w, &t))
		return;
	step = find_step(w, &t);
	/* what stands is not taken back whenever nothing else can be done with it */
	if (step != NULL && (strcmp(walk_text(step, "action"), "revoke") != 0 ||
			     walk_chance(w, 9)))
		take(w, &t, step);
}
