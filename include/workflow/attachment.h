/*
 * Documents (添付文書) with their bytes: keys, sealing, what kind of file it is, and the store.
 *
 * The bytes lie in PostgreSQL, in chunks, in the same transaction as the row that describes them,
 * so that every daemon, replica and backup has them and a crash leaves nothing behind.  They are
 * sealed with a key of their own, which is wrapped with a key of the key file; that one never
 * reaches the database.  Number, 機関, SHA-256 and size are bound in: what was swapped, cut or
 * changed is not opened.
 */
#ifndef WORKFLOW_ATTACHMENT_H
#define WORKFLOW_ATTACHMENT_H

#include <base/config.h>
#include <base/fault.h>
#include <base/scratch.h>
#include <db/keeper.h>

/* ---- keys ------------------------------------------------------------------------------- */

/*
 * The key file: lines "NAME KEY" (64 hexadecimal digits), the last of which is for what is new;
 * nobody but its owner may read it.
 */
struct attachment_keys;

#define ATTACHMENT_KEY_NAME_MAX 32

/* NULL: *ret_why (static) says why not. */
struct attachment_keys *attachment_keys_open(const char *path, const char **ret_why);
void attachment_keys_free(struct attachment_keys *); /* NULL is fine */

/* Adds a new key at the end; makes the file.  *ret_name is malloc'ed, or NULL where not asked. */
bool attachment_keys_add(const char *path, char **ret_name, const char **ret_why) MUST;

/* Name of the key for what is new. */
const char *attachment_keys_newest(const struct attachment_keys *);

/* ---- sealing ---------------------------------------------------------------------------- */

#define ATTACHMENT_CHUNK (256 * 1024) /* bytes in the clear */
#define ATTACHMENT_TAG 16	      /* bytes that each chunk is longer then */
#define ATTACHMENT_WRAPPED 60	      /* bytes of a wrapped key */

/* What a file is bound to. */
struct attachment_bond {
	const char *no, *institution, *sha256;
	uint64_t size;
};

/* The key of one file, open and wrapped. */
struct attachment_box {
	const struct attachment_cipher *cipher;
	uint8_t key[32];
	char bound[256];
	const char *key_name;
	uint8_t wrapped[ATTACHMENT_WRAPPED];
};

/* "aes256gcm" where the processor has it, else "chacha20poly1305"; NULL: no such cipher here. */
const struct attachment_cipher *attachment_cipher(const char *name);
const struct attachment_cipher *attachment_cipher_best(void);
const char *attachment_cipher_name(const struct attachment_cipher *);

/* A new key, wrapped with the newest of the file.  Wipe it in the end. */
void attachment_box_new(const struct attachment_keys *, const struct attachment_cipher *,
			const struct attachment_bond *, struct attachment_box *ret);

/* false: *ret_why (static) says what is wrong: no such key, another one, or changed. */
bool attachment_box_open(const struct attachment_keys *, const char *cipher,
			 const char *key_name, const uint8_t *wrapped, size_t n,
			 const struct attachment_bond *, struct attachment_box *ret,
			 const char **ret_why) MUST;

/* Wraps it anew, with the newest key. */
void attachment_box_rewrap(const struct attachment_keys *, struct attachment_box *);
void attachment_box_wipe(struct attachment_box *);

/* `to` has n + ATTACHMENT_TAG bytes; `last`: the file ends with it. */
void attachment_chunk_seal(const struct attachment_box *, uint32_t position, bool last,
			   const uint8_t *p, size_t n, uint8_t *to);
bool attachment_chunk_open(const struct attachment_box *, uint32_t position, bool last,
			   const uint8_t *p, size_t n, uint8_t *to) MUST;

/* ---- what kind of file it is ------------------------------------------------------------ */

/* "pdf,png,…" as a set; false for a word that is no type: *ret_why (static) names the list. */
bool attachment_types_read(const char *list, uint32_t *ret, const char **ret_why) MUST;

/*
 * The name under which it is kept: NFC, and nothing in it that misleads (paths, controls, hidden
 * or double endings).  Faults about file_name; false: there was one.
 */
bool attachment_name_read(struct arena *, const char *given, struct faults *,
			  const char **ret) MUST;

/* What a file is by its bytes. */
struct attachment_content {
	char sha256[65];
	uint64_t size;
	const char *media_type;
};

/*
 * Reads it to its end.  Faults about file_name where the content is not of `allowed` types or the
 * name says something else; a file without bytes is a fault.  ERR_FILE_TYPE, ERR_INTERNAL.
 */
enum err attachment_content_read(struct arena *, const struct scratch *, const char *file_name,
				 uint32_t allowed, struct faults *,
				 struct attachment_content *ret) MUST;

/* ---- the store -------------------------------------------------------------------------- */

struct attachment_store {
	struct attachment_keys *keys; /* NULL: there is no key file, nothing can be kept */
	char *path; /* of the key file: read again for a key that was added since */
	uint32_t types;
	uint64_t quota; /* bytes of a 機関 */
};

/*
 * As it is configured; call it while files that only root reads can be read.  Then, where the
 * register keeps its own PostgreSQL and no key file is configured, the one in its directory, which
 * is made.  NULL, or why not (static).
 */
const char *attachment_store_open(const struct config *, struct attachment_store *ret);
const char *attachment_store_open_own(const char *dir, struct attachment_store *ret);
void attachment_store_close(struct attachment_store *);

/* What is said of a document that is filed; canonical texts, NULL where nothing is said. */
struct attachment_filing {
	const char *request, *version; /* an application and its version, or: */
	const char *asset;
	const char *kind, *file_name, *confidentiality, *keep_until, *note;
};

/*
 * Files it: the row (see attachment_columns), then its chunks, all in one transaction, the open
 * one or its own.  *ret: the row.  ERR_PRECONDITION_FAILED: the application has another version.
 * ERR_QUOTA: tx->detail says how full it is.
 */
enum err attachment_file(const struct attachment_store *, struct tx *,
			 const struct attachment_filing *, const struct attachment_content *,
			 const struct scratch *, PGresult **ret) MUST;

/* One document that is seen: *ret_row. */
enum err attachment_get(struct tx *, const char *no, PGresult **ret_row) MUST;

/* Takes it back, by who may; ERR_PRECONDITION_FAILED when it has another version. */
enum err attachment_remove(struct tx *, const char *no, const char *version) MUST;

/*
 * Its bytes, proved to be what was filed, at the end of `to` (NULL: only proved).  The transaction
 * must be open.  ERR_DAMAGED, ERR_NO_KEY: *ret_why says what is wrong (arena).
 */
enum err attachment_read(const struct attachment_store *, struct tx *, const char *no,
			 struct scratch *to, const char **ret_why) MUST;

/* Columns of a row, in the order of the API. */
#define ATTACHMENT_COLUMNS                                                                     \
	"attachment_no, institution, request, asset, kind, file_name, media_type, sha256,"     \
	" size_bytes, confidentiality, keep_until, note, row_version, created_by, to_char("      \
	"created_at AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS.US\"Z\"') AS created_at"
enum { ATTACHMENT_NO, ATTACHMENT_INSTITUTION, ATTACHMENT_REQUEST, ATTACHMENT_ASSET,
       ATTACHMENT_KIND, ATTACHMENT_NAME, ATTACHMENT_TYPE, ATTACHMENT_SHA256, ATTACHMENT_SIZE,
       ATTACHMENT_LEVEL, ATTACHMENT_KEEP, ATTACHMENT_NOTE, ATTACHMENT_VERSION };

/* Wraps the keys of files that are not wrapped with the newest; how many. */
enum err attachments_rekey(const struct attachment_store *, struct tx *, int64_t *ret,
			   const char **ret_why) MUST;

/* Removes documents of applications that were given up before anybody saw them. */
enum err attachments_clean(struct tx *, long days, int64_t *ret) MUST;

/* The same by the clock; the argument of the chore: days, 0: never. */
enum err attachments_clean_chore(struct tx *, const struct chore *, const atomic_bool *stopping,
				 bool *more) MUST;

#endif
