/* What movements and 現物確認 take and answer. */
#include "handlers.h"
#include "movements.h"
#include "openapi_parts.h"

#define CSV_TYPE "text/csv"

/* The members of an act: columns that are no columns of a ledger. */
static json_t *
act_body(const struct field *fields, size_t n)
{
	json_t *members = openapi_must(json_object()), *needed = openapi_must(json_array()), *one;
	size_t i;

	for (i = 0; i < n; i++) {
		one = openapi_value(&fields[i]);
		openapi_set(one, "title", json_string(fields[i].label));
		openapi_set(members, fields[i].name, one);
		if (fields[i].flags & FF_REQUIRED)
			openapi_add(needed, json_string(fields[i].name));
		else
			openapi_set(one, "type", json_pack("[s, s]", "string", "null"));
	}
	return json_pack("{s:{s:{s:s, s:o, s:o, s:b}}}", "application/json", "schema", "type",
			 "object", "properties", members, "required", needed,
			 "additionalProperties", 0);
}

static json_t *
return_body(const struct ledger *l)
{
	(void)l;
	return act_body(return_fields, RETURN__MAX);
}

static json_t *
prolong_body(const struct ledger *l)
{
	(void)l;
	return act_body(prolong_fields, PROLONG__MAX);
}

/* A new movement whose path says what moves. */
static json_t *
move_body(const struct ledger *l)
{
	static const char *const said[] = { "institution", "medium", "asset" };
	json_t *members = openapi_must(json_object()), *needed = openapi_must(json_array()), *one;
	size_t i;

	for (i = 0; i < l->count; i++) {
		const struct field *f = &l->fields[i];

		if (!field_writable(f) || str_eq(f->name, said[0]) || str_eq(f->name, said[1]) ||
		    str_eq(f->name, said[2]))
			continue;
		one = json_pack("{s:o}", "$ref", json_sprintf(
			"#/components/schemas/%sCreate/properties/%s", l->singular, f->name));
		openapi_set(members, f->name, one);
		if (f->flags & FF_REQUIRED)
			openapi_add(needed, json_string(f->name));
	}
	return json_pack("{s:{s:{s:s, s:o, s:o, s:b}}}", "application/json", "schema", "type",
			 "object", "properties", members, "required", needed,
			 "additionalProperties", 0);
}

static json_t *
check_body(const struct ledger *l)
{
	json_t *content = json_pack("{s:{s:{s:s, s:{s:{s:s, s:i, s:{s:s}}, s:{s:[s, s]}}, s:[s], "
		"s:b}}}", "application/json", "schema", "type", "object", "properties", "numbers",
		"type", "array", "maxItems", 5000, "items", "type", "string", "area", "type",
		"string", "null", "required", "numbers", "additionalProperties", 0);

	(void)l;
	openapi_put_text(openapi_must(content), "text/plain", "One number per line, as a bar-code "
			 "scanner types them; full-width digits and blanks do no harm.");
	openapi_put_text(content, CSV_TYPE, "The column media_no (媒体管理番号), or the first one.");
	return content;
}

static json_t *
check_answer(const struct ledger *l)
{
	(void)l;
	return openapi_fixed("MediaCheck");
}

static void
put_area(const struct ledger *l, json_t *parameters)
{
	(void)l;
	openapi_add(parameters, json_pack("{s:s, s:s, s:s, s:{s:s}}", "name", "area", "in", "query",
		"description", "With text and CSV: the area (its code) that was gone through.",
		"schema", "type", "string"));
}

static const struct operation operations[] = {
	{ .run = movements_of_medium, .status = 200, .done = "Its movements.",
	  .headers = { "Link", "Content-Disposition" }, .refuses = { 406 },
	  .parameters = openapi_put_list_parameters, .answer = openapi_list_answer },
	{ .run = movements_of_asset, .status = 200, .done = "Its movements.",
	  .headers = { "Link", "Content-Disposition" }, .refuses = { 406 },
	  .parameters = openapi_put_list_parameters, .answer = openapi_list_answer },
	{ .run = movements_move_medium, .status = 201, .done = "The movement.",
	  .note = "The medium, which is stored or in use, is taken_out from here on. 機密性4 takes "
		"a permission of its own (request), unless it is recorded afterwards; then MED-19 "
		"reports it.",
	  .headers = { "Location", "ETag" }, .body = move_body, .answer = openapi_row_answer },
	{ .run = movements_move_asset, .status = 201, .done = "The movement.",
	  .note = "A portable asset with information inside is asked the same as a medium.",
	  .headers = { "Location", "ETag" }, .body = move_body, .answer = openapi_row_answer },
	{ .run = movements_return, .status = 200, .done = "The movement as it is now.",
	  .note = "Default of returned_at: now. The medium is stored again. That the information "
		"was erased (3.1(2)⑤(a)) may be told with it, or once more later.",
	  .headers = { "ETag" }, .takes = { "If-Match" }, .refuses = { 412, 428 },
	  .body = return_body, .answer = openapi_row_answer },
	{ .run = movements_prolong, .status = 200, .done = "The movement as it is now.",
	  .note = "To a later moment, at most the policy takeout_max after it left.",
	  .headers = { "ETag" }, .takes = { "If-Match" }, .refuses = { 412, 428 },
	  .body = prolong_body, .answer = openapi_row_answer },
	{ .run = media_check, .status = 200, .done = "What became of each number.",
	  .note = "Today becomes the day on which each medium was last seen, where the office may "
		"change the medium. The same number twice counts once.",
	  .parameters = put_area, .body = check_body, .answer = check_answer },
};

const struct operation *
openapi_describe_media(const struct route *r)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(operations); i++)
		if (operations[i].run == r->run)
			return &operations[i];
	return NULL;
}
