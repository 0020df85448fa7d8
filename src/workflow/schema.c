#include <stdlib.h>

#include <workflow/kind.h>
#include <workflow/schema.h>

bool
workflow_migrate(const char *conninfo, int *ret_done, const char **ret_why)
{
	char *more = workflows_sql();
	bool fine = db_migrate(conninfo, more, ret_done, ret_why);

	free(more);
	return fine;
}

enum err
workflow_schema_check(struct tx *tx, const char **ret_why)
{
	char *more = workflows_sql();
	enum err e = db_schema_check(tx, more, ret_why);

	free(more);
	return e;
}

enum err
workflow_schema_fits(struct tx *tx, const char **ret_why)
{
	char *more = workflows_sql();
	enum err e = db_schema_fits(tx, more, ret_why);

	free(more);
	return e;
}
