/* What each handler takes and answers. */
#include <stdio.h>
#include <string.h>

#include "handlers.h"
#include "openapi_parts.h"

#define CSV_TYPE "text/csv"
#define NDJSON_TYPE "application/x-ndjson"

static json_t *
named(const struct ledger *l, const char *kind, const char *suffix)
{
	char name[64];

	snprintf(name, sizeof(name), "%s%s", l->singular, suffix);
	return openapi_ref(kind, name);
}

/* {type: {schema: ref, examples}}; no ledger is without one where `suffix` has an example. */
static json_t *
media(const char *type, const struct ledger *l, const char *suffix, bool example)
{
	json_t *one = openapi_must(json_pack("{s:o}", "schema", named(l, "schemas", suffix)));

	if (example && openapi_has_example(l))
		openapi_set(one, "examples", json_pack("{s:o}", suffix[0] == '\0' ? "row" : "new",
						       named(l, "examples", suffix)));
	return openapi_must(json_pack("{s:o}", type, one));
}

json_t *
openapi_fixed(const char *name)
{
	return json_pack("{s:{s:o}}", "application/json", "schema", openapi_ref("schemas", name));
}

void
openapi_put_text(json_t *content, const char *type, const char *about)
{
	openapi_set(content, type, json_pack("{s:{s:s, s:s}}", "schema", "type", "string",
					     "description", about));
}

json_t *
openapi_table(const char *schema)
{
	json_t *content = openapi_must(openapi_fixed(schema));

	openapi_put_text(content, CSV_TYPE, "The rows, flat, with a header.");
	openapi_put_text(content, NDJSON_TYPE, "One row to a line.");
	return content;
}

json_t *
openapi_row_answer(const struct ledger *l)
{
	return media("application/json", l, "", true);
}

json_t *
openapi_list_answer(const struct ledger *l)
{
	json_t *content = media("application/json", l, "List", false);

	openapi_put_text(content, CSV_TYPE,
			 "RFC 4180, UTF-8, with a header: what an import takes.");
	openapi_put_text(content, NDJSON_TYPE, "One row to a line.");
	return content;
}

static json_t *
history_answer(const struct ledger *l)
{
	(void)l;
	return openapi_fixed("History");
}

static json_t *
report_answer(const struct ledger *l)
{
	json_t *content = openapi_must(openapi_fixed("ImportReport"));

	(void)l;
	openapi_put_text(content, CSV_TYPE, "The lines with faults, with columns line and errors.");
	return content;
}

static json_t *
imports_answer(const struct ledger *l)
{
	(void)l;
	return openapi_fixed("ImportList");
}

static json_t *
import_answer(const struct ledger *l)
{
	(void)l;
	return openapi_fixed("Import");
}

static json_t *
me_answer(const struct ledger *l)
{
	(void)l;
	return openapi_fixed("Me");
}

static json_t *
status_answer(const struct ledger *l)
{
	(void)l;
	return openapi_fixed("Status");
}

static json_t *
openapi_answer(const struct ledger *l)
{
	(void)l;
	return json_pack("{s:{s:{s:s}}}", "application/json", "schema", "type", "object");
}

static json_t *
leavers_answer(const struct ledger *l)
{
	(void)l;
	return openapi_table("LeaverList");
}

static json_t *
access_answer(const struct ledger *l)
{
	(void)l;
	return openapi_table("AccessReport");
}

static json_t *
review_answer(const struct ledger *l)
{
	(void)l;
	return openapi_fixed("AccessReview");
}

static json_t *
reviews_answer(const struct ledger *l)
{
	(void)l;
	return openapi_fixed("AccessReviewList");
}

static json_t *
revocation_body(const struct ledger *l)
{
	(void)l;
	return json_pack("{s:{s:{s:s, s:{s:{s:[s, s], s:s, s:s}, s:{s:s, s:i}}, s:[s], s:b}}}",
		"application/json", "schema", "type", "object", "properties", "revoked_on", "type",
		"string", "null", "format", "date", "description", "Default: today.",
		"revoke_reason", "type", "string", "maxLength", 200, "required", "revoke_reason",
		"additionalProperties", 0);
}

static json_t *
review_body(const struct ledger *l)
{
	(void)l;
	return json_pack("{s:{s:{s:s, s:{s:{s:s}, s:{s:[s, s], s:i}}, s:[s], s:b}}}",
		"application/json", "schema", "type", "object", "properties", "institution", "type",
		"string", "comment", "type", "string", "null", "maxLength", 1000, "required",
		"institution", "additionalProperties", 0);
}

void
openapi_put_format(const struct ledger *l, json_t *parameters)
{
	(void)l;
	openapi_add(parameters, json_pack("{s:s, s:s, s:{s:s, s:[s, s, s]}}", "name", "format",
		"in", "query", "schema", "type", "string", "enum", "json", "csv", "ndjson"));
}

static void
put_leavers(const struct ledger *l, json_t *parameters)
{
	openapi_put_format(l, parameters);
	openapi_add(parameters, json_pack("{s:s, s:s, s:s, s:{s:s, s:i, s:i, s:i}}", "name", "days",
		"in", "query", "description", "Days back and ahead.", "schema", "type", "integer",
		"minimum", 0, "maximum", 3650, "default", 30));
}

static void
put_access(const struct ledger *l, json_t *parameters)
{
	openapi_put_format(l, parameters);
	openapi_add(parameters, json_pack("{s:s, s:s, s:s, s:{s:s}}", "name", "institution", "in",
		"query", "description", "Default: one's own.", "schema", "type", "string"));
}

static void
put_successor(const struct ledger *l, json_t *parameters)
{
	(void)l;
	openapi_add(parameters, json_pack("{s:s, s:s, s:s, s:{s:s}}", "name", "successor", "in",
		"query", "description", "With active=false or left_on: who, as a 情報システム管理者 of "
		"the 機関, takes over the live rows.", "schema", "type", "string"));
}

static json_t *
metrics_answer(const struct ledger *l)
{
	json_t *content = openapi_must(json_object());

	(void)l;
	openapi_put_text(content, "text/plain", "Prometheus text format 0.0.4.");
	return content;
}

json_t *
openapi_create_body(const struct ledger *l)
{
	return media("application/json", l, "Create", true);
}

static json_t *
replace_body(const struct ledger *l)
{
	return media("application/json", l, "", true);
}

static json_t *
patch_body(const struct ledger *l)
{
	json_t *content = media("application/merge-patch+json", l, "Patch", false);

	openapi_set(content, "application/json",
		    json_pack("{s:o}", "schema", named(l, "schemas", "Patch")));
	return content;
}

static json_t *
table_body(const struct ledger *l)
{
	static const char *const samples[LEDGER__MAX] = {
		[LEDGER_ASSET] = "名称,種別,製造番号,機密性\r\n計算サーバ1,server,SN-0001,2\r\n",
		[LEDGER_MEDIA] = "媒体名,媒体種別,機密性分類\r\n業務用USBメモリ 21,usb_memory,2\r\n",
	};
	json_t *content = openapi_must(json_object());

	openapi_put_text(content, CSV_TYPE, "UTF-8, with a header of column names or Japanese "
			 "labels in any order. An export is such a table.");
	if (samples[l->id] != NULL)
		openapi_set(json_object_get(content, CSV_TYPE), "example",
			    json_string(samples[l->id]));
	return content;
}

static json_t *
object_of(const char *type, json_t *schema)
{
	return json_pack("{s:{s:o}}", type, "schema", openapi_must(schema));
}

static json_t *
texts(void)
{
	return json_pack("{s:s, s:{s:s}}", "type", "array", "items", "type", "string");
}

static json_t *
token_answer(const struct ledger *l)
{
	(void)l;
	return openapi_fixed("Token");
}

static json_t *
token_issued_answer(const struct ledger *l)
{
	(void)l;
	return openapi_fixed("TokenIssued");
}

static json_t *
token_list_answer(const struct ledger *l)
{
	(void)l;
	return openapi_fixed("TokenList");
}

static json_t *
token_body(const struct ledger *l)
{
	(void)l;
	return object_of("application/json", json_pack(
		"{s:s, s:[s], s:b, s:{s:o, s:o, s:{s:s, s:i, s:i, s:i}, s:{s:s, s:i}}}", "type",
		"object", "required", "scopes", "additionalProperties", 0, "properties", "scopes",
		texts(), "addresses", texts(), "days", "type", "integer", "minimum", 1, "maximum",
		366, "default", 90, "note", "type", "string", "maxLength", 200));
}

static void
put_token_filters(const struct ledger *l, json_t *parameters)
{
	static const char *const names[] = { "person", "state", "cursor" };
	size_t i;

	(void)l;
	for (i = 0; i < ARRAY_SIZE(names); i++)
		openapi_add(parameters, json_pack("{s:s, s:s, s:{s:s}}", "name", names[i], "in",
			"query", "schema", "type", "string"));
}

static void
put_grace(const struct ledger *l, json_t *parameters)
{
	(void)l;
	openapi_add(parameters, json_pack("{s:s, s:s, s:s, s:{s:s, s:i, s:i}}", "name", "grace_s",
		"in", "query", "description", "Seconds that the old secret lives on.", "schema",
		"type", "integer", "minimum", 0, "maximum", 3600));
}

static json_t *
page_answer(const struct ledger *l)
{
	json_t *content = openapi_must(json_object());

	(void)l;
	openapi_put_text(content, "text/plain", "Name, login, offices.");
	return content;
}

static void
put_cursor(const struct ledger *l, json_t *parameters)
{
	(void)l;
	openapi_add(parameters, json_pack("{s:s, s:s, s:s, s:{s:s}}", "name", "cursor", "in",
		"query", "description", "`next` of the page before.", "schema", "type", "string"));
}

static const struct operation operations[] = {
	{ .run = tokens_list, .status = 200, .done = "The tokens.",
	  .note = "One's own; for an 情報セキュリティ責任者 and a registry operator those of all "
		"persons of the 機関. `state` is live (default), ended or all.",
	  .headers = { "Link" }, .parameters = put_token_filters, .answer = token_list_answer },
	{ .run = tokens_get, .status = 200, .done = "The token.", .answer = token_answer },
	{ .run = tokens_issue, .status = 201, .done = "The token with its secret.",
	  .note = "Only for oneself, only with a session, never wider than one's own rights. The "
		"secret is in this answer and nowhere else.",
	  .headers = { "Location" }, .refuses = { 429 }, .body = token_body,
	  .answer = token_issued_answer },
	{ .run = tokens_rotate, .status = 201, .done = "The new token with its secret.",
	  .note = "The old one ends at once, or after grace_s seconds. With a session the new one "
		"lives as long as the old one was made for; a token may rotate itself, and ends "
		"when it would have.",
	  .headers = { "Location" }, .parameters = put_grace, .answer = token_issued_answer },
	{ .run = tokens_revoke, .status = 204, .done = "It has ended.",
	  .note = "One's own; for an 情報セキュリティ責任者 and a registry operator any of the "
		"機関. Ending it twice is no mistake, so no If-Match is asked for." },
	{ .run = whoami_page, .status = 200, .done = "You, as plain text.",
	  .note = "Not part of the API: also for a person whom a trusted proxy names.",
	  .answer = page_answer },
	{ .run = records_list, .status = 200, .done = "The rows.",
	  .note = "A column's name is a filter. `<column>__<operator>` compares otherwise: in "
		"(up to 99 values apart by commas), empty (true or false), contains (part of a "
		"text; an element of several), lt, lte, gt, gte; which of them a column knows "
		"stands in its x-operators. All conditions must hold.",
	  .headers = { "Link", "Content-Disposition" }, .refuses = { 406 },
	  .parameters = openapi_put_list_parameters, .answer = openapi_list_answer },
	{ .run = records_get, .status = 200, .done = "The row.",
	  .note = "Empty columns are null; those of another sheet (x-sheet) are left out.",
	  .headers = { "ETag" }, .takes = { "If-None-Match" }, .answer = openapi_row_answer },
	{ .run = records_history, .status = 200, .done = "Its history.", .answer = history_answer },
	{ .run = records_create, .status = 201, .done = "The new row.",
	  .note = "A ledger with 下書き takes incomplete rows; registration asks for the rest.",
	  .headers = { "Location", "ETag" }, .body = openapi_create_body,
	  .answer = openapi_row_answer },
	{ .run = records_replace, .status = 200, .done = "The row as it is now.",
	  .note = "A column that is not in the body becomes empty; mandatory ones must be there. "
		"Read-only and fixed columns may be there as they were read, so a row can be read, "
		"edited and sent back whole.",
	  .headers = { "ETag" }, .takes = { "If-Match" }, .refuses = { 409, 412, 428 },
	  .body = replace_body, .answer = openapi_row_answer },
	{ .run = records_patch, .status = 200, .done = "The row as it is now.",
	  .note = "RFC 7396: a column that is not in the body stays, null empties it, a list is "
		"replaced whole.",
	  .headers = { "ETag" }, .takes = { "If-Match" }, .refuses = { 409, 412, 428 },
	  .body = patch_body, .answer = openapi_row_answer },
	{ .run = records_delete, .status = 204, .done = "It is gone.",
	  .note = "Nothing in a ledger is erased: only a 下書き, or a row that nothing refers to "
		"where there are none. The history stays.",
	  .takes = { "If-Match" }, .refuses = { 409, 412, 428 } },
	{ .run = offices_get, .status = 200, .done = "The appointment.", .headers = { "ETag" },
	  .answer = openapi_row_answer },
	{ .run = offices_appoint, .status = 201, .done = "The appointment.",
	  .note = "Which office appoints to which stands in the standard; the refusal names it. "
		"appointed_by is whoever calls. What only an application leads to is refused.",
	  .headers = { "Location", "ETag" }, .body = openapi_create_body,
	  .answer = openapi_row_answer },
	{ .run = offices_revoke, .status = 200, .done = "The appointment, which ends.",
	  .note = "An appointment is never changed: it is revoked, from today or later, and a "
		"new one made.",
	  .headers = { "ETag" }, .takes = { "If-Match" }, .refuses = { 412, 428 },
	  .body = revocation_body, .answer = openapi_row_answer },
	{ .run = persons_patch, .status = 200, .done = "The row as it is now.",
	  .note = "RFC 7396. The only 情報システム管理者 of live rows cannot leave without a "
		"successor (422, leaver_has_duties).",
	  .headers = { "ETag" }, .takes = { "If-Match" }, .refuses = { 409, 412, 428 },
	  .parameters = put_successor, .body = patch_body, .answer = openapi_row_answer },
	{ .run = persons_replace, .status = 200, .done = "The row as it is now.",
	  .note = "A column that is not in the body becomes empty. Leaving: as with PATCH.",
	  .headers = { "ETag" }, .takes = { "If-Match" }, .refuses = { 409, 412, 428 },
	  .parameters = put_successor, .body = replace_body, .answer = openapi_row_answer },
	{ .run = report_leavers, .status = 200, .done = "The people and what hangs on them.",
	  .headers = { "Content-Disposition" }, .parameters = put_leavers,
	  .answer = leavers_answer },
	{ .run = report_access, .status = 200, .done = "The rights.", .refuses = { 404 },
	  .headers = { "Content-Disposition" }, .parameters = put_access,
	  .answer = access_answer },
	{ .run = reviews_list, .status = 200, .done = "The reviews, and which 機関 is overdue.",
	  .answer = reviews_answer },
	{ .run = reviews_get, .status = 200, .done = "The review with the list, word for word.",
	  .answer = review_answer },
	{ .run = reviews_sign, .status = 201, .done = "The review.", .refuses = { 404 },
	  .headers = { "Location" }, .body = review_body, .answer = review_answer },
	{ .run = imports_run, .status = 200, .done = "It is imported; what became of each line.",
	  .note = "All of the table or nothing, in one transaction. A refused table is a "
		"problem with all its faults (422), or the lines with faults as CSV when that is "
		"asked for.",
	  .headers = { "Location", "Content-Disposition" }, .takes = { "Prefer" },
	  .parameters = openapi_put_import_parameters, .body = table_body,
	  .answer = report_answer },
	{ .run = imports_list, .status = 200, .done = "Earlier imports.", .parameters = put_cursor,
	  .answer = imports_answer },
	{ .run = imports_get, .status = 200, .done = "The import.", .answer = import_answer },
	{ .run = whoami, .status = 200, .done = "You.", .answer = me_answer },
	{ .run = openapi, .status = 200, .done = "OpenAPI 3.1.", .answer = openapi_answer },
	{ .run = health, .status = 200, .done = "It does.", .answer = status_answer },
	{ .run = ready, .status = 200, .done = "They are.", .refuses = { 503 },
	  .answer = status_answer },
	{ .run = metrics, .status = 200, .done = "The figures.", .answer = metrics_answer },
};

const struct operation *
openapi_describe_rest(const struct route *r)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(operations); i++)
		if (operations[i].run == r->run)
			return &operations[i];
	return NULL;
}
