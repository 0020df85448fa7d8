/*
 * What kind of file it is, by its content (7.2.2): the name and what the client says count for
 * nothing but that they must agree.  Only what is on the list is taken, so programs, pages and
 * scripts are not.
 */
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include <magic.h>
#include <sodium.h>

#include "attachment_parts.h"

#define HEAD (64 * 1024) /* as much is looked at by libmagic */
#define PIECE 65536

enum type { TYPE_PDF, TYPE_PNG, TYPE_JPEG, TYPE_TEXT, TYPE_CSV, TYPE_JSON, TYPE_DOCX, TYPE_XLSX,
	    TYPE_PPTX, TYPE_ODT, TYPE_ODS, TYPE_ODP, TYPE_ZIP, TYPE__MAX };

static const struct type_info {
	const char *code, *media, *name;
	const char *endings[5];
} types[TYPE__MAX] = {
	[TYPE_PDF] = { "pdf", "application/pdf", "PDF", { "pdf" } },
	[TYPE_PNG] = { "png", "image/png", "PNG", { "png" } },
	[TYPE_JPEG] = { "jpeg", "image/jpeg", "JPEG", { "jpg", "jpeg" } },
	[TYPE_TEXT] = { "text", "text/plain", "text", { "txt", "text", "log", "md" } },
	[TYPE_CSV] = { "csv", "text/csv", "CSV", { "csv", "tsv" } },
	[TYPE_JSON] = { "json", "application/json", "JSON", { "json" } },
	[TYPE_DOCX] = { "docx", "application/vnd.openxmlformats-officedocument."
			"wordprocessingml.document", "Word (docx)", { "docx" } },
	[TYPE_XLSX] = { "xlsx", "application/vnd.openxmlformats-officedocument."
			"spreadsheetml.sheet", "Excel (xlsx)", { "xlsx" } },
	[TYPE_PPTX] = { "pptx", "application/vnd.openxmlformats-officedocument."
			"presentationml.presentation", "PowerPoint (pptx)", { "pptx" } },
	[TYPE_ODT] = { "odt", "application/vnd.oasis.opendocument.text", "OpenDocument text",
		       { "odt" } },
	[TYPE_ODS] = { "ods", "application/vnd.oasis.opendocument.spreadsheet",
		       "OpenDocument spreadsheet", { "ods" } },
	[TYPE_ODP] = { "odp", "application/vnd.oasis.opendocument.presentation",
		       "OpenDocument presentation", { "odp" } },
	[TYPE_ZIP] = { "zip", "application/zip", "ZIP", { "zip" } },
};

bool
attachment_types_read(const char *list, uint32_t *ret, const char **ret_why)
{
	uint32_t set = 0;
	size_t n;
	int t;

	for (; *list != '\0'; list += n) {
		list += strspn(list, ", ");
		n = strcspn(list, ", ");
		for (t = 0; n > 0 && t < TYPE__MAX; t++)
			if (strlen(types[t].code) == n && strncmp(types[t].code, list, n) == 0)
				break;
		if (t == TYPE__MAX) {
			*ret_why = "attachment_types: of pdf, png, jpeg, text, csv, json, docx, "
				   "xlsx, pptx, odt, ods, odp, zip";
			return false;
		}
		set |= n > 0 ? UINT32_C(1) << t : 0;
	}
	*ret = set;
	return true;
}

static void
fault(struct faults *faults, const char *code, const char *value, const char *ja, const char *en)
{
	faults_add(faults, &(struct fault){ .field = "file_name", .code = code,
		.clause = "7.2.2(2)①", .value = value, .ja = ja, .en = en });
}

/* What is gathered of one file. */
struct file {
	uint8_t *head;
	size_t head_len;
	struct attachment_probe *probe;
	crypto_hash_sha256_state hash;
};

static bool
read_file(const struct scratch *s, struct file *f)
{
	uint8_t *piece = xmalloc(PIECE);
	uint64_t at = 0, size = scratch_size(s);
	size_t n, room;
	bool fine;

	while ((fine = scratch_read(s, at, piece, PIECE, &n)) && n > 0) {
		room = HEAD - f->head_len < n ? HEAD - f->head_len : n;
		memcpy(f->head + f->head_len, piece, room);
		f->head_len += room;
		crypto_hash_sha256_update(&f->hash, piece, n);
		at += n;
		attachment_probe_take(f->probe, piece, n, at == size);
	}
	free(piece);
	return fine && at == size;
}

/* NULL: libmagic cannot work here. */
static const char *
ask_magic(struct arena *arena, const struct file *f)
{
	magic_t m = magic_open(MAGIC_MIME_TYPE | MAGIC_NO_CHECK_COMPRESS | MAGIC_NO_CHECK_TAR |
			       MAGIC_NO_CHECK_ELF | MAGIC_NO_CHECK_CDF | MAGIC_NO_CHECK_TOKENS);
	const char *said = NULL;

	if (m != NULL && magic_load(m, NULL) == 0)
		said = magic_buffer(m, f->head, f->head_len);
	if (said != NULL)
		said = arena_strdup(arena, said);
	if (m != NULL)
		magic_close(m);
	return said;
}

/* TYPE__MAX: one with macros. */
static enum type
zip_type(const struct file *f)
{
	static const char mark[] = "mimetypeapplication/vnd.oasis.opendocument.";
	unsigned parts = attachment_probe_parts(f->probe);
	enum type t;

	/* the first entry of an OpenDocument, right behind its header of 30 bytes */
	for (t = TYPE_ODT; t <= TYPE_ODP; t++) {
		size_t n = strlen(types[t].media);

		if (f->head_len > 38 + n && memcmp(f->head + 30, mark, sizeof(mark) - 1) == 0 &&
		    memcmp(f->head + 38, types[t].media, n) == 0)
			return t;
	}
	if (parts & PART_MACRO)
		return TYPE__MAX;
	switch (parts) {
	case PART_TYPES | PART_WORD:
		return TYPE_DOCX;
	case PART_TYPES | PART_XL:
		return TYPE_XLSX;
	case PART_TYPES | PART_PPT:
		return TYPE_PPTX;
	default:
		return TYPE_ZIP;
	}
}

static bool
is_script(const struct file *f, const char *said)
{
	static const char *const list[] = { "text/html", "image/svg+xml", "text/xml",
		"application/xml", "text/x-shellscript", "text/x-msdos-batch", "text/x-php",
		"text/x-perl", "text/x-python", "text/x-script.python", "text/x-ruby",
		"text/x-lua", "text/x-tcl", "text/x-awk", "application/javascript",
		"text/javascript", "text/rtf", "application/postscript", NULL };
	const uint8_t *p = f->head, *end = f->head + f->head_len;

	if (f->head_len >= 3 && memcmp(p, "\xef\xbb\xbf", 3) == 0)
		p += 3;
	while (p < end && strchr(" \t\r\n\f", *p) != NULL && *p != '\0')
		p++;
	return str_in(said, list) || (p < end && *p == '<') ||
		(end - p >= 2 && memcmp(p, "#!", 2) == 0);
}

static bool
begins_json(const struct file *f)
{
	size_t i = f->head_len >= 3 && memcmp(f->head, "\xef\xbb\xbf", 3) == 0 ? 3 : 0;

	while (i < f->head_len && strchr(" \t\r\n", f->head[i]) != NULL && f->head[i] != '\0')
		i++;
	return i < f->head_len && (f->head[i] == '{' || f->head[i] == '[');
}

static bool
has_ending(enum type t, const char *ending)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(types[t].endings) && types[t].endings[i] != NULL; i++)
		if (strcasecmp(types[t].endings[i], ending) == 0)
			return true;
	return false;
}

/* Kinds of text differ by what they are called. */
static enum type
text_type(const struct file *f, const char *ending)
{
	if (has_ending(TYPE_CSV, ending))
		return TYPE_CSV;
	if (has_ending(TYPE_JSON, ending) && begins_json(f) &&
	    attachment_probe_is_utf8(f->probe))
		return TYPE_JSON;
	return TYPE_TEXT;
}

static bool
find_type(const struct file *f, const char *said, const char *ending, struct faults *faults,
	  enum type *ret)
{
	enum type t;

	for (t = TYPE_PDF; t <= TYPE_JPEG; t++)
		if (strcmp(said, types[t].media) == 0) {
			*ret = t;
			return true;
		}
	if (f->head_len >= 4 && memcmp(f->head, "PK\003\004", 4) == 0) {
		*ret = zip_type(f);
		if (*ret != TYPE__MAX)
			return true;
		fault(faults, "macros", NULL, "マクロを含む文書は添付できません。",
		      "A document with macros is not taken.");
		return false;
	}
	if (attachment_probe_is_text(f->probe) && !is_script(f, said)) {
		*ret = text_type(f, ending);
		return true;
	}
	fault(faults, "type_not_allowed", said,
	      "この種類のファイル（プログラム、Webページ、スクリプト、パスワード付き文書など）は"
	      "添付できません。", "A file of this kind (program, page, script, document with a "
	      "password …) is not taken.");
	return false;
}

static bool
judge(struct arena *arena, const struct file *f, const char *said, const char *name,
      uint32_t allowed, struct faults *faults, enum type *ret)
{
	const char *ending = strrchr(name, '.') == NULL ? "" : strrchr(name, '.') + 1;
	enum type t;

	if (!find_type(f, said, ending, faults, &t))
		return false;
	if (!has_ending(t, ending)) {
		fault(faults, "extension_mismatch", types[t].media, arena_printf(arena,
			"拡張子が内容と合いません。内容は %s です（拡張子は .%s）。",
			types[t].name, types[t].endings[0]), arena_printf(arena,
			"The ending does not fit the content, which is %s (.%s).",
			types[t].name, types[t].endings[0]));
		return false;
	}
	if (!(allowed & UINT32_C(1) << t)) {
		fault(faults, "type_not_allowed", types[t].media, arena_printf(arena,
			"この機構では %s のファイルは添付できません。", types[t].name),
		      arena_printf(arena, "Files of the kind %s are not taken here.",
				   types[t].name));
		return false;
	}
	*ret = t;
	return true;
}

enum err
attachment_content_read(struct arena *arena, const struct scratch *s, const char *file_name,
			uint32_t allowed, struct faults *faults, struct attachment_content *ret)
{
	struct file f = { .head = xmalloc(HEAD), .probe = attachment_probe_new() };
	uint8_t hash[crypto_hash_sha256_BYTES];
	enum err e = OK;
	const char *said;
	enum type t;

	crypto_hash_sha256_init(&f.hash);
	if (!read_file(s, &f))
		e = ERR_INTERNAL;
	if (e == OK && f.head_len == 0) {
		fault(faults, "empty_file", NULL, "空のファイルは添付できません。",
		      "An empty file is not taken.");
		e = ERR_FILE_TYPE;
	}
	said = e == OK ? ask_magic(arena, &f) : NULL;
	if (e == OK && said == NULL)
		e = ERR_INTERNAL;
	if (e == OK && !judge(arena, &f, said, file_name, allowed, faults, &t))
		e = ERR_FILE_TYPE;
	if (e == OK) {
		crypto_hash_sha256_final(&f.hash, hash);
		hex_write(hash, sizeof(hash), ret->sha256);
		ret->size = scratch_size(s);
		ret->media_type = types[t].media;
	}
	attachment_probe_free(f.probe);
	free(f.head);
	return e;
}
