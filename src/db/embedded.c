/* A private PostgreSQL below one directory; the parts are in embedded_*.c. */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <libpq-fe.h>
#include <sodium.h>

#include <base/clock.h>

#include "embedded_parts.h"

#define RETRY_MS 200
#define RETRY_FOR_US 30000000 /* shared memory of a killed server goes when its last child does */
#define OTHER_FOR_US 60000000 /* how long a command waits for whoever has the lock */
#define OTHER_POLL_MS 100

bool
embedded_fail(const char **ret_why, const char *fmt, ...)
{
	va_list ap;
	char *text;

	va_start(ap, fmt);
	if (vasprintf(&text, fmt, ap) < 0)
		text = xstrdup("Out of memory.");
	va_end(ap);
	free((char *)*ret_why);
	*ret_why = text;
	return false;
}

void
embedded_say(const struct embedded *e, const char *fmt, ...)
{
	va_list ap;
	char *text;

	if (e->conf.say == NULL)
		return;
	va_start(ap, fmt);
	if (vasprintf(&text, fmt, ap) < 0)
		text = xstrdup("Out of memory.");
	va_end(ap);
	e->conf.say(e->conf.arg, text);
	free(text);
}

bool
embedded_pause(struct embedded *e, int ms)
{
	struct timespec until;
	bool go_on;

	clock_gettime(CLOCK_MONOTONIC, &until);
	until.tv_nsec += (long)(ms % 1000) * 1000000;
	until.tv_sec += ms / 1000 + until.tv_nsec / 1000000000;
	until.tv_nsec %= 1000000000;
	pthread_mutex_lock(&e->mutex);
	while (!e->stopping)
		if (pthread_cond_timedwait(&e->cond, &e->mutex, &until) != 0)
			break;
	go_on = !e->stopping;
	pthread_mutex_unlock(&e->mutex);
	return go_on;
}

bool
embedded_log_line(const char *path, char *out)
{
	static const char *const marks[] = {"FATAL:", "PANIC:", "error:"};
	char line[EMBEDDED_LINE_MAX];
	const char *hit = NULL;
	bool found = false;
	size_t i;
	FILE *f = fopen(path, "re");

	if (f == NULL)
		return false;
	while (fgets(line, sizeof(line), f) != NULL) {
		line[strcspn(line, "\n")] = '\0';
		for (i = 0, hit = NULL; i < ARRAY_SIZE(marks) && hit == NULL; i++)
			hit = strstr(line, marks[i]);
		if (hit != NULL)
			snprintf(out, EMBEDDED_LINE_MAX, "%s", hit);
		found = found || hit != NULL;
	}
	fclose(f);
	return found;
}

static struct embedded *
embedded_new(const struct embedded_conf *conf)
{
	struct embedded *e = xcalloc(1, sizeof(*e));
	pthread_condattr_t attr;

	if (sodium_init() < 0)
		bug("libsodium does not start");
	e->arena = arena_new();
	e->conf = *conf;
	e->conf.dir = arena_strdup(e->arena, conf->dir);
	if (conf->user != NULL)
		e->conf.user = arena_strdup(e->arena, conf->user);
	e->lock = -1;
	pthread_mutex_init(&e->mutex, NULL);
	pthread_condattr_init(&attr);
	pthread_condattr_setclock(&attr, CLOCK_MONOTONIC);
	pthread_cond_init(&e->cond, &attr);
	pthread_condattr_destroy(&attr);
	return e;
}

/* Can trying again help?  PostgreSQL's messages are English: we set its locale. */
static bool
is_passing(const char *why)
{
	return strstr(why, "shared memory block") != NULL || strstr(why, "lock file") != NULL;
}

/* With the lock held: from the directory to a server that answers and is watched. */
static bool
run(struct embedded *e, const char **ret_why)
{
	int64_t until = clock_mono_us() + RETRY_FOR_US;

	if (!embedded_cluster_make(e, ret_why))
		return false;
	while (!embedded_server_up(e, true, ret_why)) {
		if (e->child > 0 || !is_passing(*ret_why) || clock_mono_us() > until)
			return false;
		embedded_pause(e, RETRY_MS);
	}
	return embedded_watch(e, ret_why);
}

static bool
fail_held(const struct embedded *e, const struct embedded_holder *h, const char **ret_why)
{
	return embedded_fail(ret_why, "%s is in use by another %s (pid %d).", e->dir,
			     h->role == EMBEDDED_COMMAND ? "daicho command" : "daichod", h->pid);
}

static bool
lock_for_daemon(struct embedded *e, const char **ret_why)
{
	struct embedded_holder holder;
	enum embedded_lock l = embedded_lock(e, EMBEDDED_DAEMON, &holder, ret_why);

	if (l == EMBEDDED_LOCK_HELD)
		return fail_held(e, &holder, ret_why);
	return l == EMBEDDED_LOCK_TAKEN;
}

/*
 * The lock, or a daemon's server that answers.  Another command's server would be stopped when
 * that command is done, in the middle of our work: so commands wait for each other.
 */
static bool
lock_for_command(struct embedded *e, const char **ret_why)
{
	int64_t until = clock_mono_us() + OTHER_FOR_US;
	struct embedded_holder holder;
	enum embedded_lock l;

	for (;;) {
		l = embedded_lock(e, EMBEDDED_COMMAND, &holder, ret_why);
		if (l != EMBEDDED_LOCK_HELD)
			return l == EMBEDDED_LOCK_TAKEN;
		if (!embedded_run_make(e, ret_why)) /* before we trust what answers there */
			return false;
		if (holder.role == EMBEDDED_DAEMON && PQping(e->ping) == PQPING_OK)
			e->borrowed = embedded_postmaster_read(e->data);
		if (e->borrowed > 0)
			return true;
		if (clock_mono_us() > until)
			return fail_held(e, &holder, ret_why);
		embedded_pause(e, OTHER_POLL_MS);
	}
}

static struct embedded *
embedded_begin(const struct embedded_conf *conf,
	       bool (*lock)(struct embedded *, const char **ret_why), const char **ret_why)
{
	struct embedded *e = embedded_new(conf);
	const char *why = NULL;
	bool ok = embedded_place_take(e, &why);

	if (ok) {
		embedded_cluster_names(e);
		ok = lock(e, &why) && (e->borrowed > 0 || run(e, &why));
	}
	if (!ok) {
		embedded_stop(e);
		*ret_why = why;
		return NULL;
	}
	free((char *)why); /* of an attempt that a later one made good */
	return e;
}

struct embedded *
embedded_start(const struct embedded_conf *conf, const char **ret_why)
{
	return embedded_begin(conf, lock_for_daemon, ret_why);
}

struct embedded *
embedded_open(const struct embedded_conf *conf, const char **ret_why)
{
	return embedded_begin(conf, lock_for_command, ret_why);
}

const char *
embedded_conninfo(const struct embedded *e)
{
	return e->conninfo;
}

const char *
embedded_dir(const struct embedded *e)
{
	return e->dir;
}

int
embedded_pid(const struct embedded *e)
{
	/* the mutex is not part of what const promises to keep */
	pthread_mutex_t *mutex = (pthread_mutex_t *)&e->mutex;
	int pid;

	if (e->borrowed > 0)
		return e->borrowed;
	pthread_mutex_lock(mutex);
	pid = e->answers ? e->child : 0;
	pthread_mutex_unlock(mutex);
	return pid;
}

void
embedded_stop(struct embedded *e)
{
	if (e == NULL)
		return;
	embedded_unwatch(e);
	if (e->lock >= 0 && e->run_is_far)
		rmdir(e->run);
	embedded_unlock(e);
	pthread_cond_destroy(&e->cond);
	pthread_mutex_destroy(&e->mutex);
	arena_free(e->arena);
	free(e);
}
