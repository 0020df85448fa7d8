/* Sets of bits as words: in print, and in the database. */
#include <workflow/kind.h>

static void
put_bits(unsigned bits, const char *const *words, size_t n, const char *between, struct buf *b)
{
	bool first = true;
	size_t i;

	for (i = 0; i < n; i++) {
		if (!(bits & (1U << i)))
			continue;
		buf_addf(b, "%s%s", first ? "" : between, words[i]);
		first = false;
	}
}

void
workflow_put_offices(uint32_t offices, const char *between, struct buf *b)
{
	bool first = true;
	int o;

	if (offices & OFFICES_KNOWN) {
		buf_adds(b, "*");
		return;
	}
	for (o = 0; o < OFFICE__MAX; o++) {
		if (!(offices & OFFICE_BIT(o)))
			continue;
		buf_addf(b, "%s%s", first ? "" : between, office_info((enum office)o)->code);
		first = false;
	}
}

void
workflow_put_who(unsigned who, const char *between, struct buf *b)
{
	static const char *const words[] = { "applicant", "approver", "subject", "assigned",
		"system", "confirmer", "administrator" };

	put_bits(who, words, ARRAY_SIZE(words), between, b);
}

void
workflow_put_not(unsigned not_same, const char *between, struct buf *b)
{
	static const char *const words[] = { "applicant", "subject", "decider", "assigned" };

	put_bits(not_same, words, ARRAY_SIZE(words), between, b);
}

void
workflow_put_given(unsigned given, const char *between, struct buf *b)
{
	static const char *const words[] = { "comment", "result", "case", "reason", "person",
		"on", "problem", "conditions", "term", "installed", "carried_out_by" };

	put_bits(given, words, ARRAY_SIZE(words), between, b);
}

void
workflow_put_documents(unsigned documents, const char *between, struct buf *b)
{
	static const char *const words[] = { "necessity", "catalogue", "emergency_contacts",
		"handover", "risk_assessment", "diagram" };

	put_bits(documents, words, ARRAY_SIZE(words), between, b);
}

/* Relations to the application, then offices. */
void
workflow_put_tells(const struct workflow_step *s, const char *between, struct buf *b)
{
	static const char *const words[] = { "applicant", "subject", "assigned", "administrator",
		"network", "overseer" };

	put_bits(s->tells, words, ARRAY_SIZE(words), between, b);
	if (s->tells != 0 && s->tells_offices != 0)
		buf_adds(b, between);
	workflow_put_offices(s->tells_offices, between, b);
}

const char *
workflow_subject_code(enum workflow_subject s)
{
	static const char *const words[SUBJECT__MAX] = { "none", "asset", "medium", "object",
		"any", "person" };

	return words[s];
}

const char *
workflow_term_code(enum workflow_term t)
{
	static const char *const words[] = { "none", "may", "must", "office" };

	return words[t];
}

const char *
workflow_type_code(enum workflow_type t)
{
	static const char *const words[MEMBER__MAX] = { "text", "texts", "date", "integer",
		"boolean", "level", "choice", "person", "asset", "assets", "network", "unit",
		"area", "cloud", "institution", "rule" };

	return words[t];
}
