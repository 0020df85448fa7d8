/* Look-up in an incident: whose is this, who has this software (3.3(2)②(d)). */
#include <string.h>

#include <base/json.h>
#include <exchange/csv.h>
#include <exchange/purl.h>
#include <workflow/lookup.h>
#include "arguments.h"
#include "handlers.h"
#include "records.h"
#include "table.h"

/* ---- whose is it ------------------------------------------------------------------------ */

static enum err
read_way(struct request *req, enum lookup_way *ret)
{
	const char *by = request_arg(req, "by");

	*ret = by == NULL ? LOOKUP_ANY : lookup_way_find(by);
	if (*ret != LOOKUP_WAY__MAX)
		return OK;
	request_arg_fault(req, "by", "unknown_choice",
			  "ip、mac、host、name、person、place、os のいずれかです。",
			  "One of ip, mac, host, name, person, place, os.");
	return ERR_BAD_QUERY;
}

static enum err
read_question(struct request *req, struct lookup *ret, int64_t *ret_limit)
{
	const char *q = request_arg(req, "q");
	enum lookup_way way;
	enum err e = read_way(req, &way), one;

	if (q == NULL) {
		request_arg_fault(req, "q", "required", "何を探すかを指定してください。",
				  "Say what is looked for.");
		e = ERR_BAD_QUERY;
	} else if (e == OK) {
		e = lookup_read(req->arena, q, way, &req->faults, ret);
	}
	one = request_arg_int(req, "limit", 1, 500, 50, ret_limit);
	e = e == OK ? one : e;
	one = request_args_done(req);
	return e == OK ? one : e;
}

/* Items, and whether there are more of them than were asked for. */
static void
put_answer(struct request *req, struct response *resp, const PGresult *res, int64_t limit)
{
	struct buf *b = &resp->body;
	int i;

	(void)req;
	buf_adds(b, "{\"items\":[");
	for (i = 0; i < PQntuples(res) && i < limit; i++) {
		buf_adds(b, i == 0 ? "" : ",");
		table_put_row(res, i, b);
	}
	buf_addf(b, "],\"more\":%s}\n", PQntuples(res) > limit ? "true" : "false");
}

enum err
lookup_get(struct request *req, struct response *resp)
{
	enum table_format format = TABLE_JSON;
	struct lookup l;
	int64_t limit = 0;
	PGresult *res;
	enum err e = table_format(req, &format), one = read_question(req, &l, &limit);

	e = e == OK ? one : e;
	if (e == OK)
		e = lookup_run(&req->tx, &l, format == TABLE_JSON ? lookup_columns_json :
			       lookup_columns_flat, (int)limit + (format == TABLE_JSON), &res);
	if (e == OK)
		e = lookup_note(&req->tx, res, PQfnumber(res, "asset_no"),
				arena_printf(req->arena, "lookup %s", l.text));
	if (e != OK)
		return e;
	if (format == TABLE_JSON)
		put_answer(req, resp, res, limit);
	else
		table_answer_file(req, resp, res, "lookup", format);
	return OK;
}

/* ---- who has this software -------------------------------------------------------------- */

/* Rows of one asset: from..to of the result that fit. */
struct holder {
	const char *asset;
	int from, to;
};

struct found {
	const struct software_query *q;
	PGresult *software, *assets;
	struct holder *holders;
	size_t n;
};

/* Any word may be one; of several words one has a number in it ("10 SP1"). */
static bool
is_version(const char *s)
{
	return s[0] != '\0' && (strpbrk(s, " \t") == NULL || strpbrk(s, "0123456789") != NULL);
}

static enum err
read_software(struct request *req, struct software_query *q)
{
	enum err e = OK, type;
	int i;

	*q = (struct software_query){ .name = request_arg(req, "name"),
		.source = request_arg(req, "source") };
	for (i = 0; i < VERSION_CONDITION__MAX; i++)
		q->versions[i] = request_arg(req, version_condition_names[i]);
	if ((q->name == NULL) == (q->source == NULL)) {
		request_arg_fault(req, "name", "required",
				  "name 又は source のどちらか一方を指定してください。",
				  "Either name or source.");
		e = ERR_BAD_QUERY;
	}
	for (i = 0; i < VERSION_CONDITION__MAX; i++)
		if (q->versions[i] != NULL && !is_version(q->versions[i])) {
			request_arg_fault(req, version_condition_names[i],
					  q->versions[i][0] == '\0' ? "empty" : "bad_format",
					  "1.22.1-9+deb12u1 のような版です。",
					  "A version, such as 1.22.1-9+deb12u1.");
			e = ERR_BAD_QUERY;
		}
	type = argument_choice(req, "type", purl_types, false, &q->type);
	return e == OK ? type : e;
}

/* Assets of which something fits, in their order, each once; at most `most` after the cursor. */
static void
choose(struct arena *arena, struct found *f, const char *after, size_t most)
{
	int n = PQntuples(f->software), i;
	bool known;

	f->holders = arena_alloc(arena, ((size_t)n + 1) * sizeof(*f->holders));
	f->n = 0;
	for (i = 0; i < n; i++) {
		const char *asset = PQgetvalue(f->software, i, SOFTWARE_ASSET);
		struct holder *h = f->n == 0 ? NULL : &f->holders[f->n - 1];

		if ((after != NULL && strcmp(asset, after) <= 0) ||
		    !software_fits(f->q, f->software, i, &known))
			continue;
		if (h != NULL && strcmp(h->asset, asset) == 0) {
			h->to = i;
			continue;
		}
		if (f->n == most)
			break;
		f->holders[f->n++] = (struct holder){ asset, i, i };
	}
}

static enum err
ask_assets(struct request *req, struct found *f, const char *columns)
{
	const char **keys = arena_alloc(req->arena, (f->n + 1) * sizeof(*keys));
	size_t i;
	enum err e;

	for (i = 0; i < f->n; i++)
		keys[i] = f->holders[i].asset;
	e = lookup_rows(&req->tx, columns, array_literal(req->arena, keys, f->n), &f->assets);
	return e == OK ? lookup_note(&req->tx, f->assets, 0, arena_printf(req->arena, "software %s",
		f->q->name != NULL ? f->q->name : f->q->source)) : e;
}

/* {…asset…,"software":[{…}]} */
static void
put_holder(struct buf *b, const struct found *f, const struct holder *h, int asset, struct buf *row)
{
	const char *sep = "";
	bool known;
	int i, c;

	buf_clear(row);
	table_put_row(f->assets, asset, row);
	buf_add(b, buf_text(row), row->len - 1);
	buf_adds(b, ",\"software\":[");
	for (i = h->from; i <= h->to; i++) {
		if (!software_fits(f->q, f->software, i, &known))
			continue;
		buf_addf(b, "%s{\"version_known\":%s", sep, known ? "true" : "false");
		for (c = SOFTWARE_NAME; c < SOFTWARE__MAX; c++) {
			buf_addf(b, ",\"%s\":", c == SOFTWARE_NAME ? "name" :
				 PQfname(f->software, c));
			json_put_cstring(b, tx_text(f->software, i, c));
		}
		buf_addc(b, '}');
		sep = ",";
	}
	buf_adds(b, "]}");
}

/* Both are in the order of the numbers; what is seen no more is left out. */
static void
put_holders(struct buf *b, const struct found *f, const char *between)
{
	struct buf row;
	const char *sep = "";
	size_t i;
	int a = 0;

	buf_init(&row, 1024 * 1024);
	for (i = 0; i < f->n && a < PQntuples(f->assets); i++) {
		if (strcmp(PQgetvalue(f->assets, a, 0), f->holders[i].asset) != 0)
			continue;
		buf_adds(b, sep);
		put_holder(b, f, &f->holders[i], a++, &row);
		sep = between;
	}
	buf_release(&row);
}

static void
put_cell(struct buf *b, const char *sep, const char *v)
{
	buf_adds(b, sep);
	if (v != NULL)
		csv_put(b, v, strlen(v), false);
}

static void
put_lines(struct buf *b, const struct found *f, const struct holder *h, int asset)
{
	bool known;
	int i, c;

	for (i = h->from; i <= h->to; i++) {
		if (!software_fits(f->q, f->software, i, &known))
			continue;
		for (c = SOFTWARE_NAME; c < SOFTWARE__MAX; c++)
			put_cell(b, c == SOFTWARE_NAME ? "" : ",", tx_text(f->software, i, c));
		buf_adds(b, known ? ",true" : ",false");
		for (c = 0; c < PQnfields(f->assets); c++) {
			const char *v = tx_text(f->assets, asset, c);

			if (v != NULL && PQftype(f->assets, c) == 16) /* boolean */
				v = v[0] == 't' ? "true" : "false";
			put_cell(b, ",", v);
		}
		buf_adds(b, "\r\n");
	}
}

/* One line for each package of each server. */
static void
put_table(struct buf *b, const struct found *f)
{
	size_t i;
	int a = 0, c;

	for (c = SOFTWARE_NAME; c < SOFTWARE__MAX; c++)
		buf_addf(b, "%s,", PQfname(f->software, c));
	buf_adds(b, "version_known");
	for (c = 0; c < PQnfields(f->assets); c++)
		buf_addf(b, ",%s", PQfname(f->assets, c));
	buf_adds(b, "\r\n");
	for (i = 0; i < f->n && a < PQntuples(f->assets); i++)
		if (strcmp(PQgetvalue(f->assets, a, 0), f->holders[i].asset) == 0)
			put_lines(b, f, &f->holders[i], a++);
}

static void
answer_page(struct request *req, struct response *resp, struct found *f, const char *next)
{
	if (next != NULL)
		response_header(resp, "Link", list_next_link(req, next));
	buf_adds(&resp->body, "{\"items\":[");
	put_holders(&resp->body, f, ",");
	buf_adds(&resp->body, "],\"next\":");
	json_put_cstring(&resp->body, next);
	buf_adds(&resp->body, "}\n");
}

static void
answer_file(struct request *req, struct response *resp, struct found *f, enum table_format format)
{
	if (format == TABLE_CSV) {
		put_table(&resp->body, f);
	} else {
		put_holders(&resp->body, f, "\n");
		buf_adds(&resp->body, f->n == 0 ? "" : "\n");
	}
	table_file_headers(req, resp, "software", format);
}

enum err
software_get(struct request *req, struct response *resp)
{
	enum table_format format = TABLE_JSON;
	const char *cursor = request_arg(req, "cursor"), *next = NULL;
	struct software_query q;
	struct found f = { .q = &q };
	int64_t limit = 0;
	enum err e = table_format(req, &format), one = read_software(req, &q);

	e = e == OK ? one : e;
	one = request_arg_int(req, "limit", 1, 500, 50, &limit);
	e = e == OK ? one : e;
	one = request_args_done(req);
	e = e == OK ? one : e;
	if (e == OK)
		e = software_find(&req->tx, &q, &f.software);
	if (e != OK)
		return e;
	choose(req->arena, &f, cursor, format == TABLE_JSON ? (size_t)limit + 1 : SIZE_MAX);
	if (format == TABLE_JSON && f.n > (size_t)limit)
		next = f.holders[--f.n - 1].asset;
	e = ask_assets(req, &f, format == TABLE_CSV ? lookup_columns_flat : lookup_columns_json);
	if (e != OK)
		return e;
	if (format == TABLE_JSON)
		answer_page(req, resp, &f, next);
	else
		answer_file(req, resp, &f, format);
	return OK;
}
