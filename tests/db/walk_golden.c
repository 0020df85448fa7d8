#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <check.h>

#include "walk_golden.h"

bool
golden_word(const char *list, const char *word, char between)
{
	size_t n = strlen(word);
	const char *at;

	if (n == 0)
		return false;
	for (at = strstr(list, word); at != NULL; at = strstr(at + 1, word))
		if ((at == list || at[-1] == between) && (at[n] == '\0' || at[n] == between))
			return true;
	return false;
}

static void
copy(char *out, size_t size, const char *from, size_t n)
{
	snprintf(out, size, "%.*s", (int)n, from);
}

/* What stands after this in the line, up to one of the ends. */
static void
after(char *out, size_t size, const char *text, const char *what, const char *ends)
{
	const char *at = strstr(text, what);

	out[0] = '\0';
	if (at != NULL)
		copy(out, size, at + strlen(what), strcspn(at + strlen(what), ends));
}

/* "  submitted --approve--> approved  approver decides not=applicant,subject …" */
static void
read_line(struct golden *g, const char *text)
{
	struct golden_line *l = &g->lines[g->n_lines];
	const char *at = text + 2, *end = strstr(text, "--> ");

	ck_assert_int_lt(g->n_lines, WALK_LINES_MAX);
	copy(l->from, sizeof(l->from), at, strcspn(at, " "));
	at = strstr(text, " --") + 3;
	copy(l->action, sizeof(l->action), at, (size_t)(end - at));
	at = end + 4;
	copy(l->to, sizeof(l->to), at, strcspn(at, " "));
	at += strcspn(at, " ");
	at += strspn(at, " ");
	copy(l->who, sizeof(l->who), at, strcspn(at, " \n"));
	after(l->not_same, sizeof(l->not_same), text, " not=", " \n");
	l->decides = strstr(text, " decides ") != NULL;
	l->kind = g->n_kinds - 1;
	g->n_lines++;
}

struct golden *
golden_read(void)
{
	const char *top = getenv("DAICHO_TOP");
	struct golden *g = calloc(1, sizeof(*g));
	char text[2000];
	FILE *f;

	snprintf(text, sizeof(text), "%s/tests/golden/workflow.txt", top == NULL ? "." : top);
	f = fopen(text, "r");
	ck_assert_msg(f != NULL, "%s", text);
	while (fgets(text, sizeof(text), f) != NULL) {
		if (text[0] != ' ' && text[0] != '\n')
			copy(g->kinds[g->n_kinds++].code, 40, text, strcspn(text, " "));
		else if (strncmp(text, "  about ", 8) == 0) {
			after(g->kinds[g->n_kinds - 1].approver, 40, text, "approver ", ";");
			after(g->kinds[g->n_kinds - 1].power, 40, text, "deputy by ", ";\n");
		} else if (strstr(text, "--> ") != NULL) {
			read_line(g, text);
		}
	}
	fclose(f);
	ck_assert_int_gt(g->n_lines, 300);
	return g;
}

const struct golden_line *
golden_line(const struct golden *g, int kind, const char *from, const char *action)
{
	const struct golden_line *l;

	for (l = g->lines; l < g->lines + g->n_lines; l++)
		if (l->kind == kind && strcmp(l->from, from) == 0 && strcmp(l->action, action) == 0)
			return l;
	return NULL;
}

const struct golden_line *
golden_decision(const struct golden *g, int kind, const char *from)
{
	const struct golden_line *l;

	for (l = g->lines; l < g->lines + g->n_lines; l++)
		if (l->kind == kind && l->decides && strcmp(l->from, from) == 0 &&
		    strcmp(l->to, "rejected") != 0)
			return l;
	return NULL;
}
