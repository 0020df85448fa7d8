#include <string.h>

#include <base/json.h>
#include <ledger/record.h>

static void
member_fault(struct faults *l, const char *name, const char *code, const char *clause,
	     const char *ja, const char *en)
{
	struct fault f = { .field = name, .code = code, .clause = clause, .ja = ja, .en = en };

	faults_add(l, &f);
}

/* What a client may not write, it may send back unchanged only where a later check compares. */
static bool
may_write(const struct field *f, enum record_purpose purpose, struct faults *faults)
{
	if (f->flags & FF_READONLY) {
		member_fault(faults, f->name, "read_only", f->clause,
			     "システムが設定する項目です。指定できません。",
			     "This member is set by the system.");
		return false;
	}
	if ((f->flags & FF_FIXED) && purpose == RECORD_PATCH) {
		member_fault(faults, f->name, "fixed", f->clause,
			     "登録後は変更できない項目です。", "Cannot be changed after creation.");
		return false;
	}
	return true;
}

/* What is empty may stay so where a fallback fills it in, or where it is kept as it was. */
static bool
is_provided(const struct field *f, enum record_purpose purpose, bool given)
{
	if (purpose == RECORD_PATCH)
		return !given;
	return f->fallback != NULL || (purpose == RECORD_REPLACE && (f->flags & FF_FIXED));
}

static void
require(const struct record *r, enum record_purpose purpose, struct faults *faults)
{
	const struct ledger *l = r->ledger;
	size_t i;

	for (i = 0; i < l->count; i++) {
		const struct field *f = &l->fields[i];
		bool needed = (f->flags & FF_OWNER) || f->fallback != NULL ||
			(!l->drafts && (f->flags & FF_REQUIRED));

		if (needed && r->value[i] == NULL && !is_provided(f, purpose, r->given[i]))
			member_fault(faults, f->name, "required", f->clause,
				     "必須の項目です。", "This member is required.");
	}
}

enum err
record_read(const struct ledger *l, struct arena *arena, const json_t *j,
	    enum record_purpose purpose, struct faults *faults, struct record *ret)
{
	size_t before = faults->total;
	const char *name;
	json_t *value;

	*ret = (struct record){ .ledger = l };
	if (!json_is_object(j)) {
		member_fault(faults, NULL, "wrong_type", NULL, "JSONオブジェクトを送ってください。",
			     "A JSON object is expected.");
		return ERR_INVALID;
	}
	json_object_foreach((json_t *)j, name, value) {
		const struct field *f = ledger_field(l, name);
		size_t i;

		if (f == NULL) {
			member_fault(faults, name, "unknown_member", NULL,
				     "この台帳にない項目です。", "The ledger has no such member.");
			continue;
		}
		i = field_index(l, f);
		if (may_write(f, purpose, faults) &&
		    value_from_json(f, arena, value, faults, &ret->value[i]))
			ret->given[i] = true;
	}
	if (faults->total == before)
		require(ret, purpose, faults);
	return faults->total == before ? OK : ERR_INVALID;
}

const char *
record_document(const struct record *r, struct arena *arena)
{
	const struct ledger *l = r->ledger;
	struct buf b;
	char *text;
	size_t i;

	buf_init(&b, 8 * 1024 * 1024);
	for (i = 0; i < l->count; i++) {
		if (!r->given[i])
			continue;
		buf_addf(&b, "%c\"%s\":", b.len == 0 ? '{' : ',', l->fields[i].name);
		json_put_cstring(&b, r->value[i]);
	}
	buf_adds(&b, b.len == 0 ? "{}" : "}");
	if (b.failed)
		bug("record of %s past its ceiling", l->path);
	text = arena_dup(arena, buf_text(&b), b.len);
	buf_release(&b);
	return text;
}

void
record_complete(struct record *r)
{
	const struct ledger *l = r->ledger;
	size_t i;

	for (i = 0; i < l->count; i++)
		if (l->fields[i].fallback != NULL && r->value[i] == NULL) {
			r->value[i] = l->fields[i].fallback;
			r->given[i] = true;
		}
}
