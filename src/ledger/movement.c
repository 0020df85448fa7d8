/* 持出・貸出・運搬記録: the columns, once. */
#include <ledger/field.h>
#include "every.h"

static const struct choice kind_choices[] = {
	{ "take_out", "要管理対策区域外への持出" },
	{ "lend", "貸出" },
	{ "transport", "運搬" },
	{ "provide", "提供" },
	{ NULL, NULL },
};

static const struct choice confidentiality_choices[] = {
	{ "1", "機密性1" },
	{ "2", "機密性2" },
	{ "3", "機密性3" },
	{ "4", "機密性4" },
	{ NULL, NULL },
};

static const struct field fields[] = {
	{ .name = "movement_no", .label = "記録番号", .type = FT_TEXT, .max = 64,
		.flags = FF_KEY | FF_READONLY | FF_LIST | FF_MATCH },
	{ .name = "institution", .label = "機関", .clause = "4.1(2)②(f)", .type = FT_REF,
		.ref = LEDGER_INSTITUTION, .flags = FF_REQUIRED | FF_OWNER | FF_FIXED },
	{ .name = "medium", .label = "媒体", .clause = "4.1(2)②(f)", .type = FT_REF,
		.ref = LEDGER_MEDIA, .flags = FF_LIST | FF_FIXED | FF_MATCH,
		.when = "asset IS NULL" },
	{ .name = "asset", .label = "機器（可搬）", .clause = "3.1(2)④(a)", .type = FT_REF,
		.ref = LEDGER_ASSET, .flags = FF_LIST | FF_FIXED, .when = "medium IS NULL" },
	{ .name = "kind", .label = "区分", .clause = "3.1(2)④(a), 4.1(2)②(f)", .type = FT_ENUM,
		.choices = kind_choices, .flags = FF_REQUIRED | FF_LIST | FF_FIXED },
	{ .name = "person", .label = "持出者", .clause = "4.1(2)②(f)", .type = FT_REF,
		.ref = LEDGER_PERSON, .flags = FF_REQUIRED | FF_LIST | FF_FIXED },
	{ .name = "destination", .label = "持出先", .clause = "3.1(2)④(a)", .type = FT_TEXT,
		.max = 200, .flags = FF_REQUIRED | FF_LIST | FF_FIXED },
	{ .name = "purpose", .label = "目的", .clause = "3.1(2)②(a)", .type = FT_TEXT,
		.max = 1000, .flags = FF_REQUIRED | FF_FIXED },
	{ .name = "confidentiality", .label = "持ち出す情報の機密性", .clause = "3.1(2)④(a)",
		.type = FT_LEVEL, .choices = confidentiality_choices,
		.flags = FF_REQUIRED | FF_LIST | FF_FIXED },
	{ .name = "encrypted", .label = "暗号化", .clause = "3.1(2)②(d), ④(a)",
		.type = FT_BOOL, .flags = FF_REQUIRED | FF_FIXED },
	{ .name = "safety_measures", .label = "安全確保の措置", .clause = "3.1(2)②(a), ④(a)",
		.type = FT_TEXT, .max = 1000, .flags = FF_LINES | FF_FIXED,
		.when = "confidentiality = 4" },
	{ .name = "request", .label = "持出許可", .clause = "4.1(2)②(f)", .type = FT_TEXT,
		.max = 64, .flags = FF_FIXED, .when = "confidentiality = 4" },
	{ .name = "after_the_fact", .label = "事後記録", .clause = "3.3(2)②(a)",
		.type = FT_BOOL, .flags = FF_READONLY | FF_LIST },
	{ .name = "out_at", .label = "持出日時", .type = FT_STAMP,
		.flags = FF_REQUIRED | FF_LIST | FF_FIXED },
	{ .name = "due_at", .label = "返却予定", .clause = "4.1(2)②(f)", .type = FT_STAMP,
		.flags = FF_REQUIRED | FF_LIST | FF_FIXED },
	{ .name = "returned_at", .label = "返却日時", .type = FT_STAMP,
		.flags = FF_READONLY | FF_LATE | FF_LIST },
	{ .name = "erased_on", .label = "持出後の情報の消去日", .clause = "3.1(2)⑤(a)",
		.type = FT_DATE, .flags = FF_READONLY | FF_LIST },
	{ .name = "return_note", .label = "返却時の備考", .type = FT_TEXT, .max = 1000,
		.flags = FF_READONLY | FF_LINES },
	FIELDS_OF_EVERY_LEDGER,
};

static const struct day_filter filters[] = {
	{ "open_on", "Movements that had begun and not ended at the end of this day (today: now).",
		"movement_open_on(media_movement, ", ")" },
	{ "overdue_on", "Those of them that were overdue.",
		"movement_overdue_on(media_movement, ", ")" },
	{ NULL, NULL, NULL, NULL },
};

const struct ledger ledger_movement = {
	.id = LEDGER_MOVEMENT,
	.path = "movements",
	.table = "media_movement",
	.label = "持出・貸出・運搬記録",
	.singular = "Movement",
	.key = "movement_no",
	.scope = "institution",
	.attached = true,
	.violations = "movement_violation_r",
	.obstacles = "movement_obstacles",
	.filters = filters,
	.note = "持出・貸出・運搬記録: where a medium or a portable asset was taken, and when it came back.",
	.fields = fields,
	.count = ARRAY_SIZE(fields),
};

_Static_assert(ARRAY_SIZE(fields) <= FIELDS_MAX, "room in the masks of a row");
