/* The embedded server: what it starts, what it survives, what it refuses. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <check.h>

#include "../suite.h"

#include <base/clock.h>

#include "embedded_help.h"

static void
sql_is(const char *conninfo, const char *sql, const char *wanted)
{
	char *got = help_sql_soon(conninfo, sql);

	ck_assert_msg(str_eq(got, wanted), "%s: %s, not %s", sql, got == NULL ? "-" : got, wanted);
	free(got);
}

static void
row_write(const char *conninfo)
{
	sql_is(conninfo, "CREATE TABLE t (v text)", "");
	sql_is(conninfo, "INSERT INTO t VALUES ('情報資産')", "");
}

static void
row_there(const char *conninfo)
{
	sql_is(conninfo, "SELECT string_agg(v, ',') FROM t", "情報資産");
}

static bool
lives(int pid)
{
	return kill(pid, 0) == 0;
}

/* Is one of the sockets of pid in a table of the network? */
static bool
has_tcp(int pid, const char *table)
{
	char path[300], link[64], inode[32], line[512];
	bool found = false;
	struct dirent *d;
	ssize_t n;
	FILE *f;
	DIR *fds;

	snprintf(path, sizeof(path), "/proc/%d/fd", pid);
	fds = opendir(path);
	ck_assert_ptr_nonnull(fds);
	while ((d = readdir(fds)) != NULL) {
		snprintf(path, sizeof(path), "/proc/%d/fd/%.20s", pid, d->d_name);
		n = readlink(path, link, sizeof(link) - 1);
		if (n < 0)
			continue;
		link[n] = '\0';
		if (sscanf(link, "socket:[%31[0-9]", inode) != 1)
			continue;
		f = fopen(table, "r");
		while (f != NULL && fgets(line, sizeof(line), f) != NULL)
			found = found || strstr(line, inode) != NULL;
		if (f != NULL)
			fclose(f);
	}
	closedir(fds);
	return found;
}

START_TEST(first_start)
{
	static const char *const settings[][2] = {
		{"listen_addresses", ""},	 {"fsync", "on"},
		{"synchronous_commit", "on"},	 {"full_page_writes", "on"},
		{"data_checksums", "on"},	 {"server_encoding", "UTF8"},
		{"lc_ctype", "C.UTF-8"},	 {"lc_collate", "C"},
		{"max_connections", "60"},	 {"jit", "off"},
		{"unix_socket_permissions", "0700"}, {"max_prepared_transactions", "0"},
		{"idle_in_transaction_session_timeout", "1min"},
		{"client_connection_check_interval", "1s"},
		{"logging_collector", "on"},	 {"log_min_messages", "warning"},
	};
	const char *dir = help_path("first");
	struct help_said said = {""};
	struct embedded *e = help_start(dir, &said);
	char show[128];
	struct stat st;
	size_t i;
	int pid = embedded_pid(e);

	ck_assert_str_eq(embedded_dir(e), dir);
	ck_assert_int_gt(pid, 0);
	for (i = 0; i < ARRAY_SIZE(settings); i++) {
		snprintf(show, sizeof(show), "SHOW %s", settings[i][0]);
		sql_is(embedded_conninfo(e), show, settings[i][1]);
	}
	ck_assert_int_eq(stat(dir, &st), 0);
	ck_assert_int_eq(st.st_mode & 0777, 0700);
	ck_assert_int_eq(stat(help_path("first/run"), &st), 0);
	ck_assert_int_eq(st.st_mode & 0777, 0700);
	ck_assert(!has_tcp(pid, "/proc/net/tcp"));
	ck_assert(!has_tcp(pid, "/proc/net/tcp6"));
	/* Ctrl-C in our terminal must not reach it */
	ck_assert_int_ne(getpgid(pid), getpgrp());
	ck_assert_int_ne(getsid(pid), getsid(0));
	ck_assert_ptr_nonnull(strstr(said.text, "Making a PostgreSQL cluster"));
	embedded_stop(e);
	ck_assert(!lives(pid));
}
END_TEST

START_TEST(second_start_keeps_data)
{
	const char *dir = help_path("second");
	struct help_said said = {""};
	struct embedded *e = help_start(dir, NULL);

	row_write(embedded_conninfo(e));
	embedded_stop(e);
	e = help_start(dir, &said);
	row_there(embedded_conninfo(e));
	ck_assert_ptr_null(strstr(said.text, "Making"));
	embedded_stop(e);
}
END_TEST

START_TEST(second_daemon_is_refused)
{
	const char *dir = help_path("two");
	struct help_daemon d = help_daemon(dir);
	char pid[32], *why = help_refused(dir, NULL);

	snprintf(pid, sizeof(pid), "(pid %ld)", (long)d.pid);
	ck_assert_msg(strstr(why, pid) != NULL, "%s", why);
	free(why);
	sql_is(d.conninfo, "SELECT 1", "1"); /* the first is none the worse for it */
	help_daemon_stop(&d);
}
END_TEST

START_TEST(killed_postmaster_comes_back)
{
	struct help_said said = {""};
	struct embedded *e = help_start(help_path("pmkill"), &said);
	int pid = embedded_pid(e), i;

	row_write(embedded_conninfo(e));
	for (i = 0; i < 2; i++) {
		ck_assert_int_eq(kill(pid, SIGKILL), 0);
		while (embedded_pid(e) == pid)
			help_sleep(5);
		row_there(embedded_conninfo(e));
		while (embedded_pid(e) == 0)
			help_sleep(5);
		ck_assert_int_ne(embedded_pid(e), pid);
		pid = embedded_pid(e);
	}
	ck_assert_ptr_nonnull(strstr(said.text, "was killed by signal 9"));
	embedded_stop(e);
	ck_assert(!lives(pid));
}
END_TEST

/* A backend that never looks up holds the shared memory of its killed postmaster. */
START_TEST(busy_backend_does_not_stop_the_restart)
{
	struct embedded *e = help_start(help_path("busy"), NULL);
	const char *conninfo = embedded_conninfo(e);
	int pid = embedded_pid(e);
	pid_t client;

	row_write(conninfo);
	client = fork();
	if (client == 0) {
		help_sql(conninfo, "DO $$ BEGIN LOOP END LOOP; END $$");
		_exit(0);
	}
	sql_is(conninfo, "SELECT 1", "1");
	for (;;) {
		char *n = help_sql(conninfo, "SELECT count(*) FROM pg_stat_activity "
				   "WHERE state = 'active' AND query LIKE 'DO %'");
		bool busy = str_eq(n, "1");

		free(n);
		if (busy)
			break;
		help_sleep(10);
	}
	ck_assert_int_eq(kill(pid, SIGKILL), 0);
	while (embedded_pid(e) == pid || embedded_pid(e) == 0)
		help_sleep(20);
	row_there(conninfo);
	kill(client, SIGKILL);
	waitpid(client, NULL, 0);
	embedded_stop(e);
}
END_TEST

START_TEST(stop_while_restarting)
{
	struct embedded *e = help_start(help_path("stoprestart"), NULL);
	int pid = embedded_pid(e), i;

	kill(pid, SIGKILL);
	embedded_stop(e);
	ck_assert(!lives(pid));
	for (i = 0; i < 5; i++) { /* at other moments of the restart */
		e = help_start(help_path("stoprestart"), NULL);
		pid = embedded_pid(e);
		kill(pid, SIGKILL);
		help_sleep(60 * i);
		embedded_stop(e);
		ck_assert(!lives(pid));
	}
}
END_TEST

START_TEST(killed_daemon_loses_nothing)
{
	struct help_daemon d = help_daemon(help_path("dkill"));
	struct embedded *e;

	row_write(d.conninfo);
	help_daemon_kill(&d);
	e = help_start(help_path("dkill"), NULL);
	row_there(embedded_conninfo(e));
	ck_assert_int_ne(embedded_pid(e), d.server);
	embedded_stop(e);
}
END_TEST

/* Nobody starts again: the server must not stay behind alone. */
START_TEST(server_follows_its_daemon)
{
	struct help_daemon d = help_daemon(help_path("follow"));
	const char *file = help_path("follow/data/postmaster.pid");
	int ms;

	ck_assert_int_eq(access(file, F_OK), 0);
	help_daemon_kill(&d);
	for (ms = 0; access(file, F_OK) == 0 && ms < HELP_WAIT_MS; ms += 20)
		help_sleep(20);
	ck_assert_int_ne(access(file, F_OK), 0); /* it takes that away last, in order */
}
END_TEST

/* Suspended, the orphan cannot follow the signal that its parent's death sends. */
START_TEST(orphan_is_stopped)
{
	struct help_daemon d = help_daemon(help_path("orphan"));
	struct help_said said = {""};
	struct embedded *e;

	row_write(d.conninfo);
	kill(d.server, SIGSTOP);
	help_daemon_kill(&d);
	ck_assert(lives(d.server));
	e = help_start(help_path("orphan"), &said);
	ck_assert_ptr_nonnull(strstr(said.text, "Stopping the PostgreSQL of an earlier run"));
	row_there(embedded_conninfo(e));
	embedded_stop(e);
}
END_TEST

START_TEST(both_killed)
{
	struct help_daemon d = help_daemon(help_path("both"));
	struct embedded *e;

	row_write(d.conninfo);
	kill(d.server, SIGSTOP);
	help_daemon_kill(&d);
	kill(d.server, SIGKILL);
	e = help_start(help_path("both"), NULL);
	row_there(embedded_conninfo(e));
	embedded_stop(e);
}
END_TEST

START_TEST(stale_pid_of_a_stranger)
{
	const char *dir = help_path("stale");
	struct embedded *e = help_start(dir, NULL);
	pid_t stranger;
	char text[1300];

	row_write(embedded_conninfo(e));
	embedded_stop(e);
	stranger = fork(); /* same user: PostgreSQL alone would refuse to start */
	if (stranger == 0) {
		pause();
		_exit(0);
	}
	snprintf(text, sizeof(text), "%ld\n%s/data\n1700000000\n5432\n%s/run\n\n  1  1\nready   \n",
		 (long)stranger, dir, dir);
	help_write(help_path("stale/data/postmaster.pid"), text, 0600);
	help_write(help_path("stale/run/.s.PGSQL.5432.lock"), text, 0600);
	e = help_start(dir, NULL);
	row_there(embedded_conninfo(e));
	embedded_stop(e);
	ck_assert_int_eq(waitpid(stranger, NULL, WNOHANG), 0); /* still there */
	kill(stranger, SIGKILL);
	waitpid(stranger, NULL, 0);
}
END_TEST

START_TEST(half_made_cluster)
{
	const char *dir = help_path("half");
	struct help_said said = {""};
	struct embedded *e = help_start(dir, NULL);

	embedded_stop(e);
	ck_assert_int_eq(rename(help_path("half/data"), help_path("half/data.new")), 0);
	ck_assert_int_eq(unlink(help_path("half/data.new/global/pg_control")), 0);
	e = help_start(dir, &said);
	ck_assert_ptr_nonnull(strstr(said.text, "unfinished"));
	ck_assert_int_ne(access(help_path("half/data.new"), F_OK), 0);
	sql_is(embedded_conninfo(e), "SELECT 1", "1");
	embedded_stop(e);
}
END_TEST

START_TEST(initdb_killed)
{
	const char *dir = help_path("initdb"), *new = help_path("initdb/data.new/base");
	struct embedded *e;
	pid_t pid = fork();

	if (pid == 0) {
		help_start(dir, NULL);
		pause();
	}
	while (access(new, F_OK) != 0 && waitpid(pid, NULL, WNOHANG) == 0)
		help_sleep(1);
	kill(pid, SIGKILL);
	waitpid(pid, NULL, 0);
	e = help_start(dir, NULL);
	sql_is(embedded_conninfo(e), "SHOW data_checksums", "on");
	ck_assert_int_ne(access(help_path("initdb/data.new"), F_OK), 0);
	embedded_stop(e);
}
END_TEST

/* Names that a socket address, a list or a quoted string cannot hold. */
START_TEST(awkward_names)
{
	static const char *const names[] = {
		"with, comma", "a 'quote\" and \\", "情報 資産",
		"long-long-long-long-long-long-long-long-long-long-long-long-long-long-long-long",
	};
	struct embedded *e = help_start(help_path(names[_i]), NULL);

	row_write(embedded_conninfo(e));
	embedded_stop(e);
	e = help_start(help_path(names[_i]), NULL);
	row_there(embedded_conninfo(e));
	embedded_stop(e);
}
END_TEST

/* --- the command line --- */

START_TEST(command_uses_the_daemons_server)
{
	const char *dir = help_path("borrow"), *why = "";
	struct help_daemon d = help_daemon(dir);
	struct embedded_conf c = help_conf(dir, NULL);
	struct embedded *e = embedded_open(&c, &why);

	ck_assert_msg(e != NULL, "%s", why);
	ck_assert_int_eq(embedded_pid(e), d.server);
	ck_assert_str_eq(embedded_conninfo(e), d.conninfo);
	ck_assert_int_ne(geteuid(), 0);
	row_write(embedded_conninfo(e));
	embedded_stop(e);
	row_there(d.conninfo); /* and leaves it running */
	help_daemon_stop(&d);
}
END_TEST

START_TEST(command_starts_and_stops_its_own)
{
	const char *dir = help_path("alone"), *why = "";
	struct embedded_conf c = help_conf(dir, NULL);
	struct embedded *e = embedded_open(&c, &why);
	int pid;

	ck_assert_msg(e != NULL, "%s", why);
	pid = embedded_pid(e);
	row_write(embedded_conninfo(e));
	embedded_stop(e);
	ck_assert(!lives(pid));
	e = help_start(dir, NULL);
	row_there(embedded_conninfo(e));
	embedded_stop(e);
}
END_TEST

START_TEST(commands_wait_for_each_other)
{
	const char *dir = help_path("queue"), *why = "";
	struct embedded_conf c = help_conf(dir, NULL);
	struct embedded *e;
	int status, first, go[2];
	char *refused;
	pid_t other;

	ck_assert_int_eq(pipe2(go, O_CLOEXEC), 0);
	other = fork(); /* before the lock: a copy of its descriptor would keep it */
	if (other == 0) {
		if (read(go[0], &first, sizeof(first)) != sizeof(first))
			_exit(1);
		e = embedded_open(&c, &why);
		if (e == NULL || embedded_pid(e) == first)
			_exit(1);
		embedded_stop(e);
		_exit(0);
	}
	e = embedded_open(&c, &why);
	ck_assert_msg(e != NULL, "%s", why);
	first = embedded_pid(e);
	refused = help_refused(dir, NULL); /* a daemon does not wait */
	ck_assert_msg(strstr(refused, "daicho command") != NULL, "%s", refused);
	free(refused);
	ck_assert_int_eq(write(go[1], &first, sizeof(first)), sizeof(first));
	row_write(embedded_conninfo(e));
	embedded_stop(e);
	ck_assert_int_eq(waitpid(other, &status, 0), other);
	ck_assert_int_eq(status, 0);
}
END_TEST

static void
suite_fill(Suite *s)
{
	TCase *tc = tcase_create("life");

	tcase_set_timeout(tc, 180);
	tcase_add_test(tc, first_start);
	tcase_add_test(tc, second_start_keeps_data);
	tcase_add_test(tc, second_daemon_is_refused);
	tcase_add_test(tc, killed_postmaster_comes_back);
	tcase_add_test(tc, busy_backend_does_not_stop_the_restart);
	tcase_add_test(tc, stop_while_restarting);
	tcase_add_test(tc, killed_daemon_loses_nothing);
	tcase_add_test(tc, server_follows_its_daemon);
	tcase_add_test(tc, orphan_is_stopped);
	tcase_add_test(tc, both_killed);
	tcase_add_test(tc, stale_pid_of_a_stranger);
	tcase_add_test(tc, half_made_cluster);
	tcase_add_test(tc, initdb_killed);
	tcase_add_loop_test(tc, awkward_names, 0, 4);
	tcase_add_test(tc, command_uses_the_daemons_server);
	tcase_add_test(tc, command_starts_and_stops_its_own);
	tcase_add_test(tc, commands_wait_for_each_other);
	suite_add_tcase(s, tc);
}

int
main(void)
{
	Suite *s = suite_create("embedded");
	int rc;

	help_begin();
	suite_fill(s);
	rc = suite_run(s);
	help_end();
	return rc;
}
