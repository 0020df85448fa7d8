/* 業務委託・保守契約: the columns, once. */
#include <ledger/field.h>
#include "every.h"

static const struct choice kind_choices[] = {
	{ "development", "開発・構築" },
	{ "operation", "運用" },
	{ "support", "業務運用支援" },
	{ "pm", "プロジェクト管理支援" },
	{ "research", "調査・研究" },
	{ "website", "ウェブサイト運用" },
	{ "maintenance", "保守" },
	{ "cloud", "クラウドサービス" },
	{ NULL, NULL },
};

static const struct choice confidentiality_choices[] = {
	{ "1", "機密性1" },
	{ "2", "機密性2" },
	{ "3", "機密性3" },
	{ "4", "機密性4" },
	{ NULL, NULL },
};

static const struct choice info_returned_choices[] = {
	{ "returned", "返却" },
	{ "erased", "抹消" },
	{ "disposed", "廃棄" },
	{ "not_yet", "未確認" },
	{ NULL, NULL },
};

static const struct field fields[] = {
	{ .name = "contract_no", .label = "契約番号", .type = FT_TEXT, .max = 64,
		.flags = FF_KEY | FF_READONLY | FF_LIST | FF_MATCH | FF_SEARCH },
	{ .name = "institution", .label = "機関", .clause = "5.1(2)①", .type = FT_REF,
		.ref = LEDGER_INSTITUTION, .flags = FF_REQUIRED | FF_OWNER | FF_FIXED },
	{ .name = "title", .label = "業務内容", .clause = "5.1(2)①", .type = FT_TEXT,
		.max = 200, .flags = FF_REQUIRED | FF_LIST | FF_SEARCH | FF_MATCH },
	{ .name = "contractor", .label = "委託先", .clause = "5.1(2)①", .type = FT_TEXT,
		.max = 200, .flags = FF_REQUIRED | FF_LIST | FF_SEARCH },
	{ .name = "kind", .label = "区分", .clause = "5.1(1)", .type = FT_ENUM,
		.choices = kind_choices, .flags = FF_REQUIRED | FF_LIST },
	{ .name = "confidentiality", .label = "取り扱う情報の機密性", .clause = "5.1(2)②",
		.type = FT_LEVEL, .choices = confidentiality_choices,
		.flags = FF_REQUIRED | FF_LIST },
	{ .name = "selection_criteria", .label = "選定条件を含む仕様", .clause = "5.1(2)①",
		.type = FT_BOOL, .when = "true" },
	{ .name = "nda", .label = "秘密保持契約（調査時）", .clause = "5.1(2)①",
		.type = FT_BOOL },
	{ .name = "supply_chain_checked", .label = "サプライチェーン仕様書追加要件",
		.clause = "5.1(2)④, 4.4(2)", .type = FT_BOOL, .when = "true" },
	{ .name = "incident_plan_heard_on", .label = "インシデント時の対応の聴取日",
		.clause = "5.1(2)②", .type = FT_DATE, .when = "confidentiality >= 2" },
	{ .name = "last_check_on", .label = "履行状況の確認日", .clause = "5.1(2)②",
		.type = FT_DATE, .when = "confidentiality >= 2" },
	{ .name = "starts_on", .label = "契約開始", .clause = "5.1(2)①", .type = FT_DATE,
		.flags = FF_REQUIRED | FF_LIST },
	{ .name = "ends_on", .label = "契約終了", .clause = "5.1(2)③", .type = FT_DATE,
		.flags = FF_REQUIRED | FF_LIST },
	{ .name = "closing_check_on", .label = "終了時の実施確認日", .clause = "5.1(2)③",
		.type = FT_DATE, .when = "ends_on < act_today()" },
	{ .name = "info_returned", .label = "情報の返却・廃棄・抹消の確認",
		.clause = "5.1(2)③", .type = FT_ENUM, .choices = info_returned_choices,
		.when = "ends_on < act_today()" },
	FIELDS_OF_EVERY_LEDGER,
};

const struct ledger ledger_contract = {
	.id = LEDGER_CONTRACT,
	.path = "contracts",
	.table = "contract",
	.label = "業務委託・保守契約",
	.singular = "Contract",
	.key = "contract_no",
	.scope = "institution",
	.violations = "contract_violation_r",
	.note = "業務委託・保守契約: outsourcing and maintenance contracts (5.1, 5.2).",
	.fields = fields,
	.count = ARRAY_SIZE(fields),
};

_Static_assert(ARRAY_SIZE(fields) <= FIELDS_MAX, "room in the masks of a row");
