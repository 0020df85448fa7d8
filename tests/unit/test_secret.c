/* What looks like a secret, and what only speaks of one. */
#include <workflow/secret.h>

#include "../suite.h"

static const char *const secrets[] = {
	"password=hunter2", "Password : hunter2", "ADMIN PASSWORD: x", "pwd=x", "passwd:\tx",
	"パスワード：ひらけごま", "パスワードはhimitsu", "暗証番号=1234", "api_key=abcdef",
	"token: abcdef", "SNMP community=private", "-----BEGIN RSA PRIVATE KEY-----",
	"-----BEGIN OPENSSH PRIVATE KEY-----", "PuTTY-User-Key-File-3: ssh-ed25519",
	"$6$rounds=5000$salt$abcdefgh", "$2y$10$abcdefghijklmnop", "$argon2id$v=19$m=65536",
	"{SSHA}abcdefghijklmnop", "root:$y$j9T$abcdefgh", "5f4dcc3b5aa765d61d8327deb882cf99",
	"e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
	"https://user:secret@example.jp/", "ghp_abcdefghijklmnopqrstuv", "AKIAIOSFODNN7EXAMPLE",
	"eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0NTY3ODkw.x", "daicho_12_abcdefghijklmnopqrstuv",
};

static const char *const harmless[] = {
	"", "root", "公開鍵認証のみ、パスワードなし", "パスワードは封筒に入れ金庫に保管",
	"password authentication is off", "トークンを使用", "password: なし", "secret: none",
	"鍵の保管場所: 金庫", "52:54:00:12:34:56", "192.0.2.1", "2001:db8::1", "製造番号 12345678",
	"https://www.example.jp/a:b@c", "mail: admin@example.jp", "version 1.2.3-4",
	"UUID 6ba7b810-9dad-11d1-80b4-00c04fd430c8", "12345678901234567890123456789012",
	"passage: north", "compass=1", "$6 a month", "bypass: on", "tokenizer: on",
};

START_TEST(secrets_are_found)
{
	struct arena *arena = arena_new();

	ck_assert_msg(secret_found(arena, secrets[_i]) != NULL, "%s", secrets[_i]);
	arena_free(arena);
}
END_TEST

START_TEST(words_are_none)
{
	struct arena *arena = arena_new();
	const char *what = secret_found(arena, harmless[_i]);

	ck_assert_msg(what == NULL, "%s: %s", harmless[_i], what);
	arena_free(arena);
}
END_TEST

int
main(void)
{
	Suite *s = suite_create("secret");
	TCase *c = tcase_create("secret");

	tcase_add_loop_test(c, secrets_are_found, 0, (int)ARRAY_SIZE(secrets));
	tcase_add_loop_test(c, words_are_none, 0, (int)ARRAY_SIZE(harmless));
	suite_add_tcase(s, c);
	return suite_run(s);
}
