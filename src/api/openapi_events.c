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
	put_argument(parameters, "after", "`next` of an earlier"
	" answer; start: everything; now: "
		"only the place of now.", json_pack("{s:s, s:s}", "type", "string", "default",
		"start"));
	put_argument(parameters, "limit", "Most events of the answer.", json_pack(
		"{s:s, s:i, s:i, s:i}", "type", "integer", "minimum", 1, "maximum", 500,
		"default", 100));
	put_argument(parameters, "types", "Only these, apart by commas: asset.updated, "
		"request.approved, request.* …", json_pack("{s:s}", "type", "string"));
	put_argument(parameters, "wait", "Seconds to wait when there is nothing"
	" yet.", json_pack(
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
		"\"version\":{\"type\":\"integer\",\"description\":\"Of the row: the order of"
		" its "
		"own changes.\"},"
		"\"changed\":{\"type\":\"array\",\"items\":{\"type\":\"string\"},"
		"\"description\":"
		"\"Names of columns, never values.\"},"
		"\"kind\":{\"type\":[\"string\",\"null\"],\"description\":\"Of the"
		" application.\"},"
		"\"action\":{\"type\":\"string\"},\"state\":{\"type\":\"string\"},"
		"\"link\":{\"type\":[\"string\",\"null\"]}}}},"
		"\"next\":{\"type\":\"string\"},\"more\":{\"type\":\"boolean\"}}}");
}

#define HOOK_MEMBERS                                                                          \
	"\"url\":{\"type\":\"string\",\"maxLength\":2000}," \
	"\"types\":{\"type\":\"array\",\"items\":{\"type\":\"string\"}," \
	"\"maxItems\":100," \
	"\"description\":\"As in the feed; none: all.\"},"                                       \
	"\"note\":{\"type\":[\"string\",\"null\"],\"maxLength\":500}"

#define HOOK                                                                                  \
	"\"webhook_no\":{\"type\":\"string\"},\"institution\":{\"type\":\"string\"}," \
	HOOK_MEMBERS ",\"owner\":{\"type\":\"string\",\"description\":\"In whose" \
	" name, and in whose " \
	"office, events are read.\"},\"office\":{\"type\":\"string\"}," \
	"\"active\":{\"type\":" \
	"\"boolean\"},\"disabled_reason\":{\"enum\":[null,\"gone\",\"owner\"]}," \
	"\"secret_set_at\":" \
	"{\"type\":\"string\",\"format\":\"date-time\"},\"row_version\":{\"type\":\"integer\"}," \
	"\"created_at\":{\"type\":\"string\",\"format\":\"date-time\"}," \
	"\"updated_at\":{\"type\":\"string\",\"format\":\"date-time\"}"

static json_t *
hook_answer(const struct ledger *l)
{
	(void)l;
	return content_of("{\"type\":\"object\",\"properties\":{" HOOK "}}");
}

static json_t *
hooks_answer(const struct ledger *l)
{
	(void)l;
	return content_of("{\"type\":\"object\",\"required\":[\"items\",\"next\"],"
	"\"properties\":{"
		"\"items\":{\"type\":\"array\",\"items\":{\"type\":\"object\","
		"\"properties\":{" HOOK
		"}}},\"next\":{\"type\":\"null\"}}}");
}

static json_t *
secret_answer(const struct ledger *l)
{
	(void)l;
	return content_of("{\"type\":\"object\",\"required\":[\"secret\"],"
	"\"properties\":{\"secret\":{"
		"\"type\":\"string\",\"pattern\":\"^whsec_\"}," HOOK "}}");
}

static json_t *
create_body(const struct ledger *l)
{
	(void)l;
	return content_of("{\"type\":\"object\",\"required\":[\"url\"],"
	"\"additionalProperties\":false,"
		"\"properties\":{\"institution\":{\"type\":\"string\","
		"\"description\":\"Default: one's "
		"own.\"}," HOOK_MEMBERS "}}");
}

static json_t *
change_body(const struct ledger *l)
{
	(void)l;
	return content_of("{\"type\":\"object\",\"additionalProperties\":false,\"properties\":{"
		"\"active\":{\"type\":\"boolean\"}," HOOK_MEMBERS "}}");
}

#define MOMENTS                                                                               \
	"\"next_at\":{\"type\":[\"string\",\"null\"],\"format\":\"date-time\"},"              \
	"\"created_at\":{\"type\":\"string\",\"format\":\"date-time\"},"                      \
	"\"ended_at\":{\"type\":[\"string\",\"null\"],\"format\":\"date-time\"}"

#define DELIVERY                                                                              \
	"\"delivery_no\":{\"type\":\"integer\"},\"message_id\":{\"type\":\"string\"}," \
	"\"type\":{\"type\":\"string\"},\"state\":{\"enum\":[\"waiting\",\"delivered\"," \
	"\"dead\"," \
	"\"cancelled\"]},\"attempts\":{\"type\":\"integer\"}," \
	"\"last_status\":{\"type\":[" \
	"\"integer\",\"null\"]},\"last_error\":{\"type\":[\"string\",\"null\"]}," \
	MOMENTS

static json_t *
delivery_answer(const struct ledger *l)
{
	(void)l;
	return content_of("{\"type\":\"object\",\"properties\":{" DELIVERY "}}");
}

static json_t *
deliveries_answer(const struct ledger *l)
{
	(void)l;
	return content_of("{\"type\":\"object\",\"required\":[\"items\",\"next\"],"
	"\"properties\":{"
		"\"items\":{\"type\":\"array\",\"items\":{\"type\":\"object\","
		"\"properties\":{" DELIVERY
		"}}},\"next\":{\"type\":[\"string\",\"null\"]}}}");
}

#define NOTICE                                                                                \
	"\"notice_no\":{\"type\":\"integer\"},\"institution\":{\"type\":\"string\"},"              \
	"\"person\":{\"type\":\"string\"},\"purpose\":{\"enum\":[\"act\",\"subject\","             \
	"\"returned\",\"decided\",\"told\",\"drafted\",\"digest\"]},"                           \
	"\"request\":{\"type\":[\"string\",\"null\"]},"                                      \
	"\"object\":{\"type\":[\"string\",\"null\"]},"                                       \
	"\"digest_day\":{\"type\":[\"string\",\"null\"]},"                                   \
	"\"state\":{\"enum\":[\"waiting\",\"sent\",\"dead\",\"cancelled\"]},"                \
	"\"attempts\":{\"type\":\"integer\"},\"last_error\":{\"type\":[\"string\",\"null\"]},"  \
	MOMENTS

static json_t *
notice_answer(const struct ledger *l)
{
	(void)l;
	return content_of("{\"type\":\"object\",\"properties\":{" NOTICE "}}");
}

static json_t *
notices_answer(const struct ledger *l)
{
	(void)l;
	return content_of("{\"type\":\"object\",\"required\":[\"items\",\"next\"],"
	"\"properties\":{"
		"\"items\":{\"type\":\"array\",\"items\":{\"type\":\"object\",\"properties\":{"
		NOTICE "}}},\"next\":{\"type\":[\"string\",\"null\"]}}}");
}

static void
put_notices(const struct ledger *l, json_t *parameters)
{
	(void)l;
	put_argument(parameters, "state", "Only these; dead: given up.", json_pack(
		"{s:s, s:[s, s, s, s]}", "type", "string", "enum", "waiting", "sent", "dead",
		"cancelled"));
	put_argument(parameters, "cursor", "`next` of an earlier answer.",
		     json_pack("{s:s}", "type", "string"));
}

static void
put_deliveries(const struct ledger *l, json_t *parameters)
{
	(void)l;
	put_argument(parameters, "state", "Only these; dead: given up.", json_pack(
		"{s:s, s:[s, s, s, s]}", "type", "string", "enum", "waiting", "delivered", "dead",
		"cancelled"));
	put_argument(parameters, "cursor", "`next` of an earlier answer.",
		     json_pack("{s:s}", "type", "string"));
}

static const struct operation operations[] = {
	{ .run = webhooks_list, .status = 200, .done = "The hooks.", .answer = hooks_answer },
	{ .run = webhooks_get, .status = 200, .done = "The hook, without its secret.",
	  .headers = { "ETag" }, .answer = hook_answer },
	{ .run = webhooks_create, .status = 201, .done = "The hook, with its secret: only"
	" here.",
	  .note = "Each event is posted as {type, timestamp, data}, signed as Standard Webhooks"
	  " "
		"say (webhook-id, webhook-timestamp, webhook-signature), at least once, one at"
		" a "
		"time. It tells what its owner sees in the office of this call. https"
		" only; private "
		"addresses are refused, also where a name leads to one.",
	  .headers = { "Location", "ETag" }, .refuses = { 429 }, .body = create_body,
	  .answer = secret_answer },
	{ .run = webhooks_change, .status = 200, .done = "The hook as it is now.",
	  .note = "Whoever changes it is its owner from then on. active true goes on where it"
	  " was "
		"stopped.",
	  .headers = { "ETag" }, .takes = { "If-Match" }, .refuses = { 412, 428 },
	  .body = change_body, .answer = hook_answer },
	{ .run = webhooks_end, .status = 204, .done = "It has ended; what waited is cancelled.",
	  .takes = { "If-Match" }, .refuses = { 412, 428 } },
	{ .run = webhooks_rotate, .status = 201, .done = "The hook with its new secret.",
	  .note = "Every attempt from now on is signed with the new one.",
	  .headers = { "ETag" }, .takes = { "If-Match" }, .refuses = { 412, 428 },
	  .answer = secret_answer },
	{ .run = webhooks_try, .status = 202, .done = "A message webhook.test is on its way.",
	  .answer = delivery_answer },
	{ .run = webhooks_deliveries, .status = 200, .done = "Newest first.",
	  .headers = { "Link" }, .parameters = put_deliveries, .answer = deliveries_answer },
	{ .run = notices_list, .status = 200, .done = "Newest first; never what they say.",
	  .headers = { "Link" }, .parameters = put_notices, .answer = notices_answer },
	{ .run = notices_retry, .status = 202, .done = "It goes at once.",
	  .note = "What is dead begins anew; what was sent is not sent again (409).",
	  .answer = notice_answer },
	{ .run = webhooks_retry, .status = 202, .done = "It goes at once.",
	  .note = "What is dead begins anew; what was delivered is not sent again, nor anything "
		"while the hook is off (409).",
	  .answer = delivery_answer },
	{ .run = events_list, .status = 200, .done = "The events, and where to go on.",
	  .note = "Every change that is committed, once, in one order, of rows that the office "
		"sees; `next` is always there. A page may be empty although `more` is"
		" true. 410: "
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
