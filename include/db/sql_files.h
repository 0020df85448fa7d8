/*
 * The files below sql/, built into the programs by tools/embed-sql, so that what migrates and
 * what runs can never be of two versions.
 */
#ifndef DB_SQL_FILES_H
#define DB_SQL_FILES_H

#include <stddef.h>

struct sql_file {
	const char *path; /* below sql/, e.g. "migrations/0001-core.sql" */
	const char *text; /* ends with NUL, which length does not count */
	size_t length;
};

/* Sorted by path, byte by byte; ends with path == NULL. */
extern const struct sql_file sql_files[];

#endif
