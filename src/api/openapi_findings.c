/* What the handlers of findings take and answer. */
#include "handlers.h"
#include "openapi_parts.h"

static json_t *
content_of(const char *schema)
{
	return openapi_must(json_pack("{s:{s:o}}", "application/json", "schema",
				      openapi_must(json_loads(schema, 0, NULL))));
}

static json_t *
finding_answer(const struct ledger *l)
{
	(void)l;
	return json_pack("{s:{s:o}}", "application/json", "schema",
			 openapi_ref("schemas", "Finding"));
}

static json_t *
row_answer(const struct ledger *l)
{
	(void)l;
	return content_of("{\"type\":\"object\",\"required\":[\"items\",\"missing\","
		"\"completeness\"],\"properties\":{\"items\":{\"type\":\"array\",\"description\":"
		"\"Open findings of the row and of what belongs to it, gravest first.\",\"items\":"
		"{\"type\":\"object\",\"required\":[\"finding_no\",\"rule\",\"severity\","
		"\"message\",\"due_on\"],\"properties\":{"
		"\"finding_no\":{\"type\":\"string\"},\"rule\":{\"type\":\"string\"},"
		"\"ledger\":{\"type\":\"string\"},\"object\":{\"type\":\"string\"},"
		"\"severity\":{\"enum\":[\"error\",\"warning\",\"info\"]},"
		"\"field\":{\"type\":[\"string\",\"null\"]},\"clause\":{\"type\":\"string\"},"
		"\"own_number\":{\"type\":[\"string\",\"null\"]},\"message\":{\"type\":\"string\"},"
		"\"opened_at\":{\"type\":\"string\",\"format\":\"date-time\"},"
		"\"due_on\":{\"type\":\"string\",\"format\":\"date\"},"
		"\"exception\":{\"type\":[\"string\",\"null\"]},"
		"\"instruction\":{\"type\":[\"string\",\"null\"]},"
		"\"instruction_due_on\":{\"type\":[\"string\",\"null\"],\"format\":\"date\"}}}},"
		"\"missing\":{\"type\":\"array\",\"description\":\"Columns that the row needs and "
		"that are empty.\",\"items\":{\"type\":\"object\",\"required\":[\"column\","
		"\"label\",\"code\"],\"properties\":{\"column\":{\"type\":\"string\"},"
		"\"label\":{\"type\":\"string\"},\"clause\":{\"type\":[\"string\",\"null\"]},"
		"\"code\":{\"type\":\"string\",\"pattern\":\"^COL-\"}}}},"
		"\"completeness\":{\"type\":\"integer\",\"minimum\":0,\"maximum\":100,"
		"\"description\":\"Of the columns that the row needs, how many per cent are filled "
		"in.\"}}}");
}

static json_t *
counts_answer(const struct ledger *l)
{
	json_t *content = content_of("{\"type\":\"object\",\"required\":[\"items\",\"next\"],"
		"\"properties\":{\"items\":{\"type\":\"array\",\"items\":{\"type\":\"object\","
		"\"required\":[\"findings\",\"excepted\",\"overdue\"],\"properties\":{"
		"\"rule\":{\"type\":\"string\"},\"institution\":{\"type\":[\"string\",\"null\"]},"
		"\"unit\":{\"type\":[\"string\",\"null\"]},\"severity\":{\"type\":\"string\"},"
		"\"ledger\":{\"type\":\"string\"},\"findings\":{\"type\":\"integer\"},"
		"\"excepted\":{\"type\":\"integer\",\"description\":\"Of these, covered by a live "
		"例外措置.\"},\"overdue\":{\"type\":\"integer\",\"description\":\"Of these, open, "
		"not covered, and past the day by which they were to be mended.\"}}}},"
		"\"next\":{\"type\":\"null\"}}}");

	(void)l;
	openapi_put_text(content, "text/csv", "The rows with a header.");
	openapi_put_text(content, "application/x-ndjson", "One row to a line.");
	return content;
}

static json_t *
pass_answer(const struct ledger *l)
{
	(void)l;
	return content_of("{\"type\":\"object\",\"required\":[\"items\",\"next\"],\"properties\":{"
		"\"items\":{\"type\":\"array\",\"items\":{\"type\":\"object\",\"required\":["
		"\"family\",\"opened\",\"closed\",\"open\"],\"properties\":{"
		"\"family\":{\"type\":\"string\"},\"opened\":{\"type\":\"integer\"},"
		"\"closed\":{\"type\":\"integer\"},\"open\":{\"type\":\"integer\"}}}},"
		"\"next\":{\"type\":\"null\"}}}");
}

static json_t *
instruction_body(const struct ledger *l)
{
	(void)l;
	return content_of("{\"type\":\"object\",\"required\":[\"comment\",\"due_on\"],"
		"\"additionalProperties\":false,\"properties\":{\"comment\":{\"type\":\"string\","
		"\"maxLength\":2000},\"due_on\":{\"type\":\"string\",\"format\":\"date\"}}}");
}

static void
put_by(const struct ledger *l, json_t *parameters)
{
	openapi_put_format(l, parameters);
	openapi_add(parameters, json_pack("{s:s, s:s, s:s, s:s, s:b, s:{s:s, s:{s:s, s:[s, s, s, "
		"s, s]}, s:[s]}}", "name", "by", "in", "query", "description", "What is counted "
		"apart.", "style", "form", "explode", 0, "schema", "type", "array", "items", "type",
		"string", "enum", "rule", "institution", "unit", "severity", "ledger", "default",
		"rule"));
	openapi_put_conditions(l, parameters);
}

static const struct operation operations[] = {
	{ .run = findings_of_row, .status = 200, .done = "The findings, and what is missing.",
	  .note = "Rules that the row violates now, and columns that are mandatory for it, or "
		"needed by what it says, and empty.",
	  .answer = row_answer },
	{ .run = findings_counts, .status = 200, .done = "The counts.",
	  .note = "With the conditions of the list. A finding that a live 例外措置 covers is "
		"counted, and told apart.",
	  .headers = { "Content-Disposition" }, .parameters = put_by, .answer = counts_answer },
	{ .run = findings_refresh, .status = 200, .done = "What was opened and closed.",
	  .note = "Rows are judged with each change, and all of them now and then; this does the "
		"latter at once, for all 機関. Told is what the office sees. 409: it is under way.",
	  .answer = pass_answer },
	{ .run = findings_instruct, .status = 200, .done = "The finding with the order.",
	  .note = "An order to mend what was found, by a day. A later one takes its place; both "
		"stand in the history.",
	  .headers = { "ETag" }, .takes = { "If-Match" }, .refuses = { 412, 428 },
	  .body = instruction_body, .answer = finding_answer },
};

const struct operation *
openapi_describe_findings(const struct route *r)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(operations); i++)
		if (operations[i].run == r->run)
			return &operations[i];
	return NULL;
}
