/* What the handlers for consumers take and answer. */
#include "handlers.h"
#include "openapi_parts.h"

static json_t *
content_of(const char *schema)
{
	return openapi_must(json_pack("{s:{s:o}}", "application/json", "schema",
				      openapi_must(json_loads(schema, 0, NULL))));
}

static void
put_argument(json_t *parameters, const char *name, const char *about, json_t *schema)
{
	openapi_add(parameters, json_pack("{s:s, s:s, s:s, s:o}", "name", name, "in", "query",
		"description", about, "schema", openapi_must(schema)));
}

static void
put_events(const struct ledger *l, json_t *parameters)
{
	(void)l;
	put_argument(parameters, "after", "`next` of an earlier answer; start: everything; now: "
		"only the place of now.", json_pack("{s:s, s:s}", "type", "string", "default",
		"start"));
	put_argument(parameters, "limit", "Most events of the answer.", json_pack(
		"{s:s, s:i, s:i, s:i}", "type", "integer", "minimum", 1, "maximum", 500,
		"default", 100));
	put_argument(parameters, "types", "Only these, apart by commas: asset.updated, "
		"request.approved, request.* …", json_pack("{s:s}", "type", "string"));
	put_argument(parameters, "wait", "Seconds to wait when there is nothing yet.", json_pack(
		"{s:s, s:i, s:i, s:i}", "type", "integer", "minimum", 0, "maximum", 25,
		"default", 0));
}

static json_t *
events_answer(const struct ledger *l)
{
	(void)l;
	return content_of("{\"type\":\"object\",\"required\":[\"items\",\"next\",\"more\"],"
		"\"properties\":{\"items\":{\"type\":\"array\",\"items\":{\"type\":\"object\","
		"\"required\":[\"id\",\"type\",\"at\",\"key\",\"version\",\"changed\"],"
		"\"properties\":{"
		"\"id\":{\"type\":\"string\",\"description\":\"Its place in the feed: good as "
		"after=.\"},"
		"\"type\":{\"type\":\"string\",\"description\":\"asset.created, media.updated, "
		"request.approved …\"},"
		"\"at\":{\"type\":\"string\",\"format\":\"date-time\"},"
		"\"actor\":{\"type\":[\"string\",\"null\"],\"description\":\"Login; null: the "
		"register itself.\"},"
		"\"office\":{\"type\":[\"string\",\"null\"]},"
		"\"institution\":{\"type\":[\"string\",\"null\"]},"
		"\"ledger\":{\"type\":[\"string\",\"null\"]},\"key\":{\"type\":\"string\"},"
		"\"version\":{\"type\":\"integer\",\"description\":\"Of the row: the order of its "
		"own changes.\"},"
		"\"changed\":{\"type\":\"array\",\"items\":{\"type\":\"string\"},\"description\":"
		"\"Names of columns, never values.\"},"
		"\"kind\":{\"type\":[\"string\",\"null\"],\"description\":\"Of the application.\"},"
		"\"action\":{\"type\":\"string\"},\"state\":{\"type\":\"string\"},"
		"\"link\":{\"type\":[\"string\",\"null\"]}}}},"
		"\"next\":{\"type\":\"string\"},\"more\":{\"type\":\"boolean\"}}}");
}

static const struct operation operations[] = {
	{ .run = events_list, .status = 200, .done = "The events, and where to go on.",
	  .note = "Every change that is committed, once, in one order, of rows that the office "
		"sees; `next` is always there. A page may be empty although `more` is true. 410: "
		"the register was restored or moved; begin with after=now and read the lists.",
	  .headers = { "Link" }, .refuses = { 410 }, .parameters = put_events,
	  .answer = events_answer },
};

const struct operation *
openapi_describe_events(const struct route *r)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(operations); i++)
		if (operations[i].run == r->run)
			return &operations[i];
	return NULL;
}
