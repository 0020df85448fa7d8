#include <string.h>

#include <base/json.h>
#include <base/text.h>
#include "members.h"
#include "scan.h"

void
scan_fault(struct request *req, long line, const char *field, const char *code,
	   const char *value, const char *ja, const char *en)
{
	faults_add(&req->faults, &(struct fault){ .field = field, .code = code, .line = line,
						  .value = value, .ja = ja, .en = en });
}

enum err
scan_csv(struct request *req, csv_record_fn *fn, void *arg)
{
	struct csv_reader *r = csv_reader_new(',', fn, arg);
	enum csv_fault f = CSV_OK;

	if (req->body_len > 0)
		f = csv_feed(r, req->body, req->body_len);
	if (f == CSV_OK)
		f = csv_finish(r);
	if (f != CSV_OK && f != CSV_STOPPED)
		scan_fault(req, csv_fault_line(r), NULL, csv_fault_code(f), NULL,
			   csv_fault_ja(f), csv_fault_en(f));
	csv_reader_free(r);
	return f == CSV_OK ? OK : ERR_INVALID;
}

static bool
full(struct request *req, const struct scan *s, long line)
{
	if (s->n < SCAN_MAX)
		return false;
	scan_fault(req, line, "numbers", "too_many", NULL, "一度に5,000件までです。",
		   "At most 5,000 at once.");
	return true;
}

/* false: no more are wanted. */
static bool
add(struct request *req, struct scan *s, const char *text, size_t n, long line)
{
	static const struct field number = { .name = "numbers", .type = FT_TEXT, .max = 64 };
	const char *v = NULL;

	if (n == 0 || !value_from_cell(&number, req->arena, text, n, line, &req->faults, &v) ||
	    v == NULL)
		return true;
	if (full(req, s, line))
		return false;
	s->v[s->n++] = v;
	return true;
}

struct column {
	struct request *req;
	struct scan *scan;
	size_t at;
	bool begun;
};

/* The column that is called so; without a header, the first. */
static bool
take_record(void *arg, const struct csv_record *r)
{
	static const char *const names[] = { "media_no", "number", "key", "媒体管理番号", "管理番号",
		"番号", NULL };
	struct column *c = arg;
	size_t i;

	if (!c->begun) {
		c->begun = true;
		for (i = 0; i < r->n; i++)
			if (str_in(text_fold(c->req->arena, r->v[i].p), names)) {
				c->at = i;
				return true;
			}
	}
	return c->at >= r->n || add(c->req, c->scan, r->v[c->at].p, r->v[c->at].n, r->line);
}

/* Lines as a scanner types them: a number, then Enter or Tab. */
static void
take_lines(struct request *req, struct scan *s)
{
	const char *p = req->body;
	long line = 1;
	size_t n;

	for (; p != NULL && *p != '\0'; p += n + (p[n] != '\0')) {
		n = strcspn(p, "\r\n\t,");
		if (!add(req, s, p, n, line))
			return;
		line += p[n] == '\n' || (p[n] == '\r' && p[n + 1] != '\n');
	}
}

static void
take_list(struct request *req, struct scan *s, const json_t *list)
{
	const json_t *one;
	size_t i;

	if (list != NULL && !json_is_array(list))
		scan_fault(req, 0, "numbers", "wrong_type", NULL, "文字列の配列で指定してください。",
			   "An array of strings is expected.");
	json_array_foreach(list, i, one) {
		if (!json_is_string(one)) {
			scan_fault(req, 0, "numbers", "wrong_type", NULL,
				   "文字列の配列で指定してください。",
				   "An array of strings is expected.");
			return;
		}
		if (!add(req, s, json_string_value(one), strlen(json_string_value(one)), 0))
			return;
	}
}

enum err
scan_read(struct request *req, struct member *others, size_t n, struct scan *ret)
{
	struct column column = { .req = req, .scan = ret };
	size_t before = req->faults.total;
	json_t *list = NULL;
	enum err e = OK;

	ret->n = 0;
	if (strcmp(req->content_type, "application/json") == 0)
		e = members_read_beside(req, others, n, "numbers", &list);
	else if (strcmp(req->content_type, "text/csv") == 0)
		e = scan_csv(req, take_record, &column);
	else
		take_lines(req, ret);
	if (e == OK && list != NULL)
		take_list(req, ret, list);
	if (e == OK && req->faults.total == before && ret->n == 0)
		scan_fault(req, 0, "numbers", "required", NULL, "必須の項目です。",
			   "This member is required.");
	return e != OK ? e : req->faults.total == before ? OK : ERR_INVALID;
}
