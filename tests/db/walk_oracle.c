/*
 * What must hold of the record, judged here from rows alone: the steps against the printed table,
 * the persons of each, and their offices on that day.  Nothing of the engine is asked.
 */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <check.h>

#include <base/util.h>
#include "walk_golden.h"

/* ---- the record ------------------------------------------------------------------------------ */

static const char request_sql[] =
	"SELECT request_no, request_type, institution, state, applicant, on_behalf_of,"
	" subject_person,"
	" decided_by, same_person_exception, char_length(btrim(same_person_reason)),"
	" same_person_confirmed_by, assigned_to, automatic, payload->>'to_institution',"
	" payload->>'receiver' FROM request ORDER BY request_no";
static const char step_sql[] =
	"SELECT request, position, action, from_state, to_state, acted_by, acted_office,"
	" acted_at::date, given->>'person', (SELECT max(x.position + (x.to_state ="
	" 'returned')::int) FROM request_step x WHERE x.request = s.request AND (x.to_state ="
	" 'returned' OR x.to_state = 'submitted' AND x.action IN ('submit', 'resubmit')))"
	" FROM request_step s ORDER BY request, position";
static const char office_sql[] =
	"SELECT person, office, institution, term_from, term_to, revoked_on, delegable_powers::text"
	" FROM role_assignment";

enum request_column { R_NO, R_KIND, R_INSTITUTION, R_STATE, R_APPLICANT, R_BEHALF, R_SUBJECT,
	R_DECIDED_BY, R_EXCEPTION, R_REASON, R_CONFIRMED_BY, R_ASSIGNED, R_AUTOMATIC,
	R_TO_INSTITUTION, R_RECEIVER };
enum step_column { S_REQUEST, S_POSITION, S_ACTION, S_FROM, S_TO, S_BY, S_OFFICE, S_DAY, S_PERSON,
	S_SUBMITTED };

struct record {
	struct walk *w;
	const struct golden *g;
	PGresult *requests, *steps, *offices;
	/* of the application at hand */
	int row, kind, place;
	char state[32], blocked_from[32], pending_from[32];
	const char *decided, *around, *confirmed, *assigned;
	bool handed_on; /* by 回付 or a second leg, since it was submitted */
};

/* "" where nothing is. */
static const char *
of_request(const struct record *c, enum request_column col)
{
	return PQgetvalue(c->requests, c->row, col);
}

static const char *
of_step(const struct record *c, enum step_column col)
{
	return PQgetvalue(c->steps, c->place, col);
}

#define WRONG(c, ...) wrong(c, __LINE__, __VA_ARGS__)

__attribute__((format(printf, 3, 4), noreturn)) static void
wrong(const struct record *c, int at, const char *fmt, ...)
{
	char said[500];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(said, sizeof(said), fmt, ap);
	va_end(ap);
	ck_abort_msg("seed %llu, up to act %ld: %s %s (%s), step %s %s: %s [oracle line %d]",
		     (unsigned long long)c->w->seed, c->w->acts, of_request(c, R_NO),
		     of_request(c, R_KIND), of_request(c, R_STATE),
		     c->place < PQntuples(c->steps) ? of_step(c, S_POSITION) : "-",
		     c->place < PQntuples(c->steps) ? of_step(c, S_ACTION) : "-", said, at);
}

static bool
same(const char *a, const char *b)
{
	return a[0] != '\0' && strcmp(a, b) == 0;
}

static bool
is_party(const struct record *c, const char *who)
{
	return same(who, of_request(c, R_APPLICANT)) || same(who, of_request(c, R_BEHALF)) ||
		same(who, of_request(c, R_SUBJECT));
}

/* ---- offices --------------------------------------------------------------------------------- */

static const char *
above(const char *office)
{
	static const char *const ladder[][2] = { { "ism", "iso" }, { "sysadmin", "iso" },
		{ "iso", "inst_ciso" }, { "inst_ciso", "ciso" } };
	size_t i;

	for (i = 0; i < ARRAY_SIZE(ladder); i++)
		if (strcmp(ladder[i][0], office) == 0)
			return ladder[i][1];
	return "";
}

static bool
is_above(const char *office, const char *of)
{
	for (of = above(of); of[0] != '\0'; of = above(of))
		if (strcmp(of, office) == 0)
			return true;
	return false;
}

/* Where it was decided: a transfer in the end by the 機関 that receives. */
static const char *
place_of(const struct record *c)
{
	bool receives = strcmp(c->state, "reviewing") == 0 ||
		strcmp(c->blocked_from, "reviewing") == 0 ||
		strcmp(c->pending_from, "reviewing") == 0;

	return of_request(c, receives && strcmp(of_request(c, R_KIND), "transfer") == 0 ?
			  R_TO_INSTITUTION : R_INSTITUTION);
}

/* "" is a day before all others, or none. */
static bool
in_force(const char *from, const char *to, const char *revoked, const char *day)
{
	return strcmp(from, day) <= 0 && (to[0] == '\0' || strcmp(to, day) >= 0) &&
		(revoked[0] == '\0' || strcmp(revoked, day) >= 0);
}

/* In force on that day; of a deputy with the power that the kind asks for. */
static bool
held(const struct record *c, const char *who, const char *office, const char *day)
{
	const char *place = place_of(c), *power = strcmp(office, "deputy_iso") == 0 ?
		c->g->kinds[c->kind].power : "", *at;
	PGresult *o = c->offices;
	int i;

	for (i = 0; i < PQntuples(o); i++) {
		at = PQgetvalue(o, i, 2);
		if (strcmp(PQgetvalue(o, i, 0), who) == 0 &&
		    strcmp(PQgetvalue(o, i, 1), office) == 0 &&
		    (at[0] == '\0' || strcmp(at, place) == 0) &&
		    in_force(PQgetvalue(o, i, 3), PQgetvalue(o, i, 4), PQgetvalue(o, i, 5), day) &&
		    strstr(PQgetvalue(o, i, 6), power) != NULL)
			return true;
	}
	return false;
}

/* The office that decides on the kind, or one above once it was handed on. */
static bool
approves(const struct record *c, const struct golden_line *l, const char *office)
{
	const struct golden_kind *k = &c->g->kinds[c->kind];

	if (strcmp(k->approver, "iso") == 0 && k->power[0] != '\0' &&
	    strcmp(office, "deputy_iso") == 0)
		return true;
	if (strcmp(office, k->approver) == 0)
		return !c->handed_on;
	if (strcmp(l->action, "revoke") == 0 && strcmp(office, above(k->approver)) == 0)
		return true;
	return c->handed_on && is_above(office, k->approver);
}

static bool
confirms(const struct record *c, const char *office)
{
	const char *approver = c->g->kinds[c->kind].approver;

	if (strcmp(approver, "-") == 0)
		return strcmp(office, "inst_ciso") == 0 || strcmp(office, "ciso") == 0;
	return strcmp(office, "iso") == 0 || is_above(office, approver);
}

/* By whom the line may be taken, and that this one was it, that day. */
static void
judge_office(const struct record *c, const struct golden_line *l)
{
	const char *who = of_step(c, S_BY), *office = of_step(c, S_OFFICE);

	if (golden_word(l->who, "applicant", '|') && same(who, of_request(c, R_APPLICANT)))
		return;
	if (golden_word(l->who, "assigned", '|') && strcmp(office, "assigned") == 0) {
		if (!same(who, c->assigned))
			WRONG(c, "%s is not the one assigned", who);
		return;
	}
	if (!golden_word(l->who, office, '|') &&
	    !(golden_word(l->who, "administrator", '|') &&
	      strcmp(office, "important_admin") == 0) &&
	    !(golden_word(l->who, "approver", '|') && approves(c, l, office)) &&
	    !(golden_word(l->who, "confirmer", '|') && confirms(c, office)))
		WRONG(c, "the line is not for %s (%s)", office, l->who);
	if (!held(c, who, office, of_step(c, S_DAY)))
		WRONG(c, "%s did not hold %s on %s", who, office, of_step(c, S_DAY));
}

/*
 * Whom the actor must not be.  What was said in an earlier round was said of other words; what was
 * sent back may have been given others since.
 */
static void
judge_persons(const struct record *c, const struct golden_line *l)
{
	const char *who = of_step(c, S_BY);

	if (strtol(of_step(c, S_POSITION), NULL, 10) < strtol(of_step(c, S_SUBMITTED), NULL, 10))
		return;
	if (golden_word(l->not_same, "applicant", ',') && (same(who, of_request(c, R_APPLICANT)) ||
							same(who, of_request(c, R_BEHALF))))
		WRONG(c, "%s applied for it", who);
	if (golden_word(l->not_same, "subject", ',') && same(who, of_request(c, R_SUBJECT)))
		WRONG(c, "it is about %s", who);
	if (golden_word(l->not_same, "decider", ',') && same(who, c->decided))
		WRONG(c, "%s decided it", who);
	if (golden_word(l->not_same, "assigned", ',') && same(who, c->assigned))
		WRONG(c, "%s is assigned to it", who);
}

/* ---- one after the other --------------------------------------------------------------------- */

static const char *
lands(const struct record *c, const struct golden_line *l)
{
	const struct golden_line *d;

	if (strcmp(l->to, "*") == 0)
		return strcmp(c->state, "blocked") == 0 ? c->blocked_from : c->state;
	if (strcmp(l->to, "=") != 0)
		return l->to;
	d = golden_decision(c->g, c->kind, c->pending_from);
	return d == NULL ? "" : d->to;
}

/* What the step means for those that come after it. */
static void
go_on(struct record *c, const struct golden_line *l)
{
	const char *action = l->action, *to = of_step(c, S_TO);

	if (strcmp(action, "submit") == 0 || strcmp(action, "resubmit") == 0) {
		c->handed_on = false;
		c->assigned = of_request(c, R_RECEIVER);
		c->blocked_from[0] = '\0';
	}
	if (strcmp(action, "escalate") == 0 || strcmp(action, "endorse") == 0)
		c->handed_on = true;
	if (strcmp(action, "assign") == 0)
		c->assigned = of_step(c, S_PERSON);
	if (strcmp(to, "blocked") == 0)
		snprintf(c->blocked_from, sizeof(c->blocked_from), "%s", c->state);
	if (strcmp(action, "unavoidable") == 0) {
		c->around = of_step(c, S_BY);
		snprintf(c->pending_from, sizeof(c->pending_from), "%s",
			 strcmp(c->state, "blocked") == 0 ? c->blocked_from : c->state);
	}
	if (strcmp(action, "unavoidable") == 0 || (l->decides && strcmp(action, "confirm") != 0))
		c->decided = of_step(c, S_BY);
	if (strcmp(action, "confirm") == 0 || strcmp(action, "refuse") == 0)
		c->confirmed = of_step(c, S_BY);
	if (strcmp(to, "returned") == 0)
		c->decided = c->around = c->confirmed = "";
	snprintf(c->state, sizeof(c->state), "%s", to);
}

static void
judge_step(struct record *c, long position)
{
	const struct golden_line *l = golden_line(c->g, c->kind, of_step(c, S_FROM),
						  of_step(c, S_ACTION));

	if (strtol(of_step(c, S_POSITION), NULL, 10) != position)
		WRONG(c, "a step is missing");
	if (strcmp(of_step(c, S_FROM), c->state) != 0)
		WRONG(c, "from %s, but it was %s", of_step(c, S_FROM), c->state);
	if (l == NULL)
		WRONG(c, "no such line from %s", of_step(c, S_FROM));
	if (strcmp(lands(c, l), of_step(c, S_TO)) != 0)
		WRONG(c, "to %s, not %s", of_step(c, S_TO), lands(c, l));
	if ((of_step(c, S_BY)[0] == '\0') != (strcmp(l->who, "system") == 0))
		WRONG(c, "taken by %s, for %s", of_step(c, S_BY), l->who);
	if (of_step(c, S_BY)[0] != '\0') {
		judge_office(c, l);
		judge_persons(c, l);
	}
	go_on(c, l);
}

/* 2.1(2)⑫(a)(c): a party decides only by the recorded exception that a third person confirmed. */
static void
judge_decision(const struct record *c)
{
	const char *by = of_request(c, R_DECIDED_BY), *third = of_request(c, R_CONFIRMED_BY);
	bool settled = golden_word("approved rejected completed expired revoked", c->state, ' ');

	if (strcmp(by, c->decided) != 0 && settled)
		WRONG(c, "decided by %s, says the row; by %s, say the steps", by, c->decided);
	if (!settled)
		return;
	if (c->around[0] == '\0') {
		if (is_party(c, by))
			WRONG(c, "%s decided alone, and is a party", by);
		return;
	}
	if (strcmp(of_request(c, R_EXCEPTION), "t") != 0 ||
	    strtol(of_request(c, R_REASON), NULL, 10) < 20)
		WRONG(c, "the exception is not recorded");
	if (third[0] == '\0' || strcmp(third, c->confirmed) != 0 || is_party(c, third) ||
	    same(third, by) || same(third, c->assigned))
		WRONG(c, "confirmed by %s", third);
}

static void
judge_request(struct record *c)
{
	long position = 0;

	for (c->kind = 0; c->kind < c->g->n_kinds; c->kind++)
		if (strcmp(c->g->kinds[c->kind].code, of_request(c, R_KIND)) == 0)
			break;
	if (c->kind == c->g->n_kinds)
		WRONG(c, "a kind that is not printed");
	snprintf(c->state, sizeof(c->state), "draft");
	c->blocked_from[0] = c->pending_from[0] = '\0';
	c->decided = c->around = c->confirmed = c->assigned = "";
	c->handed_on = false;
	while (c->place < PQntuples(c->steps) &&
	       strcmp(of_step(c, S_REQUEST), of_request(c, R_NO)) == 0) {
		judge_step(c, ++position);
		c->place++;
	}
	/* a draft of the register's own is taken back without a step */
	if (position == 0 && strcmp(of_request(c, R_AUTOMATIC), "t") == 0 &&
	    strcmp(of_request(c, R_STATE), "withdrawn") == 0)
		return;
	if (strcmp(c->state, of_request(c, R_STATE)) != 0)
		WRONG(c, "the steps led to %s", c->state);
	judge_decision(c);
}

void
walk_judge(struct walk *w)
{
	struct golden *g = golden_read();
	struct record c = { .w = w, .g = g };

	c.requests = walk_read(w, request_sql, WALK_NONE);
	c.steps = walk_read(w, step_sql, WALK_NONE);
	c.offices = walk_read(w, office_sql, WALK_NONE);
	for (c.row = 0; c.row < PQntuples(c.requests); c.row++)
		judge_request(&c);
	ck_assert_int_eq(c.place, PQntuples(c.steps));
	free(g);
}

/* ---- what was reached ------------------------------------------------------------------------ */

void
walk_count(struct walk *w, struct walk_cover *cover)
{
	struct golden *g = golden_read();
	PGresult *res = walk_read(w, "SELECT r.request_type, s.from_state, s.action, s.to_state,"
		" count(*) FROM request_step s JOIN request r ON r.request_no = s.request"
		" GROUP BY 1, 2, 3, 4", WALK_NONE);
	const struct golden_line *l;
	int i, k;

	cover->kinds = g->n_kinds;
	for (k = 0; k < g->n_kinds; k++)
		snprintf(cover->code[k], sizeof(cover->code[k]), "%s", g->kinds[k].code);
	for (k = 0; k < g->n_kinds; k++)
		cover->lines[k] = 0;
	for (l = g->lines; l < g->lines + g->n_lines; l++)
		cover->lines[l->kind]++;
	for (i = 0; i < PQntuples(res); i++) {
		long n = strtol(PQgetvalue(res, i, 4), NULL, 10);

		for (k = 0; strcmp(g->kinds[k].code, PQgetvalue(res, i, 0)) != 0; k++)
			;
		l = golden_line(g, k, PQgetvalue(res, i, 1), PQgetvalue(res, i, 2));
		cover->taken[k] += n;
		if (l != NULL && !cover->seen[l - g->lines]) {
			cover->seen[l - g->lines] = true;
			cover->lines_taken[k]++;
		}
		if (l != NULL && l->decides)
			cover->decided[k] += n;
		if (golden_word("approved completed", PQgetvalue(res, i, 3), ' ') &&
		    !golden_word("approved completed", PQgetvalue(res, i, 1), ' '))
			cover->granted[k] += n;
	}
	free(g);
}
