/* 部局・課室・研究グループ: the columns, once. */
#include <ledger/field.h>
#include "every.h"

static const struct choice unit_kind_choices[] = {
	{ "department", "部局" },
	{ "section", "課室" },
	{ "lab", "研究グループ" },
	{ "hosted_lab", "他機関施設内の研究室等" },
	{ NULL, NULL },
};

static const struct field fields[] = {
	{ .name = "code", .label = "組織コード", .type = FT_TEXT, .max = 64, .format = FORMAT_CODE,
		.flags = FF_KEY | FF_REQUIRED | FF_FIXED | FF_LIST | FF_SEARCH | FF_MATCH },
	{ .name = "institution", .label = "機関", .clause = "2.1(2)⑬(b)",
		.type = FT_REF, .ref = LEDGER_INSTITUTION,
		.flags = FF_REQUIRED | FF_OWNER | FF_FIXED },
	{ .name = "parent", .label = "上位組織", .clause = "2.1(2)⑦(a)",
		.type = FT_REF, .ref = LEDGER_UNIT, .flags = FF_LIST },
	{ .name = "name_ja", .label = "組織名", .clause = "2.1(2)⑦(a)", .type = FT_TEXT, .max = 200,
		.flags = FF_REQUIRED | FF_LIST | FF_SEARCH },
	{ .name = "unit_kind", .label = "組織区分", .clause = "2.1(2)⑦(a), ⑬(b)※",
		.type = FT_ENUM, .choices = unit_kind_choices, .flags = FF_REQUIRED | FF_LIST },
	{ .name = "desk_institution", .label = "窓口となる機関（施設所在機関）", .clause = "2.1(2)⑬(b)※",
		.type = FT_REF, .ref = LEDGER_INSTITUTION, .when = "unit_kind = 'hosted_lab'" },
	{ .name = "valid_from", .label = "設置日", .type = FT_DATE, .flags = FF_REQUIRED },
	{ .name = "valid_to", .label = "廃止日", .type = FT_DATE },
	FIELDS_OF_EVERY_LEDGER,
};

const struct ledger ledger_unit = {
	.id = LEDGER_UNIT,
	.path = "units",
	.table = "org_unit",
	.label = "部局・課室・研究グループ",
	.singular = "Unit",
	.key = "code",
	.scope = "institution",
	.note = "Departments, sections and groups: a tree below the 機関.",
	.fields = fields,
	.count = ARRAY_SIZE(fields),
};

_Static_assert(ARRAY_SIZE(fields) <= FIELDS_MAX, "room in the masks of a row");
