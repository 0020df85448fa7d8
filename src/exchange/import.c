#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <base/json.h>
#include "import.h"

static const char *const modes[] = { "create", "update", "upsert" };
static const char *const reactions[] = { "abort", "draft", "skip" };

bool
import_mode_read(const char *s, enum import_mode *ret)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(modes); i++)
		if (strcmp(s, modes[i]) == 0) {
			*ret = (enum import_mode)i;
			return true;
		}
	return false;
}

bool
import_on_error_read(const char *s, enum import_on_error *ret)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(reactions); i++)
		if (strcmp(s, reactions[i]) == 0) {
			*ret = (enum import_on_error)i;
			return true;
		}
	return false;
}

void
import_fault(struct import *m, long line, const struct field *f, const char *column,
	     const char *code, const char *value, const char *ja, const char *en)
{
	struct fault fault = { .field = f != NULL ? f->name : column, .code = code,
		.clause = f == NULL ? NULL : f->clause, .ja = ja, .en = en, .value = value,
		.line = line };

	faults_add(&m->report->faults, &fault);
}

/*
 * The transaction of an import holds a lock by its number: a record that says 'running' without
 * anybody holding the lock belongs to an import that died.
 */
static enum err
take_number(struct import *m)
{
	static const char next[] = "SELECT 'I' || lpad(nextval('import_no')::text, 8, '0')";
	static const char lock[] = "SELECT pg_advisory_xact_lock(7226215, substr($1, 2)::int)";
	struct tx_args args = { .n = 1 };
	PGresult *res;
	enum err e = OK;

	m->report->import_no = m->o->import_no;
	if (m->o->import_no == NULL) {
		e = tx_run(m->tx, next, NULL, &res);
		if (e == OK)
			m->report->import_no = PQgetvalue(res, 0, 0);
	}
	args.v[0] = m->report->import_no;
	return e == OK ? tx_run(m->tx, lock, &args, NULL) : e;
}

enum err
import_record_begin(struct tx *tx, const struct import_options *o, const char **ret_no)
{
	static const char sql[] =
		"INSERT INTO import (import_no, institution, person, ledger, mode, match_key,"
		" on_error, state) VALUES ('I' || lpad(nextval('import_no')::text, 8, '0'), $1, $2,"
		" $3, $4, $5, $6, 'running') RETURNING import_no";
	struct tx_args args = { .n = 6, .v = { o->home == NULL ? "" : o->home, o->person,
		o->ledger->path, modes[o->mode], o->key == NULL ? "" : o->key->name,
		reactions[o->on_error] } };
	PGresult *res;
	enum err e = tx_once(tx, sql, &args, &res);

	if (e == OK)
		*ret_no = PQgetvalue(res, 0, 0);
	return e;
}

static bool
refused(const struct import *m)
{
	return m->o->on_error == ON_ERROR_ABORT && m->report->faults.total > 0;
}

/* Everything between begin and commit. */
static enum err
work(struct import *m, int fd)
{
	enum err e = take_number(m);

	if (e == OK)
		e = import_read(m, fd);
	m->unreadable = m->report->faults.n;
	if (e == OK)
		e = import_match(m);
	if (e == OK)
		e = import_judge(m);
	if (e == OK && refused(m))
		e = ERR_INVALID;
	if (e == OK)
		e = import_merge(m);
	/* what only the merged rows show: of the table, not of a line */
	if (e == ERR_RULES && m->tx->detail != NULL) {
		rule_faults(m->arena, m->tx->detail, &m->report->faults);
		e = ERR_INVALID;
	}
	return e;
}

/* The record stays when the import was refused, too: what was tried is part of the story. */
static enum err
keep_record(struct import *m)
{
	static const char sql[] =
		"INSERT INTO import (import_no, institution, person, ledger, mode, match_key,"
		" on_error, state, finished_at, lines, report)"
		" VALUES ($1, $2, $3, $4, $5, $6, $7, $8, now(), $9::bigint, $10::jsonb)"
		" ON CONFLICT (import_no) DO UPDATE SET state = $8, finished_at = now(),"
		" lines = $9::bigint, report = $10::jsonb";
	const struct import_options *o = m->o;
	struct tx_args args = { 0 };
	struct buf *b = import_sql(m);

	b->max = 32 * 1024 * 1024;
	buf_addc(b, '{');
	import_report_json(m->report, LANG_JA, b);
	buf_addc(b, '}');
	tx_arg(&args, m->report->import_no);
	tx_arg(&args, o->home == NULL ? "" : o->home);
	tx_arg(&args, o->person);
	tx_arg(&args, o->ledger->path);
	tx_arg(&args, modes[o->mode]);
	tx_arg(&args, o->key == NULL ? "" : o->key->name);
	tx_arg(&args, reactions[o->on_error]);
	tx_arg(&args, m->report->done ? "done" : "refused");
	tx_arg(&args, arena_printf(m->arena, "%ld", m->report->lines));
	tx_arg(&args, b->failed ? "{}" : buf_text(b));
	return tx_once(m->tx, sql, &args, NULL);
}

static int
by_line(const void *a, const void *b)
{
	const struct fault *x = a, *y = b;

	return x->line < y->line ? -1 : x->line > y->line;
}

enum err
import_run(const struct store *store, struct tx *tx, const struct import_options *o, int fd,
	   struct import_report *ret)
{
	struct import m = { .o = o, .store = store, .ledger = o->ledger, .tx = tx,
		.arena = tx->arena, .report = ret };
	bool ours = !tx->open;
	enum err e = OK;

	*ret = (struct import_report){ 0 };
	faults_init(&ret->faults, tx->arena, IMPORT_FAULTS_MAX);
	if (ours) {
		tx->lane = LANE_LONG;
		e = tx_begin(tx);
		if (e != OK)
			return e;
	}
	e = work(&m, fd);
	if (ret->faults.n > 1)
		qsort(ret->faults.v, ret->faults.n, sizeof(*ret->faults.v), by_line);
	ret->done = e == OK;
	if (e == ERR_INVALID) {
		ret->created = ret->updated = ret->unchanged = ret->draft = 0;
		ret->rejected = ret->lines;
	}
	if (e == OK)
		e = keep_record(&m);
	if (!ours)
		return e;
	if (e == OK)
		return tx_commit(tx);
	tx_rollback(tx);
	if (e == ERR_INVALID && keep_record(&m) != OK)
		ret->import_no = NULL; /* refused all the same */
	return e;
}
