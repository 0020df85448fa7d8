/* ネットワーク接続許可: the columns, once. */
#include <ledger/field.h>
#include "every.h"

static const struct field fields[] = {
	{ .name = "connection_no", .label = "接続番号", .type = FT_TEXT, .max = 64,
		.flags = FF_KEY | FF_READONLY | FF_LIST | FF_MATCH },
	{ .name = "institution", .label = "機関", .clause = "4.1(2)②(c)", .type = FT_REF,
		.ref = LEDGER_INSTITUTION, .flags = FF_REQUIRED | FF_OWNER | FF_FIXED },
	{ .name = "asset", .label = "機器・情報システム", .clause = "4.1(2)②(c)",
		.type = FT_REF, .ref = LEDGER_ASSET, .flags = FF_REQUIRED | FF_LIST },
	{ .name = "network", .label = "接続先ネットワーク", .clause = "4.1(2)②(b)(c)",
		.type = FT_REF, .ref = LEDGER_ASSET, .flags = FF_REQUIRED | FF_LIST },
	{ .name = "request", .label = "接続許可", .clause = "4.1(2)②(c), 6.1.1(2)①",
		.type = FT_TEXT, .max = 64, .when = "true" },
	{ .name = "permitted_by", .label = "許可した情報システム管理者",
		.clause = "4.1(2)②(c)", .type = FT_REF, .ref = LEDGER_PERSON,
		.flags = FF_REQUIRED | FF_LIST },
	{ .name = "permitted_on", .label = "許可日", .clause = "4.1(2)②(c)", .type = FT_DATE,
		.flags = FF_REQUIRED | FF_LIST },
	{ .name = "valid_to", .label = "期限", .type = FT_DATE, .flags = FF_LIST },
	{ .name = "ended_on", .label = "切断日", .type = FT_DATE, .flags = FF_LIST },
	FIELDS_OF_EVERY_LEDGER,
};

const struct ledger ledger_connection = {
	.id = LEDGER_CONNECTION,
	.path = "connections",
	.table = "network_connection",
	.label = "ネットワーク接続許可",
	.singular = "Connection",
	.key = "connection_no",
	.scope = "institution",
	.attached = true,
	.violations = "connection_violation_r",
	.obstacles = "connection_obstacles",
	.note = "ネットワーク接続許可: which asset may be on which network, and until when.",
	.fields = fields,
	.count = ARRAY_SIZE(fields),
};

_Static_assert(ARRAY_SIZE(fields) <= FIELDS_MAX, "room in the masks of a row");
