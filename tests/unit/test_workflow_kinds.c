/* Kinds of application: each table is whole, a wrong one is named, the print is the golden one. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <check.h>

#include "../suite.h"

#include <ledger/field.h>
#include <workflow/kind.h>

#define STEPS(...) (const struct workflow_step[]){ __VA_ARGS__, { .action = NULL } }
#define WORDS .clause = "1", .ja = "a", .en = "a"
#define FINE                                                                                  \
	{ .from = "submitted", .action = "approve", .to = "approved", .who = WHO_APPROVER,    \
	  .not_same = NOT_APPLICANT, .decides = true, .tells = TELL_APPLICANT, WORDS }
#define KIND                                                                                  \
	.code = "x", WORDS, .applicants = OFFICES_KNOWN, .approver = OFFICE_ISO

static const struct {
	const char *named;
	struct workflow_kind kind;
} wrong[] = {
	{ "nobody applies", { .code = "x", WORDS, .approver = OFFICE_ISO, .steps = STEPS(FINE) } },
	{ "without code", { WORDS, .applicants = OFFICES_KNOWN, .steps = STEPS(FINE) } },
	{ "without steps", { KIND } },
	{ "completion that there is not", { KIND, .completion_ends = true, .steps = STEPS(FINE) } },
	{ "without its days", { KIND, .term = TERM_OFFICE, .steps = STEPS(FINE) } },
	{ "longest term", { KIND, .validity = "cert_keep", .steps = STEPS(FINE) } },
	{ "applicant may take", { KIND, .steps = STEPS({ .from = "submitted", .action = "approve",
		.to = "approved", .who = WHO_APPROVER, .decides = true, WORDS }) } },
	{ "not told of", { KIND, .steps = STEPS({ .from = "submitted", .action = "approve",
		.to = "approved", .who = WHO_APPROVER, .not_same = NOT_APPLICANT,
		.decides = true, WORDS }) } },
	{ "does not have", { KIND, .steps = STEPS(FINE), .tells = (const struct workflow_tells[]){
		{ "complete", TELL_SUBJECT, 0 }, { .action = NULL } } } },
	{ "tells nobody", { KIND, .steps = STEPS(FINE), .tells = (const struct workflow_tells[]){
		{ "revoke", 0, 0 }, { .action = NULL } } } },
	{ "of the applicant", { KIND, .steps = STEPS({ .from = "submitted", .action = "approve",
		.to = "approved", .who = WHO_APPLICANT, .not_same = NOT_SUBJECT, .decides = true,
		WORDS }) } },
	{ "no decision", { KIND, .steps = STEPS({ .from = "submitted", .action = "approve",
		.to = "approved", .who = WHO_APPROVER, .not_same = NOT_APPLICANT, WORDS }) } },
	{ "that there is not", { KIND, .steps = STEPS({ .from = "submited", .action = "a",
		.to = "approved", .who = WHO_SYSTEM, WORDS }) } },
	{ "without words", { KIND, .steps = STEPS({ .from = "submitted", .action = "a",
		.to = "rejected", .who = WHO_SYSTEM, .clause = "1" }) } },
	{ "nobody takes", { KIND, .steps = STEPS({ .from = "submitted", .action = "a",
		.to = "rejected", WORDS }) } },
	{ "twice from one state", { KIND, .steps = STEPS(FINE, FINE) } },
	{ "twice from one state", { KIND, .steps = STEPS(FINE, { .from = "submitted",
		.action = "withdraw", .to = "withdrawn", .who = WHO_SYSTEM, WORDS }) } },
	{ "nothing leads to", { KIND, .steps = STEPS(FINE, { .from = "reviewing", .action = "a",
		.to = "rejected", .who = WHO_SYSTEM, WORDS }) } },
	{ "whom there is not", { .code = "x", WORDS, .applicants = OFFICES_KNOWN,
		.approver = OFFICE__MAX, .steps = STEPS(FINE) } },
	{ "way around", { KIND, .escape = true, .steps = STEPS({ .from = "submitted",
		.action = "a", .to = "completed", .who = WHO_APPLICANT, WORDS }) } },
	{ "member twice", { KIND, .steps = STEPS(FINE),
		.members = (const struct workflow_member[]){ { "a", "a", "a", MEMBER_TEXT },
			{ "a", "a", "a", MEMBER_DATE }, { .name = NULL } } } },
	{ "type of asset that there is not", { KIND, .steps = STEPS(FINE),
		.subject = SUBJECT_ASSET, .types = "server sever" } },
	{ "type of asset that there is not", { KIND, .steps = STEPS(FINE),
		.subject = SUBJECT_ASSET, .types = "server " } },
	{ "type of asset for what is about none", { KIND, .steps = STEPS(FINE),
		.subject = SUBJECT_MEDIUM, .types = "server" } },
	{ "choices", { KIND, .steps = STEPS(FINE), .members = (const struct workflow_member[]){
		{ "a", "a", "a", MEMBER_CHOICE }, { .name = NULL } } } },
};

START_TEST(a_wrong_table_is_named)
{
	const char *why = workflow_fault(&wrong[_i].kind);

	ck_assert_msg(why != NULL, "%s", wrong[_i].named);
	ck_assert_msg(strstr(why, wrong[_i].named) != NULL, "%s: %s", wrong[_i].named, why);
}
END_TEST

START_TEST(the_tables_are_whole)
{
	struct workflow_kind fine = { KIND, .steps = STEPS(FINE), .subject = SUBJECT_ANY,
		.types = "mail server" };
	size_t i;

	ck_assert_ptr_null(workflow_fault(&fine));
	for (i = 0; workflow_kinds[i] != NULL; i++)
		ck_assert_ptr_null(workflow_fault(workflow_kinds[i]));
	workflows_check();
}
END_TEST

/* 4.3: never for the approval of an exception, for 機密性4, nor for audits (2.1(2)⑫(b)). */
START_TEST(some_have_no_way_around)
{
	static const char *const none[] = { "exception", "c4_handling", "c4_offsite_work",
		"media_takeout", "csirt_audit", NULL };
	size_t i;

	for (i = 0; workflow_kinds[i] != NULL; i++)
		ck_assert_int_eq(workflow_kinds[i]->escape,
				 !str_in(workflow_kinds[i]->code, none));
}
END_TEST

START_TEST(kinds_are_the_types_of_a_request)
{
	const struct choice *c = ledger_field(&ledger_request, "request_type")->choices;
	size_t n = 0;

	for (; c->value != NULL; c++, n++) {
		const struct workflow_kind *k = workflow_find(c->value);

		ck_assert_msg(k != NULL, "%s", c->value);
		ck_assert_str_eq(k->ja, c->label);
	}
	ck_assert_ptr_null(workflow_kinds[n]);
	ck_assert_ptr_null(workflow_find("no_such"));
}
END_TEST

START_TEST(the_print_is_the_golden_one)
{
	const char *top = getenv("DAICHO_TOP");
	char path[1000];
	struct buf made, kept;
	FILE *f;
	size_t i;
	int c;

	buf_init(&made, 4 * 1024 * 1024);
	buf_init(&kept, 4 * 1024 * 1024);
	for (i = 0; workflow_kinds[i] != NULL; i++) {
		buf_adds(&made, i == 0 ? "" : "\n");
		workflow_put_text(workflow_kinds[i], &made);
	}
	snprintf(path, sizeof(path), "%s/tests/golden/workflow.txt", top == NULL ? "." : top);
	f = fopen(path, "r");
	ck_assert_ptr_nonnull(f);
	while ((c = getc(f)) != EOF)
		buf_addc(&kept, (char)c);
	fclose(f);
	ck_assert_msg(strcmp(buf_text(&made), buf_text(&kept)) == 0,
		      "%s is old; run: build/daicho workflow >tests/golden/workflow.txt", path);
	buf_release(&made);
	buf_release(&kept);
}
END_TEST

START_TEST(a_graph_names_every_step)
{
	struct buf b;

	buf_init(&b, 1024 * 1024);
	workflow_put_dot(workflow_find("important_new"), &b);
	ck_assert_ptr_nonnull(strstr(buf_text(&b), "digraph important_new {"));
	ck_assert_ptr_nonnull(strstr(buf_text(&b), "submitted -> approved [label=\"許可"));
	ck_assert_ptr_nonnull(strstr(buf_text(&b), "approved -> revoked"));
	buf_release(&b);
}
END_TEST

int
main(void)
{
	Suite *s = suite_create("workflow");
	TCase *t = tcase_create("workflow");

	tcase_add_loop_test(t, a_wrong_table_is_named, 0, (int)ARRAY_SIZE(wrong));
	tcase_add_test(t, the_tables_are_whole);
	tcase_add_test(t, some_have_no_way_around);
	tcase_add_test(t, kinds_are_the_types_of_a_request);
	tcase_add_test(t, the_print_is_the_golden_one);
	tcase_add_test(t, a_graph_names_every_step);
	suite_add_tcase(s, t);
	return suite_run(s);
}
