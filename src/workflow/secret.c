#include <ctype.h>
#include <string.h>

#include <base/text.h>
#include <workflow/secret.h>

/* Words after which a value is one. */
static const char *const words[] = { "password", "passwd", "passphrase", "passcode", "secret",
	"apikey", "api_key", "api-key", "accesskey", "access_key", "token", "privatekey",
	"private_key", "community", "psk", "pwd", "pass", "パスワード", "パスフレーズ", "暗証番号",
	"秘密鍵", "共有鍵", "合言葉", NULL };

/* Beginnings of hashes of passwords and of keys. */
static const struct {
	const char *begin, *what;
	size_t more; /* characters that follow at least */
} marks[] = {
	{ "$1$", "a hash of a password", 8 },	  { "$2a$", "a hash of a password", 8 },
	{ "$2b$", "a hash of a password", 8 },	  { "$2y$", "a hash of a password", 8 },
	{ "$5$", "a hash of a password", 8 },	  { "$6$", "a hash of a password", 8 },
	{ "$7$", "a hash of a password", 8 },	  { "$y$", "a hash of a password", 8 },
	{ "$argon2", "a hash of a password", 8 }, { "$scrypt$", "a hash of a password", 8 },
	{ "{ssha", "a hash of a password", 8 },	  { "{sha", "a hash of a password", 8 },
	{ "{md5}", "a hash of a password", 8 },	  { "{crypt}", "a hash of a password", 8 },
	{ "$pbkdf2", "a hash of a password", 8 }, { "pbkdf2_sha", "a hash of a password", 8 },
	{ "akia", "an access key", 16 },	  { "ghp_", "an access token", 20 },
	{ "github_pat_", "an access token", 20 }, { "glpat-", "an access token", 16 },
	{ "xoxb-", "an access token", 10 },	  { "xoxp-", "an access token", 10 },
	{ "daicho_", "an access token", 20 },	  { "eyj", "an access token", 30 },
	{ "age-secret-key-", "a private key", 20 },
};

static bool
is_word(char c)
{
	return isalnum((unsigned char)c) || c == '_';
}

static bool
begins_word(const char *text, const char *p)
{
	return p == text || !is_word(p[-1]);
}

/* "password: x", "pass=x", "パスワードは x" */
static bool
has_assignment(const char *text)
{
	size_t i;

	for (i = 0; words[i] != NULL; i++) {
		const char *p = text;
		size_t n = strlen(words[i]);

		for (; (p = strstr(p, words[i])) != NULL; p += n) {
			const char *after = p + n;

			if (!begins_word(text, p) && is_word(words[i][0]))
				continue;
			after += strspn(after, " \t\"'");
			if (str_starts(after, "は") && isgraph((unsigned char)after[strlen("は")]))
				after += strlen("は"); /* what follows is no Japanese */
			else if (*after == ':' || *after == '=')
				after++;
			else
				continue;
			after += strspn(after, " \t\"'=>");
			if (*after != '\0' && *after != '\n' && !str_starts(after, "なし") &&
			    !str_starts(after, "無") && !str_starts(after, "none"))
				return true;
		}
	}
	return false;
}

static const char *
has_mark(const char *text)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(marks); i++) {
		const char *p = text;
		size_t n = strlen(marks[i].begin);

		for (; (p = strstr(p, marks[i].begin)) != NULL; p += n)
			if (begins_word(text, p) &&
			    strcspn(p + n, " \t\r\n,;\"'") >= marks[i].more)
				return marks[i].what;
	}
	return NULL;
}

/* Digits of 16 in the lengths of MD5, SHA-1, SHA-256 … */
static bool
has_digest(const char *text)
{
	static const size_t lengths[] = { 32, 40, 56, 64, 96, 128 };
	const char *p = text;
	size_t n, i;

	while (*p != '\0') {
		n = strspn(p, "0123456789abcdef");
		for (i = 0; i < ARRAY_SIZE(lengths); i++)
			if (n == lengths[i] && begins_word(text, p) && !is_word(p[n]) &&
			    strspn(p, "0123456789") < n)
				return true;
		p += n > 0 ? n : 1;
	}
	return false;
}

bool
secret_in_address(const char *text)
{
	const char *p = text;

	for (; (p = strstr(p, "://")) != NULL; p += 3) {
		size_t n = strcspn(p + 3, "/?# \t\r\n");
		const char *at = memchr(p + 3, '@', n), *colon;

		colon = at == NULL ? NULL : memchr(p + 3, ':', (size_t)(at - p - 3));
		if (colon != NULL && colon + 1 < at)
			return true;
	}
	return false;
}

/* Full-width forms and letter case hide nothing. */
static const char *
plain(struct arena *arena, const char *text)
{
	static const struct {
		const char *wide, *narrow;
	} forms[] = { { "：", ":" }, { "＝", "=" }, { "　", " " }, { "＠", "@" } };
	char *copy = arena_strdup(arena, text), *to = copy;
	size_t i;

	while (*text != '\0') {
		for (i = 0; i < ARRAY_SIZE(forms); i++)
			if (str_starts(text, forms[i].wide))
				break;
		if (i < ARRAY_SIZE(forms)) {
			text += strlen(forms[i].wide);
			*to++ = forms[i].narrow[0];
		} else {
			*to++ = (char)tolower((unsigned char)*text++);
		}
	}
	*to = '\0';
	return copy;
}

const char *
secret_found(struct arena *arena, const char *text)
{
	const char *s = plain(arena, text);

	if (strstr(s, "private key-----") != NULL || strstr(s, "putty-user-key-file") != NULL)
		return "a private key";
	if (has_assignment(s))
		return "a password or a key";
	if (secret_in_address(s))
		return "a password in an address";
	return has_digest(s) ? "a hash" : has_mark(s);
}
