/* The tables as statements: what the database enforces is what stands in C. */
#include <string.h>

#include <ledger/field.h>
#include <workflow/kind.h>

/* Our own constants only; quoted all the same. */
static void
put_quoted(const char *s, struct buf *b)
{
	if (s == NULL) {
		buf_adds(b, "NULL");
		return;
	}
	buf_addc(b, '\'');
	for (; *s != '\0'; s++)
		buf_addf(b, *s == '\'' ? "''" : "%c", *s);
	buf_addc(b, '\'');
}

static void
put_set(void (*put)(unsigned, const char *, struct buf *), unsigned bits, struct buf *b)
{
	buf_adds(b, ", '{");
	put(bits, ",", b);
	buf_adds(b, "}'");
}

struct rows {
	struct buf *b;
	int position;
};

static void
put_step(void *arg, const struct workflow_kind *k, const struct workflow_step *s)
{
	struct rows *r = arg;
	const char *const words[] = { s->guard, s->effect, s->clause, s->ja, s->en };
	size_t i;

	buf_addf(r->b, "INSERT INTO workflow_step VALUES ('%s', '%s', '%s', '%s'", k->code, s->from,
		 s->action, s->to);
	put_set(workflow_put_who, s->who, r->b);
	put_set(workflow_put_offices, s->offices, r->b);
	put_set(workflow_put_not, s->not_same, r->b);
	buf_addf(r->b, ", %s", s->decides ? "true" : "false");
	put_set(workflow_put_documents, s->documents, r->b);
	put_set(workflow_put_given, s->needs, r->b);
	put_set(workflow_put_given, s->takes, r->b);
	for (i = 0; i < ARRAY_SIZE(words); i++) {
		buf_adds(r->b, ", ");
		put_quoted(words[i], r->b);
	}
	buf_addf(r->b, ", %d, '{", ++r->position);
	workflow_put_tells(s, ",", r->b);
	buf_adds(r->b, "}');\n");
}

static void
put_members(const struct workflow_kind *k, struct buf *b)
{
	const struct workflow_member *m;
	int position = 0;

	for (m = k->members; m != NULL && m->name != NULL; m++) {
		buf_addf(b, "INSERT INTO workflow_member VALUES ('%s', '%s', '%s', %s, "
			 "string_to_array(", k->code, m->name, workflow_type_code(m->type),
			 m->required ? "true" : "false");
		put_quoted(m->choices, b);
		buf_adds(b, ", ' '), ");
		put_quoted(m->ja, b);
		buf_adds(b, ", ");
		put_quoted(m->en, b);
		buf_addf(b, ", %d);\n", ++position);
	}
}

static void
put_kind(const struct workflow_kind *k, struct buf *b)
{
	const char *const head[] = { k->code, k->ja, k->en, k->clause,
		workflow_subject_code(k->subject) };
	const char *const tail[] = { k->power, k->validity, workflow_term_code(k->term) };
	struct rows r = { .b = b };
	size_t i;

	buf_adds(b, "INSERT INTO workflow_kind VALUES (");
	for (i = 0; i < ARRAY_SIZE(head); i++) {
		buf_adds(b, i == 0 ? "" : ", ");
		put_quoted(head[i], b);
	}
	put_set(workflow_put_offices, k->applicants, b);
	buf_adds(b, ", ");
	put_quoted(k->approver == OFFICE__MAX ? NULL : office_info(k->approver)->code, b);
	buf_addf(b, ", %s", k->escape ? "true" : "false");
	for (i = 0; i < ARRAY_SIZE(tail); i++) {
		buf_adds(b, ", ");
		put_quoted(tail[i], b);
	}
	buf_addf(b, ", %s, string_to_array(", k->completion_ends ? "true" : "false");
	put_quoted(k->types == NULL ? "" : k->types, b);
	buf_adds(b, ", ' '));\n");
	workflow_each(k, put_step, &r);
	put_members(k, b);
}

/* Columns that people write: a change of one of them is a change of what was applied for. */
static void
put_watched(const struct ledger *l, struct buf *b)
{
	size_t i;
	bool first = true;

	buf_addf(b, "INSERT INTO workflow_watched VALUES ('%s', '{", l->table);
	for (i = 0; i < l->count; i++) {
		if (!field_writable(&l->fields[i]))
			continue;
		buf_addf(b, "%s%s", first ? "" : ",", l->fields[i].name);
		first = false;
	}
	buf_adds(b, "}');\n");
}

/* How far offices see: for what is done in nobody's name, but for somebody's eyes. */
static void
put_office(enum office o, struct buf *b)
{
	const struct office_info *i = office_info(o);
	char reach[OFFICE_REACH_SIZE];

	office_reach(o, reach);
	buf_addf(b, "INSERT INTO office_info VALUES ('%s', '%s', %s, '%s');\n", i->code, i->ja,
		 i->everywhere ? "true" : "false", reach);
}

char *
workflows_sql(void)
{
	struct buf b;
	char *text;
	size_t i;
	int o;

	buf_init(&b, 4 * 1024 * 1024);
	buf_adds(&b, "DELETE FROM office_info; DELETE FROM workflow_member; "
		 "DELETE FROM workflow_step; DELETE FROM workflow_kind; "
		 "DELETE FROM workflow_watched;\n");
	for (i = 0; workflow_kinds[i] != NULL; i++)
		put_kind(workflow_kinds[i], &b);
	for (o = 0; o < OFFICE__MAX; o++)
		put_office((enum office)o, &b);
	put_watched(&ledger_asset, &b);
	put_watched(&ledger_media, &b);
	buf_adds(&b, "SELECT workflow_check();\n");
	text = xstrdup(buf_text(&b));
	buf_release(&b);
	return text;
}
