/* 抹消・廃棄記録: the columns, once. */
#include <ledger/field.h>
#include "every.h"

static const struct choice method_choices[] = {
	{ "overwrite", "上書き消去" },
	{ "crypto_erase", "暗号化消去" },
	{ "secure_erase", "装置の消去機能" },
	{ "degauss", "磁気消去" },
	{ "destroy", "物理破壊" },
	{ "provider", "事業者による抹消" },
	{ NULL, NULL },
};

static const struct field fields[] = {
	{ .name = "disposal_no", .label = "記録番号", .type = FT_TEXT, .max = 64,
		.flags = FF_KEY | FF_READONLY | FF_LIST | FF_MATCH },
	{ .name = "institution", .label = "機関", .clause = "3.1(2)⑤(b)", .type = FT_REF,
		.ref = LEDGER_INSTITUTION, .flags = FF_REQUIRED | FF_OWNER | FF_FIXED },
	{ .name = "asset", .label = "資産", .clause = "6.1.1(2)⑤, 6.2(2)③", .type = FT_REF,
		.ref = LEDGER_ASSET, .flags = FF_LIST | FF_FIXED, .when = "medium IS NULL" },
	{ .name = "medium", .label = "媒体", .clause = "3.1(2)⑤(b)", .type = FT_REF,
		.ref = LEDGER_MEDIA, .flags = FF_LIST | FF_FIXED, .when = "asset IS NULL" },
	{ .name = "method", .label = "抹消方法", .clause = "3.1(2)⑤(b), 6.11(2)⑤(a)",
		.type = FT_ENUM, .choices = method_choices, .flags = FF_REQUIRED | FF_LIST },
	{ .name = "sanitised_on", .label = "抹消日", .clause = "3.1(2)⑤(b)", .type = FT_DATE,
		.flags = FF_REQUIRED | FF_LIST },
	{ .name = "sanitised_by", .label = "実施者", .clause = "3.1(2)⑤(b)", .type = FT_TEXT,
		.max = 200, .flags = FF_REQUIRED | FF_LIST },
	{ .name = "witness", .label = "立会者", .clause = "3.1(2)⑤(b)", .type = FT_TEXT,
		.max = 200, .flags = FF_LIST },
	{ .name = "confirmed_by", .label = "確認者（情報システム管理者）", .clause = "6.2(2)③",
		.type = FT_REF, .ref = LEDGER_PERSON, .flags = FF_REQUIRED | FF_LIST },
	{ .name = "certificate_name", .label = "消去ログ・破壊証明書", .clause = "6.11(2)⑤(b)",
		.type = FT_TEXT, .max = 200 },
	{ .name = "certificate_sha256", .label = "証明のSHA-256", .clause = "6.11(2)⑤(b)",
		.type = FT_TEXT, .max = 64, .format = FORMAT_SHA256 },
	{ .name = "certificate_keep_until", .label = "証明の保管期限", .clause = "6.11(2)⑤(b)",
		.type = FT_DATE },
	{ .name = "reuse", .label = "再利用・返却先", .clause = "6.9(2)③", .type = FT_TEXT,
		.max = 200 },
	{ .name = "disposed_on", .label = "廃棄・搬出日", .clause = "6.2(2)③", .type = FT_DATE,
		.flags = FF_LIST },
	FIELDS_OF_EVERY_LEDGER,
};

const struct ledger ledger_disposal = {
	.id = LEDGER_DISPOSAL,
	.path = "disposals",
	.table = "disposal_record",
	.label = "抹消・廃棄記録",
	.singular = "Disposal",
	.key = "disposal_no",
	.scope = "institution",
	.attached = true,
	.violations = "disposal_violation_r",
	.obstacles = "disposal_record_obstacles",
	.note = "抹消・廃棄記録: how, when and by whom an asset or a medium was sanitised (3.1(2)⑤(b)).",
	.fields = fields,
	.count = ARRAY_SIZE(fields),
};

_Static_assert(ARRAY_SIZE(fields) <= FIELDS_MAX, "room in the masks of a row");
