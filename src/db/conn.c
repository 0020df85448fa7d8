#include <stdint.h>
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

/* Statements have thousands of bytes and are looked up with every request: eight at a time. */
static size_t
hash(const char *s)
{
	uint64_t h = 5381, word;
	size_t n = strlen(s);

	for (; n >= sizeof(word); s += sizeof(word), n -= sizeof(word)) {
		memcpy(&word, s, sizeof(word));
		h = (h ^ word) * UINT64_C(0x9e3779b97f4a7c15);
		h ^= h >> 29;
	}
	while (n-- > 0)
		h = h * 33 ^ (unsigned char)*s++;
	return (size_t)(h ^ h >> 32);
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
