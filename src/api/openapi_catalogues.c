/* What the routes of system catalogues take and answer. */
#include <stdio.h>

#include <exchange/software.h>
#include <workflow/catalogue.h>
#include "handlers.h"
#include "openapi_parts.h"

static json_t *
object(json_t *properties, json_t *required)
{
	json_t *schema = openapi_must(json_pack("{s:s, s:o, s:b}", "type", "object", "properties",
		openapi_must(properties), "additionalProperties", 0));

	if (required != NULL)
		openapi_set(schema, "required", required);
	return schema;
}

static json_t *
content(json_t *schema)
{
	return json_pack("{s:{s:o}}", "application/json", "schema", openapi_must(schema));
}

static json_t *
sections(void)
{
	const struct catalogue_section *s;
	json_t *p = openapi_must(json_object());

	for (s = catalogue_sections; s->name != NULL; s++)
		openapi_set(p, s->name, json_pack("{s:s, s:s, s:s, s:i, s:o}", "type", "array",
			"title", s->label, "description", s->about, "maxItems",
			CATALOGUE_ENTRIES_MAX, "items", openapi_entry(s->members)));
	openapi_set(p, "note", json_pack("{s:[s, s], s:i}", "type", "string", "null", "maxLength",
		4000));
	return p;
}

static json_t *
create_body(const struct ledger *l)
{
	json_t *p = sections();

	(void)l;
	openapi_set(p, "asset", json_pack("{s:s, s:s}", "type", "string", "description",
		"asset_no of the server."));
	openapi_set(p, "based_on", json_pack("{s:[s, s], s:s}", "type", "string", "null",
		"description", "The version it begins as; null: empty. Default: the newest."));
	return content(object(p, json_pack("[s]", "asset")));
}

static json_t *
edit_body(const struct ledger *l)
{
	(void)l;
	return content(object(sections(), NULL));
}

static json_t *
texts(void)
{
	return json_pack("{s:s, s:{s:s}}", "type", "array", "items", "type", "string");
}

static json_t *
version_answer(const struct ledger *l)
{
	json_t *p = openapi_must(json_object()), *needed = openapi_must(json_array());
	char ref[200];
	size_t i;

	for (i = 0; i < l->count; i++) {
		snprintf(ref, sizeof(ref), "#/components/schemas/%s/properties/%s", l->singular,
			 l->fields[i].name);
		openapi_set(p, l->fields[i].name, json_pack("{s:s}", "$ref", ref));
		openapi_add(needed, json_string(l->fields[i].name));
	}
	openapi_set(p, "software_count", json_pack("{s:s}", "type", "integer"));
	openapi_set(p, "missing", texts());
	openapi_set(p, "needs_permission", texts());
	return content(object(p, needed));
}

static json_t *
line_schema(void)
{
	json_t *p = openapi_must(json_object());
	size_t i;

	for (i = 0; i < SW__MAX; i++) {
		const struct field *f = &software_fields[i];

		openapi_set(p, f->name, json_pack("{s:[s, s], s:s, s:i}", "type", "string", "null",
			"title", f->label, "maxLength", f->type == FT_DATE ? 10 : (int)f->max));
		if (f->type == FT_DATE)
			openapi_set(json_object_get(p, f->name), "format", json_string("date"));
	}
	for (i = 0; i < 3; i++)
		openapi_set(p, (const char *const[]){ "catalogue", "origin",
						      "permitted_request" }[i],
			    json_pack("{s:[s, s]}", "type", "string", "null"));
	return object(p, NULL);
}

static json_t *
software_body(const struct ledger *l)
{
	json_t *c = openapi_must(content(object(json_pack("{s:{s:s, s:i, s:o}}", "software",
		"type", "array", "maxItems", SOFTWARE_MAX, "items", line_schema()),
		json_pack("[s]", "software"))));

	(void)l;
	openapi_put_text(c, "text/csv", "A header of the members above or their Japanese titles; "
			 "UTF-8 or CP932.");
	openapi_put_text(c, "text/plain", "Output of dpkg-query -W, dpkg -l or rpm -qa.");
	openapi_set(c, "application/vnd.cyclonedx+json", json_pack("{s:{s:s}}", "schema", "type",
		"object"));
	openapi_set(c, "application/spdx+json", json_pack("{s:{s:s}}", "schema", "type",
		"object"));
	return c;
}

static json_t *
software_put_answer(const struct ledger *l)
{
	static const char *const counts[] = { "read", "skipped", "repeated", "added", "changed",
		"removed", "total", "row_version" };
	json_t *p = openapi_must(json_object());
	size_t i;

	(void)l;
	openapi_set(p, "catalogue", json_pack("{s:s}", "type", "string"));
	openapi_set(p, "format", json_pack("{s:s}", "type", "string"));
	for (i = 0; i < ARRAY_SIZE(counts); i++)
		openapi_set(p, counts[i], json_pack("{s:s}", "type", "integer"));
	openapi_set(p, "needs_permission", texts());
	return content(object(p, NULL));
}

static json_t *
software_answer(const struct ledger *l)
{
	json_t *c = openapi_must(content(object(json_pack("{s:{s:s, s:o}, s:{s:[s, s]}}", "items",
		"type", "array", "items", line_schema(), "next", "type", "string", "null"),
		json_pack("[s, s]", "items", "next"))));

	(void)l;
	openapi_put_text(c, "text/csv", "All lines, with a header: what PUT takes.");
	openapi_put_text(c, "application/x-ndjson", "One line of software to a line.");
	return c;
}

/* Entries of one section as the version has them. */
static json_t *
entry_ref(const struct catalogue_section *s)
{
	return json_pack("{s:o}", "$ref", openapi_must(json_sprintf(
		"#/components/schemas/Catalogue/properties/%s/items", s->name)));
}

static json_t *
entries(json_t *one)
{
	return json_pack("{s:s, s:o}", "type", "array", "items", openapi_must(one));
}

static json_t *
section_diff(const struct catalogue_section *s)
{
	return object(json_pack("{s:o, s:o, s:o}", "added", entries(entry_ref(s)), "removed",
		entries(entry_ref(s)), "changed", entries(object(json_pack("{s:o, s:o}", "from",
		entry_ref(s), "to", entry_ref(s)), json_pack("[s, s]", "from", "to")))),
		json_pack("[s, s, s]", "added", "removed", "changed"));
}

static json_t *
diff_answer(const struct ledger *l)
{
	json_t *parts = openapi_must(json_object()), *needed = openapi_must(json_array()), *p;
	const struct catalogue_section *s;

	(void)l;
	for (s = catalogue_sections; s->name != NULL; s++) {
		openapi_set(parts, s->name, section_diff(s));
		openapi_add(needed, json_string(s->name));
	}
	p = json_pack("{s:{s:s}, s:{s:s}, s:{s:[s, s]}, s:{s:[s, s]}, s:o, s:{s:[o, {s:s}]}, s:o}",
		      "catalogue", "type", "string", "version_no", "type", "integer", "against",
		      "type", "string", "null", "against_version_no", "type", "integer", "null",
		      "sections", object(parts, needed), "note", "anyOf",
		      openapi_ref("schemas", "CatalogueNoteChange"), "type", "null", "software",
		      openapi_ref("schemas", "CatalogueSoftwareDiff"));
	return content(object(p, json_pack("[s, s, s, s, s, s, s]", "catalogue", "version_no",
		"against", "against_version_no", "sections", "note", "software")));
}

static void
put_text_parameter(json_t *parameters, const char *name, const char *about)
{
	openapi_add(parameters, json_pack("{s:s, s:s, s:s, s:{s:s}}", "name", name, "in", "query",
		"description", about, "schema", "type", "string"));
}

static void
put_against(const struct ledger *l, json_t *parameters)
{
	(void)l;
	put_text_parameter(parameters, "against", "The other version. Default: the one it was "
			   "copied from, or the one before.");
}

static void
put_paging(const struct ledger *l, json_t *parameters)
{
	openapi_put_format(l, parameters);
	put_text_parameter(parameters, "cursor", "next of the page before.");
	openapi_add(parameters, json_pack("{s:s, s:s, s:{s:s, s:i, s:i, s:i}}", "name", "limit",
		"in", "query", "schema", "type", "integer", "minimum", 1, "maximum", 5000,
		"default", 500));
}

static void
put_reading(const struct ledger *l, json_t *parameters)
{
	json_t *names = openapi_must(json_array());
	int i;

	(void)l;
	for (i = 0; i < SOFTWARE__MAX; i++)
		openapi_add(names, json_string(software_format_name((enum software_format)i)));
	openapi_add(parameters, json_pack("{s:s, s:s, s:s, s:{s:s, s:o}}", "name", "format", "in",
		"query", "description", "Default: as the text looks.", "schema", "type", "string",
		"enum", names));
	put_text_parameter(parameters, "distro", "For lists of a package manager, as in debian-12 "
			   "or almalinux-9.4: the namespace and qualifier of the package URLs.");
}

static const struct operation operations[] = {
	{ .run = catalogues_list, .status = 200, .done = "The versions, without their sections.",
	  .note = "Filters as in every list.", .headers = { "Link", "Content-Disposition" },
	  .refuses = { 406 }, .parameters = openapi_put_list_parameters,
	  .answer = openapi_list_answer },
	{ .run = catalogues_get, .status = 200, .done = "The version.",
	  .note = "missing: sections that are needed before it is submitted; needs_permission: "
		"new products and other major versions without a permission (A5), as an "
		"application for it names them.",
	  .headers = { "ETag" }, .answer = version_answer },
	{ .run = catalogues_create, .status = 201, .done = "The draft.",
	  .note = "One draft at a time for each server. By the 重要サーバ管理者 or the "
		"情報システム管理者 on its row. What looks like a password, a key or a hash is "
		"refused (secret).",
	  .headers = { "Location", "ETag" }, .refuses = { 409 }, .body = create_body,
	  .answer = openapi_row_answer },
	{ .run = catalogues_edit, .status = 200, .done = "The draft as it is now.",
	  .note = "A section that is not in the body stays, one that is there is replaced whole. "
		"What was submitted is never changed. An application that was submitted over the "
		"draft is sent back.",
	  .headers = { "ETag" }, .takes = { "If-Match" }, .refuses = { 409, 412, 428 },
	  .body = edit_body, .answer = openapi_row_answer },
	{ .run = catalogues_submit, .status = 200, .done = "The version, which is in force.",
	  .note = "The version before is 旧版 from now on. It takes no permission; new products "
		"and major versions of a permitted server without one become a finding (IMP-15).",
	  .headers = { "ETag" }, .takes = { "If-Match" }, .refuses = { 409, 412, 428 },
	  .answer = openapi_row_answer },
	{ .run = catalogues_discard, .status = 204, .done = "It is gone; the history stays.",
	  .takes = { "If-Match" }, .refuses = { 409, 412, 428 } },
	{ .run = catalogues_diff, .status = 200,
	  .done = "For each section and for software what was added, removed, changed.",
	  .parameters = put_against, .answer = diff_answer },
	{ .run = catalogues_software, .status = 200, .done = "The lines.",
	  .headers = { "Link", "Content-Disposition" }, .parameters = put_paging,
	  .answer = software_answer },
	{ .run = catalogues_put_software, .status = 200,
	  .done = "How many lines came, stayed, went.",
	  .note = "All or nothing: a list with a fault changes nothing, and all faults are told "
		"with their lines. PUT replaces the list, POST adds to it. Packages that are not "
		"installed and files are left out (skipped), lines that say the same are one "
		"(repeated).",
	  .headers = { "ETag" }, .takes = { "If-Match" }, .refuses = { 409, 412, 428 },
	  .parameters = put_reading, .body = software_body, .answer = software_put_answer },
};

const struct operation *
openapi_describe_catalogues(const struct route *r)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(operations); i++)
		if (operations[i].run == r->run)
			return &operations[i];
	return NULL;
}
