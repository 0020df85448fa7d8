/* What the handlers of the standard take and answer: clauses, rules, 別表. */
#include "handlers.h"
#include "openapi_parts.h"

static void
put_argument(json_t *parameters, const char *name, const char *about, bool required,
	     const char *const *choices)
{
	json_t *schema = openapi_must(json_pack("{s:s}", "type", "string")), *list;

	if (choices != NULL) {
		list = openapi_must(json_array());
		for (; *choices != NULL; choices++)
			openapi_add(list, json_string(*choices));
		openapi_set(schema, "enum", list);
	}
	openapi_add(parameters, json_pack("{s:s, s:s, s:s, s:b, s:o}", "name", name, "in", "query",
		"description", about, "required", (int)required, "schema", schema));
}

static void
put_flag(json_t *parameters, const char *name, const char *about, bool fallback)
{
	openapi_add(parameters, json_pack("{s:s, s:s, s:s, s:{s:s, s:b}}", "name", name, "in",
		"query", "description", about, "schema", "type", "boolean", "default",
		(int)fallback));
}

static void
put_clauses(const struct ledger *l, json_t *parameters)
{
	static const char *const chapters[] = { "1", "2", "3", "4", "5", "6", "7", "別表", "別紙",
		NULL };

	openapi_put_format(l, parameters);
	put_argument(parameters, "chapter", "Only of this chapter.", false, chapters);
	put_argument(parameters, "clause", "Only those that begin like this.", false, NULL);
	put_argument(parameters, "q", "Part of a number or title.", false, NULL);
}

static void
put_rules(const struct ledger *l, json_t *parameters)
{
	static const char *const modes[] = { "R", "G", "F", NULL };
	static const char *const severities[] = { "error", "warning", "info", NULL };

	openapi_put_format(l, parameters);
	put_argument(parameters, "family", "REG, CLS …", false, NULL);
	put_argument(parameters, "ledger", "Table that is judged.", false, NULL);
	put_argument(parameters, "mode", "R refuses, G gates, F reports.", false, modes);
	put_argument(parameters, "severity", "How grave it is.", false, severities);
}

static void
put_transfer(const struct ledger *l, json_t *parameters)
{
	static const char *const levels[] = { "1", "2", "3", "4", NULL };
	static const char *const means[] = { "mail", "cloud_share", "file_transfer", "media",
		NULL };
	static const char *const destinations[] = { "internal", "other_institution", "outside",
		NULL };

	(void)l;
	put_argument(parameters, "confidentiality", "機密性 of what is sent.", true, levels);
	put_argument(parameters, "means", "How: mail, sharing in a cloud service, a file transfer "
		     "application, carried on a medium.", true, means);
	put_argument(parameters, "destination", "To whom: within the 機関, another 機関, outside.",
		     true, destinations);
	put_argument(parameters, "service", "asset_no of the cloud service, in place of the three "
		     "below.", false, NULL);
	put_flag(parameters, "core_service", "A core service of Microsoft 365 or Google Workspace "
		 "(with cloud_share).", false);
	put_flag(parameters, "trusted_service", "A service that can be trusted, 3.1(2)④(b)ウ.",
		 false);
	put_flag(parameters, "approved", "It has the 利用承認 of the 機関CISO, 4.1(2)②(g).", true);
}

static json_t *
clauses_answer(const struct ledger *l)
{
	(void)l;
	return openapi_table("ClauseList");
}

static json_t *
rules_answer(const struct ledger *l)
{
	(void)l;
	return openapi_table("RuleList");
}

static json_t *
clause_answer(const struct ledger *l)
{
	(void)l;
	return openapi_fixed("ClauseWhole");
}

static json_t *
transfer_answer(const struct ledger *l)
{
	(void)l;
	return openapi_fixed("Transfer");
}

static const struct operation operations[] = {
	{ .run = clauses_list, .status = 200, .done = "The clauses, in printed order.",
	  .headers = { "Content-Disposition" }, .parameters = put_clauses,
	  .answer = clauses_answer },
	{ .run = clauses_get, .status = 200,
	  .done = "The clause with its edition, what stands below it, and its rules.",
	  .refuses = { 404 }, .answer = clause_answer },
	{ .run = rules_list, .status = 200, .done = "The rules.",
	  .headers = { "Content-Disposition" }, .parameters = put_rules, .answer = rules_answer },
	{ .run = transfer_check, .status = 200, .done = "The verdict.",
	  .note = "A cloud service of which nothing is said is neither ※ nor one that can be "
		"trusted, and has its 利用承認.",
	  .parameters = put_transfer, .answer = transfer_answer },
};

const struct operation *
openapi_describe_standard(const struct route *r)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(operations); i++)
		if (operations[i].run == r->run)
			return &operations[i];
	return NULL;
}
