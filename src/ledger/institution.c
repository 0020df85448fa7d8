/* 機関: the columns, once. */
#include <ledger/field.h>
#include "every.h"

static const struct choice permits_choices[] = {
	{ "major", "新しい製品とメジャーバージョンの変更" },
	{ "every", "すべての版" },
	{ NULL, NULL },
};

static const struct field fields[] = {
	{ .name = "code", .label = "機関コード", .clause = "2.1(2)⑬(b)",
		.type = FT_TEXT, .max = 64, .format = FORMAT_CODE,
		.flags = FF_KEY | FF_REQUIRED | FF_FIXED | FF_LIST | FF_SEARCH | FF_MATCH },
	{ .name = "name_ja", .label = "機関名", .clause = "2.1(2)⑬(b)", .type = FT_TEXT, .max = 200,
		.flags = FF_REQUIRED | FF_LIST | FF_SEARCH },
	{ .name = "incident_desk_name", .label = "機関統一窓口", .clause = "2.1(2)⑬(b)(c)",
		.type = FT_TEXT, .max = 200, .flags = FF_REQUIRED },
	{ .name = "incident_desk_contact", .label = "機関統一窓口の連絡先", .clause = "2.1(2)⑬(c)",
		.type = FT_TEXT, .max = 1000, .flags = FF_REQUIRED | FF_LINES },
	{ .name = "external_desk_name", .label = "外部通報窓口", .clause = "2.1(2)⑬(b)",
		.type = FT_TEXT, .max = 200, .flags = FF_REQUIRED },
	{ .name = "external_desk_contact", .label = "外部通報窓口の連絡先", .clause = "2.1(2)⑬(d)",
		.type = FT_TEXT, .max = 1000, .flags = FF_REQUIRED | FF_LINES },
	{ .name = "external_desk_url", .label = "外部通報窓口の公表URL", .clause = "3.3(2)①(c)",
		.type = FT_TEXT, .max = 200, .format = FORMAT_URL },
	{ .name = "support_desk", .label = "技術相談窓口", .clause = "2.1(2)⑧(i)",
		.type = FT_TEXT, .max = 1000, .flags = FF_LINES },
	{ .name = "consult_desk", .label = "日常の相談窓口", .clause = "2.1(2)⑭(a)",
		.type = FT_TEXT, .max = 1000, .flags = FF_LINES },
	{ .name = "min_log_days_other", .fallback = "30", .label = "その他の機器のログ保存日数（機関CISOが別途定める値）",
		.clause = "7.1.4(2)②(d)",
		.type = FT_INT, .max = 100000, .flags = FF_REQUIRED },
	{ .name = "software_permits", .fallback = "major",
		.label = "重要サーバでインストール許可を要するソフトウェア", .clause = "2.1(2)⑧(f)",
		.type = FT_ENUM, .choices = permits_choices, .flags = FF_REQUIRED },
	{ .name = "active", .fallback = "true", .label = "有効", .type = FT_BOOL },
	{ .name = "head_office", .fallback = "false", .label = "事務局等",
		.clause = "2.1(2)①, ⑥(h)", .type = FT_BOOL },
	FIELDS_OF_EVERY_LEDGER,
};

const struct ledger ledger_institution = {
	.id = LEDGER_INSTITUTION,
	.path = "institutions",
	.table = "institution",
	.label = "機関",
	.singular = "Institution",
	.key = "code",
	.scope = "code",
	.note = "One row per 機関 (2.1(2)⑬(b)).",
	.fields = fields,
	.count = ARRAY_SIZE(fields),
};

_Static_assert(ARRAY_SIZE(fields) <= FIELDS_MAX, "room in the masks of a row");
