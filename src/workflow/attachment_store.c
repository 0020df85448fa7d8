/* Documents in the database: filed, read, taken back. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <sodium.h>

#include <base/buf.h>
#include <base/json.h>

#include "attachment_parts.h"

#define SEALED (ATTACHMENT_CHUNK + ATTACHMENT_TAG)

/* ---- filing ----------------------------------------------------------------------------- */

static void
put_member(struct buf *b, const char *name, const char *value)
{
	if (value == NULL)
		return;
	buf_addf(b, "%s\"%s\":", b->len == 0 ? "{" : ",", name);
	json_put_cstring(b, value);
}

static const char *
document_of(struct arena *arena, const char *no, const struct attachment_filing *f,
	    const struct attachment_content *c)
{
	const char *text;
	struct buf b;

	buf_init(&b, 64 * 1024);
	put_member(&b, "attachment_no", no);
	put_member(&b, "kind", f->kind);
	put_member(&b, "file_name", f->file_name);
	put_member(&b, "sha256", c->sha256);
	put_member(&b, "size_bytes", arena_printf(arena, "%llu", (unsigned long long)c->size));
	put_member(&b, "media_type", c->media_type);
	put_member(&b, "confidentiality", f->confidentiality);
	put_member(&b, "keep_until", f->keep_until);
	put_member(&b, "note", f->note);
	buf_addc(&b, '}');
	text = arena_strdup(arena, buf_text(&b));
	buf_release(&b);
	return text;
}

static enum err
add_row(struct tx *tx, const struct attachment_filing *f, const struct attachment_content *c,
	PGresult **ret)
{
	static const char number_sql[] =
		"SELECT 'Z' || lpad(nextval('attachment_no')::text, 8, '0')";
	static const char request_sql[] =
		"SELECT " ATTACHMENT_COLUMNS " FROM request_attach($1, $2::jsonb, $3)";
	static const char asset_sql[] =
		"SELECT " ATTACHMENT_COLUMNS " FROM asset_attach($1, $2::jsonb)";
	struct tx_args args = { .n = 0 };
	PGresult *number;
	enum err e = tx_run(tx, number_sql, NULL, &number);

	if (e != OK)
		return e;
	tx_arg(&args, f->request != NULL ? f->request : f->asset);
	tx_arg(&args, document_of(tx->arena, PQgetvalue(number, 0, 0), f, c));
	if (f->request != NULL)
		tx_arg(&args, f->version);
	e = tx_run(tx, f->request != NULL ? request_sql : asset_sql, &args, ret);
	return e == OK && PQntuples(*ret) == 0 ? ERR_PRECONDITION_FAILED : e;
}

/* "\x…" of n bytes; `text` has room for it. */
static const char *
bytea(const uint8_t *p, size_t n, char *text)
{
	text[0] = '\\';
	text[1] = 'x';
	hex_write(p, n, text + 2);
	return text;
}

/* What a chunk takes; on the heap, for a thread's stack is small. */
struct pipe {
	uint8_t clear[ATTACHMENT_CHUNK], sealed[SEALED];
	char text[2 * SEALED + 3];
};

static enum err
put_chunks(struct tx *tx, const struct attachment_box *box, const char *no, uint32_t chunks,
	   const struct scratch *s)
{
	struct pipe *p = xmalloc(sizeof(*p));
	struct arena *arena = tx->arena;
	char position[12];
	struct tx_args args = { .n = 3, .v = { no, position, p->text } };
	enum err e = OK;
	uint32_t i;
	size_t n;

	for (i = 0; e == OK && i < chunks; i++) {
		if (!scratch_read(s, (uint64_t)i * ATTACHMENT_CHUNK, p->clear, ATTACHMENT_CHUNK,
				  &n) || n == 0) {
			e = ERR_INTERNAL;
			break;
		}
		attachment_chunk_seal(box, i, i + 1 == chunks, p->clear, n, p->sealed);
		bytea(p->sealed, n + ATTACHMENT_TAG, p->text);
		snprintf(position, sizeof(position), "%u", i);
		/* its results are of no use, and there are many */
		tx->arena = arena_new();
		e = tx_run(tx, "SELECT attachment_put($1, $2::integer, $3::bytea)", &args, NULL);
		tx->constraint = tx->message = tx->detail = NULL;
		arena_free(tx->arena);
		tx->arena = arena;
	}
	sodium_memzero(p->clear, sizeof(p->clear));
	free(p);
	return e;
}

static enum err
put_content(const struct attachment_store *store, struct tx *tx, const PGresult *row,
	    const struct attachment_content *c, const struct scratch *s)
{
	struct attachment_bond bond = { .no = PQgetvalue(row, 0, ATTACHMENT_NO),
		.institution = PQgetvalue(row, 0, ATTACHMENT_INSTITUTION), .sha256 = c->sha256,
		.size = c->size };
	uint32_t chunks = (uint32_t)((c->size + ATTACHMENT_CHUNK - 1) / ATTACHMENT_CHUNK);
	const char *quota = arena_printf(tx->arena, "%llu", (unsigned long long)store->quota);
	char wrapped[2 * ATTACHMENT_WRAPPED + 3];
	struct attachment_box box;
	struct tx_args args = { .n = 6, .v = { bond.no, NULL, NULL, wrapped,
		arena_printf(tx->arena, "%u", chunks), quota } };
	struct tx_args end = { .n = 2, .v = { bond.no, quota } };
	enum err e;

	attachment_box_new(store->keys, attachment_cipher_best(), &bond, &box);
	args.v[1] = attachment_cipher_name(box.cipher);
	args.v[2] = box.key_name;
	bytea(box.wrapped, sizeof(box.wrapped), wrapped);
	e = tx_run(tx, "SELECT attachment_begin($1, $2, $3, $4::bytea, $5::integer, $6::bigint)",
		   &args, NULL);
	if (e == OK)
		e = put_chunks(tx, &box, bond.no, chunks, s);
	attachment_box_wipe(&box);
	if (e == OK)
		e = tx_run(tx, "SELECT attachment_end($1, $2::bigint)", &end, NULL);
	return e;
}

enum err
attachment_file(const struct attachment_store *store, struct tx *tx,
		const struct attachment_filing *f, const struct attachment_content *c,
		const struct scratch *s, PGresult **ret)
{
	bool mine = !tx->open;
	PGresult *row;
	enum err e;

	if (store->keys == NULL)
		return ERR_NO_KEY;
	e = mine ? tx_begin(tx) : OK;
	if (e == OK)
		e = add_row(tx, f, c, &row);
	if (e == OK)
		e = put_content(store, tx, row, c, s);
	if (e == OK && mine)
		e = tx_commit(tx);
	if (mine)
		tx_rollback(tx); /* no-op after a commit */
	if (e == OK)
		*ret = row;
	return e;
}

/* ---- reading ---------------------------------------------------------------------------- */

enum err
attachment_get(struct tx *tx, const char *no, PGresult **ret_row)
{
	struct tx_args args = { .n = 1, .v = { no } };
	PGresult *res;
	enum err e = tx_once(tx, "SELECT " ATTACHMENT_COLUMNS " FROM attachment"
			     " WHERE attachment_no = $1", &args, &res);

	if (e == OK && PQntuples(res) == 0)
		e = ERR_NOT_FOUND;
	if (e == OK)
		*ret_row = res;
	return e;
}

/* A cell of bytea as bytes; false: more than there is room for, or no bytea. */
static bool
take_bytes(const PGresult *res, int column, uint8_t *to, size_t room, size_t *ret)
{
	const char *text = tx_text(res, 0, column);

	return text != NULL && str_starts(text, "\\x") &&
		sodium_hex2bin(to, room, text + 2, strlen(text + 2), NULL, ret, NULL) == 0;
}

/* The chunks on their way back. */
struct reading {
	struct attachment_box box;
	struct pipe *pipe;
	struct scratch *to;
	crypto_hash_sha256_state hash;
	uint64_t size;
	uint32_t next, chunks;
	bool damaged, full;
};

static enum err
take_chunk(void *arg, const PGresult *row)
{
	struct reading *r = arg;
	struct pipe *p = r->pipe;
	size_t n = 0;

	if (tx_int(row, 0, 0) != (int64_t)r->next || r->next >= r->chunks ||
	    !take_bytes(row, 1, p->sealed, sizeof(p->sealed), &n) ||
	    !attachment_chunk_open(&r->box, r->next, r->next + 1 == r->chunks, p->sealed, n,
				   p->clear)) {
		r->damaged = true;
		return ERR_DAMAGED;
	}
	n -= ATTACHMENT_TAG;
	crypto_hash_sha256_update(&r->hash, p->clear, n);
	if (r->to != NULL && !scratch_add(r->to, p->clear, n)) {
		r->full = true;
		return ERR_OVERLOADED;
	}
	r->size += n;
	r->next++;
	return OK;
}

static bool
is_what_was_filed(struct reading *r, const struct attachment_bond *bond)
{
	uint8_t hash[crypto_hash_sha256_BYTES];
	char hex[2 * sizeof(hash) + 1];

	crypto_hash_sha256_final(&r->hash, hash);
	hex_write(hash, sizeof(hash), hex);
	return r->next == r->chunks && r->size == bond->size && strcmp(hex, bond->sha256) == 0;
}

static enum err
read_chunks(struct tx *tx, struct reading *r, const struct attachment_bond *bond,
	    const char **ret_why)
{
	struct tx_args args = { .n = 1, .v = { bond->no } };
	enum err e;

	r->pipe = xmalloc(sizeof(*r->pipe));
	crypto_hash_sha256_init(&r->hash);
	e = tx_each(tx, "SELECT position, data FROM attachment_chunk WHERE attachment_no = $1"
		    " ORDER BY position", &args, take_chunk, r);
	if (e == OK && !is_what_was_filed(r, bond)) {
		*ret_why = "bytes are missing, or are not those that were filed";
		e = ERR_DAMAGED;
	} else if (r->damaged) {
		*ret_why = arena_printf(tx->arena, "chunk %u is not what was filed", r->next);
	}
	sodium_memzero(r->pipe->clear, sizeof(r->pipe->clear));
	free(r->pipe);
	return e;
}

/* The row with how it is sealed; ERR_NOT_FOUND: not seen. */
static enum err
find_content(struct tx *tx, const char *no, PGresult **ret)
{
	struct tx_args args = { .n = 1, .v = { no } };
	enum err e = tx_run(tx, "SELECT t.attachment_no, t.institution, t.sha256, t.size_bytes,"
			    " c.cipher, c.key_name, c.wrapped_key, c.chunks FROM attachment t"
			    " LEFT JOIN attachment_content c USING (attachment_no)"
			    " WHERE t.attachment_no = $1", &args, ret);

	return e == OK && PQntuples(*ret) == 0 ? ERR_NOT_FOUND : e;
}

/* With a key that was added to the file since it was read, too. */
static bool
unwrap(const struct attachment_store *store, const PGresult *row, const uint8_t *wrapped, size_t n,
       const struct attachment_bond *bond, struct attachment_box *box, const char **ret_why)
{
	const char *name = PQgetvalue(row, 0, 5), *why;
	struct attachment_keys *fresh = NULL;
	bool fine;

	if (attachment_key_find(store->keys, name) == NULL && store->path != NULL)
		fresh = attachment_keys_open(store->path, &why);
	fine = attachment_box_open(fresh != NULL ? fresh : store->keys, PQgetvalue(row, 0, 4), name,
				   wrapped, n, bond, box, ret_why);
	if (fine)
		box->key_name = name;
	attachment_keys_free(fresh);
	return fine;
}

static enum err
open_box(const struct attachment_store *store, const PGresult *row, struct attachment_bond *bond,
	 struct attachment_box *box, const char **ret_why)
{
	uint8_t wrapped[ATTACHMENT_WRAPPED];
	size_t n;

	*bond = (struct attachment_bond){ PQgetvalue(row, 0, 0), PQgetvalue(row, 0, 1),
		PQgetvalue(row, 0, 2), (uint64_t)tx_int(row, 0, 3) };
	if (store->keys == NULL) {
		*ret_why = "there is no key file";
		return ERR_NO_KEY;
	}
	if (!take_bytes(row, 6, wrapped, sizeof(wrapped), &n)) {
		*ret_why = "its bytes are not there";
		return ERR_DAMAGED;
	}
	return unwrap(store, row, wrapped, n, bond, box, ret_why) ? OK : ERR_DAMAGED;
}

enum err
attachment_read(const struct attachment_store *store, struct tx *tx, const char *no,
		struct scratch *to, const char **ret_why)
{
	struct reading r = { .to = to };
	struct attachment_bond bond;
	PGresult *row;
	enum err e = find_content(tx, no, &row);

	if (e == OK)
		e = open_box(store, row, &bond, &r.box, ret_why);
	if (e == OK) {
		r.chunks = (uint32_t)tx_int(row, 0, 7);
		e = read_chunks(tx, &r, &bond, ret_why);
	}
	attachment_box_wipe(&r.box);
	return e;
}

/* ---- taking back, keys, cleaning up ------------------------------------------------------ */

enum err
attachment_remove(struct tx *tx, const char *no, const char *version)
{
	struct tx_args args = { .n = 2, .v = { no, version } };
	PGresult *res;
	/* no SELECT: tx_once() takes those for reading */
	enum err e = tx_once(tx, "WITH done AS MATERIALIZED (SELECT attachment_remove($1, $2) AS x)"
			     " SELECT x FROM done", &args, &res);

	return e == OK && strcmp(PQgetvalue(res, 0, 0), "t") != 0 ? ERR_PRECONDITION_FAILED : e;
}

/* One key, wrapped anew; *ret: was it still the old one? */
static enum err
rekey_one(const struct attachment_store *store, struct tx *tx, const char *no, bool *ret,
	  const char **ret_why)
{
	char wrapped[2 * ATTACHMENT_WRAPPED + 3];
	struct attachment_bond bond;
	struct attachment_box box;
	struct tx_args args = { .n = 4, .v = { no, NULL, NULL, wrapped } };
	PGresult *row, *res;
	enum err e = tx_begin(tx);

	if (e != OK)
		return e;
	e = find_content(tx, no, &row);
	if (e == OK)
		e = open_box(store, row, &bond, &box, ret_why);
	if (e == OK) {
		attachment_box_rewrap(store->keys, &box);
		args.v[1] = PQgetvalue(row, 0, 5);
		args.v[2] = box.key_name;
		bytea(box.wrapped, sizeof(box.wrapped), wrapped);
		attachment_box_wipe(&box);
		e = tx_run(tx, "SELECT attachment_rewrap($1, $2, $3, $4::bytea)", &args, &res);
	}
	if (e == OK)
		e = tx_commit(tx);
	tx_rollback(tx); /* no-op after a commit */
	if (e == OK)
		*ret = strcmp(PQgetvalue(res, 0, 0), "t") == 0;
	return e;
}

enum err
attachments_rekey(const struct attachment_store *store, struct tx *tx, int64_t *ret,
		  const char **ret_why)
{
	struct tx_args args = { .n = 1 };
	const char *why = "";
	int64_t done = 0;
	PGresult *res;
	enum err e;
	int i;

	if (store->keys == NULL)
		return ERR_NO_KEY;
	args.v[0] = attachment_keys_newest(store->keys);
	e = tx_once(tx, "SELECT attachment_no FROM attachment_content WHERE key_name <> $1"
		    " ORDER BY 1", &args, &res);
	for (i = 0; e == OK && i < PQntuples(res); i++) {
		bool wrapped = false;

		e = rekey_one(store, tx, PQgetvalue(res, i, 0), &wrapped, &why);
		if (e != OK)
			*ret_why = arena_printf(tx->arena, "%s: %s", PQgetvalue(res, i, 0), why);
		done += wrapped;
	}
	*ret = done;
	return e;
}

enum err
attachments_clean(struct tx *tx, long days, int64_t *ret)
{
	struct tx_args args = { .n = 1, .v = { arena_printf(tx->arena, "%ld", days) } };
	PGresult *res;
	enum err e = tx_once(tx, "WITH done AS MATERIALIZED (SELECT attachments_clean($1::integer)"
			     " AS n) SELECT n FROM done", &args, &res);

	if (e == OK)
		*ret = tx_int(res, 0, 0);
	return e;
}

enum err
attachments_clean_chore(struct tx *tx, const struct chore *c, const atomic_bool *stopping,
			bool *more)
{
	int64_t n = 0;

	(void)stopping;
	(void)more;
	return c->arg == 0 ? OK : attachments_clean(tx, (long)c->arg, &n);
}
