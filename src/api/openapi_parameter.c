/* Parameters of lists and imports. */
#include <string.h>

#include <ledger/query.h>
#include "openapi_parts.h"

static void
put_parameter(json_t *parameters, const char *name, const char *about, json_t *schema)
{
	openapi_add(parameters, json_pack("{s:s, s:s, s:s, s:o}", "name", name, "in", "query",
					  "description", about, "schema", openapi_must(schema)));
}

static void
put_formatted(json_t *parameters, const char *name, json_t *about, json_t *schema)
{
	put_parameter(parameters, name, json_string_value(openapi_must(about)), schema);
	json_decref(about);
}

static json_t *
text(void)
{
	return json_pack("{s:s}", "type", "string");
}

static json_t *
flag(void)
{
	return json_pack("{s:s, s:b}", "type", "boolean", "default", 0);
}

/* One of some words, apart by spaces; the first is the default. */
static json_t *
words(const char *list)
{
	json_t *values = openapi_must(json_array());
	const char *p;
	size_t n;

	for (p = list; *p != '\0'; p += n + (p[n] == ' ')) {
		n = strcspn(p, " ");
		openapi_add(values, json_stringn(p, n));
	}
	return json_pack("{s:s, s:o, s:O}", "type", "string", "enum", values, "default",
			 json_array_get(values, 0));
}

/* Comparisons besides equality that ledger/query.c knows for a column. */
static json_t *
operators(const struct field *f)
{
	bool ordered = f->type == FT_INT || f->type == FT_LEVEL || f->type == FT_DATE ||
		f->type == FT_STAMP || (f->flags & FF_KEY);
	json_t *list;

	if (f->flags & FF_SOUGHT)
		return openapi_must(json_array());
	list = openapi_must(json_pack("[s, s]", "in", "empty"));
	if (f->type == FT_TEXT || f->type == FT_REF || f->type == FT_TEXTS)
		openapi_add(list, json_string("contains"));
	if (ordered) {
		openapi_add(list, json_string("lt"));
		openapi_add(list, json_string("lte"));
		openapi_add(list, json_string("gt"));
		openapi_add(list, json_string("gte"));
	}
	return list;
}

static void
put_filter(json_t *parameters, const struct field *f)
{
	bool several = f->type == FT_TEXTS || f->type == FT_ENUMS;
	json_t *known = operators(f), *schema = openapi_value(f), *one;
	struct buf b;
	size_t i;

	buf_init(&b, 4096);
	buf_addf(&b, "%s%s.%s", f->label, several ? ": the row has this value" : "",
		 json_array_size(known) > 0 ? " Also" : "");
	json_array_foreach(known, i, one)
		buf_addf(&b, "%s %s__%s", i == 0 ? "" : ",", f->name, json_string_value(one));
	buf_adds(&b, json_array_size(known) > 0 ? "." : "");
	openapi_put_only(f, &b);
	/* moments are looked for by day, too */
	if (f->type == FT_STAMP)
		json_object_del(schema, "format");
	json_object_del(schema, "x-labels");
	openapi_add(parameters, json_pack("{s:s, s:s, s:s, s:o, s:o}", "name", f->name, "in",
		"query", "description", buf_text(&b), "schema", schema, "x-operators", known));
	buf_release(&b);
}

static void
put_page_parameters(const struct ledger *l, json_t *parameters)
{
	put_parameter(parameters, "limit", "Rows of one page. CSV and NDJSON: all rows, unless "
		      "this is given.",
		      json_pack("{s:s, s:i, s:i, s:i}", "type", "integer", "minimum", 1, "maximum",
				LIST_LIMIT_MAX, "default", LIST_LIMIT_DEFAULT));
	put_parameter(parameters, "cursor", "`next` of the page before, with the same sort.",
		      text());
	put_formatted(parameters, "sort", json_sprintf("A column of %s that holds one value; a "
		      "leading - turns the order. Empty values come last. Default: %s.",
		      l->singular, l->key),
		      json_pack("{s:s, s:s}", "type", "string", "pattern", "^-?[a-z_]+$"));
	openapi_add(parameters, json_pack("{s:s, s:s, s:o, s:s, s:b, s:{s:s, s:{s:s}}}", "name",
		"fields", "in", "query", "description", openapi_must(json_sprintf(
		"Columns of %s that are wanted, apart by commas.", l->singular)), "style", "form",
		"explode", 0, "schema", "type", "array", "items", "type", "string"));
	if (ledger_field(l, l->key)->flags & FF_SEARCH)
		put_parameter(parameters, "q", "One to eight words that must all be found; two "
			      "characters and up use an index. Width, case, kana, dashes and "
			      "spaces make no difference.", text());
}

static void
put_format_parameters(json_t *parameters)
{
	put_parameter(parameters, "format", "Instead of Accept.", words("json csv ndjson"));
	put_parameter(parameters, "excel", "CSV with a byte order mark, labels, and an apostrophe "
		      "before what a spreadsheet would calculate; an import takes it off again.",
		      flag());
	put_parameter(parameters, "labels", "CSV with Japanese headers and labels instead of names "
		      "and codes. Default: as excel.", json_pack("{s:s}", "type", "boolean"));
}

void
openapi_put_conditions(const struct ledger *l, json_t *parameters)
{
	const struct day_filter *d;
	size_t i;

	if (l->flag != NULL)
		put_parameter(parameters, l->flag->name, l->flag->about, words("true false all"));
	for (d = l->filters; d != NULL && d->name != NULL; d++)
		put_parameter(parameters, d->name, d->about,
			      json_pack("{s:s, s:s}", "type", "string", "format", "date"));
	for (i = 0; i < l->count; i++)
		if (!(l->fields[i].flags & FF_INNER))
			put_filter(parameters, &l->fields[i]);
}

void
openapi_put_list_parameters(const struct ledger *l, json_t *parameters)
{
	put_page_parameters(l, parameters);
	put_format_parameters(parameters);
	openapi_put_conditions(l, parameters);
}

static json_t *
match_columns(const struct ledger *l)
{
	json_t *names = openapi_must(json_array());
	size_t i;

	for (i = 0; i < l->count; i++)
		if (l->fields[i].flags & FF_MATCH)
			openapi_add(names, json_string(l->fields[i].name));
	return json_pack("{s:s, s:o}", "type", "string", "enum", names);
}

static void
put_life_parameters(const struct ledger *l, json_t *parameters)
{
	if (l->drafts)
		put_parameter(parameters, "state", "draft: register nothing; complete rows stay "
			      "下書き, too.", words("registered draft"));
	if (ledger_field(l, "adopted") != NULL)
		put_parameter(parameters, "adopted", "Rows that are registered were in operation "
			      "before the register was.", flag());
}

void
openapi_put_import_parameters(const struct ledger *l, json_t *parameters)
{
	put_parameter(parameters, "mode", "create: every line is a new row. update: every line is "
		      "a row that exists. upsert: either.", words("create update upsert"));
	put_formatted(parameters, "key", json_sprintf("Column by which lines and rows are matched. "
		      "Default: %s, with mode=create none.", l->key), match_columns(l));
	put_parameter(parameters, "on_error", "abort: one fault refuses the whole table. draft: "
		      "what is not complete stays 下書き, unreadable cells stay empty. skip: the "
		      "line is left out.", words("abort draft skip"));
	put_life_parameters(l, parameters);
	put_parameter(parameters, "blank", "What an empty cell does to a row that exists.",
		      words("clear keep"));
	put_parameter(parameters, "separator", "What stands between cells.",
		      words("comma tab semicolon"));
	put_parameter(parameters, "map", "Foreign headers, HEADER:column apart by commas; `-` "
		      "ignores a column. Or the name of a map of the configuration.",
		      json_pack("{s:s, s:[s]}", "type", "string", "examples",
				"serial:serial_no,rack:-"));
	put_parameter(parameters, "set", "The same value in every row, column:value apart by "
		      "commas.", json_pack("{s:s, s:[s]}", "type", "string", "examples",
					   "unit:hoshi-its,asset_type:server"));
	put_parameter(parameters, "format", "csv: instead of the report, the lines with faults and "
		      "two more columns, line and errors. Also by Accept.", words("json csv"));
}
