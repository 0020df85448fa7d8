#include <string.h>

#include <base/json.h>
#include <feed/attempt.h>
#include <feed/page.h>
#include <org/access.h>
#include "hooks.h"

#define SPREAD 200 /* events of a hook in one transaction */

struct hook {
	const char *no, *institution, *owner, *types;
	enum office office;
};

/* In the name of the owner, in the office of the hook, in its 機関 and nowhere else. */
static enum err
act_as(struct tx *tx, const struct hook *h)
{
	const struct appointment a = { h->office, h->institution, NULL };
	const struct principal p = { .login = h->owner, .home = h->institution,
		.scopes = 1U << SCOPE_READ, .offices = &a, .office_count = 1,
		.institutions = &h->institution, .institution_count = 1 };
	struct grant g;
	enum err e = access_decide(tx->arena, &p, OFFICE_BIT(h->office), SCOPE_READ, NULL, &g);

	if (e != OK)
		return e;
	tx->ctx = (struct tx_context){ .person = h->owner, .office = office_info(h->office)->code,
		.operation = "webhooks", .scope = g.read_scope, .reach = g.reach,
		.write_scope = g.read_scope };
	return OK;
}

/* An array literal of plain words. */
static void
read_types(struct arena *arena, const char *text, struct feed_types *ret)
{
	size_t n;

	ret->n = 0;
	for (text += *text == '{'; *text != '\0' && *text != '}'; text += n + (text[n] == ',')) {
		n = strcspn(text, ",}");
		if (ret->n < FEED_TYPES_MAX)
			ret->v[ret->n++] = arena_dup(arena, text, n);
	}
}

static void
put_message(struct arena *arena, const struct feed_event *ev, const char *sep, struct buf *b)
{
	uint8_t id[16];
	char hex[2 * sizeof(id) + 1];
	struct buf body;
	const char *why;
	json_t *j;

	random_fill(id, sizeof(id));
	hex_write(id, sizeof(id), hex);
	buf_init(&body, 128 * 1024);
	buf_addf(&body, "{\"type\":\"%s\",\"timestamp\":", ev->type);
	if (json_read(arena, ev->json, strlen(ev->json), &j, &why) == OK)
		json_put_cstring(&body, json_string_value(json_object_get(j, "at")));
	else
		buf_adds(&body, "null");
	buf_addf(&body, ",\"data\":%s}", ev->json);
	buf_addf(b, "%s{\"message_id\":\"msg_%s\",\"event_id\":%llu,\"type\":\"%s\",\"body\":", sep,
		 hex, (unsigned long long)ev->at.id, ev->type);
	json_put_cstring(b, buf_text(&body));
	buf_addc(b, '}');
	buf_release(&body);
}

static enum err
keep(struct tx *tx, const struct hook *h, const struct feed_page *page)
{
	struct tx_args args = { .n = 6, .v = { h->no, h->institution } };
	PGresult *res;
	struct buf b;
	size_t i;
	enum err e;

	buf_init(&b, 32 * 1024 * 1024);
	buf_addc(&b, '[');
	for (i = 0; i < page->n; i++)
		put_message(tx->arena, &page->v[i], i == 0 ? "" : ",", &b);
	buf_addc(&b, ']');
	args.v[2] = buf_text(&b);
	args.v[3] = arena_printf(tx->arena, "%u", page->end.seat);
	args.v[4] = arena_printf(tx->arena, "%llu", (unsigned long long)page->end.xid);
	args.v[5] = arena_printf(tx->arena, "%llu", (unsigned long long)page->end.id);
	e = tx_run(tx, "/* spreads */ SELECT webhook_spread($1, $2, $3, $4, $5::xid8, $6)", &args,
		   &res);
	buf_release(&b);
	return e;
}

/* What is in another seat cannot be gone on from: what there is now is the beginning. */
static enum err
spread_from(struct tx *tx, const struct hook *h, const PGresult *at, bool *ret_more)
{
	struct feed_types *types = arena_alloc(tx->arena, sizeof(*types));
	struct feed_ends ends;
	struct feed_place place;
	struct feed_page page;
	enum err e = feed_ends(tx, &ends);

	if (e != OK)
		return e;
	place = ends.first;
	if (tx_int(at, 0, 0) == place.seat) {
		place.xid = (uint64_t)tx_int(at, 0, 1);
		place.id = (uint64_t)tx_int(at, 0, 2);
	}
	read_types(tx->arena, h->types, types);
	e = feed_page(tx, &place, types, h->office, SPREAD, &page);
	if (e == OK)
		e = keep(tx, h, &page);
	if (e == OK && page.more)
		*ret_more = true;
	return e;
}

static enum err
spread_one(struct db_pool *pool, const struct hook *h, bool *ret_more)
{
	struct tx_args args = { .n = 1, .v = { h->no } };
	struct arena *arena = arena_new();
	struct tx tx;
	PGresult *res;
	enum err e;

	tx_init(&tx, pool, LANE_LONG, arena);
	e = act_as(&tx, h);
	if (e == OK)
		e = tx_begin(&tx);
	if (e == OK) {
		e = tx_run(&tx, "/* locks */ SELECT seat, xid, id FROM webhook_take($1)", &args,
			   &res);
		/* none: another daemon is at it, or too many wait already */
		if (e == OK && PQntuples(res) == 1)
			e = spread_from(&tx, h, res, ret_more);
		if (e == OK)
			e = tx_commit(&tx);
		else
			tx_rollback(&tx);
	}
	arena_free(arena);
	return e;
}

/* Whoever has made the hook does not hold the office any more: nothing goes out for them. */
static enum err
switch_off(struct tx *tx, const char *no)
{
	struct tx_args args = { .n = 1, .v = { no } };
	PGresult *res;

	return tx_once(tx, "/* ends */ SELECT webhook_disable($1, 'owner')", &args, &res);
}

enum err
hooks_spread(struct db_pool *pool, bool *ret_more)
{
	struct arena *arena = arena_new();
	struct tx tx;
	PGresult *res;
	int i;
	enum err e, one;

	*ret_more = false;
	tx_init(&tx, pool, LANE_SHORT, arena);
	tx.ctx.operation = "webhooks";
	e = tx_once(&tx, "SELECT webhook, institution, owner, types, office, fit"
		" FROM webhooks_live()", NULL, &res);
	for (i = 0; e == OK && i < PQntuples(res); i++) {
		struct hook h = { PQgetvalue(res, i, 0), PQgetvalue(res, i, 1),
			PQgetvalue(res, i, 2), PQgetvalue(res, i, 3),
			office_find(PQgetvalue(res, i, 4)) };

		if (!str_eq(tx_text(res, i, 5), "t") || h.office == OFFICE__MAX)
			one = switch_off(&tx, h.no);
		else
			one = spread_one(pool, &h, ret_more);
		if (one != OK)
			e = one;
	}
	arena_free(arena);
	return e;
}

enum err
hooks_claim(struct tx *tx, const struct seal *seal, int most, struct hook_job *ret, int *ret_n)
{
	struct tx_args args = { .n = 1, .v = { arena_printf(tx->arena, "%d", most) } };
	PGresult *res;
	int i;
	enum err e = tx_once(tx, "/* claims */ SELECT delivery_no, webhook, url, message_id, body,"
		" attempts, secret, sealed FROM webhook_claim($1)", &args, &res);

	if (e != OK)
		return e;
	for (i = 0; i < PQntuples(res) && i < most; i++) {
		ret[i] = (struct hook_job){ .no = PQgetvalue(res, i, 0),
			.webhook = PQgetvalue(res, i, 1), .url = PQgetvalue(res, i, 2),
			.message_id = PQgetvalue(res, i, 3), .body = PQgetvalue(res, i, 4),
			.attempts = (int)tx_int(res, i, 5) };
		ret[i].has_secret = seal_get(seal, ret[i].webhook, PQgetvalue(res, i, 6),
			str_eq(tx_text(res, i, 7), "t"), ret[i].secret, HOOK_SECRET_BYTES);
	}
	*ret_n = i;
	return OK;
}

enum err
hooks_settle(struct tx *tx, const struct hook_job *j, int status, const char *error)
{
	struct tx_args args = { .n = 6, .v = { j->no } };
	bool done = status >= 200 && status < 300;
	uint32_t chance;
	int64_t again;
	PGresult *res;

	random_fill(&chance, sizeof(chance));
	again = status == 410 ? -1 : attempt_again_s(j->attempts, chance);
	args.v[1] = arena_printf(tx->arena, "%d", j->attempts);
	args.v[2] = done ? "true" : "false";
	args.v[3] = status == 0 ? NULL : arena_printf(tx->arena, "%d", status);
	args.v[4] = error;
	args.v[5] = done || again < 0 ? NULL : arena_printf(tx->arena, "%lld", (long long)again);
	return tx_once(tx, "/* settles */ SELECT webhook_settle($1, $2, $3, $4, $5, $6)", &args,
		       &res);
}
