/* One transfer by libcurl: a delivery of a hook, or a letter. */
#ifndef FEED_POST_H
#define FEED_POST_H

#include <curl/curl.h>

#include <feed/notices.h>
#include "hooks.h"

struct smtp {
	const char *url, *from, *user, *password; /* url "": no letters */
	bool plain;				  /* to loopback, without TLS */
};

struct post {
	uint32_t magic;
	struct arena *arena;
	CURL *easy;
	struct curl_slist *list; /* headers, or the recipient */
	char error[CURL_ERROR_SIZE];
	const char *allow; /* networks besides the public ones */
	bool plain;	   /* http */
	bool refused;	   /* an address that must not be connected to */
	size_t received;   /* bytes of the answer that were thrown away */
	bool is_letter;
	struct hook_job hook;
	struct notice_job notice;
	struct buf letter;
	size_t read;
};

/* NULL: it cannot even be begun.  The arena, which holds the job, is taken over. */
struct post *post_hook_steal(struct arena *, const struct hook_job *, const char *allow,
			     int64_t now_s);
struct post *post_letter_steal(struct arena *, const struct notice_job *, const struct smtp *,
			       const char *origin, int64_t now_s);
struct post *post_of(CURL *);
void post_free(struct post *);

/* What became of it: the status of HTTP or SMTP (0: no answer), and what went wrong, or NULL. */
int post_status(struct post *, CURLcode, const char **ret_error);

#endif
