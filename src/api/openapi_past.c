/* What the rules say of a row, today or as of a day. */
#include "handlers.h"
#include "openapi_parts.h"

static json_t *
nullable(const char *type, const char *about)
{
	return json_pack("{s:[s, s], s:s}", "type", type, "null", "description", about);
}

static json_t *
text(const char *about)
{
	return json_pack("{s:s, s:s}", "type", "string", "description", about);
}

static json_t *
object(json_t *members, const char *const *required)
{
	json_t *names = openapi_must(json_array());

	for (; *required != NULL; required++)
		openapi_add(names, json_string(*required));
	return json_pack("{s:s, s:o, s:o, s:b}", "type", "object", "properties",
			 openapi_must(members), "required", names, "additionalProperties", 0);
}

static json_t *
verdict(void)
{
	static const char *const names[] = { "code", "mode", "severity", "field", "clause",
		"message", NULL };

	return object(json_pack("{s:o, s:{s:s, s:[s, s]}, s:{s:s, s:[s, s, s]}, s:o, s:o, s:o}",
		"code", text("As in /rules."), "mode", "type", "string", "enum", "R", "F",
		"severity", "type", "string", "enum", "error", "warning", "info", "field",
		nullable("string", "Column that it is about."), "clause",
		text("Clause of the standard."), "message", text("In the language of the answer.")),
		names);
}

static json_t *
judgement_answer(const struct ledger *l)
{
	const char *const names[] = { l->key, "as_of", "row_version", "state", "items", "next",
		NULL };
	json_t *schema = object(json_pack(
		"{s:o, s:{s:s, s:s}, s:{s:s}, s:o, s:{s:s, s:o}, s:o}", l->key, text("The row."),
		"as_of", "type", "string", "format", "date", "row_version", "type", "integer",
		"state", text("Its state then."), "items", "type", "array", "items", verdict(),
		"next", nullable("string", "Always null.")), names);

	return json_pack("{s:{s:o}}", "application/json", "schema", openapi_must(schema));
}

static const struct operation operations[] = {
	{ .run = records_judge, .status = 200, .done = "The codes that the row violates.",
	  .note = "Modes R and F, as if it had left 下書き. With as_of: the row as it stood at the "
		"end of that day, by the clock of that day, but by the rules and the other "
		"registers of today.",
	  .answer = judgement_answer },
};

const struct operation *
openapi_describe_past(const struct route *r)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(operations); i++)
		if (operations[i].run == r->run)
			return &operations[i];
	return NULL;
}
