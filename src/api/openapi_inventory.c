/* What the routes of 棚卸し take and answer. */
#include <stdio.h>

#include <ledger/query.h>
#include "handlers.h"
#include "inventories.h"
#include "openapi_parts.h"

static json_t *
campaign_answer(const struct ledger *l)
{
	json_t *members = openapi_must(json_object()), *needed = openapi_must(json_array());
	char ref[200];
	size_t i;

	for (i = 0; i < l->count; i++) {
		snprintf(ref, sizeof(ref), "#/components/schemas/%s/properties/%s", l->singular,
			 l->fields[i].name);
		openapi_set(members, l->fields[i].name, json_pack("{s:s}", "$ref", ref));
		openapi_add(needed, json_string(l->fields[i].name));
	}
	openapi_set(members, "totals", openapi_ref("schemas", "InventoryTotals"));
	openapi_add(needed, json_string("totals"));
	return json_pack("{s:{s:{s:s, s:o, s:o, s:b}}}", "application/json", "schema", "type",
			 "object", "properties", members, "required", needed,
			 "additionalProperties", 0);
}

static json_t *
closing_body(const struct ledger *l)
{
	(void)l;
	return json_pack("{s:{s:{s:s, s:{s:{s:[s, s], s:i, s:s}}, s:b}}}", "application/json",
		"schema", "type", "object", "properties", "reason", "type", "string", "null",
		"maxLength", (int)closing_field.max, "description", "Kept in the history.",
		"additionalProperties", 0);
}

static json_t *
answers_body(const struct ledger *l)
{
	json_t *content = json_pack("{s:{s:{s:s, s:{s:o, s:o, s:{s:[s, s], s:i}, s:{s:s, s:i, "
		"s:{s:s}}, s:{s:s}, s:{s:b}}, s:[s, s], s:b}}}", "application/json", "schema",
		"type", "object", "properties",
		"ledger", openapi_value(&answer_fields[ANSWER_LEDGER]),
		"answer", openapi_value(&answer_fields[ANSWER_ANSWER]),
		"note", "type", "string", "null", "maxLength", (int)answer_fields[ANSWER_NOTE].max,
		"keys", "type", "array", "maxItems", ANSWERS_MAX, "items", "type", "string",
		"area", "type", "string", "mine", "const", 1, "required", "ledger", "answer",
		"additionalProperties", 0);

	(void)l;
	openapi_put_text(openapi_must(content), "text/csv",
			 "Columns key (管理番号), answer (結果), note (備考) and, if the number does "
			 "not tell, ledger (台帳). What is outstanding, filled in, is such a table; "
			 "lines without an answer are left alone.");
	return content;
}

static json_t *
answered(const struct ledger *l)
{
	(void)l;
	return openapi_fixed("InventoryAnswered");
}

static json_t *
outstanding_answer(const struct ledger *l)
{
	json_t *content = openapi_must(openapi_fixed("Outstanding"));

	(void)l;
	openapi_put_text(content, "text/csv", "All rows, with empty columns answer "
			 "and note to be filled in.");
	openapi_put_text(content, "application/x-ndjson", "One row to a line.");
	return content;
}

static void
put_conditions(const struct ledger *l, json_t *parameters)
{
	static const char *const names[] = { "ledger", "unit", "person", "cursor" };
	size_t i;

	openapi_put_format(l, parameters);
	for (i = 0; i < ARRAY_SIZE(names); i++)
		openapi_add(parameters, json_pack("{s:s, s:s, s:{s:s}}", "name", names[i], "in",
			"query", "schema", "type", "string"));
	openapi_add(parameters, json_pack("{s:s, s:s, s:s, s:{s:s, s:[s]}}", "name", "by", "in",
		"query", "description", "person: how many rows each has, instead of the rows.",
		"schema", "type", "string", "enum", "person"));
	openapi_add(parameters, json_pack("{s:s, s:s, s:{s:s, s:i, s:i, s:i}}", "name", "limit",
		"in", "query", "schema", "type", "integer", "minimum", 1, "maximum",
		LIST_LIMIT_MAX, "default", LIST_LIMIT_DEFAULT));
}

static const struct operation operations[] = {
	{ .run = inventories_get, .status = 200, .done = "The campaign and its figures.",
	  .note = "The figures are of the whole 機関. There is no ETag; If-Match of a change is "
		"row_version in quotes.", .answer = campaign_answer },
	{ .run = inventories_close, .status = 200, .done = "The campaign, which has ended.",
	  .headers = { "ETag" }, .takes = { "If-Match" }, .refuses = { 412, 428 },
	  .body = closing_body, .answer = openapi_row_answer },
	{ .run = inventories_answer, .status = 200, .done = "How many answers were taken.",
	  .note = "All or none, for rows that name the person or that the office may change. One "
		"of keys, area (a whole room: rows of others are left out) and mine (all that "
		"name the person). confirmed and corrected note today on the row; corrected "
		"demands a change since the campaign began, retired that the row is retired. The "
		"latest answer counts.",
	  .body = answers_body, .answer = answered },
	{ .run = inventories_outstanding, .status = 200, .done = "The rows, or the persons.",
	  .note = "As far as the office reaches.",
	  .headers = { "Link", "Content-Disposition" }, .parameters = put_conditions,
	  .answer = outstanding_answer },
};

const struct operation *
openapi_describe_inventory(const struct route *r)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(operations); i++)
		if (operations[i].run == r->run)
			return &operations[i];
	return NULL;
}
