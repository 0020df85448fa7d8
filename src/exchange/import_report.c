#include <errno.h>
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
	bool header;
};

static void
put_record(struct buf *b, const struct csv_record *r)
{
	size_t i;

	for (i = 0; i < r->n; i++) {
		csv_put(b, r->v[i].p, r->v[i].n, true);
		buf_addc(b, ',');
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

static bool
take(void *arg, const struct csv_record *r)
{
	struct rejects *x = arg;
	const struct faults *l = &x->report->faults;

	if (!x->header) {
		x->header = true;
		put_record(&x->out, r);
		buf_adds(&x->out, "line,errors\r\n");
		return true;
	}
	while (x->at < l->n && l->v[x->at].line < r->line)
		x->at++;
	if (x->at == l->n || l->v[x->at].line != r->line)
		return x->at < l->n;
	put_record(&x->out, r);
	buf_addf(&x->out, "%ld,", r->line);
	put_faults(x, r->line);
	buf_adds(&x->out, "\r\n");
	return true;
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
