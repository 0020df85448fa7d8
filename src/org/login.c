#include <stdio.h>
#include <string.h>

#include <sodium.h>

#include <base/clock.h>
#include <org/login.h>
#include <org/totp.h>
#include "second_factor.h"

#define LOGIN_MAX 64 /* bytes; what is longer is nobody's */
#define QUEUE_WAIT_S 2

enum err
login_note(struct tx *tx, const char *what, const char *type, const char *object,
	   const char *detail)
{
	struct tx_args args = { .n = 4, .v = { what, type, object, detail } };

	return tx_once(tx, "SELECT audit_note($1, $2, $3, $4::jsonb)", &args, NULL);
}

/* The failure counts from before the password is looked at; see login_attempt() in SQL. */
static enum err
wait_for(struct tx *tx, const struct credentials *c, int *ret_wait)
{
	struct tx_args args = { .n = 2, .v = { c->login, c->address } };
	PGresult *res;
	enum err e = tx_once(tx, "SELECT login_attempt($1, $2)", &args, &res);

	if (e == OK)
		*ret_wait = (int)tx_int(res, 0, 0);
	return e;
}

/* NULLs: no such person, gone, without password, without second factor. */
struct account {
	const char *login; /* also of those who are gone: the log may name them */
	const char *hash;
	struct second_factor totp;
};

static const char find_sql[] =
	"SELECT a.login, a.hash, a.secret, a.sealed, a.last_counter"
	" FROM (SELECT 1) one LEFT JOIN login_account($1) a ON true";

static enum err
find(struct tx *tx, const char *login, struct account *ret)
{
	struct tx_args args = { .n = 1, .v = { login } };
	PGresult *res;
	enum err e = tx_once(tx, find_sql, &args, &res);

	if (e != OK)
		return e;
	*ret = (struct account){ .login = tx_text(res, 0, 0), .hash = tx_text(res, 0, 1),
		.totp = { .login = tx_text(res, 0, 0), .secret = tx_text(res, 0, 2),
			  .sealed = str_eq(tx_text(res, 0, 3), "t"),
			  .last = tx_int(res, 0, 4) } };
	return OK;
}

/* Kept with the limits that are in force now; failing that, the old hash does as well. */
static enum err
rehash(const struct login_desk *d, struct tx *tx, const struct account *a, const char *text)
{
	char hash[PASSWORD_HASH_SIZE];
	struct tx_args args = { .n = 3, .v = { a->login, a->hash, hash } };

	if (!password_is_stale(d->passwords, a->hash) ||
	    password_hash(d->passwords, text, hash) != OK)
		return OK;
	return tx_once(tx, "UPDATE password SET hash = $3 WHERE person = $1 AND hash = $2", &args,
		       NULL);
}

/* All that needs a place among the hashing. */
static enum err
prove_password(const struct login_desk *d, struct tx *tx, const struct credentials *c,
	       struct account *a, int *ret_wait)
{
	const char *text = password_normal(tx->arena, c->password);
	int wait = 0;
	enum err e = wait_for(tx, c, &wait);

	if (e != OK)
		return e;
	if (wait > 0) {
		*ret_wait = wait;
		return ERR_TOO_MANY;
	}
	e = find(tx, c->login, a);
	if (e != OK)
		return e;
	if (!password_matches(d->passwords, a->hash, text))
		return ERR_CREDENTIALS;
	return rehash(d, tx, a, text);
}

static enum err
note_failure(struct tx *tx, const struct account *a, enum err why)
{
	const char *detail = why == ERR_SECOND_FACTOR ? "{\"reason\":\"second factor missing\"}" :
		"{\"reason\":\"wrong\"}";

	return login_note(tx, "login failed", a->login == NULL ? "session" : "account",
			  a->login == NULL ? "unknown" : a->login, detail);
}

static enum err
note_success(struct tx *tx, const struct credentials *c)
{
	struct tx_args args = { .n = 2, .v = { c->login, c->address } };

	return tx_once(tx, "SELECT login_succeeded($1, $2)", &args, NULL);
}

enum err
login_prove(const struct login_desk *d, struct tx *tx, const struct credentials *given,
	    struct login_proof *ret)
{
	struct credentials c = *given;
	struct account a = { NULL };
	struct login_proof proof = { .wait_s = QUEUE_WAIT_S };
	enum err e = passwords_enter(d->passwords), noted;

	if (tx->open)
		bug("failures to log in must not be rolled back");
	if (e == OK) {
		c.login = strnlen(c.login, LOGIN_MAX + 1) > LOGIN_MAX ? "?" : c.login;
		e = prove_password(d, tx, &c, &a, &proof.wait_s);
		passwords_leave(d->passwords);
	}
	if (e == OK && a.totp.secret != NULL &&
	    (!c.has_second_factor || c.otp != NULL || c.recovery_code != NULL)) {
		e = second_factor_prove(d->seal, tx, &a.totp, c.otp, c.recovery_code);
		proof.second_factor = e == OK;
	}
	if (e == ERR_CREDENTIALS || e == ERR_SECOND_FACTOR) {
		noted = note_failure(tx, &a, e);
		e = noted == OK ? e : noted;
	} else if (e == OK) {
		e = note_success(tx, &c);
	}
	if (e == OK || e == ERR_TOO_MANY)
		*ret = proof;
	return e;
}

static const char set_sql[] =
	"INSERT INTO password (person, hash, set_at) SELECT l.login, $2, act_now()"
	" FROM login_account($1) l WHERE l.lives"
	" ON CONFLICT (person) DO UPDATE SET hash = excluded.hash, set_at = excluded.set_at"
	" RETURNING person";

enum err
login_set_password(struct passwords *p, struct tx *tx, const char *login, const char *normal,
		   const char *but)
{
	char hash[PASSWORD_HASH_SIZE];
	struct tx_args args = { .n = 2, .v = { login, hash } };
	bool mine = !tx->open;
	PGresult *res;
	int ended;
	enum err e = passwords_enter(p);

	if (e != OK)
		return e;
	e = password_hash(p, normal, hash);
	passwords_leave(p);
	if (e == OK && mine)
		e = tx_begin(tx);
	if (e == OK)
		e = tx_run(tx, set_sql, &args, &res);
	if (e == OK && PQntuples(res) == 0)
		e = ERR_NOT_FOUND;
	if (e == OK)
		e = session_end_all(tx, login, but, "password", &ended);
	if (e == OK)
		e = login_note(tx, "password set", "account", login, NULL);
	if (e == OK && mine)
		e = tx_commit(tx);
	if (mine)
		tx_rollback(tx);
	return e;
}
