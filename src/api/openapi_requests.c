/* What the handlers of applications take and answer. */
#include <workflow/kind.h>
#include "handlers.h"
#include "openapi_parts.h"

static void
put_list(const struct ledger *l, json_t *parameters)
{
	openapi_put_list_parameters(l, parameters);
	openapi_add(parameters, json_pack("{s:s, s:s, s:s, s:{s:s, s:[s]}}", "name", "waiting_for",
		"in", "query", "description", "me: only those that wait for a step of mine.",
		"schema", "type", "string", "enum", "me"));
}

static json_t *
kinds(void)
{
	json_t *list = openapi_must(json_array());
	size_t i;

	for (i = 0; workflow_kinds[i] != NULL; i++)
		openapi_add(list, json_string(workflow_kinds[i]->code));
	return json_pack("{s:s, s:o}", "type", "string", "enum", list);
}

static void
put_kinds(const struct ledger *l, json_t *parameters)
{
	(void)l;
	openapi_add(parameters, json_pack("{s:s, s:s, s:s, s:o}", "name", "code", "in", "query",
		"description", "This kind alone.", "schema", openapi_must(kinds())));
}

static json_t *
closed(json_t *properties, json_t *required)
{
	json_t *schema = openapi_must(json_pack("{s:s, s:o, s:b}", "type", "object", "properties",
		openapi_must(properties), "additionalProperties", 0));

	if (required != NULL)
		openapi_set(schema, "required", required);
	return schema;
}

static json_t *
object(json_t *properties, json_t *required)
{
	return json_pack("{s:{s:o}}", "application/json", "schema", closed(properties, required));
}

static void
put_text(json_t *properties, const char *name, const char *about)
{
	openapi_set(properties, name, json_pack("{s:[s, s], s:s}", "type", "string", "null",
		"description", about));
}

static json_t *
members(void)
{
	json_t *p = openapi_must(json_object());

	put_text(p, "asset", "asset_no, where it is about an asset.");
	put_text(p, "medium", "media_no, where it is about a medium.");
	put_text(p, "unit", "Code, where an exception is for a unit.");
	put_text(p, "subject_person", "Login of the person it is about.");
	put_text(p, "rule", "Code of the rule that an exception is from.");
	put_text(p, "reason", "Why it is needed.");
	put_text(p, "on_behalf_of", "Login, when it is filed for somebody else.");
	put_text(p, "valid_from", "First day of the permission.");
	put_text(p, "valid_to", "Last day of the permission.");
	put_text(p, "follows", "request_no of an application of one's own that is decided before.");
	openapi_set(p, "performed_by_contractor", json_pack("{s:[s, s]}", "type", "boolean",
		"null"));
	openapi_set(p, "payload", json_pack("{s:s, s:s}", "type", "object", "description",
		"Members of the kind: GET /api/v1/workflow/kinds."));
	return p;
}

static json_t *
new_members(void)
{
	json_t *p = members();

	openapi_set(p, "request_type", kinds());
	put_text(p, "institution", "Default: one's own.");
	return p;
}

static json_t *
create_body(const struct ledger *l)
{
	(void)l;
	return object(new_members(), json_pack("[s]", "request_type"));
}

static json_t *
bundle_body(const struct ledger *l)
{
	json_t *p = openapi_must(json_object());

	(void)l;
	openapi_set(p, "requests", json_pack("{s:s, s:i, s:i, s:o}", "type", "array", "minItems", 2,
		"maxItems", 5, "items", closed(new_members(), json_pack("[s]", "request_type"))));
	return object(p, json_pack("[s]", "requests"));
}

static void
put_against(const struct ledger *l, json_t *parameters)
{
	(void)l;
	openapi_add(parameters, json_pack("{s:s, s:s, s:s, s:{s:s, s:[s, s]}}", "name", "against",
		"in", "query", "description", "permitted (default): the last permission of this "
		"kind for the same thing; submission: how this one was submitted the time before.",
		"schema", "type", "string", "enum", "permitted", "submission"));
}

static json_t *
edit_body(const struct ledger *l)
{
	(void)l;
	return object(members(), NULL);
}

static json_t *
choice(const char *a, const char *b, const char *c)
{
	return json_pack("{s:s, s:[s, s, s]}", "type", "string", "enum", a, b, c);
}

static json_t *
step_body(const struct ledger *l)
{
	json_t *p = openapi_must(json_object());

	(void)l;
	openapi_set(p, "action", json_pack("{s:s, s:s}", "type", "string", "description",
		"One of GET …/actions."));
	put_text(p, "comment", "Opinion or reason.");
	put_text(p, "conditions", "Under which it is permitted.");
	put_text(p, "person", "Login of the one who is named.");
	put_text(p, "reason", "Why the same person decides; 20 characters or more.");
	put_text(p, "on", "A day.");
	put_text(p, "valid_from", "First day of the permission.");
	put_text(p, "valid_to", "Last day of the permission.");
	put_text(p, "carried_out_by", "Who did it, where it was not the administrator.");
	openapi_set(p, "installed", json_pack("{s:s, s:{s:s}, s:s}", "type", "array", "items",
		"type", "string", "description", "Names with versions, as they were installed."));
	openapi_set(p, "result", choice("pass", "conditional", "fail"));
	openapi_set(p, "case", choice("absent", "urgent", "no_other"));
	openapi_set(p, "problem", json_pack("{s:s}", "type", "boolean"));
	return object(p, json_pack("[s]", "action"));
}

static json_t *
row_answer(const struct ledger *l)
{
	return json_pack("{s:{s:o}}", "application/json", "schema",
			 openapi_must(openapi_ref("schemas", l->singular)));
}

static json_t *
list_answer(const struct ledger *l)
{
	static const struct route like = { .run = records_list };

	return openapi_describe(&like)->answer(l);
}

static json_t *
steps_answer(const struct ledger *l)
{
	(void)l;
	return openapi_fixed("RequestStepList");
}

/* Applications that belong together: rows alone, without a table. */
static json_t *
chain_answer(const struct ledger *l)
{
	(void)l;
	return openapi_fixed("RequestList");
}

static json_t *
actions_answer(const struct ledger *l)
{
	(void)l;
	return openapi_fixed("RequestActionList");
}

static json_t *
diff_answer(const struct ledger *l)
{
	(void)l;
	return openapi_fixed("RequestDiff");
}

static json_t *
open_items_answer(const struct ledger *l)
{
	(void)l;
	return openapi_fixed("OpenItemList");
}

static json_t *
kinds_answer(const struct ledger *l)
{
	(void)l;
	return openapi_fixed("WorkflowKindList");
}

static const struct operation operations[] = {
	{ .run = requests_list, .status = 200, .done = "The rows.",
	  .note = "One's own, those about oneself, those that wait for one, and those about what "
		"one sees in the office of the call. Filters as in every list.",
	  .headers = { "Link", "Content-Disposition" }, .refuses = { 406 },
	  .parameters = put_list, .answer = list_answer },
	{ .run = requests_get, .status = 200, .done = "The row.", .headers = { "ETag" },
	  .answer = row_answer },
	{ .run = requests_create, .status = 201, .done = "The application, as 作成中.",
	  .note = "It may be incomplete; what its kind asks for must be there when it is "
		"submitted.",
	  .headers = { "Location", "ETag" }, .body = create_body, .answer = row_answer },
	{ .run = requests_edit, .status = 200, .done = "The application as it is now.",
	  .note = "By its applicant, as 作成中 or sent back. Members of payload that are not in "
		"the body stay; null takes one out.",
	  .headers = { "ETag" }, .takes = { "If-Match" }, .refuses = { 409, 412, 428 },
	  .body = edit_body, .answer = row_answer },
	{ .run = requests_step, .status = 200, .done = "The application as it is now.",
	  .note = "Which steps there are stands in GET …/actions. A token may submit and "
		"withdraw; everything else takes a session with a fresh proof. Nobody decides on "
		"an application of their own (REQ-01); what it is about must be as it was when "
		"it was submitted (REQ-23).",
	  .headers = { "ETag" }, .takes = { "If-Match" }, .refuses = { 409, 412, 428 },
	  .body = step_body, .answer = row_answer },
	{ .run = requests_timeline, .status = 200, .done = "The steps, oldest first.",
	  .note = "They are never changed. acted_by null: the register itself.",
	  .answer = steps_answer },
	{ .run = requests_actions, .status = 200, .done = "The steps that lead on from here.",
	  .note = "mine: the caller may take it; refused: otherwise the rules that say no. With "
		"REQ-22 the way around is for what is urgent alone: others may decide. "
		"documents: what must be attached; missing: of those, what is not.",
	  .answer = actions_answer },
	{ .run = requests_bundle, .status = 201, .done = "The applications, as 作成中.",
	  .note = "資質確認, 指名 and 許可 in one: what the earlier one brings about need not be "
		"there when the later one is submitted; each is decided after the one before. "
		"All are made, or none.",
	  .headers = { "Location" }, .body = bundle_body, .answer = chain_answer },
	{ .run = requests_chain, .status = 200, .done = "The applications, in order.",
	  .answer = chain_answer },
	{ .run = requests_submit_chain, .status = 200, .done = "The applications, submitted.",
	  .note = "All that are 作成中 or sent back, or none.", .takes = { "If-Match" },
	  .refuses = { 409, 412, 428 }, .answer = chain_answer },
	{ .run = requests_diff, .status = 200, .done = "What is different, part by part.",
	  .note = "Of the row for who sees the row. against: the application compared with, or "
		"null.",
	  .parameters = put_against, .answer = diff_answer },
	{ .run = requests_open_items, .status = 200, .done = "Findings, exceptions, applications.",
	  .note = "What a successor takes over: the same is put on record with the step accept.",
	  .answer = open_items_answer },
	{ .run = workflow_kinds_list, .status = 200, .done = "The kinds, by code.",
	  .parameters = put_kinds, .answer = kinds_answer },
};

const struct operation *
openapi_describe_requests(const struct route *r)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(operations); i++)
		if (operations[i].run == r->run)
			return &operations[i];
	return NULL;
}
