/* 検出事項: what rules say of rows that stand in a ledger; made by the system (see sql/functions/). */
#include <ledger/field.h>

static const struct choice severity_choices[] = {
	{ "error", "不適合" },
	{ "warning", "要確認" },
	{ "info", "参考" },
	{ NULL, NULL },
};

static const struct field fields[] = {
	{ .name = "finding_no", .label = "検出番号", .type = FT_TEXT, .max = 64,
		.flags = FF_KEY | FF_READONLY | FF_LIST },
	{ .name = "institution", .label = "機関", .clause = "2.1(2)②(a)", .type = FT_REF,
		.ref = LEDGER_INSTITUTION, .flags = FF_READONLY | FF_LIST },
	{ .name = "unit", .label = "部署", .clause = "2.1(2)⑦(a)", .type = FT_REF,
		.ref = LEDGER_UNIT, .flags = FF_READONLY | FF_LIST },
	{ .name = "rule", .label = "規則", .type = FT_TEXT, .max = 64, .hint = "REG-14",
		.flags = FF_READONLY | FF_LIST },
	{ .name = "ledger", .label = "台帳", .type = FT_TEXT, .max = 64, .hint = "asset",
		.flags = FF_READONLY | FF_LIST },
	{ .name = "object", .label = "対象", .type = FT_TEXT, .max = 64, .hint = "A00000001",
		.flags = FF_READONLY | FF_LIST },
	{ .name = "asset", .label = "対象資産", .type = FT_REF, .ref = LEDGER_ASSET,
		.flags = FF_READONLY | FF_LIST },
	{ .name = "medium", .label = "対象媒体", .type = FT_REF, .ref = LEDGER_MEDIA,
		.flags = FF_READONLY | FF_LIST },
	{ .name = "severity", .label = "重要度", .type = FT_ENUM, .choices = severity_choices,
		.flags = FF_READONLY | FF_LIST },
	{ .name = "opened_at", .label = "検出日時", .type = FT_STAMP,
		.flags = FF_READONLY | FF_LIST },
	{ .name = "closed_at", .label = "解消日時", .type = FT_STAMP,
		.flags = FF_READONLY | FF_LATE | FF_LIST },
	{ .name = "due_on", .label = "改善期限", .clause = "3.4.1(2)③", .type = FT_DATE,
		.flags = FF_READONLY | FF_LIST },
	{ .name = "exception", .label = "例外措置", .clause = "2.3(2)⑤", .type = FT_REF,
		.ref = LEDGER_EXCEPTION, .flags = FF_READONLY | FF_LIST },
	{ .name = "instruction", .label = "整備指示", .clause = "3.4.1(2)③", .type = FT_TEXT,
		.max = 2000, .flags = FF_READONLY | FF_LINES },
	{ .name = "instruction_due_on", .label = "指示の期限", .clause = "3.4.1(2)③",
		.type = FT_DATE, .flags = FF_READONLY | FF_LIST },
	{ .name = "instructed_by", .label = "指示した者", .clause = "3.4.1(2)③", .type = FT_REF,
		.ref = LEDGER_PERSON, .flags = FF_READONLY },
	{ .name = "instructed_office", .label = "指示した役割", .clause = "3.4.1(2)③",
		.type = FT_TEXT, .max = 64, .flags = FF_READONLY },
	{ .name = "instructed_on", .label = "指示日", .clause = "3.4.1(2)③", .type = FT_DATE,
		.flags = FF_READONLY | FF_LIST },
	{ .name = "row_version", .label = "版", .type = FT_INT, .max = 2147483647,
		.flags = FF_READONLY },
	{ .name = "updated_at", .label = "最終更新日時", .type = FT_STAMP, .flags = FF_READONLY },
};

static const struct day_filter filters[] = {
	{ "as_of", "Findings that were open when this day ended, whatever became of them.",
		"finding_open_on(opened_at, closed_at, ", ")" },
	{ NULL, NULL, NULL, NULL },
};

static const struct flag_filter open_filter = {
	.name = "open",
	.about = "true: open now (so, too, without this argument, as_of or closed_at); false: "
		"closed; all: both.",
	.yes = "closed_at IS NULL",
	.no = "closed_at IS NOT NULL",
	.lifted_by = (const char *const[]){ "as_of", "closed_at", NULL },
};

const struct ledger ledger_finding = {
	.id = LEDGER_FINDING,
	.path = "findings",
	.table = "finding",
	.label = "検出事項",
	.singular = "Finding",
	.key = "finding_no",
	.scope = "institution",
	.common = true,
	.filters = filters,
	.flag = &open_filter,
	.note = "検出事項: rules that rows violate, from the day on which it was found (3.4.1(2)③).",
	.fields = fields,
	.count = ARRAY_SIZE(fields),
};

_Static_assert(ARRAY_SIZE(fields) <= FIELDS_MAX, "room in the masks of a row");
