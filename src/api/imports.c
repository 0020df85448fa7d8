/* Imports: a CSV table into a ledger, and what became of earlier ones. */
#include <string.h>
#include <unistd.h>

#include <base/json.h>
#include <exchange/job.h>
#include "handlers.h"
#include "records.h"

static enum err
wrong(struct request *req, const char *name, const char *ja, const char *en)
{
	request_arg_fault(req, name, "unknown_choice", ja, en);
	return ERR_BAD_QUERY;
}

/* A:b,C:- with something on both sides of every colon. */
static bool
is_map(const char *s)
{
	for (;; s++) {
		size_t n = strcspn(s, ","), colon = strcspn(s, ":");

		if (colon == 0 || colon + 1 >= n)
			return false;
		s += n;
		if (*s == '\0')
			return true;
	}
}

/* A map by name from the configuration, or as it is. */
static enum err
read_map(struct request *req, struct import_options *o)
{
	const struct named_map *m = app_of(req)->maps;
	const char *map = request_arg(req, "map");

	for (; map != NULL && m != NULL && m->name != NULL; m++)
		if (strcmp(m->name, map) == 0) {
			o->map = m->map;
			return OK;
		}
	o->map = map;
	if (map == NULL || is_map(map))
		return OK;
	return wrong(req, "map", "設定ファイルにある名前か、見出し:項目名 の並びです。",
		     "A name from the configuration, or HEADER:column,HEADER:-.");
}

static enum err
read_key(struct request *req, struct import_options *o)
{
	const char *key = request_arg(req, "key");
	const struct field *f;

	if (key == NULL && o->mode == IMPORT_CREATE)
		return OK;
	f = ledger_field(o->ledger, key == NULL ? o->ledger->key : key);
	if (f == NULL || !(f->flags & FF_MATCH))
		return wrong(req, "key", "照合に使えない項目です。", "Rows cannot be matched by this.");
	o->key = f;
	return OK;
}

static enum err
read_separator(struct request *req, struct import_options *o)
{
	const char *s = request_arg(req, "separator");

	o->separator = ',';
	if (s == NULL || strcmp(s, "comma") == 0)
		return OK;
	if (strcmp(s, "tab") != 0 && strcmp(s, "semicolon") != 0)
		return wrong(req, "separator", "comma、tab、semicolon のいずれかです。",
			     "comma, tab or semicolon.");
	o->separator = s[0] == 't' ? '\t' : ';';
	return OK;
}

static enum err
read_words(struct request *req, struct import_options *o)
{
	const char *mode = request_arg(req, "mode"), *on_error = request_arg(req, "on_error");
	const char *blank = request_arg(req, "blank"), *state = request_arg(req, "state");

	if (mode != NULL && !import_mode_read(mode, &o->mode))
		return wrong(req, "mode", "create、update、upsert のいずれかです。",
			     "create, update or upsert.");
	if (on_error != NULL && !import_on_error_read(on_error, &o->on_error))
		return wrong(req, "on_error", "abort、draft、skip のいずれかです。",
			     "abort, draft or skip.");
	if (blank != NULL && strcmp(blank, "clear") != 0 && strcmp(blank, "keep") != 0)
		return wrong(req, "blank", "clear か keep です。", "clear or keep.");
	if (state != NULL && strcmp(state, "registered") != 0 && strcmp(state, "draft") != 0)
		return wrong(req, "state", "registered か draft です。", "registered or draft.");
	o->keep_blank = str_eq(blank, "keep");
	o->draft = str_eq(state, "draft");
	return OK;
}

static enum err
read_options(struct request *req, struct import_options *o)
{
	enum err e;

	*o = (struct import_options){ .ledger = req->route->arg, .home = req->principal->home,
		.scope = req->grant.scope, .person = req->principal->login };
	e = read_words(req, o);
	if (e == OK)
		e = read_key(req, o);
	if (e == OK)
		e = read_separator(req, o);
	if (e == OK)
		e = request_arg_bool(req, "adopted", false, &o->adopted);
	if (e == OK)
		e = read_map(req, o);
	o->set = request_arg(req, "set");
	return e;
}

/* The report as JSON, or the rejected lines as CSV. */
static enum err
read_format(struct request *req, bool *ret_csv)
{
	const char *accept = request_header(req, "Accept"), *format = request_arg(req, "format");

	if (format != NULL && strcmp(format, "csv") != 0 && strcmp(format, "json") != 0)
		return wrong(req, "format", "json か csv です。", "json or csv.");
	*ret_csv = format != NULL ? strcmp(format, "csv") == 0 :
		accept != NULL && strstr(accept, "text/csv") != NULL;
	return OK;
}

static enum err
answer_csv(struct request *req, struct response *resp, const struct import_report *report,
	   char separator)
{
	resp->fd = spool_open(req->service);
	if (resp->fd < 0)
		return ERR_INTERNAL;
	resp->content_type = "text/csv; charset=utf-8; header=present";
	response_header(resp, "Content-Disposition", "attachment; filename=\"rejected.csv\"");
	return import_report_csv(report, separator, req->lang, req->body_fd, resp->fd);
}

static bool
wants_async(const struct request *req)
{
	const char *prefer = request_header(req, "Prefer");

	return prefer != NULL && strstr(prefer, "respond-async") != NULL && !req->tx.open;
}

/* RFC 7240: the answer comes at once, the report later under its own address. */
static enum err
start(struct request *req, struct response *resp, const struct import_options *o)
{
	const char *no;
	enum err e = job_start(app_of(req)->jobs, req->arena, o, &req->tx.ctx, req->body_fd, &no);

	if (e != OK)
		return e;
	resp->status = 202;
	response_header(resp, "Location", arena_printf(req->arena, "/api/v1/imports/%s", no));
	response_header(resp, "Preference-Applied", "respond-async");
	buf_addf(&resp->body, "{\"import_no\":\"%s\",\"state\":\"running\"}\n", no);
	return OK;
}

/* What is read is a CSV table in UTF-8; NDJSON and other charsets come later. */
static enum err
check_type(const struct request *req)
{
	bool utf8 = req->charset == NULL || strcmp(req->charset, "utf-8") == 0;

	return utf8 && strcmp(req->content_type, "text/csv") == 0 ? OK : ERR_MEDIA_TYPE;
}

static enum err
answer_refused(struct request *req, const struct import_report *report)
{
	req->faults = report->faults;
	req->detail = arena_printf(req->arena, "%zu faults in %ld lines; nothing was imported",
				   report->faults.total, report->lines);
	return ERR_INVALID;
}

static enum err
answer_report(struct request *req, struct response *resp, const struct import_report *report)
{
	if (report->import_no != NULL && !req->dry_run)
		response_header(resp, "Location", arena_printf(req->arena, "/api/v1/imports/%s",
							       report->import_no));
	buf_addc(&resp->body, '{');
	import_report_json(report, req->lang, &resp->body);
	buf_adds(&resp->body, "}\n");
	return OK;
}

enum err
imports_run(struct request *req, struct response *resp)
{
	struct import_options o;
	struct import_report report;
	bool csv = false;
	enum err e = read_options(req, &o);

	if (e == OK)
		e = read_format(req, &csv);
	if (e == OK)
		e = request_args_done(req);
	if (e == OK)
		e = check_type(req);
	if (e != OK)
		return e;
	if (wants_async(req))
		return start(req, resp, &o);
	e = import_run(app_of(req)->store, &req->tx, &o, req->body_fd, &report);
	if (e != OK && e != ERR_INVALID)
		return e;
	if (csv) {
		resp->status = e == OK ? 200 : 422;
		return answer_csv(req, resp, &report, o.separator);
	}
	return e == OK ? answer_report(req, resp, &report) : answer_refused(req, &report);
}

static const char columns[] =
	"SELECT import_no, institution, person, ledger, mode, match_key, on_error,"
	" CASE WHEN state = 'running' AND started_at < now() - interval '10 seconds' AND NOT EXISTS"
	"  (SELECT FROM pg_locks l WHERE l.locktype = 'advisory' AND l.classid = 7226215"
	"   AND l.objid = substr(import_no, 2)::int::oid) THEN 'failed' ELSE state END,"
	" to_char(started_at AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS.US\"Z\"'),"
	" to_char(finished_at AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS.US\"Z\"'),"
	" lines, ";

static void
put_import(const PGresult *res, int row, struct buf *b)
{
	static const char *const names[] = { "import_no", "institution", "person", "ledger",
		"mode", "key", "on_error", "state", "started_at", "finished_at" };
	int i;

	for (i = 0; i < (int)ARRAY_SIZE(names); i++) {
		buf_addf(b, "%c\"%s\":", i == 0 ? '{' : ',', names[i]);
		json_put_cstring(b, tx_text(res, row, i));
	}
	buf_addf(b, ",\"lines\":%s", PQgetvalue(res, row, i));
	if (!PQgetisnull(res, row, i + 1))
		buf_addf(b, ",\"report\":%s", PQgetvalue(res, row, i + 1));
	buf_addc(b, '}');
}

enum err
imports_list(struct request *req, struct response *resp)
{
	const char *after = request_arg(req, "cursor");
	struct tx_args args = { .n = 2, .v = { req->grant.scope, after } };
	const char *sql = arena_printf(req->arena,
		"%s NULL FROM import WHERE institution = ANY($1) AND "
		"($2::text IS NULL OR import_no < $2) ORDER BY import_no DESC LIMIT 51", columns);
	const char *next = NULL;
	PGresult *res;
	int i, n;
	enum err e = request_args_done(req);

	if (e == OK && after != NULL &&
	    (after[0] != 'I' || strspn(after + 1, "0123456789") != strlen(after + 1)))
		e = ERR_BAD_CURSOR;
	if (e == OK)
		e = tx_once(&req->tx, sql, &args, &res);
	if (e != OK)
		return e;
	n = PQntuples(res) > 50 ? 50 : PQntuples(res);
	if (PQntuples(res) > n) {
		next = PQgetvalue(res, n - 1, 0);
		response_header(resp, "Link", list_next_link(req, next));
	}
	buf_adds(&resp->body, "{\"items\":[");
	for (i = 0; i < n; i++) {
		buf_adds(&resp->body, i == 0 ? "" : ",");
		put_import(res, i, &resp->body);
	}
	buf_adds(&resp->body, "],\"next\":");
	json_put_cstring(&resp->body, next);
	buf_adds(&resp->body, "}\n");
	return OK;
}

enum err
imports_get(struct request *req, struct response *resp)
{
	struct tx_args args = { .n = 2, .v = { req->capture[0], req->grant.scope } };
	const char *sql = arena_printf(req->arena,
		"%s report FROM import WHERE import_no = $1 AND institution = ANY($2)", columns);
	PGresult *res;
	enum err e = request_args_done(req);

	if (e == OK)
		e = tx_once(&req->tx, sql, &args, &res);
	if (e == OK && PQntuples(res) == 0)
		e = ERR_NOT_FOUND;
	if (e != OK)
		return e;
	put_import(res, 0, &resp->body);
	buf_addc(&resp->body, '\n');
	return OK;
}
