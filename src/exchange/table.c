#include <string.h>

#include <base/json.h>
#include <exchange/csv.h>
#include <exchange/table.h>

/* Types of pg_type that are written without quotes. */
enum { OID_BOOL = 16, OID_INT8 = 20, OID_INT2 = 21, OID_INT4 = 23, OID_JSON = 114,
       OID_JSONB = 3802 };

static void
put_value(const PGresult *res, int row, int col, struct buf *b)
{
	const char *v = tx_text(res, row, col);

	if (v == NULL) {
		buf_adds(b, "null");
		return;
	}
	switch (PQftype(res, col)) {
	case OID_BOOL:
		buf_adds(b, v[0] == 't' ? "true" : "false");
		break;
	case OID_INT2:
	case OID_INT4:
	case OID_INT8:
	case OID_JSON:
	case OID_JSONB:
		buf_adds(b, v);
		break;
	default:
		json_put_cstring(b, v);
	}
}

void
table_put_row(const PGresult *res, int row, struct buf *b)
{
	int col;

	for (col = 0; col < PQnfields(res); col++) {
		buf_addc(b, col == 0 ? '{' : ',');
		json_put_cstring(b, PQfname(res, col));
		buf_addc(b, ':');
		put_value(res, row, col, b);
	}
	buf_addc(b, '}');
}

void
table_put_rows(const PGresult *res, const char *between, struct buf *b)
{
	int row;

	for (row = 0; row < PQntuples(res); row++) {
		buf_adds(b, row == 0 ? "" : between);
		table_put_row(res, row, b);
	}
}

void
table_put_csv(const PGresult *res, struct buf *b)
{
	int row, col;

	for (col = 0; col < PQnfields(res); col++)
		buf_addf(b, "%s%s", col == 0 ? "" : ",", PQfname(res, col));
	buf_adds(b, "\r\n");
	for (row = 0; row < PQntuples(res); row++) {
		for (col = 0; col < PQnfields(res); col++) {
			const char *v = tx_text(res, row, col);

			buf_adds(b, col == 0 ? "" : ",");
			if (v == NULL)
				continue;
			if (PQftype(res, col) == OID_BOOL)
				v = v[0] == 't' ? "true" : "false";
			csv_put(b, v, strlen(v), false);
		}
		buf_adds(b, "\r\n");
	}
}
