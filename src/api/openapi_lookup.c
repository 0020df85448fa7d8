/* What the look-up in an incident takes and answers. */
#include <workflow/lookup.h>
#include "handlers.h"
#include "openapi_parts.h"

static void
put_text_parameter(json_t *parameters, const char *name, const char *about)
{
	openapi_add(parameters, json_pack("{s:s, s:s, s:s, s:{s:s}}", "name", name, "in", "query",
					  "description", about, "schema", "type", "string"));
}

static void
put_limit(json_t *parameters)
{
	openapi_add(parameters, json_pack("{s:s, s:s, s:{s:s, s:i, s:i, s:i}}", "name", "limit",
		"in", "query", "schema", "type", "integer", "minimum", 1, "maximum", 500,
		"default", 50));
}

static void
put_question(const struct ledger *l, json_t *parameters)
{
	json_t *ways = openapi_must(json_array());
	int i;

	openapi_put_format(l, parameters);
	openapi_add(parameters, json_pack("{s:s, s:s, s:b, s:s, s:{s:s, s:i}}", "name", "q", "in",
		"query", "required", 1, "description", "An address, a network (192.0.2.0/24), a "
		"MAC address, a host, a number or name of an asset, a login or name of a person, "
		"an area or room, an OS; one to eight words, all of which must be there.", "schema",
		"type", "string", "maxLength", 200));
	for (i = LOOKUP_ANY + 1; i < LOOKUP_WAY__MAX; i++)
		openapi_add(ways, json_string(lookup_way_name((enum lookup_way)i)));
	openapi_add(parameters, json_pack("{s:s, s:s, s:s, s:{s:s, s:o}}", "name", "by", "in",
		"query", "description", "What is meant; default: what it looks like.", "schema",
		"type", "string", "enum", ways));
	put_limit(parameters);
}

static void
put_software(const struct ledger *l, json_t *parameters)
{
	int i;

	openapi_put_format(l, parameters);
	put_text_parameter(parameters, "name", "Of the package or of its source package, in full; "
			   "either this or source.");
	put_text_parameter(parameters, "source", "Of the source package.");
	put_text_parameter(parameters, "type", "Type of package URLs: deb, rpm, npm …; also what "
			   "was typed in by hand, and so has none.");
	for (i = 0; i < VERSION_CONDITION__MAX; i++)
		put_text_parameter(parameters, version_condition_names[i],
				   "A version, compared in the order of the type.");
	put_text_parameter(parameters, "cursor", "next of the page before.");
	put_limit(parameters);
}

/* Members of a row that whoever runs to the machine needs; the others are those of the ledger. */
#define WHOSE                                                                                 \
	"\"asset_no\":{\"type\":\"string\"},\"name\":{\"type\":[\"string\",\"null\"]},"       \
	"\"institution\":{\"type\":\"string\"},"                                           \
	"\"state\":{\"type\":[\"string\",\"null\"]},"                                       \
	"\"important\":{\"type\":\"boolean\"},"                                               \
	"\"confidentiality\":{\"type\":[\"integer\",\"null\"]},"                              \
	"\"persons\":{\"type\":\"array\",\"description\":\"Who answers for it: role, login, "   \
	"name, unit, phone, email.\",\"items\":{\"type\":\"object\"}},"                         \
	"\"contacts\":{\"type\":\"array\",\"description\":\"Of the 緊急連絡網: those of the row, " \
	"then those of its persons.\",\"items\":{\"type\":\"object\"}},"                        \
	"\"stop\":{\"type\":[\"object\",\"null\"],\"description\":\"緊急停止 (2.1(2)⑥(c)): the "  \
	"request that does it, with If-Match; may: whether who asks may, now.\","               \
	"\"properties\":{"                                                                    \
	"\"emergency_stop\":{\"enum\":[\"allowed\",\"consult\",\"forbidden\",null]},"         \
	"\"clause\":{\"type\":\"string\"},\"possible\":{\"type\":\"boolean\"},"               \
	"\"may\":{\"type\":\"boolean\"},\"method\":{\"type\":\"string\"},"                    \
	"\"path\":{\"type\":\"string\"},\"if_match\":{\"type\":\"string\"}}}"

static json_t *
content_of(const char *schema)
{
	json_t *content = openapi_must(json_pack("{s:{s:o}}", "application/json", "schema",
		openapi_must(json_loads(schema, 0, NULL))));

	openapi_put_text(content, "text/csv", "The rows, flat, with a header.");
	openapi_put_text(content, "application/x-ndjson", "One row to a line.");
	return content;
}

static json_t *
lookup_answer(const struct ledger *l)
{
	(void)l;
	return content_of("{\"type\":\"object\",\"required\":[\"items\",\"more\"],\"properties\":{"
		"\"items\":{\"type\":\"array\",\"items\":{\"type\":\"object\",\"required\":["
		"\"found_by\",\"exact\",\"asset_no\",\"persons\",\"contacts\",\"stop\"],"
		"\"properties\":{\"found_by\":{\"enum\":[\"ip\",\"network\",\"mac\",\"host\","
		"\"name\",\"person\",\"place\",\"os\",\"text\"]},"
		"\"exact\":{\"type\":\"boolean\"}," WHOSE "}}},"
		"\"more\":{\"type\":\"boolean\",\"description\":\"There are more than limit.\"}}}");
}

static json_t *
software_answer(const struct ledger *l)
{
	(void)l;
	return content_of("{\"type\":\"object\",\"required\":[\"items\",\"next\"],\"properties\":{"
		"\"items\":{\"type\":\"array\",\"items\":{\"type\":\"object\",\"required\":["
		"\"asset_no\",\"persons\",\"contacts\",\"stop\",\"software\"],\"properties\":{"
		WHOSE ",\"software\":{\"type\":\"array\",\"items\":{\"type\":\"object\","
		"\"properties\":{\"version_known\":{\"type\":\"boolean\",\"description\":"
		"\"false: no version is on record, somebody has to look.\"},"
		"\"name\":{\"type\":\"string\"},"
		"\"type\":{\"type\":[\"string\",\"null\"]},"
		"\"version\":{\"type\":[\"string\",\"null\"]},"
		"\"arch\":{\"type\":[\"string\",\"null\"]},"
		"\"source_name\":{\"type\":[\"string\",\"null\"]},"
		"\"source_version\":{\"type\":[\"string\",\"null\"]},"
		"\"recorded_in\":{\"enum\":[\"catalogue\",\"ledger\"]},"
		"\"catalogue\":{\"type\":[\"string\",\"null\"]}}}}}}},"
		"\"next\":{\"type\":[\"string\",\"null\"]}}}");
}

static json_t *
bundle_answer(const struct ledger *l)
{
	json_t *content = openapi_must(json_object());

	(void)l;
	openapi_put_text(content, "text/html", "One page, whole in itself.");
	openapi_put_text(content, "text/csv", "One of the tables, with a header.");
	return content;
}

static void
put_part(const struct ledger *l, json_t *parameters)
{
	(void)l;
	put_text_parameter(parameters, "institution", "Code of the 機関; default: one's own.");
	openapi_add(parameters, json_pack("{s:s, s:s, s:{s:s, s:[s, s, s, s], s:s}}", "name",
		"part", "in", "query", "schema", "type", "string", "enum", "html", "contacts",
		"servers", "software", "default", "html"));
}

static const struct operation operations[] = {
	{ .run = lookup_get, .status = 200, .done = "The rows, what is exact first.",
	  .note = "As far as the office reaches. An address is also found in the networks and "
		"ranges around it. Rows of 機密性3 and above that are answered are told in the log.",
	  .headers = { "Content-Disposition" }, .parameters = put_question,
	  .answer = lookup_answer },
	{ .run = software_get, .status = 200,
	  .done = "The servers, each with what was found on it.",
	  .note = "Of the catalogue in force, and of asset-software where that says something "
		"else. Versions are in the order of dpkg, of rpm, of SemVer or a generic one; what "
		"has no version on record is answered, too. Of a server of 機密性4 機関CSIRT is "
		"told what the catalogue says and who submitted it, and nothing else "
		"(2.1(2)⑧(e)). A table has all rows.",
	  .headers = { "Link", "Content-Disposition" }, .parameters = put_software,
	  .answer = software_answer },
	{ .run = report_bundle, .status = 200, .done = "The part that was asked for.",
	  .note = "機密性3: rows of 機密性4 are counted and left out. Reading it stands in the log.",
	  .headers = { "Content-Disposition" }, .parameters = put_part, .answer = bundle_answer },
};

const struct operation *
openapi_describe_lookup(const struct route *r)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(operations); i++)
		if (operations[i].run == r->run)
			return &operations[i];
	return NULL;
}
