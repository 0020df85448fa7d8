/* Tokens of three persons of hoshi, for the tests that have to do with them. */
#ifndef TESTS_TOKEN_FIXTURE_H
#define TESTS_TOKEN_FIXTURE_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <check.h>

#include <base/clock.h>
#include <org/access.h>
#include <org/token.h>
#include "db_fixture.h"

static struct db_pool *pool;
static struct access_cache *cache;
static struct arena *arena;
static struct tx tx;

static const struct token_scope read_all = { NULL, 1U << SCOPE_READ, NULL };

static inline void
begin_all(void)
{
	fixture_begin();
	free(fixture_sql("INSERT INTO institution (code, name_ja, incident_desk_name,"
		" incident_desk_contact, external_desk_name, external_desk_contact)"
		" SELECT c, c, 'd', 'd', 'd', 'd' FROM unnest('{hoshi,umi}'::text[]) c;"
		"INSERT INTO org_unit (code, institution, name_ja, unit_kind, valid_from)"
		" SELECT c || '-u', c, 'u', 'department', '2020-01-01'"
		" FROM unnest('{hoshi,umi}'::text[]) c;"
		"INSERT INTO person (login, institution, name_ja, email, unit, person_kind)"
		" SELECT l, 'hoshi', l, l || '@example.ac.jp', 'hoshi-u', 'employee'"
		" FROM unnest('{hoshi.a,hoshi.b,hoshi.c}'::text[]) l"));
}

static inline void
begin(void)
{
	clock_set_offset_s(0);
	pool = fixture_pool(2, 5000, 20000);
	cache = access_cache_new();
	arena = arena_new();
	tx_init(&tx, pool, LANE_SHORT, arena);
	tx.ctx.scope = "{*}";
}

static inline void
end(void)
{
	access_cache_free(cache);
	db_pool_free(pool);
	arena_free(arena);
	clock_set_offset_s(0);
	free(fixture_sql("UPDATE person SET active = true, left_on = NULL"));
}

static inline struct token_issued
issue_with(const struct token_wish *wish)
{
	struct token_issued t = { NULL, NULL, NULL };

	ck_assert_int_eq(token_issue(&tx, wish, &t), OK);
	return t;
}

static inline struct token_issued
issue(const char *person, int days)
{
	struct token_wish w = { .person = person, .scopes = &read_all, .scope_count = 1,
		.days = days };

	return issue_with(&w);
}

static inline enum err
identify_from(const char *token, const char *client, struct principal **ret)
{
	struct principal *p = NULL;
	enum err e = access_identify(cache, arena, pool, token, client, &p);

	if (e == OK && ret != NULL)
		*ret = p;
	return e;
}

/* Asking the database, whatever was known a moment ago. */
static inline enum err
identify(const char *token)
{
	access_cache_clear(cache);
	return identify_from(token, "192.0.2.1", NULL);
}

static inline char *
cell(const char *what, const char *id)
{
	char sql[300];

	snprintf(sql, sizeof(sql), "SELECT %s FROM token WHERE id = '%s'", what, id);
	return fixture_sql(sql);
}

static inline void
cell_is(const char *what, const char *id, const char *want)
{
	char *got = cell(what, id);

	ck_assert_msg(str_eq(got, want), "%s is %s", what, got == NULL ? "NULL" : got);
	free(got);
}

#endif
