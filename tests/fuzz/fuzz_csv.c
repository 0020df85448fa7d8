/*
 * csv.h.  The first byte chooses separator, guard and how the rest is cut.  Holds: cutting changes
 * nothing; fields are terminated and bounded; what is written from a readable table is read back.
 */
#include <stdlib.h>
#include <string.h>

#include <base/buf.h>
#include <base/util.h>
#include <exchange/csv.h>

#include "fuzz.h"

struct run {
	struct buf seen;    /* every record, unambiguously */
	struct buf written; /* every record as csv_put() writes it */
	long line;
	char separator;
	bool excel;
	bool strip;
	bool with_lines;
};

static bool
note(void *arg, const struct csv_record *r)
{
	struct run *run = arg;
	size_t i, sum = 0, n;

	HOLDS(r->n >= 1 && r->n <= CSV_FIELDS_MAX);
	HOLDS(r->line > run->line);
	run->line = r->line;
	if (run->with_lines)
		buf_addf(&run->seen, "line %ld ", r->line);
	for (i = 0; i < r->n; i++) {
		const struct csv_field *f = &r->v[i];
		const char *p = f->p;

		HOLDS(p[f->n] == '\0' && strlen(p) == f->n);
		sum += f->n + 1;
		n = f->n;
		if (run->strip)
			p = csv_strip_guard(p, n, &n);
		HOLDS(n == f->n || n + 1 == f->n);
		buf_addf(&run->seen, "%zu:", n);
		buf_add(&run->seen, p, n);
		if (i > 0)
			buf_addc(&run->written, run->separator);
		if (r->n == 1 && f->n == 0)
			buf_adds(&run->written, "\"\"");
		else
			csv_put(&run->written, f->p, f->n, run->excel);
	}
	HOLDS(sum <= CSV_RECORD_MAX);
	buf_addc(&run->seen, '\n');
	buf_adds(&run->written, "\r\n");
	return true;
}

static void
run_init(struct run *run, uint8_t how)
{
	*run = (struct run){ .separator = ",;\t,"[how & 3], .excel = (how & 4) != 0 };
	buf_init(&run->seen, 1 << 28);
	buf_init(&run->written, 1 << 28);
}

static void
run_release(struct run *run)
{
	buf_release(&run->seen);
	buf_release(&run->written);
}

/* step 0 = at once */
static enum csv_fault
read_all(struct run *run, const char *s, size_t n, size_t step, long *ret_line)
{
	struct csv_reader *r = csv_reader_new(run->separator, note, run);
	enum csv_fault f = CSV_OK;
	size_t i, len;

	for (i = 0; i < n && f == CSV_OK; i += len) {
		len = step == 0 || step > n - i ? n - i : step;
		f = csv_feed(r, s + i, len);
	}
	if (f != CSV_OK)
		HOLDS(csv_finish(r) == f);
	f = csv_finish(r);
	*ret_line = csv_fault_line(r);
	HOLDS((f == CSV_OK) == (*ret_line == 0));
	HOLDS(csv_fault_code(f) != NULL);
	csv_reader_free(r);
	return f;
}

static bool
same(const struct buf *a, const struct buf *b)
{
	return a->len == b->len && (a->len == 0 || memcmp(a->data, b->data, a->len) == 0);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const char *s = (const char *)data + 1;
	struct run whole, pieces, again;
	enum csv_fault f;
	long line, line2;

	if (size == 0)
		return 0;
	run_init(&whole, data[0]);
	run_init(&pieces, data[0]);
	run_init(&again, data[0]);
	whole.with_lines = pieces.with_lines = true;
	f = read_all(&whole, s, size - 1, 0, &line);
	HOLDS(read_all(&pieces, s, size - 1, 1 + (size_t)(data[0] >> 3), &line2) == f);
	HOLDS(line == line2 && same(&whole.seen, &pieces.seen));
	if (f == CSV_OK) {
		struct run plain;

		run_init(&plain, data[0]);
		read_all(&plain, s, size - 1, 0, &line);
		again.strip = again.excel;
		HOLDS(read_all(&again, buf_text(&whole.written), whole.written.len, 0, &line) ==
		      CSV_OK);
		HOLDS(same(&plain.seen, &again.seen));
		run_release(&plain);
	}
	run_release(&whole);
	run_release(&pieces);
	run_release(&again);
	return 0;
}
