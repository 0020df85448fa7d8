/* 利用を認めるソフトウェア: the columns, once. */
#include <ledger/field.h>
#include "every.h"

static const struct choice target_choices[] = {
	{ "terminal", "端末" },
	{ "server", "サーバ装置" },
	{ "both", "両方" },
	{ NULL, NULL },
};

static const struct field fields[] = {
	{ .name = "allow_no", .label = "番号", .type = FT_TEXT, .max = 64,
		.flags = FF_KEY | FF_READONLY | FF_LIST | FF_MATCH | FF_SEARCH },
	{ .name = "institution", .label = "機関", .clause = "6.1.1(2)③, 6.2(2)①(c)",
		.type = FT_REF, .ref = LEDGER_INSTITUTION,
		.flags = FF_REQUIRED | FF_OWNER | FF_FIXED },
	{ .name = "asset", .label = "対象資産（個別の場合）", .clause = "6.2(2)①(c)",
		.type = FT_REF, .ref = LEDGER_ASSET, .flags = FF_LIST },
	{ .name = "target", .label = "対象", .clause = "6.1.1(2)③, 6.2(2)①(c)",
		.type = FT_ENUM, .choices = target_choices, .flags = FF_REQUIRED | FF_LIST },
	{ .name = "software_name", .label = "ソフトウェア名", .clause = "4.1(2)②(d)",
		.type = FT_TEXT, .max = 200,
		.flags = FF_REQUIRED | FF_LIST | FF_SEARCH | FF_MATCH },
	{ .name = "version_policy", .label = "認めるバージョン", .clause = "7.2.1(2)③",
		.type = FT_TEXT, .max = 200 },
	{ .name = "approved_by", .label = "認めた情報システム管理者", .clause = "4.1(2)②(d)",
		.type = FT_REF, .ref = LEDGER_PERSON, .flags = FF_REQUIRED | FF_LIST },
	{ .name = "request", .label = "利用承認", .clause = "4.1(2)②(d)", .type = FT_TEXT,
		.max = 64 },
	{ .name = "reviewed_on", .label = "見直し日", .clause = "6.2(2)②(a)", .type = FT_DATE,
		.flags = FF_REQUIRED | FF_LIST },
	FIELDS_OF_EVERY_LEDGER,
};

const struct ledger ledger_allowlist = {
	.id = LEDGER_ALLOWLIST,
	.path = "software-allowlist",
	.table = "software_allowlist",
	.label = "利用を認めるソフトウェア",
	.singular = "AllowedSoftware",
	.key = "allow_no",
	.scope = "institution",
	.attached = true,
	.violations = "allowlist_violation_r",
	.obstacles = "software_allowlist_obstacles",
	.note = "利用を認めるソフトウェア: for terminals and servers of a 機関, or for one asset.",
	.fields = fields,
	.count = ARRAY_SIZE(fields),
};

_Static_assert(ARRAY_SIZE(fields) <= FIELDS_MAX, "room in the masks of a row");
