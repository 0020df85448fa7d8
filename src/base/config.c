#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <confuse.h>

#include <base/buf.h>
#include <base/config.h>

enum option_type { OPTION_TEXT, OPTION_NUMBER, OPTION_SWITCH };

struct option {
	const char *key;
	enum option_type type;
	size_t offset;
	const char *fallback;
	long min, max;
	const char *help;
};

#define AT(member) offsetof(struct config, member)

static const struct option options[] = {
	{ "listen", OPTION_TEXT, AT(listen), "127.0.0.1:8620", 0, 0,
	  "ADDR:PORT (loopback only) or unix:PATH." },
	{ "database", OPTION_TEXT, AT(database),
	  "host=/run/postgresql dbname=daicho user=daicho_app", 0, 0,
	  "Connection string of the daemon's role; several hosts are possible." },
	{ "database_owner", OPTION_TEXT, AT(database_owner),
	  "host=/run/postgresql dbname=daicho", 0, 0,
	  "Connection string for daicho init and migrate: may SET ROLE daicho_owner." },
	{ "pool_short", OPTION_NUMBER, AT(pool_short), "8", 1, 200,
	  "Connections for short operations." },
	{ "pool_long", OPTION_NUMBER, AT(pool_long), "3", 1, 100,
	  "Connections for imports, exports and reports." },
	{ "pool_wait_ms", OPTION_NUMBER, AT(pool_wait_ms), "2000", 10, 60000,
	  "Longest wait for a free connection; then 503." },
	{ "timeout_short_ms", OPTION_NUMBER, AT(timeout_short_ms), "10000", 100, 600000,
	  "Longest statement of a short operation." },
	{ "timeout_long_ms", OPTION_NUMBER, AT(timeout_long_ms), "600000", 1000, 7200000,
	  "Longest statement of a long operation." },
	{ "prepared_statements", OPTION_SWITCH, AT(prepared_statements), "true", 0, 0,
	  "Off behind a transaction pooler that does not know them." },
	{ "connections", OPTION_NUMBER, AT(connections), "1000", 10, 100000,
	  "Most HTTP connections at once." },
	{ "deadline_s", OPTION_NUMBER, AT(deadline_s), "15", 1, 3600,
	  "Seconds for a whole header, and for a body besides its fair pace." },
	{ "max_json", OPTION_NUMBER, AT(max_json), "1048576", 1024, 16777216,
	  "Largest JSON body in bytes." },
	{ "max_import", OPTION_NUMBER, AT(max_import), "1073741824", 1024, 17179869184,
	  "Largest table in bytes." },
	{ "spool_dir", OPTION_TEXT, AT(spool_dir), "/var/tmp", 0, 0,
	  "Where bodies of imports and exports wait, in files without a name." },
	{ "proxy_header", OPTION_TEXT, AT(proxy_header), "", 0, 0,
	  "Header in which a web server in front names the person (ePPN), for pages only; needs "
	  "listen = unix:PATH and proxy_uids.  Empty: off." },
	{ "proxy_uids", OPTION_TEXT, AT(proxy_uids), "", 0, 0,
	  "Users (names or numbers) as which that web server runs." },
	{ "origin", OPTION_TEXT, AT(origin), "", 0, 0,
	  "How browsers name the daemon: https://HOST[:PORT].  Empty: http:// and `listen`." },
	{ "session_idle_s", OPTION_NUMBER, AT(session_idle_s), "1800", 60, 86400,
	  "Seconds without a request after which a session ends." },
	{ "session_max_s", OPTION_NUMBER, AT(session_max_s), "43200", 300, 604800,
	  "Seconds after which a session ends whatever happens." },
	{ "require_second_factor", OPTION_TEXT, AT(require_second_factor), "", 0, 0,
	  "Offices that decide only with a second factor: \"inst_ciso,ism\"." },
	{ "password_operations", OPTION_NUMBER, AT(password_operations), "2", 1, 20,
	  "Argon2id: passes over the memory." },
	{ "password_memory", OPTION_NUMBER, AT(password_memory), "67108864", 8192, 1073741824,
	  "Argon2id: bytes of one hash; at most two are made at once." },
	{ "secret_key_file", OPTION_TEXT, AT(secret_key_file), "", 0, 0,
	  "64 hexadecimal digits: the key that seals secrets of second factors.  Empty: none." },
	{ "log_level", OPTION_TEXT, AT(log_level), "info", 0, 0, "debug, info, warning or error." },
};

static char **
text_at(struct config *c, const struct option *o)
{
	return (char **)((char *)c + o->offset);
}

static void
set_option(struct config *c, const struct option *o, const char *text, long number, bool on)
{
	if (o->type == OPTION_TEXT) {
		free(*text_at(c, o));
		*text_at(c, o) = xstrdup(text);
	} else if (o->type == OPTION_NUMBER) {
		*(long *)((char *)c + o->offset) = number;
	} else {
		*(bool *)((char *)c + o->offset) = on;
	}
}

void
config_init(struct config *c)
{
	size_t i;

	*c = (struct config){ 0 };
	for (i = 0; i < ARRAY_SIZE(options); i++)
		set_option(c, &options[i], options[i].fallback,
			   strtol(options[i].fallback, NULL, 10),
			   strcmp(options[i].fallback, "true") == 0);
	c->maps = xcalloc(1, sizeof(*c->maps));
}

static void
release_maps(struct config_map *maps)
{
	struct config_map *m;

	for (m = maps; m != NULL && m->name != NULL; m++) {
		free(m->name);
		free(m->columns);
	}
	free(maps);
}

void
config_release(struct config *c)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(options); i++)
		if (options[i].type == OPTION_TEXT)
			free(*text_at(c, &options[i]));
	release_maps(c->maps);
	*c = (struct config){ 0 };
}

static bool
take_options(cfg_t *cfg, struct config *to, struct buf *why)
{
	static const char *const levels[] = { "debug", "info", "warning", "error", NULL };
	size_t i;

	for (i = 0; i < ARRAY_SIZE(options); i++) {
		const struct option *o = &options[i];
		long n;

		if (cfg_size(cfg, o->key) == 0)
			continue;
		if (o->type == OPTION_TEXT) {
			set_option(to, o, cfg_getstr(cfg, o->key), 0, false);
		} else if (o->type == OPTION_SWITCH) {
			set_option(to, o, NULL, 0, cfg_getbool(cfg, o->key) == cfg_true);
		} else {
			n = cfg_getint(cfg, o->key);
			if (n < o->min || n > o->max)
				buf_addf(why, "%s%s must be %ld..%ld", why->len > 0 ? "; " : "",
					 o->key, o->min, o->max);
			set_option(to, o, NULL, n, false);
		}
	}
	if (!str_in(to->log_level, levels))
		buf_addf(why, "%s%s", why->len > 0 ? "; " : "",
			 "log_level must be debug, info, warning or error");
	return why->len == 0;
}

static void
take_maps(cfg_t *cfg, struct config *to)
{
	unsigned n = cfg_size(cfg, "map"), i;

	release_maps(to->maps);
	to->maps = xcalloc(n + 1, sizeof(*to->maps));
	for (i = 0; i < n; i++) {
		cfg_t *map = cfg_getnsec(cfg, "map", i);

		to->maps[i].name = xstrdup(cfg_title(map));
		to->maps[i].columns = xstrdup(cfg_getstr(map, "columns"));
	}
}

bool
config_read(struct config *c, const char *path, char **ret_why)
{
	cfg_opt_t map_options[] = { CFG_STR("columns", "", CFGF_NONE), CFG_END() };
	cfg_opt_t known[ARRAY_SIZE(options) + 2] = { 0 };
	struct config fresh;
	struct buf why;
	cfg_t *cfg;
	size_t i;
	int rc;
	bool fine;

	for (i = 0; i < ARRAY_SIZE(options); i++) {
		cfg_opt_t text = CFG_STR(options[i].key, 0, CFGF_NODEFAULT);
		cfg_opt_t number = CFG_INT(options[i].key, 0, CFGF_NODEFAULT);
		cfg_opt_t on = CFG_BOOL(options[i].key, cfg_false, CFGF_NODEFAULT);

		known[i] = options[i].type == OPTION_TEXT ? text :
			options[i].type == OPTION_NUMBER ? number : on;
	}
	known[i++] = (cfg_opt_t)CFG_SEC("map", map_options, CFGF_MULTI | CFGF_TITLE);
	known[i] = (cfg_opt_t)CFG_END();
	buf_init(&why, 16 * 1024);
	cfg = cfg_init(known, CFGF_NONE);
	rc = cfg_parse(cfg, path);
	if (rc == CFG_FILE_ERROR)
		buf_addf(&why, "%s: cannot be read", path);
	else if (rc != CFG_SUCCESS)
		buf_addf(&why, "%s: not understood", path);
	config_init(&fresh);
	fine = why.len == 0 && take_options(cfg, &fresh, &why);
	if (fine) {
		take_maps(cfg, &fresh);
		config_release(c);
		*c = fresh;
	} else {
		config_release(&fresh);
		*ret_why = xstrdup(buf_text(&why));
	}
	cfg_free(cfg);
	buf_release(&why);
	return fine;
}

void
config_print_sample(void)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(options); i++) {
		const struct option *o = &options[i];
		const char *quote = o->type == OPTION_TEXT ? "\"" : "";

		printf("# %s\n#%s = %s%s%s\n\n", o->help, o->key, quote, o->fallback, quote);
	}
	printf("# Headers of foreign tables, for map=NAME of an import.\n"
	       "#map netbox {\n#\tcolumns = \"serial:serial_no,rack:-\"\n#}\n");
}
