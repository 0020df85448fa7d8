/* api/openapi.h: the description is whole, and the check that says so sees what is missing. */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <check.h>

#include "../suite.h"

#include <api/api.h>
#include <api/openapi.h>
#include <ledger/query.h>

#define FAULTS_MAX (256 * 1024)

/* ---- the check: every fault becomes a line -------------------------------------------------- */

static void
check_ref(const json_t *all, const char *ref, struct buf *faults)
{
	const json_t *at = all;
	const char *p = ref;
	char name[128];
	size_t n;

	if (strncmp(p, "#/", 2) != 0)
		at = NULL;
	for (p += at == NULL ? 0 : 2; at != NULL && *p != '\0'; p += n + (p[n] == '/')) {
		n = strcspn(p, "/");
		snprintf(name, sizeof(name), "%.*s", (int)n, p);
		at = json_object_get(at, name);
	}
	if (at == NULL)
		buf_addf(faults, "ref %s leads nowhere\n", ref);
}

static void
check_refs(const json_t *all, const json_t *j, struct buf *faults)
{
	const char *name;
	json_t *value;
	size_t i;

	json_object_foreach((json_t *)j, name, value) {
		if (strcmp(name, "$ref") == 0)
			check_ref(all, json_string_value(value), faults);
		else
			check_refs(all, value, faults);
	}
	json_array_foreach(j, i, value)
		check_refs(all, value, faults);
}

static const json_t *
find_operation(const json_t *all, const struct route *r)
{
	static const char *const methods[METHOD__MAX] = { "get", "post", "put", "patch", "delete" };

	return json_object_get(json_object_get(json_object_get(all, "paths"), r->path),
			       methods[r->method]);
}

static void
check_routes(const json_t *all, struct buf *faults)
{
	const struct route *r;
	const char *path, *method;
	json_t *ways, *operation;
	size_t described = 0, n = 0;

	for (r = routes; r->path != NULL; r++, n++) {
		const char *id = json_string_value(json_object_get(find_operation(all, r),
								   "operationId"));

		if (id == NULL || strcmp(id, r->opid) != 0)
			buf_addf(faults, "route %s is not described\n", r->opid);
	}
	json_object_foreach(json_object_get(all, "paths"), path, ways)
		json_object_foreach(ways, method, operation)
			described++;
	/* no path, method or operationId stands there twice, so more of them are unknown ones */
	if (described > n)
		buf_addf(faults, "%zu operations are no route\n", described - n);
}

static void
check_columns(const struct ledger *l, const json_t *schema, struct buf *faults)
{
	json_t *properties = json_object_get(schema, "properties"), *value;
	const char *name;
	size_t i;

	for (i = 0; i < l->count; i++) {
		const struct field *f = &l->fields[i];
		bool there = json_object_get(properties, f->name) != NULL;

		if (there != !(f->flags & (FF_SOUGHT | FF_INNER)))
			buf_addf(faults, "column %s.%s is %sdescribed\n", l->path, f->name,
				 there ? "" : "not ");
	}
	json_object_foreach(properties, name, value)
		if (ledger_field(l, name) == NULL)
			buf_addf(faults, "column %s.%s does not exist\n", l->path, name);
	json_array_foreach(json_object_get(schema, "required"), i, value)
		if (json_object_get(properties, json_string_value(value)) == NULL)
			buf_addf(faults, "required column %s.%s is not described\n", l->path,
				 json_string_value(value));
	if (!json_is_false(json_object_get(schema, "additionalProperties")))
		buf_addf(faults, "%s is open\n", l->path);
}

/* No object without members; where nothing can be said there is {}. */
static void
check_said(const json_t *schema, const char *where, struct buf *faults)
{
	json_t *type = json_object_get(schema, "type"), *value;
	const char *name;
	size_t i;

	if (json_is_string(type) && strcmp(json_string_value(type), "object") == 0 &&
	    !json_is_object(json_object_get(schema, "properties")))
		buf_addf(faults, "%s has an object of which nothing is said\n", where);
	json_object_foreach((json_t *)schema, name, value)
		check_said(value, where, faults);
	json_array_foreach(schema, i, value)
		check_said(value, where, faults);
}

static void
check_answers(const json_t *all, struct buf *faults)
{
	const char *name, *status;
	json_t *schema, *answer;
	const struct route *r;

	json_object_foreach(json_object_get(json_object_get(all, "components"), "schemas"), name,
			    schema)
		check_said(schema, name, faults);
	for (r = routes; r->path != NULL; r++)
		json_object_foreach(json_object_get(find_operation(all, r), "responses"), status,
				    answer)
			if (strcmp(r->opid, "openapi") != 0)
				check_said(json_object_get(answer, "content"), r->opid, faults);
}

static const char *
document_faults(const char *text, struct buf *faults)
{
	json_error_t why;
	json_t *all = json_loads(text, JSON_REJECT_DUPLICATES, &why), *schemas;
	int i;

	buf_init(faults, FAULTS_MAX);
	if (all == NULL) {
		buf_addf(faults, "line %d: %s\n", why.line, why.text);
		return buf_text(faults);
	}
	schemas = json_object_get(json_object_get(all, "components"), "schemas");
	check_refs(all, all, faults);
	check_routes(all, faults);
	check_answers(all, faults);
	for (i = 0; i < LEDGER__ALL; i++)
		check_columns(ledger_get(i),
			      json_object_get(schemas, ledger_get(i)->singular), faults);
	json_decref(all);
	return buf_text(faults);
}

/* ---- the document --------------------------------------------------------------------------- */

static struct buf document;

static void
setup(void)
{
	buf_init(&document, 64 * 1024 * 1024);
	openapi_put(routes, &document);
	ck_assert(!document.failed);
}

static void
teardown(void)
{
	buf_release(&document);
}

START_TEST(is_whole)
{
	struct buf faults;

	ck_assert_str_eq(document_faults(buf_text(&document), &faults), "");
	buf_release(&faults);
}
END_TEST

START_TEST(is_always_the_same)
{
	struct buf again;

	buf_init(&again, 64 * 1024 * 1024);
	openapi_put(routes, &again);
	ck_assert_str_eq(buf_text(&again), buf_text(&document));
	buf_release(&again);
	ck_assert(strncmp(buf_text(&document), "{\n  \"openapi\": \"3.1.0\",\n", 23) == 0);
	ck_assert_str_eq(buf_text(&document) + document.len - 6, "  }\n}\n");
}
END_TEST

START_TEST(is_the_committed_one)
{
	const char *top = getenv("DAICHO_TOP");
	char path[4096], *text = calloc(1, document.len + 2);
	FILE *f;

	snprintf(path, sizeof(path), "%s/api/openapi.json", top == NULL ? "." : top);
	f = fopen(path, "r");
	ck_assert_msg(f != NULL, "%s cannot be read", path);
	ck_assert(fread(text, 1, document.len + 1, f) > 0);
	fclose(f);
	ck_assert_msg(strcmp(text, buf_text(&document)) == 0,
		      "api/openapi.json is old; run: build/daicho openapi >api/openapi.json");
	free(text);
}
END_TEST

/* What the owner must name at creation is required; what the system sets is not even there. */
START_TEST(knows_what_may_be_written)
{
	json_t *all = json_loads(buf_text(&document), 0, NULL), *schemas, *create, *patch;

	schemas = json_object_get(json_object_get(all, "components"), "schemas");
	create = json_object_get(schemas, "AssetCreate");
	patch = json_object_get(json_object_get(schemas, "AssetPatch"), "properties");
	ck_assert_uint_eq(json_array_size(json_object_get(create, "required")), 1);
	ck_assert_str_eq(json_string_value(json_array_get(json_object_get(create, "required"), 0)),
			 "institution");
	create = json_object_get(create, "properties");
	ck_assert_ptr_nonnull(json_object_get(create, "institution"));
	ck_assert_ptr_null(json_object_get(create, "asset_no"));
	ck_assert_ptr_null(json_object_get(patch, "institution"));
	ck_assert_ptr_null(json_object_get(patch, "row_version"));
	ck_assert_ptr_nonnull(json_object_get(patch, "name"));
	/* a 機関 is not made over HTTP */
	ck_assert_ptr_null(json_object_get(schemas, "InstitutionCreate"));
	json_decref(all);
}
END_TEST

/* ---- operators: what is written about a column is what the list does ------------------------ */

static const char *
sample(const struct field *f)
{
	static const char *const by_format[] = { [FORMAT_ANY] = "a", [FORMAT_CODE] = "aa",
		[FORMAT_LOGIN] = "aa", [FORMAT_IP] = "192.0.2.1",
		[FORMAT_MAC] = "00:00:5e:00:53:01", [FORMAT_HOST] = "a.example",
		[FORMAT_MAIL] = "a@b.example", [FORMAT_URL] = "https://a.example",
		[FORMAT_SHA256] = "e3b0c44298fc1c149afbf4c8996fb924"
			"27ae41e4649b934ca495991b7852b855" };

	switch (f->type) {
	case FT_ENUM:
	case FT_ENUMS:
	case FT_LEVEL:
		return f->choices[0].value;
	case FT_INT:
		return f->min > 3 ? "2026" : "3";
	case FT_BOOL:
		return "true";
	case FT_JSON:
		return "{}";
	case FT_DATE:
	case FT_STAMP:
		return "2026-04-01";
	default:
		return by_format[f->format];
	}
}

static bool
list_knows(const struct ledger *l, const struct field *f, const char *operator)
{
	struct arena *arena = arena_new();
	struct list_query *q = arena_alloc(arena, sizeof(*q));
	struct faults faults;
	enum err e;
	int o;

	faults_init(&faults, arena, 10);
	list_query_init(q, l, arena, "{hoshi}");
	for (o = 0; o < OFFICE__MAX; o++)
		if (f->only & OFFICE_BIT(o))
			list_query_act(q, (enum office)o);
	e = list_query_add(q, arena_printf(arena, "%s__%s", f->name, operator),
			   strcmp(operator, "empty") == 0 ? "true" : sample(f), &faults);
	if (e != OK)
		ck_assert_str_eq(faults.v[0].code, "unknown_operator");
	arena_free(arena);
	return e == OK;
}

static bool
says(const json_t *operators, const char *operator)
{
	json_t *one;
	size_t i;

	json_array_foreach(operators, i, one)
		if (strcmp(json_string_value(one), operator) == 0)
			return true;
	return false;
}

/* The query parameter of this name, or NULL. */
static const json_t *
find_filter(const json_t *operation, const char *name)
{
	json_t *one;
	size_t i;

	json_array_foreach(json_object_get(operation, "parameters"), i, one)
		if (json_object_get(one, "name") != NULL &&
		    strcmp(json_string_value(json_object_get(one, "name")), name) == 0)
			return one;
	return NULL;
}

static bool
list_searches(const struct ledger *l)
{
	struct arena *arena = arena_new();
	struct list_query *q = arena_alloc(arena, sizeof(*q));
	struct faults faults;
	bool fine;

	faults_init(&faults, arena, 10);
	list_query_init(q, l, arena, "{hoshi}");
	fine = list_query_add(q, "q", "a", &faults) == OK;
	arena_free(arena);
	return fine;
}

START_TEST(names_the_operators)
{
	static const char *const all[] = { "in", "empty", "contains", "lt", "lte", "gt", "gte",
		"near", NULL };
	const struct ledger *l = ledger_get(_i);
	struct route list = { .method = METHOD_GET };
	json_t *j = json_loads(buf_text(&document), 0, NULL);
	const char *const *op;
	char path[64];
	size_t i;

	snprintf(path, sizeof(path), "/api/v1/%s", l->path);
	list.path = path;
	for (i = 0; i < l->count; i++) {
		const json_t *filter = find_filter(find_operation(j, &list), l->fields[i].name);

		ck_assert_msg((filter != NULL) == !(l->fields[i].flags & FF_INNER), "filter %s",
			      l->fields[i].name);
		if (filter == NULL)
			continue;
		for (op = all; *op != NULL; op++)
			ck_assert_msg(says(json_object_get(filter, "x-operators"), *op) ==
				      list_knows(l, &l->fields[i], *op), "%s.%s__%s", l->path,
				      l->fields[i].name, *op);
	}
	ck_assert((find_filter(find_operation(j, &list), "q") != NULL) == list_searches(l));
	json_decref(j);
}
END_TEST

/* ---- must fail ------------------------------------------------------------------------------ */

struct damage {
	const char *what; /* text of the document */
	const char *with;
	const char *fault; /* that must be told */
};

static const struct damage damages[] = {
	{ "\"#/components/schemas/Problem\"", "\"#/components/schemas/Trouble\"",
	  "ref #/components/schemas/Trouble leads nowhere" },
	{ "\"#/components/schemas/Problem\"", "\"other.json\"", "ref other.json leads nowhere" },
	{ "\"AssetList\": {", "\"AssetRoll\": {", "ref #/components/schemas/AssetList leads" },
	{ "\"/api/v1/rules\": {", "\"/api/v1/laws\": {", "route listRules is not described" },
	{ "\"operationId\": \"getMedium\"", "\"operationId\": \"getMedia\"",
	  "route getMedium is not described" },
	{ "\"/healthz\": {", "\"/fine\": { \"get\": {} }, \"/healthz\": {",
	  "1 operations are no route" },
	{ "\"/healthz\": {", "\"/healthz\": { \"put\": {},", "1 operations are no route" },
	{ "\"asset_type\": {\n            \"type\"", "\"asset_sort\": {\n            \"type\"",
	  "column assets.asset_type is not described" },
	{ "\"asset_type\": {\n            \"type\"", "\"asset_sort\": {\n            \"type\"",
	  "column assets.asset_sort does not exist" },
	{ "\"info\": {", "\"openapi\": \"3.1.0\", \"info\": {", "duplicate object key" },
	{ "\"info\": {", "\"info\" {", "line 3:" },
	{ "\"additionalProperties\": false\n      },\n      \"InstitutionList\"",
	  "\"additionalProperties\": true\n      },\n      \"InstitutionList\"",
	  "institutions is open" },
	{ "\"$ref\": \"#/components/schemas/WorkflowKindList\"", "\"type\": \"object\"",
	  "listWorkflowKinds has an object of which nothing is said" },
	{ "\"payload\": {\n            \"type\": \"object\",\n            \"properties\"",
	  "\"payload\": {\n            \"type\": \"object\",\n            \"examples\"",
	  "Request has an object of which nothing is said" },
	{ "\"hardware\": {\n            \"type\": \"array\",\n            \"items\": {",
	  "\"hardware\": {\n            \"items\": { \"type\": \"object\" }, \"x-items\": {",
	  "Catalogue has an object of which nothing is said" },
};

START_TEST(sees_damage)
{
	const struct damage *d = &damages[_i];
	const char *text = buf_text(&document), *at = strstr(text, d->what);
	struct buf damaged, faults;

	ck_assert_msg(at != NULL, "the document has no %s", d->what);
	buf_init(&damaged, 64 * 1024 * 1024);
	buf_add(&damaged, text, (size_t)(at - text));
	buf_adds(&damaged, d->with);
	buf_adds(&damaged, at + strlen(d->what));
	ck_assert_msg(strstr(document_faults(buf_text(&damaged), &faults), d->fault) != NULL,
		      "not seen: %s; told: %s", d->fault, buf_text(&faults));
	buf_release(&damaged);
	buf_release(&faults);
}
END_TEST

static enum err
unheard(struct request *req, struct response *resp)
{
	(void)req;
	(void)resp;
	return OK;
}

/* A handler that nobody has described, a tag without a text: a mistake, at once. */
START_TEST(refuses_an_unknown_handler)
{
	const struct route one[] = {
		{ .method = METHOD_GET, .path = "/x", .offices = OFFICES_ANYONE,
		  .scope = SCOPE_PUBLIC, .run = unheard, .opid = "x", .summary = "x",
		  .tag = "system" },
		{ .path = NULL },
	};
	struct buf b;

	buf_init(&b, 1024 * 1024);
	openapi_put(one, &b);
}
END_TEST

START_TEST(refuses_an_unknown_tag)
{
	struct route one[] = { routes[0], { .path = NULL } };
	struct buf b;

	one[0].tag = "sundries";
	buf_init(&b, 1024 * 1024);
	openapi_put(one, &b);
}
END_TEST

int
main(void)
{
	Suite *s = suite_create("openapi");
	TCase *t = tcase_create("document");

	tcase_add_checked_fixture(t, setup, teardown);
	tcase_set_timeout(t, 60);
	tcase_add_test(t, is_whole);
	tcase_add_test(t, is_always_the_same);
	tcase_add_test(t, is_the_committed_one);
	tcase_add_test(t, knows_what_may_be_written);
	tcase_add_loop_test(t, names_the_operators, 0, LEDGER__ALL);
	tcase_add_loop_test(t, sees_damage, 0, ARRAY_SIZE(damages));
	tcase_add_test_raise_signal(t, refuses_an_unknown_handler, SIGABRT);
	tcase_add_test_raise_signal(t, refuses_an_unknown_tag, SIGABRT);
	suite_add_tcase(s, t);
	return suite_run(s);
}
