#include <string.h>

#include <ledger/row.h>
#include <ledger/value.h>

void
row_put_json(const struct ledger *l, const struct field_mask *mask, const PGresult *res, int row,
	     struct buf *b)
{
	char separator = '{';
	size_t i;

	for (i = 0; i < l->count; i++) {
		const struct field *f = &l->fields[i];
		bool empty = PQgetisnull(res, row, (int)i);

		if (mask->all ? empty && f->sheet != NULL : !mask->on[i])
			continue;
		buf_addc(b, separator);
		buf_addc(b, '"');
		buf_adds(b, f->name);
		buf_add(b, "\":", 2);
		value_put_json(f, empty ? NULL : PQgetvalue(res, row, (int)i), b);
		separator = ',';
	}
	if (separator == '{')
		buf_addc(b, '{');
	buf_addc(b, '}');
}

static const char *
cell(const struct ledger *l, const char *name, const PGresult *res, int row)
{
	return PQgetvalue(res, row, (int)field_index(l, ledger_field(l, name)));
}

const char *
row_key(const struct ledger *l, const PGresult *res, int row)
{
	return cell(l, l->key, res, row);
}

const char *
row_version(const struct ledger *l, const PGresult *res, int row)
{
	return cell(l, "row_version", res, row);
}
