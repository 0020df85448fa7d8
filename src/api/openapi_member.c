#include <stdio.h>
#include <string.h>

#include <workflow/kind.h>
#include "openapi_member.h"
#include "openapi_parts.h"

/* ---- choices that are declared elsewhere ----------------------------------------------------- */

static void
put_offices(struct buf *b)
{
	workflow_put_offices(OFFICES_KNOWN - 1, " ", b);
}

static void
put_who(struct buf *b)
{
	workflow_put_who(~0U, " ", b);
}

static void
put_not(struct buf *b)
{
	workflow_put_not(~0U, " ", b);
}

static void
put_documents(struct buf *b)
{
	workflow_put_documents(~0U, " ", b);
}

static void
put_kinds(struct buf *b)
{
	size_t i;

	for (i = 0; workflow_kinds[i] != NULL; i++)
		buf_addf(b, "%s%s", i == 0 ? "" : " ", workflow_kinds[i]->code);
}

static void
put_subjects(struct buf *b)
{
	int i;

	for (i = 0; i < SUBJECT__MAX; i++)
		buf_addf(b, "%s%s", i == 0 ? "" : " ",
			 workflow_subject_code((enum workflow_subject)i));
}

static void
put_types(struct buf *b)
{
	int i;

	for (i = 0; i < MEMBER__MAX; i++)
		buf_addf(b, "%s%s", i == 0 ? "" : " ", workflow_type_code((enum workflow_type)i));
}

static const struct {
	const char *name;
	void (*put)(struct buf *);
} sets[] = {
	{ "@offices", put_offices }, { "@who", put_who }, { "@not", put_not },
	{ "@documents", put_documents }, { "@kinds", put_kinds }, { "@subjects", put_subjects },
	{ "@types", put_types },
};

/* The words, with those of a set in its place. */
static void
put_words(const char *more, struct buf *b)
{
	size_t n, i;

	for (; *more != '\0'; more += n + (more[n] == ' ')) {
		n = strcspn(more, " ");
		buf_adds(b, b->len == 0 ? "" : " ");
		if (*more != '@') {
			buf_add(b, more, n);
			continue;
		}
		for (i = 0; i < ARRAY_SIZE(sets); i++)
			if (strncmp(sets[i].name, more, n) == 0 && sets[i].name[n] == '\0')
				break;
		if (i == ARRAY_SIZE(sets))
			bug("openapi: no choices are called %s", more);
		sets[i].put(b);
	}
}

/* ---- members --------------------------------------------------------------------------------- */

static json_t *
text_schema(const struct member *m)
{
	json_t *j = openapi_must(json_pack("{s:s}", "type", "string")), *list;
	const char *p;
	struct buf words;
	size_t n;

	if (m->more == NULL)
		return j;
	list = openapi_must(json_array());
	buf_init(&words, 16 * 1024);
	put_words(m->more, &words);
	for (p = buf_text(&words); *p != '\0'; p += n + (p[n] == ' ')) {
		n = strcspn(p, " ");
		openapi_add(list, json_stringn(p, n));
	}
	buf_release(&words);
	if ((m->flags & MAY_BE_NULL) && m->kind == TEXT)
		openapi_add(list, json_null());
	openapi_set(j, "enum", list);
	return j;
}

static json_t *
one_of(const struct member *m)
{
	json_t *list;
	const char *p = m->more;
	char name[64];
	size_t n;

	if (strchr(p, ' ') == NULL)
		return openapi_ref("schemas", p);
	list = openapi_must(json_array());
	for (; *p != '\0'; p += n + (p[n] == ' ')) {
		n = strcspn(p, " ");
		snprintf(name, sizeof(name), "%.*s", (int)n, p);
		openapi_add(list, openapi_ref("schemas", name));
	}
	return openapi_must(json_pack("{s:o}", "anyOf", list));
}

/* "Asset.name" */
static json_t *
column_schema(const struct member *m)
{
	const char *dot = strchr(m->more, '.');

	return json_pack("{s:o}", "$ref", openapi_must(json_sprintf(
		"#/components/schemas/%.*s/properties/%s", (int)(dot - m->more), m->more,
		dot + 1)));
}

static json_t *
list_schema(json_t *items)
{
	return json_pack("{s:s, s:o}", "type", "array", "items", openapi_must(items));
}

static json_t *
value_schema(const struct member *m)
{
	switch (m->kind) {
	case TEXT:
		return text_schema(m);
	case TEXTS:
		return list_schema(text_schema(m));
	case COUNT:
		return json_pack("{s:s, s:i}", "type", "integer", "minimum", 0);
	case NUMBER:
		return json_pack("{s:s}", "type", "number");
	case FLAG:
		return json_pack("{s:s}", "type", "boolean");
	case DAY:
		return json_pack("{s:s, s:s}", "type", "string", "format", "date");
	case MOMENT:
		return json_pack("{s:s, s:s}", "type", "string", "format", "date-time");
	case COLUMN:
		return column_schema(m);
	case ONE:
		return one_of(m);
	case MANY:
		return list_schema(one_of(m));
	case ANY:
		break;
	}
	return json_object();
}

static json_t *
member_schema(const struct member *m)
{
	json_t *j = openapi_must(value_schema(m));

	if ((m->flags & MAY_BE_NULL) && (m->kind == ONE || m->kind == COLUMN))
		j = openapi_must(json_pack("{s:[o, {s:s}]}", "anyOf", j, "type", "null"));
	else if (m->flags & MAY_BE_NULL)
		openapi_set(j, "type", json_pack("[O, s]", json_object_get(j, "type"), "null"));
	openapi_set(j, "description", json_string(m->about));
	return j;
}

/* ---- objects --------------------------------------------------------------------------------- */

static void
put_members(const struct member *m, json_t *properties, json_t *required)
{
	for (; m->name != NULL; m++) {
		openapi_set(properties, m->name, member_schema(m));
		if (!(m->flags & MAY_LACK))
			openapi_add(required, json_string(m->name));
	}
}

void
openapi_put_objects(json_t *schemas, const struct object *o)
{
	json_t *properties, *required, *j;

	for (; o->name != NULL; o++) {
		const struct member list[] = {
			{ "items", MANY, 0, o->items, "All of them." },
			{ "next", TEXT, MAY_BE_NULL, NULL, "Always null." },
			{ .name = NULL },
		};

		properties = openapi_must(json_object());
		required = openapi_must(json_array());
		put_members(o->members != NULL ? o->members : list, properties, required);
		j = openapi_must(json_pack("{s:s, s:s, s:o, s:o}", "type", "object", "description",
			o->about, "properties", properties, "required", required));
		if (!o->open)
			openapi_set(j, "additionalProperties", json_false());
		openapi_set(schemas, o->name, j);
	}
}
