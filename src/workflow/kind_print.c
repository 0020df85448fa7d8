/* Kinds as text and as a graph. */
#include <string.h>

#include <workflow/kind.h>

struct print {
	struct buf *b;
	struct buf word;
};

static const char *
actors(struct print *p, const struct workflow_step *s)
{
	buf_clear(&p->word);
	workflow_put_who(s->who, "|", &p->word);
	if (s->who != 0 && s->offices != 0)
		buf_addc(&p->word, '|');
	workflow_put_offices(s->offices, "|", &p->word);
	return buf_text(&p->word);
}

static void
put_set(struct print *p, const char *label, void (*put)(unsigned, const char *, struct buf *),
	unsigned bits)
{
	if (bits == 0)
		return;
	buf_adds(p->b, label);
	put(bits, ",", p->b);
}

static void
put_step(void *arg, const struct workflow_kind *k, const struct workflow_step *s)
{
	struct print *p = arg;

	(void)k;
	buf_addf(p->b, "  %s --%s--> %s  %s", s->from, s->action, s->to, actors(p, s));
	if (s->decides)
		buf_adds(p->b, " decides");
	put_set(p, " not=", workflow_put_not, s->not_same);
	put_set(p, " documents=", workflow_put_documents, s->documents);
	put_set(p, " needs=", workflow_put_given, s->needs);
	put_set(p, " takes=", workflow_put_given, s->takes);
	if (s->guard != NULL)
		buf_addf(p->b, " guard=%s", s->guard);
	if (s->effect != NULL)
		buf_addf(p->b, " effect=%s", s->effect);
	if (s->tells != 0 || s->tells_offices != 0) {
		buf_adds(p->b, " tells=");
		workflow_put_tells(s, ",", p->b);
	}
	buf_addf(p->b, "  %s %s (%s)\n", s->clause, s->ja, s->en);
}

void
workflow_put_text(const struct workflow_kind *k, struct buf *b)
{
	struct print p = { .b = b };
	const struct workflow_member *m;

	buf_init(&p.word, 4096);
	buf_addf(b, "%s %s (%s) %s\n  about %s", k->code, k->ja, k->en, k->clause,
		 workflow_subject_code(k->subject));
	if (k->types != NULL)
		buf_addf(b, " (%s)", k->types);
	buf_adds(b, "; applicants ");
	workflow_put_offices(k->applicants, ",", b);
	buf_addf(b, "; approver %s; unavoidable %s; term %s", k->approver == OFFICE__MAX ? "-" :
		 office_info(k->approver)->code, k->escape ? "yes" : "no",
		 workflow_term_code(k->term));
	if (k->validity != NULL)
		buf_addf(b, " (%s)", k->validity);
	if (k->power != NULL)
		buf_addf(b, "; deputy by %s", k->power);
	if (k->completion_ends)
		buf_adds(b, "; ends completed");
	buf_addc(b, '\n');
	for (m = k->members; m != NULL && m->name != NULL; m++)
		buf_addf(b, "  * %s %s%s  %s (%s)\n", m->name, workflow_type_code(m->type),
			 m->required ? "!" : "", m->ja, m->en);
	workflow_each(k, put_step, &p);
	buf_release(&p.word);
}

static void
put_edge(void *arg, const struct workflow_kind *k, const struct workflow_step *s)
{
	struct print *p = arg;
	/* back to where it was, and on to where it would have gone: shown as one place each */
	const char *to = strcmp(s->to, "*") == 0 ? "submitted" :
		strcmp(s->to, "=") == 0 ? "approved" : s->to;

	if (strcmp(s->to, "=") == 0 && k->approver == OFFICE__MAX)
		to = "completed";
	buf_addf(p->b, "\t%s -> %s [label=\"%s\\n%s\"%s];\n", s->from, to, s->ja, actors(p, s),
		 s->decides ? " penwidth=2" : "");
}

void
workflow_put_dot(const struct workflow_kind *k, struct buf *b)
{
	struct print p = { .b = b };

	buf_init(&p.word, 4096);
	buf_addf(b, "digraph %s {\n\tlabel=\"%s\";\n\tnode [shape=box];\n", k->code, k->ja);
	workflow_each(k, put_edge, &p);
	buf_adds(b, "}\n");
	buf_release(&p.word);
}
