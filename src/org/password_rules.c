/* Which passwords are taken, in which form. */
#include <stdio.h>
#include <string.h>

#include <base/text.h>
#include <org/password.h>

/* What lists of leaked passwords begin with, as far as it is long enough; folded. */
static const char *const common[] = { "password1234", "password12345", "passwordpassword",
	"passw0rd1234", "p@ssw0rd1234", "p@ssword1234", "1234567890ab", "qwertyuiop12",
	"qwertyuiop123", "qwerty123456", "qwertyuiopasdf", "qwertyuiop[]", "1qaz2wsx3edc",
	"1q2w3e4r5t6y", "q1w2e3r4t5y6", "zaq12wsxcde3", "asdfghjkl123", "asdfghjkl;'",
	"zxcvbnm12345", "administrator", "administrator1", "administrator123", "admin1234567",
	"admin123456789", "welcome12345", "letmein12345", "iloveyou1234", "sakura123456",
	"nihon1234567", "tokyo1234567", "changeme1234", "changemeplease", "abcdefghijkl",
	"abcdefghijklm", "abcdefghijklmnopqrstuvwxyz", "abc123456789", "abcd12345678",
	"a1b2c3d4e5f6", "aa1234567890", "secret123456", "superman1234", "football1234",
	"baseball1234", "princess1234", "dragon123456", "monkey123456", "michael12345",
	"daichodaicho", "daicho123456", "daichod12345", "パスワードパスワード", NULL };

static struct fault
fault_of(const char *code, const char *ja, const char *en)
{
	return (struct fault){ .code = code, .clause = "7.1.1(2)①", .ja = ja, .en = en };
}

const char *
password_normal(struct arena *arena, const char *text)
{
	char *normal;

	if (text_read(arena, text, strlen(text), PASSWORD_MAX, 0, &normal, NULL) != TEXT_OK)
		return NULL;
	return normal;
}

/* "aaaaaaaaaaaa", "abababababab", "123456789012": little more than its first characters. */
static bool
is_simple(const char *s)
{
	size_t n = strlen(s), period, i, steps = 0;

	for (period = 1; period <= 4; period++) {
		for (i = period; i < n && s[i] == s[i - period]; i++)
			;
		if (i == n)
			return true;
	}
	for (i = 1; i < n; i++)
		if (s[i] == s[i - 1] + 1 || s[i] == s[i - 1] - 1 ||
		    (s[i - 1] == '9' && s[i] == '0') || (s[i - 1] == '0' && s[i] == '9'))
			steps++;
	return steps + 2 >= n;
}

static bool
is_common(struct arena *arena, const char *normal)
{
	const char *folded = text_fold(arena, normal);

	return str_in(folded, common) || is_simple(folded);
}

static bool
holds_login(struct arena *arena, const char *normal, const char *login)
{
	return strlen(login) >= 3 &&
		strstr(text_fold(arena, normal), text_fold(arena, login)) != NULL;
}

static bool
judge(struct arena *arena, const char *login, const char *text, const char **ret_normal,
      struct fault *ret)
{
	enum text_fault why;
	char *normal;

	why = text_read(arena, text, strlen(text), PASSWORD_MAX, 0, &normal, NULL);
	if (why == TEXT_TOO_LONG)
		*ret = fault_of("too_long", "128文字までにしてください。",
				"At most 128 characters.");
	else if (why != TEXT_OK)
		*ret = fault_of(text_fault_code(why), text_fault_ja(why), text_fault_en(why));
	else if (text_length(normal) < PASSWORD_MIN)
		*ret = fault_of("too_short", "12文字以上にしてください。",
				"At least 12 characters.");
	else if (holds_login(arena, normal, login))
		*ret = fault_of("holds_login", "識別コードを含めないでください。",
				"It must not contain the login.");
	else if (is_common(arena, normal))
		*ret = fault_of("common_password", "推測されやすいパスワードです。",
				"It is too easily guessed.");
	else {
		*ret_normal = normal;
		return true;
	}
	return false;
}

const char *
password_choose(struct arena *arena, const char *field, const char *login, const char *text,
		struct faults *faults)
{
	const char *normal = NULL;
	struct fault f;

	if (judge(arena, login, text, &normal, &f))
		return normal;
	f.field = field;
	faults_add(faults, &f);
	return NULL;
}

/* 32 letters and digits that are not taken for one another: 125 bits. */
const char *
password_generate(struct arena *arena)
{
	static const char letters[] = "abcdefghijkmnpqrstuvwxyz23456789";
	uint8_t bytes[25];
	char *out = arena_alloc(arena, 30), *p = out;
	size_t i;

	random_fill(bytes, sizeof(bytes));
	for (i = 0; i < sizeof(bytes); i++) {
		if (i > 0 && i % 5 == 0)
			*p++ = '-';
		*p++ = letters[bytes[i] % 32];
	}
	return out;
}
