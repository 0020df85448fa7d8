/* The table of lives (sql/rules/life.sql): as a graph for dot(1), or as text. */
#include <stdio.h>
#include <string.h>

#include <cli/cli.h>

static const char life_sql[] =
	"SELECT ledger, from_state, action, to_state, CASE WHEN gated THEN 'G' ELSE '-' END,"
	" CASE offices WHEN '{}' THEN '-' ELSE array_to_string(offices, ' ') END, clause, ja,"
	" CASE given WHEN '{}' THEN '' ELSE given::text END, array_to_string(tells, ' ')"
	" FROM life ORDER BY sort";

static void
print_text(const PGresult *res)
{
	int i;

	for (i = 0; i < PQntuples(res); i++) {
		const char *const given = PQgetvalue(res, i, 8);
		const char *const tells = PQgetvalue(res, i, 9);

		if (i == 0 || strcmp(PQgetvalue(res, i, 0), PQgetvalue(res, i - 1, 0)) != 0)
			printf("%s%s\n", i == 0 ? "" : "\n", PQgetvalue(res, i, 0));
		printf("  %-12s %-12s %-12s %s  %s%s%s\n", PQgetvalue(res, i, 1),
		       PQgetvalue(res, i, 2), PQgetvalue(res, i, 3), PQgetvalue(res, i, 4),
		       PQgetvalue(res, i, 7), given[0] == '\0' ? "" : " ", given);
		printf("    %s\n    %s\n", PQgetvalue(res, i, 6), PQgetvalue(res, i, 5));
		if (tells[0] != '\0')
			printf("    tells %s\n", tells);
	}
}

static void
print_graph(const PGresult *res)
{
	int i;

	puts("digraph life {");
	for (i = 0; i < PQntuples(res); i++)
		printf("\t\"%1$s.%2$s\" -> \"%1$s.%4$s\" [label=\"%3$s\"%5$s];\n",
		       PQgetvalue(res, i, 0), PQgetvalue(res, i, 1), PQgetvalue(res, i, 2),
		       PQgetvalue(res, i, 3),
		       strcmp(PQgetvalue(res, i, 4), "G") == 0 ? ", style=bold" : "");
	puts("}");
}

int
cmd_life(struct cli *c, const struct cli_args *a)
{
	PGresult *res;
	enum err e = tx_once(&c->tx, life_sql, NULL, &res);

	if (e != OK)
		return cli_error(c, "life", e);
	if (cli_option(a, "text") != NULL)
		print_text(res);
	else
		print_graph(res);
	return 0;
}
