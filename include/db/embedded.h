/*
 * A private PostgreSQL 15 below one directory: initdb on first use, a postmaster of our own on a
 * Unix socket inside the directory, never on TCP, never as root.
 *
 * Layout of DIR:  data/ (cluster)  run/ (socket, 0700)  log/  lock (held while a daemon runs)
 * Everything below DIR belongs to the unprivileged user.
 */
#ifndef DB_EMBEDDED_H
#define DB_EMBEDDED_H

#include <base/util.h>

struct embedded;

#define EMBEDDED_SUPERUSER "daicho_super" /* role that owns the cluster; no password needed */

struct embedded_conf {
	const char *dir;
	/* to drop to when started as root; NULL: the owner of existing data, postgres, nobody */
	const char *user;
	/* progress for the operator, one line each; later also from the thread that restarts */
	void (*say)(void *arg, const char *line);
	void *arg;
};

/*
 * Before anything else and before threads: finds the directory (where the unprivileged user
 * cannot enter DIR, e.g. below root's home, a state directory /var/lib/daicho/<name of DIR>-<hash
 * of its path> is used instead, and said), gives up root for good (setgroups, setgid, setuid; the
 * whole process, so that nothing of ours runs as root), takes the lock (a second daemon on one
 * DIR is refused, naming the pid of the first), runs initdb if there is no cluster yet.
 * Half-made clusters (a killed initdb) are recognised and made anew: initdb runs in data.new and
 * is renamed.  An orphaned postmaster of an earlier daemon is stopped (fast) first; a stale
 * postmaster.pid is no obstacle.  Then starts the postmaster as a child and waits until it
 * answers.  NULL: *ret_why says why, in one English sentence (memory that the caller may free).
 */
struct embedded *embedded_start(const struct embedded_conf *, const char **ret_why);

/*
 * For the command line: finds a cluster that a daemon runs, or starts one for the time being (and
 * stops it at embedded_stop()).  Gives up root, too.  Commands without a daemon wait for each
 * other, bounded.  Same meaning of NULL.
 */
struct embedded *embedded_open(const struct embedded_conf *, const char **ret_why);

/* Connection string (no user, database postgres): "host=… port=… dbname=postgres". */
const char *embedded_conninfo(const struct embedded *);

/* The directory really used. */
const char *embedded_dir(const struct embedded *);

/* pid of the postmaster, 0 while it is being restarted. */
int embedded_pid(const struct embedded *);

/* Fast shutdown of what embedded_start()/open() started; releases the lock; frees. NULL ok. */
void embedded_stop(struct embedded *);

#endif
