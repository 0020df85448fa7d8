/*
 * システム構成カタログ (2.1(2)⑧(e)): its sections, declared once, and what may be done with a version.
 * What is judged by rows is judged in the database (sql/functions/56-catalogue-acts.sql).
 */
#ifndef WORKFLOW_CATALOGUE_H
#define WORKFLOW_CATALOGUE_H

#include <jansson.h>
#include <ledger/store.h>

#define CATALOGUE_ENTRIES_MAX 500 /* of one section */
#define CATALOGUE_MEMBERS_MAX 10

struct catalogue_section {
	const char *name;
	const char *label;
	const char *clause;
	const char *about; /* English, for OpenAPI */
	struct field members[CATALOGUE_MEMBERS_MAX]; /* ends with name == NULL */
};

/* Ends with name == NULL. */
extern const struct catalogue_section catalogue_sections[];

/*
 * Reads the members `note` and those of the sections of a JSON object into a document for the
 * database; `others` (ends with NULL) are members that somebody else reads.  All faults at once:
 * ERR_INVALID.  What looks like a password, a key or a hash is refused (4.1(2)④(d)).
 */
enum err catalogue_read(struct arena *, const json_t *, const char *const *others,
			struct faults *, const char **ret) MUST;

/*
 * Acts.  ERR_FORBIDDEN: seen, but not administered by who asks; ERR_STATE; ERR_RULES with faults;
 * ERR_PRECONDITION_FAILED: another version stands there now, and is in *ret.
 */
enum err catalogue_create(const struct store *, struct tx *, const char *asset,
			  const char *copy, const char *doc, struct faults *,
			  PGresult **ret) MUST;
enum err catalogue_edit(const struct store *, struct tx *, const char *no, const char *doc,
			const char *version, const char *scope, struct faults *,
			PGresult **ret) MUST;
enum err catalogue_submit(const struct store *, struct tx *, const char *no,
			  const char *version, const char *scope, struct faults *,
			  PGresult **ret) MUST;
enum err catalogue_discard(const struct store *, struct tx *, const char *no,
			   const char *version, const char *scope, struct faults *,
			   PGresult **ret) MUST;

/* *ret: one cell, what was done as JSON; with ERR_PRECONDITION_FAILED the row. */
struct catalogue_list {
	const char *lines; /* JSON of exchange/software.h */
	bool replace;
	int most; /* lines that a catalogue may hold */
};
enum err catalogue_put_software(const struct store *, struct tx *, const char *no,
				const struct catalogue_list *, const char *version,
				const char *scope, struct faults *, PGresult **ret) MUST;

#endif
