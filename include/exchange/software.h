/*
 * Lists of software as people, package managers and SBOM tools write them, read into lines with a
 * package URL each.  All faults are told at once, with the line or the place of each; a list with
 * a fault is not kept.
 */
#ifndef EXCHANGE_SOFTWARE_H
#define EXCHANGE_SOFTWARE_H

#include <base/fault.h>
#include <ledger/field.h>

#define SOFTWARE_MAX 20000   /* lines of one list */
#define SOFTWARE_DEPTH 64    /* nesting of a JSON text */
#define SOFTWARE_VALUES 600000 /* values of a JSON text: each takes memory when it is parsed */

enum software_format {
	SOFTWARE_JSON,	     /* our own: [{"software_name": …}, …], also below "software" */
	SOFTWARE_CSV,
	SOFTWARE_DPKG_QUERY, /* ${Package}\t${Version}\t${Architecture}\t${source:Package}\t… */
	SOFTWARE_DPKG_LIST,  /* dpkg -l */
	SOFTWARE_RPM,	     /* %{NAME}\t%{EPOCHNUM}:%{VERSION}-%{RELEASE}\t%{ARCH}\t%{SOURCERPM} */
	SOFTWARE_RPM_PLAIN,  /* rpm -qa */
	SOFTWARE_CYCLONEDX,  /* JSON, 1.2 to 1.6 */
	SOFTWARE_SPDX,	     /* JSON, 2.2 and 2.3 */
	SOFTWARE__MAX	     /* to be told from the text */
};

/* Columns of a line, in the order of software_fields. */
enum software_column { SW_NAME, SW_VERSION, SW_TYPE, SW_PURL, SW_ARCH, SW_SOURCE_NAME,
		       SW_SOURCE_VERSION, SW_VENDOR, SW_PURPOSE, SW_SUPPORT_UNTIL, SW__MAX };

extern const struct field software_fields[SW__MAX];

struct software {
	const char *v[SW__MAX]; /* NULL: not said */
	long line;		/* of a text, or position in a JSON list, from 1 */
};

struct software_list {
	struct arena *arena;
	struct faults *faults;
	const char *distro; /* "debian-12": for lists of a package manager; or NULL */
	enum software_format format;
	struct software *v;
	size_t n, cap;
	size_t skipped;	 /* lines that are no software: files, keys, what is not installed */
	size_t repeated; /* lines that say the same as one before */
};

void software_list_init(struct software_list *, struct arena *, struct faults *,
			const char *distro);

/* "cyclonedx" …; SOFTWARE__MAX if there is none of this name. */
enum software_format software_format_find(const char *name);
const char *software_format_name(enum software_format);

/*
 * Reads n bytes, which end with NUL.  `format` SOFTWARE__MAX: as the text looks.  CSV that is not
 * UTF-8 is taken for CP932 (Windows).  ERR_INVALID, ERR_BAD_JSON: the faults say why, or *ret_why.
 */
enum err software_read(struct software_list *, enum software_format, const char *text, size_t n,
		       const char **ret_why) MUST;

/* The lines as JSON for catalogue_software_put(). */
const char *software_json(const struct software_list *);

#endif
