/*
 * Imports that go on after the answer (Prefer: respond-async).  The record in the table `import`
 * tells how far they are; a job that died with its daemon shows as failed, because the lock that
 * its transaction held is gone with it.
 */
#ifndef EXCHANGE_JOB_H
#define EXCHANGE_JOB_H

#include <exchange/import.h>

struct jobs;

#define JOBS_MAX 2 /* at once; the long lane serves exports and reports, too */

struct jobs *jobs_new(struct db_pool *, const struct store *);

/* Stops the jobs (what they did is rolled back), waits for them, frees. NULL is fine. */
void jobs_free(struct jobs *);

/*
 * Starts an import of fd (duplicated here) in the context of the act.  *ret_no, in `arena`, is its
 * number.  ERR_OVERLOADED: enough jobs are running.
 */
enum err job_start(struct jobs *, struct arena *, const struct import_options *,
		   const struct tx_context *, int fd, const char **ret_no) MUST;

#endif
