/* What the handlers of documents take and answer. */
#include "attachments.h"
#include "handlers.h"
#include "openapi_parts.h"

static void
put_arguments(const struct ledger *l, json_t *parameters)
{
	size_t i;

	(void)l;
	for (i = 0; i < ATTACH__MAX; i++) {
		const struct field *f = &attach_fields[i];

		openapi_add(parameters, json_pack("{s:s, s:s, s:b, s:s, s:o}", "name", f->name,
			"in", "query", "required", (f->flags & FF_REQUIRED) != 0, "description",
			f->label, "schema", openapi_must(openapi_value(f))));
	}
	openapi_add(parameters, json_pack("{s:s, s:s, s:s, s:{s:s}}", "name", "Content-Digest",
		"in", "header", "description", "sha-256=:…: (RFC 9530), in place of the argument "
		"sha256: what arrives must have it.", "schema", "type", "string"));
}

static json_t *
bytes(void)
{
	return json_pack("{s:{s:{s:s, s:s}}}", "*/*", "schema", "type", "string", "format",
			 "binary");
}

static json_t *
file_body(const struct ledger *l)
{
	(void)l;
	return bytes();
}

/* One document, or {items, next} of them. */
static json_t *
document(void)
{
	static const char *const texts[] = { "attachment_no", "institution", "kind", "file_name",
		"sha256", "created_at" };
	static const char *const maybe[] = { "request", "asset", "media_type", "keep_until", "note",
		"created_by" };
	static const char *const numbers[] = { "size_bytes", "confidentiality", "row_version" };
	json_t *p = openapi_must(json_object());
	size_t i;

	for (i = 0; i < ARRAY_SIZE(texts); i++)
		openapi_set(p, texts[i], json_pack("{s:s}", "type", "string"));
	for (i = 0; i < ARRAY_SIZE(maybe); i++)
		openapi_set(p, maybe[i], json_pack("{s:[s, s]}", "type", "string", "null"));
	for (i = 0; i < ARRAY_SIZE(numbers); i++)
		openapi_set(p, numbers[i], json_pack("{s:s}", "type", "integer"));
	return json_pack("{s:s, s:o}", "type", "object", "properties", p);
}

static json_t *
one_answer(const struct ledger *l)
{
	(void)l;
	return json_pack("{s:{s:o}}", "application/json", "schema", openapi_must(document()));
}

static json_t *
list_answer(const struct ledger *l)
{
	(void)l;
	return json_pack("{s:{s:{s:s, s:{s:{s:s, s:o}, s:{s:s}}}}}", "application/json", "schema",
			 "type", "object", "properties", "items", "type", "array", "items",
			 openapi_must(document()), "next", "type", "null");
}

#define FILING                                                                               \
	"The body is the file itself, whatever its Content-Type. What kind it is, is seen from " \
	"its bytes, and must fit the ending of file_name; programs, pages, scripts and "         \
	"documents with macros are refused. It is kept enciphered; 507 when the quota of the "   \
	"機関 is full."

static const struct operation operations[] = {
	{ .run = requests_attachments, .status = 200, .done = "The documents.",
	  .answer = list_answer },
	{ .run = assets_attachments, .status = 200, .done = "The documents.",
	  .answer = list_answer },
	{ .run = requests_attach, .status = 201, .done = "The document; ETag is that of the "
		"application.",
	  .note = FILING " By the applicant, as 作成中 or sent back; from submission on the "
		"decision is bound to its digest.",
	  .headers = { "Location", "ETag" }, .takes = { "If-Match" },
	  .refuses = { 409, 412, 428, 507 }, .parameters = put_arguments, .body = file_body,
	  .answer = one_answer },
	{ .run = assets_attach, .status = 201, .done = "The document.",
	  .note = FILING, .headers = { "Location" }, .refuses = { 507 },
	  .parameters = put_arguments, .body = file_body, .answer = one_answer },
	{ .run = attachments_get, .status = 200, .done = "What is said of it.",
	  .note = "Seen by who sees the application or the asset; one of 機密性4 besides only in an "
		"office marked ④, by who filed it, and by who takes part in the application.",
	  .headers = { "ETag", "Daicho-Confidentiality" }, .answer = one_answer },
	{ .run = attachments_content, .status = 200, .done = "The bytes, as a download.",
	  .note = "They are proved to be what was filed before the first is sent. From 機密性3 on "
		"each download is an event of the audit log.",
	  .headers = { "ETag", "Content-Disposition", "Daicho-Confidentiality", "Repr-Digest" },
	  .takes = { "If-None-Match" }, .answer = file_body },
	{ .run = attachments_delete, .status = 204, .done = "It is taken back.",
	  .note = "By the applicant, while the application is 作成中 or sent back; of an asset "
		"while that is 下書き.",
	  .takes = { "If-Match" }, .refuses = { 409, 412, 428 } },
};

const struct operation *
openapi_describe_attachments(const struct route *r)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(operations); i++)
		if (operations[i].run == r->run)
			return &operations[i];
	return NULL;
}
