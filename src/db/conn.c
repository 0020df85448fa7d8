#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "conn.h"

/* Notices would go to standard error as they are; the log is ours. */
static void
quiet(void *arg, const PGresult *res)
{
	(void)arg;
	(void)res;
}

struct db_conn *
conn_open(const char *conninfo, bool prepare, const char *timeout_ms, const char **ret_why)
{
	/* defaults first: what the connection string says comes later and wins */
	static const char *const names[] = { "connect_timeout", "tcp_user_timeout",
		"target_session_attrs", "client_encoding", "application_name", "dbname", NULL };
	const char *values[] = { "2", "3000", "read-write", "UTF8", "daichod", conninfo, NULL };
	struct db_conn *c;
	PGconn *pg = PQconnectdbParams(names, values, 1);

	if (PQstatus(pg) != CONNECTION_OK) {
		*ret_why = xstrdup(PQerrorMessage(pg));
		PQfinish(pg);
		return NULL;
	}
	PQsetNoticeReceiver(pg, quiet, NULL);
	c = xcalloc(1, sizeof(*c));
	c->pg = pg;
	c->prepare = prepare;
	c->timeout_ms = timeout_ms;
	return c;
}

void
conn_close(struct db_conn *c)
{
	size_t i;

	if (c == NULL)
		return;
	PQfinish(c->pg);
	for (i = 0; i < CONN_PREPARED_MAX; i++)
		free(c->prepared[i].sql);
	free(c);
}

static size_t
hash(const char *s)
{
	size_t h = 5381;

	while (*s != '\0')
		h = h * 33 ^ (unsigned char)*s++;
	return h;
}

struct prepared *
conn_prepared(struct db_conn *c, const char *sql, bool *ret_known)
{
	size_t i = hash(sql) % CONN_PREPARED_MAX;
	struct prepared *p;

	if (!c->prepare)
		return NULL;
	for (p = &c->prepared[i]; p->sql != NULL; p = &c->prepared[i]) {
		if (strcmp(p->sql, sql) == 0) {
			*ret_known = true;
			return p;
		}
		i = (i + 1) % CONN_PREPARED_MAX;
	}
	/* lists with rare filters make many texts: past three quarters they run unprepared */
	if (c->prepared_count >= CONN_PREPARED_MAX * 3 / 4)
		return NULL;
	p->sql = xstrdup(sql);
	snprintf(p->name, sizeof(p->name), "s%zu", i);
	c->prepared_count++;
	*ret_known = false;
	return p;
}
