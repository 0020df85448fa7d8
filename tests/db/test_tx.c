/* Transactions and the pool against a real server that misbehaves. */
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <check.h>

#include "../suite.h"

#include <base/clock.h>
#include "db_fixture.h"
#include "embedded_help.h"

static struct db_pool *pool;
static struct arena *arena;
static struct tx tx;

static void
open_one(void)
{
	pool = fixture_pool(1, 300, 2000);
	arena = arena_new();
	tx_init(&tx, pool, LANE_SHORT, arena);
	tx.ctx = (struct tx_context){ .person = "yamada", .office = "sysadmin",
		.request_id = "req-1", .operation = "test", .scope = "{hoshi}" };
}

static void
close_one(void)
{
	tx_rollback(&tx);
	arena_free(arena);
	db_pool_free(pool);
}

static const char *
one(const char *sql)
{
	PGresult *res;

	ck_assert_int_eq(tx_once(&tx, sql, NULL, &res), OK);
	return tx_text(res, 0, 0);
}

START_TEST(the_context_is_there_and_only_there)
{
	ck_assert_str_eq(one("SELECT acting_person()"), "yamada");
	ck_assert_str_eq(one("SELECT acting('scope')"), "{hoshi}");
	tx.ctx.person = NULL; /* the same connection, another act */
	ck_assert_ptr_null(one("SELECT acting_person()"));
}
END_TEST

START_TEST(statements_are_prepared_once)
{
	int i;

	for (i = 0; i < 3; i++)
		one("SELECT 42");
	ck_assert_str_eq(one("SELECT count(*) FROM pg_prepared_statements WHERE statement = "
			     "'SELECT 42'"), "1");
}
END_TEST

START_TEST(many_texts_run_unprepared)
{
	char sql[60];
	int i;

	for (i = 0; i < 400; i++) {
		snprintf(sql, sizeof(sql), "SELECT %d", i);
		ck_assert_int_eq(strtol(one(sql), NULL, 10), i);
	}
}
END_TEST

START_TEST(an_error_leaves_the_connection_fit)
{
	PGresult *res = NULL;

	ck_assert_int_eq(tx_once(&tx, "SELECT 1/0", NULL, &res), ERR_INTERNAL);
	ck_assert_str_eq(tx.sqlstate, "22012");
	ck_assert_ptr_null(res);
	ck_assert_str_eq(one("SELECT 7"), "7");
}
END_TEST

START_TEST(a_missing_table_is_internal)
{
	ck_assert_int_eq(tx_once(&tx, "SELECT * FROM no_such_table", NULL, NULL), ERR_INTERNAL);
	ck_assert_int_eq(tx_once(&tx, "SELECT * FROM no_such_table", NULL, NULL), ERR_INTERNAL);
	ck_assert_str_eq(one("SELECT 8"), "8");
}
END_TEST

START_TEST(a_failed_transaction_does_not_commit)
{
	ck_assert_int_eq(tx_begin(&tx), OK);
	ck_assert_int_eq(tx_run(&tx, "SELECT 1/0", NULL, NULL), ERR_INTERNAL);
	ck_assert_int_ne(tx_commit(&tx), OK); /* PostgreSQL says "ROLLBACK" and no error */
	ck_assert_str_eq(one("SELECT 9"), "9");
}
END_TEST

START_TEST(rolled_back_is_gone)
{
	ck_assert_int_eq(tx_begin(&tx), OK);
	ck_assert_int_eq(tx_run(&tx, "INSERT INTO idempotency_key (person, key, fingerprint) "
				"VALUES ('a', 'b', 'c')", NULL, NULL), OK);
	tx_rollback(&tx);
	ck_assert_str_eq(one("SELECT count(*) FROM idempotency_key"), "0");
}
END_TEST

START_TEST(committed_stays)
{
	ck_assert_int_eq(tx_begin(&tx), OK);
	ck_assert_int_eq(tx_run(&tx, "INSERT INTO idempotency_key (person, key, fingerprint) "
				"VALUES ('a', 'b', 'c')", NULL, NULL), OK);
	ck_assert_int_eq(tx_commit(&tx), OK);
	ck_assert_str_eq(one("SELECT count(*) FROM idempotency_key"), "1");
	free(fixture_sql("DELETE FROM idempotency_key"));
}
END_TEST

START_TEST(a_taken_key_is_a_conflict)
{
	static const char sql[] = "INSERT INTO idempotency_key (person, key, fingerprint) VALUES "
		"('x', 'y', 'z')";

	ck_assert_int_eq(tx_once(&tx, sql, NULL, NULL), OK);
	ck_assert_int_eq(tx_once(&tx, sql, NULL, NULL), ERR_CONFLICT);
	ck_assert_str_eq(tx.constraint, "idempotency_key_pkey");
	ck_assert_ptr_null(tx.detail); /* it would tell the values */
	free(fixture_sql("DELETE FROM idempotency_key"));
}
END_TEST

START_TEST(a_slow_statement_is_ended)
{
	ck_assert_int_eq(tx_once(&tx, "SELECT pg_sleep(30)", NULL, NULL), ERR_DB_TIMEOUT);
	ck_assert_str_eq(one("SELECT 10"), "10");
}
END_TEST

START_TEST(a_killed_backend_is_replaced)
{
	char sql[100];

	snprintf(sql, sizeof(sql), "SELECT pg_terminate_backend(%s)",
		 one("SELECT pg_backend_pid()"));
	free(fixture_sql(sql));
	help_sleep(100); /* for the end of file to arrive */
	ck_assert_str_eq(one("SELECT 11"), "11");
}
END_TEST

START_TEST(a_backend_killed_inside_a_transaction_is_away)
{
	PGresult *res;
	char sql[100];

	ck_assert_int_eq(tx_begin(&tx), OK);
	ck_assert_int_eq(tx_run(&tx, "SELECT pg_backend_pid()", NULL, &res), OK);
	snprintf(sql, sizeof(sql), "SELECT pg_terminate_backend(%s)", tx_text(res, 0, 0));
	free(fixture_sql(sql));
	ck_assert_int_eq(tx_run(&tx, "SELECT 1", NULL, NULL), ERR_DB_AWAY);
	tx_rollback(&tx);
	ck_assert_str_eq(one("SELECT 12"), "12");
}
END_TEST

START_TEST(a_lane_is_bounded_and_alone)
{
	struct tx second, other;
	int64_t t = clock_mono_us();

	tx_init(&second, pool, LANE_SHORT, arena);
	tx_init(&other, pool, LANE_LONG, arena);
	ck_assert_int_eq(tx_begin(&tx), OK);
	ck_assert_int_eq(tx_once(&second, "SELECT 1", NULL, NULL), ERR_OVERLOADED);
	ck_assert_int_ge(clock_mono_us() - t, 300000);
	ck_assert_int_eq(tx_once(&other, "SELECT 1", NULL, NULL), OK);
	tx_rollback(&tx);
	ck_assert_int_eq(tx_once(&second, "SELECT 1", NULL, NULL), OK);
}
END_TEST

START_TEST(no_server_is_away_at_once)
{
	struct db_conf conf = { .conninfo = "host=/nonexistent dbname=x", .size = { 1, 1 },
		.wait_ms = 1000, .timeout_ms = { 1000, 1000 } };
	struct db_pool *none = db_pool_new(&conf);
	struct tx lost;

	tx_init(&lost, none, LANE_SHORT, arena);
	ck_assert_int_eq(tx_once(&lost, "SELECT 1", NULL, NULL), ERR_DB_AWAY);
	ck_assert_ptr_nonnull(strstr(db_pool_last_error(none), "nonexistent"));
	db_pool_free(none);
}
END_TEST

START_TEST(copy_takes_rows_and_tells_bad_ones)
{
	static const char copy[] = "COPY idempotency_key (person, key, fingerprint) FROM STDIN";

	ck_assert_int_eq(tx_begin(&tx), OK);
	ck_assert_int_eq(tx_copy_start(&tx, copy), OK);
	ck_assert_int_eq(tx_copy_data(&tx, "a\tb\tc\n", 6), OK);
	ck_assert_int_eq(tx_copy_end(&tx), OK);
	ck_assert_int_eq(tx_copy_start(&tx, copy), OK);
	ck_assert_int_eq(tx_copy_data(&tx, "a\tb\n", 4), OK);
	ck_assert_int_ne(tx_copy_end(&tx), OK);
	tx_rollback(&tx);
	ck_assert_str_eq(one("SELECT count(*) FROM idempotency_key"), "0");
}
END_TEST

START_TEST(copy_into_nothing_is_refused)
{
	ck_assert_int_eq(tx_begin(&tx), OK);
	ck_assert_int_ne(tx_copy_start(&tx, "COPY no_such_table FROM STDIN"), OK);
	tx_rollback(&tx);
	ck_assert_str_eq(one("SELECT 13"), "13");
}
END_TEST

static enum err
add(void *arg, const PGresult *row)
{
	*(int64_t *)arg += tx_int(row, 0, 0);
	return OK;
}

static enum err
stop(void *arg, const PGresult *row)
{
	(void)row;
	++*(int *)arg;
	return ERR_BAD_QUERY;
}

START_TEST(each_row_is_seen_once)
{
	int64_t sum = 0;

	ck_assert_int_eq(tx_begin(&tx), OK);
	ck_assert_int_eq(tx_each(&tx, "SELECT generate_series(1, 1000)", NULL, add, &sum), OK);
	ck_assert_int_eq(sum, 500500);
}
END_TEST

START_TEST(a_reader_may_stop)
{
	int seen = 0;

	ck_assert_int_eq(tx_begin(&tx), OK);
	ck_assert_int_eq(tx_each(&tx, "SELECT generate_series(1, 1000)", NULL, stop, &seen),
			 ERR_BAD_QUERY);
	ck_assert_int_eq(seen, 1);
	tx_rollback(&tx);
	ck_assert_str_eq(one("SELECT 14"), "14");
}
END_TEST

#define THREADS 8

static void *
hammer(void *arg)
{
	struct arena *own = arena_new();
	struct tx mine;
	long bad = 0;
	int i;

	tx_init(&mine, arg, LANE_SHORT, own);
	for (i = 0; i < 100; i++) {
		PGresult *res;
		char sql[40];

		snprintf(sql, sizeof(sql), "SELECT %d", i % 7);
		if (tx_once(&mine, sql, NULL, &res) != OK || tx_int(res, 0, 0) != i % 7)
			bad++;
	}
	arena_free(own);
	return (void *)bad;
}

START_TEST(threads_share_a_small_pool)
{
	struct db_pool *two = fixture_pool(2, 10000, 5000);
	struct db_pool_stats stats;
	pthread_t t[THREADS];
	void *bad;
	int i;

	for (i = 0; i < THREADS; i++)
		ck_assert_int_eq(pthread_create(&t[i], NULL, hammer, two), 0);
	for (i = 0; i < THREADS; i++) {
		pthread_join(t[i], &bad);
		ck_assert_ptr_null(bad);
	}
	db_pool_stats(two, &stats);
	ck_assert_int_le(stats.open[LANE_SHORT], 2);
	ck_assert_int_eq(stats.busy[LANE_SHORT], 0);
	ck_assert_uint_eq(stats.taken, THREADS * 100);
	db_pool_free(two);
}
END_TEST

int
main(void)
{
	Suite *s = suite_create("tx");
	TCase *t = tcase_create("tx");

	tcase_set_timeout(t, 60);
	tcase_add_unchecked_fixture(t, fixture_begin, fixture_end);
	tcase_add_checked_fixture(t, open_one, close_one);
	tcase_add_test(t, the_context_is_there_and_only_there);
	tcase_add_test(t, statements_are_prepared_once);
	tcase_add_test(t, many_texts_run_unprepared);
	tcase_add_test(t, an_error_leaves_the_connection_fit);
	tcase_add_test(t, a_missing_table_is_internal);
	tcase_add_test(t, a_failed_transaction_does_not_commit);
	tcase_add_test(t, rolled_back_is_gone);
	tcase_add_test(t, committed_stays);
	tcase_add_test(t, a_taken_key_is_a_conflict);
	tcase_add_test(t, a_slow_statement_is_ended);
	tcase_add_test(t, a_killed_backend_is_replaced);
	tcase_add_test(t, a_backend_killed_inside_a_transaction_is_away);
	tcase_add_test(t, a_lane_is_bounded_and_alone);
	tcase_add_test(t, no_server_is_away_at_once);
	tcase_add_test(t, copy_takes_rows_and_tells_bad_ones);
	tcase_add_test(t, copy_into_nothing_is_refused);
	tcase_add_test(t, each_row_is_seen_once);
	tcase_add_test(t, a_reader_may_stop);
	tcase_add_test(t, threads_share_a_small_pool);
	suite_add_tcase(s, t);
	return suite_run(s);
}
