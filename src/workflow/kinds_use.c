/* Using, connecting, carrying and sending: chapters 3, 4, 5 and 6. */
#include "kinds.h"

static const struct workflow_member offsite_members[] = {
	{ "place", "作業場所", "place", MEMBER_TEXT, true },
	{ "area", "区域（登録がある場合）", "area, if it is a registered one", MEMBER_AREA },
	{ "measures", "安全管理措置", "safety measures", MEMBER_TEXT, true },
	{ .name = NULL },
};
/* A10: the 機関CISO decides, too, unless the register says that the place is a designated one. */
#define TWO_LEGS(c)                                                                               \
	APPROVE("submitted", "guard_one_leg", NULL, c, "許可", "permit"),                         \
	{ .from = "submitted", .action = "endorse", .to = "reviewing", .who = WHO_APPROVER,       \
	  .not_same = OTHERS, .guard = "guard_carried", .effect = "effect_second_leg",            \
	  .clause = "2.2(2)②", .ja = "同意（機関CISOへ）",                                        \
	  .en = "agree, and hand on to the 機関CISO" },                                           \
	REJECT("submitted", c),                                                                   \
	APPROVE("reviewing", "guard_carried", NULL, "2.2(2)②", "許可", "permit"),                 \
	REJECT("reviewing", "2.2(2)②")
static const struct workflow_step offsite_steps[] = {
	TWO_LEGS("3.1(2)②(a)"),
	{ .action = NULL },
};
const struct workflow_kind kind_c4_offsite_work = {
	.code = "c4_offsite_work", .ja = "機密性4情報の区域外業務の許可",
	.en = "work on 機密性4 outside the area", .clause = "3.1(2)②(a)", .guard = "guard_carried",
	.subject = SUBJECT_ASSET, .applicants = OFFICES_KNOWN, .approver = OFFICE_ISM,
	.validity = "takeout_max", .term = TERM_MUST, .members = offsite_members,
	.steps = offsite_steps,
};

static const struct workflow_member takeout_members[] = {
	{ "destination", "持出先", "destination", MEMBER_TEXT, true },
	{ "purpose", "目的", "purpose", MEMBER_TEXT, true },
	{ "area", "区域（登録がある場合）", "area, if it is a registered one", MEMBER_AREA },
	{ "measures", "安全管理措置", "safety measures", MEMBER_TEXT, true },
	{ "carrier", "運搬者", "who carries it", MEMBER_PERSON },
	{ .name = NULL },
};
static const struct workflow_step takeout_steps[] = {
	TWO_LEGS("4.1(2)②(f)"),
	/* the movement that it was for is on record (media_movement) */
	{ .from = "approved", .action = "taken_out", .to = "completed", .who = WHO_SYSTEM,
	  .clause = "4.1(2)②(f)", .ja = "持出し", .en = "it is taken out" },
	{ .action = NULL },
};
const struct workflow_kind kind_media_takeout = {
	.code = "media_takeout", .ja = "機密性4媒体の持出許可",
	.en = "taking a medium of 機密性4 out", .clause = "4.1(2)②(f), 3.1(2)④(a)",
	.guard = "guard_carried",
	.subject = SUBJECT_OBJECT, .applicants = OFFICES_KNOWN, .approver = OFFICE_ISM,
	.validity = "takeout_max", .term = TERM_MUST,
	.members = takeout_members, .steps = takeout_steps,
};

static const struct workflow_member medium_members[] = {
	{ "owner", "所有者", "owner", MEMBER_TEXT, true },
	{ "erase_plan", "終了時の消去", "erasure at the end", MEMBER_TEXT, true },
	{ .name = NULL },
};
static const struct workflow_step medium_steps[] = {
	APPROVE("submitted", "guard_medium_encrypted", "effect_non_issued", "3.1(2)②(c)", "許可",
		"permit"),
	REJECT("submitted", "3.1(2)②(c)"),
	{ .action = NULL },
};
const struct workflow_kind kind_non_issued_media = {
	.code = "non_issued_media", .ja = "支給品以外の媒体の利用許可",
	.en = "a medium of one's own", .clause = "3.1(2)②(c)", .undo = "undo_non_issued",
	.subject = SUBJECT_MEDIUM,
	.applicants = OFFICES_KNOWN, .approver = OFFICE_ISM, .escape = true,
	.validity = "exception_max", .term = TERM_MUST, .members = medium_members,
	.steps = medium_steps,
};

static const struct workflow_member terminal_members[] = {
	{ "use", "利用範囲", "what it is used for", MEMBER_TEXT, true },
	{ "os_supported", "OSがサポート中", "supported operating system", MEMBER_BOOLEAN, true },
	{ "updated", "更新の適用", "updates are applied", MEMBER_BOOLEAN, true },
	{ "malware_protection", "マルウェア対策", "malware protection", MEMBER_BOOLEAN, true },
	{ "encrypted", "暗号化", "encrypted", MEMBER_BOOLEAN, true },
	{ "locked", "画面ロック", "locks itself", MEMBER_BOOLEAN, true },
	{ "erase_plan", "終了時の消去", "erasure at the end", MEMBER_TEXT, true },
	{ .name = NULL },
};
static const struct workflow_step terminal_steps[] = {
	{ .from = "submitted", .action = "approve", .to = "approved", .who = WHO_APPROVER,
	  .not_same = OTHERS, .decides = true, .needs = GIVE_COMMENT,
	  .takes = GIVE_CONDITIONS, .guard = "guard_checklist",
	  .effect = "effect_non_issued", DECIDED, .clause = "6.1.3(2)", .ja = "許可",
	  .en = "permit" },
	REJECT("submitted", "6.1.3(2)"),
	COMPLETE("guard_ended", "effect_non_issued_ended", GIVE_COMMENT | GIVE_ON, "6.1.3(2)",
		 "利用終了（消去を確認）", "the use has ended, and it is erased"),
	{ .action = NULL },
};
const struct workflow_kind kind_non_issued_terminal = {
	.code = "non_issued_terminal", .ja = "支給外端末の利用許可",
	.en = "a terminal of one's own", .clause = "6.1.3(2)", .undo = "undo_non_issued",
	.subject = SUBJECT_ASSET, .types = "terminal",
	.applicants = OFFICES_KNOWN, .approver = OFFICE_ISM, .escape = true,
	.validity = "exception_max", .term = TERM_MUST, .completion_ends = true,
	.members = terminal_members, .steps = terminal_steps,
};

static const struct workflow_member connection_members[] = {
	{ "network", "接続先ネットワーク", "network", MEMBER_NETWORK, true },
	{ "more_assets", "ほかの資産", "more assets", MEMBER_ASSETS },
	{ .name = NULL },
};
static const struct workflow_step connection_steps[] = {
	APPROVE("submitted", "guard_connection", "effect_connection", "4.1(2)②(b)(c), 6.8(2)①(d)",
		"許可", "permit"),
	REJECT("submitted", "4.1(2)②(c)"),
	COMPLETE(NULL, "effect_disconnect", 0, "4.1(2)②(c)", "切断", "disconnect"),
	/* its assets are stopped, retired, lost …: sql/functions/53-connections.sql */
	{ .from = "approved", .action = "disconnected", .to = "completed", .who = WHO_SYSTEM,
	  .tells = TELL_APPLICANT | TELL_NETWORK, .clause = "4.1(2)②(c), 6.1.1(2)⑤",
	  .ja = "資産の停止・運用終了等による切断", .en = "disconnected with its assets" },
	{ .action = NULL },
};
static const struct workflow_tells connection_tells[] = {
	{ "complete", TELL_NETWORK, 0 },
	{ "revoke", TELL_NETWORK, 0 },
	{ "expire", TELL_NETWORK, 0 },
	{ .action = NULL },
};
const struct workflow_kind kind_network_connection = {
	.code = "network_connection", .ja = "ネットワーク接続許可", .en = "connection to a network",
	.clause = "4.1(2)②(b)(c), 6.1.1(2)①, 6.8(2)①(d)", .undo = "effect_disconnect",
	.lapse = "effect_disconnect", .guard = "guard_network", .subject = SUBJECT_ASSET,
	.applicants = OFFICES_KNOWN, .approver = OFFICE_SYSADMIN, .escape = true,
	.term = TERM_MAY, .completion_ends = true, .members = connection_members,
	.steps = connection_steps, .tells = connection_tells,
};

static const struct workflow_member allow_members[] = {
	{ "software_name", "ソフトウェア", "software", MEMBER_TEXT, true },
	{ "version_policy", "版の扱い", "versions", MEMBER_TEXT },
	{ "source", "入手元", "where it comes from", MEMBER_TEXT, true },
	{ "signature_checked", "署名の確認", "signature checked", MEMBER_BOOLEAN, true },
	{ "target", "対象", "where", MEMBER_CHOICE, true, "terminal server both" },
	{ .name = NULL },
};
/* Again and again; what is not to be used any more is revoked. */
#define REVIEWED(f)                                                                               \
	{ .from = f, .action = "review", .to = "completed", .offices = O(SYSADMIN),               \
	  .who = WHO_APPROVER, .not_same = NOT_APPLICANT, .effect = "effect_reviewed",            \
	  .clause = "6.2(2)②(a)", .ja = "見直し（引き続き認める）",                               \
	  .en = "reviewed: still allowed" }
static const struct workflow_step allow_steps[] = {
	APPROVE("submitted", "guard_allowed", "effect_software", "4.1(2)②(d), 6.2(2)①(c)",
		"承認", "approve"),
	REJECT("submitted", "4.1(2)②(d)"),
	REVIEWED("approved"), REVIEWED("completed"),
	{ .action = NULL },
};
const struct workflow_kind kind_software_use = {
	.code = "software_use", .ja = "ソフトウェア利用の承認", .en = "use of software",
	.clause = "4.1(2)②(d), 6.1.1(2)③, 6.2(2)①(c)", .undo = "undo_software",
	.guard = "guard_signed", .subject = SUBJECT_ANY,
	.applicants = OFFICES_KNOWN, .approver = OFFICE_SYSADMIN, .escape = true,
	.members = allow_members, .steps = allow_steps,
};

static const struct workflow_member cloud_members[] = {
	{ "max_confidentiality", "機密性の上限", "highest level", MEMBER_LEVEL, true },
	{ "ismap", "ISMAPの状況", "in the ISMAP list?", MEMBER_CHOICE, true,
	  "ismap ismap_liu not_listed" },
	{ "ismap_checked_on", "確認日", "day of that look", MEMBER_DATE, true },
	{ "risk_and_measures", "リスクと対策", "risks and measures", MEMBER_TEXT },
	{ .name = NULL },
};
/* One approval of the same thing at a time: the newer one stands. */
#define REPLACED(c)                                                                               \
	{ .from = "approved", .action = "replaced", .to = "expired", .who = WHO_SYSTEM, DECIDED,  \
	  .clause = c, .ja = "新しい承認による置換え", .en = "a newer approval took its place" }
static const struct workflow_step cloud_steps[] = {
	OPINION(O(ISO) | O(DEPUTY_ISO) | CSIRT, "5.2(2)①"),
	APPROVE("submitted", "guard_cloud", "effect_cloud", "4.1(2)②(g), 5.2(2)①", "承認・許可",
		"approve"),
	REJECT("submitted", "5.2(2)①"),
	APPROVE("reviewing", "guard_cloud", "effect_cloud", "4.1(2)②(g), 5.2(2)①", "承認・許可",
		"approve"),
	REJECT("reviewing", "5.2(2)①"),
	/* it is used on until what now has risks and measures to state is decided anew */
	{ .from = "approved", .action = "delisted", .to = "approved", .who = WHO_APPLICANT,
	  .offices = O(ISO) | O(DEPUTY_ISO), .needs = GIVE_COMMENT, .guard = "guard_listed",
	  .effect = "effect_delisted", .clause = "5.2(1), (2)①",
	  .ja = "ISMAP等の掲載取消しの判明", .en = "it is listed no more" },
	COMPLETE("guard_ended", "effect_cloud_ended", GIVE_ON, "5.2(2)①", "利用終了",
		 "the use has ended"),
	REPLACED("4.1(2)②(g), 5.2(2)①"),
	{ .action = NULL },
};
const struct workflow_kind kind_cloud_use = {
	.code = "cloud_use", .ja = "クラウドサービスの利用承認・許可", .en = "use of a cloud service",
	.clause = "4.1(2)②(g), 5.2(2)①", .guard = "guard_cloud",
	.subject = SUBJECT_ASSET, .types = "cloud_service", .applicants = OFFICES_KNOWN,
	.approver = OFFICE_INST_CISO, .escape = true, .term = TERM_MAY, .completion_ends = true,
	.members = cloud_members, .steps = cloud_steps,
};

/* Level, risks and conditions are those of the approval that is joined, as long as it stands. */
static const struct workflow_member join_members[] = {
	{ "service", "承認済みクラウドサービス", "approved service", MEMBER_CLOUD, true },
	{ "unit", "利用する部署", "unit that joins", MEMBER_UNIT, true },
	{ "confidentiality", "扱う情報の機密性", "level of its information", MEMBER_LEVEL, true },
	{ .name = NULL },
};
static const struct workflow_step join_steps[] = {
	APPROVE("submitted", "guard_join", "effect_join", "4.1(2)②(g), 5.2(2)①", "承認・許可",
		"approve"),
	REJECT("submitted", "5.2(2)①"),
	COMPLETE(NULL, NULL, 0, "5.2(2)②", "利用終了", "the use has ended"),
	REPLACED("4.1(2)②(g), 5.2(2)①"),
	/* sql/functions/54-effects-joins.sql */
	{ .from = "approved", .action = "parted", .to = "expired", .who = WHO_SYSTEM, DECIDED,
	  .clause = "4.1(2)②(g), 5.2(2)①", .ja = "参加したサービスの承認の終了",
	  .en = "what it had joined is approved no more" },
	{ .action = NULL },
};
const struct workflow_kind kind_cloud_join = {
	.code = "cloud_join", .ja = "承認済みクラウドサービスへの参加",
	.en = "joining an approved cloud service", .clause = "4.1(2)②(g), 5.2(2)①",
	.guard = "guard_join", .subject = SUBJECT_NONE, .applicants = OFFICES_KNOWN,
	.approver = OFFICE_INST_CISO, .escape = true, .term = TERM_MAY, .completion_ends = true,
	.members = join_members, .steps = join_steps,
};

static const struct workflow_member social_members[] = {
	{ "operators", "運用者", "who operates it", MEMBER_TEXT, true },
	{ "spoofing", "なりすまし対策", "against impersonation", MEMBER_TEXT, true },
	{ .name = NULL },
};
static const struct workflow_step social_steps[] = {
	APPROVE("submitted", "guard_social", "effect_social", "4.3(2)①(b)", "許可", "permit"),
	REJECT("submitted", "4.3(2)①(b)"),
	COMPLETE("guard_ended", "effect_social_closed", GIVE_ON, "4.3(2)①(b)", "廃止",
		 "the account is closed"),
	{ .action = NULL },
};
const struct workflow_kind kind_social_media = {
	.code = "social_media", .ja = "ソーシャルメディア運用の許可",
	.en = "operating a social media account", .clause = "4.3(2)①(b)",
	.undo = "undo_social", .guard = "guard_social",
	.subject = SUBJECT_ASSET, .types = "social_media", .applicants = O(ISO) | O(DEPUTY_ISO),
	.approver = OFFICE_INST_CISO, .escape = true, .completion_ends = true,
	.members = social_members, .steps = social_steps,
};

/* The way that is asked for, judged by 別表 at the real level: the register knows the service. */
#define WAY                                                                                       \
	{ "means", "手段", "means", MEMBER_CHOICE, true,                                          \
	  "mail file_transfer cloud_share media paper other" },                                   \
	{ "cloud_service", "クラウドサービス", "cloud service", MEMBER_CLOUD }
#define DESTINATIONS "internal other_institution outside"
static const struct workflow_member outside_members[] = {
	{ "information", "情報の内容", "information", MEMBER_TEXT, true },
	{ "confidentiality", "機密性", "level", MEMBER_LEVEL, true },
	{ "recipient", "提供先", "recipient", MEMBER_TEXT, true },
	{ "cautions", "取扱い上の留意事項", "how it is to be handled", MEMBER_TEXT, true },
	WAY,
	{ "destination", "提供先の区分", "kind of destination", MEMBER_CHOICE, false, DESTINATIONS },
	{ "permit", "先に得た許可", "permission obtained before", MEMBER_TEXT },
	{ .name = NULL },
};
static const struct workflow_step outside_steps[] = {
	APPROVE("submitted", "guard_outside", NULL, "3.1(2)③(b)(c)", "許可", "permit"),
	REJECT("submitted", "3.1(2)③(b)"),
	COMPLETE(NULL, NULL, 0, "4.1(2)⑧", "共有終了・削除", "the sharing has ended"),
	{ .action = NULL },
};
const struct workflow_kind kind_provide_outside = {
	.code = "provide_outside", .ja = "閲覧制限範囲外への提供許可",
	.en = "giving beyond those who may read", .clause = "3.1(2)③(b)(c)",
	.guard = "guard_outside",
	.subject = SUBJECT_ANY, .applicants = OFFICES_KNOWN, .approver = OFFICE_ISM,
	.escape = true, .term = TERM_MUST, .completion_ends = true, .members = outside_members,
	.steps = outside_steps,
};

static const struct workflow_member send_members[] = {
	{ "information", "情報の内容", "information", MEMBER_TEXT, true },
	{ "confidentiality", "機密性", "level", MEMBER_LEVEL, true },
	WAY,
	{ "destination", "送信先の区分", "kind of destination", MEMBER_CHOICE, true, DESTINATIONS },
	{ "recipient", "送信先", "recipient", MEMBER_TEXT, true },
	{ "encryption", "暗号化の方法", "how it is encrypted", MEMBER_TEXT, true },
	{ "misdelivery", "誤送信対策", "against misdelivery", MEMBER_TEXT, true },
	{ .name = NULL },
};
static const struct workflow_step send_steps[] = {
	APPROVE("submitted", "guard_sendable", NULL, "3.1(2)④(b)エ, 別表", "許可", "permit"),
	REJECT("submitted", "3.1(2)④(b)エ"),
	COMPLETE(NULL, NULL, 0, "3.1(2)④(b)エ", "送信済み", "it is sent"),
	{ .action = NULL },
};
const struct workflow_kind kind_send_share = {
	.code = "send_share", .ja = "送信・共有の許可（別表）", .en = "sending or sharing (別表)",
	.clause = "3.1(2)④(b)エ, 別表", .guard = "guard_sendable",
	.subject = SUBJECT_ANY, .applicants = OFFICES_KNOWN,
	.approver = OFFICE_INST_CISO, .escape = true, .term = TERM_MAY, .completion_ends = true,
	.members = send_members, .steps = send_steps,
};

static const struct workflow_member c4_members[] = {
	{ "restriction", "解く制限", "restriction that is lifted", MEMBER_CHOICE, true,
	  "no_copy designated_place isolated_only org_terminal_only minimal_copy locked_storage "
	  "limited_storage trusted_network" },
	{ "measures", "代わりの措置", "measures instead", MEMBER_TEXT, true },
	{ .name = NULL },
};
static const struct workflow_step c4_steps[] = {
	APPROVE("submitted", "guard_level_three", NULL, "2.2(2)②表", "許可", "permit"),
	REJECT("submitted", "2.2(2)②表"),
	{ .action = NULL },
};
const struct workflow_kind kind_c4_handling = {
	.code = "c4_handling", .ja = "機密性4・3の取扱制限の例外許可（機関CISO）",
	.en = "handling 機密性3 and 4 otherwise", .clause = "2.2(2)②表",
	.subject = SUBJECT_OBJECT, .applicants = OFFICES_KNOWN, .approver = OFFICE_INST_CISO,
	.validity = "exception_max", .term = TERM_MUST, .members = c4_members, .steps = c4_steps,
};
