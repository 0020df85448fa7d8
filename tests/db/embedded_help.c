#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <check.h>
#include <libpq-fe.h>

#include <base/arena.h>

#include "embedded_help.h"

static char base[64];
static struct arena *names;
static pid_t remover;
static int remover_pipe;

/*
 * As root the program gives root up on its first server, and could then not remove what it made
 * as root: a child stays what the program was, and removes all of it when the program has ended,
 * however that came about.
 */
static void
remove_at_the_end(int program)
{
	char byte;
	int i;

	signal(SIGINT, SIG_IGN);
	signal(SIGTERM, SIG_IGN);
	while (read(program, &byte, 1) < 0 && errno == EINTR)
		continue;
	/* the server of a test that failed is just stopping */
	for (i = 0; i < 200 && access(base, F_OK) == 0; i++) {
		help_sleep(i == 0 ? 0 : 100);
		help_remove(base);
	}
	_exit(i < 200 ? 0 : 1);
}

void
help_begin(void)
{
	int ends[2];

	names = arena_new();
	snprintf(base, sizeof(base), "/tmp/daicho-embedded-XXXXXX");
	if (mkdtemp(base) == NULL || chmod(base, 0755) != 0)
		bug("no directory in /tmp");
	if (pipe2(ends, O_CLOEXEC) != 0 || (remover = fork()) < 0)
		bug("no child: %s", strerror(errno));
	if (remover == 0) {
		close(ends[1]);
		remove_at_the_end(ends[0]);
	}
	close(ends[0]);
	remover_pipe = ends[1];
}

void
help_end(void)
{
	int status;

	close(remover_pipe);
	if (waitpid(remover, &status, 0) != remover || status != 0)
		bug("%s is left behind", base);
	arena_free(names);
}

const char *
help_path(const char *name)
{
	return arena_printf(names, "%s/%s", base, name);
}

static int
remove_one(const char *path, const struct stat *st, int type, struct FTW *at)
{
	(void)st;
	(void)type;
	(void)at;
	remove(path);
	return 0;
}

void
help_remove(const char *path)
{
	nftw(path, remove_one, 20, FTW_DEPTH | FTW_PHYS);
}

void
help_write(const char *path, const char *text, mode_t mode)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC, mode);

	ck_assert_msg(fd >= 0, "%s: %s", path, strerror(errno));
	ck_assert_int_eq(write(fd, text, strlen(text)), (ssize_t)strlen(text));
	close(fd);
}

char *
help_read(const char *path)
{
	char *text = xcalloc(1, 8192);
	int fd = open(path, O_RDONLY);

	if (fd >= 0 && read(fd, text, 8191) < 0)
		text[0] = '\0';
	if (fd >= 0)
		close(fd);
	return text;
}

static void
say(void *arg, const char *line)
{
	struct help_said *s = arg;
	size_t n;

	if (getenv("VERBOSE") != NULL)
		fprintf(stderr, "    %s\n", line);
	if (s == NULL)
		return;
	n = strlen(s->text);
	snprintf(s->text + n, sizeof(s->text) - n, "%s\n", line);
}

struct embedded_conf
help_conf(const char *dir, struct help_said *said)
{
	return (struct embedded_conf){.dir = dir, .say = say, .arg = said};
}

struct embedded *
help_start(const char *dir, struct help_said *said)
{
	struct embedded_conf c = help_conf(dir, said);
	const char *why = "";
	struct embedded *e = embedded_start(&c, &why);

	ck_assert_msg(e != NULL, "%s", why);
	return e;
}

char *
help_refused(const char *dir, const char *user)
{
	struct embedded_conf c = help_conf(dir, NULL);
	const char *why = NULL;
	struct embedded *e;

	c.user = user;
	e = embedded_start(&c, &why);
	ck_assert_ptr_null(e);
	ck_assert_ptr_nonnull(why);
	ck_assert_msg(why[strlen(why) - 1] == '.', "no sentence: %s", why);
	if (getenv("VERBOSE") != NULL)
		fprintf(stderr, "    refused: %s\n", why);
	return (char *)why;
}

static void
no_notice(void *arg, const char *text)
{
	(void)arg;
	(void)text;
}

char *
help_sql(const char *conninfo, const char *sql)
{
	char text[1300], *ret = NULL;
	PGresult *res;
	PGconn *c;

	snprintf(text, sizeof(text), "%s user=%s connect_timeout=5", conninfo,
		 EMBEDDED_SUPERUSER);
	c = PQconnectdb(text);
	PQsetNoticeProcessor(c, no_notice, NULL);
	res = PQexec(c, sql);
	if (PQresultStatus(res) == PGRES_COMMAND_OK)
		ret = xstrdup("");
	if (PQresultStatus(res) == PGRES_TUPLES_OK)
		ret = xstrdup(PQntuples(res) > 0 ? PQgetvalue(res, 0, 0) : "");
	PQclear(res);
	PQfinish(c);
	return ret;
}

void
help_sleep(int ms)
{
	poll(NULL, 0, ms);
}

char *
help_sql_soon(const char *conninfo, const char *sql)
{
	char *ret = help_sql(conninfo, sql);
	int ms;

	for (ms = 0; ret == NULL && ms < HELP_WAIT_MS; ms += 50) {
		help_sleep(50);
		ret = help_sql(conninfo, sql);
	}
	return ret;
}

static void
daemon_run(const char *dir, int out, int in)
{
	struct embedded_conf c = help_conf(dir, NULL);
	const char *why = "";
	struct embedded *e = embedded_start(&c, &why);
	char line[2400], byte;
	int n;

	if (e == NULL)
		n = snprintf(line, sizeof(line), "0\n%s\n\n", why);
	else
		n = snprintf(line, sizeof(line), "%d\n%s\n%s\n", embedded_pid(e),
			     embedded_conninfo(e), embedded_dir(e));
	if (write(out, line, (size_t)n) != n)
		_exit(1);
	while (read(in, &byte, 1) < 0)
		;
	embedded_stop(e);
	_exit(0);
}

struct help_daemon
help_daemon(const char *dir)
{
	struct help_daemon d = {.pipe = -1};
	char line[32] = "0";
	int out[2], in[2];
	FILE *f;

	ck_assert_int_eq(pipe2(out, O_CLOEXEC), 0);
	ck_assert_int_eq(pipe2(in, O_CLOEXEC), 0);
	d.pid = fork();
	if (d.pid == 0) {
		close(out[0]);
		close(in[1]);
		daemon_run(dir, out[1], in[0]);
	}
	close(out[1]);
	close(in[0]);
	d.pipe = in[1];
	f = fdopen(out[0], "r");
	ck_assert_ptr_nonnull(fgets(line, sizeof(line), f));
	ck_assert_ptr_nonnull(fgets(d.conninfo, sizeof(d.conninfo), f));
	ck_assert_ptr_nonnull(fgets(d.dir, sizeof(d.dir), f));
	fclose(f);
	d.conninfo[strcspn(d.conninfo, "\n")] = '\0';
	d.dir[strcspn(d.dir, "\n")] = '\0';
	d.server = (int)strtol(line, NULL, 10);
	ck_assert_msg(d.server > 0, "daemon: %s", d.conninfo);
	return d;
}

void
help_daemon_kill(struct help_daemon *d)
{
	kill(d->pid, SIGKILL);
	ck_assert_int_eq(waitpid(d->pid, NULL, 0), d->pid);
	close(d->pipe);
}

void
help_daemon_stop(struct help_daemon *d)
{
	int status;

	close(d->pipe);
	ck_assert_int_eq(waitpid(d->pid, &status, 0), d->pid);
	ck_assert_int_eq(status, 0);
}
