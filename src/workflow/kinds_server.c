/* 重要サーバ: from 資質確認 over 指名 to 許可, and what follows (2.1(2)②(d), ⑥(f)(g), ⑧(d)-(g)). */
#include "kinds.h"

static const struct workflow_member sysadmin_members[] = {
	{ "scope_note", "所掌範囲", "range in words", MEMBER_TEXT, true },
	{ "term_from", "任命の始期", "first day", MEMBER_DATE, true },
	{ "term_to", "任命の終期", "last day", MEMBER_DATE },
	{ "range_assets", "所掌する資産", "assets of the range", MEMBER_ASSETS },
	{ .name = NULL },
};
static const struct workflow_step sysadmin_steps[] = {
	REVIEW(O(ISO) | O(DEPUTY_ISO), NULL, "2.1(2)②(d)", "審査開始", "begin the review"),
	APPROVE("submitted", NULL, "effect_appoint", "2.1(2)②(d)", "指名", "appoint"),
	REJECT("submitted", "2.1(2)②(d)"),
	APPROVE("reviewing", NULL, "effect_appoint", "2.1(2)②(d)", "指名", "appoint"),
	REJECT("reviewing", "2.1(2)②(d)"),
	{ .action = NULL },
};
static const struct workflow_tells sysadmin_tells[] = {
	{ "approve", 0, O(ISO) | CSIRT },
	{ "revoke", 0, O(ISO) },
	{ .action = NULL },
};
const struct workflow_kind kind_appoint_sysadmin = {
	.code = "appoint_sysadmin", .ja = "情報システム管理者の指名",
	.en = "appointment of a system administrator", .clause = "2.1(2)②(d)",
	.undo = "undo_appoint",
	.subject = SUBJECT_PERSON, .applicants = O(ISO) | O(ISM), .approver = OFFICE_INST_CISO,
	.escape = true, .term = TERM_OFFICE, .members = sysadmin_members,
	.steps = sysadmin_steps, .tells = sysadmin_tells,
};

static const struct workflow_member qualification_members[] = {
	{ "assets", "予定する重要サーバ", "servers intended", MEMBER_ASSETS },
	{ "skills", "技能・研修", "skills and training", MEMBER_TEXT, true },
	{ "recheck", "再確認の要求の番号", "number of the demand for it", MEMBER_TEXT },
	{ .name = NULL },
};
static const struct workflow_step qualification_steps[] = {
	{ .from = "submitted", .action = "assign", .to = "reviewing", .offices = O(INST_CISO),
	  .needs = GIVE_PERSON, .guard = "guard_checker", .effect = "effect_assign",
	  .tells = TELL_SUBJECT,
	  .clause = "2.1(2)②(d)", .ja = "確認者の割当て", .en = "name the checker" },
	/* who was named may be away */
	{ .from = "reviewing", .action = "assign", .to = "reviewing", .offices = O(INST_CISO),
	  .needs = GIVE_PERSON, .guard = "guard_checker", .effect = "effect_assign",
	  .clause = "2.1(2)②(d)", .ja = "確認者の変更", .en = "name another checker" },
	{ .from = "reviewing", .action = "qualify", .to = "completed",
	  .offices = O(QUALIFICATION_CHECKER) | CSIRT, .who = WHO_ASSIGNED,
	  .not_same = OTHERS, .needs = GIVE_RESULT | GIVE_COMMENT, .decides = true,
	  .effect = "effect_checked", .tells = TELL_APPLICANT | TELL_SUBJECT,
	  .tells_offices = O(INST_CISO) | O(ISO), .clause = "2.1(2)②(d), ⑫(c)",
	  .ja = "資質確認", .en = "check the qualification" },
	{ .action = NULL },
};
const struct workflow_kind kind_qualification = {
	.code = "qualification", .ja = "重要サーバ管理者の資質確認",
	.en = "check of qualification", .clause = "2.1(2)②(d), ⑫(c)", .subject = SUBJECT_PERSON,
	.applicants = O(INST_CISO) | O(ISO), .approver = OFFICE__MAX, .escape = true,
	.members = qualification_members, .steps = qualification_steps,
};

static const struct workflow_member important_admin_members[] = {
	{ "qualification", "資質確認の申請番号", "number of the check", MEMBER_TEXT, true },
	{ "scope_note", "所掌範囲", "range in words", MEMBER_TEXT, true },
	{ "range_assets", "対象サーバ", "servers of the range", MEMBER_ASSETS },
	{ "term_from", "任命の始期", "first day", MEMBER_DATE, true },
	{ "term_to", "任命の終期", "last day", MEMBER_DATE },
	{ .name = NULL },
};
static const struct workflow_step important_admin_steps[] = {
	APPROVE("submitted", "guard_qualified", "effect_appoint", "2.1(2)②(d), ⑧(d)", "指名",
		"appoint"),
	REJECT("submitted", "2.1(2)②(d)"),
	{ .action = NULL },
};
static const struct workflow_tells important_admin_tells[] = {
	{ "approve", 0, CSIRT },
	{ .action = NULL },
};
const struct workflow_kind kind_appoint_important_admin = {
	.code = "appoint_important_admin", .ja = "重要サーバ管理者の指名",
	.en = "appointment of an administrator of important servers",
	.clause = "2.1(2)②(d), ⑧(d)", .undo = "undo_appoint",
	.guard = "guard_qualified", .subject = SUBJECT_PERSON,
	.applicants = O(SYSADMIN) | O(ISO), .approver = OFFICE_INST_CISO, .escape = true,
	.term = TERM_OFFICE, .members = important_admin_members,
	.steps = important_admin_steps, .tells = important_admin_tells,
};

static const struct workflow_member convert_members[] = {
	{ "cause", "重要サーバとなる理由", "what makes it important", MEMBER_CHOICE, false,
	  "published rated designated inventory" },
	{ .name = NULL },
};
static const struct workflow_step important_new_steps[] = {
	OPINION(CSIRT, "2.1(2)⑧(f)"),
	APPROVE("submitted", "guard_important", "effect_important", "2.1(2)⑧(f)", "許可", "permit"),
	REJECT("submitted", "2.1(2)⑧(f)"),
	APPROVE("reviewing", "guard_important", "effect_important", "2.1(2)⑧(f)", "許可", "permit"),
	REJECT("reviewing", "2.1(2)⑧(f)"),
	COMPLETE("guard_start", "effect_start", 0, "2.1(2)⑧(f)", "運用開始", "begin operation"),
	{ .action = NULL },
};
static const struct workflow_tells important_new_tells[] = {
	{ "complete", 0, O(INST_CISO) | CSIRT },
	{ .action = NULL },
};
const struct workflow_kind kind_important_new = {
	.code = "important_new", .ja = "重要サーバ新規設置許可", .en = "a new important server",
	.clause = "2.1(2)⑧(f)", .documents = THREE_DOCUMENTS,
	.guard = "guard_important", .undo = "undo_important", .lapse = "lapse_important",
	.subject = SUBJECT_ASSET, .applicants = O(IMPORTANT_ADMIN),
	.approver = OFFICE_INST_CISO, .escape = true, .validity = "start_max",
	.term = TERM_MAY, .steps = important_new_steps,
	.tells = important_new_tells,
};

static const struct workflow_step important_convert_steps[] = {
	OPINION(CSIRT, "2.1(2)⑧(f)"),
	APPROVE("submitted", "guard_important", "effect_important", "2.1(2)⑧(f)", "許可", "permit"),
	REFUSE("submitted", "effect_refused", "2.1(2)⑧(f)"),
	APPROVE("reviewing", "guard_important", "effect_important", "2.1(2)⑧(f)", "許可", "permit"),
	REFUSE("reviewing", "effect_refused", "2.1(2)⑧(f)"),
	{ .action = NULL },
};
const struct workflow_kind kind_important_convert = {
	.code = "important_convert", .ja = "既設サーバの重要サーバ化許可",
	.en = "an existing server becomes important", .clause = "2.1(2)⑧(f)",
	.documents = THREE_DOCUMENTS,
	.guard = "guard_important", .undo = "undo_important",
	.subject = SUBJECT_ASSET, .applicants = O(IMPORTANT_ADMIN), .approver = OFFICE_INST_CISO,
	.escape = true, .members = convert_members, .steps = important_convert_steps,
};

static const struct workflow_member software_members[] = {
	{ "software", "ソフトウェア（名称・版）", "names with versions", MEMBER_TEXTS, true },
	{ "source", "入手元", "where it comes from", MEMBER_TEXT, true },
	{ "planned_on", "実施予定日", "planned day", MEMBER_DATE },
	{ .name = NULL },
};
static const struct workflow_step important_software_steps[] = {
	OPINION(CSIRT, "2.1(2)⑧(f)"),
	APPROVE("submitted", "guard_permitted", NULL, "2.1(2)⑧(f)", "許可", "permit"),
	REJECT("submitted", "2.1(2)⑧(f)"),
	APPROVE("reviewing", "guard_permitted", NULL, "2.1(2)⑧(f)", "許可", "permit"),
	REJECT("reviewing", "2.1(2)⑧(f)"),
	{ .from = "approved", .action = "complete", .to = "completed", .who = WHO_ADMINISTRATOR,
	  .needs = GIVE_ON, .takes = GIVE_INSTALLED | GIVE_CARRIED_OUT_BY,
	  .guard = "guard_installed", .effect = "effect_installed",
	  .tells = TELL_APPLICANT | TELL_SUBJECT, .clause = "2.1(2)⑧(e)(f)(g)",
	  .ja = "実施報告", .en = "report the installation" },
	{ .action = NULL },
};
const struct workflow_kind kind_important_software = {
	.code = "important_software", .ja = "重要サーバへのソフトウェアインストール許可",
	.en = "software on an important server", .clause = "2.1(2)⑧(f)",
	.documents = THREE_DOCUMENTS,
	.guard = "guard_software",
	.subject = SUBJECT_ASSET, .applicants = O(IMPORTANT_ADMIN), .approver = OFFICE_INST_CISO,
	.escape = true, .validity = "install_max", .term = TERM_MAY, .members = software_members,
	.steps = important_software_steps,
};

static const struct workflow_member release_members[] = {
	{ "evidence", "要件を外れる根拠", "why it is important no more", MEMBER_TEXT, true },
	{ .name = NULL },
};
static const struct workflow_step important_release_steps[] = {
	APPROVE("submitted", "guard_release", "effect_release", "2.1(2)②(d)", "解除", "release"),
	REJECT("submitted", "2.1(2)②(d)"),
	{ .action = NULL },
};
static const struct workflow_tells release_tells[] = {
	{ "approve", 0, CSIRT },
	{ .action = NULL },
};
const struct workflow_kind kind_important_release = {
	.code = "important_release", .ja = "重要サーバ指定の解除",
	.en = "an important server is one no more", .clause = "2.1(2)②(d)",
	.subject = SUBJECT_ASSET, .applicants = O(IMPORTANT_ADMIN), .approver = OFFICE_INST_CISO,
	.escape = true, .members = release_members, .steps = important_release_steps,
	.tells = release_tells,
};

static const struct workflow_member handover_members[] = {
	{ "receiver", "後任の重要サーバ管理者", "who takes over", MEMBER_PERSON, true },
	{ "effective_on", "引継ぎ日", "day of the handover", MEMBER_DATE, true },
	{ "accounts", "特権アカウント・鍵の保持者", "privileged accounts and who holds them",
	  MEMBER_TEXT, true },
	{ "open_items", "未了の事項", "what is open", MEMBER_TEXT, true },
	{ .name = NULL },
};
static const struct workflow_step handover_steps[] = {
	{ .from = "submitted", .action = "accept", .to = "reviewing", .who = WHO_ASSIGNED,
	  .not_same = NOT_APPLICANT, .guard = "guard_receiver", .clause = "2.1(2)⑧(g)",
	  .ja = "受領", .en = "accept" },
	{ .from = "reviewing", .action = "confirm_handover", .to = "completed",
	  .who = WHO_APPROVER, .not_same = NOT_APPLICANT | NOT_ASSIGNED, .decides = true,
	  .guard = "guard_takes_over", .effect = "effect_handover", DECIDED,
	  .clause = "2.1(2)⑧(g)(d)", .ja = "確認", .en = "take note" },
	REJECT("reviewing", "2.1(2)⑧(g)"),
	{ .from = "completed", .action = "report_removed", .to = "completed", .who = WHO_ASSIGNED,
	  .needs = GIVE_ON, .effect = "effect_removed", .clause = "2.1(2)⑧(g), 7.1.1(2)②(b)",
	  .ja = "前任者の権限削除の報告", .en = "report that the one before has no access" },
	{ .action = NULL },
};
static const struct workflow_tells handover_tells[] = {
	{ "confirm_handover", TELL_ASSIGNED, CSIRT },
	{ .action = NULL },
};
const struct workflow_kind kind_handover = {
	.code = "handover", .ja = "重要サーバの引継ぎ", .en = "handover of an important server",
	.clause = "2.1(2)⑧(g)(d)", .documents = DOC_HANDOVER,
	.guard = "guard_handover", .subject = SUBJECT_ASSET,
	.applicants = O(IMPORTANT_ADMIN) | O(ISO), .approver = OFFICE_INST_CISO, .escape = true,
	.members = handover_members, .steps = handover_steps,
	.tells = handover_tells,
};

static const struct workflow_member recheck_members[] = {
	{ "wanted", "求める措置", "what is asked for", MEMBER_CHOICE, true, "recheck replacement" },
	{ .name = NULL },
};
static const struct workflow_step recheck_steps[] = {
	{ .from = "submitted", .action = "order_recheck", .to = "reviewing",
	  .who = WHO_APPROVER, .not_same = OTHERS, .effect = "effect_recheck",
	  .clause = "2.1(2)⑥(g)", .ja = "再確認を命ずる", .en = "order a new check" },
	APPROVE("submitted", NULL, "effect_replace", "2.1(2)⑥(g)", "交代", "replace"),
	REJECT("submitted", "2.1(2)⑥(g)"),
	{ .from = "reviewing", .action = "rechecked", .to = "reviewing", .who = WHO_SYSTEM,
	  .clause = "2.1(2)⑥(g)", .ja = "再確認の結果", .en = "result of the new check" },
	APPROVE("reviewing", "guard_rechecked", "effect_replace", "2.1(2)⑥(g)", "交代", "replace"),
	REJECT("reviewing", "2.1(2)⑥(g)"),
	{ .action = NULL },
};
const struct workflow_kind kind_recheck = {
	.code = "recheck", .ja = "重要サーバ管理者の再確認・交代要求",
	.en = "demand for a new check or a replacement", .clause = "2.1(2)⑥(g)",
	.guard = "guard_recheck",
	.subject = SUBJECT_PERSON, .applicants = O(CSIRT_LEADER), .approver = OFFICE_INST_CISO,
	.escape = true, .members = recheck_members, .steps = recheck_steps,
};

static const struct workflow_member audit_members[] = {
	{ "scope", "監査の範囲", "what is audited", MEMBER_TEXT, true },
	{ "planned_on", "予定日", "planned day", MEMBER_DATE },
	{ .name = NULL },
};
/* ⑫(b): the auditor is never the administrator; no way around it. */
static const struct workflow_step audit_steps[] = {
	{ .from = "submitted", .action = "schedule", .to = "reviewing", .offices = O(SYSADMIN),
	  .not_same = NOT_APPLICANT, .needs = GIVE_ON, .tells = TELL_APPLICANT,
	  .clause = "2.1(2)⑥(f)",
	  .ja = "承諾・日程", .en = "agree on a day" },
	{ .from = "reviewing", .action = "report", .to = "completed", .who = WHO_APPLICANT,
	  .needs = GIVE_PROBLEM | GIVE_COMMENT, .guard = "guard_auditor", .tells = TELL_ADMIN,
	  .clause = "2.1(2)⑥(f), ⑫(b)", .ja = "結果",
	  .en = "report the result" },
	{ .from = "completed", .action = "report_upward", .to = "completed",
	  .who = WHO_APPLICANT, .needs = GIVE_COMMENT, .effect = "effect_reported",
	  .tells_offices = O(INST_CISO),
	  .clause = "2.1(2)⑥(f)", .ja = "機関CISOへの報告", .en = "report to the 機関CISO" },
	{ .from = "completed", .action = "correct", .to = "completed", .offices = O(SYSADMIN),
	  .not_same = NOT_APPLICANT, .needs = GIVE_ON | GIVE_COMMENT, .guard = "guard_correct",
	  .clause = "2.1(2)⑥(f)", .ja = "是正完了", .en = "report that it is put right" },
	{ .from = "completed", .action = "check_correction", .to = "completed",
	  .offices = O(CSIRT_LEADER), .needs = GIVE_PROBLEM | GIVE_COMMENT,
	  .guard = "guard_correction_checked", .tells = TELL_ADMIN,
	  .clause = "2.1(2)⑥(f), ⑫(b)", .ja = "是正の確認",
	  .en = "look at what was put right" },
	{ .action = NULL },
};
const struct workflow_kind kind_csirt_audit = {
	.code = "csirt_audit", .ja = "チームリーダーによる監査依頼",
	.en = "audit at the leader's wish", .clause = "2.1(2)⑥(f)", .guard = "guard_auditor",
	.subject = SUBJECT_ASSET,
	.applicants = O(CSIRT_LEADER), .approver = OFFICE__MAX, .members = audit_members,
	.steps = audit_steps,
};

static const struct workflow_member deputy_members[] = {
	{ "scope_note", "所掌範囲", "range in words", MEMBER_TEXT, true },
	{ "range_units", "所掌する部署", "units of the range", MEMBER_TEXTS, true },
	{ "powers", "認める権限", "delegated powers", MEMBER_TEXTS, true },
	{ "term_from", "任命の始期", "first day", MEMBER_DATE, true },
	{ "term_to", "任命の終期", "last day", MEMBER_DATE, true },
	{ .name = NULL },
};
static const struct workflow_step deputy_steps[] = {
	APPROVE("submitted", NULL, "effect_appoint", "2.1(2)⑤", "指名", "appoint"),
	REJECT("submitted", "2.1(2)⑤"),
	{ .action = NULL },
};
const struct workflow_kind kind_deputy_iso = {
	.code = "deputy_iso", .ja = "副情報セキュリティ責任者の指名要請",
	.en = "appointment of a deputy security officer", .clause = "2.1(2)⑤",
	.undo = "undo_appoint",
	.subject = SUBJECT_PERSON, .applicants = O(ISO), .approver = OFFICE_INST_CISO,
	.escape = true, .term = TERM_OFFICE, .members = deputy_members, .steps = deputy_steps,
};
