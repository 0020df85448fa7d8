/* Schemas of the ledgers, read off their descriptors. */
#include <stdio.h>
#include <string.h>

#include "openapi_parts.h"

#define KEY_MAX 64	 /* characters of a reference */
#define ELEMENTS_MAX 100 /* of a column that holds several values */

static json_t *
text_of(int64_t max, enum field_format format)
{
	json_t *j = openapi_must(json_pack("{s:s, s:I}", "type", "string", "maxLength",
					   (json_int_t)max));
	const char *pattern = format_pattern(format);

	if (pattern != NULL)
		openapi_set(j, "pattern", json_string(pattern));
	return j;
}

static json_t *
put_text(const struct field *f)
{
	return text_of(f->max, f->format);
}

static json_t *
put_ref(const struct field *f)
{
	json_t *j = text_of(KEY_MAX, FORMAT_ANY);

	openapi_set(j, "x-ref", json_string(ledger_get(f->ref)->path));
	return j;
}

static json_t *
put_choice(const struct field *f)
{
	json_t *j = openapi_must(json_pack("{s:s}", "type", "string"));
	json_t *values = openapi_must(json_array()), *labels = openapi_must(json_object());
	const struct choice *c;

	for (c = f->choices; c->value != NULL; c++) {
		openapi_add(values, json_string(c->value));
		openapi_set(labels, c->value, json_string(c->label));
	}
	openapi_set(j, "enum", values);
	openapi_set(j, "x-labels", labels);
	return j;
}

/* A choice of digits that travels as a number. */
static json_t *
put_level(const struct field *f)
{
	json_t *j = put_choice(f), *values = openapi_must(json_array());
	const struct choice *c;
	int64_t n;

	for (c = f->choices; c->value != NULL; c++) {
		if (!number_read(c->value, 0, 99, &n))
			bug("openapi: level %s of %s", c->value, f->name);
		openapi_add(values, json_integer(n));
	}
	openapi_set(j, "type", json_string("integer"));
	openapi_set(j, "enum", values);
	return j;
}

static json_t *
put_int(const struct field *f)
{
	return json_pack("{s:s, s:I, s:I}", "type", "integer", "minimum", (json_int_t)f->min,
			 "maximum", (json_int_t)f->max);
}

static json_t *
put_bool(const struct field *f)
{
	(void)f;
	return json_pack("{s:s}", "type", "boolean");
}

static json_t *
put_date(const struct field *f)
{
	(void)f;
	return json_pack("{s:s, s:s}", "type", "string", "format", "date");
}

static json_t *
put_stamp(const struct field *f)
{
	/* written, it may also be the time of Japan, without a zone */
	if (field_writable(f))
		return json_pack("{s:s, s:[s, s]}", "type", "string", "examples",
				 "2026-01-31T18:00", "2026-01-31T09:00:00Z");
	return json_pack("{s:s, s:s}", "type", "string", "format", "date-time");
}

static json_t *(*const values[FT__MAX])(const struct field *) = {
	[FT_TEXT] = put_text,	  [FT_TEXTS] = put_text, [FT_ENUM] = put_choice,
	[FT_ENUMS] = put_choice,  [FT_LEVEL] = put_level, [FT_INT] = put_int,
	[FT_BOOL] = put_bool,	  [FT_DATE] = put_date,	 [FT_STAMP] = put_stamp,
	[FT_REF] = put_ref,	  [FT_JSON] = openapi_json_column,
};

json_t *
openapi_value(const struct field *f)
{
	return openapi_must(values[f->type](f));
}

static bool
holds_several(const struct field *f)
{
	return f->type == FT_TEXTS || f->type == FT_ENUMS;
}

static void
allow_null(json_t *schema)
{
	json_t *type = json_object_get(schema, "type"), *choices = json_object_get(schema, "enum");

	openapi_set(schema, "type", json_pack("[O, s]", type, "null"));
	if (choices != NULL)
		openapi_add(choices, json_null());
}

static void
put_sentence(struct buf *b, const char *before, const char *what, const char *after)
{
	if (what != NULL)
		buf_addf(b, " %s%s%s", before, what, after);
}

void
openapi_put_only(const struct field *f, struct buf *b)
{
	const char *sep = " Only for ";
	int o;

	for (o = 0; o < OFFICE__MAX; o++)
		if (f->only & OFFICE_BIT(o)) {
			buf_addf(b, "%s%s", sep, office_info(o)->ja);
			sep = ", ";
		}
	buf_adds(b, f->only == 0 ? "" : ".");
}

static json_t *
description(const struct ledger *l, const struct field *f)
{
	const struct ledger *to = f->type == FT_REF ? ledger_get(f->ref) : NULL;
	struct buf b;
	json_t *j;

	buf_init(&b, 4096);
	buf_adds(&b, f->label);
	if (f->clause != NULL)
		buf_addf(&b, " (%s)", f->clause);
	buf_addc(&b, '.');
	if (to != NULL)
		buf_addf(&b, " The %s of %s %s.", to->key,
			 strchr("AEIOU", to->singular[0]) == NULL ? "a" : "an", to->singular);
	put_sentence(&b, "", format_en(f->format), "");
	put_sentence(&b, "Belongs to the sheet ", f->sheet, "; left out of a row that has none.");
	if (str_eq(f->when, "true"))
		buf_adds(&b, " Needed; a finding, where it is empty.");
	else
		put_sentence(&b, "Needed when ", f->when, "; a finding, where it is empty.");
	if (l->drafts && (f->flags & FF_REQUIRED))
		buf_adds(&b, " Must be there when the row leaves 下書き.");
	if (f->flags & FF_RATING)
		buf_adds(&b, " Part of the rating that the 情報セキュリティ管理者 confirms.");
	if ((f->flags & FF_FIXED) && !(f->flags & FF_READONLY))
		buf_adds(&b, " Given at creation, never changed.");
	openapi_put_only(f, &b);
	j = openapi_must(json_string(buf_text(&b)));
	buf_release(&b);
	return j;
}

/* The hint is text as a person would write it; here it is a value of the column's type. */
static json_t *
hint_value(const struct field *f)
{
	json_t *one;
	int64_t n;

	if ((f->type == FT_INT || f->type == FT_LEVEL) && number_read(f->hint, 0, INT32_MAX, &n))
		one = json_integer(n);
	else
		one = json_string(f->hint);
	return holds_several(f) ? json_pack("[o]", openapi_must(one)) : one;
}

/* What a program that makes a form wants to know; once, in the schema that is read. */
static void
put_notes(const struct ledger *l, const struct field *f, json_t *schema)
{
	if (f->hint != NULL)
		openapi_set(schema, "examples", json_pack("[o]", openapi_must(hint_value(f))));
	openapi_set(schema, "x-label", json_string(f->label));
	if (f->clause != NULL)
		openapi_set(schema, "x-clause", json_string(f->clause));
	if (f->sheet != NULL)
		openapi_set(schema, "x-sheet", json_string(f->sheet));
	if (l->drafts && (f->flags & FF_REQUIRED))
		openapi_set(schema, "x-required", json_true());
}

enum column_set { SET_READ, SET_CREATE, SET_PATCH };

static json_t *
column(const struct ledger *l, const struct field *f, enum column_set set)
{
	json_t *value = openapi_value(f), *schema = value;

	if (holds_several(f))
		schema = openapi_must(json_pack("{s:s, s:o, s:i}", "type", "array", "items", value,
						"maxItems", ELEMENTS_MAX));
	if (!field_never_empty(l, f))
		allow_null(schema);
	openapi_set(schema, "description", description(l, f));
	if (f->flags & FF_READONLY)
		openapi_set(schema, "readOnly", json_true());
	if (set == SET_CREATE && f->fallback != NULL)
		openapi_set(schema, "default", json_loads(f->fallback, JSON_DECODE_ANY, NULL));
	if (set == SET_READ)
		put_notes(l, f, schema);
	else
		json_object_del(value, "x-labels");
	return schema;
}

static bool
is_in(const struct field *f, enum column_set set)
{
	if (set == SET_READ)
		return !(f->flags & (FF_SOUGHT | FF_INNER));
	return field_writable(f) && (set == SET_CREATE || !(f->flags & FF_FIXED));
}

static bool
is_demanded(const struct ledger *l, const struct field *f, enum column_set set)
{
	return set == SET_CREATE && f->fallback == NULL && field_writable(f) &&
		((f->flags & FF_OWNER) || (!l->drafts && (f->flags & FF_REQUIRED)));
}

static json_t *
columns(const struct ledger *l, const char *about, enum column_set set)
{
	json_t *properties = openapi_must(json_object()), *required = openapi_must(json_array());
	json_t *schema;
	size_t i;

	for (i = 0; i < l->count; i++) {
		const struct field *f = &l->fields[i];

		if (!is_in(f, set))
			continue;
		openapi_set(properties, f->name, column(l, f, set));
		if (is_demanded(l, f, set))
			openapi_add(required, json_string(f->name));
	}
	schema = openapi_must(json_pack("{s:s, s:s, s:o, s:b}", "type", "object", "description",
					about, "properties", properties, "additionalProperties",
					0));
	if (json_array_size(required) > 0)
		openapi_set(schema, "required", required);
	else
		json_decref(required);
	return schema;
}

static json_t *
page(const struct ledger *l)
{
	return json_pack("{s:s, s:s, s:{s:{s:s, s:o}, s:{s:[s, s], s:s}}, s:[s, s], s:b}",
			 "type", "object", "description", "One page of a list.", "properties",
			 "items", "type", "array", "items", openapi_ref("schemas", l->singular),
			 "next", "type", "string", "null", "description",
			 "The cursor of the next page; null on the last.", "required", "items",
			 "next", "additionalProperties", 0);
}

static void
put_schema(json_t *schemas, const struct ledger *l, const char *suffix, json_t *schema)
{
	char name[64];

	snprintf(name, sizeof(name), "%s%s", l->singular, suffix);
	openapi_set(schemas, name, schema);
}

/* What a client sends for a new row, as an example; NULL where there is none. */
static json_t *
new_row(const struct ledger *l)
{
	if (l->id == LEDGER_ASSET)
		return openapi_must(json_pack("{s:s, s:s, s:s, s:s, s:s, s:s, s:s, s:[s], s:i, s:s,"
			" s:b, s:b, s:s, s:s, s:s}", "institution", "hoshi", "unit", "hoshi-its",
			"name", "観測データ共有サーバ", "asset_type", "server", "location_area",
			"hoshi-a101", "location_text", "本館サーバ室 ラック3", "serial_no",
			"SN-2026-0147", "hostname", "data1.hoshi.example.ac.jp", "confidentiality",
			2, "confidentiality_basis", "c2_internal", "has_personal_info", 0,
			"has_my_number", 0, "internal_media_encryption", "full", "users_text",
			"恒星データ研究グループ 全員", "sysadmin", "suiseigawa.h"));
	if (l->id == LEDGER_MEDIA)
		return openapi_must(json_pack("{s:s, s:s, s:s, s:s, s:s, s:i, s:b, s:b, s:s, s:s,"
			" s:s, s:s, s:b}", "institution", "hoshi", "unit", "hoshi-its", "name",
			"業務用USBメモリ 21", "media_kind", "usb_memory", "serial_no", "KKMU26021",
			"confidentiality", 2, "has_personal_info", 0, "has_my_number", 0,
			"users_text", "情報基盤課 職員", "custodian", "kitaboshi.y", "provision",
			"issued", "encryption", "hardware", "storage_locked", 1));
	return NULL;
}

/* What the system has set in that row; null for the rest. */
static json_t *
system_value(const struct field *f)
{
	static const struct {
		const char *name, *json;
	} set[] = {
		{ "asset_no", "\"A00000147\"" }, { "media_no", "\"M00000021\"" },
		{ "rating_status", "\"provisional\"" },
		{ "important_state", "\"not_applicable\"" }, { "state", "\"draft\"" },
		{ "adopted", "false" }, { "row_version", "1" },
		{ "created_by", "\"suiseigawa.h\"" }, { "updated_by", "\"suiseigawa.h\"" },
		{ "created_at", "\"2026-04-01T00:30:00.000000Z\"" },
		{ "updated_at", "\"2026-04-01T00:30:00.000000Z\"" },
	};
	size_t i;

	for (i = 0; i < ARRAY_SIZE(set); i++)
		if (strcmp(set[i].name, f->name) == 0)
			return json_loads(set[i].json, JSON_DECODE_ANY, NULL);
	return json_null();
}

bool
openapi_has_example(const struct ledger *l)
{
	json_t *row = new_row(l);

	json_decref(row);
	return row != NULL;
}

static void
put_examples(json_t *examples, const struct ledger *l)
{
	json_t *sent = new_row(l), *row = openapi_must(json_object());
	char name[64];
	size_t i;

	for (i = 0; i < l->count; i++) {
		const struct field *f = &l->fields[i];
		json_t *value = json_object_get(sent, f->name);

		if (value != NULL)
			openapi_set(row, f->name, json_incref(value));
		else if (f->sheet == NULL)
			openapi_set(row, f->name, system_value(f));
	}
	snprintf(name, sizeof(name), "%sCreate", l->singular);
	openapi_set(examples, name, json_pack("{s:s, s:o}", "summary", "A new row", "value",
					      sent));
	openapi_set(examples, l->singular, json_pack("{s:s, s:o}", "summary", "A draft", "value",
						     row));
}

void
openapi_put_ledger(json_t *schemas, json_t *examples, const struct ledger_use *use)
{
	const struct ledger *l = use->ledger;
	char about[256];

	openapi_set(schemas, l->singular, columns(l, l->note, SET_READ));
	put_schema(schemas, l, "List", page(l));
	if (use->created) {
		snprintf(about, sizeof(about), "A new row of %s.", l->label);
		put_schema(schemas, l, "Create", columns(l, about, SET_CREATE));
	}
	if (use->changed) {
		snprintf(about, sizeof(about), "A change of a row of %s; null empties a column.",
			 l->label);
		put_schema(schemas, l, "Patch", columns(l, about, SET_PATCH));
	}
	if (use->created && openapi_has_example(l))
		put_examples(examples, l);
}
