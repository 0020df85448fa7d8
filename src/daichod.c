/*
 * daichod: reads its configuration, opens what the rooms need, serves until it is told to stop.
 */
#include <errno.h>
#include <getopt.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <sodium.h>

#include <api/api.h>
#include <api/chores.h>
#include <api/openapi.h>
#include <base/clock.h>
#include <base/config.h>
#include <base/log.h>
#include <base/notify.h>
#include <base/privilege.h>
#include <exchange/demo.h>
#include <db/embedded.h>
#include <workflow/kind.h>
#include <workflow/schema.h>
#include <feed/courier.h>
#include <http/proxy.h>
#include <http/server.h>

#define DRAIN_S 20
#define CHECK_US 10000000 /* how long /readyz believes that the protections stand */

struct daemon {
	struct config config;
	const char *config_path, *embedded_dir;
	const char *listen, *user; /* command line wins over the file */
	struct demo *demo; /* NULL: not asked for */
	struct embedded *embedded;
	struct db_pool *pool;
	struct store *store;
	struct jobs *jobs;
	struct chore chores[CHORES_MAX];
	struct keeper *keeper;
	struct attachment_store attachments;
	struct feed_gate *gate;
	struct courier *courier;
	struct access_cache *access;
	struct proxy *proxy;
	struct sessions *sessions;
	struct passwords *passwords;
	struct seal *seal;
	struct server *server;
	struct service service;
	struct app app;
	struct named_map *maps;
	struct buf openapi;
};

static void
usage(FILE *to)
{
	fputs("usage: daichod -c FILE [-n] [--listen ADDR:PORT|unix:PATH] [--user NAME]\n"
	      "       daichod --embedded DIR [--listen ADDR:PORT|unix:PATH] [--user NAME]"
	      " [--demo]\n"
	      "       daichod --print-routes | --print-config | --version | --help\n", to);
}

static int
fail(const char *why)
{
	fprintf(stderr, "daichod: %s\n", why);
	return 1;
}

static void
say(void *arg, const char *line)
{
	(void)arg;
	log_event(LOG_INFO, "postgresql", NULL, "%s", line);
}

static enum log_level
level_of(const char *word)
{
	return str_eq(word, "debug") ? LOG_DEBUG : str_eq(word, "warning") ? LOG_WARN :
		str_eq(word, "error") ? LOG_ERROR : LOG_INFO;
}

static bool
is_ready(const struct service *s, const char **ret_why)
{
	static _Atomic int64_t until;
	int64_t now = clock_mono_us();
	struct arena *arena = arena_new();
	const char *why;
	struct tx tx;
	enum err e;

	tx_init(&tx, s->pool, LANE_SHORT, arena);
	e = now < until ? workflow_schema_fits(&tx, &why) : workflow_schema_check(&tx, &why);
	if (e == OK && now >= until)
		until = now + CHECK_US;
	if (e != OK)
		*ret_why = e == ERR_STATE ? "the schema is not the one of this program" :
			"the database does not answer";
	arena_free(arena);
	return e == OK;
}

/* Our own PostgreSQL: started, set up and brought up to date before anything is served. */
static const char *
start_embedded(struct daemon *d)
{
	struct embedded_conf conf = { .dir = d->embedded_dir, .say = say,
		.user = d->config.user[0] == '\0' ? NULL : d->config.user };
	const char *why = NULL;
	struct buf owner, app;
	int done = 0;
	bool fine;

	d->embedded = embedded_start(&conf, &why);
	if (d->embedded == NULL)
		return why;
	buf_init(&owner, 4096);
	buf_init(&app, 4096);
	buf_addf(&owner, "%s dbname=daicho user=%s", embedded_conninfo(d->embedded),
		 EMBEDDED_SUPERUSER);
	buf_addf(&app, "%s dbname=daicho user=daicho_app", embedded_conninfo(d->embedded));
	free(d->config.database);
	d->config.database = xstrdup(buf_text(&app));
	free(d->config.database_owner);
	d->config.database_owner = xstrdup(buf_text(&owner));
	buf_clear(&app);
	buf_addf(&app, "%s user=%s", embedded_conninfo(d->embedded), EMBEDDED_SUPERUSER);
	fine = db_create(buf_text(&app), &why) &&
		workflow_migrate(d->config.database_owner, &done, &why);
	if (fine && done > 0)
		log_event(LOG_INFO, "schema", NULL, "%d migrations applied", done);
	buf_release(&owner);
	buf_release(&app);
	return !fine ? why : attachment_store_open_own(embedded_dir(d->embedded), &d->attachments);
}

static void
open_pool(struct daemon *d)
{
	const struct config *c = &d->config;
	struct db_conf conf = { .conninfo = c->database, .wait_ms = (int)c->pool_wait_ms,
		.prepare = c->prepared_statements,
		.size = { [LANE_SHORT] = (int)c->pool_short, [LANE_LONG] = (int)c->pool_long },
		.timeout_ms = { [LANE_SHORT] = (int)c->timeout_short_ms,
				[LANE_LONG] = (int)c->timeout_long_ms } };

	d->pool = db_pool_new(&conf);
}

/* Another schema is a mistake to be told at once; a database that is away may come back. */
static const char *
check_schema(struct daemon *d)
{
	struct arena *arena = arena_new();
	const char *why = NULL, *told = NULL;
	struct tx tx;

	tx_init(&tx, d->pool, LANE_SHORT, arena);
	if (workflow_schema_check(&tx, &why) == ERR_STATE)
		told = xstrdup(why);
	arena_free(arena);
	return told;
}

static void
set_maps(struct daemon *d)
{
	size_t n = 0, i;

	while (d->config.maps[n].name != NULL)
		n++;
	d->maps = xcalloc(n + 1, sizeof(*d->maps));
	for (i = 0; i < n; i++)
		d->maps[i] = (struct named_map){ d->config.maps[i].name,
						 d->config.maps[i].columns };
}

/* Before root is given up: the key may lie where only root can read. */
static const char *
open_identity(struct daemon *d)
{
	const struct config *c = &d->config;
	struct session_conf sessions = { .idle_s = c->session_idle_s, .max_s = c->session_max_s };
	struct password_conf passwords = { .ops = (unsigned long long)c->password_operations,
		.memory = (size_t)c->password_memory };
	const char *why = NULL;

	if (!office_list_read(c->require_second_factor, &sessions.second_factor))
		return "require_second_factor: codes of offices, apart by commas";
	if (c->origin[0] != '\0' && !str_starts(c->origin, "https://") &&
	    !str_starts(c->origin, "http://127.0.0.1") && !str_starts(c->origin, "http://[::1]") &&
	    !str_starts(c->origin, "http://localhost"))
		return "origin: https://HOST[:PORT] (http only on loopback)";
	d->seal = seal_open(c->secret_key_file, &why);
	if (d->seal == NULL)
		return why;
	why = attachment_store_open(c, &d->attachments);
	if (why != NULL)
		return why;
	d->sessions = sessions_new(&sessions);
	d->passwords = passwords_new(&passwords);
	return NULL;
}

static const char *
start_serving(struct daemon *d)
{
	const struct config *c = &d->config;
	const char *why = NULL;

	set_maps(d);
	d->access = access_cache_new();
	d->jobs = jobs_new(d->pool, d->store);
	openapi_put(routes, &d->openapi);
	d->gate = feed_gate_start(d->pool, (int)c->event_waiters);
	d->app = (struct app){ .store = d->store, .jobs = d->jobs, .maps = d->maps, .gate = d->gate,
		.attachments = &d->attachments, .webhook_allow = courier_allow(d->courier),
		.openapi = buf_text(&d->openapi),
		.login = { d->passwords, d->seal, d->sessions } };
	d->service = (struct service){ .pool = d->pool, .access = d->access, .routes = routes,
		.spool_dir = c->spool_dir, .max_json = (size_t)c->max_json,
		.max_table = (size_t)c->max_import, .max_file = (size_t)c->attachment_max,
		.connections = (int)c->connections,
		.deadline_s = (int)c->deadline_s, .app = &d->app, .proxy = d->proxy,
		.ready = is_ready, .sessions = d->sessions, .origin = c->origin };
	/* only over an embedded database, where nothing is at stake */
	if (d->embedded_dir != NULL && clock_follow(getenv("DAICHO_CLOCK_FILE")))
		d->service.before = clock_look;
	chores_list(c, d->chores);
	d->keeper = keeper_start(d->pool, d->chores, d->service.before);
	if (!server_start(&d->service, c->listen, &d->server, &why))
		return why;
	courier_start(d->courier, server_origin(d->server), d->service.before);
	if (server_port(d->server) > 0)
		log_event(LOG_INFO, "listening", NULL, "http://127.0.0.1:%d",
			  server_port(d->server));
	else
		log_event(LOG_INFO, "listening", NULL, "%s", c->listen);
	return NULL;
}

static void
stop(struct daemon *d)
{
	feed_gate_close(d->gate);
	courier_stop(d->courier); /* links name the server's origin */
	server_stop(d->server, DRAIN_S);
	feed_gate_free(d->gate);
	jobs_free(d->jobs);
	keeper_stop(d->keeper);
	access_cache_free(d->access); /* its thread uses the pool */
	db_pool_free(d->pool);
	embedded_stop(d->embedded);
	demo_close(d->demo);
	store_free(d->store);
	proxy_free(d->proxy);
	sessions_free(d->sessions);
	passwords_free(d->passwords);
	seal_close(d->seal);
	attachment_store_close(&d->attachments);
	free(d->maps);
	buf_release(&d->openapi);
	config_release(&d->config);
}

/* Only what can change under way does: the level of the log.  A bad file changes nothing. */
static void
reload(struct daemon *d)
{
	struct config fresh;
	char *why;

	if (d->config_path == NULL) {
		log_event(LOG_INFO, "reload", NULL, "no configuration file to read again");
		return;
	}
	config_init(&fresh);
	if (config_read(&fresh, d->config_path, &why)) {
		log_set_level(level_of(fresh.log_level));
		log_event(LOG_INFO, "reload", NULL, "configuration read again");
	} else {
		log_event(LOG_ERROR, "reload", NULL, "kept the old configuration: %s", why);
		free(why);
	}
	config_release(&fresh);
}

/* Waits for signals; wakes up in between to tell the watchdog that it is alive. */
static void
serve(struct daemon *d, const sigset_t *signals)
{
	struct timespec pause = { .tv_sec = notify_watchdog_s() };
	int sig = 0;

	notify_service("READY=1");
	while (sig != SIGTERM && sig != SIGINT) {
		sig = pause.tv_sec > 0 ? sigtimedwait(signals, NULL, &pause) :
			sigwaitinfo(signals, NULL);
		if (sig < 0 && errno == EAGAIN)
			notify_service("WATCHDOG=1");
		if (sig != SIGHUP)
			continue;
		notify_service("RELOADING=1");
		reload(d);
		notify_service("READY=1");
	}
	notify_service("STOPPING=1");
	log_event(LOG_INFO, "stopping", NULL, "signal %d", sig);
}

static int
run(struct daemon *d)
{
	const char *why = NULL;
	sigset_t signals;

	/* every thread inherits the mask; only serve() takes these */
	sigemptyset(&signals);
	sigaddset(&signals, SIGTERM);
	sigaddset(&signals, SIGINT);
	sigaddset(&signals, SIGHUP);
	pthread_sigmask(SIG_BLOCK, &signals, NULL);
	signal(SIGPIPE, SIG_IGN);
	log_set_level(level_of(d->config.log_level));
	if (d->embedded_dir != NULL)
		why = start_embedded(d);
	d->store = store_new();
	if (why == NULL) {
		open_pool(d);
		why = check_schema(d);
	}
	if (why == NULL && d->demo)
		why = demo_load(d->demo, d->store, d->config.database_owner, NULL);
	if (why == NULL)
		why = start_serving(d);
	if (why == NULL && d->demo)
		why = demo_announce(d->pool, d->config.listen, d->embedded_dir);
	if (why == NULL)
		serve(d, &signals);
	stop(d);
	return why == NULL ? 0 : fail(why);
}

enum { OPT_EMBEDDED = 256, OPT_LISTEN, OPT_USER, OPT_DEMO, OPT_ROUTES, OPT_CONFIG, OPT_VERSION };

static const struct option long_options[] = {
	{ "config", required_argument, NULL, 'c' },
	{ "embedded", required_argument, NULL, OPT_EMBEDDED },
	{ "listen", required_argument, NULL, OPT_LISTEN },
	{ "user", required_argument, NULL, OPT_USER },
	{ "demo", no_argument, NULL, OPT_DEMO },
	{ "print-routes", no_argument, NULL, OPT_ROUTES },
	{ "print-config", no_argument, NULL, OPT_CONFIG },
	{ "version", no_argument, NULL, OPT_VERSION },
	{ "help", no_argument, NULL, 'h' },
	{ NULL, 0, NULL, 0 },
};

/* What is printed at once; -1: something is to be run. */
static int
print_only(int option)
{
	struct service s = { .routes = routes };

	switch (option) {
	case OPT_ROUTES:
		routes_print(&s);
		return 0;
	case OPT_CONFIG:
		config_print_sample();
		return 0;
	case OPT_VERSION:
		puts("daichod " DAICHO_VERSION);
		return 0;
	case 'h':
		usage(stdout);
		return 0;
	default:
		return -1;
	}
}

static void
config_set(char **text, const char *given)
{
	if (given == NULL)
		return;
	free(*text);
	*text = xstrdup(given);
}

/* What the command line asks for besides the daemon's own fields. */
struct wishes {
	bool check_only;
	bool demo;
	bool printed; /* something was printed, and that is all */
};

/* false: the command line is wrong. */
static bool
take_options(struct daemon *d, int argc, char **argv, struct wishes *w)
{
	int o;

	while ((o = getopt_long(argc, argv, "c:nh", long_options, NULL)) != -1) {
		switch (o) {
		case 'c':
			d->config_path = optarg;
			break;
		case 'n':
			w->check_only = true;
			break;
		case OPT_EMBEDDED:
			d->embedded_dir = optarg;
			break;
		case OPT_LISTEN:
			d->listen = optarg;
			break;
		case OPT_USER:
			d->user = optarg;
			break;
		case OPT_DEMO:
			w->demo = true;
			break;
		default:
			if (print_only(o) != 0)
				return false;
			w->printed = true;
			return true;
		}
	}
	return optind == argc && (d->config_path != NULL || d->embedded_dir != NULL) &&
		(!w->demo || d->embedded_dir != NULL);
}

int
main(int argc, char **argv)
{
	struct daemon d = { 0 };
	struct wishes w = { 0 };
	const char *reason = NULL;
	char *why;

	if (sodium_init() < 0)
		return fail("libsodium cannot be initialised");
	ledgers_check();
	workflows_check();
	routes_check(routes);
	config_init(&d.config);
	buf_init(&d.openapi, 64 * 1024 * 1024);
	if (!take_options(&d, argc, argv, &w)) {
		usage(stderr);
		return 2;
	}
	if (w.printed)
		return 0;
	if (d.config_path != NULL && !config_read(&d.config, d.config_path, &why))
		return fail(why);
	config_set(&d.config.listen, d.listen);
	config_set(&d.config.user, d.user);
	if (!proxy_new(d.config.proxy_header, d.config.proxy_uids, d.config.listen, &d.proxy,
		       &reason))
		return fail(reason);
	reason = open_identity(&d);
	if (reason == NULL)
		d.courier = courier_new(&d.config, d.seal, &reason);
	if (reason != NULL)
		return fail(reason);
	reason = privilege_check(d.config.user);
	if (reason != NULL)
		return fail(reason);
	if (w.check_only) {
		puts("configuration is fine");
		return 0;
	}
	/* before root is given up: the files may lie where only root can read */
	if (w.demo && (d.demo = demo_open(&reason)) == NULL)
		return fail(reason);
	/* over an embedded database root is given up with the directory */
	if (d.embedded_dir == NULL && (reason = privilege_leave(d.config.user)) != NULL)
		return fail(reason);
	return run(&d);
}
