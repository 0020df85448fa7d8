/*
 * The demonstration organisation: the tables of contrib/demo, taken in by the ordinary import.
 * Only ever into an embedded database.
 */
#ifndef EXCHANGE_DEMO_H
#define EXCHANGE_DEMO_H

#include <exchange/import.h>

struct demo;

/*
 * Opens the tables ($DAICHO_DEMO, ./contrib/demo, the data directory); to be called before root
 * is given up, for a clone may lie where nobody else can read.  NULL: *ret_why.
 */
struct demo *demo_open(const char **ret_why);
void demo_close(struct demo *);

/*
 * Loads all tables in one transaction, unless there is a 機関 already.  `say` (may be NULL) gets
 * one line per table.  `owner`: connection string of the database's owner, who alone makes
 * appointments without an appointer (bootstrap).  Returns NULL, or why not (malloc'ed).
 */
const char *demo_load(struct demo *, const struct store *, const char *owner,
		      void (*say)(const char *line));

/* Issues and prints a token and a new password for everybody who holds an office. */
const char *demo_logins(struct db_pool *, bool json);

/* Address, logins, tokens and a first command, on standard output. */
const char *demo_announce(struct db_pool *, const char *listen, const char *dir);

#endif
