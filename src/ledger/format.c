#include <arpa/inet.h>
#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include <base/text.h>
#include <ledger/format.h>

static const struct {
	const char *ja, *en, *pattern;
} formats[] = {
	[FORMAT_ANY] = { NULL, NULL, NULL },
	[FORMAT_CODE] = { "英小文字で始まる英小文字・数字・ハイフン（64文字以内）で入力してください。",
		"Lower-case letters, digits and hyphens, beginning with a letter.",
		"^[a-z][a-z0-9-]{0,63}$" },
	[FORMAT_LOGIN] = { "英小文字で始まる2〜32文字（英小文字・数字・.・_・-）で入力してください。",
		"2 to 32 of a-z 0-9 . _ -, beginning with a letter.",
		"^[a-z][a-z0-9._-]{1,31}$" },
	[FORMAT_IP] = { "IPアドレス、範囲（a-b）又はネットワーク（a/24）で入力してください。",
		"An IP address, a range (a-b) or a network (a/24).", NULL },
	[FORMAT_MAC] = { "MACアドレス（00:00:5e:00:53:01 など）で入力してください。",
		"A MAC address such as 00:00:5e:00:53:01.", NULL },
	[FORMAT_HOST] = { "ホスト名は英数字・ハイフン・ピリオド（253文字以内）で入力してください。",
		"A host name: letters, digits, hyphens, dots.",
		"^[A-Za-z0-9_]([A-Za-z0-9._-]*[A-Za-z0-9_])?$" },
	[FORMAT_MAIL] = { "メールアドレスの形で入力してください。", "A mail address.", NULL },
	[FORMAT_URL] = { "http:// 又は https:// で始まるURLを入力してください。",
		"A URL beginning with http:// or https://.", "^https?://" },
	[FORMAT_SHA256] = { "SHA-256の値（小文字の16進数64文字）を入力してください。",
		"A SHA-256 value: 64 hexadecimal digits in lower case.", "^[0-9a-f]{64}$" },
};

const char *
format_ja(enum field_format f)
{
	return formats[f].ja;
}

const char *
format_en(enum field_format f)
{
	return formats[f].en;
}

const char *
format_pattern(enum field_format f)
{
	return formats[f].pattern;
}

static bool
made_of(const char *s, const char *more, size_t min, size_t max, bool upper)
{
	size_t n = 0;

	for (; s[n] != '\0'; n++) {
		char c = s[n];

		if (!((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') ||
		      (upper && c >= 'A' && c <= 'Z') || strchr(more, c) != NULL))
			return false;
	}
	return n >= min && n <= max;
}

static bool
is_address(const char *s)
{
	struct in6_addr a;

	return inet_pton(AF_INET, s, &a) == 1 || inet_pton(AF_INET6, s, &a) == 1;
}

static bool
read_ip(struct arena *arena, const char *s, const char **ret)
{
	char *copy = arena_strdup(arena, s), *rest;
	bool v6 = strchr(s, ':') != NULL;
	int64_t bits;

	if ((rest = strchr(copy, '/')) != NULL) {
		*rest++ = '\0';
		if (!number_read(rest, 0, v6 ? 128 : 32, &bits))
			return false;
	} else if ((rest = strchr(copy, '-')) != NULL) {
		*rest++ = '\0';
		if (!is_address(rest))
			return false;
	}
	if (!is_address(copy))
		return false;
	*ret = s;
	return true;
}

/* 00-00-5E-00-53-01, 0000.5e00.5301 and 00005e005301 are the same address. */
static bool
read_mac(struct arena *arena, const char *s, const char **ret)
{
	char hex[13], *out;
	size_t n = 0, i;

	for (; *s != '\0'; s++) {
		if (strchr(":-.", *s) != NULL)
			continue;
		if (!isxdigit((unsigned char)*s) || n == 12)
			return false;
		hex[n++] = (char)tolower((unsigned char)*s);
	}
	if (n != 12)
		return false;
	out = arena_alloc(arena, 18);
	for (i = 0; i < 6; i++)
		snprintf(out + i * 3, 18 - i * 3, "%.2s%s", hex + i * 2, i < 5 ? ":" : "");
	*ret = out;
	return true;
}

static bool
is_mail(const char *s)
{
	const char *at = strchr(s, '@');

	return at != NULL && at > s && at[1] != '\0' && strchr(at + 1, '@') == NULL &&
		strchr(at + 1, '.') != NULL && strpbrk(s, " ,;<>()\"\\\t\n") == NULL;
}

static bool
is_code(const char *s)
{
	return s[0] >= 'a' && s[0] <= 'z' && made_of(s, "-", 1, 64, false);
}

static bool
is_login(const char *s)
{
	return s[0] >= 'a' && s[0] <= 'z' && made_of(s, "._-", 2, 32, false);
}

static bool
is_host(const char *s)
{
	return made_of(s, "._-", 1, 253, true) && s[0] != '-' && s[0] != '.';
}

static bool
is_url(const char *s)
{
	return (str_starts(s, "https://") || str_starts(s, "http://")) &&
		strpbrk(s, " \"<>\n") == NULL;
}

static bool
is_sha256(const char *s)
{
	return strlen(s) == 64 && strspn(s, "0123456789abcdef") == 64;
}

bool
format_read(enum field_format f, struct arena *arena, const char *s, const char **ret)
{
	static bool (*const check[])(const char *) = { [FORMAT_CODE] = is_code,
		[FORMAT_LOGIN] = is_login, [FORMAT_HOST] = is_host, [FORMAT_MAIL] = is_mail,
		[FORMAT_URL] = is_url, [FORMAT_SHA256] = is_sha256 };

	if (f == FORMAT_IP)
		return read_ip(arena, s, ret);
	if (f == FORMAT_MAC)
		return read_mac(arena, s, ret);
	if (f != FORMAT_ANY && !check[f](s))
		return false;
	*ret = s;
	return true;
}
