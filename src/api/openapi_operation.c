/* Operations: what a handler takes and answers, joined with the row of the route table. */
#include <stdio.h>
#include <string.h>

#include "handlers.h"
#include "openapi_parts.h"

static const char *
scope_name(enum scope s)
{
	return s == SCOPE_READ ? "read" : s == SCOPE_WRITE ? "write" : "import";
}

static void
put_offices(const struct route *r, struct buf *b)
{
	const char *sep = "";
	int o;

	if (r->offices & OFFICES_ANYONE) {
		buf_adds(b, "Nobody needs to be known for this.");
		return;
	}
	if (r->offices & OFFICES_KNOWN)
		buf_adds(b, "For anybody who is known");
	else
		buf_adds(b, "For ");
	for (o = 0; o < OFFICE__MAX; o++)
		if (r->offices & OFFICE_BIT(o)) {
			buf_addf(b, "%s%s (%s)", sep, office_info(o)->ja, office_info(o)->en);
			sep = ", ";
		}
	if (r->confirm == CONFIRM_NONE)
		buf_addf(b, ". Scope of the token: %s.", scope_name(r->scope));
	else
		buf_addf(b, ". Takes a session%s; a token is refused.", r->confirm ==
			 CONFIRM_SESSION ? "" : " with a fresh proof of identity");
}

static json_t *
description(const struct route *r, const struct operation *op)
{
	struct buf b;
	json_t *j;

	buf_init(&b, 8192);
	if (op->note != NULL || op->note_of != NULL)
		buf_addf(&b, "%s\n\n", op->note != NULL ? op->note : op->note_of(r));
	put_offices(r, &b);
	j = openapi_must(json_string(buf_text(&b)));
	buf_release(&b);
	return j;
}

/* The ledger below whose path a route stands; NULL: none. */
static const struct ledger *
owner_of(const struct route *r)
{
	static const char prefix[] = "/api/v1/";
	char name[64];

	if (!str_starts(r->path, prefix))
		return NULL;
	snprintf(name, sizeof(name), "%.*s", (int)strcspn(r->path + strlen(prefix), "/"),
		 r->path + strlen(prefix));
	return ledger_by_path(name);
}

/* One for each {…} of the path. */
static void
put_captures(const struct route *r, json_t *parameters)
{
	const struct ledger *l = r->arg == NULL ? NULL : owner_of(r);
	const char *p = r->path;
	size_t n;

	while ((p = strchr(p, '{')) != NULL) {
		p++;
		n = strcspn(p, "}");
		openapi_add(parameters, json_pack("{s:s%, s:s, s:b, s:s, s:{s:s}}", "name", p, n,
			"in", "path", "required", 1, "description",
			l != NULL ? l->key : n == 2 ? "id" : str_starts(r->path,
			"/api/v1/attachments/") ? "attachment_no" : "import_no", "schema", "type",
			"string"));
	}
}

static json_t *
make_parameters(const struct route *r, const struct operation *op)
{
	json_t *all = openapi_must(json_array());
	const char *const *name;

	put_captures(r, all);
	for (name = op->takes; *name != NULL; name++)
		openapi_add(all, openapi_ref("parameters", *name));
	if (r->past != 0)
		openapi_add(all, openapi_ref("parameters", "as_of"));
	if (r->method == METHOD_POST && !r->secret)
		openapi_add(all, openapi_ref("parameters", "Idempotency-Key"));
	if (r->method != METHOD_GET && !r->secret)
		openapi_add(all, openapi_ref("parameters", "dry_run"));
	openapi_add(all, openapi_ref("parameters", "lang"));
	if (r->scope != SCOPE_PUBLIC)
		openapi_add(all, openapi_ref("parameters", "Daicho-Office"));
	if (op->parameters != NULL)
		op->parameters(r->arg, all);
	return all;
}

static json_t *
success(const struct route *r, const struct operation *op)
{
	json_t *headers = openapi_must(json_object()), *j;
	const char *const *name;

	openapi_set(headers, "X-Request-Id", openapi_ref("headers", "X-Request-Id"));
	for (name = op->headers; *name != NULL; name++)
		openapi_set(headers, *name, openapi_ref("headers", *name));
	if (r->past != 0)
		openapi_set(headers, "Daicho-As-Of", openapi_ref("headers", "Daicho-As-Of"));
	if (r->method != METHOD_GET && !r->secret)
		openapi_set(headers, "Daicho-Dry-Run", openapi_ref("headers", "Daicho-Dry-Run"));
	j = openapi_must(json_pack("{s:s, s:o}", "description", op->done, "headers", headers));
	if (op->answer != NULL)
		openapi_set(j, "content", op->answer(r->arg));
	return j;
}

static json_t *
not_modified(void)
{
	return json_pack("{s:s, s:{s:o, s:o}}", "description", "It is as If-None-Match says.",
			 "headers", "X-Request-Id", openapi_ref("headers", "X-Request-Id"), "ETag",
			 openapi_ref("headers", "ETag"));
}

static json_t *
accepted(void)
{
	return json_pack("{s:s, s:{s:o, s:o, s:o}, s:o}", "description",
			 "It goes on; Location tells how far it is, and the report in the end.",
			 "headers", "X-Request-Id", openapi_ref("headers", "X-Request-Id"),
			 "Location", openapi_ref("headers", "Location"), "Preference-Applied",
			 openapi_ref("headers", "Preference-Applied"), "content",
			 openapi_must(openapi_fixed("ImportStarted")));
}

/* A refused table is told as a problem or, when that is asked for, as CSV. */
static json_t *
refused_table(void)
{
	json_t *j = openapi_must(json_pack("{s:s, s:{s:o, s:o}, s:{s:{s:o}}}", "description",
		"The table is refused; nothing was changed.", "headers", "X-Request-Id",
		openapi_ref("headers", "X-Request-Id"), "Content-Disposition",
		openapi_ref("headers", "Content-Disposition"), "content",
		"application/problem+json", "schema", openapi_ref("schemas", "Problem")));

	openapi_put_text(json_object_get(j, "content"), "text/csv",
		 "The lines with faults, with columns line and errors.");
	return j;
}

static bool
is_refused(const struct route *r, const struct operation *op, int status)
{
	bool known = r->scope != SCOPE_PUBLIC, written = r->body != BODY_NONE;
	const int *p;

	for (p = op->refuses; *p != 0; p++)
		if (*p == status)
			return true;
	switch (status) {
	case 400:
		return true;
	case 401:
	case 403:
	case 503:
		return known;
	case 404:
		return strchr(r->path, '{') != NULL;
	case 409:
		return r->method == METHOD_POST;
	case 413:
	case 415:
	case 422:
		return written;
	default:
		return false;
	}
}

static json_t *
make_responses(const struct route *r, const struct operation *op)
{
	json_t *all = openapi_must(json_object());
	char number[12];
	int status;

	snprintf(number, sizeof(number), "%d", op->status);
	openapi_set(all, number, success(r, op));
	if (r->run == imports_run)
		openapi_set(all, "202", accepted());
	if (r->run == records_get || r->run == attachments_content)
		openapi_set(all, "304", not_modified());
	for (status = 400; status < 600; status++) {
		if (openapi_problem(status) == NULL || !is_refused(r, op, status))
			continue;
		snprintf(number, sizeof(number), "%d", status);
		openapi_set(all, number, status == 422 && r->body == BODY_TABLE ? refused_table() :
			    openapi_ref("responses", openapi_problem(status)));
	}
	openapi_set(all, "default", openapi_ref("responses", openapi_problem(0)));
	return all;
}

/* A role of the bearer is the scope of its token; what a token never does takes a session. */
static json_t *
security(const struct route *r)
{
	json_t *all = openapi_must(json_array());

	if (r->scope == SCOPE_PUBLIC)
		return all;
	if (r->confirm == CONFIRM_NONE)
		openapi_add(all, json_pack("{s:[s]}", "bearer", scope_name(r->scope)));
	openapi_add(all, json_pack("{s:[]}", "session"));
	return all;
}

const struct operation *
openapi_describe(const struct route *r)
{
	static const struct operation *(*const describe[])(const struct route *) = {
		openapi_describe_account, openapi_describe_standard, openapi_describe_findings,
		openapi_describe_life, openapi_describe_media, openapi_describe_inventory,
		openapi_describe_past, openapi_describe_requests, openapi_describe_attachments,
		openapi_describe_catalogues, openapi_describe_lookup, openapi_describe_events,
		openapi_describe_rest,
	};
	const struct operation *op;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(describe); i++) {
		op = describe[i](r);
		if (op != NULL)
			return op;
	}
	bug("openapi: the handler of %s is not described", r->opid);
}

json_t *
openapi_operation(const struct route *r)
{
	const struct operation *op = openapi_describe(r);
	const struct ledger *l = r->arg;
	json_t *j = openapi_must(json_pack("{s:s, s:o, s:o, s:[s]}", "operationId", r->opid,
		"summary", l == NULL ? json_string(r->summary) :
		json_sprintf("%s: %s", l->label, r->summary), "description", description(r, op),
		"tags", r->tag));

	openapi_set(j, "security", security(r));
	openapi_set(j, "parameters", make_parameters(r, op));
	if (op->body != NULL || op->body_of != NULL)
		openapi_set(j, "requestBody", json_pack("{s:b, s:o}", "required",
			r->body != BODY_OPTIONAL, "content", openapi_must(op->body != NULL ?
			op->body(l) : op->body_of(r))));
	openapi_set(j, "responses", make_responses(r, op));
	return j;
}
