/*
 * Kinds of application (申請), declared: who applies, who decides, which steps lead from which state
 * to which, what must be there and what comes of it.  These tables are printed (daicho workflow),
 * described (OpenAPI, GET /workflow/kinds) and, at each migration, written into the database, which
 * enforces them whatever the path (sql/functions/50-workflow.sql).
 *
 * To add a kind: one table in kinds_*.c, one line in kind.c and request_type's CHECK and choices;
 * steps that every kind has (return, withdraw, 回付, やむを得ない場合 …) come from one table in kind.c.
 */
#ifndef WORKFLOW_KIND_H
#define WORKFLOW_KIND_H

#include <base/buf.h>
#include <org/office.h>

/* Who may act besides the offices of a step; bits. */
enum workflow_who {
	WHO_APPLICANT = 1,
	WHO_APPROVER = 2,  /* who holds approver_office, or a higher one after 回付 */
	WHO_SUBJECT = 4,   /* the person whom it is about */
	WHO_ASSIGNED = 8,  /* named for it by an earlier step; with offices: must hold one, too */
	WHO_SYSTEM = 16,   /* the register itself */
	WHO_CONFIRMER = 32, /* an office above, or 情報セキュリティ責任者 (A6) */
	WHO_ADMINISTRATOR = 64, /* the 重要サーバ管理者 of the server, as it stands */
};

/* Whom the actor must not be: 2.1(2)⑫(a)(c); bits. */
enum workflow_not {
	NOT_APPLICANT = 1, /* nor the one on whose behalf it was filed */
	NOT_SUBJECT = 2,
	NOT_DECIDER = 4,
	NOT_ASSIGNED = 8,
};

/* Members of a step; bits. */
enum workflow_given {
	GIVE_COMMENT = 1,    /* always taken */
	GIVE_RESULT = 2,     /* pass, conditional, fail */
	GIVE_CASE = 4,	     /* absent, urgent, no_other */
	GIVE_REASON = 8,     /* 20 characters or more */
	GIVE_PERSON = 16,
	GIVE_ON = 32,	     /* a day */
	GIVE_PROBLEM = 64,   /* were problems found? */
	GIVE_CONDITIONS = 128,
	GIVE_TERM = 256,     /* valid_from, valid_to: of decisions of kinds that have a term */
	GIVE_INSTALLED = 512, /* software with versions, as it was installed */
	GIVE_CARRIED_OUT_BY = 1024,
};

/* Who is told of a step by e-mail, besides those whose turn it is then; bits. */
enum workflow_tell {
	TELL_APPLICANT = 1, /* and the one on whose behalf it was filed */
	TELL_SUBJECT = 2,
	TELL_ASSIGNED = 4,
	TELL_ADMIN = 8,	    /* whom the asset or the medium names as its 管理者・保管責任者 */
	TELL_NETWORK = 16,  /* 情報システム管理者 of the network that it names */
	TELL_OVERSEER = 32, /* 機関CISO; CISO, where that one is a party (4.3) */
};

/* Kinds of document (attachment.kind); bits. */
enum workflow_document {
	DOC_NECESSITY = 1,
	DOC_CATALOGUE = 2,
	DOC_CONTACTS = 4,
	DOC_HANDOVER = 8,
	DOC_RISK = 16,
	DOC_DIAGRAM = 32,
};

enum workflow_subject {
	SUBJECT_NONE, SUBJECT_ASSET, SUBJECT_MEDIUM, SUBJECT_OBJECT, SUBJECT_ANY, SUBJECT_PERSON,
	SUBJECT__MAX
};

/* TERM_OFFICE: the days of an appointment, members term_from and term_to of the application. */
enum workflow_term { TERM_NONE, TERM_MAY, TERM_MUST, TERM_OFFICE };

enum workflow_type {
	MEMBER_TEXT, MEMBER_TEXTS, MEMBER_DATE, MEMBER_INTEGER, MEMBER_BOOLEAN, MEMBER_LEVEL,
	MEMBER_CHOICE, MEMBER_PERSON, MEMBER_ASSET, MEMBER_ASSETS, MEMBER_NETWORK, MEMBER_UNIT,
	MEMBER_AREA, MEMBER_CLOUD, MEMBER_INSTITUTION, MEMBER_RULE, MEMBER__MAX
};

struct workflow_member {
	const char *name, *ja, *en;
	enum workflow_type type;
	bool required;
	const char *choices; /* MEMBER_CHOICE, also of MEMBER_TEXTS: apart by spaces */
};

struct workflow_step {
	const char *from, *action, *to;
	uint32_t offices;
	unsigned who, not_same, documents, needs, takes;
	bool decides;	    /* the decision: bound to what was seen, D1, D2, D4 */
	unsigned tells;	    /* enum workflow_tell */
	uint32_t tells_offices; /* ISM: of the unit; the others: of the 機関 */
	const char *guard;  /* SQL function (request, jsonb): jsonb list of faults */
	const char *effect; /* SQL function (request, jsonb): what comes of it */
	const char *clause, *ja, *en;
};

/* Who of this kind is told of an action, too, wherever it starts. */
struct workflow_tells {
	const char *action;
	unsigned who;
	uint32_t offices;
};

struct workflow_kind {
	const char *code, *ja, *en, *clause;
	enum workflow_subject subject;
	const char *types; /* of the asset it is about, or functions, apart by spaces; NULL: any */
	uint32_t applicants; /* OFFICES_KNOWN: anybody of the 機関 */
	enum office approver; /* OFFICE__MAX: nobody approves */
	bool escape;	     /* やむを得ない場合; never for exceptions and 機密性4 */
	const char *power;   /* delegable power of a 副情報セキュリティ責任者 that covers it */
	const char *validity; /* policy value: longest term in days */
	enum workflow_term term;
	bool completion_ends; /* completed it permits no more; else it stands, carried out */
	unsigned documents; /* that must be there when it is submitted */
	const char *guard;  /* of the submission */
	const char *opens;  /* effect of its submission, before what is seen is put on record */
	const char *closes; /* effect of its end without a permission, or of being sent back */
	const char *undo;   /* effect of a revocation */
	const char *lapse;  /* effect of the end of its term */
	const struct workflow_member *members; /* ends with name == NULL; or NULL */
	const struct workflow_step *steps;     /* ends with action == NULL */
	const struct workflow_tells *tells;    /* ends with action == NULL; or NULL */
};

/* All kinds, by code of request_type; ends with NULL. */
extern const struct workflow_kind *const workflow_kinds[];

/* Steps of every kind; ends with action == NULL. */
extern const struct workflow_step workflow_generic[];

/* NULL if none. */
const struct workflow_kind *workflow_find(const char *code);

/* Calls back for each step of a kind, its own first. */
typedef void workflow_step_fn(void *arg, const struct workflow_kind *,
			      const struct workflow_step *);
void workflow_each(const struct workflow_kind *, workflow_step_fn *, void *arg);

/* What is wrong with one kind in itself, as "important_new: …"; NULL: nothing (static or heap). */
const char *workflow_fault(const struct workflow_kind *);

/* BUG for a table that is wrong; called at start. */
void workflows_check(void);

/* Words of a set of bits, apart by `between`. */
void workflow_put_offices(uint32_t offices, const char *between, struct buf *);
void workflow_put_who(unsigned who, const char *between, struct buf *);
void workflow_put_not(unsigned not_same, const char *between, struct buf *);
void workflow_put_given(unsigned given, const char *between, struct buf *);
void workflow_put_documents(unsigned documents, const char *between, struct buf *);
void workflow_put_tells(const struct workflow_step *, const char *between, struct buf *);
const char *workflow_subject_code(enum workflow_subject);
const char *workflow_term_code(enum workflow_term);
const char *workflow_type_code(enum workflow_type);

/* Printed: for people, and for Graphviz. */
void workflow_put_text(const struct workflow_kind *, struct buf *);
void workflow_put_dot(const struct workflow_kind *, struct buf *);

/* The statements that write all of it into the database, for db_migrate(); to be freed. */
char *workflows_sql(void);

#endif
