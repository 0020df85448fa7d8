/* 区域（要管理対策区域）: the columns, once. */
#include <ledger/field.h>
#include "every.h"

static const struct choice entry_control_choices[] = {
	{ "none", "なし" },
	{ "key", "鍵" },
	{ "card", "カード" },
	{ "biometric", "生体" },
	{ "manned", "有人" },
	{ NULL, NULL },
};

static const struct field fields[] = {
	{ .name = "code", .label = "区域コード", .type = FT_TEXT, .max = 64, .format = FORMAT_CODE,
		.flags = FF_KEY | FF_REQUIRED | FF_FIXED | FF_LIST | FF_SEARCH | FF_MATCH },
	{ .name = "institution", .label = "機関", .clause = "3.2(2)",
		.type = FT_REF, .ref = LEDGER_INSTITUTION,
		.flags = FF_REQUIRED | FF_OWNER | FF_FIXED },
	{ .name = "name_ja", .label = "区域名", .clause = "3.2(2)", .type = FT_TEXT, .max = 200,
		.flags = FF_REQUIRED | FF_LIST | FF_SEARCH },
	{ .name = "building", .label = "建物", .clause = "2.1(2)④(g)", .type = FT_TEXT, .max = 200,
		.flags = FF_REQUIRED | FF_LIST | FF_SEARCH },
	{ .name = "room", .label = "室", .clause = "2.1(2)④(g)", .type = FT_TEXT, .max = 200,
		.flags = FF_LIST | FF_SEARCH },
	{ .name = "is_controlled", .label = "要管理対策区域", .clause = "3.2(2)", .type = FT_BOOL,
		.flags = FF_REQUIRED | FF_LIST },
	{ .name = "identified_by", .label = "範囲を特定した情報システム管理者", .clause = "3.2(2)",
		.type = FT_REF, .ref = LEDGER_PERSON, .when = "is_controlled" },
	{ .name = "designated_by", .label = "定めた情報セキュリティ責任者", .clause = "3.2(2)",
		.type = FT_REF, .ref = LEDGER_PERSON, .when = "is_controlled" },
	{ .name = "designated_on", .label = "指定日", .clause = "3.2(2)", .type = FT_DATE,
		.when = "is_controlled" },
	{ .name = "leased", .label = "外部組織から借用している区域", .clause = "別紙「要管理対策区域」", .type = FT_BOOL },
	{ .name = "entry_control", .label = "入退管理", .clause = "3.2(2)",
		.type = FT_ENUM, .choices = entry_control_choices, .when = "is_controlled" },
	{ .name = "lockable_storage", .label = "施錠可能な保管庫", .clause = "2.2(2)②表 機密性3",
		.type = FT_BOOL },
	{ .name = "revoked_on", .label = "指定解除日", .clause = "3.2(2)", .type = FT_DATE },
	FIELDS_OF_EVERY_LEDGER,
};

const struct ledger ledger_area = {
	.id = LEDGER_AREA,
	.path = "areas",
	.table = "area",
	.label = "区域（要管理対策区域）",
	.singular = "Area",
	.key = "code",
	.scope = "institution",
	.violations = "area_violation_r",
	.obstacles = "area_obstacles",
	.note = "Areas, controlled or not (3.2(2)).",
	.fields = fields,
	.count = ARRAY_SIZE(fields),
};

_Static_assert(ARRAY_SIZE(fields) <= FIELDS_MAX, "room in the masks of a row");
