#include <string.h>

#include <base/json.h>
#include <workflow/catalogue.h>
#include <workflow/secret.h>

/* ---- reading -------------------------------------------------------------------------------- */

static const struct field note_field = { .name = "note", .type = FT_TEXT, .max = 4000,
	.flags = FF_LINES };

struct reading {
	struct arena *arena;
	struct faults *faults;
	struct buf *out;
};

static void
put_fault(struct reading *r, const char *field, const char *code, const char *clause,
	  const char *ja, const char *en)
{
	faults_add(r->faults, &(struct fault){ .field = field, .code = code, .clause = clause,
					       .ja = ja, .en = en });
}

/* 4.1(2)④(d): accounts are listed, what opens them is not. */
static void
refuse_secret(struct reading *r, const char *field, const char *text)
{
	const char *what = secret_found(r->arena, text);

	if (what != NULL)
		put_fault(r, field, "secret", "4.1(2)④(d), 7.1.3(2)②",
			  "パスワード、鍵、そのハッシュ値のように見えます。カタログには書けません。",
			  arena_printf(r->arena, "It looks like %s: no catalogue holds any.",
				       what));
}

static const struct field *
member_named(const struct catalogue_section *s, const char *name)
{
	const struct field *f;

	for (f = s->members; f->name != NULL; f++)
		if (strcmp(f->name, name) == 0)
			return f;
	return NULL;
}

/* Written in the order of the declaration, whatever the order it came in. */
static void
read_entry(struct reading *r, const struct catalogue_section *s, const json_t *entry,
	   const char *at)
{
	const struct field *f;
	const char *name, *value;
	json_t *j;
	bool any = false;

	if (!json_is_object(entry)) {
		put_fault(r, at, "wrong_type", s->clause, "オブジェクトで指定してください。",
			  "An object is expected.");
		return;
	}
	json_object_foreach((json_t *)(uintptr_t)entry, name, j) {
		if (member_named(s, name) == NULL)
			put_fault(r, arena_printf(r->arena, "%s/%s", at, name), "unknown_member",
				  s->clause, "この節にない項目です。", "Not a member of this section.");
	}
	for (f = s->members; f->name != NULL; f++) {
		struct field here = *f;

		here.name = arena_printf(r->arena, "%s/%s", at, f->name);
		here.clause = s->clause;
		j = json_object_get(entry, f->name);
		value = NULL;
		if (j != NULL && !value_from_json(&here, r->arena, j, r->faults, &value))
			continue;
		if (value == NULL) {
			if (f->flags & FF_REQUIRED)
				put_fault(r, here.name, "required", s->clause, "必須の項目です。",
					  "This member is required.");
			continue;
		}
		if (f->type == FT_TEXT)
			refuse_secret(r, here.name, value);
		buf_addf(r->out, "%c\"%s\":", any ? ',' : '{', f->name);
		value_put_json(f, value, r->out);
		any = true;
	}
	buf_adds(r->out, any ? "}" : "{}");
}

static void
read_section(struct reading *r, const struct catalogue_section *s, const json_t *list)
{
	const json_t *entry;
	size_t i;

	buf_addc(r->out, '[');
	if (!json_is_array(list)) {
		put_fault(r, s->name, "wrong_type", s->clause, "配列で指定してください。",
			  "An array is expected.");
	} else if (json_array_size(list) > CATALOGUE_ENTRIES_MAX) {
		put_fault(r, s->name, "too_many", s->clause, "500件までです。",
			  "At most 500 entries.");
	} else {
		json_array_foreach(list, i, entry) {
			if (i > 0)
				buf_addc(r->out, ',');
			read_entry(r, s, entry, arena_printf(r->arena, "#/%s/%zu", s->name, i));
		}
	}
	buf_addc(r->out, ']');
}

static void
read_note(struct reading *r, const json_t *j)
{
	const char *value = NULL;

	if (!value_from_json(&note_field, r->arena, j, r->faults, &value))
		return;
	if (value != NULL)
		refuse_secret(r, "note", value);
	json_put_cstring(r->out, value);
}

static const struct catalogue_section *
section_named(const char *name)
{
	const struct catalogue_section *s;

	for (s = catalogue_sections; s->name != NULL; s++)
		if (strcmp(s->name, name) == 0)
			return s;
	return NULL;
}

enum err
catalogue_read(struct arena *arena, const json_t *j, const char *const *others,
	       struct faults *faults, const char **ret)
{
	struct buf b;
	struct reading r = { .arena = arena, .faults = faults, .out = &b };
	size_t before = faults->total;
	const char *name;
	json_t *value;

	buf_init(&b, 8 * 1024 * 1024);
	json_object_foreach((json_t *)(uintptr_t)j, name, value) {
		const struct catalogue_section *s = section_named(name);
		bool is_note = strcmp(name, "note") == 0;

		if (str_in(name, others))
			continue;
		if (s == NULL && !is_note) {
			put_fault(&r, name, "unknown_member", NULL, "ここでは使えない項目です。",
				  "Not a member of this request.");
			continue;
		}
		buf_addf(&b, "%c\"%s\":", b.len == 0 ? '{' : ',', name);
		if (is_note)
			read_note(&r, value);
		else
			read_section(&r, s, value);
	}
	buf_adds(&b, b.len == 0 ? "{}" : "}");
	if (b.failed)
		bug("a catalogue past its ceiling");
	if (faults->total == before)
		*ret = arena_dup(arena, buf_text(&b), b.len);
	buf_release(&b);
	return faults->total == before ? OK : ERR_INVALID;
}

/* ---- acts ----------------------------------------------------------------------------------- */

static enum err
told(struct tx *tx, enum err e, struct faults *faults)
{
	if ((e == ERR_RULES || e == ERR_FORBIDDEN) && tx->detail != NULL)
		rule_faults(tx->arena, tx->detail, faults);
	return e;
}

enum err
catalogue_create(const struct store *s, struct tx *tx, const char *asset, const char *copy,
		 const char *doc, struct faults *faults, PGresult **ret)
{
	struct tx_args args = { .n = 3, .v = { asset, copy, doc } };

	return told(tx, tx_once(tx, arena_printf(tx->arena,
		"/* writes */ SELECT %s FROM catalogue_create($1, $2, $3::jsonb)",
		store_columns(s, LEDGER_CATALOGUE)), &args, ret), faults);
}

/* What may not be seen is not there; then the act; no row: another version by now. */
static enum err
change(const struct store *s, struct tx *tx, const char *sql, const struct tx_args *args,
       const char *scope, struct faults *faults, PGresult **ret)
{
	PGresult *seen, *res;
	enum err e = store_get(s, tx, &ledger_catalogue, args->v[0], scope, &seen);

	if (e == OK)
		e = told(tx, tx_once(tx, sql, args, &res), faults);
	if (e != OK)
		return e;
	if (PQntuples(res) > 0 && !PQgetisnull(res, 0, 0)) {
		*ret = res;
		return OK;
	}
	e = store_get(s, tx, &ledger_catalogue, args->v[0], scope, ret);
	return e == OK ? ERR_PRECONDITION_FAILED : e;
}

static const char *
act(const struct store *s, struct tx *tx, const char *function)
{
	return arena_printf(tx->arena, "/* writes */ SELECT %s FROM %s",
			    store_columns(s, LEDGER_CATALOGUE), function);
}

enum err
catalogue_edit(const struct store *s, struct tx *tx, const char *no, const char *doc,
	       const char *version, const char *scope, struct faults *faults, PGresult **ret)
{
	struct tx_args args = { .n = 3, .v = { no, doc, version } };

	return change(s, tx, act(s, tx, "catalogue_edit($1, $2::jsonb, $3)"), &args, scope, faults,
		      ret);
}

enum err
catalogue_submit(const struct store *s, struct tx *tx, const char *no, const char *version,
		 const char *scope, struct faults *faults, PGresult **ret)
{
	struct tx_args args = { .n = 2, .v = { no, version } };

	return change(s, tx, act(s, tx, "catalogue_hand_in($1, $2)"), &args, scope, faults, ret);
}

enum err
catalogue_discard(const struct store *s, struct tx *tx, const char *no, const char *version,
		  const char *scope, struct faults *faults, PGresult **ret)
{
	struct tx_args args = { .n = 2, .v = { no, version } };

	return change(s, tx, act(s, tx, "catalogue_discard($1, $2)"), &args, scope, faults, ret);
}

enum err
catalogue_put_software(const struct store *s, struct tx *tx, const char *no,
		       const struct catalogue_list *list, const char *version,
		       const char *scope, struct faults *faults, PGresult **ret)
{
	struct tx_args args = { .n = 5, .v = { no, list->lines, version,
		list->replace ? "t" : "f", arena_printf(tx->arena, "%d", list->most) } };

	return change(s, tx, "/* writes */ SELECT catalogue_software_put($1, $2::jsonb, $3,"
		" $4::boolean, $5::integer)", &args, scope, faults, ret);
}
