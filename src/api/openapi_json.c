/* What stands in columns of JSON: members that other rooms declare. */
#include <string.h>

#include <workflow/catalogue.h>
#include <workflow/kind.h>
#include "openapi_parts.h"

json_t *
openapi_entry(const struct field *f)
{
	json_t *properties = openapi_must(json_object()), *required = openapi_must(json_array());

	for (; f->name != NULL; f++) {
		json_t *one = openapi_value(f);

		openapi_set(one, "title", json_string(f->label));
		openapi_set(properties, f->name, one);
		if (f->flags & FF_REQUIRED)
			openapi_add(required, json_string(f->name));
	}
	return openapi_must(json_pack("{s:s, s:o, s:o, s:b}", "type", "object", "properties",
		properties, "required", required, "additionalProperties", 0));
}

/* ---- payload of an application --------------------------------------------------------------- */

static json_t *
member_value(const struct workflow_member *m)
{
	switch (m->type) {
	case MEMBER_TEXTS:
	case MEMBER_ASSETS:
		return json_pack("{s:s, s:{s:s}}", "type", "array", "items", "type", "string");
	case MEMBER_DATE:
		return json_pack("{s:s, s:s}", "type", "string", "format", "date");
	case MEMBER_INTEGER:
	case MEMBER_LEVEL:
		return json_pack("{s:s}", "type", "integer");
	case MEMBER_BOOLEAN:
		return json_pack("{s:s}", "type", "boolean");
	default:
		return json_pack("{s:s}", "type", "string");
	}
}

/* One name may be another thing in another kind: what it may be, each once. */
static void
put_member(json_t *types, const struct workflow_member *m)
{
	json_t *value = openapi_must(member_value(m)), *one;
	json_t *list = json_object_get(types, m->name);
	size_t i;

	if (list == NULL) {
		list = openapi_must(json_array());
		openapi_set(types, m->name, list);
	}
	json_array_foreach(list, i, one)
		if (json_equal(one, value)) {
			json_decref(value);
			return;
		}
	openapi_add(list, value);
}

static json_t *
payload(void)
{
	json_t *types = openapi_must(json_object()), *properties = openapi_must(json_object());
	const struct workflow_member *m;
	const char *name;
	json_t *list;
	size_t i;

	for (i = 0; workflow_kinds[i] != NULL; i++)
		for (m = workflow_kinds[i]->members; m != NULL && m->name != NULL; m++)
			put_member(types, m);
	json_object_foreach(types, name, list)
		openapi_set(properties, name, json_array_size(list) > 1 ?
			    json_pack("{s:O}", "anyOf", list) :
			    json_incref(json_array_get(list, 0)));
	json_decref(types);
	return json_pack("{s:s, s:o, s:b}", "type", "object", "properties", properties,
			 "additionalProperties", 0);
}

json_t *
openapi_json_column(const struct field *f)
{
	const struct catalogue_section *s;

	for (s = catalogue_sections; s->name != NULL; s++)
		if ((f->flags & FF_ARRAY) && strcmp(s->name, f->name) == 0)
			return json_pack("{s:s, s:o}", "type", "array", "items",
					 openapi_entry(s->members));
	if (strcmp(f->name, "payload") != 0)
		bug("openapi: nothing says what stands in %s", f->name);
	return payload();
}
