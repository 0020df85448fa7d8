/* Children of ours, and servers that an earlier run left behind. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <base/clock.h>

#include "embedded_parts.h"

#define SERVERS_MAX 200	   /* processes of one cluster, more than max_connections allows */
#define POLL_MS 30
#define FAST_MS 30000	   /* what a fast shutdown may take: it writes a checkpoint */
#define IMMEDIATE_MS 15000 /* PostgreSQL kills its own children after 5 s */
#define CHILDREN_MS 30000
#define CHILDREN_ASK_MS 2000 /* what looks up at all does so at once */

/* Everything from here to execve() must be safe after fork() in a process with threads. */
static void
child_run(const struct embedded_spawn *s, pid_t parent, char **env)
{
	sigset_t none;
	int fd, sig;

	setsid(); /* Ctrl-C in the terminal is for the daemon, which then stops us in order */
	prctl(PR_SET_PDEATHSIG, s->parent_died);
	if (getppid() != parent) /* it died before prctl() could tell us */
		_exit(126);
	for (sig = 1; sig < NSIG; sig++)
		signal(sig, SIG_DFL);
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);

	fd = open("/dev/null", O_RDONLY);
	if (fd < 0 || dup2(fd, STDIN_FILENO) < 0)
		_exit(126);
	fd = open(s->output, O_WRONLY | O_CREAT | O_TRUNC | O_APPEND | O_NOFOLLOW, 0600);
	if (fd < 0 || dup2(fd, STDOUT_FILENO) < 0 || dup2(fd, STDERR_FILENO) < 0)
		_exit(126);
	if (syscall(SYS_close_range, 3U, ~0U, 0U) != 0)
		for (fd = 3; fd < 1024; fd++)
			close(fd);
	if (chdir(s->dir) != 0)
		_exit(126);
	execve(s->path, s->argv, env);
	_exit(127);
}

pid_t
embedded_spawn(const struct embedded_spawn *s)
{
	/* a known environment: PGPORT, PGDATA, LC_ALL and the like would have a say otherwise */
	char path[] = "PATH=/usr/bin:/bin", lang[] = "LANG=C.UTF-8", zone[128] = "";
	char *env[] = {path, lang, NULL, NULL};
	const char *tz = getenv("TZ");
	pid_t pid, parent = getpid();
	sigset_t all, old;

	if (tz != NULL && strlen(tz) < sizeof(zone) - 3) {
		snprintf(zone, sizeof(zone), "TZ=%s", tz);
		env[2] = zone;
	}
	sigfillset(&all); /* no handler of the daemon may run in the child */
	pthread_sigmask(SIG_SETMASK, &all, &old);
	pid = fork();
	if (pid == 0)
		child_run(s, parent, env);
	pthread_sigmask(SIG_SETMASK, &old, NULL);
	return pid;
}

int
embedded_postmaster_read(const char *data)
{
	char path[1100], line[24] = "";
	int64_t pid = 0;
	FILE *f;

	snprintf(path, sizeof(path), "%s/postmaster.pid", data);
	f = fopen(path, "re");
	if (f == NULL)
		return 0;
	if (fgets(line, sizeof(line), f) != NULL) {
		line[strcspn(line, "\n")] = '\0';
		if (!number_read(line, 1, INT32_MAX, &pid))
			pid = 0;
	}
	fclose(f);
	return (int)pid;
}

/*
 * Is pid a PostgreSQL of this data directory?  Its working directory says so more truly than any
 * file: a pid can have been given to somebody else since the file was written.
 */
static bool
is_server(int pid, const struct stat *data)
{
	char path[64], exe[1024];
	const char *name;
	struct stat cwd;
	ssize_t n;

	snprintf(path, sizeof(path), "/proc/%d/exe", pid);
	n = readlink(path, exe, sizeof(exe) - 1);
	if (n <= 0)
		return false;
	exe[n] = '\0';
	name = strrchr(exe, '/');
	name = name == NULL ? exe : name + 1;
	/* the second: the package was upgraded under a running server */
	if (!str_eq(name, "postgres") && !str_eq(name, "postgres (deleted)"))
		return false;
	snprintf(path, sizeof(path), "/proc/%d/cwd", pid);
	return stat(path, &cwd) == 0 && cwd.st_dev == data->st_dev && cwd.st_ino == data->st_ino;
}

/* Counts, and lists the first SERVERS_MAX; -1: cannot tell. */
static int
servers_list(const char *data, int *pids)
{
	struct dirent *d;
	struct stat st;
	int64_t pid;
	int n = 0;
	DIR *proc;

	if (stat(data, &st) != 0)
		return 0;
	proc = opendir("/proc");
	if (proc == NULL)
		return -1;
	while (n < SERVERS_MAX && (d = readdir(proc)) != NULL)
		if (number_read(d->d_name, 1, INT32_MAX, &pid) && is_server((int)pid, &st))
			pids[n++] = (int)pid;
	closedir(proc);
	return n;
}

static void
servers_signal(const int *pids, int n, int sig)
{
	int i;

	for (i = 0; i < n; i++)
		kill(pids[i], sig);
}

static bool
postmaster_gone(struct embedded *e, int pid, const struct stat *data, int sig, int ms)
{
	int64_t until = clock_mono_us() + (int64_t)ms * 1000;

	kill(pid, sig);
	kill(pid, SIGCONT); /* in case somebody has suspended it */
	while (is_server(pid, data)) {
		if (clock_mono_us() > until || !embedded_pause(e, POLL_MS))
			return false;
	}
	return true;
}

/* Backends outlive their postmaster until they next look; they hold the shared memory. */
static bool
children_gone(struct embedded *e, const char *data, int ask_ms, int sig, const char **ret_why)
{
	int64_t now = clock_mono_us(), until = now + (int64_t)CHILDREN_MS * 1000;
	int64_t ask = now + (int64_t)ask_ms * 1000;
	int pids[SERVERS_MAX], n;

	while ((n = servers_list(data, pids)) > 0) {
		now = clock_mono_us();
		if (now > until)
			return embedded_fail(ret_why, "Process %d of an earlier PostgreSQL still "
					     "uses %s.", pids[0], data);
		if (now >= ask) {
			servers_signal(pids, n, sig);
			ask = until + 1;
		}
		if (!embedded_pause(e, POLL_MS))
			return embedded_fail(ret_why, "Stopped.");
	}
	return true;
}

/* Names in them can belong to a living stranger by now, which would stop PostgreSQL. */
static void
pid_files_remove(const struct embedded *e)
{
	char path[1100];

	snprintf(path, sizeof(path), "%s/postmaster.pid", e->data);
	unlink(path);
	snprintf(path, sizeof(path), "%s/.s.PGSQL.%d.lock", e->run, EMBEDDED_PORT);
	unlink(path);
	snprintf(path, sizeof(path), "%s/.s.PGSQL.%d", e->run, EMBEDDED_PORT);
	unlink(path);
}

bool
embedded_leftovers_end(struct embedded *e, const char **ret_why)
{
	int pid = embedded_postmaster_read(e->data), pids[SERVERS_MAX];
	struct stat data;

	if (stat(e->data, &data) != 0)
		return embedded_fail(ret_why, "%s is gone: %s.", e->data, strerror(errno));
	if (pid > 0 && is_server(pid, &data)) {
		embedded_say(e, "Stopping the PostgreSQL of an earlier run (pid %d).", pid);
		if (!postmaster_gone(e, pid, &data, SIGINT, FAST_MS) &&
		    !postmaster_gone(e, pid, &data, SIGQUIT, IMMEDIATE_MS))
			return embedded_fail(ret_why, "The PostgreSQL of an earlier run (pid %d) "
					     "does not stop.", pid);
	}
	if (!children_gone(e, e->data, CHILDREN_ASK_MS, SIGQUIT, ret_why))
		return false;
	if (servers_list(e->data, pids) == 0) /* we know it: then the files are of no use */
		pid_files_remove(e);
	return true;
}

static int
remove_one(const char *path, const struct stat *st, int type, struct FTW *at)
{
	(void)st;
	(void)type;
	(void)at;
	return remove(path);
}

bool
embedded_unfinished_remove(struct embedded *e, const char *data, const char **ret_why)
{
	int tries;

	if (access(data, F_OK) != 0 && errno == ENOENT)
		return true;
	embedded_say(e, "Removing the unfinished cluster %s.", data);
	if (!children_gone(e, data, 0, SIGTERM, ret_why))
		return false;
	for (tries = 0; tries < 5; tries++) /* a dying initdb may write one file more */
		if (nftw(data, remove_one, 20, FTW_DEPTH | FTW_PHYS) == 0)
			return true;
	return embedded_fail(ret_why, "The unfinished cluster %s cannot be removed: %s.", data,
			     strerror(errno));
}
