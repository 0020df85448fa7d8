/* 外部電磁的記録媒体管理台帳: the columns, once. */
#include <ledger/field.h>
#include "every.h"

static const struct choice media_kind_choices[] = {
	{ "usb_memory", "USBメモリ" },
	{ "portable_disk", "外付けHDD・SSD" },
	{ "removed_disk", "機器から取り外した内蔵媒体" },
	{ "optical", "光ディスク" },
	{ "tape", "磁気テープ" },
	{ "card", "メモリカード" },
	{ "other", "その他" },
	{ NULL, NULL },
};

static const struct choice confidentiality_choices[] = {
	{ "1", "機密性1" },
	{ "2", "機密性2" },
	{ "3", "機密性3" },
	{ "4", "機密性4" },
	{ NULL, NULL },
};

static const struct choice rating_status_choices[] = {
	{ "provisional", "仮" },
	{ "confirmed", "確定" },
	{ NULL, NULL },
};

static const struct choice provision_choices[] = {
	{ "issued", "機関からの支給品" },
	{ "non_issued", "支給品以外" },
	{ NULL, NULL },
};

static const struct choice encryption_choices[] = {
	{ "hardware", "ハードウェア暗号化" },
	{ "software", "ソフトウェア暗号化" },
	{ "file", "ファイル単位" },
	{ "none", "なし" },
	{ NULL, NULL },
};

static const struct choice state_choices[] = {
	{ "draft", "下書き" },
	{ "stored", "保管中" },
	{ "in_use", "使用中" },
	{ "taken_out", "持出中" },
	{ "lost", "紛失・盗難" },
	{ "retired", "使用終了（抹消待ち）" },
	{ "sanitised", "抹消済み" },
	{ "disposed", "廃棄済み" },
	{ NULL, NULL },
};

static const struct field fields[] = {
	{ .name = "media_no", .label = "媒体管理番号", .clause = "2.1(2)④(h)「等」",
		.type = FT_TEXT, .max = 64,
		.flags = FF_KEY | FF_READONLY | FF_LIST | FF_SEARCH | FF_MATCH },
	{ .name = "institution", .label = "機関", .clause = "2.1(2)④(f)",
		.type = FT_REF, .ref = LEDGER_INSTITUTION,
		.flags = FF_REQUIRED | FF_OWNER | FF_FIXED },
	{ .name = "unit", .label = "管理部署", .clause = "2.1(2)⑦(a)",
		.type = FT_REF, .ref = LEDGER_UNIT, .flags = FF_REQUIRED | FF_LIST },
	{ .name = "name", .label = "媒体名", .clause = "2.1(2)④(h)「等」", .type = FT_TEXT, .max = 200,
		.flags = FF_LIST | FF_SEARCH | FF_MATCH, .when = "true" },
	{ .name = "media_kind", .label = "媒体種別", .clause = "3.1(2)②(c)",
		.type = FT_ENUM, .choices = media_kind_choices, .flags = FF_LIST,
		.when = "true" },
	{ .name = "serial_no", .label = "製造番号・識別表示", .clause = "2.1(2)④(h)「等」",
		.type = FT_TEXT, .max = 200, .flags = FF_SEARCH | FF_MATCH,
		.when = "true", .hint = "SN-0001" },
	{ .name = "info_description", .label = "記録する情報の内容", .clause = "2.2(2)②",
		.type = FT_TEXT, .max = 2000, .flags = FF_LINES | FF_SEARCH,
		.when = "true" },
	{ .name = "confidentiality", .label = "機密性分類", .clause = "2.1(2)④(h)",
		.type = FT_LEVEL, .choices = confidentiality_choices,
		.flags = FF_REQUIRED | FF_RATING | FF_LIST,
		.confirm = RATERS, .hint = "3" },
	{ .name = "rating_status", .label = "格付けの状態", .clause = "2.2(2)②",
		.type = FT_ENUM, .choices = rating_status_choices, .flags = FF_READONLY },
	{ .name = "rating_proposed_by", .label = "格付けを提案した者", .clause = "3.1(2)①(a)",
		.type = FT_REF, .ref = LEDGER_PERSON, .flags = FF_READONLY },
	{ .name = "has_personal_info", .label = "個人情報の該非", .clause = "3.3(2)③(b)",
		.type = FT_BOOL, .when = "true" },
	{ .name = "has_my_number", .label = "特定個人情報の該非", .clause = "2.2(2)②表, 3.3(2)③(b)",
		.type = FT_BOOL, .when = "true" },
	{ .name = "personal_info_consent", .label = "本人の承諾（機密性2での取扱い）", .clause = "2.2(2)②表 機密性2",
		.type = FT_BOOL, .when = "has_personal_info AND confidentiality = 2" },
	{ .name = "personal_info_published", .label = "公表済みの個人情報に限る", .clause = "2.2(2)②表 機密性1",
		.type = FT_BOOL, .when = "has_personal_info AND confidentiality = 1" },
	{ .name = "users_text", .label = "使用者等", .clause = "2.1(2)④(h)",
		.type = FT_TEXT, .max = 1000, .flags = FF_REQUIRED | FF_LINES | FF_SEARCH,
		.hint = "観測データ研究室 全員" },
	{ .name = "custodian", .label = "保管責任者", .clause = "2.1(2)④(h)「等」",
		.type = FT_REF, .ref = LEDGER_PERSON, .flags = FF_REQUIRED | FF_LIST | FF_SEARCH },
	{ .name = "sysadmin", .label = "情報システム管理者", .clause = "2.1(2)⑧(a), ⑨(a)",
		.type = FT_REF, .ref = LEDGER_PERSON, .flags = FF_SEARCH,
		.when = "true" },
	{ .name = "provision", .label = "支給区分", .clause = "3.1(2)②(c)",
		.type = FT_ENUM, .choices = provision_choices,
		.when = "true" },
	{ .name = "non_issued_request", .label = "支給品以外の利用許可", .clause = "3.1(2)②(c)",
		.type = FT_TEXT, .max = 200,
		.when = "provision = 'non_issued' AND confidentiality >= 2" },
	{ .name = "encryption", .label = "暗号化", .clause = "3.1(2)②(b)ア, ②(d)",
		.type = FT_ENUM, .choices = encryption_choices,
		.when = "true" },
	{ .name = "storage_area", .label = "保管区域", .clause = "2.2(2)②表",
		.type = FT_REF, .ref = LEDGER_AREA, .when = "true" },
	{ .name = "storage_locked", .label = "施錠保管", .clause = "2.2(2)②表 機密性3", .type = FT_BOOL,
		.when = "confidentiality >= 3" },
	{ .name = "used_for_transport", .label = "情報の移動に使用", .clause = "3.1(2)②(d)",
		.type = FT_BOOL, .when = "true" },
	{ .name = "backup_of_asset", .label = "バックアップ元", .clause = "3.1(2)⑥(b)",
		.type = FT_REF, .ref = LEDGER_ASSET },
	{ .name = "removed_from_asset", .label = "取り外し元の機器", .clause = "3.1(2)⑤(b)",
		.type = FT_REF, .ref = LEDGER_ASSET, .when = "media_kind = 'removed_disk'" },
	{ .name = "holds_log", .label = "ログの保存媒体", .clause = "7.1.4(2)②(e)ア", .type = FT_BOOL,
		.when = "true" },
	{ .name = "log_integrity_measure", .label = "完全性の担保方法", .clause = "7.1.4(2)②(e)ア",
		.type = FT_TEXT, .max = 200, .when = "holds_log" },
	{ .name = "state", .label = "状態", .clause = "3.1(2)⑤(b)",
		.type = FT_ENUM, .choices = state_choices, .flags = FF_READONLY | FF_LIST },
	{ .name = "last_checked_on", .label = "現物確認日", .clause = "2.2(1)", .type = FT_DATE,
		.flags = FF_READONLY },
	FIELDS_OF_EVERY_LEDGER,
};

const struct ledger ledger_media = {
	.id = LEDGER_MEDIA,
	.path = "media",
	.table = "external_media",
	.label = "外部電磁的記録媒体管理台帳",
	.singular = "Medium",
	.key = "media_no",
	.scope = "institution",
	.drafts = true,
	.violations = "media_violation_r",
	.level = "confidentiality",
	.note = "外部電磁的記録媒体管理台帳: removable media (2.1(2)④(h)).",
	.fields = fields,
	.count = ARRAY_SIZE(fields),
};

_Static_assert(ARRAY_SIZE(fields) <= FIELDS_MAX, "room in the masks of a row");
