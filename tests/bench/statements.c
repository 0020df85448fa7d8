/*
 * statements: prints the very statements that the daemon sends, so that pgbench can send them,
 * too.  Without arguments one JSON object: {"act":…,"get":…,"list":…,"insert":…,"update":…}.
 * `statements documents`: one JSON body of POST or PATCH per line on standard input becomes the
 * document that the statement takes.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <base/json.h>
#include <ledger/query.h>

static void
member(struct buf *b, const char *name, const char *value)
{
	buf_addc(b, b->len == 0 ? '{' : ',');
	json_put_cstring(b, name);
	buf_addc(b, ':');
	json_put_cstring(b, value);
}

static int
print_statements(struct arena *arena)
{
	struct store *store = store_new();
	struct list_query q;
	struct buf b;

	buf_init(&b, 1024 * 1024);
	list_query_init(&q, &ledger_asset, arena, "{umi}");
	member(&b, "act", tx_act_sql);
	member(&b, "get", store_sql(store, LEDGER_ASSET, ST_GET));
	member(&b, "list", list_query_sql(&q, store));
	member(&b, "insert", store_sql(store, LEDGER_ASSET, ST_INSERT));
	member(&b, "update", store_sql(store, LEDGER_ASSET, ST_UPDATE));
	buf_addc(&b, '}');
	puts(buf_text(&b));
	buf_release(&b);
	store_free(store);
	return 0;
}

/* As records_create() makes it; a change has no fallbacks. */
static bool
print_document(struct arena *arena, const char *line, size_t n)
{
	struct record record;
	struct faults faults;
	const char *why;
	json_t *j;

	faults_init(&faults, arena, 10);
	if (json_read(arena, line, n, &j, &why) != OK)
		return false;
	if (record_read(&ledger_asset, arena, j,
			json_object_get(j, "institution") == NULL ? RECORD_PATCH : RECORD_CREATE,
			&faults, &record) != OK) {
		fprintf(stderr, "%s: %s\n", faults.v[0].field, faults.v[0].en);
		return false;
	}
	if (json_object_get(j, "institution") != NULL)
		record_complete(&record);
	puts(record_document(&record, arena));
	return true;
}

static int
print_documents(struct arena *arena)
{
	char *line = NULL;
	size_t size = 0;
	ssize_t n;
	int rc = 0;

	while (rc == 0 && (n = getline(&line, &size, stdin)) > 0)
		rc = print_document(arena, line, (size_t)n) ? 0 : 1;
	free(line);
	return rc;
}

int
main(int argc, char **argv)
{
	struct arena *arena = arena_new();
	int rc = 2;

	ledgers_check();
	if (argc == 1)
		rc = print_statements(arena);
	else if (argc == 2 && strcmp(argv[1], "documents") == 0)
		rc = print_documents(arena);
	else
		fputs("usage: statements [documents]\n", stderr);
	arena_free(arena);
	return rc;
}
