/* One page of the feed: the rows of the log that an act sees, as documents. */
#include <string.h>

#include <base/json.h>
#include <feed/page.h>
#include <ledger/field.h>

/* What the statement tells of a row; the first two also of what is not seen. */
enum {
	C_XID,
	C_ID,
	C_TYPE,
	C_AT,
	C_ACTOR,
	C_OFFICE,
	C_INSTITUTION,
	C_PATH,
	C_KEY,
	C_VERSION,
	C_CHANGED,
	C_ACTION,
	C_STATE,
	C_KIND,
};

/* Events of what is no ledger, but stands in the log beside one. */
static const struct beside {
	const char *table, *word, *path;
} beside[] = {
	{ "request_step", "request", "requests" },
	{ "attachment", "attachment", NULL },
	{ "inventory_answer", "inventory_answer", NULL },
};

/* "AssetUser": asset_user */
static void
put_word(const struct ledger *l, struct buf *b)
{
	const char *p;

	for (p = l->singular; *p != '\0'; p++) {
		if (*p >= 'A' && *p <= 'Z' && p > l->singular)
			buf_addc(b, '_');
		buf_addc(b, *p >= 'A' && *p <= 'Z' ? (char)(*p - 'A' + 'a') : *p);
	}
}

/* [{"ledger": table, "word": …, "path": …}] of all whose changes are events. */
static const char *
words(struct arena *arena)
{
	struct buf b;
	const char *text;
	size_t i;

	buf_init(&b, 64 * 1024);
	for (i = 0; i < LEDGER__MAX; i++) {
		const struct ledger *l = ledger_get((enum ledger_id)i);

		buf_addf(&b, "%s{\"ledger\":\"%s\",\"word\":\"", i == 0 ? "[" : ",", l->table);
		put_word(l, &b);
		buf_addf(&b, "\",\"path\":\"%s\"}", l->path);
	}
	for (i = 0; i < ARRAY_SIZE(beside); i++) {
		buf_addf(&b, ",{\"ledger\":\"%s\",\"word\":\"%s\",\"path\":", beside[i].table,
			 beside[i].word);
		json_put_cstring(&b, beside[i].path);
		buf_addc(&b, '}');
	}
	buf_addc(&b, ']');
	text = arena_strdup(arena, buf_text(&b));
	buf_release(&b);
	return text;
}

/* ---- types ------------------------------------------------------------------------------ */

static bool
word_known(const char *word, size_t n)
{
	struct buf b;
	bool found = false;
	size_t i;

	buf_init(&b, 256);
	for (i = 0; i < LEDGER__MAX && !found; i++) {
		buf_clear(&b);
		put_word(ledger_get((enum ledger_id)i), &b);
		found = b.len == n && memcmp(buf_text(&b), word, n) == 0;
	}
	for (i = 0; i < ARRAY_SIZE(beside) && !found; i++)
		found = strlen(beside[i].word) == n && memcmp(beside[i].word, word, n) == 0;
	buf_release(&b);
	return found;
}

bool
feed_type_known(const char *pattern)
{
	static const char *const changes[] = { "created", "updated", "deleted", "*", NULL };
	static const char *const states[] = { "submitted", "returned", "reviewing", "blocked",
		"awaiting_confirmation", "approved", "rejected", "withdrawn", "expired", "revoked",
		"completed", "step", NULL };
	size_t n = strcspn(pattern, ".");

	if (pattern[n] == '\0' || !word_known(pattern, n))
		return false;
	return str_in(pattern + n + 1, changes) ||
		(n == strlen("request") && str_starts(pattern, "request.") &&
		 str_in(pattern + n + 1, states));
}

bool
feed_type_fits(const struct feed_types *types, const char *type)
{
	size_t i, n;

	for (i = 0; i < types->n; i++) {
		n = strlen(types->v[i]);
		if (strcmp(types->v[i], type) == 0 ||
		    (n > 1 && types->v[i][n - 1] == '*' && strncmp(types->v[i], type, n - 1) == 0))
			return true;
	}
	return types->n == 0;
}

/* ---- documents -------------------------------------------------------------------------- */

static void
put_member(struct buf *b, const char *name, const char *value)
{
	buf_addf(b, ",\"%s\":", name);
	json_put_cstring(b, value);
}

/* RFC 3986: what is not unreserved is escaped. */
static void
put_segment(struct buf *b, const char *s)
{
	static const char plain[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
		"0123456789-._~";

	for (; *s != '\0'; s++)
		if (strchr(plain, *s) != NULL)
			buf_addc(b, *s);
		else
			buf_addf(b, "%%%02X", (unsigned char)*s);
}

/* Only columns of the ledger, and only those that the office is shown. */
static void
put_changed(struct arena *arena, const char *path, const char *list, enum office office,
	    struct buf *b)
{
	const struct ledger *l = path == NULL ? NULL : ledger_by_path(path);
	const char *why, *sep = "";
	json_t *names;
	size_t i;

	buf_adds(b, ",\"changed\":[");
	if (l != NULL && list != NULL &&
	    json_read(arena, list, strlen(list), &names, &why) == OK)
		for (i = 0; i < json_array_size(names); i++) {
			const char *name = json_string_value(json_array_get(names, i));
			const struct field *f = ledger_field(l, name);

			if (f == NULL || f->flags & FF_INNER || (f->only != 0 &&
			    ((unsigned)office >= OFFICE__MAX || !(f->only & OFFICE_BIT(office)))))
				continue;
			buf_adds(b, sep);
			json_put_cstring(b, name);
			sep = ",";
		}
	buf_addc(b, ']');
}

static const char *
document(struct arena *arena, const PGresult *res, int row, const struct feed_place *at,
	 enum office office)
{
	const char *path = tx_text(res, row, C_PATH), *text;
	struct buf b;

	buf_init(&b, 64 * 1024);
	buf_adds(&b, "{\"id\":");
	json_put_cstring(&b, feed_cursor(arena, at));
	put_member(&b, "type", tx_text(res, row, C_TYPE));
	put_member(&b, "at", tx_text(res, row, C_AT));
	put_member(&b, "actor", tx_text(res, row, C_ACTOR));
	put_member(&b, "office", tx_text(res, row, C_OFFICE));
	put_member(&b, "institution", tx_text(res, row, C_INSTITUTION));
	put_member(&b, "ledger", path);
	put_member(&b, "key", tx_text(res, row, C_KEY));
	buf_addf(&b, ",\"version\":%lld", (long long)tx_int(res, row, C_VERSION));
	put_changed(arena, path, tx_text(res, row, C_CHANGED), office, &b);
	if (tx_text(res, row, C_KIND) != NULL)
		put_member(&b, "kind", tx_text(res, row, C_KIND));
	if (tx_text(res, row, C_ACTION) != NULL) {
		put_member(&b, "action", tx_text(res, row, C_ACTION));
		put_member(&b, "state", tx_text(res, row, C_STATE));
	}
	buf_adds(&b, ",\"link\":");
	if (path == NULL) {
		buf_adds(&b, "null");
	} else {
		buf_addf(&b, "\"/api/v1/%s/", path);
		put_segment(&b, tx_text(res, row, C_KEY));
		buf_addc(&b, '"');
	}
	buf_addc(&b, '}');
	text = arena_dup(arena, buf_text(&b), b.len);
	buf_release(&b);
	return text;
}

enum err
feed_page(struct tx *tx, const struct feed_place *after, const struct feed_types *types,
	  enum office office, size_t limit, struct feed_page *ret)
{
	struct feed_page p = { .end = *after };
	struct tx_args args = { .n = 4 };
	PGresult *res;
	int row;
	enum err e;

	args.v[0] = arena_printf(tx->arena, "%llu", (unsigned long long)after->xid);
	args.v[1] = arena_printf(tx->arena, "%llu", (unsigned long long)after->id);
	args.v[2] = arena_printf(tx->arena, "%d", FEED_PAGE_MAX);
	args.v[3] = words(tx->arena);
	e = tx_once(tx, "SELECT * FROM events_page($1::xid8, $2, $3, $4)", &args, &res);
	if (e != OK)
		return e;
	p.v = arena_array(tx->arena, limit + 1, sizeof(*p.v));
	for (row = 0; row < PQntuples(res) && p.n < limit; row++) {
		const char *type = tx_text(res, row, C_TYPE);

		p.end.xid = (uint64_t)tx_int(res, row, C_XID);
		p.end.id = (uint64_t)tx_int(res, row, C_ID);
		if (type == NULL || !feed_type_fits(types, type))
			continue;
		p.v[p.n++] = (struct feed_event){ .at = p.end, .type = type,
			.json = document(tx->arena, res, row, &p.end, office) };
	}
	p.more = row < PQntuples(res) || PQntuples(res) == FEED_PAGE_MAX;
	*ret = p;
	return OK;
}
