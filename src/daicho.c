/*
 * daicho: the command line.  One table of commands; each says what it needs before it runs.
 */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <sodium.h>

#include <db/migrate.h>
#include <workflow/kind.h>
#include <workflow/schema.h>
#include <cli/cli.h>

static const char *const issue_options[] = { "days", "scope", "address", "note", NULL };
static const char *const rotate_options[] = { "grace", NULL };
static const char *const grant_options[] = { "bootstrap!", "institution", "unit", "from", "to",
	"appointed-by", "note", "scope", "range-units", "range-assets", "powers", NULL };
static const char *const revoke_options[] = { "bootstrap!", "reason", "on", NULL };
static const char *const review_options[] = { "institution", NULL };
static const char *const import_options[] = { "mode", "key", "on-error", "map", "set", "state",
	"adopted!", "dry-run!", "as", NULL };
static const char *const password_options[] = { "generate!", NULL };
static const char *const session_options[] = { "person", NULL };
static const char *const export_options[] = { "format", "excel!", "labels!", "as-of", NULL };
static const char *const format_option[] = { "format", NULL };
static const char *const json_option[] = { "json!", NULL };
static const char *const queue_options[] = { "dead!", "retry", NULL };
static const char *const workflow_options[] = { "text!", "dot!", NULL };
static const char *const text_option[] = { "text!", NULL };
static const char *const clean_option[] = { "clean!", NULL };
static const char *const bundle_options[] = { "institution", "out", NULL };
static const char *const no_options[] = { NULL };

static const struct command commands[] = {
	{ "init", "", "make roles, database and schema", 0, no_options, NEEDS_OWNER, cmd_init },
	{ "migrate", "", "bring the schema up to date", 0, no_options, NEEDS_OWNER, cmd_migrate },
	{ "token issue", "LOGIN [--days N] [--scope LEDGER:ACTION[@INSTITUTION],…] "
	  "[--address ADDRESS,…] [--note TEXT]",
	  "issue an API token; it is shown once", 1, issue_options, NEEDS_DATABASE,
	  cmd_token_issue },
	{ "token list", "", "tokens with owner, scope and expiry", 0, no_options, NEEDS_DATABASE,
	  cmd_token_list },
	{ "token rotate", "ID [--grace SECONDS]", "a new secret in its place; it is shown once", 1,
	  rotate_options, NEEDS_DATABASE, cmd_token_rotate },
	{ "identity set", "LOGIN eppn VALUE", "the name by which a trusted proxy knows a person", 3,
	  no_options, NEEDS_DATABASE, cmd_identity_set },
	{ "identity list", "", "such names", 0, no_options, NEEDS_DATABASE, cmd_identity_list },
	{ "identity remove", "LOGIN eppn", "forget such a name", 2, no_options, NEEDS_DATABASE,
	  cmd_identity_remove },
	{ "token revoke", "ID", "end a token", 1, no_options, NEEDS_DATABASE, cmd_token_revoke },
	{ "office grant", "LOGIN OFFICE --bootstrap --appointed-by LOGIN [--institution CODE] "
	  "[--unit CODE] [--from DATE] [--to DATE] [--scope TEXT] [--range-units A,B] "
	  "[--range-assets A,B] [--powers A,B] [--note TEXT]",
	  "appoint, before there is anybody who can", 2, grant_options, NEEDS_DATABASE,
	  cmd_office_grant },
	{ "office revoke", "OFFICE_NO --bootstrap --reason TEXT [--on DATE]",
	  "end an appointment that nobody else can end", 1, revoke_options, NEEDS_DATABASE,
	  cmd_office_revoke },
	{ "access-review", "[--institution CODE]",
	  "print who has which rights, as CSV", 0, review_options, NEEDS_DATABASE,
	  cmd_access_review },
	{ "password set", "LOGIN [--generate]",
	  "set a password, from standard input or generated; sessions end", 1, password_options,
	  NEEDS_DATABASE, cmd_password_set },
	{ "session list", "[--person LOGIN]", "live sessions", 0, session_options, NEEDS_DATABASE,
	  cmd_session_list },
	{ "session revoke", "ID|LOGIN", "end a session, or all of a person", 1, no_options,
	  NEEDS_DATABASE, cmd_session_revoke },
	{ "import", "LEDGER FILE [--mode create|update|upsert] [--key COLUMN] "
	  "[--on-error abort|draft|skip] [--map A:b,C:-] [--set COLUMN:VALUE,…] "
	  "[--state registered|draft] [--adopted] [--dry-run] [--as LOGIN]",
	  "import a CSV table", 2, import_options, NEEDS_DATABASE, cmd_import },
	{ "export", "LEDGER [--as-of DAY] [--format csv|ndjson] [--excel] [--labels]",
	  "print a ledger", 1, export_options, NEEDS_DATABASE, cmd_export },
	{ "standard import", "FILE", "an organisation's own numbers and texts, from CSV or JSON; "
	  "replaces those before", 1, no_options, NEEDS_DATABASE, cmd_standard_import },
	{ "standard export", "[--format csv|json]", "print them", 0, format_option, NEEDS_DATABASE,
	  cmd_standard_export },
	{ "workflow", "[--text|--dot] [KIND]", "print how applications go, step by step", 0,
	  workflow_options, NEEDS_NOTHING, cmd_workflow, .optional = 1 },
	{ "requests expire", "", "end the permissions whose term is over", 0, no_options,
	  NEEDS_DATABASE, cmd_requests_expire },
	{ "attachments key", "FILE", "add a key for documents to the key file, which may be new", 1,
	  no_options, NEEDS_NOTHING, cmd_attachments_key },
	{ "attachments rekey", "", "wrap the keys of all documents with the newest key", 0,
	  no_options, NEEDS_DATABASE, cmd_attachments_rekey },
	{ "attachments check", "[--clean]", "prove every document; --clean: remove those of "
	  "withdrawn drafts", 0, clean_option, NEEDS_DATABASE, cmd_attachments_check },
	{ "bundle", "--institution CODE --out DIR", "write contacts, important servers and their "
	  "software into files, for days without a network", 0, bundle_options, NEEDS_DATABASE,
	  cmd_bundle },
	{ "columns", "LEDGER", "print the columns of a ledger", 1, no_options, NEEDS_NOTHING,
	  cmd_columns },
	{ "notices", "[--dead|--retry NO]", "e-mail that waits or was given up", 0, queue_options,
	  NEEDS_DATABASE, cmd_notices },
	{ "webhooks", "[--dead|--retry NO]", "deliveries that wait or were given up", 0,
	  queue_options, NEEDS_DATABASE, cmd_webhooks },
	{ "findings refresh", "", "judge all rows now", 0, no_options, NEEDS_DATABASE,
	  cmd_findings_refresh },
	{ "life", "[--text]", "print the table of lives, as a graph (dot) or as text", 0,
	  text_option, NEEDS_DATABASE, cmd_life },
	{ "demo load", "", "load the demonstration organisation (embedded only)", 0, no_options,
	  NEEDS_DATABASE, cmd_demo_load },
	{ "demo logins", "[--json]", "issue and print tokens of the demonstration", 0, json_option,
	  NEEDS_DATABASE, cmd_demo_logins },
	{ "openapi", "", "print the description of the API", 0, no_options, NEEDS_NOTHING,
	  cmd_openapi },
	{ "version", "", "print the version", 0, no_options, NEEDS_NOTHING, cmd_version },
};

int
cli_fail(const char *what, const char *why)
{
	fprintf(stderr, "daicho: %s: %s\n", what, why);
	return 1;
}

int
cli_error(struct cli *c, const char *what, enum err e)
{
	const char *more = c->tx.message != NULL ? c->tx.message :
		e == ERR_DB_AWAY ? db_pool_last_error(c->pool) : NULL;

	fprintf(stderr, "daicho: %s: %s %s%s%s\n", what, err_info(e)->ja, err_info(e)->en,
		more == NULL ? "" : " ", more == NULL ? "" : more);
	return 1;
}

static void
usage(FILE *to)
{
	size_t i;

	fputs("usage: daicho [-c FILE | --embedded DIR] COMMAND …\n\n", to);
	for (i = 0; i < ARRAY_SIZE(commands); i++)
		fprintf(to, "  %-14s %s\n", commands[i].name, commands[i].help);
	fputs("\ndaicho COMMAND --help shows its arguments.\n", to);
}

static void
say(void *arg, const char *line)
{
	(void)arg;
	fprintf(stderr, "%s\n", line);
}

static bool
knows(const struct command *cmd, const char *name, bool *ret_valued)
{
	const char *const *o;
	size_t n = strlen(name);

	for (o = cmd->options; *o != NULL; o++)
		if (strncmp(*o, name, n) == 0 && ((*o)[n] == '\0' || strcmp(*o + n, "!") == 0)) {
			*ret_valued = (*o)[n] == '\0';
			return true;
		}
	return false;
}

const char *
cli_option(const struct cli_args *a, const char *name)
{
	char **p;

	for (p = a->rest; *p != NULL; p++)
		if (str_starts(*p, "--") && strcmp(*p + 2, name) == 0)
			return p[1] == NULL || str_starts(p[1], "--") ? "" : p[1];
	return NULL;
}

/* The command whose words begin the arguments. */
static const struct command *
find(char ***args)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(commands); i++) {
		const char *name = commands[i].name, *space = strchr(name, ' ');
		char **a = *args;

		if (a[0] == NULL)
			return NULL;
		if (space == NULL && strcmp(a[0], name) == 0) {
			*args = a + 1;
			return &commands[i];
		}
		if (space != NULL && a[1] != NULL && strlen(a[0]) == (size_t)(space - name) &&
		    str_starts(name, a[0]) && strcmp(a[1], space + 1) == 0) {
			*args = a + 2;
			return &commands[i];
		}
	}
	return NULL;
}

/* 0: run; 1: help was printed; 2: wrong. */
static int
take_args(const struct command *cmd, char **args, struct cli_args *ret)
{
	bool valued;
	char **p;

	*ret = (struct cli_args){ .rest = args };
	for (p = args; *p != NULL; p++) {
		if (strcmp(*p, "--help") == 0) {
			printf("usage: daicho %s %s\n%s\n", cmd->name, cmd->usage, cmd->help);
			return 1;
		}
		if (str_starts(*p, "--")) {
			if (!knows(cmd, *p + 2, &valued) || (valued && p[1] == NULL))
				break;
			p += valued ? 1 : 0;
		} else if (ret->n < cmd->args + cmd->optional) {
			ret->v[ret->n++] = *p;
		} else {
			break;
		}
	}
	if (*p == NULL && ret->n >= cmd->args)
		return 0;
	fprintf(stderr, "usage: daicho %s %s\n", cmd->name, cmd->usage);
	return 2;
}

static const char *
open_embedded(struct cli *c)
{
	struct embedded_conf conf = { .dir = c->embedded_dir, .say = say };
	const char *why = NULL;
	struct buf b;

	c->embedded = embedded_open(&conf, &why);
	if (c->embedded == NULL)
		return why;
	buf_init(&b, 4096);
	buf_addf(&b, "%s dbname=daicho user=%s", embedded_conninfo(c->embedded),
		 EMBEDDED_SUPERUSER);
	free(c->config.database_owner);
	c->config.database_owner = xstrdup(buf_text(&b));
	buf_clear(&b);
	buf_addf(&b, "%s dbname=daicho user=daicho_app", embedded_conninfo(c->embedded));
	free(c->config.database);
	c->config.database = xstrdup(buf_text(&b));
	buf_release(&b);
	return NULL;
}

static const char *
open_database(struct cli *c)
{
	struct db_conf conf = { .conninfo = c->config.database, .wait_ms = 5000, .prepare = true,
		.size = { 2, 2 }, .timeout_ms = { 60000, 3600000 } };
	const char *why = NULL;

	c->pool = db_pool_new(&conf);
	tx_init(&c->tx, c->pool, LANE_LONG, c->arena);
	c->tx.ctx.client = "local";
	c->tx.ctx.operation = "daicho";
	c->tx.ctx.scope = c->tx.ctx.write_scope = "{*}";
	switch (workflow_schema_check(&c->tx, &why)) {
	case OK:
		return NULL;
	case ERR_STATE:
		return why;
	default:
		return db_pool_last_error(c->pool);
	}
}

/* An embedded cluster that nobody has set up yet is set up on the way. */
static const char *
set_up(struct cli *c)
{
	const char *why = NULL;
	struct buf b;
	int done;
	bool fine;

	if (c->embedded == NULL)
		return NULL;
	buf_init(&b, 4096);
	buf_addf(&b, "%s user=%s", embedded_conninfo(c->embedded), EMBEDDED_SUPERUSER);
	fine = db_create(buf_text(&b), &why) &&
		workflow_migrate(c->config.database_owner, &done, &why);
	buf_release(&b);
	return fine ? NULL : why;
}

/* What lies where only root can read is opened before root is given up. */
static const char *
open_files(struct cli *c, const struct command *cmd, const struct cli_args *a)
{
	const char *why = NULL;
	const char *file = cmd->run == cmd_import ? a->v[1] :
		cmd->run == cmd_standard_import ? a->v[0] : NULL;

	c->fd = -1;
	if (file != NULL) {
		c->fd = strcmp(file, "-") == 0 ? STDIN_FILENO : open(file, O_RDONLY | O_CLOEXEC);
		if (c->fd < 0)
			return "the file cannot be opened";
	}
	if (cmd->run == cmd_bundle && (why = bundle_open(c, a)) != NULL)
		return why;
	if (cmd->run == cmd_demo_load && c->embedded_dir == NULL)
		return "only with --embedded: never into a real register";
	if (cmd->run == cmd_demo_load && (c->demo = demo_open(&why)) == NULL)
		return why;
	return NULL;
}

static int
run(struct cli *c, const struct command *cmd, const struct cli_args *a)
{
	const char *why = NULL;
	char *trouble;
	int rc;

	config_init(&c->config);
	c->arena = arena_new();
	c->store = store_new();
	if (c->config_path != NULL && !config_read(&c->config, c->config_path, &trouble))
		return cli_fail(c->config_path, trouble);
	why = open_files(c, cmd, a);
	if (why == NULL && cmd->needs != NEEDS_NOTHING && c->embedded_dir != NULL)
		why = open_embedded(c);
	if (why == NULL && cmd->needs == NEEDS_DATABASE)
		why = set_up(c);
	if (why == NULL && cmd->needs == NEEDS_DATABASE)
		why = open_database(c);
	rc = why == NULL ? cmd->run(c, a) : cli_fail(cmd->name, why);
	db_pool_free(c->pool);
	embedded_stop(c->embedded);
	demo_close(c->demo);
	store_free(c->store);
	arena_free(c->arena);
	config_release(&c->config);
	return rc;
}

int
main(int argc, char **argv)
{
	struct cli c = { 0 };
	const struct command *cmd;
	struct cli_args a;
	char **args = argv + 1;
	int rc;

	(void)argc;
	if (sodium_init() < 0)
		return cli_fail("start", "libsodium cannot be initialised");
	ledgers_check();
	workflows_check();
	for (; args[0] != NULL && args[0][0] == '-' && args[1] != NULL; args += 2) {
		if (strcmp(args[0], "-c") == 0)
			c.config_path = args[1];
		else if (strcmp(args[0], "--embedded") == 0)
			c.embedded_dir = args[1];
		else
			break;
	}
	if (args[0] != NULL && (strcmp(args[0], "--help") == 0 || strcmp(args[0], "-h") == 0)) {
		usage(stdout);
		return 0;
	}
	cmd = find(&args);
	if (cmd == NULL) {
		usage(stderr);
		return 2;
	}
	rc = take_args(cmd, args, &a);
	return rc == 0 ? run(&c, cmd, &a) : rc - 1;
}
