/*
 * The configuration file, as one table: key, type, default, help.  The table gives the parser
 * (libconfuse), the check of `daichod -n` and the sample file.
 */
#ifndef BASE_CONFIG_H
#define BASE_CONFIG_H

#include <base/util.h>

struct config_map {
	char *name;
	char *columns;
};

struct config {
	char *listen;
	char *user;
	char *database;
	char *database_owner;
	long pool_short, pool_long, pool_wait_ms;
	long timeout_short_ms, timeout_long_ms;
	bool prepared_statements;
	long connections, deadline_s, max_json, max_import;
	char *spool_dir;
	char *proxy_header, *proxy_uids;
	char *log_level;
	char *origin, *require_second_factor, *secret_key_file;
	char *attachment_key_file, *attachment_types;
	long attachment_max, attachment_quota, attachment_clean_days;
	long session_idle_s, session_max_s, findings_period_s;
	long event_waiters, digest_hour;
	char *webhook_allow, *smtp_url, *smtp_from, *smtp_user, *smtp_password_file;
	long password_operations, password_memory;
	struct config_map *maps; /* ends with name == NULL */
};

/* All defaults. */
void config_init(struct config *);
void config_release(struct config *);

/*
 * Reads a file over the defaults.  false: *ret_why (malloc'ed) names file, line and key and says
 * what is wrong, and the configuration is untouched.
 */
bool config_read(struct config *, const char *path, char **ret_why) MUST;

/* Prints the sample file: every key with its default and what it means. */
void config_print_sample(void);

#endif
