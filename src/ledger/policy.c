/* 運用値: the numbers that the standard leaves open (定期的, 速やかに): the columns, once. */
#include <ledger/field.h>
#include "every.h"

static const struct choice name_choices[] = {
	{ "inventory", "棚卸し 2.2(1)" },
	{ "media_check", "媒体の現物確認 2.1(2)④(f)" },
	{ "software_review", "利用ソフトウェアの見直し 6.2(2)②(a)" },
	{ "config_check", "構成の確認 6.2(2)②(b)" },
	{ "vuln_check", "脆弱性対策の確認 7.2.1(2)③" },
	{ "access_review", "アクセス権限の確認 7.1.3(2)③" },
	{ "webapp_vuln", "ウェブアプリケーションの脆弱性確認 6.1.4(2)③" },
	{ "zone_check", "DNS情報の正確性確認 6.5(2)⑤" },
	{ "mfp_check", "複合機の設定確認 6.7(2)①(b)" },
	{ "net_review", "ネットワークの見直し 6.8(2)③" },
	{ "nas_backup", "NASのバックアップ 6.11(2)④" },
	{ "restore_test", "リストアの確認 6.11(2)④" },
	{ "firmware", "ファームウェアの更新 6.11(2)⑥(a)" },
	{ "ismap_check", "ISMAP等の掲載の再確認 5.2(1)" },
	{ "contract_check", "委託先の履行確認 5.1(2)②" },
	{ "contact_check", "緊急連絡網の確認 2.1(2)③" },
	{ "cert_warn", "証明書期限の予告 6.4(2)④" },
	{ "permit_warn", "許可期限の予告" },
	{ "sanitise", "抹消までの期間 6.1.1(2)⑤" },
	{ "exception_max", "例外措置の最長期間 2.3(2)⑤" },
	{ "ciso_report", "CISOへの報告期限 2.3(2)⑤" },
	{ "convert_deadline", "重要サーバ化の申請期限 2.1(2)⑧(f)" },
	{ "takeout_max", "持出期間の上限 4.1(2)②(f)" },
	{ "install_max", "ソフトウェア導入許可の有効期間 2.1(2)⑧(f)" },
	{ "start_max", "重要サーバの許可から運用開始までの期間 2.1(2)⑧(f)" },
	{ "cert_keep", "抹消証明の保管期間 6.11(2)⑤(b)" },
	{ "finding_due", "検出事項の改善期限 3.4.1(2)③" },
	{ NULL, NULL },
};

static const struct field fields[] = {
	{ .name = "policy_no", .label = "運用値番号", .type = FT_TEXT, .max = 130,
		.flags = FF_KEY | FF_READONLY | FF_LIST | FF_MATCH, .hint = "hoshi:inventory" },
	{ .name = "institution", .label = "機関", .clause = "2.1(2)②(a)",
		.type = FT_REF, .ref = LEDGER_INSTITUTION,
		.flags = FF_REQUIRED | FF_OWNER | FF_FIXED | FF_LIST },
	{ .name = "name", .label = "名称", .type = FT_ENUM, .choices = name_choices,
		.flags = FF_REQUIRED | FF_FIXED | FF_LIST },
	{ .name = "days", .label = "日数", .type = FT_INT, .min = 1, .max = 36500,
		.flags = FF_REQUIRED | FF_LIST },
	{ .name = "basis_note", .label = "根拠（決定文書等）", .type = FT_TEXT, .max = 200,
		.flags = FF_LIST },
	FIELDS_OF_EVERY_LEDGER,
};

const struct ledger ledger_policy = {
	.id = LEDGER_POLICY,
	.path = "policies",
	.table = "policy",
	.label = "運用値",
	.singular = "Policy",
	.key = "policy_no",
	.scope = "institution",
	.common = true,
	.note = "Days that the standard leaves open; a row of a 機関 overrides the default.",
	.fields = fields,
	.count = ARRAY_SIZE(fields),
};

_Static_assert(ARRAY_SIZE(fields) <= FIELDS_MAX, "room in the masks of a row");
