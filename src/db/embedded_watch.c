/* The running postmaster: started, watched, restarted, stopped. */
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>

#include <libpq-fe.h>

#include <base/clock.h>

#include "embedded_parts.h"

#define POLL_MIN_MS 30
#define POLL_MAX_MS 500 /* while it recovers, each question is a line in its log */
#define RECOVERY_MS 600000 /* it says that it is busy; replaying max_wal_size takes minutes */
#define SILENCE_MS 60000   /* it says nothing at all */
#define SAY_MS 10000
#define BACKOFF_MIN_MS 200
#define BACKOFF_MAX_MS 5000
#define LONG_LIFE_US 30000000 /* lived that long: the next trouble is a new one */
#define SAY_EVERY 12	      /* of the failed restarts, after the first few */
#define STOP_MS 30000	      /* a fast shutdown writes a checkpoint */
#define STOP_HARD_MS 15000    /* PostgreSQL kills its own children after 5 s */

static const char *
start_log(const struct embedded *e, char *buf, size_t size)
{
	snprintf(buf, size, "%s/log/start.log", e->dir);
	return buf;
}

static bool
child_start(struct embedded *e, const char **ret_why)
{
	char output[1100];
	struct embedded_spawn spawn = {
		.path = e->argv[0],
		.argv = e->argv,
		.dir = e->dir,
		.output = start_log(e, output, sizeof(output)),
		.parent_died = SIGINT,
	};
	bool stopping;

	/* under the mutex, so that embedded_unwatch() sees either no child or its pid */
	pthread_mutex_lock(&e->mutex);
	stopping = e->stopping;
	if (!stopping)
		e->child = embedded_spawn(&spawn);
	if (e->child < 0)
		e->child = 0;
	pthread_mutex_unlock(&e->mutex);
	if (stopping)
		return embedded_fail(ret_why, "Stopped.");
	return e->child > 0 || embedded_fail(ret_why, "PostgreSQL cannot be started: %s.",
					     strerror(errno));
}

/* True when the child has ended; then it is reaped, too. */
static bool
child_reap(struct embedded *e, int flags, int *ret_status)
{
	siginfo_t info;
	int status = 0;

	memset(&info, 0, sizeof(info));
	/* left as a zombie until the mutex is ours: its pid must not be reused under a kill() */
	while (waitid(P_PID, (id_t)e->child, &info, WEXITED | WNOWAIT | flags) != 0)
		if (errno != EINTR)
			break;
	if (info.si_pid == 0 && (flags & WNOHANG) != 0)
		return false;
	pthread_mutex_lock(&e->mutex);
	while (waitpid(e->child, &status, 0) < 0)
		if (errno != EINTR)
			break;
	e->child = 0;
	e->answers = false;
	pthread_mutex_unlock(&e->mutex);
	*ret_status = status;
	return true;
}

static bool
fail_with_log(struct embedded *e, const char **ret_why)
{
	char path[1100], line[EMBEDDED_LINE_MAX];

	if (embedded_log_line(start_log(e, path, sizeof(path)), line))
		return embedded_fail(ret_why, "PostgreSQL did not start (%s).", line);
	return embedded_fail(ret_why, "PostgreSQL ended at once; the files in %s/log say why.",
			     e->dir);
}

static bool
child_ready(struct embedded *e, bool bounded, const char **ret_why)
{
	int64_t start = clock_mono_us(), said = start, heard = start, now;
	int status, poll;

	for (;;) {
		if (child_reap(e, WNOHANG, &status))
			return fail_with_log(e, ret_why);
		now = clock_mono_us();
		switch (PQping(e->ping)) {
		case PQPING_OK:
			pthread_mutex_lock(&e->mutex);
			e->answers = true;
			pthread_mutex_unlock(&e->mutex);
			return true;
		case PQPING_REJECT:
			heard = now;
			break;
		default:
			break;
		}
		if (now - said > SAY_MS * (int64_t)1000) {
			embedded_say(e, "Waiting for PostgreSQL (%d s).",
				     (int)((now - start) / 1000000));
			said = now;
		}
		if (bounded && (now - heard > SILENCE_MS * (int64_t)1000 ||
				now - start > RECOVERY_MS * (int64_t)1000))
			return embedded_fail(ret_why, "PostgreSQL does not answer; the files in "
					     "%s/log may say why.", e->dir);
		poll = (int)((now - start) / 10000);
		if (!embedded_pause(e, poll < POLL_MIN_MS ? POLL_MIN_MS
				       : poll > POLL_MAX_MS ? POLL_MAX_MS : poll))
			return embedded_fail(ret_why, "Stopped.");
	}
}

bool
embedded_server_up(struct embedded *e, bool bounded, const char **ret_why)
{
	if (!embedded_leftovers_end(e, ret_why) || !child_start(e, ret_why) ||
	    !child_ready(e, bounded, ret_why))
		return false;
	embedded_say(e, "PostgreSQL runs (pid %d).", (int)e->child);
	return true;
}

static void
say_death(const struct embedded *e, int pid, int status)
{
	if (WIFSIGNALED(status))
		embedded_say(e, "PostgreSQL (pid %d) was killed by signal %d; starting it again.",
			     pid, WTERMSIG(status));
	else
		embedded_say(e, "PostgreSQL (pid %d) ended with status %d; starting it again.", pid,
			     WEXITSTATUS(status));
}

static bool
is_stopping(struct embedded *e)
{
	bool stopping;

	pthread_mutex_lock(&e->mutex);
	stopping = e->stopping;
	pthread_mutex_unlock(&e->mutex);
	return stopping;
}

/* Tries until a child runs or embedded_stop() was called. */
static void
revive(struct embedded *e, int *backoff)
{
	const char *why = NULL;
	int tries;

	for (tries = 0; e->child == 0 && embedded_pause(e, *backoff); tries++) {
		*backoff = *backoff * 2 > BACKOFF_MAX_MS ? BACKOFF_MAX_MS : *backoff * 2;
		if (embedded_server_up(e, false, &why) || is_stopping(e))
			break;
		if (tries < 3 || tries % SAY_EVERY == 0)
			embedded_say(e, "%s Trying again.", why);
	}
	free((char *)why);
}

static void *
watch(void *arg)
{
	struct embedded *e = arg;
	int status, pid, backoff = BACKOFF_MIN_MS;
	int64_t born = clock_mono_us();

	while (e->child > 0) {
		pid = e->child;
		child_reap(e, 0, &status);
		if (is_stopping(e))
			break;
		say_death(e, pid, status);
		if (clock_mono_us() - born > LONG_LIFE_US)
			backoff = BACKOFF_MIN_MS;
		revive(e, &backoff);
		born = clock_mono_us();
	}
	pthread_mutex_lock(&e->mutex);
	e->ended = true;
	pthread_cond_broadcast(&e->cond);
	pthread_mutex_unlock(&e->mutex);
	return NULL;
}

bool
embedded_watch(struct embedded *e, const char **ret_why)
{
	sigset_t all, old;
	int rc;

	sigfillset(&all); /* the signals of the process are for the daemon's own threads */
	pthread_sigmask(SIG_SETMASK, &all, &old);
	rc = pthread_create(&e->thread, NULL, watch, e);
	pthread_sigmask(SIG_SETMASK, &old, NULL);
	e->watched = rc == 0;
	return e->watched || embedded_fail(ret_why, "No thread for PostgreSQL: %s.", strerror(rc));
}

/* With the mutex held: sends sig, then waits until the thread is done. */
static bool
stop_with(struct embedded *e, int sig, int ms)
{
	struct timespec until;

	if (e->child > 0) {
		kill(e->child, sig);
		kill(e->child, SIGCONT); /* a suspended one would not hear */
	}
	clock_gettime(CLOCK_MONOTONIC, &until);
	until.tv_sec += ms / 1000;
	while (!e->ended)
		if (pthread_cond_timedwait(&e->cond, &e->mutex, &until) == ETIMEDOUT)
			break;
	return e->ended;
}

void
embedded_unwatch(struct embedded *e)
{
	const char *why = NULL;
	int status;

	pthread_mutex_lock(&e->mutex);
	e->stopping = true;
	pthread_cond_broadcast(&e->cond);
	pthread_mutex_unlock(&e->mutex);
	if (!e->watched && e->child > 0 && !embedded_watch(e, &why)) {
		free((char *)why);
		kill(e->child, SIGINT);
		child_reap(e, 0, &status);
	}
	if (!e->watched)
		return;
	pthread_mutex_lock(&e->mutex);
	if (!stop_with(e, SIGINT, STOP_MS) && !stop_with(e, SIGQUIT, STOP_HARD_MS))
		stop_with(e, SIGKILL, STOP_HARD_MS); /* the log makes it whole at the next start */
	pthread_mutex_unlock(&e->mutex);
	pthread_join(e->thread, NULL);
	e->watched = false;
}
