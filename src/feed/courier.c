#include <fcntl.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <sodium.h>

#include <base/clock.h>
#include <base/log.h>
#include <feed/courier.h>
#include <feed/target.h>
#include "post.h"

#define POSTS 16      /* under way at once */
#define LETTERS 4     /* of these at most, so that a slow mail server holds up no hook */
#define TICK_US 500000
#define SPREAD_US 60000000 /* whatever was held back is looked at again */
#define TIDY_US INT64_C(3600000000)
#define PASSWORD_MAX 512

struct courier {
	const struct config *conf;
	const struct seal *seal;
	struct arena *arena;
	const char *allow, *origin;
	struct smtp smtp;
	void (*before)(void);
	struct db_pool *pool;
	CURLM *multi;
	struct post *posts[POSTS];
	int hooks_under_way, letters_under_way;
	uint64_t looked_xid, looked_id;
	bool hooks_pending, notices_pending, logged;
	char digest_day[CLOCK_DAY_SIZE];
	int64_t tidied_us, spread_us;
	atomic_bool stopping;
	bool running;
	pthread_t thread;
};

/* ---- settings --------------------------------------------------------------------------- */

static const char *
read_password(struct arena *arena, const char *path)
{
	char text[PASSWORD_MAX + 1];
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	ssize_t n = fd < 0 ? -1 : read(fd, text, PASSWORD_MAX);
	const char *password = NULL;

	if (fd >= 0)
		close(fd);
	if (n > 0) {
		text[n] = '\0';
		text[strcspn(text, "\r\n")] = '\0';
		password = arena_strdup(arena, text);
	}
	sodium_memzero(text, sizeof(text));
	return password;
}

/* smtp://HOST or smtps://HOST; without TLS only to loopback, which is then not asked for it. */
static const char *
judge_smtp(struct courier *c)
{
	CURLU *u = curl_url();
	char *host = NULL, *scheme = NULL;
	const char *why = "smtp_url: smtp://HOST[:PORT] or smtps://HOST[:PORT]";

	if (u != NULL && curl_url_set(u, CURLUPART_URL, c->smtp.url, 0) == CURLUE_OK &&
	    curl_url_get(u, CURLUPART_SCHEME, &scheme, 0) == CURLUE_OK &&
	    (strcmp(scheme, "smtp") == 0 || strcmp(scheme, "smtps") == 0) &&
	    curl_url_get(u, CURLUPART_HOST, &host, 0) == CURLUE_OK) {
		why = NULL;
		c->smtp.plain = strcmp(scheme, "smtp") == 0 && (strcmp(host, "localhost") == 0 ||
			strcmp(host, "[::1]") == 0 || target_is_loopback(host));
	}
	curl_free(host);
	curl_free(scheme);
	curl_url_cleanup(u);
	if (why == NULL && !letter_address_fine(c->smtp.from))
		why = "smtp_from: an address such as daicho@example.ac.jp";
	return why;
}

static const char *
read_settings(struct courier *c)
{
	const struct config *f = c->conf;

	if (!target_allow_read(c->arena, f->webhook_allow, &c->allow))
		return "webhook_allow: networks such as 192.0.2.0/24, apart by commas";
	c->smtp = (struct smtp){ .url = f->smtp_url, .from = f->smtp_from, .user = f->smtp_user,
		.password = "" };
	if (f->smtp_url[0] == '\0')
		return NULL;
	if (f->smtp_user[0] != '\0') {
		c->smtp.password = read_password(c->arena, f->smtp_password_file);
		if (c->smtp.password == NULL)
			return "smtp_password_file: cannot be read, or is empty";
	}
	return judge_smtp(c);
}

struct courier *
courier_new(const struct config *conf, const struct seal *seal, const char **ret_why)
{
	struct courier *c = xcalloc(1, sizeof(*c));

	curl_global_init(CURL_GLOBAL_DEFAULT);
	c->conf = conf;
	c->seal = seal;
	c->arena = arena_new();
	*ret_why = read_settings(c);
	if (*ret_why == NULL)
		return c;
	courier_stop(c);
	return NULL;
}

const char *
courier_allow(const struct courier *c)
{
	return c->allow;
}

/* ---- the round -------------------------------------------------------------------------- */

static struct arena *
open_tx(struct courier *c, struct tx *tx)
{
	struct arena *arena = arena_new();

	tx_init(tx, c->pool, LANE_SHORT, arena);
	tx->ctx.operation = "consumers";
	return arena;
}

/* Are there events that nobody has been given? */
static enum err
look(struct courier *c)
{
	struct tx tx;
	struct arena *arena = open_tx(c, &tx);
	struct tx_args args = { .n = 2 };
	PGresult *res;
	enum err e;

	args.v[0] = arena_printf(arena, "%llu", (unsigned long long)c->looked_xid);
	args.v[1] = arena_printf(arena, "%llu", (unsigned long long)c->looked_id);
	e = tx_once(&tx, "SELECT xid, id, event_id FROM event_head($1::xid8, $2)", &args, &res);
	if (e == OK && tx_text(res, 0, 0) != NULL) {
		c->looked_xid = (uint64_t)tx_int(res, 0, 0);
		c->looked_id = (uint64_t)tx_int(res, 0, 1);
		if (tx_text(res, 0, 2) != NULL)
			c->hooks_pending = c->notices_pending = true;
	}
	arena_free(arena);
	return e;
}

static enum err
spread(struct courier *c)
{
	int64_t now = clock_mono_us();
	enum err e = look(c), one;
	struct arena *arena;
	struct tx tx;
	bool more = false;

	if (now - c->spread_us > SPREAD_US) {
		c->hooks_pending = c->notices_pending = true;
		c->spread_us = now;
	}
	if (e == OK && c->hooks_pending) {
		e = hooks_spread(c->pool, &more);
		c->hooks_pending = e != OK || more;
	}
	if (c->smtp.url[0] == '\0' || !c->notices_pending)
		return e;
	arena = open_tx(c, &tx);
	tx.lane = LANE_LONG;
	more = false;
	one = notices_spread(&tx, &more);
	c->notices_pending = one != OK || more;
	arena_free(arena);
	return e == OK ? one : e;
}

static enum err
digest(struct courier *c)
{
	char day[CLOCK_DAY_SIZE];
	int hour = (int)((clock_wall_us() / 1000000 + 9 * 3600) / 3600 % 24);
	struct arena *arena;
	struct tx tx;
	enum err e;

	clock_today(day);
	if (c->smtp.url[0] == '\0' || hour < (int)c->conf->digest_hour ||
	    strcmp(day, c->digest_day) == 0)
		return OK;
	arena = open_tx(c, &tx);
	tx.lane = LANE_LONG;
	e = notices_digest(&tx, (int)c->conf->digest_hour);
	if (e == OK)
		memcpy(c->digest_day, day, sizeof(day));
	arena_free(arena);
	return e;
}

static enum err
tidy(struct courier *c)
{
	struct arena *arena;
	PGresult *res;
	struct tx tx;
	enum err e;

	if (c->tidied_us != 0 && clock_mono_us() - c->tidied_us < TIDY_US)
		return OK;
	arena = open_tx(c, &tx);
	e = tx_once(&tx, "/* tidies */ SELECT consumers_tidy()", NULL, &res);
	if (e == OK)
		c->tidied_us = clock_mono_us();
	arena_free(arena);
	return e;
}

/* ---- what is under way ------------------------------------------------------------------ */

static bool
begin(struct courier *c, struct post *p)
{
	int i = 0;

	while (i < POSTS && c->posts[i] != NULL)
		i++;
	if (p == NULL || i == POSTS || curl_multi_add_handle(c->multi, p->easy) != CURLM_OK) {
		post_free(p); /* its lease runs out, and it is tried again */
		return false;
	}
	c->posts[i] = p;
	*(p->is_letter ? &c->letters_under_way : &c->hooks_under_way) += 1;
	return true;
}

/* Each has an arena of its own, which lives as long as it is under way. */
static enum err
begin_hooks(struct courier *c)
{
	enum err e = OK;
	int n = 1;

	while (e == OK && n == 1 && c->hooks_under_way < POSTS - LETTERS) {
		struct hook_job job = { .no = NULL };
		struct tx tx;
		struct arena *arena = open_tx(c, &tx);

		n = 0;
		e = hooks_claim(&tx, c->seal, 1, &job, &n);
		if (e != OK || n == 0) {
			arena_free(arena);
		} else if (!job.has_secret) {
			e = hooks_settle(&tx, &job, 0, "the secret was sealed with another key");
			arena_free(arena);
		} else if (!begin(c, post_hook_steal(arena, &job, c->allow,
						     clock_wall_us() / 1000000))) {
			break;
		}
	}
	return e;
}

static enum err
begin_letters(struct courier *c)
{
	enum err e = OK;
	int n = 1;

	while (e == OK && n == 1 && c->letters_under_way < LETTERS && c->smtp.url[0] != '\0') {
		struct notice_job job;
		struct tx tx;
		struct arena *arena = open_tx(c, &tx);

		n = 0;
		e = notices_claim(&tx, 1, &job, &n);
		if (e != OK || n == 0) {
			arena_free(arena);
		} else if (!letter_address_fine(job.email)) {
			e = notices_settle(&tx, &job, "not an address that can be sent to", true);
			arena_free(arena);
		} else if (!begin(c, post_letter_steal(arena, &job, &c->smtp, c->origin,
						       clock_wall_us() / 1000000))) {
			break;
		}
	}
	return e;
}

static void
settle(struct courier *c, struct post *p, CURLcode code)
{
	const char *error;
	int status = post_status(p, code, &error), i;
	struct tx tx;
	struct arena *arena = open_tx(c, &tx);
	enum err e;

	/* 5xx of SMTP is for good, RFC 5321, 4.2.1 */
	e = p->is_letter ? notices_settle(&tx, &p->notice, error, status >= 500 && status < 600) :
		hooks_settle(&tx, &p->hook, status, error);
	if (e != OK)
		log_event(LOG_WARN, "consumers", NULL, "the outcome of %s is not kept, it is sent "
			  "again: %s", p->is_letter ? p->notice.no : p->hook.message_id,
			  err_info(e)->en);
	arena_free(arena);
	for (i = 0; i < POSTS; i++)
		if (c->posts[i] == p)
			c->posts[i] = NULL;
	*(p->is_letter ? &c->letters_under_way : &c->hooks_under_way) -= 1;
	curl_multi_remove_handle(c->multi, p->easy);
	post_free(p);
}

/* true: something has come to its end, so the next may go. */
static bool
carry(struct courier *c)
{
	bool settled = false;
	CURLMsg *m;
	int n;

	curl_multi_perform(c->multi, &n);
	while ((m = curl_multi_info_read(c->multi, &n)) != NULL)
		if (m->msg == CURLMSG_DONE) {
			settle(c, post_of(m->easy_handle), m->data.result);
			settled = true;
		}
	return settled;
}

/* Said once, not twice a second. */
static void
note(struct courier *c, enum err e)
{
	if (e != OK && !c->logged)
		log_event(LOG_WARN, "consumers", NULL, "webhooks and notices wait: %s",
			  err_info(e)->en);
	c->logged = e != OK;
}

static enum err
begin_some(struct courier *c)
{
	enum err e = begin_hooks(c), one = begin_letters(c);

	return e == OK ? one : e;
}

static void
round_of(struct courier *c)
{
	enum err e, one;

	if (c->before != NULL)
		c->before();
	e = spread(c);
	if ((one = digest(c)) != OK)
		e = one;
	if ((one = begin_some(c)) != OK)
		e = one;
	if (e == OK)
		e = tidy(c);
	note(c, e);
}

static void *
run(void *arg)
{
	struct courier *c = arg;
	int64_t next = 0;

	while (!atomic_load(&c->stopping)) {
		int64_t left = next - clock_mono_us();

		if (left <= 0) {
			round_of(c);
			left = TICK_US;
			next = clock_mono_us() + left;
		}
		if (carry(c))
			note(c, begin_some(c));
		curl_multi_poll(c->multi, NULL, 0, (int)(left / 1000), NULL);
	}
	return NULL;
}

void
courier_start(struct courier *c, const char *origin, void (*before)(void))
{
	struct db_conf conf = { .conninfo = c->conf->database, .wait_ms = 1000,
		.prepare = c->conf->prepared_statements, .size = { 1, 1 },
		.timeout_ms = { 10000, 20000 } };

	c->pool = db_pool_new(&conf);
	c->multi = curl_multi_init();
	c->origin = origin;
	c->before = before;
	c->hooks_pending = c->notices_pending = true;
	c->running = c->multi != NULL && pthread_create(&c->thread, NULL, run, c) == 0;
	if (!c->running)
		log_event(LOG_ERROR, "consumers", NULL, "no thread: neither webhooks nor notices");
}

/* What is under way is cut off and comes again: its lease runs out. */
void
courier_stop(struct courier *c)
{
	int i;

	if (c == NULL)
		return;
	atomic_store(&c->stopping, true);
	if (c->running) {
		curl_multi_wakeup(c->multi);
		pthread_join(c->thread, NULL);
	}
	for (i = 0; i < POSTS; i++)
		if (c->posts[i] != NULL) {
			curl_multi_remove_handle(c->multi, c->posts[i]->easy);
			post_free(c->posts[i]);
		}
	if (c->multi != NULL)
		curl_multi_cleanup(c->multi);
	db_pool_free(c->pool);
	if (c->smtp.password != NULL && c->smtp.password[0] != '\0')
		sodium_memzero((char *)(uintptr_t)c->smtp.password, strlen(c->smtp.password));
	arena_free(c->arena);
	free(c);
}
