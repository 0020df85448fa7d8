#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <check.h>

#include <base/util.h>
#include "walk.h"

/* The walk begins on a day of its own, so that a seed does the same in any year. */
#define WALK_BEGINS 1901264400 /* 2030-04-01 09:00 UTC */

/* splitmix64 */
uint64_t
walk_random(struct walk *w, uint64_t below)
{
	uint64_t z = w->random += 0x9e3779b97f4a7c15u;

	z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
	z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
	z ^= z >> 31;
	return below == 0 ? 0 : z % below;
}

bool
walk_chance(struct walk *w, unsigned percent)
{
	return walk_random(w, 100) < percent;
}

int64_t
walk_offset(const struct walk *w)
{
	return WALK_BEGINS + w->clock - (int64_t)time(NULL);
}

const char *
walk_day(struct walk *w, int days)
{
	time_t at = WALK_BEGINS + w->clock + (time_t)days * 86400;
	struct tm tm;
	char day[16];

	gmtime_r(&at, &tm);
	strftime(day, sizeof(day), "%Y-%m-%d", &tm);
	return arena_strdup(w->arena, day);
}

static void
clear(void *res)
{
	PQclear(res);
}

static void
died(const struct walk *w, const char *sql, const PGresult *res, const PGconn *pg)
{
	ck_abort_msg("seed %llu, act %ld (%s): %s %s\n%.600s\n%.300s", (unsigned long long)w->seed,
		     w->acts, w->last, PQresultErrorField(res, PG_DIAG_SQLSTATE) == NULL ? "" :
		     PQresultErrorField(res, PG_DIAG_SQLSTATE), PQerrorMessage(pg),
		     PQresultErrorField(res, PG_DIAG_CONTEXT) == NULL ? "" :
		     PQresultErrorField(res, PG_DIAG_CONTEXT), sql);
}

static PGresult *
ask(struct walk *w, PGconn *pg, const char *sql, size_t n, const char *const *args)
{
	PGresult *res = PQexecParams(pg, sql, (int)n, NULL, args, NULL, NULL, 0);

	arena_defer(w->arena, clear, res);
	return res;
}

PGresult *
walk_read(struct walk *w, const char *sql, size_t n, const char *const *args)
{
	PGresult *res = ask(w, w->own, sql, n, args);

	if (PQresultStatus(res) != PGRES_TUPLES_OK && PQresultStatus(res) != PGRES_COMMAND_OK)
		died(w, sql, res, w->own);
	return res;
}

const char *
walk_cell(struct walk *w, const char *sql, size_t n, const char *const *args)
{
	PGresult *res = walk_read(w, sql, n, args);

	return PQntuples(res) == 0 || PQgetisnull(res, 0, 0) ? NULL : PQgetvalue(res, 0, 0);
}

const char *
walk_one_of(struct walk *w, const char *sql, size_t n, const char *const *args)
{
	PGresult *res = walk_read(w, sql, n, args);

	if (PQntuples(res) == 0)
		return NULL;
	return PQgetvalue(res, (int)walk_random(w, (uint64_t)PQntuples(res)), 0);
}

void
walk_note(struct walk *w, const char *what, const char *who, const char *doc)
{
	snprintf(w->last, sizeof(w->last), "%s by %s: %.280s", what, who == NULL ? "-" : who,
		 doc == NULL ? "" : doc);
}

/* What tx_act_sql tells of each act, here for the session; and the same clock for who looks on. */
void
walk_as(struct walk *w, const char *person, const char *office, const char *token)
{
	static const char sql[] = "SELECT set_config('daicho.person', coalesce($1, ''), false),"
		" set_config('daicho.office', coalesce($2, ''), false),"
		" set_config('daicho.account', coalesce($3, ''), false),"
		" set_config('daicho.scope', $4, false), set_config('daicho.write_scope', $4,"
		" false),"
		" set_config('daicho.reach', 'iiii4', false),"
		" set_config('daicho.clock_offset', $5, false),"
		" set_config('daicho.system', $6, false)";
	const char *offset = arena_printf(w->arena, "%lld", (long long)walk_offset(w));
	const char *args[] = { person, office, token, "{hoshi,umi}", offset,
		person == NULL ? "t" : "" };
	PGresult *res = ask(w, w->app, sql, ARRAY_SIZE(args), args);

	if (PQresultStatus(res) != PGRES_TUPLES_OK)
		died(w, sql, res, w->app);
	walk_read(w, "SELECT set_config('daicho.clock_offset', $1, false)", WALK_ARGS(offset));
}

/* What the daemon answers with a fault; all else it would answer as an error of its own. */
static bool
is_refusal(const char *state)
{
	static const char *const states[] = { "DR001", "DR002", "DR003", "DR004", NULL };
	size_t i;

	for (i = 0; states[i] != NULL; i++)
		if (strcmp(states[i], state) == 0)
			return true;
	return false;
}

bool
walk_try(struct walk *w, const char *sql, size_t n, const char *const *args)
{
	PGresult *res = ask(w, w->app, sql, n, args);
	const char *state = PQresultErrorField(res, PG_DIAG_SQLSTATE);

	w->answer = NULL;
	if (state != NULL) {
		if (!is_refusal(state))
			died(w, sql, res, w->app);
		w->refused++;
		return false;
	}
	if (PQntuples(res) == 0) {
		w->stale++;
		return false;
	}
	w->done++;
	w->answer = PQgetisnull(res, 0, 0) ? NULL : PQgetvalue(res, 0, 0);
	return true;
}
