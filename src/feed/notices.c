#include <string.h>

#include <feed/attempt.h>
#include <feed/notices.h>

#define SPREAD "200" /* rows of the log in one transaction */

enum err
notices_spread(struct tx *tx, bool *ret_more)
{
	static const struct tx_args args = { .n = 1, .v = { SPREAD } };
	PGresult *res;
	enum err e = tx_once(tx, "/* spreads */ SELECT notices_spread($1)", &args, &res);

	if (e == OK)
		*ret_more = str_eq(tx_text(res, 0, 0), "t");
	return e;
}

enum err
notices_digest(struct tx *tx, int hour)
{
	struct tx_args args = { .n = 1, .v = { arena_printf(tx->arena, "%d", hour) } };
	PGresult *res;

	return tx_once(tx, "/* makes */ SELECT digest_make($1)", &args, &res);
}

enum err
notices_claim(struct tx *tx, int most, struct notice_job *ret, int *ret_n)
{
	struct tx_args args = { .n = 1, .v = { arena_printf(tx->arena, "%d", most) } };
	PGresult *res;
	int i;
	enum err e = tx_once(tx, "/* claims */ SELECT notice_no, attempts, email, purpose, request,"
		" kind, state, lines, digest_day, ledger FROM notice_claim($1)", &args, &res);

	if (e != OK)
		return e;
	for (i = 0; i < PQntuples(res) && i < most; i++)
		ret[i] = (struct notice_job){ .no = tx_text(res, i, 0),
			.attempts = (int)tx_int(res, i, 1), .email = tx_text(res, i, 2),
			.purpose = tx_text(res, i, 3), .object = tx_text(res, i, 4),
			.kind = tx_text(res, i, 5), .state = tx_text(res, i, 6),
			.lines = tx_text(res, i, 7), .day = tx_text(res, i, 8),
			.ledger = tx_text(res, i, 9) };
	*ret_n = i;
	return OK;
}

enum err
notices_settle(struct tx *tx, const struct notice_job *j, const char *error, bool final)
{
	struct tx_args args = { .n = 5, .v = { j->no, arena_printf(tx->arena, "%d", j->attempts),
		error == NULL ? "true" : "false", error } };
	uint32_t chance;
	int64_t again;
	PGresult *res;

	random_fill(&chance, sizeof(chance));
	again = final ? -1 : attempt_again_s(j->attempts, chance);
	if (error != NULL && again >= 0)
		args.v[4] = arena_printf(tx->arena, "%lld", (long long)again);
	return tx_once(tx, "/* settles */ SELECT notice_settle($1, $2, $3, $4, $5)", &args, &res);
}
