/* Health, metrics, who am I, the description of the API. */
#include <string.h>

#include <base/json.h>
#include "handlers.h"

enum err
health(struct request *req, struct response *resp)
{
	enum err e = request_args_done(req);

	if (e == OK)
		buf_adds(&resp->body, "{\"status\":\"ok\"}\n");
	return e;
}

enum err
ready(struct request *req, struct response *resp)
{
	const char *why = "";
	enum err e = request_args_done(req);

	if (e != OK)
		return e;
	if (!req->service->ready(req->service, &why)) {
		req->detail = why;
		return ERR_DB_AWAY;
	}
	buf_adds(&resp->body, "{\"status\":\"ready\"}\n");
	return OK;
}

static void
put_metric(struct buf *b, const char *name, const char *type, const char *help)
{
	buf_addf(b, "# HELP daicho_%s %s\n# TYPE daicho_%s %s\n", name, help, name, type);
}

static void
put_pool(struct buf *b, const struct db_pool_stats *s)
{
	static const char *const lanes[LANE__MAX] = { "short", "long" };
	int i;

	put_metric(b, "db_connections", "gauge", "Connections to PostgreSQL by lane and state.");
	for (i = 0; i < LANE__MAX; i++)
		buf_addf(b, "daicho_db_connections{lane=\"%s\",state=\"open\"} %d\n"
			 "daicho_db_connections{lane=\"%s\",state=\"busy\"} %d\n"
			 "daicho_db_connections{lane=\"%s\",state=\"waiting\"} %d\n", lanes[i],
			 s->open[i], lanes[i], s->busy[i], lanes[i], s->waiting[i]);
	put_metric(b, "db_taken_total", "counter", "Connections taken from the pool.");
	buf_addf(b, "daicho_db_taken_total %lu\n", s->taken);
	put_metric(b, "db_failed_total", "counter", "Connections that could not be made.");
	buf_addf(b, "daicho_db_failed_total %lu\n", s->failed);
	put_metric(b, "db_wait_timeouts_total", "counter", "Requests that got no connection.");
	buf_addf(b, "daicho_db_wait_timeouts_total %lu\n", s->timeouts);
}

static void
put_passwords(struct buf *b, struct passwords *p)
{
	struct password_stats s;

	password_stats(p, &s);
	put_metric(b, "password_hashes_total", "counter", "Argon2id computations.");
	buf_addf(b, "daicho_password_hashes_total %lu\n", s.hashes);
	put_metric(b, "password_refused_total", "counter", "Log-ins refused for a full queue.");
	buf_addf(b, "daicho_password_refused_total %lu\n", s.refused);
	put_metric(b, "password_queue", "gauge", "Log-ins that hash or wait to.");
	buf_addf(b, "daicho_password_queue{state=\"busy\"} %d\n"
		 "daicho_password_queue{state=\"waiting\"} %d\n", s.busy, s.waiting);
}

enum err
metrics(struct request *req, struct response *resp)
{
	struct db_pool_stats pool;
	struct server_stats s = { 0 };
	struct buf *b = &resp->body;
	enum err e = request_args_done(req);
	int i;

	if (e != OK)
		return e;
	db_pool_stats(req->service->pool, &pool);
	server_stats(req->server, &s);
	put_metric(b, "http_requests_total", "counter", "Answers by class of status.");
	for (i = 1; i < 6; i++)
		buf_addf(b, "daicho_http_requests_total{class=\"%dxx\"} %lu\n", i, s.by_class[i]);
	put_metric(b, "http_guard_refused_total", "counter", "Requests refused for their form.");
	buf_addf(b, "daicho_http_guard_refused_total %lu\n", s.guard_refused);
	put_metric(b, "http_deadline_closed_total", "counter", "Connections closed as too slow.");
	buf_addf(b, "daicho_http_deadline_closed_total %lu\n", s.timeouts);
	put_metric(b, "http_connections", "gauge", "Connections open now.");
	buf_addf(b, "daicho_http_connections %lu\n", s.connections_now);
	put_metric(b, "http_busy_seconds_total", "counter", "Time spent in handlers.");
	buf_addf(b, "daicho_http_busy_seconds_total %.6f\n", (double)s.busy_us / 1e6);
	put_pool(b, &pool);
	put_passwords(b, app_of(req)->login.passwords);
	put_metric(b, "event_waiters", "gauge", "Requests that wait for events.");
	buf_addf(b, "daicho_event_waiters %d\n", feed_gate_waiting(app_of(req)->gate));
	resp->content_type = "text/plain; version=0.0.4; charset=utf-8";
	return OK;
}

enum err
openapi(struct request *req, struct response *resp)
{
	enum err e = request_args_done(req);

	if (e == OK)
		buf_adds(&resp->body, app_of(req)->openapi);
	return e;
}

enum err
whoami(struct request *req, struct response *resp)
{
	const struct principal *p = req->principal;
	struct buf *b = &resp->body;
	enum err e = request_args_done(req);
	size_t i;

	if (e != OK)
		return e;
	buf_adds(b, "{\"login\":");
	json_put_cstring(b, p->login);
	buf_adds(b, ",\"name\":");
	json_put_cstring(b, p->name);
	buf_adds(b, ",\"institution\":");
	json_put_cstring(b, p->home);
	buf_adds(b, ",\"offices\":[");
	for (i = 0; i < p->office_count; i++) {
		const struct office_info *o = office_info(p->offices[i].office);

		buf_addf(b, "%s{\"office\":\"%s\",\"label\":\"%s\",\"institution\":",
			 i == 0 ? "" : ",", o->code, req->lang == LANG_EN ? o->en : o->ja);
		json_put_cstring(b, p->offices[i].institution);
		buf_addc(b, '}');
	}
	buf_adds(b, "]}\n");
	return OK;
}
