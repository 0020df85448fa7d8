/* Documents without a database: scratch files, keys, sealing, names, kinds of file. */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <sodium.h>

#include "../suite.h"

#include <base/scratch.h>
#include <workflow/attachment.h>

static char dir[64];
static struct arena *arena;
static struct faults faults;

static void
begin(void)
{
	ck_assert_int_ge(sodium_init(), 0);
	snprintf(dir, sizeof(dir), "/tmp/attachment-XXXXXX");
	ck_assert_ptr_nonnull(mkdtemp(dir));
	arena = arena_new();
	faults_init(&faults, arena, 10);
}

static void
end(void)
{
	char command[100];

	arena_free(arena);
	snprintf(command, sizeof(command), "rm -r %s", dir);
	ck_assert_int_eq(system(command), 0);
}

static const char *
path_of(const char *name)
{
	return arena_printf(arena, "%s/%s", dir, name);
}

static struct scratch *
fresh(void)
{
	int fd = open(dir, O_TMPFILE | O_RDWR, 0600);

	ck_assert_int_ge(fd, 0);
	return scratch_new(fd);
}

/* ---- scratch files ---------------------------------------------------------------------- */

START_TEST(scratch_gives_back_what_it_took)
{
	static const size_t steps[] = { 1, 63, 64, 65, 127, 1000, 16384, 16385, 7, 40000 };
	uint8_t wrote[100000], got[100000];
	struct scratch *s = fresh();
	size_t at = 0, i, n;

	random_fill(wrote, sizeof(wrote));
	for (i = 0; at < sizeof(wrote); i++) {
		size_t take = steps[i % ARRAY_SIZE(steps)];

		take = take < sizeof(wrote) - at ? take : sizeof(wrote) - at;
		ck_assert(scratch_add(s, wrote + at, take));
		at += take;
	}
	ck_assert_uint_eq(scratch_size(s), sizeof(wrote));
	for (i = 0; i < 300; i++) {
		size_t from = i * 331 % sizeof(wrote), want = i * 97 % 5000 + 1;

		ck_assert(scratch_read(s, from, got, want, &n));
		ck_assert_uint_eq(n, want < sizeof(wrote) - from ? want : sizeof(wrote) - from);
		ck_assert_mem_eq(got, wrote + from, n);
	}
	ck_assert(scratch_read(s, sizeof(wrote), got, 1, &n));
	ck_assert_uint_eq(n, 0);
	scratch_free(s);
	scratch_free(NULL);
}
END_TEST

START_TEST(scratch_is_not_readable_on_the_disk)
{
	char name[100], seen[4096];
	struct scratch *s;
	ssize_t n;
	int fd;

	snprintf(name, sizeof(name), "%s/named", dir);
	fd = open(name, O_RDWR | O_CREAT | O_EXCL, 0600);
	ck_assert_int_ge(fd, 0);
	s = scratch_new(fd);
	ck_assert(scratch_add(s, "confidential confidential", 25));
	fd = open(name, O_RDONLY);
	n = read(fd, seen, sizeof(seen));
	close(fd);
	ck_assert_int_eq(n, 25);
	ck_assert_ptr_null(memmem(seen, 25, "confidential", 12));
	scratch_free(s);
}
END_TEST

/* ---- keys ------------------------------------------------------------------------------- */

#define HEX32 "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f"
#define HEX33 "ff0102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f"

static const char *
key_file(const char *text, mode_t mode)
{
	const char *path = path_of("key");
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0600);

	ck_assert_int_eq(write(fd, text, strlen(text)), (ssize_t)strlen(text));
	ck_assert_int_eq(fchmod(fd, mode), 0);
	close(fd);
	return path;
}

START_TEST(good_key_files_are_read)
{
	static const char *const good[] = { "a " HEX32 "\n", "a " HEX32,
		"# old\n\nold " HEX33 "\r\na\t" HEX32 "  \n" };
	const char *why = NULL;
	struct attachment_keys *k = attachment_keys_open(key_file(good[_i], 0600), &why);

	ck_assert_msg(k != NULL, "%s", why);
	ck_assert_str_eq(attachment_keys_newest(k), "a");
	attachment_keys_free(k);
}
END_TEST

START_TEST(bad_key_files_are_refused)
{
	static const struct {
		const char *text;
		mode_t mode;
		const char *why;
	} bad[] = {
		{ "a " HEX32 "\n", 0644, "others may read" },
		{ "a " HEX32 "\n", 0640, "others may read" },
		{ "a " HEX32 "\n", 0602, "others may read" },
		{ "", 0600, "no key" }, { "# a\n", 0600, "no key" },
		{ "a\n", 0600, "lines are" }, { HEX32 "\n", 0600, "lines are" },
		{ "a " HEX32 "0\n", 0600, "lines are" }, { "a 00\n", 0600, "lines are" },
		{ "a b " HEX32 "\n", 0600, "lines are" },
		{ "a " HEX32 "\na " HEX33 "\n", 0600, "names differ" },
	};
	const char *why = NULL;

	ck_assert_ptr_null(attachment_keys_open(key_file(bad[_i].text, bad[_i].mode), &why));
	ck_assert_ptr_nonnull(strstr(why, bad[_i].why));
	ck_assert(bad[_i].mode != 0644 || !attachment_keys_add(path_of("key"), NULL, &why));
}
END_TEST

START_TEST(no_file_is_no_key)
{
	const char *why = NULL;

	ck_assert_ptr_null(attachment_keys_open(path_of("none"), &why));
	ck_assert_ptr_nonnull(strstr(why, "cannot be opened"));
	ck_assert_ptr_null(attachment_keys_open(dir, &why));
	ck_assert_ptr_nonnull(strstr(why, "not a plain file"));
}
END_TEST

START_TEST(keys_are_added_at_the_end)
{
	struct attachment_keys *k;
	const char *why = NULL;
	char *name[2];
	struct stat st;
	int i;

	for (i = 0; i < 2; i++) {
		ck_assert(attachment_keys_add(path_of("new"), &name[i], &why));
		k = attachment_keys_open(path_of("new"), &why);
		ck_assert_ptr_nonnull(k);
		ck_assert_str_eq(attachment_keys_newest(k), name[i]);
		attachment_keys_free(k);
	}
	ck_assert_str_ne(name[0], name[1]);
	ck_assert_int_eq(stat(path_of("new"), &st), 0);
	ck_assert_int_eq(st.st_mode & 0777, 0600);
	/* behind a last line without its end */
	ck_assert(attachment_keys_add(key_file("a " HEX32, 0600), NULL, &why));
	k = attachment_keys_open(path_of("key"), &why);
	ck_assert_ptr_nonnull(k);
	attachment_keys_free(k);
	free(name[0]);
	free(name[1]);
}
END_TEST

/* ---- sealing ---------------------------------------------------------------------------- */

#define SIZE 1000

static const struct attachment_bond bond = { "Z00000001", "hoshi", HEX32, 2 * SIZE };
static const char *const ciphers[] = { "aes256gcm", "chacha20poly1305" };

static struct attachment_keys *
keys(const char *text)
{
	const char *why = NULL;
	struct attachment_keys *k = attachment_keys_open(key_file(text, 0600), &why);

	ck_assert_ptr_nonnull(k);
	return k;
}

static bool
opens(const struct attachment_keys *k, const struct attachment_box *box,
      const struct attachment_bond *b, struct attachment_box *ret)
{
	const char *why;

	return attachment_box_open(k, attachment_cipher_name(box->cipher), box->key_name,
				   box->wrapped, sizeof(box->wrapped), b, ret, &why);
}

START_TEST(sealing_binds_everything)
{
	const struct attachment_cipher *cipher = attachment_cipher(ciphers[_i]);
	struct attachment_keys *k = keys("a " HEX32 "\n"), *wrong;
	uint8_t clear[SIZE], sealed[2][SIZE + ATTACHMENT_TAG], got[SIZE];
	struct attachment_box box, again, other;
	struct attachment_bond b;
	size_t i;

	if (cipher == NULL)
		return; /* a processor without instructions for AES */
	random_fill(clear, sizeof(clear));
	attachment_box_new(k, cipher, &bond, &box);
	attachment_chunk_seal(&box, 0, false, clear, SIZE, sealed[0]);
	attachment_chunk_seal(&box, 1, true, clear, SIZE, sealed[1]);
	ck_assert(opens(k, &box, &bond, &again));
	ck_assert(attachment_chunk_open(&again, 0, false, sealed[0], sizeof(sealed[0]), got));
	ck_assert_mem_eq(got, clear, SIZE);
	ck_assert(attachment_chunk_open(&again, 1, true, sealed[1], sizeof(sealed[1]), got));
	/* another place, cut off, cut short, lengthened as if more came */
	ck_assert(!attachment_chunk_open(&again, 1, false, sealed[0], sizeof(sealed[0]), got));
	ck_assert(!attachment_chunk_open(&again, 0, true, sealed[0], sizeof(sealed[0]), got));
	ck_assert(!attachment_chunk_open(&again, 1, false, sealed[1], sizeof(sealed[1]), got));
	ck_assert(!attachment_chunk_open(&again, 0, false, sealed[0], sizeof(sealed[0]) - 1, got));
	ck_assert(!attachment_chunk_open(&again, 0, false, sealed[0], 5, got));
	for (i = 0; i < sizeof(sealed[0]); i += 13) {
		sealed[0][i] ^= 1;
		ck_assert(!attachment_chunk_open(&again, 0, false, sealed[0], sizeof(sealed[0]),
						 got));
		sealed[0][i] ^= 1;
	}
	/* of another document */
	b = bond;
	b.no = "Z00000002";
	attachment_box_new(k, cipher, &b, &other);
	ck_assert(!attachment_chunk_open(&other, 0, false, sealed[0], sizeof(sealed[0]), got));
	ck_assert(!opens(k, &box, &b, &again));
	b = bond;
	b.institution = "umi";
	ck_assert(!opens(k, &box, &b, &again));
	b = bond;
	b.sha256 = HEX33;
	ck_assert(!opens(k, &box, &b, &again));
	b = bond;
	b.size++;
	ck_assert(!opens(k, &box, &b, &again));
	box.wrapped[20] ^= 1;
	ck_assert(!opens(k, &box, &bond, &again));
	box.wrapped[20] ^= 1;
	attachment_keys_free(k);
	wrong = keys("a " HEX33 "\n");
	box.key_name = "a";
	ck_assert(!opens(wrong, &box, &bond, &again));
	attachment_keys_free(wrong);
	wrong = keys("b " HEX32 "\n");
	ck_assert(!opens(wrong, &box, &bond, &again));
	attachment_keys_free(wrong);
}
END_TEST

START_TEST(a_key_is_wrapped_anew)
{
	struct attachment_keys *old = keys("a " HEX32 "\n"), *both, *fresh_only;
	uint8_t sealed[SIZE + ATTACHMENT_TAG], got[SIZE], clear[SIZE] = { 0 };
	struct attachment_box box, again;

	attachment_box_new(old, attachment_cipher_best(), &bond, &box);
	attachment_chunk_seal(&box, 0, true, clear, SIZE, sealed);
	box.key_name = "a";
	attachment_keys_free(old);
	both = keys("a " HEX32 "\nb " HEX33 "\n");
	ck_assert(opens(both, &box, &bond, &again));
	attachment_box_rewrap(both, &again);
	ck_assert_str_eq(again.key_name, "b");
	fresh_only = keys("b " HEX33 "\n");
	ck_assert(!opens(fresh_only, &box, &bond, &box));
	ck_assert(opens(fresh_only, &again, &bond, &box));
	ck_assert(attachment_chunk_open(&box, 0, true, sealed, sizeof(sealed), got));
	attachment_box_wipe(&box);
	ck_assert_uint_eq(box.key[0] | box.key[31], 0);
	attachment_keys_free(both);
	attachment_keys_free(fresh_only);
}
END_TEST

/* ---- names and kinds -------------------------------------------------------------------- */

static const char *const good_names[] = { "a.pdf", "図面 第2版.pdf", "v1.2.3.txt", "報告（案）.docx",
	"a..pdf", "com10.pdf", "nulls.pdf", "file.exercise.pdf" };
static const char *const bad_names[] = { "", "a", ".pdf", "..", "a/b.pdf", "a\\b.pdf", "c:a.pdf",
	"a*.pdf", "a\".pdf", "a\n.pdf", "a\x7f.pdf", "a\xff.pdf", "a.", "nul.txt", "CON.x.pdf",
	"LPT1.pdf", "a.exe.pdf", "a.Js.txt", "x.y.hta.png", "a\xe2\x80\xae.pdf" };

START_TEST(good_names_are_taken)
{
	const char *name = NULL;

	ck_assert(attachment_name_read(arena, good_names[_i], &faults, &name));
	ck_assert_str_eq(name, good_names[_i]);
	ck_assert_uint_eq(faults.total, 0);
}
END_TEST

START_TEST(bad_names_are_refused)
{
	const char *name = NULL;

	ck_assert_msg(!attachment_name_read(arena, bad_names[_i], &faults, &name), "%s",
		      bad_names[_i]);
	ck_assert_uint_eq(faults.total, 1);
	ck_assert_str_eq(faults.v[0].field, "file_name");
	ck_assert_ptr_null(name);
}
END_TEST

START_TEST(without_a_key_nothing_is_filed)
{
	struct attachment_store store = { 0 };
	struct attachment_filing f = { .asset = "A00000001" };
	struct attachment_content c = { .size = 1 };
	struct scratch *s = fresh();
	struct tx tx = { .arena = arena };
	PGresult *row = NULL;

	ck_assert_int_eq(attachment_file(&store, &tx, &f, &c, s, &row), ERR_NO_KEY);
	ck_assert(!tx.open && row == NULL);
	scratch_free(s);
}
END_TEST

START_TEST(lists_of_types_are_read)
{
	const char *why = NULL;
	uint32_t set = 7;

	ck_assert(attachment_types_read("pdf, png,zip", &set, &why));
	ck_assert_uint_eq(set, 1 | 2 | 1U << 12);
	ck_assert(attachment_types_read("", &set, &why));
	ck_assert_uint_eq(set, 0);
	set = 7;
	ck_assert(!attachment_types_read("pdf,exe", &set, &why));
	ck_assert_ptr_nonnull(strstr(why, "attachment_types"));
	ck_assert_uint_eq(set, 7);
}
END_TEST

/* A character that lies across two pieces, and a name in a ZIP that does. */
START_TEST(pieces_have_no_seams)
{
	struct attachment_content c;
	struct scratch *s;
	uint32_t all = UINT32_MAX;
	int i;

	for (i = 65530; i < 65537; i++) {
		char *text = arena_alloc(arena, 65600), *zip = arena_alloc(arena, 65600);

		memset(text, 'a', (size_t)i);
		memcpy(text + i, "漢字", 6);
		s = fresh();
		ck_assert(scratch_add(s, text, (size_t)i + 6));
		ck_assert_int_eq(attachment_content_read(arena, s, "a.txt", all, &faults, &c), OK);
		ck_assert_uint_eq(c.size, (size_t)i + 6);
		scratch_free(s);
		s = fresh();
		ck_assert(scratch_add(s, text, (size_t)i + 4)); /* cut in the middle */
		ck_assert_int_eq(attachment_content_read(arena, s, "a.txt", all, &faults, &c),
				 ERR_FILE_TYPE);
		scratch_free(s);
		memset(zip, 0, 65600);
		memcpy(zip, "PK\003\004", 4);
		memcpy(zip + 100, "[Content_Types].xml word/document", 33);
		memcpy(zip + i - 7, "vbaProject.bin", 14);
		s = fresh();
		ck_assert(scratch_add(s, zip, 65600));
		faults.total = 0;
		ck_assert_int_eq(attachment_content_read(arena, s, "a.docx", all, &faults, &c),
				 ERR_FILE_TYPE);
		ck_assert_str_eq(faults.v[faults.n - 1].code, "macros");
		scratch_free(s);
	}
}
END_TEST

int
main(void)
{
	Suite *suite = suite_create("attachment");
	TCase *t = tcase_create("all");

	tcase_set_timeout(t, 60);
	tcase_add_checked_fixture(t, begin, end);
	tcase_add_test(t, scratch_gives_back_what_it_took);
	tcase_add_test(t, scratch_is_not_readable_on_the_disk);
	tcase_add_loop_test(t, good_key_files_are_read, 0, 3);
	tcase_add_loop_test(t, bad_key_files_are_refused, 0, 11);
	tcase_add_test(t, no_file_is_no_key);
	tcase_add_test(t, keys_are_added_at_the_end);
	tcase_add_loop_test(t, sealing_binds_everything, 0, (int)ARRAY_SIZE(ciphers));
	tcase_add_test(t, a_key_is_wrapped_anew);
	tcase_add_loop_test(t, good_names_are_taken, 0, (int)ARRAY_SIZE(good_names));
	tcase_add_loop_test(t, bad_names_are_refused, 0, (int)ARRAY_SIZE(bad_names));
	tcase_add_test(t, without_a_key_nothing_is_filed);
	tcase_add_test(t, lists_of_types_are_read);
	tcase_add_test(t, pieces_have_no_seams);
	suite_add_tcase(suite, t);
	return suite_run(suite);
}
