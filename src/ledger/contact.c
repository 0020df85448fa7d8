/* 緊急連絡網: the columns, once. */
#include <ledger/field.h>
#include "every.h"

static const struct choice list_kind_choices[] = {
	{ "corporate", "機構（統括情報セキュリティ責任者が整備）" },
	{ "institution", "機関（情報セキュリティ責任者が整備）" },
	{ "critical_system", "特に重要な情報システム" },
	{ "server_vendor", "重要サーバの保守請負業者等" },
	{ NULL, NULL },
};

static const struct field fields[] = {
	{ .name = "contact_no", .label = "連絡先番号", .type = FT_TEXT, .max = 64,
		.flags = FF_KEY | FF_READONLY | FF_LIST | FF_MATCH | FF_SEARCH },
	{ .name = "institution", .label = "機関", .clause = "2.1(2)④(d)", .type = FT_REF,
		.ref = LEDGER_INSTITUTION, .flags = FF_FIXED | FF_LIST,
		.when = "list_kind <> 'corporate'" },
	{ .name = "list_kind", .label = "連絡網の種類",
		.clause = "2.1(2)③, ④(d), ⑧(f), 3.3(2)①(b)", .type = FT_ENUM,
		.choices = list_kind_choices, .flags = FF_REQUIRED | FF_LIST | FF_FIXED },
	{ .name = "asset", .label = "情報システム", .clause = "3.3(2)①(b), 2.1(2)⑧(f)",
		.type = FT_REF, .ref = LEDGER_ASSET, .flags = FF_LIST,
		.when = "list_kind IN ('critical_system', 'server_vendor')" },
	{ .name = "contact_order", .label = "連絡順", .clause = "2.1(2)③", .type = FT_INT,
		.min = 1, .max = 1000, .flags = FF_REQUIRED | FF_LIST },
	{ .name = "office", .label = "役割", .clause = "2.1(2)③, ④(d)", .type = FT_TEXT,
		.max = 64, .flags = FF_LIST, .when = "person IS NOT NULL" },
	{ .name = "person", .label = "氏名", .clause = "2.1(2)③", .type = FT_REF,
		.ref = LEDGER_PERSON, .flags = FF_LIST, .when = "outside_name IS NULL" },
	{ .name = "outside_name", .label = "外部連絡先名", .clause = "2.1(2)⑧(f)",
		.type = FT_TEXT, .max = 200, .flags = FF_LIST | FF_SEARCH,
		.when = "person IS NULL" },
	{ .name = "phone", .label = "電話", .clause = "3.3(2)①(b)", .type = FT_TEXT,
		.max = 100, .flags = FF_REQUIRED | FF_SEARCH },
	{ .name = "email", .label = "メール", .clause = "3.3(2)①(b)", .type = FT_TEXT,
		.max = 200, .format = FORMAT_MAIL, .flags = FF_SEARCH },
	{ .name = "means", .label = "連絡手段", .clause = "3.3(2)①(b)", .type = FT_TEXT,
		.max = 200, .flags = FF_REQUIRED },
	{ .name = "content", .label = "連絡内容", .clause = "3.3(2)①(b)", .type = FT_TEXT,
		.max = 1000, .flags = FF_LINES, .when = "list_kind = 'critical_system'" },
	{ .name = "confirmed_on", .label = "確認日", .clause = "2.1(2)③", .type = FT_DATE,
		.flags = FF_LIST, .when = "true" },
	FIELDS_OF_EVERY_LEDGER,
};

const struct ledger ledger_contact = {
	.id = LEDGER_CONTACT,
	.path = "emergency-contacts",
	.table = "emergency_contact",
	.label = "緊急連絡網",
	.singular = "EmergencyContact",
	.key = "contact_no",
	.scope = "institution",
	.common = true,
	.attached = true,
	.violations = "contact_violation_r",
	.note = "緊急連絡網: of the 機構, a 機関, a critical system, the vendors of a server.",
	.fields = fields,
	.count = ARRAY_SIZE(fields),
};

_Static_assert(ARRAY_SIZE(fields) <= FIELDS_MAX, "room in the masks of a row");
