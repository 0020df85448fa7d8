#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include <sodium.h>

#include <feed/attempt.h>
#include <feed/target.h>
#include "post.h"

#define POST_MAGIC UINT32_C(0x90572001)
#define CONNECT_MS 5000L
#define TOTAL_MS 15000L
#define LETTER_MS 60000L
#define ANSWER_MOST (64 * 1024) /* bytes that are listened to */

static struct post *
checked(void *p)
{
	struct post *x = p;

	if (x == NULL || x->magic != POST_MAGIC)
		bug("not a post");
	return x;
}

struct post *
post_of(CURL *easy)
{
	char *p = NULL;

	curl_easy_getinfo(easy, CURLINFO_PRIVATE, &p);
	return checked(p);
}

/*
 * The address that is really connected to, whatever the name meant when it was looked at first:
 * the name cannot be turned to another address behind our back.
 */
static curl_socket_t
open_socket(void *arg, curlsocktype purpose, struct curl_sockaddr *a)
{
	struct post *p = checked(arg);
	const void *at = a->family == AF_INET ?
		(const void *)&((struct sockaddr_in *)(void *)&a->addr)->sin_addr :
		(const void *)&((struct sockaddr_in6 *)(void *)&a->addr)->sin6_addr;
	char text[INET6_ADDRSTRLEN];

	(void)purpose;
	if ((a->family != AF_INET && a->family != AF_INET6) ||
	    inet_ntop(a->family, at, text, sizeof(text)) == NULL ||
	    !target_may_connect(p->allow, text, p->plain)) {
		p->refused = true;
		return CURL_SOCKET_BAD;
	}
	return socket(a->family, a->socktype | SOCK_CLOEXEC, a->protocol);
}

static size_t
take_answer(char *data, size_t size, size_t n, void *arg)
{
	struct post *p = checked(arg);

	(void)data;
	p->received += size * n;
	return p->received > ANSWER_MOST ? 0 : size * n;
}

static size_t
give_letter(char *to, size_t size, size_t n, void *arg)
{
	struct post *p = checked(arg);
	size_t left = p->letter.len - p->read, most = size * n < left ? size * n : left;

	memcpy(to, buf_text(&p->letter) + p->read, most);
	p->read += most;
	return most;
}

static struct post *
new_post(struct arena *arena)
{
	struct post *p = xcalloc(1, sizeof(*p));

	p->magic = POST_MAGIC;
	p->arena = arena;
	buf_init(&p->letter, 4 * 1024 * 1024);
	p->easy = curl_easy_init();
	if (p->easy == NULL) {
		post_free(p);
		return NULL;
	}
	curl_easy_setopt(p->easy, CURLOPT_PRIVATE, (char *)p);
	curl_easy_setopt(p->easy, CURLOPT_ERRORBUFFER, p->error);
	curl_easy_setopt(p->easy, CURLOPT_NOSIGNAL, 1L);
	curl_easy_setopt(p->easy, CURLOPT_CONNECTTIMEOUT_MS, CONNECT_MS);
	curl_easy_setopt(p->easy, CURLOPT_SSLVERSION, (long)CURL_SSLVERSION_TLSv1_2);
	curl_easy_setopt(p->easy, CURLOPT_WRITEFUNCTION, take_answer);
	curl_easy_setopt(p->easy, CURLOPT_WRITEDATA, p);
	/* neither a proxy nor a .netrc from the environment */
	curl_easy_setopt(p->easy, CURLOPT_PROXY, "");
	curl_easy_setopt(p->easy, CURLOPT_NETRC, (long)CURL_NETRC_IGNORED);
	return p;
}

static void
add_line(struct post *p, const char *line)
{
	struct curl_slist *more = curl_slist_append(p->list, line);

	if (more == NULL)
		bug("no memory for a header");
	p->list = more;
}

struct post *
post_hook_steal(struct arena *arena, const struct hook_job *job, const char *allow, int64_t now_s)
{
	struct post *p = new_post(arena);

	if (p == NULL)
		return NULL;
	p->hook = *job;
	p->allow = allow;
	p->plain = str_starts(job->url, "http://");
	add_line(p, "Content-Type: application/json");
	add_line(p, "Expect:");
	add_line(p, arena_printf(arena, "webhook-id: %s", job->message_id));
	add_line(p, arena_printf(arena, "webhook-timestamp: %lld", (long long)now_s));
	add_line(p, arena_printf(arena, "webhook-signature: %s", attempt_sign(arena, job->secret,
		HOOK_SECRET_BYTES, job->message_id, now_s, job->body)));
	sodium_memzero(p->hook.secret, HOOK_SECRET_BYTES);
	curl_easy_setopt(p->easy, CURLOPT_URL, job->url);
	curl_easy_setopt(p->easy, CURLOPT_PROTOCOLS_STR, "http,https");
	curl_easy_setopt(p->easy, CURLOPT_FOLLOWLOCATION, 0L);
	curl_easy_setopt(p->easy, CURLOPT_TIMEOUT_MS, TOTAL_MS);
	curl_easy_setopt(p->easy, CURLOPT_HTTP_VERSION, (long)CURL_HTTP_VERSION_1_1);
	curl_easy_setopt(p->easy, CURLOPT_USERAGENT, "daichod/" DAICHO_VERSION);
	curl_easy_setopt(p->easy, CURLOPT_HTTPHEADER, p->list);
	curl_easy_setopt(p->easy, CURLOPT_POSTFIELDSIZE, (long)strlen(job->body));
	curl_easy_setopt(p->easy, CURLOPT_POSTFIELDS, job->body);
	curl_easy_setopt(p->easy, CURLOPT_OPENSOCKETFUNCTION, open_socket);
	curl_easy_setopt(p->easy, CURLOPT_OPENSOCKETDATA, p);
	/* each message asks anew where the name leads to */
	curl_easy_setopt(p->easy, CURLOPT_FRESH_CONNECT, 1L);
	curl_easy_setopt(p->easy, CURLOPT_FORBID_REUSE, 1L);
	return p;
}

struct post *
post_letter_steal(struct arena *arena, const struct notice_job *job, const struct smtp *smtp,
		  const char *origin, int64_t now_s)
{
	struct post *p = new_post(arena);

	if (p == NULL)
		return NULL;
	p->is_letter = true;
	p->notice = *job;
	letter_write(arena, job, smtp->from, origin, now_s, &p->letter);
	add_line(p, arena_printf(arena, "<%s>", job->email));
	curl_easy_setopt(p->easy, CURLOPT_URL, smtp->url);
	curl_easy_setopt(p->easy, CURLOPT_PROTOCOLS_STR, "smtp,smtps");
	curl_easy_setopt(p->easy, CURLOPT_TIMEOUT_MS, LETTER_MS);
	curl_easy_setopt(p->easy, CURLOPT_USE_SSL, (long)(smtp->plain ? CURLUSESSL_NONE :
		CURLUSESSL_ALL));
	if (smtp->user[0] != '\0') {
		curl_easy_setopt(p->easy, CURLOPT_USERNAME, smtp->user);
		curl_easy_setopt(p->easy, CURLOPT_PASSWORD, smtp->password);
	}
	curl_easy_setopt(p->easy, CURLOPT_MAIL_FROM, arena_printf(arena, "<%s>", smtp->from));
	curl_easy_setopt(p->easy, CURLOPT_MAIL_RCPT, p->list);
	curl_easy_setopt(p->easy, CURLOPT_UPLOAD, 1L);
	curl_easy_setopt(p->easy, CURLOPT_READFUNCTION, give_letter);
	curl_easy_setopt(p->easy, CURLOPT_READDATA, p);
	return p;
}

void
post_free(struct post *p)
{
	if (p == NULL)
		return;
	curl_easy_cleanup(p->easy);
	curl_slist_free_all(p->list);
	buf_release(&p->letter);
	arena_free(p->arena);
	p->magic = 0;
	free(p);
}

/* For the list of what was given up: what a server says may be anything. */
static const char *
printable(struct arena *arena, const char *s)
{
	char *text = arena_strdup(arena, s), *at;

	for (at = text; *at != '\0'; at++)
		if (*at < 0x20 || *at > 0x7e)
			*at = '?';
	return text;
}

int
post_status(struct post *p, CURLcode code, const char **ret_error)
{
	long status = 0;

	curl_easy_getinfo(p->easy, CURLINFO_RESPONSE_CODE, &status);
	*ret_error = NULL;
	if (code != CURLE_OK && p->refused)
		*ret_error = "private_address: the name leads to an address that is not allowed";
	else if (code == CURLE_WRITE_ERROR && p->received > ANSWER_MOST && !p->is_letter)
		code = CURLE_OK; /* it has been answered, at length */
	else if (code != CURLE_OK)
		*ret_error = printable(p->arena, p->error[0] != '\0' ? p->error :
				       curl_easy_strerror(code));
	if (*ret_error == NULL && !p->is_letter && (status < 200 || status > 299))
		*ret_error = arena_printf(p->arena, "answered %ld", status);
	return *ret_error != NULL && code != CURLE_OK && !p->is_letter ? 0 : (int)status;
}
