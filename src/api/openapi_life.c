/* What the acts in the life of a row, and its rating, take and answer. */
#include <stdio.h>
#include <string.h>

#include <ledger/life.h>
#include "handlers.h"
#include "openapi_parts.h"

static const struct life_action *
action_of(const struct route *r)
{
	return life_action(strrchr(r->path, '/') + 1);
}

static const char *
act_note(const struct route *r)
{
	return action_of(r)->note;
}

static json_t *
reason(void)
{
	return json_pack("{s:[s, s], s:i, s:s}", "type", "string", "null", "maxLength", REASON_MAX,
			 "description", "Kept in the history.");
}

/* An object of these members and no others. */
static json_t *
object_body(json_t *members)
{
	return json_pack("{s:{s:{s:s, s:o, s:b}}}", "application/json", "schema", "type", "object",
			 "properties", members, "additionalProperties", 0);
}

static json_t *
act_body(const struct route *r)
{
	json_t *members = openapi_must(json_object());
	const char *const *name;

	for (name = action_of(r)->members; *name != NULL; name++) {
		const struct field *f = ledger_field(r->arg, *name);

		if (f == NULL) /* the other ledger has no such column */
			continue;
		openapi_set(members, *name, f->type == FT_BOOL ?
			    json_pack("{s:s, s:b, s:s}", "type", "boolean", "default", 0,
				      "description", f->label) :
			    json_pack("{s:[s, s], s:s, s:s}", "type", "string", "null", "format",
				      "date", "description", "Default: today."));
	}
	openapi_set(members, "reason", reason());
	return object_body(members);
}

static json_t *
actions_answer(const struct ledger *l)
{
	(void)l;
	return openapi_fixed("ActionList");
}

/* The columns that an office confirms, and a comment. */
static json_t *
rating_body(const struct ledger *l)
{
	json_t *members = openapi_must(json_object());
	char ref[200];
	size_t i;

	for (i = 0; i < l->count; i++) {
		if (l->fields[i].confirm == 0)
			continue;
		snprintf(ref, sizeof(ref), "#/components/schemas/%sPatch/properties/%s",
			 l->singular, l->fields[i].name);
		openapi_set(members, l->fields[i].name, json_pack("{s:s}", "$ref", ref));
	}
	openapi_set(members, "comment", reason());
	return object_body(members);
}

static json_t *
ratings_body(const struct ledger *l)
{
	json_t *members = openapi_must(json_pack("{s:{s:s, s:{s:s}, s:i, s:i, s:s}}", "keys",
		"type", "array", "items", "type", "string", "minItems", 1, "maxItems", 1000,
		"description", l->key));

	openapi_set(members, "comment", reason());
	return json_pack("{s:{s:{s:s, s:o, s:[s], s:b}}}", "application/json", "schema", "type",
			 "object", "properties", members, "required", "keys",
			 "additionalProperties", 0);
}

static json_t *
ratings_answer(const struct ledger *l)
{
	return json_pack("{s:{s:{s:s, s:{s:{s:s, s:{s:s}, s:s}}}}}", "application/json", "schema",
			 "type", "object", "properties", "confirmed", "type", "array", "items",
			 "type", "string", "description", l->key);
}

static const struct operation operations[] = {
	{ .run = records_act, .status = 200, .done = "The row as it is now.", .note_of = act_note,
	  .headers = { "ETag" }, .takes = { "If-Match" }, .refuses = { 409, 412, 428 },
	  .body_of = act_body, .answer = openapi_row_answer },
	{ .run = records_actions, .status = 200, .done = "The acts that lead on from here.",
	  .note = "`offices`: who may at all; `may`: whether who asks, in the office of this "
		"request; `with`: members of the body that make it this act.",
	  .answer = actions_answer },
	{ .run = records_rate, .status = 200, .done = "The row as it is now.",
	  .note = "Confirms the rating as it is, or with the values given: the "
		"情報セキュリティ管理者 of the nearest unit that has one; where there is none, or "
		"only who proposed it, the 情報セキュリティ責任者. Changed by anybody else, a "
		"confirmed rating becomes a proposal again, and cannot be lowered.",
	  .headers = { "ETag" }, .takes = { "If-Match" }, .refuses = { 409, 412, 428 },
	  .body = rating_body, .answer = openapi_row_answer },
	{ .run = records_rate_all, .status = 200, .done = "Those that are newly confirmed.",
	  .note = "All or none; one event for each row. What is confirmed already stays as it is. "
		"Faults name the rows in `value`.",
	  .body = ratings_body, .answer = ratings_answer },
};

const struct operation *
openapi_describe_life(const struct route *r)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(operations); i++)
		if (operations[i].run == r->run)
			return &operations[i];
	return NULL;
}
