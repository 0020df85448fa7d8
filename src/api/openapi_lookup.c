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

static json_t *
lookup_answer(const struct ledger *l)
{
	(void)l;
	return openapi_table("Lookup");
}

static json_t *
software_answer(const struct ledger *l)
{
	(void)l;
	return openapi_table("SoftwareHolderList");
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
