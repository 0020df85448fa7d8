#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <sodium.h>

#include <base/json.h>
#include <base/log.h>
#include <base/text.h>
#include <http/idempotency.h>

#define KEPT_MAX (8 * 1024 * 1024) /* bytes of an answer that is kept: a report is long */

/*
 * The advisory lock makes a running twin visible at once: without it the INSERT would wait for
 * the twin's end.  No row comes back when the lock or the key is taken; the SELECT tells which.
 * A key is kept for a week; each claim clears a few that are older.
 */
static const char claim_sql[] =
	"WITH old AS (DELETE FROM idempotency_key WHERE (person, key) IN (SELECT person, key"
	" FROM idempotency_key WHERE created_at < now() - interval '7 days'"
	" ORDER BY created_at LIMIT 10 FOR UPDATE SKIP LOCKED))"
	" INSERT INTO idempotency_key (person, key, fingerprint)"
	" SELECT $1::text, $2::text, $3::text"
	" WHERE pg_try_advisory_xact_lock(hashtextextended($1::text || ' ' || $2::text, 8620))"
	" ON CONFLICT (person, key) DO NOTHING RETURNING 1";
static const char find_sql[] =
	"SELECT fingerprint, status, headers, body FROM idempotency_key"
	" WHERE person = $1::text AND key = $2::text";
static const char keep_sql[] =
	"UPDATE idempotency_key SET status = $3::integer, headers = $4::text, body = $5::text"
	" WHERE person = $1::text AND key = $2::text";

static const char *const kept_headers[] = { "Location", "ETag", "Link" };

enum err
idempotency_key(struct request *r, const char **ret)
{
	const char *key = request_header(r, "Idempotency-Key"), *p;

	if (key == NULL)
		return OK;
	for (p = key; *p > 0x20 && *p < 0x7f;)
		p++;
	if (*p != '\0' || p == key || p - key > 128) {
		r->detail = "Idempotency-Key must be 1 to 128 visible ASCII characters.";
		return ERR_BAD_REQUEST;
	}
	*ret = key;
	return OK;
}

static void
hash_text(crypto_hash_sha256_state *st, const char *s)
{
	if (s == NULL)
		s = "";
	/* with its NUL, so that parts cannot run into each other */
	crypto_hash_sha256_update(st, (const unsigned char *)s, strlen(s) + 1);
}

static bool
hash_file(crypto_hash_sha256_state *st, int fd)
{
	unsigned char piece[16384];
	off_t at = 0;
	ssize_t n;

	while ((n = pread(fd, piece, sizeof(piece), at)) > 0) {
		crypto_hash_sha256_update(st, piece, (unsigned long long)n);
		at += n;
	}
	return n == 0;
}

static bool
hash_scratch(crypto_hash_sha256_state *st, const struct scratch *s)
{
	unsigned char piece[16384];
	uint64_t at = 0;
	size_t n;

	for (; scratch_read(s, at, piece, sizeof(piece), &n); at += n) {
		if (n == 0)
			return true;
		crypto_hash_sha256_update(st, piece, n);
	}
	return false;
}

static enum err
fingerprint(const struct request *r, const char **ret)
{
	unsigned char hash[crypto_hash_sha256_BYTES];
	crypto_hash_sha256_state st;
	char *hex = arena_alloc(r->arena, 2 * sizeof(hash) + 1);

	crypto_hash_sha256_init(&st);
	hash_text(&st, "POST");
	hash_text(&st, r->target);
	hash_text(&st, r->content_type);
	hash_text(&st, r->charset);
	if (r->body != NULL)
		crypto_hash_sha256_update(&st, (const unsigned char *)r->body, r->body_len);
	if (r->body_fd >= 0 && !hash_file(&st, r->body_fd))
		return ERR_INTERNAL;
	if (r->body_file != NULL && !hash_scratch(&st, r->body_file))
		return ERR_INTERNAL;
	crypto_hash_sha256_final(&st, hash);
	hex_write(hash, sizeof(hash), hex);
	*ret = hex;
	return OK;
}

/* {"status headers"} back into the response; what is unreadable is left out. */
static void
restore_headers(struct request *r, const char *text, struct response *resp)
{
	const char *why, *name;
	json_t *all, *value;

	if (text == NULL || json_read(r->arena, text, strlen(text), &all, &why) != OK)
		return;
	json_object_foreach(all, name, value) {
		if (!json_is_string(value))
			continue;
		if (strcmp(name, "Content-Type") == 0)
			resp->content_type = json_string_value(value);
		else
			response_header(resp, arena_strdup(r->arena, name),
					json_string_value(value));
	}
}

static enum err
replay(struct request *r, const char *print, const PGresult *kept, struct response *resp)
{
	const char *body = tx_text(kept, 0, 3);

	if (!str_eq(tx_text(kept, 0, 0), print))
		return ERR_IDEMPOTENCY_REUSED;
	resp->status = (int)tx_int(kept, 0, 1);
	restore_headers(r, tx_text(kept, 0, 2), resp);
	if (body != NULL)
		buf_adds(&resp->body, body);
	response_header(resp, "Idempotency-Replayed", "true");
	return OK;
}

enum err
idempotency_claim(struct request *r, const char *key, struct response *resp, bool *ret_replayed)
{
	struct tx_args args = { .n = 0 };
	const char *print;
	PGresult *res;
	enum err e = fingerprint(r, &print);

	if (e != OK)
		return e;
	tx_arg(&args, r->principal->login);
	tx_arg(&args, key);
	tx_arg(&args, print);
	e = tx_run(&r->tx, claim_sql, &args, &res);
	if (e != OK || PQntuples(res) > 0)
		return e;
	args.n = 2;
	e = tx_run(&r->tx, find_sql, &args, &res);
	if (e != OK)
		return e;
	if (PQntuples(res) == 0)
		return ERR_IDEMPOTENCY_RUNNING;
	e = replay(r, print, res, resp);
	if (e == OK)
		*ret_replayed = true;
	return e;
}

static const char *
headers_text(struct request *r, const struct response *resp)
{
	struct buf b;
	const char *text;
	size_t i, k;

	buf_init(&b, 65536);
	buf_adds(&b, "{\"Content-Type\":");
	json_put_cstring(&b, resp->content_type == NULL ? "application/json" :
			 resp->content_type);
	for (i = 0; i < resp->header_count; i++)
		for (k = 0; k < ARRAY_SIZE(kept_headers); k++) {
			if (strcmp(resp->headers[i].name, kept_headers[k]) != 0)
				continue;
			buf_addf(&b, ",\"%s\":", kept_headers[k]);
			json_put_cstring(&b, resp->headers[i].value);
		}
	buf_addc(&b, '}');
	text = b.failed ? NULL : arena_strdup(r->arena, buf_text(&b));
	buf_release(&b);
	return text;
}

enum err
idempotency_keep(struct request *r, const char *key, const struct response *resp)
{
	struct tx_args args = { .n = 0 };
	const char *headers = headers_text(r, resp);
	char status[12];
	PGresult *res;

	if (resp->fd >= 0 || resp->file != NULL) {
		r->detail = "A file cannot be kept under an Idempotency-Key: ask for JSON; "
			    "nothing was changed.";
		return ERR_BAD_REQUEST;
	}
	if (resp->body.len > KEPT_MAX || headers == NULL ||
	    strlen(buf_text(&resp->body)) != resp->body.len ||
	    !text_is_utf8(buf_text(&resp->body), resp->body.len)) {
		log_ours(r->id, "%s: an answer that cannot be kept", r->route->opid);
		r->detail = "The answer cannot be kept under an Idempotency-Key (at most 8 MiB of "
			    "text); nothing was changed.";
		return ERR_INTERNAL;
	}
	snprintf(status, sizeof(status), "%d", resp->status == 0 ? 200 : resp->status);
	tx_arg(&args, r->principal->login);
	tx_arg(&args, key);
	tx_arg(&args, status);
	tx_arg(&args, headers);
	tx_arg(&args, buf_text(&resp->body));
	return tx_run(&r->tx, keep_sql, &args, &res);
}
