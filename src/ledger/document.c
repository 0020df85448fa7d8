/* マニュアル・実施手順等: the columns, once. */
#include <ledger/field.h>
#include "every.h"

static const struct choice kind_choices[] = {
	{ "procedure", "情報セキュリティ実施手順" },
	{ "c3_manual", "機密性3以上の取扱マニュアル" },
	{ "media_manual", "外部電磁的記録媒体マニュアル" },
	{ "system_manual", "利用者向けマニュアル" },
	{ "telework", "テレワーク実施手順・確認項目" },
	{ "incident_report", "報告手順" },
	{ "log_manual", "ログのマニュアル" },
	{ "netdev_procedure", "ネットワーク装置の実施手順" },
	{ "infra_level", "基盤ソフトの水準維持手順" },
	{ "infra_incident", "基盤ソフトのインシデント対処手順" },
	{ "crypto", "暗号の実施手順" },
	{ "cloud_manual", "クラウド選定・利用マニュアル" },
	{ "sns_procedure", "ソーシャルメディア運用手順" },
	{ "zta_policy", "アクセス制御ポリシー" },
	{ "iot_guideline", "特定用途機器利用ガイドライン" },
	{ "bcp", "事業継続計画" },
	{ "other", "その他" },
	{ NULL, NULL },
};

static const struct field fields[] = {
	{ .name = "document_no", .label = "文書番号", .type = FT_TEXT, .max = 64,
		.flags = FF_KEY | FF_READONLY | FF_LIST | FF_MATCH | FF_SEARCH },
	{ .name = "institution", .label = "機関", .clause = "2.3(2)④", .type = FT_REF,
		.ref = LEDGER_INSTITUTION, .flags = FF_REQUIRED | FF_OWNER | FF_FIXED },
	{ .name = "unit", .label = "部署", .clause = "2.1(2)⑦(c)", .type = FT_REF,
		.ref = LEDGER_UNIT, .flags = FF_LIST, .when = "kind = 'c3_manual'" },
	{ .name = "asset", .label = "対象資産", .clause = "2.1(2)⑧(b)", .type = FT_REF,
		.ref = LEDGER_ASSET },
	{ .name = "kind", .label = "種類", .clause = "2.3(2)④", .type = FT_ENUM,
		.choices = kind_choices, .flags = FF_REQUIRED | FF_LIST },
	{ .name = "title", .label = "題名", .clause = "2.3(2)④", .type = FT_TEXT, .max = 200,
		.flags = FF_REQUIRED | FF_LIST | FF_SEARCH | FF_MATCH },
	{ .name = "url", .label = "所在", .clause = "4.1(2)①(a)", .type = FT_TEXT, .max = 1000,
		.flags = FF_REQUIRED | FF_SEARCH },
	{ .name = "owner", .label = "整備責任者", .clause = "2.1(2)④(c), ⑧(b)", .type = FT_REF,
		.ref = LEDGER_PERSON, .flags = FF_REQUIRED | FF_LIST },
	{ .name = "reviewed_on", .label = "最終見直し日", .clause = "2.3(2)④", .type = FT_DATE,
		.flags = FF_REQUIRED | FF_LIST },
	{ .name = "announced_on", .label = "周知日", .clause = "4.1(2)①(a)", .type = FT_DATE },
	FIELDS_OF_EVERY_LEDGER,
};

const struct ledger ledger_document = {
	.id = LEDGER_DOCUMENT,
	.path = "documents",
	.table = "document",
	.label = "マニュアル・実施手順等",
	.singular = "Document",
	.key = "document_no",
	.scope = "institution",
	.violations = "document_violation_r",
	.note = "マニュアル・実施手順等: procedures, whether they exist and how old they are.",
	.fields = fields,
	.count = ARRAY_SIZE(fields),
};

_Static_assert(ARRAY_SIZE(fields) <= FIELDS_MAX, "room in the masks of a row");
