/* 使用者（個人・グループ）: the columns, once. */
#include <ledger/field.h>
#include "every.h"

static const struct field fields[] = {
	{ .name = "user_no", .label = "使用者番号", .type = FT_TEXT, .max = 64,
		.flags = FF_KEY | FF_READONLY | FF_LIST | FF_MATCH },
	{ .name = "institution", .label = "機関", .clause = "2.1(2)④(f)",
		.type = FT_REF, .ref = LEDGER_INSTITUTION,
		.flags = FF_REQUIRED | FF_OWNER | FF_FIXED },
	{ .name = "asset", .label = "情報資産", .clause = "2.1(2)④(g)",
		.type = FT_REF, .ref = LEDGER_ASSET, .flags = FF_REQUIRED | FF_LIST },
	{ .name = "person", .label = "使用者", .clause = "2.1(2)④(g)",
		.type = FT_REF, .ref = LEDGER_PERSON, .flags = FF_LIST,
		.when = "group_name IS NULL" },
	{ .name = "group_name", .label = "使用者グループ", .clause = "2.1(2)④(g)",
		.type = FT_TEXT, .max = 200, .flags = FF_LIST, .when = "person IS NULL" },
	{ .name = "is_primary", .label = "主たる使用者", .clause = "2.1(2)④(g)", .type = FT_BOOL },
	{ .name = "until_on", .label = "利用終了日", .clause = "7.1.1(2)②(b)", .type = FT_DATE },
	FIELDS_OF_EVERY_LEDGER,
};

const struct ledger ledger_asset_user = {
	.id = LEDGER_ASSET_USER,
	.path = "asset-users",
	.table = "asset_user",
	.label = "使用者（個人・グループ）",
	.singular = "AssetUser",
	.key = "user_no",
	.scope = "institution",
	.attached = true,
	.note = "Users of an asset, one by one.",
	.fields = fields,
	.count = ARRAY_SIZE(fields),
};

_Static_assert(ARRAY_SIZE(fields) <= FIELDS_MAX, "room in the masks of a row");
