#include "missing.h"

/* When the column is needed, as SQL that is never null. */
static bool
put_needed(const struct ledger *l, const struct field *f, struct buf *b)
{
	const struct sheet *s = f->sheet == NULL ? NULL : ledger_sheet(l, f->sheet);

	if (!field_writable(f) || (f->when == NULL && !(f->flags & FF_REQUIRED)))
		return false;
	buf_addf(b, "coalesce((%s) AND (%s), false)", s == NULL ? "true" : s->when,
		 f->flags & FF_REQUIRED ? "true" : f->when);
	return true;
}

static void
put_empty(const struct field *f, struct buf *b)
{
	if (f->type == FT_TEXTS || f->type == FT_ENUMS)
		buf_addf(b, "coalesce(cardinality(%s), 0) = 0", f->name);
	else
		buf_addf(b, "%s IS NULL", f->name);
}

void
missing_put(const struct ledger *l, struct buf *b)
{
	struct buf count;
	size_t i;

	buf_init(&count, 1024 * 1024);
	buf_adds(b, "array_remove(ARRAY[");
	for (i = 0; i < l->count; i++) {
		const struct field *f = &l->fields[i];

		buf_adds(&count, count.len == 0 ? "" : " + ");
		if (!put_needed(l, f, &count)) {
			buf_adds(&count, "0");
			continue;
		}
		buf_adds(&count, "::integer");
		buf_adds(b, "CASE WHEN ");
		(void)put_needed(l, f, b);
		buf_adds(b, " AND ");
		put_empty(f, b);
		buf_addf(b, " THEN '%s' END, ", f->name);
	}
	buf_addf(b, "NULL]::text[], NULL) AS missing, %s AS needed", buf_text(&count));
	buf_release(&count);
}
