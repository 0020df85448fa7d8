/* Ratings, exceptions, periods, areas, and the end of a thing. */
#include "kinds.h"

static const struct workflow_member rating_members[] = {
	{ "confidentiality", "機密性", "confidentiality", MEMBER_LEVEL },
	{ "confidentiality_basis", "根拠", "basis", MEMBER_CHOICE, false,
	  "c4_national_security c4_my_number c3_personal c3_management c3_government "
	  "c3_unpublished c2_internal c2_harm c2_research c2_personal_consented c1_published "
	  "c1_publishable" },
	{ "integrity", "完全性", "integrity", MEMBER_LEVEL },
	{ "availability", "可用性", "availability", MEMBER_LEVEL },
	{ "handling_restrictions", "取扱制限", "restrictions", MEMBER_TEXTS, false,
	  "no_copy minimal_copy designated_place isolated_only org_terminal_only locked_storage "
	  "limited_storage encrypt_transfer irrecoverable_disposal trusted_network" },
	{ .name = NULL },
};
static const struct workflow_step rating_steps[] = {
	APPROVE("submitted", "guard_rating", "effect_rating", "3.1(2)①(c)", "承認", "approve"),
	REFUSE("submitted", "effect_lower_again", "3.1(2)①(c)"),
	{ .action = NULL },
};
const struct workflow_kind kind_rating_review = {
	.code = "rating_review", .ja = "格付け・取扱制限の見直し承認", .en = "review of a rating",
	/* what is raised counts at once, as 仮, and is as before where it is not approved */
	.clause = "3.1(2)①(c)", .guard = "guard_rating", .opens = "effect_raise",
	.closes = "effect_lower_again",
	.subject = SUBJECT_OBJECT, .applicants = OFFICES_KNOWN,
	.approver = OFFICE_ISM, .escape = true, .members = rating_members, .steps = rating_steps,
};

static const struct workflow_member mail_members[] = {
	{ "domain", "ドメイン", "domain", MEMBER_TEXT, true },
	{ "lacking", "採用しないもの", "which are not used", MEMBER_TEXTS, true },
	{ "plan", "今後の計画", "plan", MEMBER_TEXT, true },
	{ .name = NULL },
};
static const struct workflow_step mail_steps[] = {
	APPROVE("submitted", NULL, "effect_mail", "6.3(2)③", "認め", "accept"),
	REJECT("submitted", "6.3(2)③"),
	{ .action = NULL },
};
const struct workflow_kind kind_mail_auth_exemption = {
	.code = "mail_auth_exemption", .ja = "DMARC等不採用の認め",
	.en = "mail without DMARC, DKIM or SPF", .clause = "6.3(2)③", .undo = "undo_mail",
	.subject = SUBJECT_ASSET, .types = "mail",
	.applicants = O(SYSADMIN), .approver = OFFICE_INST_CISO, .escape = true,
	.validity = "exception_max", .term = TERM_MUST, .members = mail_members,
	.steps = mail_steps,
};

static const struct workflow_member log_members[] = {
	{ "days", "保存日数", "days", MEMBER_INTEGER, true },
	{ "device_class", "機器の区分", "class of devices", MEMBER_TEXT, true },
	{ .name = NULL },
};
static const struct workflow_step log_steps[] = {
	APPROVE("submitted", "guard_days", "effect_log_period", "7.1.4(2)②(d)", "決定", "decide"),
	REJECT("submitted", "7.1.4(2)②(d)"),
	{ .action = NULL },
};
const struct workflow_kind kind_log_period = {
	.code = "log_period", .ja = "その他の機器のログ保存期間の定め", .undo = "undo_log_period",
	.en = "how long other logs are kept", .clause = "7.1.4(2)②(d)", .subject = SUBJECT_NONE,
	.applicants = O(ISO), .approver = OFFICE_INST_CISO, .escape = true,
	.members = log_members, .steps = log_steps,
};

static const struct workflow_member area_members[] = {
	{ "area", "区域", "area", MEMBER_AREA, true },
	{ "extent", "範囲", "extent", MEMBER_TEXT, true },
	{ "entry_control", "入退管理", "entry control", MEMBER_CHOICE, true,
	  "none key card biometric manned" },
	{ "leased", "賃借か", "leased?", MEMBER_BOOLEAN, true },
	{ .name = NULL },
};
static const struct workflow_step area_steps[] = {
	APPROVE("submitted", NULL, "effect_area", "3.2(2)", "指定", "designate"),
	REJECT("submitted", "3.2(2)"),
	{ .action = NULL },
};
const struct workflow_kind kind_area_designation = {
	.code = "area_designation", .ja = "要管理対策区域の指定", .en = "designation of an area",
	.clause = "3.2(2)", .undo = "undo_area",
	.subject = SUBJECT_NONE, .applicants = O(SYSADMIN),
	.approver = OFFICE_ISO, .escape = true, .power = "area_designation",
	.members = area_members, .steps = area_steps,
};

static const struct workflow_member exception_members[] = {
	{ "difficulty", "困難な理由", "why the rule cannot be followed", MEMBER_TEXT, true },
	{ "alternative", "代替の方法", "what is done instead", MEMBER_TEXT, true },
	{ "risk", "リスク", "risk", MEMBER_TEXT, true },
	{ .name = NULL },
};
static const struct workflow_step exception_steps[] = {
	OPINION(O(ISO) | O(DEPUTY_ISO) | CSIRT, "2.3(2)⑤"),
	APPROVE("submitted", "guard_exception", "effect_exception", "2.3(2)⑤", "許可", "permit"),
	REJECT("submitted", "2.3(2)⑤"),
	APPROVE("reviewing", "guard_exception", "effect_exception", "2.3(2)⑤", "許可", "permit"),
	REJECT("reviewing", "2.3(2)⑤"),
	{ .from = "approved", .action = "report_upward", .to = "approved",
	  .offices = O(INST_CISO), .needs = GIVE_COMMENT, .effect = "effect_reported",
	  .clause = "2.3(2)⑤", .ja = "CISOへの報告", .en = "report to the CISO" },
	{ .action = NULL },
};
static const struct workflow_tells exception_tells[] = {
	{ "report_upward", 0, O(CISO) },
	{ .action = NULL },
};
const struct workflow_kind kind_exception = {
	.code = "exception", .ja = "例外措置の許可", .en = "an exception from a rule",
	.undo = "undo_exception",
	.clause = "2.3(2)⑤", .guard = "guard_exception",
	.subject = SUBJECT_ANY, .applicants = OFFICES_KNOWN,
	.approver = OFFICE_INST_CISO, .validity = "exception_max", .term = TERM_MUST,
	.members = exception_members, .steps = exception_steps,
	.tells = exception_tells,
};

static const struct workflow_member disposal_members[] = {
	{ "method", "抹消の方法", "method", MEMBER_CHOICE, true,
	  "overwrite crypto_erase secure_erase degauss destroy provider" },
	{ "sanitised_on", "抹消日", "day", MEMBER_DATE, true },
	{ "sanitised_by", "抹消した者", "by whom", MEMBER_TEXT, true },
	{ "witness", "立会人", "witness", MEMBER_TEXT },
	{ "reuse", "再利用・返却先", "where it goes", MEMBER_TEXT },
	{ .name = NULL },
};
/* Four eyes; the standard demands the act, not an approval. */
static const struct workflow_step disposal_steps[] = {
	{ .from = "submitted", .action = "verify", .to = "completed", .who = WHO_APPROVER,
	  .not_same = OTHERS, .decides = true, .guard = "guard_disposal",
	  .effect = "effect_disposal", DECIDED, .clause = "3.1(2)⑤(b), 6.1.1(2)⑤, 6.11(2)⑤",
	  .ja = "抹消の確認", .en = "confirm the erasure" },
	REJECT("submitted", "3.1(2)⑤(b)"),
	{ .action = NULL },
};
const struct workflow_kind kind_disposal = {
	.code = "disposal", .ja = "廃棄・抹消", .en = "erasure and disposal",
	.clause = "3.1(2)⑤(b), 6.1.1(2)⑤, 6.2(2)③, 6.7(2)①(c), 6.9(2)③, 6.11(2)⑤",
	.guard = "guard_disposal",
	.subject = SUBJECT_OBJECT, .applicants = OFFICES_KNOWN, .approver = OFFICE_SYSADMIN,
	.escape = true, .members = disposal_members, .steps = disposal_steps,
};

static const struct workflow_member transfer_members[] = {
	{ "to_institution", "受入機関", "receiving 機関", MEMBER_INSTITUTION, true },
	{ "to_unit", "受入部署", "receiving unit", MEMBER_TEXT, true },
	{ "to_sysadmin", "新しい情報システム管理者", "administrator there", MEMBER_PERSON, true },
	{ .name = NULL },
};
static const struct workflow_step transfer_steps[] = {
	{ .from = "submitted", .action = "consent", .to = "reviewing", .who = WHO_APPROVER,
	  .not_same = OTHERS, .clause = "2.1(2)④(f)", .ja = "同意（移管元）",
	  .en = "the giving 機関 agrees" },
	REJECT("submitted", "2.1(2)④(f)"),
	{ .from = "reviewing", .action = "take_over", .to = "completed", .who = WHO_APPROVER,
	  .not_same = OTHERS, .decides = true, .guard = "guard_transfer",
	  .effect = "effect_transfer", DECIDED, .clause = "2.1(2)②(a), ④(f)", .ja = "受入（移管先）",
	  .en = "the receiving 機関 takes over" },
	REJECT("reviewing", "2.1(2)④(f)"),
	{ .from = "completed", .action = "moved", .to = "completed", .who = WHO_SYSTEM,
	  .clause = "2.1(2)②(a), ④(f)", .ja = "移管先の台帳の行", .en = "the row that it is there" },
	{ .action = NULL },
};
const struct workflow_kind kind_transfer = {
	.code = "transfer", .ja = "機関間移管", .en = "transfer to another 機関",
	.clause = "2.1(2)②(a), ④(f)", .guard = "guard_transfer",
	.subject = SUBJECT_ASSET, .applicants = O(SYSADMIN),
	.approver = OFFICE_ISO, .escape = true, .power = "keep_ledgers",
	.members = transfer_members, .steps = transfer_steps,
};
