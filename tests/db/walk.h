/*
 * Random walks through the applications: persons with offices that come and go do, as the daemon
 * would for them, what comes to mind.  Which kinds, steps and members there are is asked of the
 * tables in the database; what must never come of it is asked by an oracle that knows only the
 * record (walk_oracle.c, walk_effects.c, walk_history.c) and the printed table (walk_golden.c).
 */
#ifndef TESTS_DB_WALK_H
#define TESTS_DB_WALK_H

#include <stdbool.h>
#include <stdint.h>

#include <jansson.h>
#include <libpq-fe.h>

#include <base/arena.h>

#define WALK_KINDS_MAX 64
#define WALK_LINES_MAX 1200

struct walk {
	uint64_t seed, random;
	long acts, done, refused, stale;
	int64_t clock; /* seconds that the injected clock has gone on since the walk began */
	PGconn *app, *own; /* the daemon's role; who owns the database and looks on */
	struct arena *arena; /* of one act */
	json_t *kinds; /* the tables, see walk_kinds() */
	json_t *rows; /* good rows to make subjects of, by name */
	const char *answer; /* first cell of what was done last */
	long reached[WALK_KINDS_MAX]; /* by kind: approved or completed */
	char last[400]; /* what was tried last, for who reads the failure */
};

/* Parameters of a statement: text, or NULL. */
#define WALK_ARGS(...) sizeof((const char *[]){ __VA_ARGS__ }) / sizeof(const char *), \
	(const char *[]){ __VA_ARGS__ }
#define WALK_NONE 0, NULL

/* ---- walk_base.c: chance, statements, the clock ---------------------------------------------- */

uint64_t walk_random(struct walk *, uint64_t below);
bool walk_chance(struct walk *, unsigned percent);

/* As who owns the database: must succeed.  Results die with the act. */
PGresult *walk_read(struct walk *, const char *sql, size_t n, const char *const *args);
/* First cell, or NULL. */
const char *walk_cell(struct walk *, const char *sql, size_t n, const char *const *args);
/* The first column of one of the rows, or NULL. */
const char *walk_one_of(struct walk *, const char *sql, size_t n, const char *const *args);

/* Who acts from now on, in which office ("": none), by which token (NULL: none). */
void walk_as(struct walk *, const char *person, const char *office, const char *token);

/* As the daemon: was something changed?  Refusals are counted; any other error fails the test. */
bool walk_try(struct walk *, const char *sql, size_t n, const char *const *args);

/* What is tried now, for who reads a failure. */
void walk_note(struct walk *, const char *what, const char *who, const char *doc);

/* The day so many days from today, by the injected clock. */
const char *walk_day(struct walk *, int days);
int64_t walk_offset(const struct walk *);

/* ---- walk_fixture.c: the organisation and what applications are about ------------------------ */

#define WALK_TEMPLATE "walk_template"

/* Fills the database of the fixture and makes a template of it. */
void walk_organise(void);
void walk_open(struct walk *, uint64_t seed);
void walk_close(struct walk *);

/* A person of the 機関: anybody, or one who holds the office and is there (NULL: nobody). */
const char *walk_person(struct walk *, const char *institution);
const char *walk_holder(struct walk *, const char *office, const char *institution);

/* A row that fits the kind: {asset: …}, {medium: …}, or {} for none; NULL: nothing fits now. */
json_t *walk_subject(struct walk *, const char *kind, const char *subject,
		     const char *institution);

/* ---- walk_words.c: what is said in applications and steps ------------------------------------ */

/* Members by their type, now and then wrong ones. */
json_t *walk_payload(struct walk *, json_t *kind, const char *institution, const char *subject);
json_t *walk_given(struct walk *, json_t *step, const char *institution);
const char *walk_json(struct walk *, json_t *stolen); /* as text of the act */
const char *walk_approved_service(struct walk *, const char *institution); /* NULL: none */
const char *walk_text(json_t *object, const char *member); /* NULL: not there */

/* ---- walk_acts.c, walk_file.c, walk_steps.c: what is done ------------------------------------ */

void walk_act(struct walk *); /* one of all */
void walk_file(struct walk *); /* an application is made */
void walk_bundle(struct walk *);
void walk_step(struct walk *); /* a step of one is tried */
json_t *walk_kind(struct walk *, const char *code);

/* ---- walk_oracle.c, walk_effects.c, walk_history.c ------------------------------------------- */

/* Each fails the test if the record breaks what must hold, and says nothing otherwise. */
void walk_judge(struct walk *); /* who took which step in what order */
void walk_judge_effects(struct walk *); /* what stands beside the applications */
void walk_judge_history(struct walk *); /* when it came to stand there, by the log */

/* How far walks came, by kind in the order of the printed table; each adds to it. */
struct walk_cover {
	int kinds;
	char code[WALK_KINDS_MAX][40];
	long taken[WALK_KINDS_MAX], decided[WALK_KINDS_MAX], granted[WALK_KINDS_MAX];
	long lines[WALK_KINDS_MAX], lines_taken[WALK_KINDS_MAX];
	bool seen[WALK_LINES_MAX]; /* the line, in the order of the table */
};
void walk_count(struct walk *, struct walk_cover *);

#endif
