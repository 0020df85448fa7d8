/* What the files of the import share. */
#ifndef EXCHANGE_IMPORT_PRIVATE_H
#define EXCHANGE_IMPORT_PRIVATE_H

#include <exchange/csv.h>
#include <exchange/import.h>

struct import {
	const struct import_options *o;
	const struct store *store;
	const struct ledger *ledger;
	struct tx *tx;
	struct arena *arena; /* of the request */
	struct import_report *report;
	/* header */
	const struct field *column[CSV_FIELDS_MAX]; /* NULL: ignored */
	size_t column_count;
	bool given[FIELDS_MAX];	  /* by header or set= */
	bool waiting[FIELDS_MAX]; /* columns of the waiting room that are filled */
	const char *constant[FIELDS_MAX];
	bool have_header;
	/* reading */
	struct arena *scratch; /* of the current rows */
	int scratch_rows;
	size_t unreadable; /* faults of cells, which come first and in the order of lines */
	struct buf copy;
	enum err failed;
};

/* A fault of a line: `f` may be NULL. */
void import_fault(struct import *, long line, const struct field *f, const char *column,
		  const char *code, const char *value, const char *ja, const char *en);

/* import_header.c: false after faults were added. */
bool import_header_read(struct import *, const struct csv_record *);

/* import_read.c: the file into the waiting room. */
enum err import_read(struct import *, int fd);

/* import_judge.c: matches and judges the waiting rows; faults are added. */
enum err import_match(struct import *);
enum err import_judge(struct import *);

/* import_merge.c: waiting rows into the ledger; counts. */
enum err import_merge(struct import *);

/* SQL with the names of columns; freed with the arena. */
struct buf *import_sql(struct import *);
enum err import_ask(struct import *, struct buf *sql, PGresult **ret);

#endif
