/* 格付けの段階: the scales of the three axes (2.2(2)②): the columns, once. */
#include <ledger/field.h>
#include "asset_choices.h"
#include "every.h"

static const struct choice axis_choices[] = {
	{ "confidentiality", "機密性" },
	{ "integrity", "完全性" },
	{ "availability", "可用性" },
	{ NULL, NULL },
};

static const struct field fields[] = {
	{ .name = "level_no", .label = "段階番号", .type = FT_TEXT, .max = 130,
		.flags = FF_KEY | FF_READONLY | FF_LIST | FF_MATCH,
		.hint = "hoshi:confidentiality-3" },
	{ .name = "institution", .label = "機関", .clause = "2.1(2)②(a)",
		.type = FT_REF, .ref = LEDGER_INSTITUTION,
		.flags = FF_REQUIRED | FF_OWNER | FF_FIXED | FF_LIST },
	{ .name = "axis", .label = "観点", .clause = "2.2(2)②", .type = FT_ENUM,
		.choices = axis_choices, .flags = FF_REQUIRED | FF_FIXED | FF_LIST },
	{ .name = "level", .label = "段階", .clause = "2.2(2)②", .type = FT_INT, .min = 1, .max = 4,
		.flags = FF_REQUIRED | FF_FIXED | FF_LIST },
	{ .name = "label_ja", .label = "名称", .clause = "2.2(2)②", .type = FT_TEXT, .max = 100,
		.flags = FF_REQUIRED | FF_LIST },
	{ .name = "criteria_ja", .label = "分類基準", .clause = "2.2(2)②", .type = FT_TEXT,
		.max = 2000, .flags = FF_LINES },
	{ .name = "restrictions", .label = "取扱制限", .clause = "2.2(2)②表", .type = FT_ENUMS,
		.choices = handling_restrictions_choices, .when = "axis = 'confidentiality'" },
	FIELDS_OF_EVERY_LEDGER,
};

const struct ledger ledger_rating_level = {
	.id = LEDGER_RATING_LEVEL,
	.path = "rating-levels",
	.table = "rating_level",
	.label = "格付けの段階",
	.singular = "RatingLevel",
	.key = "level_no",
	.scope = "institution",
	.common = true,
	.note = "Scales of the rating; a row of a 機関 overrides the default.",
	.fields = fields,
	.count = ARRAY_SIZE(fields),
};

_Static_assert(ARRAY_SIZE(fields) <= FIELDS_MAX, "room in the masks of a row");
