/* システム構成カタログ: the columns of a version, once; its sections are declared in the workflow room. */
#include <ledger/field.h>
#include "every.h"

static const struct choice status_choices[] = {
	{ "draft", "作成中" },
	{ "submitted", "機関CISOへ提出済み" },
	{ "superseded", "旧版" },
	{ NULL, NULL },
};

static const struct field fields[] = {
	{ .name = "catalogue_no", .label = "カタログ番号", .type = FT_TEXT, .max = 64,
		.flags = FF_KEY | FF_READONLY | FF_LIST },
	{ .name = "institution", .label = "機関", .clause = "2.1(2)②(a)", .type = FT_REF,
		.ref = LEDGER_INSTITUTION, .flags = FF_READONLY | FF_LIST },
	{ .name = "asset", .label = "重要サーバ", .clause = "2.1(2)⑧(e)", .type = FT_REF,
		.ref = LEDGER_ASSET, .flags = FF_READONLY | FF_LIST },
	{ .name = "version_no", .label = "カタログの版", .clause = "2.1(2)⑧(e)", .type = FT_INT,
		.min = 1, .max = 2147483647, .flags = FF_READONLY | FF_LIST },
	{ .name = "status", .label = "カタログの状態", .clause = "2.1(2)⑧(e)", .type = FT_ENUM,
		.choices = status_choices, .flags = FF_READONLY | FF_LIST },
	{ .name = "based_on", .label = "元にした版", .type = FT_TEXT, .max = 64,
		.flags = FF_READONLY },
	{ .name = "submitted_by", .label = "提出した重要サーバ管理者", .clause = "2.1(2)⑧(e)",
		.type = FT_REF, .ref = LEDGER_PERSON, .flags = FF_READONLY | FF_LIST },
	{ .name = "submitted_at", .label = "提出日時", .clause = "2.1(2)⑧(e)", .type = FT_STAMP,
		.flags = FF_READONLY | FF_LATE | FF_LIST },
	{ .name = "csirt_visible_at", .label = "CSIRT閲覧可能となった日時",
		.clause = "2.1(2)⑧(e)", .type = FT_STAMP, .flags = FF_READONLY | FF_LATE },
	{ .name = "hardware", .label = "機器構成", .clause = "2.1(2)⑧(e)", .type = FT_JSON,
		.flags = FF_READONLY | FF_ARRAY },
	{ .name = "services", .label = "提供サービス・開放ポート", .clause = "2.1(2)⑧(e), 6.4(2)①",
		.type = FT_JSON, .flags = FF_READONLY | FF_ARRAY },
	{ .name = "network", .label = "ネットワーク構成", .clause = "2.1(2)⑧(e), 6.8(2)",
		.type = FT_JSON, .flags = FF_READONLY | FF_ARRAY },
	{ .name = "accounts", .label = "管理者権限を持つ識別コードの一覧", .clause = "7.1.3(2)②",
		.type = FT_JSON, .flags = FF_READONLY | FF_ARRAY },
	{ .name = "data_held", .label = "保存する情報と格付け", .clause = "2.2(2)②",
		.type = FT_JSON, .flags = FF_READONLY | FF_ARRAY },
	{ .name = "maintenance_vendor", .label = "保守請負業者", .clause = "2.1(2)⑧(f)",
		.type = FT_JSON, .flags = FF_READONLY | FF_ARRAY },
	{ .name = "note", .label = "備考", .type = FT_TEXT, .max = 4000,
		.flags = FF_READONLY | FF_LINES },
	FIELDS_OF_EVERY_LEDGER,
};

const struct ledger ledger_catalogue = {
	.id = LEDGER_CATALOGUE,
	.path = "catalogues",
	.table = "system_catalogue",
	.label = "システム構成カタログ",
	.singular = "Catalogue",
	.key = "catalogue_no",
	.scope = "institution",
	.note = "システム構成カタログ: versions of how an important server is built (2.1(2)⑧(e)).",
	.fields = fields,
	.count = ARRAY_SIZE(fields),
};

_Static_assert(ARRAY_SIZE(fields) <= FIELDS_MAX, "room in the masks of a row");
