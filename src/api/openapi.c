#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <api/openapi.h>
#include "handlers.h"
#include "openapi_parts.h"

static const char about[] =
	"Register of information assets: 情報資産台帳 and 外部電磁的記録媒体管理台帳.\n\n"
	"- A row refers to others by natural keys (`institution` code, `unit` code, person "
	"`login`, `asset_no` …).\n"
	"- Every row has a strong ETag, its version; PUT, PATCH, DELETE, registration and "
	"retirement need it in If-Match.\n"
	"- Authority comes from an office in force today; a row of another 機関 is not found "
	"(404).\n"
	"- Query arguments and members that are not described here are refused, never ignored; "
	"so is an argument that is given twice.\n"
	"- Every GET route answers HEAD, too. Another method on a path that exists is answered "
	"405 with Allow.\n"
	"- Every answer carries X-Request-Id, which is also in the log and in the audit row.\n\n"
	"See also daicho-api(7) and daicho-ledgers(7).";

/* In the order in which they are shown. */
static const struct {
	const char *name, *text;
} tags[] = {
	{ "assets", "情報資産台帳: networks and information systems, and who uses them." },
	{ "media", "外部電磁的記録媒体管理台帳: removable media." },
	{ "organisation", "機関, units, areas, persons and their offices." },
	{ "register", "What rules ask about: contracts, documents, contacts, disposals." },
	{ "inventories", "棚卸し: campaigns, answers, who has not answered." },
	{ "requests", "申請: applications for permits and appointments." },
	{ "attachments", "添付文書: documents of applications and assets, with their bytes." },
	{ "catalogues", "システム構成カタログ: how important servers are built (2.1(2)⑧(e))." },
	{ "findings", "検出事項: what rules say of rows, how much of it, orders to mend it." },
	{ "events", "What happened, told to others: the feed, webhooks, e-mail." },
	{ "imports", "What became of imported tables." },
	{ "tokens", "API tokens: issue, list, rotate, revoke." },
	{ "sessions", "Log-in with a password, second factor, sessions." },
	{ "reports", "Leavers, and the yearly review of rights." },
	{ "lookup", "In an incident: whose is it, who has this software, how to stop it." },
	{ "rules", "The standard as data: clauses, rules, policy values, scales, 別表." },
	{ "system", "The daemon itself." },
};

json_t *
openapi_must(json_t *j)
{
	if (j == NULL)
		bug("openapi: a part could not be made");
	return j;
}

void
openapi_set(json_t *object, const char *name, json_t *value)
{
	if (json_object_set_new(object, name, openapi_must(value)) != 0)
		bug("openapi: member %s", name);
}

void
openapi_add(json_t *array, json_t *value)
{
	if (json_array_append_new(array, openapi_must(value)) != 0)
		bug("openapi: array");
}

json_t *
openapi_ref(const char *kind, const char *name)
{
	return openapi_must(json_pack("{s:o}", "$ref",
				      json_sprintf("#/components/%s/%s", kind, name)));
}

static json_t *
info(void)
{
	return json_pack("{s:s, s:s, s:s, s:s, s:{s:s, s:s}}", "title", "daichod", "version",
			 DAICHO_VERSION, "summary", "Information-asset registry", "description",
			 about, "license", "name", "BSD 2-Clause License", "identifier",
			 "BSD-2-Clause");
}

static json_t *
make_tags(const struct route *table)
{
	json_t *list = openapi_must(json_array());
	const struct route *r;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(tags); i++)
		openapi_add(list, json_pack("{s:s, s:s}", "name", tags[i].name, "description",
					    tags[i].text));
	for (r = table; r->path != NULL; r++) {
		for (i = 0; i < ARRAY_SIZE(tags) && strcmp(tags[i].name, r->tag) != 0; i++)
			continue;
		if (i == ARRAY_SIZE(tags))
			bug("openapi: the tag %s of %s has no description", r->tag, r->opid);
	}
	return list;
}

static json_t *
make_paths(const struct route *table)
{
	static const char *const methods[METHOD__MAX] = { [METHOD_GET] = "get",
		[METHOD_POST] = "post", [METHOD_PUT] = "put", [METHOD_PATCH] = "patch",
		[METHOD_DELETE] = "delete" };
	json_t *paths = openapi_must(json_object());
	const struct route *r;

	for (r = table; r->path != NULL; r++) {
		json_t *path = json_object_get(paths, r->path);

		if (path == NULL) {
			path = openapi_must(json_object());
			openapi_set(paths, r->path, path);
		}
		openapi_set(path, methods[r->method], openapi_operation(r));
	}
	return paths;
}

/* What the routes do with a ledger; false: nothing. */
static bool
find_use(const struct route *table, const struct ledger *l, struct ledger_use *ret)
{
	const struct route *r;
	bool used = false;

	*ret = (struct ledger_use){ .ledger = l };
	for (r = table; r->path != NULL; r++) {
		if (r->arg != l)
			continue;
		used = true;
		ret->created = ret->created || r->run == records_create ||
			r->run == offices_appoint;
		ret->changed = ret->changed || r->run == records_patch ||
			r->run == persons_patch;
	}
	return used;
}

static json_t *
make_components(const struct route *table)
{
	json_t *all = openapi_must(json_object()), *schemas = openapi_must(json_object());
	json_t *examples = openapi_must(json_object());
	struct ledger_use use;
	int i;

	for (i = 0; i < LEDGER__ALL; i++)
		if (find_use(table, ledger_get(i), &use))
			openapi_put_ledger(schemas, examples, &use);
	openapi_set(all, "securitySchemes",
		    json_pack("{s:{s:s, s:s, s:s, s:s}, s:{s:s, s:s, s:s, s:s}}", "bearer",
			      "type", "http", "scheme",
			      "bearer", "bearerFormat", "daicho_<id>_<secret>", "description",
			      "A token, by POST /api/v1/tokens or `daicho token issue`. It acts "
			      "with the offices of its owner, narrowed to its scopes "
			      "(ledger:action@institution), and never decides.",
			      "session", "type", "apiKey", "in", "cookie", "name",
			      "__Host-daicho", "description",
			      "The cookie of a log-in (POST /api/v1/sessions); it is named daicho "
			      "where browsers come over plain http. What changes something also "
			      "takes X-CSRF-Token, and Sec-Fetch-Site or Origin of our own "
			      "pages."));
	openapi_set(all, "schemas", schemas);
	openapi_set(all, "examples", examples);
	openapi_put_fixed(all);
	return all;
}

void
openapi_put(const struct route *table, struct buf *b)
{
	json_t *all = openapi_must(json_pack("{s:s, s:o, s:[{s:s, s:s}]}", "openapi", "3.1.0",
		"info", openapi_must(info()), "servers", "url", "/", "description",
		"The daemon that serves this document"));
	char *text;

	openapi_set(all, "security", json_pack("[{s:[]}]", "bearer"));
	openapi_set(all, "tags", make_tags(table));
	openapi_set(all, "paths", make_paths(table));
	openapi_set(all, "components", make_components(table));
	text = json_dumps(all, JSON_INDENT(2) | JSON_PRESERVE_ORDER);
	json_decref(all);
	if (text == NULL)
		bug("openapi: the document could not be written");
	buf_adds(b, text);
	buf_addc(b, '\n');
	free(text);
}
