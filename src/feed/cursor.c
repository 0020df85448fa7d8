/* Places in the feed, as texts and in the database. */
#include <stdio.h>
#include <string.h>

#include <sodium.h>

#include <feed/page.h>

#define VARIANT sodium_base64_VARIANT_URLSAFE_NO_PADDING
#define TEXT_MAX 120

const char *
feed_cursor(struct arena *arena, const struct feed_place *p)
{
	const char *text = arena_printf(arena, "1.%s.%u.%llu.%llu", p->sysid, p->seat,
		(unsigned long long)p->xid, (unsigned long long)p->id);
	size_t n = strlen(text), size = sodium_base64_encoded_len(n, VARIANT);

	return sodium_bin2base64(arena_alloc(arena, size), size, (const unsigned char *)text, n,
				 VARIANT);
}

/* Part up to the next dot; the whole may not be written in another way (see below). */
static bool
take_number(const char **p, int64_t max, uint64_t *ret)
{
	char digits[24];
	size_t n = strspn(*p, "0123456789");
	int64_t v;

	if (n == 0 || n >= sizeof(digits))
		return false;
	memcpy(digits, *p, n);
	digits[n] = '\0';
	if (!number_read(digits, 0, max, &v))
		return false;
	*ret = (uint64_t)v;
	*p += n;
	*p += **p == '.';
	return true;
}

bool
feed_cursor_read(struct arena *arena, const char *text, struct feed_place *ret)
{
	unsigned char raw[TEXT_MAX + 1];
	struct feed_place p = { .seat = 0 };
	const char *at = (const char *)raw + 2;
	size_t len = 0, n;
	uint64_t seat;

	if (strlen(text) > TEXT_MAX || sodium_base642bin(raw, TEXT_MAX, text, strlen(text), NULL,
							 &len, NULL, VARIANT) != 0)
		return false;
	raw[len] = '\0';
	if (len < 2 || memcmp(raw, "1.", 2) != 0)
		return false;
	n = strspn(at, "0123456789");
	if (n == 0 || n >= sizeof(p.sysid) || at[n] != '.')
		return false;
	memcpy(p.sysid, at, n);
	at += n + 1;
	if (!take_number(&at, INT32_MAX, &seat) || !take_number(&at, INT64_MAX, &p.xid) ||
	    !take_number(&at, INT64_MAX, &p.id))
		return false;
	p.seat = (unsigned)seat;
	if (strcmp(feed_cursor(arena, &p), text) != 0)
		return false;
	*ret = p;
	return true;
}

static uint64_t
cell(const PGresult *res, int col)
{
	return (uint64_t)tx_int(res, 0, col);
}

enum err
feed_ends(struct tx *tx, struct feed_ends *ret)
{
	struct feed_ends x = { .first = { .xid = 0 } };
	PGresult *res;
	/* takes the seat of a new cluster: no reading that may be lost on the way */
	enum err e = tx_once(tx, "/* may write */ SELECT seat, sysid, first_id, head_xid, head_id"
		" FROM event_seat()", NULL, &res);

	if (e != OK)
		return e;
	x.first.seat = (unsigned)tx_int(res, 0, 0);
	snprintf(x.first.sysid, sizeof(x.first.sysid), "%s", PQgetvalue(res, 0, 1));
	x.first.id = cell(res, 2);
	x.head = x.first;
	x.head.xid = cell(res, 3);
	x.head.id = cell(res, 4);
	*ret = x;
	return OK;
}

enum err
feed_check(struct tx *tx, const struct feed_ends *ends, const struct feed_place *p)
{
	struct tx_args args = { .n = 3 };
	PGresult *res;
	enum err e;

	if (p->seat != ends->first.seat || strcmp(p->sysid, ends->first.sysid) != 0)
		return ERR_GONE;
	args.v[0] = arena_printf(tx->arena, "%llu", (unsigned long long)p->xid);
	args.v[1] = arena_printf(tx->arena, "%llu", (unsigned long long)p->id);
	args.v[2] = arena_printf(tx->arena, "%u", p->seat);
	e = tx_once(tx, "SELECT event_known($1::xid8, $2, $3)", &args, &res);
	return e != OK ? e : str_eq(tx_text(res, 0, 0), "t") ? OK : ERR_GONE;
}

bool
feed_before(const struct feed_place *a, const struct feed_place *b)
{
	return a->xid < b->xid || (a->xid == b->xid && a->id < b->id);
}
