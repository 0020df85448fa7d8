/*
 * Import of a CSV table into a ledger: parsed here, copied into the ledger's waiting room, judged
 * and merged there set by set, in one transaction.  A report counts what happened and names every
 * bad cell.
 *
 * Every row is read as a whole: the columns of the header are what the import knows about a row;
 * other columns stay as they are (a new row: empty).  A row that is complete is registered; one
 * that is not stops the import (ON_ERROR_ABORT), stays 下書き (ON_ERROR_DRAFT) or is left out
 * (ON_ERROR_SKIP).
 */
#ifndef EXCHANGE_IMPORT_H
#define EXCHANGE_IMPORT_H

#include <ledger/store.h>

enum import_mode { IMPORT_CREATE, IMPORT_UPDATE, IMPORT_UPSERT };
enum import_on_error { ON_ERROR_ABORT, ON_ERROR_DRAFT, ON_ERROR_SKIP };

#define IMPORT_FAULTS_MAX 10000 /* kept and told; all are counted */

struct import_options {
	const struct ledger *ledger;
	enum import_mode mode;
	enum import_on_error on_error;
	const struct field *key; /* rows are matched by it; NULL only with IMPORT_CREATE */
	bool draft;		 /* register nothing: complete rows stay 下書き, too */
	bool adopted;		 /* registered rows were in operation before the register was */
	bool keep_blank;	 /* an empty cell leaves the column as it is */
	char separator;		 /* ',' '\t' ';' */
	const char *map;	 /* "serial:serial_no,rack:-", or NULL */
	const char *set;	 /* "unit:hoshi-its,asset_type:server": for every row, or NULL */
	const char *home;	 /* 機関 of rows that name none */
	const char *scope;	 /* 機関 in which may be written; '{*}': all */
	const char *person;	 /* for the record */
	const char *import_no;	 /* of a record that was begun; NULL: one is made */
	bool (*progress)(void *arg, long lines); /* called now and then; false stops; may be NULL */
	void *progress_arg;
};

struct import_report {
	const char *import_no;
	long lines; /* records below the header */
	long created, updated, unchanged, draft, rejected;
	bool done;  /* false: refused, nothing was changed */
	struct faults faults; /* by line; at most IMPORT_FAULTS_MAX */
};

/*
 * Reads fd from its current place to the end.  OK: done, all of it (within the transaction that
 * was open, or in one of its own).  ERR_INVALID: refused because of faults, which the report
 * lists; nothing was changed.  The report is whole in both cases.
 */
enum err import_run(const struct store *, struct tx *, const struct import_options *, int fd,
		    struct import_report *ret) MUST;

/* Takes a number and records an import that is to begin. */
enum err import_record_begin(struct tx *, const struct import_options *, const char **ret_no) MUST;

/* The members of a report: "import_no":…,"lines":…, … ,"errors":[…]. */
void import_report_json(const struct import_report *, enum lang, struct buf *);

/* Reads fd again from the start: the rejected records, with a column of what is wrong. */
enum err import_report_csv(const struct import_report *, char separator, enum lang, int fd,
			   int out) MUST;

/* "create", "abort" …; false: no such word. */
bool import_mode_read(const char *, enum import_mode *ret) MUST;
bool import_on_error_read(const char *, enum import_on_error *ret) MUST;

#endif
