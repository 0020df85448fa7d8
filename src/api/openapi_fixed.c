/* What every description has, whatever the ledgers: problems, reports, headers. */
#include <stdio.h>
#include <string.h>

#include "openapi_member.h"
#include "openapi_parts.h"

static const struct member problem[] = {
	{ "type", TEXT, 0, NULL, "urn:daichod:problem:<code>" },
	{ "title", TEXT, 0, NULL, "What this code means, in the language of the answer." },
	{ "status", COUNT, 0, NULL, "The HTTP status." },
	{ "detail", TEXT, MAY_LACK, NULL, "What exactly is wrong, for a programmer (English)." },
	{ "code", TEXT, 0, NULL, "Stable code; each response names its own." },
	{ "request_id", TEXT, MAY_BE_NULL, NULL,
	  "To be told to the operator; as in X-Request-Id." },
	{ "errors", MANY, MAY_LACK, "Fault", "All faults that were found." },
	{ "errors_total", COUNT, MAY_LACK, NULL,
	  "How many there are, when not all of them are listed." },
	{ "offices", MANY, MAY_LACK, "OfficeName", "With 403 forbidden: the offices that may." },
	{ "current", ANY, MAY_LACK, NULL,
	  "With 412: the row as it stands now; its version is in ETag." },
	{ .name = NULL },
};

static const struct member fault[] = {
	{ "pointer", TEXT, MAY_LACK, NULL,
	  "JSON pointer into the body (#/name), or a query argument (?name)." },
	{ "line", COUNT, MAY_LACK, NULL, "Line of the table, the header being line 1." },
	{ "column", TEXT, MAY_BE_NULL | MAY_LACK, NULL,
	  "Column of the table; null: the line as a whole." },
	{ "code", TEXT, 0, NULL, "Stable code: too_long, unknown_member, REG-04 …" },
	{ "clause", TEXT, MAY_LACK, NULL, "Clause of the standard." },
	{ "own_number", TEXT, MAY_LACK, NULL, "By which the organisation itself knows it." },
	{ "message", TEXT, 0, NULL, "For the person who can correct it." },
	{ "value", TEXT, MAY_LACK, NULL, "What was sent, shortened." },
	{ .name = NULL },
};

static const struct member history[] = {
	{ "items", MANY, 0, "Event", "Oldest first." },
	{ "next", TEXT, MAY_BE_NULL, NULL, "Always null: a history comes whole." },
	{ .name = NULL },
};

static const struct member event[] = {
	{ "version", COUNT, 0, NULL, "Version of the row that came of it." },
	{ "at", MOMENT, 0, NULL, "When." },
	{ "person", TEXT, MAY_BE_NULL, NULL, "Login of who did it." },
	{ "office", TEXT, MAY_BE_NULL, NULL, "Office in which the person acted." },
	{ "client", TEXT, MAY_BE_NULL, NULL, "Address of the peer." },
	{ "request_id", TEXT, MAY_BE_NULL, NULL, "As in X-Request-Id." },
	{ "operation", TEXT, MAY_BE_NULL, NULL, "operationId, or the command." },
	{ "action", TEXT, 0, "insert update delete", "What happened to the row." },
	{ "reason", TEXT, MAY_BE_NULL, NULL, "The reason that was given." },
	{ "changes", MANY, 0, "Change", "Columns that changed." },
	{ .name = NULL },
};

static const struct member change[] = {
	{ "field", TEXT, 0, NULL, "Column." },
	{ "old", ANY, 0, NULL, "Value before; null: empty." },
	{ "new", ANY, 0, NULL, "Value after; null: empty." },
	{ .name = NULL },
};

static const struct member report[] = {
	{ "import_no", TEXT, MAY_BE_NULL, NULL, "Number of the import." },
	{ "state", TEXT, 0, "done refused", "refused: nothing was changed." },
	{ "lines", COUNT, 0, NULL, "Records below the header." },
	{ "created", COUNT, 0, NULL, "New rows." },
	{ "updated", COUNT, 0, NULL, "Changed rows." },
	{ "unchanged", COUNT, 0, NULL, "Rows that were as the table says." },
	{ "draft", COUNT, 0, NULL, "Rows of the table that are 下書き afterwards." },
	{ "rejected", COUNT, 0, NULL, "Lines that were left out." },
	{ "errors", MANY, 0, "Fault", "By line." },
	{ "errors_total", COUNT, MAY_LACK, NULL,
	  "How many there are, when not all of them are listed." },
	{ .name = NULL },
};

static const struct member failure[] = {
	{ "code", TEXT, 0, NULL, "As that of a problem." },
	{ "message", TEXT, 0, NULL, "What it means, in Japanese." },
	{ .name = NULL },
};

static const struct member started[] = {
	{ "import_no", TEXT, 0, NULL, "Number of the import." },
	{ "state", TEXT, 0, "running", "It goes on; ask for it under Location." },
	{ .name = NULL },
};

static const struct member import[] = {
	{ "import_no", TEXT, 0, NULL, "Number of the import." },
	{ "institution", TEXT, 0, NULL, "機関 of the person." },
	{ "person", TEXT, 0, NULL, "Login." },
	{ "ledger", TEXT, 0, NULL, "assets, media …" },
	{ "mode", TEXT, 0, "create update upsert", "As asked for." },
	{ "key", TEXT, 0, NULL, "Column that rows were matched by; empty: none." },
	{ "on_error", TEXT, 0, "abort draft skip", "As asked for." },
	{ "state", TEXT, 0, "running done refused failed",
	  "refused: for its faults; failed: for another reason. Both have changed nothing." },
	{ "started_at", MOMENT, 0, NULL, "When it began." },
	{ "finished_at", MOMENT, MAY_BE_NULL, NULL, "When it ended." },
	{ "lines", COUNT, 0, NULL, "Records below the header; of a running one, those read." },
	{ "report", ONE, MAY_LACK, "ImportReport ImportFailure",
	  "When one import is asked for, and it has ended." },
	{ .name = NULL },
};

static const struct member import_list[] = {
	{ "items", MANY, 0, "Import", "Newest first, 50 to a page." },
	{ "next", TEXT, MAY_BE_NULL, NULL, "The cursor of the next page; null on the last." },
	{ .name = NULL },
};

static const struct member me[] = {
	{ "login", TEXT, 0, NULL, "Who the token belongs to." },
	{ "name", TEXT, 0, NULL, "氏名." },
	{ "institution", TEXT, 0, NULL, "機関 of the person." },
	{ "offices", MANY, 0, "MyOffice", "Offices in force today." },
	{ .name = NULL },
};

static const struct member office_name[] = {
	{ "office", TEXT, 0, NULL, "Code of the office." },
	{ "label", TEXT, 0, NULL, "Its name." },
	{ .name = NULL },
};

static const struct member my_office[] = {
	{ "office", TEXT, 0, NULL, "Code of the office." },
	{ "label", TEXT, 0, NULL, "Its name in the language of the answer." },
	{ "institution", TEXT, MAY_BE_NULL, NULL, "機関 that it is for; null: all of them." },
	{ .name = NULL },
};

static const struct member status[] = {
	{ "status", TEXT, 0, "ok ready", "ok or ready." },
	{ .name = NULL },
};

static const struct object objects[] = {
	{ "Problem", "RFC 9457.", problem, NULL, true },
	{ "Fault", "One fault: of a member (pointer) or of a cell (line and column).", fault,
	  NULL, true },
	{ "History", "What was changed in one row, by whom.", history, NULL, false },
	{ "Event", "One change of a row.", event, NULL, false },
	{ "Change", "One column of a change.", change, NULL, false },
	{ "ImportReport", "What became of a table.", report, NULL, false },
	{ "ImportFailure", "Why an import that was to go on could not.", failure, NULL, false },
	{ "ImportStarted", "An import that goes on after the answer.", started, NULL, false },
	{ "Import", "The record of an import.", import, NULL, false },
	{ "ImportList", "One page of earlier imports.", import_list, NULL, false },
	{ "Me", "The person behind a token.", me, NULL, false },
	{ "MyOffice", "An office in force.", my_office, NULL, false },
	{ "OfficeName", "An office.", office_name, NULL, false },
	{ "Status", "The daemon is well.", status, NULL, false },
};

static void
put_parameters(json_t *components)
{
	static const struct {
		const char *name, *in, *about, *schema;
		bool required;
	} list[] = {
		{ "lang", "query", "Language of messages; otherwise Accept-Language, "
		  "otherwise Japanese.", "{\"type\":\"string\",\"enum\":[\"ja\",\"en\"]}", false },
		{ "dry_run", "query", "true: the same answer (with Daicho-Dry-Run: true), "
		  "but nothing is kept.", "{\"type\":\"boolean\",\"default\":false}", false },
		{ "as_of", "query", "The rows as they stood when this day of the register "
		  "ended (Japan's time), up to today, in an office that may read the history. "
		  "Another day's row has no ETag: the past is not changed.",
		  "{\"type\":\"string\",\"format\":\"date\"}", false },
		{ "If-Match", "header", "The ETag of the row as it was read, with its "
		  "quotes; `*` and weak tags are refused.",
		  "{\"type\":\"string\",\"pattern\":\"^\\\"[^\\\"\\\\\\\\, ]{1,64}\\\"$\"}", true },
		{ "If-None-Match", "header", "An ETag that is known already.",
		  "{\"type\":\"string\"}", false },
		{ "Daicho-Office", "header", "Code of the one office in which to act; otherwise "
		  "the widest that the route allows.", "{\"type\":\"string\"}", false },
		{ "Idempotency-Key", "header", "A request that is sent again with the same key "
		  "within 7 days gets the first answer again, and nothing is done twice.",
		  "{\"type\":\"string\",\"pattern\":\"^[!-~]{1,128}$\"}", false },
		{ "Prefer", "header", "respond-async: the answer comes at once, the report later. "
		  "Has no effect together with dry_run or Idempotency-Key.",
		  "{\"type\":\"string\",\"examples\":[\"respond-async\"]}", false },
	};
	json_t *all = openapi_must(json_object()), *j;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(list); i++) {
		j = openapi_must(json_pack("{s:s, s:s, s:s, s:o}", "name", list[i].name, "in",
			list[i].in, "description", list[i].about, "schema",
			openapi_must(json_loads(list[i].schema, 0, NULL))));
		if (list[i].required)
			openapi_set(j, "required", json_true());
		openapi_set(all, list[i].name, j);
	}
	openapi_set(components, "parameters", all);
}

static void
put_headers(json_t *components)
{
	static const struct {
		const char *name, *type, *about;
	} list[] = {
		{ "X-Request-Id", "string", "Also in the log and in the audit row. A client may "
		  "send its own: 8 to 64 of A-Z a-z 0-9 . _ -" },
		{ "ETag", "string", "Version of the row, with quotes; for If-Match." },
		{ "Location", "string", "Where the new thing is." },
		{ "Link", "string", "The next page: <…>; rel=\"next\"; absent on the last." },
		{ "Content-Disposition", "string", "A file name: of a document, CSV, NDJSON." },
		{ "Daicho-Dry-Run", "string", "true, when nothing was kept." },
		{ "Daicho-As-Of", "string", "The day of as_of, whose rows these are." },
		{ "Daicho-Confidentiality", "string", "機密性 of the document, 1 to 4." },
		{ "Repr-Digest", "string", "sha-256=:…: of the bytes (RFC 9530)." },
		{ "Content-Language", "string", "ja or en." },
		{ "Preference-Applied", "string", "respond-async." },
		{ "Retry-After", "integer", "Seconds; with 503 and idempotency_key_running." },
		{ "WWW-Authenticate", "string", "Bearer." },
		{ "Accept", "string", "Media types that are taken here." },
	};
	json_t *all = openapi_must(json_object());
	size_t i;

	for (i = 0; i < ARRAY_SIZE(list); i++)
		openapi_set(all, list[i].name, json_pack("{s:s, s:{s:s}}", "description",
			list[i].about, "schema", "type", list[i].type));
	openapi_set(components, "headers", all);
}

static const struct {
	int status;
	const char *name;
	const char *header; /* besides those of every problem, or NULL */
} problems[] = {
	{ 400, "BadRequest", NULL },
	{ 401, "Unauthenticated", "WWW-Authenticate" },
	{ 403, "Forbidden", NULL },
	{ 404, "NotFound", NULL },
	{ 406, "NotAcceptable", NULL },
	{ 409, "Conflict", "Retry-After" },
	{ 410, "Gone", NULL },
	{ 412, "PreconditionFailed", "ETag" },
	{ 413, "BodyTooLarge", NULL },
	{ 415, "UnsupportedMediaType", "Accept" },
	{ 422, "Invalid", NULL },
	{ 428, "PreconditionRequired", NULL },
	{ 503, "Unavailable", "Retry-After" },
	{ 507, "QuotaExceeded", NULL },
	{ 0, "OtherProblem", NULL },
};

const char *
openapi_problem(int number)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(problems); i++)
		if (problems[i].status == number)
			return problems[i].name;
	return NULL;
}

/* The codes of one status from the catalogue; those of all statuses without a name for 0. */
static json_t *
codes_of(int number)
{
	struct buf b;
	json_t *j;
	int e;

	buf_init(&b, 8192);
	for (e = OK + 1; e < ERR__MAX; e++) {
		const struct err_info *i = err_info(e);

		if (number == 0 ? openapi_problem(i->status) != NULL : i->status != number)
			continue;
		buf_addf(&b, "%s- `%s`", b.len == 0 ? "" : "\n", i->code);
		if (number == 0)
			buf_addf(&b, " (%d)", i->status);
		buf_addf(&b, ": %s %s", i->ja, i->en);
	}
	j = openapi_must(json_string(buf_text(&b)));
	buf_release(&b);
	return j;
}

static void
put_responses(json_t *components)
{
	json_t *all = openapi_must(json_object()), *headers;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(problems); i++) {
		headers = openapi_must(json_pack("{s:o, s:o}", "X-Request-Id",
			openapi_ref("headers", "X-Request-Id"), "Content-Language",
			openapi_ref("headers", "Content-Language")));
		if (problems[i].header != NULL)
			openapi_set(headers, problems[i].header,
				    openapi_ref("headers", problems[i].header));
		openapi_set(all, problems[i].name, json_pack("{s:o, s:o, s:{s:{s:o}}}",
			"description", codes_of(problems[i].status), "headers", headers, "content",
			"application/problem+json", "schema", openapi_ref("schemas", "Problem")));
	}
	openapi_set(components, "responses", all);
}

void
openapi_put_fixed(json_t *components)
{
	json_t *all = json_object_get(components, "schemas");

	openapi_put_objects(all, objects);
	openapi_put_objects(all, openapi_answers);
	openapi_put_objects(all, openapi_account_answers);
	openapi_put_objects(all, openapi_request_answers);
	put_parameters(components);
	put_headers(components);
	put_responses(components);
}
