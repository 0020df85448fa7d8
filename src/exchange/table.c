#include <errno.h>
#include <string.h>
#include <unistd.h>

#include <base/json.h>
#include <exchange/csv.h>
#include <exchange/table.h>

#define FLUSH_AT (64 * 1024)

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

static void
put_names(const PGresult *res, struct buf *b)
{
	int col;

	for (col = 0; col < PQnfields(res); col++)
		buf_addf(b, "%s%s", col == 0 ? "" : ",", PQfname(res, col));
	buf_adds(b, "\r\n");
}

static void
put_cells(const PGresult *res, int row, struct buf *b)
{
	int col;

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

void
table_put_csv(const PGresult *res, struct buf *b)
{
	int row;

	put_names(res, b);
	for (row = 0; row < PQntuples(res); row++)
		put_cells(res, row, b);
}

enum err
table_flush(struct buf *b, int fd)
{
	const char *p = buf_text(b);
	size_t left = b->len;

	while (left > 0) {
		ssize_t n = write(fd, p, left);

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return ERR_INTERNAL;
		p += n;
		left -= (size_t)n;
	}
	buf_clear(b);
	return OK;
}

struct file {
	struct buf out;
	int fd;
	bool csv;
	int64_t rows, high;
};

static enum err
put_file_row(void *arg, const PGresult *res)
{
	struct file *f = arg;

	if (f->csv && f->rows == 0)
		put_names(res, &f->out);
	f->rows++;
	f->high += tx_int(res, 0, PQfnumber(res, "confidentiality")) >= 3;
	if (f->csv) {
		put_cells(res, 0, &f->out);
	} else {
		table_put_row(res, 0, &f->out);
		buf_addc(&f->out, '\n');
	}
	if (f->out.failed)
		return ERR_INTERNAL;
	return f->out.len < FLUSH_AT ? OK : table_flush(&f->out, f->fd);
}

enum err
table_run(struct tx *tx, const char *sql, const struct tx_args *args, bool csv, int fd,
	  int64_t *ret_rows, int64_t *ret_high)
{
	struct file f = { .fd = fd, .csv = csv };
	enum err e;

	buf_init(&f.out, 16 * 1024 * 1024);
	e = tx_each(tx, sql, args, put_file_row, &f);
	if (e == OK)
		e = table_flush(&f.out, fd);
	buf_release(&f.out);
	if (e != OK)
		return e;
	*ret_rows = f.rows;
	*ret_high = f.high;
	return OK;
}
