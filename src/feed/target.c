#include <string.h>

#include <curl/curl.h>

#include <feed/target.h>
#include <org/address.h>

/* RFC 6890 and its registries; 6to4 and Teredo carry an IPv4 address of anybody's choice. */
static const char reserved[] = "0.0.0.0/8,10.0.0.0/8,100.64.0.0/10,127.0.0.0/8,169.254.0.0/16,"
	"172.16.0.0/12,192.0.0.0/24,192.0.2.0/24,192.31.196.0/24,192.52.193.0/24,192.88.99.0/24,"
	"192.168.0.0/16,192.175.48.0/24,198.18.0.0/15,198.51.100.0/24,203.0.113.0/24,224.0.0.0/4,"
	"240.0.0.0/4,2001::/23,2001:db8::/32,2002::/16,2620:4f:8000::/48,3fff::/20";
static const char global[] = "0.0.0.0/0,2000::/3"; /* of IPv6 only this is given out */
static const char loopback[] = "127.0.0.0/8,::1";

bool
target_is_public(const char *address)
{
	return address_allows(global, address) && !address_allows(reserved, address);
}

bool
target_is_loopback(const char *address)
{
	return address_allows(loopback, address);
}

bool
target_may_connect(const char *allow, const char *address, bool plain)
{
	if (plain && !target_is_loopback(address))
		return false;
	return target_is_public(address) || (*allow != '\0' && address_allows(allow, address));
}

bool
target_allow_read(struct arena *arena, const char *text, const char **ret)
{
	const char *list = "", *one;
	size_t n;

	for (text += strspn(text, ", \t"); *text != '\0'; text += n, text += strspn(text, ", \t")) {
		n = strcspn(text, ", \t");
		if (!address_read(arena, arena_dup(arena, text, n), &one) ||
		    strcmp(one, "unix") == 0)
			return false;
		list = arena_printf(arena, "%s%s%s", list, *list == '\0' ? "" : ",", one);
	}
	*ret = list;
	return true;
}

static const struct target_fault bad_url = { "bad_url", "URLとして読み取れません。",
	"Not a URL with a host." };
static const struct target_fault bad_scheme = { "https_needed", "https:// で始まるURLが必要です。",
	"The URL must begin with https://." };
static const struct target_fault has_user = { "url_with_user",
	"URLに利用者名・パスワード・# は含められません。",
	"The URL must hold neither user, password nor fragment." };
static const struct target_fault private_address = { "private_address",
	"内部のアドレスには送れません（設定 webhook_allow を除く）。",
	"Private addresses are refused unless webhook_allow names them." };

static bool
has(CURLU *u, CURLUPart part)
{
	char *text = NULL;
	bool there = curl_url_get(u, part, &text, 0) == CURLUE_OK;

	curl_free(text);
	return there;
}

/* "[::1]" is ::1; names are judged when they are connected to. */
static const struct target_fault *
judge_host(char *host, bool plain, const char *allow)
{
	size_t n = strlen(host);
	bool local = strcmp(host, "localhost") == 0;
	struct arena *arena = arena_new();
	const struct target_fault *f = NULL;
	const char *seen;

	if (n > 1 && host[0] == '[' && host[n - 1] == ']') {
		host[n - 1] = '\0';
		host++;
	}
	if (address_read(arena, host, &seen) && strchr(host, '/') == NULL) {
		if (plain && !target_is_loopback(host))
			f = &bad_scheme;
		else if (!target_may_connect(allow, host, plain))
			f = &private_address;
	} else if (plain && !local) {
		f = &bad_scheme;
	} else if (local && !target_may_connect(allow, "127.0.0.1", plain) &&
		   !target_may_connect(allow, "::1", plain)) {
		f = &private_address;
	}
	arena_free(arena);
	return f;
}

const struct target_fault *
target_check(const char *url, const char *allow)
{
	CURLU *u = curl_url();
	char *scheme = NULL, *host = NULL;
	const struct target_fault *f = &bad_url;

	if (u == NULL || url[strcspn(url, " \t\r\n\"<>\\^`{|}")] != '\0' ||
	    curl_url_set(u, CURLUPART_URL, url, CURLU_NON_SUPPORT_SCHEME) != CURLUE_OK ||
	    curl_url_get(u, CURLUPART_SCHEME, &scheme, 0) != CURLUE_OK ||
	    curl_url_get(u, CURLUPART_HOST, &host, 0) != CURLUE_OK || host[0] == '\0')
		goto out;
	f = &bad_scheme;
	if (strcmp(scheme, "https") != 0 && strcmp(scheme, "http") != 0)
		goto out;
	f = &has_user;
	if (has(u, CURLUPART_USER) || has(u, CURLUPART_PASSWORD) || has(u, CURLUPART_FRAGMENT))
		goto out;
	f = judge_host(host, strcmp(scheme, "http") == 0, allow);
out:
	curl_free(scheme);
	curl_free(host);
	curl_url_cleanup(u);
	return f;
}
