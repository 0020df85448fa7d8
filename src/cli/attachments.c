/* attachments: keys of documents, whether they are whole, what may be cleared away. */
#include <stdio.h>
#include <stdlib.h>

#include <cli/cli.h>
#include <workflow/attachment.h>

int
cmd_attachments_key(struct cli *c, const struct cli_args *a)
{
	const char *why;
	char *name;

	(void)c;
	if (!attachment_keys_add(a->v[0], &name, &why))
		return cli_fail("attachments key", why);
	printf("%s\n", name);
	free(name);
	return 0;
}

/* The keys of the configuration, or those of the embedded register. */
static const char *
open_store(struct cli *c, struct attachment_store *ret)
{
	const char *why = attachment_store_open(&c->config, ret);

	if (why == NULL && c->embedded != NULL)
		why = attachment_store_open_own(embedded_dir(c->embedded), ret);
	if (why == NULL && ret->keys == NULL)
		why = "attachment_key_file: there is none";
	return why;
}

struct tally {
	long long documents, bytes, damaged, missing;
};

/* One document in a transaction of its own. */
static enum err
check_one(struct cli *c, const struct attachment_store *store, const PGresult *list, int row,
	  struct tally *t)
{
	struct arena *arena = arena_new(), *before = c->tx.arena;
	const char *no = PQgetvalue(list, row, 0), *why = NULL;
	enum err e;

	c->tx.arena = arena;
	e = tx_begin(&c->tx);
	if (e == OK)
		e = attachment_read(store, &c->tx, no, NULL, &why);
	tx_rollback(&c->tx);
	if (e == ERR_DAMAGED) {
		printf("%s\t%s\t%s\t%s\n", no, PQgetvalue(list, row, 1), PQgetvalue(list, row, 2),
		       why);
		t->damaged++;
		e = OK;
	}
	t->documents++;
	t->bytes += tx_int(list, row, 3);
	c->tx.arena = before;
	arena_free(arena);
	return e;
}

/* What stands in the table without its bytes was described before there were any. */
static enum err
check_all(struct cli *c, const struct attachment_store *store, struct tally *t)
{
	PGresult *list;
	int i;
	enum err e = tx_once(&c->tx, "SELECT t.attachment_no, t.institution, t.file_name,"
			     " t.size_bytes, c.attachment_no IS NULL FROM attachment t"
			     " LEFT JOIN attachment_content c USING (attachment_no) ORDER BY 1",
			     NULL, &list);

	for (i = 0; e == OK && i < PQntuples(list); i++) {
		if (PQgetvalue(list, i, 4)[0] == 't')
			t->missing++;
		else
			e = check_one(c, store, list, i, t);
	}
	return e;
}

int
cmd_attachments_check(struct cli *c, const struct cli_args *a)
{
	struct attachment_store store = { 0 };
	const char *why = open_store(c, &store);
	struct tally t = { 0 };
	int64_t cleaned = 0;
	enum err e;

	if (why != NULL)
		return cli_fail("attachments check", why);
	e = check_all(c, &store, &t);
	if (e == OK && cli_option(a, "clean") != NULL)
		e = attachments_clean(&c->tx, c->config.attachment_clean_days > 0 ?
				      c->config.attachment_clean_days : 1, &cleaned);
	attachment_store_close(&store);
	if (e != OK)
		return cli_error(c, "attachments check", e);
	printf("%lld documents, %lld bytes, %lld damaged, %lld without bytes, %lld removed\n",
	       t.documents, t.bytes, t.damaged, t.missing, (long long)cleaned);
	return t.damaged > 0 ? 1 : 0;
}

int
cmd_attachments_rekey(struct cli *c, const struct cli_args *a)
{
	struct attachment_store store = { 0 };
	const char *why = open_store(c, &store);
	int64_t n = 0;
	enum err e;

	(void)a;
	if (why != NULL)
		return cli_fail("attachments rekey", why);
	e = attachments_rekey(&store, &c->tx, &n, &why);
	if (e == OK)
		printf("%lld wrapped with %s\n", (long long)n,
		       attachment_keys_newest(store.keys));
	attachment_store_close(&store);
	if (e != OK && why != NULL)
		return cli_fail("attachments rekey", why);
	return e == OK ? 0 : cli_error(c, "attachments rekey", e);
}
