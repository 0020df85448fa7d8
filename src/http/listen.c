#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "listen.h"

#define BACKLOG 511

union address {
	struct sockaddr any;
	struct sockaddr_in in;
	struct sockaddr_in6 in6;
	struct sockaddr_un un;
};

PRINTF(1, 2) static const char *
why(const char *fmt, ...)
{
	char *text = NULL;
	va_list ap;

	va_start(ap, fmt);
	if (vasprintf(&text, fmt, ap) < 0)
		text = NULL;
	va_end(ap);
	return text == NULL ? "out of memory" : text;
}

static bool
is_loopback(const union address *a)
{
	if (a->any.sa_family == AF_INET)
		return ntohl(a->in.sin_addr.s_addr) >> 24 == 127;
	return IN6_IS_ADDR_LOOPBACK(&a->in6.sin6_addr);
}

/* Numbers only (and "localhost"): a name could mean another machine's address tomorrow. */
static bool
read_address(const char *where, union address *ret, socklen_t *ret_len)
{
	const char *colon = strrchr(where, ':');
	char host[64];
	int64_t port;
	size_t n;

	if (colon == NULL || !number_read(colon + 1, 0, 65535, &port))
		return false;
	n = (size_t)(colon - where);
	if (n >= 2 && where[0] == '[' && where[n - 1] == ']') {
		where++;
		n -= 2;
	}
	if (n == 0 || n >= sizeof(host))
		return false;
	memcpy(host, where, n);
	host[n] = '\0';
	memset(ret, 0, sizeof(*ret));
	if (inet_pton(AF_INET, strcmp(host, "localhost") == 0 ? "127.0.0.1" : host,
		      &ret->in.sin_addr) == 1) {
		ret->in.sin_family = AF_INET;
		ret->in.sin_port = htons((uint16_t)port);
		*ret_len = sizeof(ret->in);
		return true;
	}
	if (inet_pton(AF_INET6, host, &ret->in6.sin6_addr) != 1)
		return false;
	ret->in6.sin6_family = AF_INET6;
	ret->in6.sin6_port = htons((uint16_t)port);
	*ret_len = sizeof(ret->in6);
	return true;
}

static bool
open_tcp(const char *where, int *ret_fd, const char **ret_why)
{
	union address a;
	socklen_t len;
	int fd, on = 1;

	if (!read_address(where, &a, &len)) {
		*ret_why = why("cannot read the address \"%s\": ADDR:PORT or unix:PATH", where);
		return false;
	}
	if (!is_loopback(&a)) {
		*ret_why = why("%s is not a loopback address and there is no TLS: listen on "
			       "127.0.0.1 or a Unix socket, with nginx or Apache in front", where);
		return false;
	}
	fd = socket(a.any.sa_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (fd < 0) {
		*ret_why = why("no socket: %s", strerror(errno));
		return false;
	}
	setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on));
	if (bind(fd, &a.any, len) != 0 || listen(fd, BACKLOG) != 0) {
		*ret_why = why("cannot listen on %s: %s", where, strerror(errno));
		close(fd);
		return false;
	}
	*ret_fd = fd;
	return true;
}

/* A socket file that nobody listens on is left over from a daemon that was killed. */
static bool
clear_stale(const union address *a, const char **ret_why)
{
	struct stat st;
	int fd, failed;

	if (lstat(a->un.sun_path, &st) != 0) {
		if (errno == ENOENT)
			return true;
		*ret_why = why("%s: %s", a->un.sun_path, strerror(errno));
		return false;
	}
	if (!S_ISSOCK(st.st_mode)) {
		*ret_why = why("%s is there and is not a socket", a->un.sun_path);
		return false;
	}
	fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	failed = fd < 0 ? errno : connect(fd, &a->any, sizeof(a->un)) == 0 ? 0 : errno;
	if (fd >= 0)
		close(fd);
	if (failed != ECONNREFUSED) {
		*ret_why = why("somebody listens on %s already", a->un.sun_path);
		return false;
	}
	unlink(a->un.sun_path);
	return true;
}

static bool
open_unix(const char *path, int *ret_fd, char **ret_path, const char **ret_why)
{
	union address a = { .un = { .sun_family = AF_UNIX } };
	int fd;

	if (strlen(path) == 0 || strlen(path) >= sizeof(a.un.sun_path)) {
		*ret_why = why("the path of a Unix socket has 1 to %zu bytes",
			       sizeof(a.un.sun_path) - 1);
		return false;
	}
	memcpy(a.un.sun_path, path, strlen(path) + 1);
	if (!clear_stale(&a, ret_why))
		return false;
	fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (fd < 0) {
		*ret_why = why("no socket: %s", strerror(errno));
		return false;
	}
	/* before bind(), so that the file is never open to others, not even for a moment */
	fchmod(fd, 0660);
	if (bind(fd, &a.any, sizeof(a.un)) != 0 || chmod(path, 0660) != 0 ||
	    listen(fd, BACKLOG) != 0) {
		*ret_why = why("cannot listen on unix:%s: %s", path, strerror(errno));
		close(fd);
		return false;
	}
	*ret_fd = fd;
	*ret_path = xstrdup(path);
	return true;
}

bool
listen_open(const char *where, int *ret_fd, char **ret_path, const char **ret_why)
{
	if (str_starts(where, "unix:"))
		return open_unix(where + 5, ret_fd, ret_path, ret_why);
	*ret_path = NULL;
	return open_tcp(where, ret_fd, ret_why);
}

int
listen_port(int fd)
{
	union address a;
	socklen_t len = sizeof(a);

	if (getsockname(fd, &a.any, &len) != 0)
		return 0;
	if (a.any.sa_family == AF_INET)
		return ntohs(a.in.sin_port);
	return a.any.sa_family == AF_INET6 ? ntohs(a.in6.sin6_port) : 0;
}
