/* What the tests of the embedded server share. */
#ifndef TESTS_DB_EMBEDDED_HELP_H
#define TESTS_DB_EMBEDDED_HELP_H

#include <sys/types.h>

#include <db/embedded.h>

#define HELP_WAIT_MS 60000 /* longest wait for anything that must happen */

/* Everything that the tests make lies below one directory in /tmp. */
void help_begin(void); /* in the process that runs the suite */
void help_end(void);
const char *help_path(const char *name); /* kept until help_end() */

/* Removes a tree; fine if it is not there. */
void help_remove(const char *path);
void help_write(const char *path, const char *text, mode_t mode);
char *help_read(const char *path); /* heap; "" if it is not there */

/* Lines that the server said, one after the other. */
struct help_said {
	char text[8192];
};
struct embedded_conf help_conf(const char *dir, struct help_said *);

/* Starts; the test fails if that does. */
struct embedded *help_start(const char *dir, struct help_said *);

/* Must not start: returns why (heap). */
char *help_refused(const char *dir, const char *user);

/* First cell of the answer (heap), NULL when there is none; retried for some time if asked for. */
char *help_sql(const char *conninfo, const char *sql);
char *help_sql_soon(const char *conninfo, const char *sql);

/* A daemon in a process of its own, which ends when killed. */
struct help_daemon {
	pid_t pid;
	int server; /* pid of its postmaster */
	char conninfo[1200];
	char dir[1100];
	int pipe; /* closing it makes the daemon stop in order */
};
struct help_daemon help_daemon(const char *dir);
void help_daemon_kill(struct help_daemon *);
void help_daemon_stop(struct help_daemon *);

void help_sleep(int ms);

#endif
