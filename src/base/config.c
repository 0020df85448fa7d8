#include <errno.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <confuse.h>

#include <base/buf.h>
#include <base/config.h>

#define FILE_MAX (1024 * 1024)

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
	{ "user", OPTION_TEXT, AT(user), "", 0, 0,
	  "Whom to become when started by root.  Empty: root may not start the daemon." },
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
	{ "attachment_key_file", OPTION_TEXT, AT(attachment_key_file), "", 0, 0,
	  "Keys that seal documents: daicho attachments key FILE.  Empty: none are taken." },
	{ "attachment_max", OPTION_NUMBER, AT(attachment_max), "33554432", 1024, 1073741824,
	  "Largest document in bytes." },
	{ "attachment_quota", OPTION_NUMBER, AT(attachment_quota), "10737418240", 1024,
	  1125899906842624, "Bytes of all documents of one institution." },
	{ "attachment_types", OPTION_TEXT, AT(attachment_types),
	  "pdf,png,jpeg,text,csv,json,docx,xlsx,pptx,odt,ods,odp", 0, 0,
	  "Kinds of documents that are taken, by their content; zip is one more." },
	{ "attachment_clean_days", OPTION_NUMBER, AT(attachment_clean_days), "30", 0, 3650,
	  "Days after which documents of drafts that were withdrawn are removed; 0: never." },
	{ "findings_period_s", OPTION_NUMBER, AT(findings_period_s), "3600", 0, 604800,
	  "Seconds after which all rows are judged again for findings; 0: only on demand." },
	{ "event_waiters", OPTION_NUMBER, AT(event_waiters), "100", 1, 10000,
	  "Most requests that wait for events at once; past it: 503." },
	{ "webhook_allow", OPTION_TEXT, AT(webhook_allow), "", 0, 0,
	  "Networks (192.0.2.0/24, …) to which webhooks may go although they are not public." },
	{ "smtp_url", OPTION_TEXT, AT(smtp_url), "", 0, 0,
	  "smtp://HOST[:PORT] or smtps://HOST[:PORT] for notices; TLS is needed but on loopback.  "
	  "Empty: no e-mail." },
	{ "smtp_from", OPTION_TEXT, AT(smtp_from), "", 0, 0, "Address of the sender." },
	{ "smtp_user", OPTION_TEXT, AT(smtp_user), "", 0, 0, "Whom the mail server knows." },
	{ "smtp_password_file", OPTION_TEXT, AT(smtp_password_file), "", 0, 0,
	  "File whose first line is the password of smtp_user." },
	{ "digest_hour", OPTION_NUMBER, AT(digest_hour), "7", 0, 23,
	  "Hour of the day from which the digest of deadlines is sent." },
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

static void
take_options(cfg_t *cfg, struct config *to)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(options); i++) {
		const struct option *o = &options[i];

		if (cfg_size(cfg, o->key) == 0)
			continue;
		if (o->type == OPTION_TEXT) {
			set_option(to, o, cfg_getstr(cfg, o->key), 0, false);
		} else if (o->type == OPTION_SWITCH) {
			set_option(to, o, NULL, 0, cfg_getbool(cfg, o->key) == cfg_true);
		} else {
			set_option(to, o, NULL, cfg_getint(cfg, o->key), false);
		}
	}
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

/* What libconfuse would print itself: a mistake is told once, by its line (see why_not). */
static void
hush(cfg_t *cfg, const char *fmt, va_list ap)
{
	(void)cfg;
	(void)fmt;
	(void)ap;
}

static const struct option *
option_of(const char *key)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(options); i++)
		if (strcmp(options[i].key, key) == 0)
			return &options[i];
	return NULL;
}

/* Called as soon as a value was read, so that the line is still that of the value. */
static int
check_value(cfg_t *cfg, cfg_opt_t *opt)
{
	static const char *const levels[] = { "debug", "info", "warning", "error", NULL };
	const struct option *o = option_of(opt->name);
	long n;

	if (o != NULL && o->type == OPTION_NUMBER) {
		n = cfg_opt_getnint(opt, 0);
		return n < o->min || n > o->max ? -1 : 0;
	}
	if (strcmp(opt->name, "log_level") == 0 && !str_in(cfg_getstr(cfg, opt->name), levels))
		return -1;
	return 0;
}

/* The file, or NULL: why not is in the buffer. */
static char *
slurp(const char *path, struct buf *why)
{
	char *text = xcalloc(1, FILE_MAX + 1);
	FILE *f = fopen(path, "re");
	size_t n = f == NULL ? 0 : fread(text, 1, FILE_MAX, f);
	bool failed = f == NULL || ferror(f);

	if (failed)
		buf_addf(why, "%s: cannot be read: %s", path, strerror(errno));
	else if (n == FILE_MAX || strlen(text) < n)
		buf_addf(why, "%s: not a text of less than %d bytes", path, FILE_MAX);
	if (f != NULL)
		fclose(f);
	if (why->len == 0)
		return text;
	free(text);
	return NULL;
}

/* Past a text in quotes. */
static char *
skip_quoted(char *p)
{
	char quote = *p++;

	for (; *p != '\0' && *p != quote; p++)
		if (*p == '\\' && p[1] != '\0')
			p++;
	return *p == '\0' ? p : p + 1;
}

/* libconfuse 3.3 counts the line of a comment several times: it is not shown any. */
static void
blank_comments(char *p)
{
	while (*p != '\0') {
		if (*p == '"' || *p == '\'')
			p = skip_quoted(p);
		else if (*p == '#' || (*p == '/' && p[1] == '/'))
			while (*p != '\0' && *p != '\n')
				*p++ = ' ';
		else
			p++;
	}
}

/* The word that begins a line; not more of it, for that may hold a password. */
static void
key_at(const char *text, int line, char *ret, size_t size)
{
	static const char word[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
		"0123456789_-.";

	while (--line > 0 && text != NULL)
		text = (text = strchr(text, '\n')) == NULL ? NULL : text + 1;
	if (text == NULL)
		text = "";
	text += strspn(text, " \t");
	snprintf(ret, size, "%.*s", (int)strspn(text, word), text);
}

static void
why_not(const char *path, const char *text, int line, struct buf *why)
{
	const struct option *o;
	char key[64];

	key_at(text, line, key, sizeof(key));
	o = option_of(key);
	buf_addf(why, "%s:%d: ", path, line);
	if (key[0] == '\0')
		buf_adds(why, "not understood: is a quote or brace open?");
	else if (strcmp(key, "map") == 0 || strcmp(key, "columns") == 0)
		buf_addf(why, "%s: maps look like  map NAME { columns = \"a:b,c:-\" }", key);
	else if (o == NULL)
		buf_addf(why, "%s is not a key of this file", key);
	else if (o->type == OPTION_NUMBER)
		buf_addf(why, "%s must be a number, %ld..%ld", key, o->min, o->max);
	else if (o->type == OPTION_SWITCH)
		buf_addf(why, "%s must be true or false", key);
	else
		buf_addf(why, "%s must be a text in quotes: %s", key, o->help);
}

bool
config_read(struct config *c, const char *path, char **ret_why)
{
	cfg_opt_t map_options[] = { CFG_STR("columns", "", CFGF_NONE), CFG_END() };
	cfg_opt_t known[ARRAY_SIZE(options) + 2] = { 0 };
	struct config fresh;
	struct buf why;
	char *words;
	cfg_t *cfg;
	size_t i;
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
	cfg_set_error_function(cfg, hush);
	for (i = 0; i < ARRAY_SIZE(options); i++)
		cfg_set_validate_func(cfg, options[i].key, check_value);
	words = slurp(path, &why);
	if (words != NULL)
		blank_comments(words);
	if (words != NULL && cfg_parse_buf(cfg, words) != CFG_SUCCESS)
		why_not(path, words, cfg->line, &why);
	fine = why.len == 0;
	if (fine) {
		config_init(&fresh);
		take_options(cfg, &fresh);
		take_maps(cfg, &fresh);
		config_release(c);
		*c = fresh;
	} else {
		*ret_why = xstrdup(buf_text(&why));
	}
	cfg_free(cfg);
	free(words);
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
