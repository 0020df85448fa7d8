#include <pwd.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>
#include <sys/un.h>

#include <base/buf.h>
#include <base/log.h>
#include <http/proxy.h>
#include "proxy_identity.h"

#define UIDS_MAX 16
#define VALUE_MAX 256

struct proxy {
	char *header;
	uid_t uids[UIDS_MAX];
	size_t n;
};

/* Headers that mean something already. */
static const char *const reserved[] = { "accept", "accept-language", "authorization",
	"connection", "content-encoding", "content-length", "content-type", "cookie",
	"daicho-office", "expect", "forwarded", "host",
	"idempotency-key", "if-match", "if-none-match", "origin", "prefer",
	"sec-fetch-site", "transfer-encoding", "x-csrf-token", "x-forwarded-for",
	"x-forwarded-proto", "x-request-id", NULL };

/* Letters, digits, hyphens: a proxy may take '_' for '-', and then two names are one. */
static bool
header_ok(const char *name)
{
	size_t i;

	if (strlen(name) > 64 ||
	    strspn(name, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-") !=
	    strlen(name))
		return false;
	for (i = 0; reserved[i] != NULL; i++)
		if (strcasecmp(name, reserved[i]) == 0)
			return false;
	return true;
}

static bool
uid_read(const char *word, uid_t *ret)
{
	char text[4096];
	struct passwd entry, *found = NULL;
	int64_t number;

	/* the highest one is what the kernel says when it does not know */
	if (number_read(word, 0, (int64_t)UINT32_MAX - 1, &number)) {
		*ret = (uid_t)number;
		return true;
	}
	if (getpwnam_r(word, &entry, text, sizeof(text), &found) != 0 || found == NULL)
		return false;
	*ret = entry.pw_uid;
	return true;
}

static const char *
why(const char *before, const char *word, const char *after)
{
	struct buf b;
	char *text;

	buf_init(&b, 4096);
	buf_addf(&b, "%s%.64s%s", before, word, after);
	text = xstrdup(buf_text(&b));
	buf_release(&b);
	return text;
}

static bool
uids_read(struct proxy *p, const char *list, const char **ret_why)
{
	char word[65];
	size_t n;

	for (list += strspn(list, " ,\t"); *list != '\0'; list += strspn(list, " ,\t")) {
		n = strcspn(list, " ,\t");
		if (n >= sizeof(word) || p->n == UIDS_MAX) {
			*ret_why = "proxy_uids is too long";
			return false;
		}
		memcpy(word, list, n);
		word[n] = '\0';
		list += n;
		if (!uid_read(word, &p->uids[p->n++])) {
			*ret_why = why("proxy_uids: there is no user \"", word, "\"");
			return false;
		}
	}
	if (p->n == 0)
		*ret_why = "proxy_header needs proxy_uids: whose word is taken for it";
	return p->n > 0;
}

bool
proxy_new(const char *header, const char *uids, const char *listen, struct proxy **ret,
	  const char **ret_why)
{
	struct proxy *p;

	if (*header == '\0') {
		*ret = NULL;
		return true;
	}
	if (!header_ok(header)) {
		*ret_why = why("proxy_header: \"", header, "\" cannot be used");
		return false;
	}
	if (!str_starts(listen, "unix:")) {
		*ret_why = "proxy_header needs listen = unix:PATH: over TCP anybody could be the "
			"proxy";
		return false;
	}
	p = xcalloc(1, sizeof(*p));
	if (!uids_read(p, uids, ret_why)) {
		free(p);
		return false;
	}
	p->header = xstrdup(header);
	*ret = p;
	return true;
}

void
proxy_free(struct proxy *p)
{
	if (p == NULL)
		return;
	free(p->header);
	free(p);
}

/* On TCP the kernel answers this question, too, but with nobody. */
static bool
peer_is_proxy(const struct proxy *p, int fd)
{
	struct sockaddr_un a;
	socklen_t len = sizeof(a);
	struct ucred peer;
	size_t i;

	if (getsockname(fd, (struct sockaddr *)&a, &len) != 0 || a.sun_family != AF_UNIX)
		return false;
	len = sizeof(peer);
	if (getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &peer, &len) != 0 || len != sizeof(peer))
		return false;
	for (i = 0; i < p->n; i++)
		if (p->uids[i] == peer.uid)
			return true;
	return false;
}

static const char *
find(const struct headers *h, const char *name, size_t *ret_count)
{
	const char *value = NULL;
	size_t i, count = 0;

	for (i = 0; i < h->n; i++)
		if (strcasecmp(h->v[i].name, name) == 0 && count++ == 0)
			value = h->v[i].value;
	*ret_count = count;
	return value;
}

/* The raw value, whatever came of it. */
static void
tell(const struct request *r, const char *value, enum err e)
{
	char text[VALUE_MAX + 1];
	size_t i;

	for (i = 0; i < VALUE_MAX && value[i] != '\0'; i++)
		text[i] = value[i] >= 0x20 && value[i] < 0x7f ? value[i] : '?';
	text[i] = '\0';
	log_event(LOG_INFO, "proxy_identity", r->id, "\"%s\" from %s is %s", text, r->client,
		  e == OK ? r->principal->login : err_info(e)->code);
}

/* Nobody's attribute has blanks, controls or letters beyond ASCII. */
static bool
value_ok(const char *value)
{
	size_t i;

	for (i = 0; value[i] > 0x20 && value[i] < 0x7f && i <= VALUE_MAX; i++)
		continue;
	return value[i] == '\0';
}

/* A page that changes something needs more than a header: another site could bring it about. */
static bool
may_be_named(const struct request *r)
{
	return r->route->pages && r->method == METHOD_GET && !str_starts(r->path, "/api/");
}

enum err
proxy_identify(struct call *c)
{
	struct request *r = &c->req;
	const struct proxy *p = r->service->proxy;
	const char *value;
	size_t count;
	enum err e;

	if (p == NULL || !may_be_named(r) || !peer_is_proxy(p, c->conn->fd))
		return OK;
	value = find(&c->headers, p->header, &count);
	if (count > 1 || (count == 1 && request_header(r, "Authorization") != NULL)) {
		r->detail = count > 1 ? "The proxy's header is sent more than once." :
			"The proxy's header and Authorization exclude each other.";
		return ERR_BAD_REQUEST;
	}
	if (count == 0 || *value == '\0')
		return OK;
	e = !value_ok(value) ? ERR_UNAUTHENTICATED :
		access_identity(r->arena, r->service->pool, "eppn", value, &r->principal);
	tell(r, value, e);
	return e;
}
