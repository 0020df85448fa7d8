/* 役職員等・関係者: the columns, once. */
#include <ledger/field.h>
#include "every.h"

static const struct choice person_kind_choices[] = {
	{ "officer", "役員" },
	{ "employee", "職員（直接雇用）" },
	{ "joint_researcher", "共同研究・受託研究者" },
	{ "student", "学生等" },
	{ "contractor", "委託先（役職員等でない）" },
	{ NULL, NULL },
};

static const struct field fields[] = {
	{ .name = "login", .label = "識別コード", .clause = "4.1(2)④(a), 7.1.1(2)②(a)",
		.type = FT_TEXT, .max = 64, .format = FORMAT_LOGIN,
		.flags = FF_KEY | FF_REQUIRED | FF_FIXED | FF_LIST | FF_SEARCH | FF_MATCH,
		.hint = "yamada" },
	{ .name = "institution", .label = "機関", .clause = "2.1(2)②(a)",
		.type = FT_REF, .ref = LEDGER_INSTITUTION,
		.flags = FF_REQUIRED | FF_OWNER | FF_FIXED },
	{ .name = "name_ja", .label = "氏名", .clause = "2.1(2)④(g)(h)",
		.type = FT_TEXT, .max = 200, .flags = FF_REQUIRED | FF_LIST | FF_SEARCH },
	{ .name = "name_kana", .label = "フリガナ", .type = FT_TEXT, .max = 200, .flags = FF_SEARCH },
	{ .name = "email", .label = "メールアドレス（機関付与）", .clause = "4.1(2)③(b)",
		.type = FT_TEXT, .max = 200, .format = FORMAT_MAIL,
		.flags = FF_REQUIRED | FF_SEARCH, .hint = "yamada@example.ac.jp" },
	{ .name = "phone", .label = "電話番号", .clause = "2.1(2)③, ④(d)",
		.type = FT_TEXT, .max = 200, .flags = FF_SEARCH,
		.when = "EXISTS (SELECT FROM emergency_contact e WHERE e.person = login)" },
	{ .name = "unit", .label = "所属", .clause = "2.1(2)⑦(a)",
		.type = FT_REF, .ref = LEDGER_UNIT, .flags = FF_REQUIRED | FF_LIST },
	{ .name = "person_kind", .label = "身分", .clause = "別紙「役職員等」",
		.type = FT_ENUM, .choices = person_kind_choices, .flags = FF_REQUIRED | FF_LIST },
	{ .name = "active", .fallback = "true", .label = "在籍",
		.clause = "7.1.1(2)②(b)", .type = FT_BOOL,
		.flags = FF_LIST },
	{ .name = "left_on", .label = "退職日", .clause = "7.1.1(2)②(b), 6.11(2)①(d)",
		.type = FT_DATE, .when = "NOT active" },
	{ .name = "moved_on", .label = "異動日", .clause = "6.11(2)①(d)", .type = FT_DATE },
	{ .name = "specialised_training_on", .label = "専門的教育の最終受講日",
		.clause = "2.4(2)②(b)",
		.type = FT_DATE },
	FIELDS_OF_EVERY_LEDGER,
};

const struct ledger ledger_person = {
	.id = LEDGER_PERSON,
	.path = "persons",
	.table = "person",
	.label = "役職員等・関係者",
	.singular = "Person",
	.key = "login",
	.scope = "institution",
	.note = "People whom the ledgers name.",
	.fields = fields,
	.count = ARRAY_SIZE(fields),
};

_Static_assert(ARRAY_SIZE(fields) <= FIELDS_MAX, "room in the masks of a row");
