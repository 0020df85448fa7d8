/*
 * Directory of the 機関: which system is whose, for offices that do not reach the ledger itself
 * (2.1(2)⑧(h), ⑬(c)).  A view; nothing is kept here (sql/functions/31-directory.sql).
 */
#include "asset_choices.h"
#include <ledger/field.h>

#define ADMIN OFFICE_BIT(OFFICE_SYSADMIN)
#define DESK OFFICE_BIT(OFFICE_INCIDENT_DESK)

static const struct field fields[] = {
	{ .name = "asset_no", .label = "管理番号", .clause = "2.1(2)④(g)「等」",
		.type = FT_TEXT, .max = 64, .flags = FF_KEY | FF_READONLY | FF_LIST | FF_SEARCH },
	{ .name = "institution", .label = "機関", .clause = "2.1(2)④(f)",
		.type = FT_REF, .ref = LEDGER_INSTITUTION, .flags = FF_READONLY | FF_OWNER },
	{ .name = "unit", .label = "管理部署", .clause = "2.1(2)⑦(a)",
		.type = FT_REF, .ref = LEDGER_UNIT, .flags = FF_READONLY | FF_LIST },
	{ .name = "name", .label = "名称", .clause = "2.1(2)④(g)", .type = FT_TEXT, .max = 200,
		.flags = FF_READONLY | FF_LIST },
	{ .name = "asset_type", .label = "種別", .clause = "2.1(2)④(g)「分類」, 第6章",
		.type = FT_ENUM, .choices = asset_type_choices, .flags = FF_READONLY | FF_LIST },
	{ .name = "functions", .label = "機能", .clause = "2.1(2)⑧(h)",
		.type = FT_ENUMS, .choices = functions_choices, .flags = FF_READONLY | FF_SOUGHT,
		.only = ADMIN },
	{ .name = "hostname", .label = "ホスト名", .clause = "2.1(2)⑬(c)",
		.type = FT_TEXTS, .max = 200, .format = FORMAT_HOST,
		.flags = FF_READONLY | FF_LIST, .only = DESK },
	{ .name = "ip_addrs", .label = "IPアドレス", .clause = "2.1(2)⑬(c)",
		.type = FT_TEXTS, .max = 200, .format = FORMAT_IP, .flags = FF_READONLY | FF_LIST,
		.only = DESK },
	{ .name = "mac_addrs", .label = "MACアドレス", .clause = "2.1(2)⑬(c)",
		.type = FT_TEXTS, .max = 200, .format = FORMAT_MAC,
		.flags = FF_READONLY | FF_SOUGHT, .only = DESK },
	{ .name = "sysadmin", .label = "情報システム管理者", .clause = "2.1(2)⑧(a)(c)",
		.type = FT_REF, .ref = LEDGER_PERSON, .flags = FF_READONLY | FF_LIST },
	{ .name = "sysadmin_name", .label = "情報システム管理者の氏名", .clause = "2.1(2)⑧(h)",
		.type = FT_TEXT, .max = 200, .flags = FF_READONLY | FF_LIST },
	{ .name = "sysadmin_email", .label = "情報システム管理者のメールアドレス",
		.clause = "2.1(2)⑧(h)", .type = FT_TEXT, .max = 200, .format = FORMAT_MAIL,
		.flags = FF_READONLY | FF_LIST },
	{ .name = "sysadmin_phone", .label = "情報システム管理者の電話番号",
		.clause = "2.1(2)⑧(h)", .type = FT_TEXT, .max = 200,
		.flags = FF_READONLY | FF_LIST },
	/* of the 機関 in which the unit stands, where it is a guest */
	{ .name = "incident_desk", .label = "機関統一窓口", .clause = "2.1(2)⑬(b)(c)",
		.type = FT_TEXT, .max = 200, .flags = FF_READONLY, .only = DESK },
	{ .name = "incident_desk_contact", .label = "機関統一窓口の連絡先",
		.clause = "2.1(2)⑬(c)", .type = FT_TEXT, .max = 1000,
		.flags = FF_READONLY | FF_LINES, .only = DESK },
	{ .name = "told", .label = "閲覧の記録", .type = FT_INT, .max = 3,
		.flags = FF_READONLY | FF_INNER },
};

const struct ledger ledger_directory = {
	.id = LEDGER_DIRECTORY,
	.path = "directory",
	.table = "directory",
	.label = "情報システムの案内",
	.singular = "DirectoryEntry",
	.key = "asset_no",
	.scope = "institution",
	.level = "told",
	.having = "directory_having",
	.note = "Which system of the 機関 is whose (2.1(2)⑧(h), ⑬(c)): basic columns only.",
	.fields = fields,
	.count = ARRAY_SIZE(fields),
};

_Static_assert(ARRAY_SIZE(fields) <= FIELDS_MAX, "room in the masks of a row");
