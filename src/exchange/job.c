#include <fcntl.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include <base/clock.h>
#include <base/json.h>
#include <exchange/job.h>

#define PATIENCE_US 20000000 /* for running jobs, at the end of the daemon */

struct jobs {
	pthread_mutex_t lock;
	pthread_cond_t ended;
	int running;
	atomic_bool stopping;
	struct db_pool *pool;
	const struct store *store;
};

struct job {
	struct jobs *jobs;
	struct arena *arena;
	struct import_options o;
	struct tx_context ctx;
	int fd;
	int64_t told; /* when progress was last written */
};

struct jobs *
jobs_new(struct db_pool *pool, const struct store *store)
{
	struct jobs *j = xcalloc(1, sizeof(*j));

	pthread_condattr_t attr;

	pthread_mutex_init(&j->lock, NULL);
	pthread_condattr_init(&attr);
	pthread_condattr_setclock(&attr, CLOCK_MONOTONIC);
	pthread_cond_init(&j->ended, &attr);
	pthread_condattr_destroy(&attr);
	j->pool = pool;
	j->store = store;
	return j;
}

void
jobs_free(struct jobs *j)
{
	int64_t until = clock_mono_us() + PATIENCE_US;
	struct timespec t = { .tv_sec = until / 1000000, .tv_nsec = until % 1000000 * 1000 };
	int running, rc = 0;

	if (j == NULL)
		return;
	atomic_store(&j->stopping, true);
	pthread_mutex_lock(&j->lock);
	while (j->running > 0 && rc == 0)
		rc = pthread_cond_timedwait(&j->ended, &j->lock, &t);
	running = j->running;
	pthread_mutex_unlock(&j->lock);
	if (running > 0)
		return; /* the process ends, and PostgreSQL rolls back */
	pthread_cond_destroy(&j->ended);
	pthread_mutex_destroy(&j->lock);
	free(j);
}

static bool
take_place(struct jobs *jobs)
{
	bool free;

	pthread_mutex_lock(&jobs->lock);
	free = jobs->running < JOBS_MAX;
	if (free)
		jobs->running++;
	pthread_mutex_unlock(&jobs->lock);
	return free;
}

static void
leave_place(struct jobs *jobs)
{
	pthread_mutex_lock(&jobs->lock);
	jobs->running--;
	pthread_cond_broadcast(&jobs->ended);
	pthread_mutex_unlock(&jobs->lock);
}

/* In a transaction of its own, so that everybody sees it while the import's is open. */
static enum err
write_record(struct job *job, const char *sql, const char *a, const char *b)
{
	struct tx_args args = { .n = b == NULL ? 2 : 3, .v = { job->o.import_no, a, b } };
	struct arena *arena = arena_new();
	struct tx tx;
	enum err e;

	tx_init(&tx, job->jobs->pool, LANE_SHORT, arena);
	tx.ctx = job->ctx;
	e = tx_once(&tx, sql, &args, NULL);
	arena_free(arena);
	return e;
}

static bool
progress(void *arg, long lines)
{
	struct job *job = arg;
	int64_t now = clock_mono_us();
	char text[24];

	if (atomic_load(&job->jobs->stopping))
		return false;
	if (now - job->told < 1000000)
		return true;
	job->told = now;
	snprintf(text, sizeof(text), "%ld", lines);
	/* only news: the import itself does not depend on it */
	(void)!write_record(job, "UPDATE import SET lines = $2::bigint WHERE import_no = $1", text,
			    NULL);
	return true;
}

static void
finish(struct job *job, enum err e)
{
	static const char sql[] = "UPDATE import SET state = 'failed', finished_at = now(),"
		" report = jsonb_build_object('code', $2::text, 'message', $3::text)"
		" WHERE import_no = $1 AND state = 'running'";

	if (e != OK && e != ERR_INVALID)
		(void)!write_record(job, sql, err_info(e)->code, err_info(e)->ja);
}

static void *
run(void *arg)
{
	struct job *job = arg;
	struct jobs *jobs = job->jobs;
	struct import_report report;
	struct tx tx;
	enum err e;

	tx_init(&tx, jobs->pool, LANE_LONG, job->arena);
	tx.ctx = job->ctx;
	job->o.progress = progress;
	job->o.progress_arg = job;
	e = import_run(jobs->store, &tx, &job->o, job->fd, &report);
	finish(job, e);
	close(job->fd);
	arena_free(job->arena);
	leave_place(jobs);
	return NULL;
}

static const char *
copy(struct arena *arena, const char *s)
{
	return s == NULL ? NULL : arena_strdup(arena, s);
}

/* Everything of the request that the job outlives. */
static struct job *
job_new(struct jobs *jobs, const struct import_options *o, const struct tx_context *ctx, int fd)
{
	struct arena *arena = arena_new();
	struct job *job = arena_alloc(arena, sizeof(*job));

	job->jobs = jobs;
	job->arena = arena;
	job->o = *o;
	job->o.map = copy(arena, o->map);
	job->o.set = copy(arena, o->set);
	job->o.home = copy(arena, o->home);
	job->o.scope = copy(arena, o->scope);
	job->o.person = copy(arena, o->person);
	job->ctx = (struct tx_context){ .person = copy(arena, ctx->person),
		.office = copy(arena, ctx->office), .account = copy(arena, ctx->account),
		.client = copy(arena, ctx->client), .request_id = copy(arena, ctx->request_id),
		.operation = copy(arena, ctx->operation), .reason = copy(arena, ctx->reason),
		.scope = copy(arena, ctx->scope), .write_scope = copy(arena, ctx->write_scope),
		.reach = copy(arena, ctx->reach) };
	job->fd = fcntl(fd, F_DUPFD_CLOEXEC, 0);
	return job;
}

static enum err
begin_record(struct job *job)
{
	struct tx tx;

	tx_init(&tx, job->jobs->pool, LANE_SHORT, job->arena);
	tx.ctx = job->ctx;
	return import_record_begin(&tx, &job->o, &job->o.import_no);
}

enum err
job_start(struct jobs *jobs, struct arena *arena, const struct import_options *o,
	  const struct tx_context *ctx, int fd, const char **ret_no)
{
	struct job *job;
	const char *no;
	pthread_attr_t attr;
	pthread_t thread;
	enum err e;

	if (!take_place(jobs))
		return ERR_OVERLOADED;
	job = job_new(jobs, o, ctx, fd);
	e = job->fd < 0 ? ERR_OVERLOADED : begin_record(job);
	if (e == OK) {
		no = arena_strdup(arena, job->o.import_no);
		pthread_attr_init(&attr);
		pthread_attr_setdetachstate(&attr, PTHREAD_CREATE_DETACHED);
		if (pthread_create(&thread, &attr, run, job) == 0)
			*ret_no = no;
		else
			e = ERR_OVERLOADED;
		pthread_attr_destroy(&attr);
	}
	if (e == OK)
		return OK;
	if (job->fd >= 0)
		close(job->fd);
	arena_free(job->arena);
	leave_place(jobs);
	return e;
}
