/*
 * The parts of the embedded server, put together by embedded.c:
 *   embedded_place.c    which directory, as which user; giving up root
 *   embedded_lock.c     one daemon or command at a time
 *   embedded_cluster.c  binaries, initdb, the arguments of the server
 *   embedded_process.c  starting a child; finding and stopping what an earlier run left
 *   embedded_watch.c    the running postmaster and the thread that restarts it
 */
#ifndef DB_EMBEDDED_PARTS_H
#define DB_EMBEDDED_PARTS_H

#include <pthread.h>
#include <sys/types.h>

#include <base/arena.h>
#include <db/embedded.h>

#define EMBEDDED_PORT 5432 /* only a part of the socket's name */

struct embedded {
	struct embedded_conf conf;
	struct arena *arena; /* all strings below; used by the starting thread only */

	const char *dir;      /* absolute, the one really used */
	const char *data;     /* dir/data */
	const char *run;      /* directory of the socket */
	const char *bin;      /* directory of the binaries */
	const char *conninfo; /* without user */
	const char *ping;     /* with user and a short timeout */
	char **argv;	      /* of the server */

	int lock;	 /* descriptor of dir/lock, -1: not ours */
	bool run_is_far; /* run lies outside dir */
	int borrowed;	 /* pid of the postmaster of somebody else, 0: we run our own */

	pthread_t thread;
	bool watched; /* thread exists */

	pthread_mutex_t mutex; /* for what follows */
	pthread_cond_t cond;   /* stopping or ended changed */
	pid_t child;	       /* not reaped yet, 0: none */
	bool answers;	       /* child accepts connections */
	bool stopping;
	bool ended; /* the thread has nothing more to do */
};

/* Why something failed: sets *ret_why to heap memory, frees what was there; returns false. */
bool embedded_fail(const char **ret_why, const char *fmt, ...) PRINTF(2, 3);

/* A line for the operator. */
void embedded_say(const struct embedded *, const char *fmt, ...) PRINTF(2, 3);

/* Sleeps, but not past embedded_stop(); false when that was called. */
bool embedded_pause(struct embedded *, int ms);

/* The last line of a log that tells of the end of a program; false: there is none. */
#define EMBEDDED_LINE_MAX 512
bool embedded_log_line(const char *path, char *out) MUST;

/* --- embedded_place.c --- */

/*
 * Sets e->dir to a directory that exists and belongs to the user who runs the server, and, when
 * called as root, becomes that user for good.
 */
bool embedded_place_take(struct embedded *, const char **ret_why) MUST;

/* An absolute name for path, links resolved as far as it exists; NULL: no such thing. */
const char *embedded_place_absolute(struct arena *, const char *path);

/* --- embedded_cluster.c --- */

/*
 * Sets *ret to the directory that holds postgres and initdb: fixed, else on path (a list as in
 * $PATH), else named; the last two may be NULL.
 */
bool embedded_bin_find(struct arena *, const char *fixed, const char *path, const char *named,
		       const char **ret, const char **ret_why) MUST;

/* Sets data, run, conninfo, ping; touches nothing. */
void embedded_cluster_names(struct embedded *);

/* Makes the directory of the socket, or refuses one that somebody else has made. */
bool embedded_run_make(struct embedded *, const char **ret_why) MUST;

/* With the lock held: makes run, log/ and, if there is none yet, the cluster; sets bin, argv. */
bool embedded_cluster_make(struct embedded *, const char **ret_why) MUST;

/* --- embedded_lock.c --- */

enum embedded_role { EMBEDDED_DAEMON, EMBEDDED_COMMAND };
enum embedded_lock { EMBEDDED_LOCK_TAKEN, EMBEDDED_LOCK_HELD, EMBEDDED_LOCK_FAILED };

struct embedded_holder {
	int pid; /* 0: he has not said it yet */
	enum embedded_role role;
};

/* Takes dir/lock.  HELD: *ret_holder says by whom; FAILED: *ret_why. */
enum embedded_lock embedded_lock(struct embedded *, enum embedded_role,
				 struct embedded_holder *ret_holder,
				 const char **ret_why) MUST;
void embedded_unlock(struct embedded *);

/* --- embedded_process.c --- */

struct embedded_spawn {
	const char *path;
	char **argv;
	const char *dir;    /* working directory */
	const char *output; /* file for standard output and error, emptied */
	int parent_died;    /* signal that the child gets when the calling thread ends */
};

/* A child in a session of its own, without our descriptors, signals and environment; -1: errno */
pid_t embedded_spawn(const struct embedded_spawn *);

/* pid in data/postmaster.pid, 0: none. */
int embedded_postmaster_read(const char *data);

/*
 * Makes sure that no server of an earlier run uses data any more: asks its postmaster to stop,
 * waits for its children, removes files that name it.  Foreign processes are left alone.
 */
bool embedded_leftovers_end(struct embedded *, const char **ret_why) MUST;

/* The same for a half-made cluster, whose data nobody wants; then removes it. */
bool embedded_unfinished_remove(struct embedded *, const char *data, const char **ret_why) MUST;

/* --- embedded_watch.c --- */

/*
 * Starts the postmaster and waits until it answers.  False with e->child > 0: it runs but does
 * not answer (bounded waiting was asked for, or embedded_stop() was called).
 */
bool embedded_server_up(struct embedded *, bool bounded, const char **ret_why) MUST;

/* Starts the thread that restarts the postmaster when it dies. */
bool embedded_watch(struct embedded *, const char **ret_why) MUST;

/* Ends postmaster and thread. */
void embedded_unwatch(struct embedded *);

#endif
