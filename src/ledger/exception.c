/* 例外措置: the columns, once. */
#include <ledger/field.h>
#include "every.h"

static const struct field fields[] = {
	{ .name = "exception_no", .label = "例外番号", .type = FT_TEXT, .max = 64,
		.flags = FF_KEY | FF_READONLY | FF_LIST | FF_MATCH },
	{ .name = "institution", .label = "機関", .clause = "2.3(2)⑤", .type = FT_REF,
		.ref = LEDGER_INSTITUTION, .flags = FF_REQUIRED | FF_OWNER | FF_FIXED },
	{ .name = "request", .label = "許可", .clause = "2.3(2)⑤", .type = FT_REF,
		.ref = LEDGER_REQUEST, .flags = FF_REQUIRED | FF_LIST | FF_FIXED },
	{ .name = "rule", .label = "対象規則", .clause = "2.3(2)⑤", .type = FT_TEXT, .max = 64,
		.flags = FF_REQUIRED | FF_LIST | FF_FIXED },
	{ .name = "asset", .label = "対象資産", .clause = "2.3(2)⑤", .type = FT_REF,
		.ref = LEDGER_ASSET, .flags = FF_LIST | FF_FIXED },
	{ .name = "medium", .label = "対象媒体", .clause = "2.3(2)⑤", .type = FT_REF,
		.ref = LEDGER_MEDIA, .flags = FF_LIST | FF_FIXED },
	{ .name = "unit", .label = "対象組織", .clause = "2.3(2)⑤", .type = FT_REF,
		.ref = LEDGER_UNIT, .flags = FF_LIST | FF_FIXED },
	{ .name = "alternative", .label = "代替の方法", .clause = "2.3(2)⑤", .type = FT_TEXT,
		.max = 4000, .flags = FF_REQUIRED | FF_LINES | FF_FIXED },
	{ .name = "valid_from", .label = "始期", .clause = "2.3(2)⑤", .type = FT_DATE,
		.flags = FF_REQUIRED | FF_LIST | FF_FIXED },
	{ .name = "valid_to", .label = "終期", .clause = "2.3(2)⑤", .type = FT_DATE,
		.flags = FF_REQUIRED | FF_LIST | FF_FIXED },
	{ .name = "reported_to_ciso_on", .label = "CISOへの報告日", .clause = "2.3(2)⑤",
		.type = FT_DATE, .flags = FF_LIST, .when = "true" },
	{ .name = "revoked_on", .label = "取消日", .clause = "2.3(2)⑤", .type = FT_DATE,
		.flags = FF_READONLY | FF_LATE | FF_LIST },
	FIELDS_OF_EVERY_LEDGER,
};

const struct ledger ledger_exception = {
	.id = LEDGER_EXCEPTION,
	.path = "exceptions",
	.table = "exception_grant",
	.label = "例外措置",
	.singular = "ExceptionGrant",
	.key = "exception_no",
	.scope = "institution",
	.attached = true,
	.violations = "exception_violation_r",
	.note = "例外措置: a rule that one object need not follow until a day (2.3(2)⑤).",
	.fields = fields,
	.count = ARRAY_SIZE(fields),
};

_Static_assert(ARRAY_SIZE(fields) <= FIELDS_MAX, "room in the masks of a row");
