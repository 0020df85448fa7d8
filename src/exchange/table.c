#include <errno.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include <base/json.h>
#include <exchange/csv.h>
#include <exchange/table.h>

#define FLUSH_AT (64 * 1024)

/* Types of pg_type that are written without quotes. */
enum { OID_BOOL = 16, OID_INT8 = 20, OID_INT2 = 21, OID_INT4 = 23, OID_JSON = 114,
       OID_TIMESTAMPTZ = 1184, OID_JSONB = 3802 };

/* Two digits at p, of which PostgreSQL has written both. */
static int
pair(const char *p)
{
	return (p[0] - '0') * 10 + (p[1] - '0');
}

/*
 * "2026-11-26 09:58:24.157+09" in the time zone of the session, as RFC 3339 in UTC and with all
 * digits, as rows and events have it.  Anything else (infinity) as it is.
 */
static void
put_moment(struct buf *b, const char *v)
{
	size_t n = strlen(v), zone = n, digits;
	char fraction[] = "000000", text[40];
	struct tm tm = { 0 };
	time_t t;
	int off;

	while (zone > 19 && v[zone] != '+' && v[zone] != '-')
		zone--;
	if (n < 22 || zone < 19 || v[10] != ' ' || (n - zone != 3 && n - zone != 6)) {
		json_put_cstring(b, v);
		return;
	}
	off = pair(v + zone + 1) * 3600 + (n - zone == 6 ? pair(v + zone + 4) * 60 : 0);
	tm.tm_year = pair(v) * 100 + pair(v + 2) - 1900;
	tm.tm_mon = pair(v + 5) - 1;
	tm.tm_mday = pair(v + 8);
	tm.tm_hour = pair(v + 11);
	tm.tm_min = pair(v + 14);
	tm.tm_sec = pair(v + 17);
	t = timegm(&tm) - (v[zone] == '-' ? -off : off);
	gmtime_r(&t, &tm);
	digits = zone > 20 ? zone - 20 : 0;
	memcpy(fraction, v + 20, digits < 6 ? digits : 6);
	strftime(text, sizeof(text), "%Y-%m-%dT%H:%M:%S", &tm);
	buf_addf(b, "\"%s.%sZ\"", text, fraction);
}

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
	case OID_TIMESTAMPTZ:
		put_moment(b, v);
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
