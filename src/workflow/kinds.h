/* The tables of kinds: one row each in kind.c, one table each in kinds_*.c. */
#ifndef WORKFLOW_KINDS_H
#define WORKFLOW_KINDS_H

#include <workflow/kind.h>

#define O(x) OFFICE_BIT(OFFICE_##x)
#define CSIRT (O(CSIRT_MEMBER) | O(CSIRT_LEADER))

/* D2: who decides is neither the applicant nor the person it is about. */
#define OTHERS (NOT_APPLICANT | NOT_SUBJECT)
/* The three documents of 2.1(2)⑧(f). */
#define THREE_DOCUMENTS (DOC_NECESSITY | DOC_CATALOGUE | DOC_CONTACTS)

/* 4.2: who learns what became of it. */
#define DECIDED                                                                                   \
	.tells = TELL_APPLICANT | TELL_SUBJECT | TELL_ADMIN, .tells_offices = O(ISM)

/* The two decisions on what was submitted, in the state `f`. */
#define APPROVE(f, g, e, c, j, en_)                                                               \
	{ .from = f, .action = "approve", .to = "approved", .who = WHO_APPROVER,                  \
	  .not_same = OTHERS, .decides = true, .takes = GIVE_CONDITIONS, .guard = g,              \
	  .effect = e, DECIDED, .clause = c, .ja = j, .en = en_ }
#define REFUSE(f, e, c)                                                                           \
	{ .from = f, .action = "reject", .to = "rejected", .who = WHO_APPROVER,                   \
	  .not_same = OTHERS, .decides = true, .needs = GIVE_COMMENT, .effect = e, DECIDED,       \
	  .clause = c,                                                                            \
	  .ja = "不許可・不承認", .en = "reject" }
#define REJECT(f, c) REFUSE(f, NULL, c)
#define OPINION(o, c)                                                                             \
	{ .from = "submitted", .action = "opinion", .to = "reviewing", .offices = o,              \
	  .not_same = NOT_APPLICANT, .needs = GIVE_COMMENT, .clause = c, .ja = "意見",            \
	  .en = "opinion" }
#define REVIEW(o, g, c, j, en_)                                                                   \
	{ .from = "submitted", .action = "review", .to = "reviewing", .offices = o,               \
	  .who = WHO_APPROVER, .not_same = NOT_APPLICANT, .guard = g, .clause = c, .ja = j,       \
	  .en = en_ }
/* Applicants carry out what was permitted, and say so. */
#define COMPLETE(g, e, needs_, c, j, en_)                                                         \
	{ .from = "approved", .action = "complete", .to = "completed", .who = WHO_APPLICANT,      \
	  .needs = needs_, .guard = g, .effect = e, .tells = TELL_APPLICANT | TELL_SUBJECT,       \
	  .clause = c, .ja = j, .en = en_ }

extern const struct workflow_kind kind_appoint_sysadmin, kind_qualification,
	kind_appoint_important_admin, kind_important_new, kind_important_convert,
	kind_important_software, kind_important_release, kind_handover, kind_recheck,
	kind_csirt_audit, kind_deputy_iso, kind_rating_review, kind_c4_offsite_work,
	kind_media_takeout, kind_non_issued_media, kind_non_issued_terminal,
	kind_network_connection, kind_software_use, kind_cloud_use, kind_cloud_join,
	kind_social_media,
	kind_provide_outside, kind_send_share, kind_c4_handling, kind_mail_auth_exemption,
	kind_log_period, kind_area_designation, kind_exception, kind_disposal, kind_transfer;

#endif
