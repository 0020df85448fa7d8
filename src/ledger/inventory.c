/* 棚卸し: the columns of a campaign, once. */
#include <ledger/field.h>
#include "every.h"

static const struct choice ledgers_choices[] = {
	{ "assets", "情報資産台帳" },
	{ "media", "外部電磁的記録媒体管理台帳" },
	{ NULL, NULL },
};

static const struct field fields[] = {
	{ .name = "inventory_no", .label = "棚卸し番号", .type = FT_TEXT, .max = 64,
		.flags = FF_KEY | FF_READONLY | FF_LIST | FF_MATCH },
	{ .name = "institution", .label = "機関", .clause = "2.1(2)④(f)", .type = FT_REF,
		.ref = LEDGER_INSTITUTION, .flags = FF_REQUIRED | FF_OWNER | FF_FIXED | FF_LIST },
	{ .name = "fiscal_year", .label = "年度", .clause = "2.2(1)", .type = FT_INT, .min = 2000,
		.max = 2200, .flags = FF_FIXED | FF_LIST },
	{ .name = "title", .label = "件名", .type = FT_TEXT, .max = 200,
		.flags = FF_REQUIRED | FF_LIST },
	{ .name = "ledgers", .label = "対象の台帳", .clause = "2.1(2)④(f)", .type = FT_ENUMS,
		.choices = ledgers_choices, .flags = FF_FIXED | FF_LIST },
	{ .name = "opens_on", .label = "開始日", .type = FT_DATE,
		.flags = FF_REQUIRED | FF_FIXED | FF_LIST },
	{ .name = "closes_on", .label = "期限", .type = FT_DATE, .flags = FF_REQUIRED | FF_LIST },
	{ .name = "closed_on", .label = "締切日", .type = FT_DATE,
		.flags = FF_READONLY | FF_LIST },
	FIELDS_OF_EVERY_LEDGER,
};

const struct ledger ledger_inventory = {
	.id = LEDGER_INVENTORY,
	.path = "inventories",
	.table = "inventory",
	.label = "棚卸し",
	.singular = "Inventory",
	.key = "inventory_no",
	.scope = "institution",
	.note = "棚卸し: a campaign in which everybody confirms the own rows (2.2(1)).",
	.fields = fields,
	.count = ARRAY_SIZE(fields),
};

_Static_assert(ARRAY_SIZE(fields) <= FIELDS_MAX, "room in the masks of a row");
