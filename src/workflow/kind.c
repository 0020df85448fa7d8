/* The list of kinds, the steps that all of them have, and what a table must not be. */
#include <stdlib.h>
#include <string.h>

#include <ledger/field.h>
#include "kinds.h"

const struct workflow_kind *const workflow_kinds[] = {
	&kind_appoint_sysadmin, &kind_qualification, &kind_appoint_important_admin,
	&kind_important_new, &kind_important_convert, &kind_important_software,
	&kind_important_release, &kind_handover, &kind_rating_review, &kind_c4_offsite_work,
	&kind_media_takeout, &kind_non_issued_media, &kind_non_issued_terminal,
	&kind_network_connection, &kind_software_use, &kind_cloud_use, &kind_cloud_join,
	&kind_social_media, &kind_provide_outside, &kind_send_share, &kind_c4_handling,
	&kind_mail_auth_exemption, &kind_log_period, &kind_area_designation, &kind_exception,
	&kind_deputy_iso, &kind_recheck, &kind_csirt_audit, &kind_disposal, &kind_transfer, NULL,
};

/* "*": back to where it was; "=": where the decision that is confirmed leads. */
#define UNAVOIDABLE(f)                                                                        \
	{ .from = f, .action = "unavoidable", .to = "awaiting_confirmation",                  \
	  .who = WHO_APPROVER, .needs = GIVE_CASE | GIVE_REASON,                              \
	  .takes = GIVE_RESULT | GIVE_CONDITIONS, .clause = "2.1(2)⑫(a)(c)",                  \
	  .ja = "やむを得ない場合として処理", .en = "decide all the same, for a recorded reason" }
#define WITHDRAW(f)                                                                           \
	{ .from = f, .action = "withdraw", .to = "withdrawn", .who = WHO_APPLICANT,           \
	  .clause = "2.1(2)⑫(a)", .ja = "取下げ", .en = "withdraw" }
#define RETURN(f)                                                                             \
	{ .from = f, .action = "return", .to = "returned", .who = WHO_APPROVER | WHO_ASSIGNED, \
	  .not_same = NOT_APPLICANT, .needs = GIVE_COMMENT, .tells = TELL_APPLICANT,          \
	  .clause = "2.1(2)⑫(a)", .ja = "差戻し", .en = "send back" }
#define CHANGED(f)                                                                            \
	{ .from = f, .action = "changed", .to = "returned", .who = WHO_SYSTEM,                \
	  .tells = TELL_APPLICANT, .clause = "2.1(2)⑫(a)", .ja = "対象の変更による差戻し",    \
	  .en = "what it is about was changed" }
#define BLOCK(f)                                                                              \
	{ .from = f, .action = "block", .to = "blocked", .who = WHO_SYSTEM,                   \
	  .clause = "2.1(2)⑫(a)(c)", .ja = "判断できる者がいない",                            \
	  .en = "nobody may decide" }
#define ESCALATE(f, w)                                                                        \
	{ .from = f, .action = "escalate", .to = "*", .who = w, .effect = "effect_escalate",  \
	  .clause = "2.1(2)①[1], ④(a), ⑫(a)", .ja = "上位者へ回付", .en = "hand to the office above" }
#define REVOKE(f)                                                                             \
	{ .from = f, .action = "revoke", .to = "revoked", .who = WHO_APPROVER,                \
	  .needs = GIVE_COMMENT, DECIDED, .clause = "2.1(2)⑫(a)", .ja = "取消し",             \
	  .en = "revoke" }

/* Told as of a decision; and 機関CISO, for it is counted (4.3, A6). */
#define CONFIRMED                                                                             \
	.tells = TELL_APPLICANT | TELL_SUBJECT | TELL_ADMIN | TELL_OVERSEER,                  \
	.tells_offices = O(ISM)

/* What it was for is with nobody here any more. */
#define VOID(f)                                                                               \
	{ .from = f, .action = "void", .to = "expired", .who = WHO_SYSTEM, DECIDED,           \
	  .clause = "2.1(2)②(a)", .ja = "移管による失効", .en = "void, as its object was handed over" }

/* Who confirms is on no side: nor has he received, or checked. */
#define THIRD (NOT_APPLICANT | NOT_SUBJECT | NOT_DECIDER | NOT_ASSIGNED)

const struct workflow_step workflow_generic[] = {
	{ .from = "draft", .action = "submit", .to = "submitted", .who = WHO_APPLICANT,
	  .tells = TELL_SUBJECT, .clause = "2.1(2)⑫(a)", .ja = "申請", .en = "submit" },
	{ .from = "returned", .action = "resubmit", .to = "submitted", .who = WHO_APPLICANT,
	  .tells = TELL_SUBJECT, .clause = "2.1(2)⑫(a)", .ja = "再申請", .en = "submit again" },
	WITHDRAW("draft"), WITHDRAW("submitted"), WITHDRAW("returned"), WITHDRAW("blocked"),
	RETURN("submitted"), RETURN("reviewing"),
	CHANGED("submitted"), CHANGED("reviewing"), CHANGED("blocked"),
	CHANGED("awaiting_confirmation"),
	BLOCK("submitted"), BLOCK("reviewing"),
	ESCALATE("submitted", WHO_APPROVER), ESCALATE("reviewing", WHO_APPROVER),
	ESCALATE("blocked", WHO_APPLICANT | WHO_APPROVER),
	UNAVOIDABLE("submitted"), UNAVOIDABLE("reviewing"), UNAVOIDABLE("blocked"),
	{ .from = "awaiting_confirmation", .action = "confirm", .to = "=",
	  .who = WHO_CONFIRMER, .not_same = THIRD,
	  .decides = true, CONFIRMED, .clause = "2.1(2)⑫(a)(c)", .ja = "兼務の例外の確認",
	  .en = "confirm, as a third person" },
	{ .from = "awaiting_confirmation", .action = "refuse", .to = "rejected",
	  .who = WHO_CONFIRMER, .not_same = THIRD,
	  .needs = GIVE_COMMENT, CONFIRMED, .clause = "2.1(2)⑫(a)(c)", .ja = "兼務の例外を認めない",
	  .en = "refuse to confirm" },
	REVOKE("approved"), REVOKE("completed"), VOID("approved"), VOID("completed"),
	{ .from = "approved", .action = "expire", .to = "expired", .who = WHO_SYSTEM,
	  DECIDED, .clause = "2.1(2)⑫(a)", .ja = "期限到来", .en = "the term has ended" },
	{ .action = NULL },
};

const struct workflow_kind *
workflow_find(const char *code)
{
	size_t i;

	for (i = 0; workflow_kinds[i] != NULL; i++)
		if (strcmp(workflow_kinds[i]->code, code) == 0)
			return workflow_kinds[i];
	return NULL;
}

static bool
leads(const struct workflow_kind *k, const char *from, const char *to, bool decides)
{
	const struct workflow_step *s;

	for (s = k->steps; s->action != NULL; s++)
		if ((from == NULL || strcmp(s->from, from) == 0) &&
		    (to == NULL || strcmp(s->to, to) == 0) && (s->decides || !decides))
			return true;
	return false;
}

/* Around a decision: what there is for a decision that nobody may take. */
static bool
goes_around(const struct workflow_kind *k, const struct workflow_step *g, bool waits)
{
	bool approves = k->approver != OFFICE__MAX;

	if (strcmp(g->action, "escalate") == 0 && !approves)
		return false;
	if (strcmp(g->action, "unavoidable") == 0 && !k->escape)
		return false;
	return (approves || k->escape) && (!waits || leads(k, g->from, NULL, true));
}

/* A permission that holds: as it was given, or since it was carried out. */
static bool
revocable(const struct workflow_kind *k, const struct workflow_step *g)
{
	return k->approver != OFFICE__MAX && leads(k, NULL, g->from, false) &&
		leads(k, NULL, "approved", false) &&
		(strcmp(g->from, "approved") == 0 || k->undo != NULL);
}

/* Does a step of the generic table belong to this kind? */
static bool
applies(const struct workflow_kind *k, const struct workflow_step *g)
{
	static const char *const around[] = { "escalate", "unavoidable", "block", NULL };
	bool waits = strcmp(g->from, "submitted") == 0 || strcmp(g->from, "reviewing") == 0;

	if (strcmp(g->action, "revoke") == 0)
		return revocable(k, g);
	if (strcmp(g->action, "void") == 0)
		return revocable(k, g) && (k->undo != NULL || k->term != TERM_NONE) &&
			(k->subject == SUBJECT_ASSET || k->subject == SUBJECT_OBJECT ||
			 k->subject == SUBJECT_ANY);
	if (strcmp(g->action, "expire") == 0)
		return k->term != TERM_NONE;
	if (strcmp(g->from, "awaiting_confirmation") == 0)
		return k->escape;
	if (str_in(g->action, around) || strcmp(g->from, "blocked") == 0)
		return goes_around(k, g, waits);
	return !waits || strcmp(g->action, "withdraw") == 0 || leads(k, g->from, NULL, false);
}

/* What the generic row leaves to the kind: documents and guard of a submission, offices … */
static struct workflow_step
fitted(const struct workflow_kind *k, const struct workflow_step *g)
{
	struct workflow_step out = *g;
	const struct workflow_step *s;

	if (strcmp(out.to, "submitted") == 0) {
		out.documents = k->documents;
		out.guard = k->guard;
		out.effect = k->opens;
	}
	if (strcmp(out.to, "withdrawn") == 0 || strcmp(out.to, "rejected") == 0 ||
	    strcmp(out.action, "return") == 0)
		out.effect = k->closes;
	if (strcmp(out.action, "revoke") == 0)
		out.effect = k->undo;
	if (strcmp(out.action, "expire") == 0)
		out.effect = k->lapse;
	if (strcmp(out.action, "return") == 0 || strcmp(out.action, "unavoidable") == 0)
		for (s = k->steps; s->action != NULL; s++)
			if ((strcmp(s->from, out.from) == 0 || strcmp(out.from, "blocked") == 0) &&
			    (s->decides || strcmp(out.action, "return") == 0))
				out.offices |= s->offices;
	if (k->approver == OFFICE__MAX)
		out.who &= ~(unsigned)WHO_APPROVER;
	return out;
}

/* 4.2: a term is given with the decision, to what has one; what has none cannot end by it. */
static bool
gives_term(const struct workflow_kind *k, const struct workflow_step *s)
{
	return (k->term == TERM_MAY || k->term == TERM_MUST) &&
		(strcmp(s->action, "unavoidable") == 0 ||
		 (s->decides && strcmp(s->to, "approved") == 0));
}

/* With its term, and with those whom the kind tells of it besides. */
static void
give(const struct workflow_kind *k, struct workflow_step s, workflow_step_fn *fn, void *arg)
{
	const struct workflow_tells *t;

	if (gives_term(k, &s))
		s.takes |= GIVE_TERM;
	for (t = k->tells; t != NULL && t->action != NULL; t++)
		if (strcmp(t->action, s.action) == 0) {
			s.tells |= t->who;
			s.tells_offices |= t->offices;
		}
	fn(arg, k, &s);
}

void
workflow_each(const struct workflow_kind *k, workflow_step_fn *fn, void *arg)
{
	const struct workflow_step *s;

	for (s = k->steps; s->action != NULL; s++)
		give(k, *s, fn, arg);
	for (s = workflow_generic; s->action != NULL; s++)
		if (applies(k, s))
			give(k, fitted(k, s), fn, arg);
}

static const char *const states[] = { "draft", "submitted", "returned", "reviewing", "blocked",
	"awaiting_confirmation", "approved", "rejected", "withdrawn", "expired", "revoked",
	"completed", NULL };

static const char *
words_fault(const struct workflow_step *s)
{
	if (!str_in(s->from, states) || !str_in(s->to, states))
		return "a state that there is not";
	if (s->ja == NULL || s->en == NULL || s->clause == NULL)
		return "a step without words or clause";
	if (s->offices == 0 && s->who == 0)
		return "a step that nobody takes";
	return NULL;
}

/* 2.1(2)⑫(a): no decision without saying whom it is not for. */
static const char *
decision_fault(const struct workflow_kind *k, const struct workflow_step *s)
{
	if (strcmp(s->from, "approved") != 0 && strcmp(s->to, "approved") == 0 && !s->decides)
		return "a way to approved that is no decision";
	if (s->decides && s->not_same == 0)
		return "a decision that the applicant may take";
	if (s->decides && (s->who & (WHO_APPLICANT | WHO_SUBJECT | WHO_SYSTEM)))
		return "a decision of the applicant, the subject or nobody";
	if (s->decides && !(s->tells & TELL_APPLICANT))
		return "a decision that the applicant is not told of";
	if ((s->who & WHO_APPROVER) && k->approver == OFFICE__MAX)
		return "a step of an approver whom there is not";
	return NULL;
}

static bool
twice(const struct workflow_kind *k, const struct workflow_step *s)
{
	const struct workflow_step *o;

	for (o = k->steps; o->action != NULL; o++)
		if (o != s && strcmp(o->from, s->from) == 0 && strcmp(o->action, s->action) == 0)
			return true;
	for (o = workflow_generic; o->action != NULL; o++)
		if (strcmp(o->from, s->from) == 0 && strcmp(o->action, s->action) == 0)
			return true;
	return false;
}

/* Is the state one that a step of the kind, or submission, leads to? */
static bool
reached(const struct workflow_kind *k, const char *state)
{
	return strcmp(state, "submitted") == 0 || leads(k, NULL, state, false);
}

static const char *
member_fault(const struct workflow_kind *k)
{
	const struct workflow_member *m, *o;

	for (m = k->members; m != NULL && m->name != NULL; m++) {
		if (m->ja == NULL || m->en == NULL)
			return "a member without words";
		if (m->type == MEMBER_CHOICE ? m->choices == NULL :
		    m->choices != NULL && m->type != MEMBER_TEXTS)
			return "choices where there are none to make, or none where there are";
		for (o = k->members; o != m; o++)
			if (strcmp(o->name, m->name) == 0)
				return "a member twice";
	}
	return NULL;
}

struct named {
	const char *action;
	bool found;
};

static void
find_named(void *arg, const struct workflow_kind *k, const struct workflow_step *s)
{
	struct named *n = arg;

	(void)k;
	n->found = n->found || strcmp(n->action, s->action) == 0;
}

static const char *
tells_fault(const struct workflow_kind *k)
{
	const struct workflow_tells *t;

	for (t = k->tells; t != NULL && t->action != NULL; t++) {
		struct named n = { .action = t->action };

		workflow_each(k, find_named, &n);
		if (!n.found)
			return "tells of a step that it does not have";
		if (t->who == 0 && t->offices == 0)
			return "tells nobody";
	}
	return NULL;
}

static const char *
step_fault(const struct workflow_kind *k, const struct workflow_step *s)
{
	const char *why = words_fault(s);

	if (why == NULL)
		why = decision_fault(k, s);
	if (why == NULL && twice(k, s))
		why = "the same action twice from one state";
	if (why == NULL && !reached(k, s->from))
		why = "a state that nothing leads to";
	return why;
}

static bool
chosen(const char *field, const char *word, size_t len)
{
	const struct choice *c = ledger_field(&ledger_asset, field)->choices;

	for (; c->value != NULL; c++)
		if (strlen(c->value) == len && memcmp(c->value, word, len) == 0)
			return true;
	return false;
}

/* Types and functions are those of the ledger, and said of what is an asset. */
static const char *
types_fault(const struct workflow_kind *k)
{
	const char *word = k->types;
	size_t len;

	if (word == NULL)
		return NULL;
	if (k->subject != SUBJECT_ASSET && k->subject != SUBJECT_OBJECT &&
	    k->subject != SUBJECT_ANY)
		return "a type of asset for what is about none";
	for (;; word += len + 1) {
		len = strcspn(word, " ");
		if (!chosen("asset_type", word, len) && !chosen("functions", word, len))
			return "a type of asset that there is not";
		if (word[len] == '\0')
			return NULL;
	}
}

/* The days of an office stand in its application, and nowhere else. */
static const char *
term_fault(const struct workflow_kind *k)
{
	const struct workflow_member *m;
	int days = 0;

	if (k->validity != NULL && (k->term == TERM_NONE || k->term == TERM_OFFICE))
		return "a longest term for what has none";
	for (m = k->members; m != NULL && m->name != NULL; m++)
		days += m->type == MEMBER_DATE &&
			(strcmp(m->name, "term_from") == 0 || strcmp(m->name, "term_to") == 0);
	if ((k->term == TERM_OFFICE) != (days == 2))
		return "a term of an office without its days, or days without the term";
	return NULL;
}

static const char *
head_fault(const struct workflow_kind *k)
{
	if (k->code == NULL || k->ja == NULL || k->en == NULL || k->clause == NULL)
		return "a kind without code, words or clause";
	if (k->applicants == 0)
		return "a kind that nobody applies for";
	if (k->completion_ends && (k->steps == NULL || !leads(k, "approved", "completed", false)))
		return "a permit that ends with a completion that there is not";
	if (term_fault(k) != NULL)
		return term_fault(k);
	if (k->steps == NULL || k->steps->action == NULL)
		return "a kind without steps";
	return types_fault(k);
}

const char *
workflow_fault(const struct workflow_kind *k)
{
	const struct workflow_step *s;
	const char *why = head_fault(k);

	if (why != NULL)
		return why;
	for (s = k->steps; s->action != NULL; s++) {
		why = step_fault(k, s);
		if (why != NULL)
			return why;
	}
	if (k->escape && !leads(k, NULL, NULL, true))
		return "a way around a decision that there is not";
	why = member_fault(k);
	return why == NULL ? tells_fault(k) : why;
}

void
workflows_check(void)
{
	size_t i, n;
	const char *why;

	for (i = 0; workflow_kinds[i] != NULL; i++) {
		why = workflow_fault(workflow_kinds[i]);
		if (why != NULL)
			bug("workflow %s: %s", workflow_kinds[i]->code, why);
		for (n = 0; n < i; n++)
			if (strcmp(workflow_kinds[n]->code, workflow_kinds[i]->code) == 0)
				bug("workflow %s stands twice", workflow_kinds[i]->code);
	}
}
