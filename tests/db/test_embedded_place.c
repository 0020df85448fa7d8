/* The embedded server: where, as whom, and what it keeps its hands off. */
#include <errno.h>
#include <fcntl.h>
#include <pwd.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <check.h>

#include "../suite.h"

#include <base/privilege.h>
#include "../../src/db/embedded_parts.h"
#include "embedded_help.h"

static void
refused_with(const char *dir, const char *user, const char *word)
{
	char *why = help_refused(dir, user);

	ck_assert_msg(strstr(why, word) != NULL, "%s", why);
	free(why);
}

/* Uid in the status of a process: real, effective, saved. */
static void
runs_as(int pid, uid_t uid)
{
	char path[64], *text, *line;
	unsigned r, e, s;

	snprintf(path, sizeof(path), "/proc/%d/status", pid);
	text = help_read(path);
	line = strstr(text, "\nUid:");
	ck_assert_ptr_nonnull(line);
	ck_assert_int_eq(sscanf(line, " Uid: %u %u %u", &r, &e, &s), 3);
	ck_assert_uint_eq(r, uid);
	ck_assert_uint_eq(e, uid);
	ck_assert_uint_eq(s, uid);
	free(text);
}

static uid_t
uid_of(const char *name)
{
	const struct passwd *pw = getpwnam(name);

	ck_assert_ptr_nonnull(pw);
	return pw->pw_uid;
}

/* --- names and binaries --- */

START_TEST(absolute_names)
{
	struct arena *a = arena_new();
	char cwd[1024], wanted[1200];

	ck_assert_str_eq(embedded_place_absolute(a, "/usr/../usr/lib/"), "/usr/lib");
	ck_assert_str_eq(embedded_place_absolute(a, "/nowhere/a//b/"), "/nowhere/a/b");
	ck_assert_str_eq(embedded_place_absolute(a, "/"), "/");
	ck_assert_ptr_nonnull(getcwd(cwd, sizeof(cwd)));
	snprintf(wanted, sizeof(wanted), "%s/not/there", str_eq(cwd, "/") ? "" : cwd);
	ck_assert_str_eq(embedded_place_absolute(a, "not/there"), wanted);
	ck_assert_ptr_null(embedded_place_absolute(a, ""));
	ck_assert_ptr_null(embedded_place_absolute(a, "/nowhere/../etc"));
	ck_assert_ptr_null(embedded_place_absolute(a, "/etc/passwd/x"));
	arena_free(a);
}
END_TEST

static const char *
bin_make(const char *name, bool whole)
{
	char file[300];
	const char *dir = help_path(name);

	ck_assert_int_eq(mkdir(dir, 0755), 0);
	snprintf(file, sizeof(file), "%s/postgres", dir);
	help_write(file, "", 0755);
	snprintf(file, sizeof(file), "%s/initdb", dir);
	if (whole)
		help_write(file, "", 0755);
	return dir;
}

START_TEST(binaries)
{
	const char *one = bin_make("bin1", true), *two = bin_make("bin2", true);
	const char *half = bin_make("bin3", false), *none = help_path("bin4");
	const char *linked = help_path("bin5"), *got = NULL, *why = NULL;
	struct arena *a = arena_new();
	char path[1200];

	snprintf(path, sizeof(path), "relative::%s:%s:%s", none, half, two);
	ck_assert(embedded_bin_find(a, one, path, NULL, &got, &why));
	ck_assert_str_eq(got, one);
	ck_assert(embedded_bin_find(a, none, path, one, &got, &why));
	ck_assert_str_eq(got, two);
	ck_assert(embedded_bin_find(a, none, "/nowhere", one, &got, &why));
	ck_assert_str_eq(got, one);
	/* a link on the path leads to where the other programs are */
	ck_assert_int_eq(mkdir(linked, 0755), 0);
	ck_assert_int_eq(symlink(help_path("bin2/postgres"), help_path("bin5/postgres")), 0);
	ck_assert(embedded_bin_find(a, none, linked, NULL, &got, &why));
	ck_assert_str_eq(got, two);

	got = NULL;
	ck_assert(!embedded_bin_find(a, none, half, half, &got, &why));
	ck_assert_ptr_null(got);
	ck_assert_ptr_nonnull(strstr(why, "postgresql-15"));
	ck_assert(!embedded_bin_find(a, none, NULL, NULL, &got, &why));
	free((char *)why);
	arena_free(a);
}
END_TEST

/* --- what is not ours --- */

START_TEST(foreign_directory)
{
	const char *dir = help_path("foreign");
	struct stat before, after;
	char *text;

	ck_assert_int_eq(mkdir(dir, 0755), 0);
	help_write(help_path("foreign/lock"), "", 0644); /* as other programs have, too */
	help_write(help_path("foreign/thesis"), "ten years", 0644);
	ck_assert_int_eq(stat(dir, &before), 0);
	refused_with(dir, NULL, "something else");
	help_write(help_path("foreign/lock"), "4711\n", 0644);
	refused_with(dir, NULL, "something else");
	ck_assert_int_eq(stat(dir, &after), 0);
	ck_assert_uint_eq(before.st_uid, after.st_uid);
	ck_assert_uint_eq(before.st_mode, after.st_mode);
	text = help_read(help_path("foreign/lock"));
	ck_assert_str_eq(text, "4711\n");
	free(text);
}
END_TEST

START_TEST(not_a_directory)
{
	help_write(help_path("file"), "x", 0644);
	refused_with(help_path("file"), NULL, "cannot be opened");
	refused_with(help_path("file/below"), NULL, "cannot be found");
	ck_assert_int_eq(symlink("/nowhere/at/all", help_path("dangling")), 0);
	refused_with(help_path("dangling"), NULL, "cannot be opened");
	refused_with("", NULL, "cannot be found");
	refused_with("/", NULL, "something else");
	refused_with("/proc/daicho", NULL, "cannot be made");
}
END_TEST

START_TEST(too_long)
{
	char name[1024], part[] = "/aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa";
	size_t n = (size_t)snprintf(name, sizeof(name), "%s", help_path("deep"));

	while (n + sizeof(part) < 960)
		n += (size_t)snprintf(name + n, sizeof(name) - n, "%s", part);
	refused_with(name, NULL, "too long");
	ck_assert_int_ne(access(help_path("deep"), F_OK), 0);
}
END_TEST

START_TEST(users)
{
	refused_with(help_path("user"), "no-such-user", "no user no-such-user");
	refused_with(help_path("user"), "root", "root");
	ck_assert_int_ne(access(help_path("user"), F_OK), 0);
}
END_TEST

START_TEST(no_cluster)
{
	const char *dir = help_path("nocluster");

	embedded_stop(help_start(dir, NULL));
	help_write(help_path("nocluster/data/PG_VERSION"), "14\n", 0600);
	refused_with(dir, NULL, "PostgreSQL 14");
	ck_assert_int_eq(unlink(help_path("nocluster/data/PG_VERSION")), 0);
	refused_with(dir, NULL, "no PostgreSQL cluster");
	ck_assert_int_eq(access(help_path("nocluster/data/global/pg_control"), F_OK), 0);
}
END_TEST

START_TEST(broken_cluster)
{
	const char *dir = help_path("broken");
	struct embedded *e = help_start(dir, NULL);
	char *got;

	embedded_stop(e);
	help_write(help_path("broken/data/postgresql.auto.conf"), "work_mem = many\n", 0600);
	refused_with(dir, NULL, "did not start");
	help_write(help_path("broken/data/postgresql.auto.conf"), "fsync = off\n", 0600);
	e = help_start(dir, NULL); /* nothing of the failure stays; our settings win */
	got = help_sql(embedded_conninfo(e), "SHOW fsync");
	ck_assert_str_eq(got, "on");
	free(got);
	embedded_stop(e);
}
END_TEST

START_TEST(lock_is_a_link)
{
	const char *dir = help_path("linklock"), *victim = help_path("linklock/victim");
	char *text;

	embedded_stop(help_start(dir, NULL));
	help_write(victim, "daicho is precious", 0600);
	ck_assert_int_eq(unlink(help_path("linklock/lock")), 0);
	ck_assert_int_eq(symlink(victim, help_path("linklock/lock")), 0);
	refused_with(dir, NULL, "something else");
	text = help_read(victim);
	ck_assert_str_eq(text, "daicho is precious");
	free(text);
}
END_TEST

/* Whoever prepares the far socket directory could pose as the server. */
START_TEST(prepared_socket_directory)
{
	const char *dir = help_path("far,away");
	struct embedded *e = help_start(dir, NULL);
	char far[128];

	ck_assert_int_eq(sscanf(embedded_conninfo(e), "host='%127[^']'", far), 1);
	ck_assert(str_starts(far, "/tmp/daicho-"));
	embedded_stop(e);
	ck_assert_int_ne(access(far, F_OK), 0); /* taken away again */
	ck_assert_int_eq(symlink(help_path("far,away/run"), far), 0);
	refused_with(dir, NULL, "not a directory of ours");
	ck_assert_int_eq(unlink(far), 0);
	embedded_stop(help_start(dir, NULL));
}
END_TEST

/* --- as root --- */

START_TEST(root_is_given_up)
{
	struct embedded *e = help_start(help_path("root"), NULL);
	struct stat st;

	ck_assert_int_ne(getuid(), 0);
	ck_assert_int_eq(setuid(0), -1);
	ck_assert_int_eq(seteuid(0), -1);
	ck_assert_int_eq(setgid(0), -1);
	runs_as(getpid(), uid_of("postgres"));
	runs_as(embedded_pid(e), uid_of("postgres"));
	ck_assert_int_eq(stat(help_path("root/data/PG_VERSION"), &st), 0);
	ck_assert_uint_eq(st.st_uid, uid_of("postgres"));
	embedded_stop(e);
}
END_TEST

static int
start_as(const char *dir, const char *user, uid_t wanted)
{
	pid_t pid = fork();
	int status;

	if (pid == 0) {
		struct embedded_conf c = help_conf(dir, NULL);
		const char *why = "";
		struct embedded *e;
		bool ok;

		c.user = user;
		e = embedded_start(&c, &why);
		ok = e != NULL && geteuid() == wanted;
		embedded_stop(e);
		_exit(ok ? 0 : 1);
	}
	ck_assert_int_eq(waitpid(pid, &status, 0), pid);
	return status;
}

START_TEST(owner_of_the_data_runs_them)
{
	const char *dir = help_path("owner");

	ck_assert_int_eq(start_as(dir, "nobody", uid_of("nobody")), 0);
	ck_assert_int_eq(start_as(dir, NULL, uid_of("nobody")), 0);
	refused_with(dir, "postgres", "belong to user");
	ck_assert_int_eq(chown(dir, 0, 0), 0);
	refused_with(dir, NULL, "belong to root");
}
END_TEST

START_TEST(other_users_directory)
{
	const char *dir = help_path("others");
	struct passwd *pw = getpwnam("nobody");

	ck_assert_int_eq(mkdir(dir, 0755), 0);
	ck_assert(!privilege_drop("root", 0, 0));
	ck_assert(privilege_drop("nobody", pw->pw_uid, pw->pw_gid));
	refused_with(dir, NULL, "belongs to another user");
	refused_with(help_path("others/below"), NULL, "cannot be made");
	refused_with("/root/daicho", NULL, "Permission denied");
	refused_with(help_path("x"), "postgres", "Only root");
}
END_TEST

static void
sql_is(const char *conninfo, const char *sql, const char *wanted)
{
	char *got = help_sql(conninfo, sql);

	ck_assert_msg(str_eq(got, wanted), "%s: %s", sql, got == NULL ? "-" : got);
	free(got);
}

/* The command line must come to the same place as the daemon. */
static void
command_finds(const char *dir, const struct help_daemon *d)
{
	struct help_said said = {""};
	struct embedded_conf c = help_conf(dir, &said);
	const char *why = "";
	struct embedded *e;
	pid_t pid = fork();
	int status;

	if (pid == 0) {
		e = embedded_open(&c, &why);
		_exit(e != NULL && embedded_pid(e) == d->server &&
		      strstr(said.text, d->dir) != NULL ? 0 : 1);
	}
	ck_assert_int_eq(waitpid(pid, &status, 0), pid);
	ck_assert_int_eq(status, 0);
}

START_TEST(closed_tree)
{
	char closed[] = "/root/daicho-test-XXXXXX", dir[64];
	bool was_there = access("/var/lib/daicho", F_OK) == 0;
	struct help_daemon d, again;

	ck_assert_ptr_nonnull(mkdtemp(closed));
	snprintf(dir, sizeof(dir), "%s/build/data", closed);
	d = help_daemon(dir);
	ck_assert_msg(str_starts(d.dir, "/var/lib/daicho/data-"), "%s", d.dir);
	ck_assert_uint_eq(strlen(d.dir), strlen("/var/lib/daicho/data-01234567"));
	ck_assert_int_ne(access(dir, F_OK), 0); /* nothing of ours there */
	runs_as(d.server, uid_of("postgres"));
	sql_is(d.conninfo, "CREATE TABLE t AS SELECT 1 AS v", "");
	command_finds(dir, &d);
	help_daemon_stop(&d);

	again = help_daemon(dir);
	ck_assert_str_eq(again.dir, d.dir);
	sql_is(again.conninfo, "SELECT v FROM t", "1");
	help_daemon_stop(&again);

	help_remove(d.dir);
	help_remove(closed);
	if (!was_there)
		rmdir("/var/lib/daicho");
}
END_TEST

static void
suite_fill(Suite *s)
{
	TCase *tc = tcase_create("place"), *root = tcase_create("root");

	tcase_set_timeout(tc, 180);
	tcase_add_test(tc, absolute_names);
	tcase_add_test(tc, binaries);
	tcase_add_test(tc, foreign_directory);
	tcase_add_test(tc, not_a_directory);
	tcase_add_test(tc, too_long);
	tcase_add_test(tc, users);
	tcase_add_test(tc, no_cluster);
	tcase_add_test(tc, broken_cluster);
	tcase_add_test(tc, lock_is_a_link);
	tcase_add_test(tc, prepared_socket_directory);
	suite_add_tcase(s, tc);

	if (geteuid() != 0) {
		puts("not root: what only root can do is skipped");
		suite_add_tcase(s, root);
		return;
	}
	tcase_set_timeout(root, 180);
	tcase_add_test(root, root_is_given_up);
	tcase_add_test(root, owner_of_the_data_runs_them);
	tcase_add_test(root, other_users_directory);
	tcase_add_test(root, closed_tree);
	suite_add_tcase(s, root);
}

int
main(void)
{
	Suite *s = suite_create("embedded place");
	int rc;

	help_begin();
	suite_fill(s);
	rc = suite_run(s);
	help_end();
	return rc;
}
