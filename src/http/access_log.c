#include <string.h>

#include <base/clock.h>
#include <base/json.h>
#include <base/log.h>
#include "access_log.h"
#include "router.h"

#define LINE_MAX_BYTES 32768
#define PATH_LOGGED 1024
#define LINE_USUAL 500 /* bytes, asked for at once */

static void
member(struct buf *b, const char *name, const char *value)
{
	buf_add(b, ",\"", 2);
	buf_adds(b, name);
	buf_add(b, "\":", 2);
	json_put_cstring(b, value);
}

/* The path as sent, without the query: that may hold names of people. */
static void
path_member(struct call *c)
{
	const char *p = c->req.target;
	size_t n = strcspn(p, "?"), i;
	char text[PATH_LOGGED];

	n = n < sizeof(text) ? n : sizeof(text) - 1;
	for (i = 0; i < n; i++)
		text[i] = p[i] >= 0x20 && p[i] < 0x7f ? p[i] : '?';
	buf_adds(&c->log, ",\"path\":");
	json_put_string(&c->log, text, n);
}

void
access_log_begin(struct call *c)
{
	const struct request *r = &c->req;
	const struct principal *who = r->principal;
	struct buf *b = &c->log;
	bool known = (unsigned)r->grant.office < OFFICE__MAX && who != NULL && r->tx.ctx.office;

	buf_init(b, LINE_MAX_BYTES);
	buf_reserve(b, LINE_USUAL);
	member(b, "request_id", r->id);
	member(b, "method", r->head ? "HEAD" : method_name(r->method));
	path_member(c);
	member(b, "route", r->route != NULL ? r->route->opid : NULL);
	member(b, "client", r->client);
	member(b, "person", who != NULL ? who->login : NULL);
	member(b, "account", who != NULL ? who->account : NULL);
	member(b, "office", known ? r->tx.ctx.office : NULL);
	if (r->dry_run)
		buf_adds(b, ",\"dry_run\":true");
}

static const char *
level_of(const struct call *c)
{
	return c->status >= 500 ? "error" : "info";
}

void
access_log_end(struct call *c, bool complete)
{
	int64_t us = clock_mono_us() - c->started_us;
	char stamp[CLOCK_STAMP_SIZE];
	struct buf line;

	clock_stamp(clock_wall_us(), stamp);
	buf_init(&line, LINE_MAX_BYTES);
	buf_reserve(&line, LINE_USUAL);
	buf_addf(&line, "{\"time\":\"%s\",\"level\":\"%s\",\"event\":\"access\"", stamp,
		 level_of(c));
	buf_add(&line, buf_text(&c->log), c->log.len);
	buf_addf(&line, ",\"status\":%d,\"bytes\":%llu,\"ms\":%lld.%03lld", c->status,
		 (unsigned long long)c->sent, (long long)(us / 1000), (long long)(us % 1000));
	buf_adds(&line, complete ? "}" : ",\"complete\":false}");
	if (!line.failed)
		log_line(buf_text(&line));
	buf_release(&line);
	buf_release(&c->log);
}
