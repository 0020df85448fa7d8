/* The schema with the tables of this room in it: see db/migrate.h. */
#ifndef WORKFLOW_SCHEMA_H
#define WORKFLOW_SCHEMA_H

#include <db/migrate.h>

bool workflow_migrate(const char *conninfo, int *ret_done, const char **ret_why) MUST;
enum err workflow_schema_check(struct tx *, const char **ret_why) MUST;
enum err workflow_schema_fits(struct tx *, const char **ret_why) MUST;

#endif
