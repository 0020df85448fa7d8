/* Lists of any length as CSV or NDJSON, row by row into a file, memory flat. */
#ifndef EXCHANGE_EXPORT_H
#define EXCHANGE_EXPORT_H

#include <ledger/query.h>

struct export_options {
	bool csv;    /* else NDJSON */
	bool labels; /* Japanese headers and values instead of names and codes */
	bool excel;  /* BOM, and a guard before what a spreadsheet would calculate */
};

/*
 * Writes what the query finds to fd; the header of a CSV is there even when nothing is found.
 * Runs in a transaction of its own on the long lane, and gives the connection back before it
 * returns.
 */
enum err export_run(const struct store *, struct tx *, struct list_query *,
		    const struct export_options *, int fd) MUST;

#endif
