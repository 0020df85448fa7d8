/* What the readers of lists of software share. */
#ifndef EXCHANGE_SOFTWARE_PARTS_H
#define EXCHANGE_SOFTWARE_PARTS_H

#include <jansson.h>
#include <exchange/purl.h>
#include <exchange/software.h>

/* A fault at a line; `field` and `value` may be NULL. */
void software_fault(struct software_list *, long line, const char *field, const char *code,
		    const char *value, const char *ja, const char *en);

/*
 * Reads one value of a tool's list as stored text; "" is NULL.  false: a fault was added.  Too long
 * a vendor is cut, for nobody typed it.
 */
bool software_value(struct software_list *, enum software_column, const char *s, size_t n,
		    long line, const char **ret) MUST;

/* false: a value was no text (the fault is added), or the list is full. */
bool software_add(struct software_list *, const struct software *) MUST;

/* A fault if an address in the qualifiers holds a password (4.1(2)④(d)). */
bool software_is_open(struct software_list *, long line, const char *at, const struct purl *) MUST;

/* Makes the package URL of what a package manager lists: type, name, version, arch, distro. */
void software_packaged(struct software_list *, struct software *, const char *distro);

/* "bash-5.1-2.src.rpm", "bash-5.1-2.x86_64": name, version-release, arch; false: it is none. */
bool software_nevra(struct arena *, const char *text, const char **ret_name,
		    const char **ret_version, const char **ret_arch) MUST;

/* Lines that say the same as one before are taken out. */
void software_drop_repeated(struct software_list *);

void software_read_dpkg_query(struct software_list *, const char *text);
void software_read_dpkg_list(struct software_list *, const char *text);
void software_read_rpm(struct software_list *, const char *text);
void software_read_rpm_plain(struct software_list *, const char *text);
void software_read_csv(struct software_list *, const char *text, size_t n);
void software_read_json(struct software_list *, const json_t *);
void software_read_cyclonedx(struct software_list *, const json_t *);
void software_read_spdx(struct software_list *, const json_t *);

#endif
