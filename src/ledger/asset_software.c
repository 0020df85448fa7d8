/* 導入ソフトウェア: the columns, once. */
#include <ledger/field.h>
#include "every.h"

static const struct field fields[] = {
	{ .name = "software_no", .label = "導入番号", .type = FT_TEXT, .max = 64,
		.flags = FF_KEY | FF_READONLY | FF_LIST | FF_MATCH | FF_SEARCH },
	{ .name = "institution", .label = "機関", .clause = "7.2.1(2)③", .type = FT_REF,
		.ref = LEDGER_INSTITUTION, .flags = FF_REQUIRED | FF_OWNER | FF_FIXED },
	{ .name = "asset", .label = "資産", .clause = "7.2.1(2)③", .type = FT_REF,
		.ref = LEDGER_ASSET, .flags = FF_REQUIRED | FF_LIST },
	{ .name = "software_name", .label = "ソフトウェア名", .clause = "7.2.1(2)③",
		.type = FT_TEXT, .max = 200, .flags = FF_REQUIRED | FF_LIST | FF_SEARCH },
	{ .name = "version", .label = "バージョン", .clause = "7.2.1(2)③", .type = FT_TEXT,
		.max = 200, .flags = FF_LIST | FF_SEARCH, .when = "true" },
	{ .name = "installed_on", .label = "導入日", .clause = "2.1(2)⑧(f)", .type = FT_DATE,
		.flags = FF_LIST },
	FIELDS_OF_EVERY_LEDGER,
};

const struct ledger ledger_asset_software = {
	.id = LEDGER_ASSET_SOFTWARE,
	.path = "asset-software",
	.table = "asset_software",
	.label = "導入ソフトウェア",
	.singular = "AssetSoftware",
	.key = "software_no",
	.scope = "institution",
	.attached = true,
	.violations = "software_violation_r",
	.note = "導入ソフトウェア: what is installed on an asset.",
	.fields = fields,
	.count = ARRAY_SIZE(fields),
};

_Static_assert(ARRAY_SIZE(fields) <= FIELDS_MAX, "room in the masks of a row");
