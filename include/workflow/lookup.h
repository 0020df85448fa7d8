/*
 * What 機関CSIRT asks in an incident (2.1(2)⑥(c), 3.3(2)②(d)): whose is this address, host, place …
 * and which servers have this software.  The row policies of whoever asks decide what is answered.
 */
#ifndef WORKFLOW_LOOKUP_H
#define WORKFLOW_LOOKUP_H

#include <base/fault.h>
#include <base/version.h>
#include <db/tx.h>

/* In which way something is meant; LOOKUP_ANY: whatever it looks like. */
enum lookup_way { LOOKUP_ANY, LOOKUP_IP, LOOKUP_MAC, LOOKUP_HOST, LOOKUP_NAME, LOOKUP_PERSON,
		  LOOKUP_PLACE, LOOKUP_OS, LOOKUP_WAY__MAX };

/* "ip" …; NULL for LOOKUP_ANY. */
const char *lookup_way_name(enum lookup_way);
/* LOOKUP_WAY__MAX for a word that is none. */
enum lookup_way lookup_way_find(const char *name);

struct lookup {
	const char *text;	/* as asked for */
	const char *words;	/* array literal, or NULL */
	const char *address;	/* an address or a network, or NULL */
	const char *ways;	/* array literal */
};

/* What is meant; faults about ?q (and ?by), ERR_BAD_QUERY. */
enum err lookup_read(struct arena *, const char *q, enum lookup_way, struct faults *,
		     struct lookup *ret) MUST;

/*
 * Columns of an answer: lists and persons as JSON, or flat for a table.  The first column is
 * asset_no.
 */
extern const char lookup_columns_json[], lookup_columns_flat[];

/* Rows with found_by and exact before the columns; what is exact comes first. */
enum err lookup_run(struct tx *, const struct lookup *, const char *columns, int most,
		    PGresult **ret) MUST;
/* These rows by their numbers (an array literal), in the order of the numbers. */
enum err lookup_rows(struct tx *, const char *columns, const char *keys, PGresult **ret) MUST;
/* The rows of the result were shown: tells of those from 機密性3 on.  asset_no: its column. */
enum err lookup_note(struct tx *, const PGresult *, int asset_no, const char *query) MUST;

/* Version conditions: NULL where none is asked for. */
enum version_condition { VERSION_LT, VERSION_LTE, VERSION_GT, VERSION_GTE, VERSION_EQ,
			 VERSION_CONDITION__MAX };
extern const char *const version_condition_names[VERSION_CONDITION__MAX];

struct software_query {
	const char *name;   /* of the binary or the source package; or NULL */
	const char *source; /* of the source package alone; or NULL */
	const char *type;   /* "deb" …, or NULL: all */
	const char *versions[VERSION_CONDITION__MAX];
};

/* Columns of what software_find() answers. */
enum { SOFTWARE_ASSET, SOFTWARE_NAME, SOFTWARE_TYPE, SOFTWARE_VERSION, SOFTWARE_ARCH,
       SOFTWARE_SOURCE_NAME, SOFTWARE_SOURCE_VERSION, SOFTWARE_RECORDED_IN, SOFTWARE_CATALOGUE,
       SOFTWARE__MAX };

/* All that is called so, sorted by asset; the versions are yet to be compared. */
enum err software_find(struct tx *, const struct software_query *, PGresult **ret) MUST;

/*
 * Does this row of the result fulfil the conditions?  What has no version on record does, with
 * *ret_known false: somebody has to look.
 */
bool software_fits(const struct software_query *, const PGresult *, int row, bool *ret_known);

#endif
