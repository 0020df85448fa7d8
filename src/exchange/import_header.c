#include <string.h>

#include <base/text.h>
#include "import.h"

static void
header_fault(struct import *m, const char *column, const char *code, const char *ja,
	     const char *en)
{
	import_fault(m, 1, NULL, column, code, NULL, ja, en);
}

/* "A", "B" … "AA": how a spreadsheet calls the column. */
static const char *
letter(struct import *m, size_t i)
{
	if (i < 26)
		return arena_printf(m->arena, "%c", (char)('A' + i));
	return arena_printf(m->arena, "%c%c", (char)('A' + i / 26 - 1), (char)('A' + i % 26));
}

/* The target of a header in "serial:serial_no,rack:-"; NULL: not mapped. */
static const char *
mapped(struct import *m, const char *header)
{
	const char *p = m->o->map, *folded = text_fold(m->arena, header);

	while (p != NULL && *p != '\0') {
		size_t n = strcspn(p, ","), colon = strcspn(p, ":");

		if (colon < n &&
		    strcmp(folded, text_fold(m->arena, arena_dup(m->arena, p, colon))) == 0)
			return arena_dup(m->arena, p + colon + 1, n - colon - 1);
		p += n + (p[n] == ',');
	}
	return NULL;
}

static bool
read_one_header(struct import *m, size_t i, const struct csv_field *cell)
{
	const struct field *f;
	const char *target, *header = cell->p;
	char *text;
	size_t at;

	if (text_read(m->arena, cell->p, cell->n, 200, TEXT_LINES, &text, &at) != TEXT_OK) {
		header_fault(m, letter(m, i), "bad_header",
			     "見出しを文字として読めません。文字コードはUTF-8ですか。",
			     "The header is no text; is the file UTF-8?");
		return false;
	}
	header = text;
	if (header[0] == '\0') {
		header_fault(m, letter(m, i), "blank_header", "見出しが空の列があります。",
			     "A column has no header.");
		return false;
	}
	target = mapped(m, header);
	if (target != NULL && strcmp(target, "-") == 0)
		return true; /* ignored on request */
	f = target != NULL ? ledger_field(m->ledger, target) :
		ledger_field_by_header(m->ledger, m->arena, header);
	if (f == NULL) {
		header_fault(m, header, "unknown_header",
			     "台帳にない見出しです。map=見出し:項目名 で対応を、map=見出し:- で無視を指定できます。",
			     "Unknown header; map=HEADER:column maps it, map=HEADER:- ignores it.");
		return false;
	}
	if (m->given[field_index(m->ledger, f)]) {
		header_fault(m, header, "duplicate_header",
			     arena_printf(m->arena, "「%s」の列が二つあります。", f->label),
			     arena_printf(m->arena, "Two columns are '%s'.", f->name));
		return false;
	}
	m->column[i] = f;
	m->given[field_index(m->ledger, f)] = true;
	return true;
}

/* set=unit:hoshi-its,asset_type:server : the same value for every row. */
static bool
read_constants(struct import *m)
{
	const char *p = m->o->set;
	bool fine = true;

	while (p != NULL && *p != '\0') {
		size_t n = strcspn(p, ","), colon = strcspn(p, ":");
		const char *name = arena_dup(m->arena, p, colon < n ? colon : n);
		const struct field *f = ledger_field(m->ledger, name);
		size_t i = f == NULL ? 0 : field_index(m->ledger, f);

		if (f == NULL || colon >= n || !field_writable(f) || m->given[i]) {
			import_fault(m, 0, NULL, "?set", "bad_set", name,
				     "set= には、表にない入力項目を 項目名:値 で指定してください。",
				     "set= takes column:value of a writable column that the table "
				     "does not have.");
			fine = false;
		} else if (value_from_cell(f, m->arena, p + colon + 1, n - colon - 1, 1,
					   &m->report->faults, &m->constant[i])) {
			m->given[i] = true;
		} else {
			fine = false;
		}
		p += n + (p[n] == ',');
	}
	return fine;
}

static bool
check_key(struct import *m)
{
	const struct field *key = m->o->key;

	if (key == NULL || m->given[field_index(m->ledger, key)])
		return true;
	header_fault(m, key->name, "key_missing",
		     arena_printf(m->arena, "照合に使う「%s」の列がありません。", key->label),
		     arena_printf(m->arena, "The table has no column '%s' to match by.",
				  key->name));
	return false;
}

bool
import_header_read(struct import *m, const struct csv_record *r)
{
	const struct field *owner = ledger_field(m->ledger, m->ledger->scope);
	bool fine = true;
	size_t i;

	for (i = 0; i < r->n; i++)
		if (!read_one_header(m, i, &r->v[i]))
			fine = false;
	m->column_count = r->n;
	m->have_header = true;
	if (!read_constants(m) || !check_key(m))
		return false;
	memcpy(m->waiting, m->given, sizeof(m->waiting));
	/* every waiting row has its 機関, named or not */
	m->waiting[field_index(m->ledger, owner)] = true;
	return fine;
}
