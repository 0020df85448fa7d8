#include <errno.h>
#include <limits.h>
#include <string.h>
#include <unistd.h>

#include <base/json.h>
#include "import.h"

void
import_report_json(const struct import_report *r, enum lang lang, struct buf *b)
{
	buf_adds(b, "\"import_no\":");
	json_put_cstring(b, r->import_no);
	buf_addf(b, ",\"state\":\"%s\",\"lines\":%ld,\"created\":%ld,\"updated\":%ld,"
		 "\"unchanged\":%ld,\"draft\":%ld,\"rejected\":%ld,", r->done ? "done" : "refused",
		 r->lines, r->created, r->updated, r->unchanged, r->draft, r->rejected);
	faults_json(&r->faults, lang, b);
}

struct rejects {
	const struct import_report *report;
	enum lang lang;
	struct buf out;
	size_t at; /* next fault, by line */
	size_t columns;
	bool header;
};

/* As many cells as the header has, so that line and errors stand in their columns. */
static void
put_record(struct rejects *x, const struct csv_record *r)
{
	size_t i;

	for (i = 0; i < x->columns; i++) {
		if (r != NULL && i < r->n)
			csv_put(&x->out, r->v[i].p, r->v[i].n, true);
		buf_addc(&x->out, ',');
	}
}

/* "serial_no: 既に…; unit: …" for all faults of one line. */
static void
put_faults(struct rejects *x, long line)
{
	const struct faults *l = &x->report->faults;
	struct buf text;

	buf_init(&text, 64 * 1024);
	for (; x->at < l->n && l->v[x->at].line == line; x->at++) {
		const struct fault *f = &l->v[x->at];

		if (text.len > 0)
			buf_adds(&text, " / ");
		if (f->field != NULL)
			buf_addf(&text, "%s: ", f->field);
		buf_addf(&text, "[%s] %s", f->code, x->lang == LANG_EN ? f->en : f->ja);
	}
	csv_put(&x->out, buf_text(&text), text.len, true);
	buf_release(&text);
}

static void
put_line(struct rejects *x, const struct csv_record *r, long line)
{
	put_record(x, r);
	buf_addf(&x->out, "%ld,", line);
	put_faults(x, line);
	buf_adds(&x->out, "\r\n");
}

/* Faults above this line that belong to no record: of the header, of a table that is broken. */
static void
put_others(struct rejects *x, long line)
{
	const struct faults *l = &x->report->faults;

	while (x->at < l->n && l->v[x->at].line < line)
		put_line(x, NULL, l->v[x->at].line);
}

static void
put_header(struct rejects *x, const struct csv_record *r)
{
	x->header = true;
	x->columns = r == NULL ? 0 : r->n;
	put_record(x, r);
	buf_adds(&x->out, "line,errors\r\n");
}

static bool
take(void *arg, const struct csv_record *r)
{
	struct rejects *x = arg;
	const struct faults *l = &x->report->faults;

	if (!x->header) {
		put_header(x, r);
		put_others(x, r->line + 1);
		return x->at < l->n;
	}
	put_others(x, r->line);
	if (x->at < l->n && l->v[x->at].line == r->line)
		put_line(x, r, r->line);
	return x->at < l->n;
}

enum err
import_report_csv(const struct import_report *r, char separator, enum lang lang, int fd, int out)
{
	struct rejects x = { .report = r, .lang = lang };
	struct csv_reader *reader = csv_reader_new(separator, take, &x);
	enum csv_fault fault = CSV_OK;
	char block[65536];
	ssize_t n;
	size_t done = 0;

	buf_init(&x.out, 64 * 1024 * 1024);
	if (lseek(fd, 0, SEEK_SET) < 0)
		fault = CSV_STOPPED;
	while (fault == CSV_OK && (n = read(fd, block, sizeof(block))) > 0)
		fault = csv_feed(reader, block, (size_t)n);
	if (fault == CSV_OK)
		fault = csv_finish(reader);
	csv_reader_free(reader);
	if (!x.header)
		put_header(&x, NULL);
	put_others(&x, LONG_MAX);
	while (done < x.out.len) {
		n = write(out, buf_text(&x.out) + done, x.out.len - done);
		if (n < 0 && errno != EINTR)
			break;
		done += n > 0 ? (size_t)n : 0;
	}
	fault = x.out.failed || done < x.out.len ? CSV_RECORD_TOO_LONG : CSV_OK;
	buf_release(&x.out);
	return fault == CSV_OK ? OK : ERR_INTERNAL;
}
