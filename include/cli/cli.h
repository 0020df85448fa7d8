/* What the commands of daicho share. */
#ifndef CLI_CLI_H
#define CLI_CLI_H

#include <base/config.h>
#include <db/embedded.h>
#include <exchange/bundle.h>
#include <exchange/demo.h>
#include <exchange/export.h>

struct cli {
	struct config config;
	const char *config_path;
	const char *embedded_dir;
	struct embedded *embedded;
	struct demo *demo;
	struct db_pool *pool;
	struct store *store;
	struct arena *arena;
	struct tx tx;
	int parts[BUNDLE_PART__MAX]; /* files that it writes, opened then as well */
	int fd; /* file that the command reads, opened before root is given up; -1 */
};

/* Arguments of one command: positional ones and --name value. */
struct cli_args {
	int n;
	const char *v[8];
	const char *(*option)(const struct cli_args *, const char *name);
	char **rest;
};

enum cli_needs { NEEDS_NOTHING, NEEDS_OWNER, NEEDS_DATABASE };

struct command {
	const char *name;   /* "token issue" */
	const char *usage;  /* arguments */
	const char *help;   /* one line */
	int args;	    /* positional ones */
	const char *const *options; /* names, a trailing '!' means: takes no value */
	enum cli_needs needs;
	int (*run)(struct cli *, const struct cli_args *);
	int optional;	    /* positional ones that may be there besides */
};

/* The value of --name, "" for one without value, NULL when not given. */
const char *cli_option(const struct cli_args *, const char *name);

/* Prints "daicho: what: why" and returns 1. */
int cli_fail(const char *what, const char *why);
int cli_error(struct cli *, const char *what, enum err);

/* Opens what `bundle` writes; NULL, or why not. */
const char *bundle_open(struct cli *, const struct cli_args *);

int cmd_init(struct cli *, const struct cli_args *);
int cmd_requests_expire(struct cli *, const struct cli_args *);
int cmd_workflow(struct cli *, const struct cli_args *);
int cmd_migrate(struct cli *, const struct cli_args *);
int cmd_token_issue(struct cli *, const struct cli_args *);
int cmd_token_list(struct cli *, const struct cli_args *);
int cmd_token_revoke(struct cli *, const struct cli_args *);
int cmd_token_rotate(struct cli *, const struct cli_args *);
int cmd_identity_set(struct cli *, const struct cli_args *);
int cmd_identity_list(struct cli *, const struct cli_args *);
int cmd_identity_remove(struct cli *, const struct cli_args *);
int cmd_office_grant(struct cli *, const struct cli_args *);
int cmd_office_revoke(struct cli *, const struct cli_args *);
int cmd_access_review(struct cli *, const struct cli_args *);
int cmd_password_set(struct cli *, const struct cli_args *);
int cmd_session_list(struct cli *, const struct cli_args *);
int cmd_session_revoke(struct cli *, const struct cli_args *);
int cmd_import(struct cli *, const struct cli_args *);
int cmd_export(struct cli *, const struct cli_args *);
int cmd_standard_import(struct cli *, const struct cli_args *);
int cmd_standard_export(struct cli *, const struct cli_args *);
int cmd_notices(struct cli *, const struct cli_args *);
int cmd_webhooks(struct cli *, const struct cli_args *);
int cmd_findings_refresh(struct cli *, const struct cli_args *);
int cmd_attachments_key(struct cli *, const struct cli_args *);
int cmd_attachments_check(struct cli *, const struct cli_args *);
int cmd_attachments_rekey(struct cli *, const struct cli_args *);
int cmd_bundle(struct cli *, const struct cli_args *);
int cmd_columns(struct cli *, const struct cli_args *);
int cmd_life(struct cli *, const struct cli_args *);
int cmd_demo_load(struct cli *, const struct cli_args *);
int cmd_demo_logins(struct cli *, const struct cli_args *);
int cmd_openapi(struct cli *, const struct cli_args *);
int cmd_version(struct cli *, const struct cli_args *);

#endif
