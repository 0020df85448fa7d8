#include <string.h>

#include <http/cookie.h>
#include <http/server.h>

/* RFC 6265, 4.2.1, read leniently: pairs apart by ';', white space around them. */
enum err
cookie_find(struct arena *arena, const char *header, const char *name, const char **ret)
{
	size_t len = strlen(name), n, k;
	const char *found = NULL;

	for (; header != NULL && *header != '\0'; header += n + (header[n] == ';')) {
		header += strspn(header, " \t");
		n = strcspn(header, ";");
		if (n <= len || memcmp(header, name, len) != 0 || header[len] != '=')
			continue;
		if (found != NULL)
			return ERR_BAD_REQUEST;
		for (k = n; k > len + 1 && (header[k - 1] == ' ' || header[k - 1] == '\t'); k--)
			;
		found = arena_dup(arena, header + len + 1, k - len - 1);
	}
	*ret = found;
	return OK;
}

const char *
cookie_name(const struct server *s)
{
	return server_is_secure(s) ? "__Host-daicho" : "daicho";
}

void
cookie_set(struct request *r, struct response *resp, const char *value)
{
	response_header(resp, "Set-Cookie", arena_printf(r->arena,
		"%s=%s; Path=/; HttpOnly; SameSite=Lax%s%s", cookie_name(r->server),
		value == NULL ? "" : value, server_is_secure(r->server) ? "; Secure" : "",
		value == NULL ? "; Max-Age=0" : ""));
}
