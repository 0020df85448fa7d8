/* What handlers answer besides rows: of the standard, of media, 棚卸し, lives, reports, look-ups. */
#include "openapi_member.h"
#include "openapi_parts.h"

static const struct member rule[] = {
	{ "code", TEXT, 0, NULL, "REG-01 …" },
	{ "family", TEXT, 0, NULL, "What stands before the hyphen." },
	{ "ledger", TEXT, 0, NULL, "Table that it judges." },
	{ "mode", TEXT, 0, "R G F", "R refuses, G gates a step, F is reported." },
	{ "severity", TEXT, 0, "error warning info", "How grave it is." },
	{ "field", TEXT, MAY_BE_NULL, NULL, "Column that the message stands beside." },
	{ "clause", TEXT, 0, NULL, "Clauses of the standard, apart by commas." },
	{ "due", TEXT, MAY_BE_NULL, NULL, "Policy value: days to mend a finding." },
	{ "own_number", TEXT, MAY_BE_NULL, NULL, "By which the organisation itself knows them." },
	{ "ja", TEXT, 0, NULL, "Message in Japanese." },
	{ "en", TEXT, 0, NULL, "Message in English." },
	{ .name = NULL },
};

static const struct member clause[] = {
	{ "edition", TEXT, 0, NULL, "Edition of the standard: the day from which it is in force." },
	{ "clause", TEXT, 0, NULL, "2.1(2)④(g) … as printed; -1, -2 tell several duties apart." },
	{ "chapter", TEXT, 0, "1 2 3 4 5 6 7 別表 別紙", "Chapter." },
	{ "parent", TEXT, MAY_BE_NULL, NULL, "The clause that it stands below." },
	{ "title_ja", TEXT, 0, NULL, "What it is about, in words of the register." },
	{ "title_en", TEXT, 0, NULL, "The same in English." },
	{ "own_number", TEXT, MAY_BE_NULL, NULL, "By which the organisation itself knows it." },
	{ "own_title_ja", TEXT, MAY_BE_NULL, NULL, "What the organisation calls it." },
	{ "own_title_en", TEXT, MAY_BE_NULL, NULL, "The same in English." },
	{ .name = NULL },
};

static const struct member transfer[] = {
	{ "verdict", TEXT, 0, "ALLOW ENC PERMIT_ENC DENY DENY_P", "Yes; yes, encrypted; with a "
	  "permission, encrypted; no; no, unless permitted." },
	{ "text", TEXT, 0, NULL, "The same in the language of the answer." },
	{ "clause", TEXT, 0, NULL, "Where it stands." },
	{ "own_number", TEXT, MAY_BE_NULL, NULL, "By which the organisation itself knows that." },
	{ "service", TEXT, 0, "none core trusted other", "As what the service was read." },
	{ "workflow", TEXT, MAY_BE_NULL, NULL, "The application that is needed." },
	{ "permission", ONE, MAY_BE_NULL, "OfficeName", "The office whose permission is needed." },
	{ "encryption", FLAG, 0, NULL, "Must it be encrypted?" },
	{ "reminders", MANY, 0, "Reminder", "What else to mind." },
	{ .name = NULL },
};

static const struct member reminder[] = {
	{ "text", TEXT, 0, NULL, "In the language of the answer." },
	{ "clause", TEXT, 0, NULL, "Where it stands." },
	{ "own_number", TEXT, MAY_BE_NULL, NULL, "By which the organisation itself knows that." },
	{ "workflow", TEXT, MAY_BE_NULL, NULL, "The application that it speaks of." },
	{ .name = NULL },
};

static const struct member approved_service[] = {
	{ "asset_no", TEXT, 0, NULL, "管理番号; also the service of GET /transfer-check." },
	{ "institution", TEXT, 0, NULL, "Whose 機関CISO has approved it." },
	{ "name", TEXT, MAY_BE_NULL, NULL, "名称." },
	{ "provider", TEXT, MAY_BE_NULL, NULL, "クラウドサービス提供者." },
	{ "service", TEXT, 0, "core trusted other", "As what 別表 reads it." },
	{ "max_confidentiality", COUNT, MAY_BE_NULL, NULL,
	  "Up to this level; null: none is on record." },
	{ "conditions", TEXT, MAY_BE_NULL, NULL, "Under which it is approved." },
	{ "ismap", TEXT, MAY_BE_NULL, NULL, "ISMAP等クラウドサービスリスト." },
	{ "ismap_checked_on", DAY, MAY_BE_NULL, NULL, "The day on which that was looked up." },
	{ "approved_on", DAY, MAY_BE_NULL, NULL, "The day of the approval." },
	{ "valid_to", DAY, MAY_BE_NULL, NULL, "Its last day; null: no end." },
	{ "unit", TEXT, 0, NULL, "The unit whose service it is." },
	{ "joined", TEXTS, 0, NULL, "Units that have joined it (cloud_join)." },
	{ .name = NULL },
};

static const struct member approved_software[] = {
	{ "allow_no", TEXT, 0, NULL, "番号." },
	{ "institution", TEXT, 0, NULL, "機関." },
	{ "software_name", TEXT, 0, NULL, "ソフトウェア名." },
	{ "version_policy", TEXT, MAY_BE_NULL, NULL, "認めるバージョン." },
	{ "target", TEXT, 0, "terminal server both", "対象." },
	{ "reviewed_on", DAY, 0, NULL, "見直し日." },
	{ .name = NULL },
};

static const struct member media_check_answer[] = {
	{ "checked_on", TEXT, 0, NULL, "The day that was noted." },
	{ "numbers", COUNT, 0, NULL, "Different numbers that were sent." },
	{ "found", MANY, 0, "SeenMedium", "Media for which it was noted." },
	{ "unexpected", MANY, 0, "SeenMedium", "Those of them neither stored nor in use." },
	{ "not_allowed", TEXTS, 0, NULL, "Numbers of media that the office may not change." },
	{ "unknown", TEXTS, 0, NULL, "Numbers of no medium." },
	{ "area", TEXT, MAY_LACK, NULL, "The area that was gone through." },
	{ "missing", MANY, MAY_LACK, "MissingMedium", "Media kept there but not among them." },
	{ .name = NULL },
};

static const struct member seen_medium[] = {
	{ "media_no", TEXT, 0, NULL, "媒体管理番号." },
	{ "state", TEXT, 0, NULL, "What the register says." },
	{ "storage_area", TEXT, MAY_BE_NULL | MAY_LACK, NULL, "保管区域." },
	{ "checked_before", TEXT, MAY_BE_NULL | MAY_LACK, NULL, "The day noted before." },
	{ .name = NULL },
};

static const struct member missing_medium[] = {
	{ "media_no", TEXT, 0, NULL, "媒体管理番号." },
	{ "name", TEXT, MAY_BE_NULL, NULL, "媒体名." },
	{ "custodian", TEXT, MAY_BE_NULL, NULL, "保管責任者." },
	{ "confidentiality", COUNT, MAY_BE_NULL, NULL, "機密性分類." },
	{ .name = NULL },
};

static const struct member inventory_totals[] = {
	{ "expected", COUNT, 0, NULL, "Live rows, and those answered for that are none any more." },
	{ "answered", COUNT, 0, NULL, "Those of them that were answered for." },
	{ "rate", NUMBER, MAY_BE_NULL, NULL,
	  "The part of them, from 0 to 1; null where nothing is expected." },
	{ "answers", ONE, 0, "InventoryAnswers", "How many there are of each." },
	{ "ledgers", MANY, 0, "InventoryLedgerTotals", "The same figures by ledger." },
	{ "units", MANY, 0, "InventoryUnitTotals", "The same figures by unit." },
	{ .name = NULL },
};

static const struct member inventory_answers[] = {
	{ "confirmed", COUNT, 0, NULL, "It is as the register says." },
	{ "corrected", COUNT, 0, NULL, "It is, after a change." },
	{ "retired", COUNT, 0, NULL, "It is retired." },
	{ "not_found", COUNT, 0, NULL, "It was not found." },
	{ .name = NULL },
};

static const struct member ledger_totals[] = {
	{ "ledger", TEXT, 0, "assets media", "Of which." },
	{ "expected", COUNT, 0, NULL, "As above." },
	{ "answered", COUNT, 0, NULL, "As above." },
	{ "rate", NUMBER, 0, NULL, "As above." },
	{ .name = NULL },
};

static const struct member unit_totals[] = {
	{ "unit", TEXT, MAY_BE_NULL, NULL, "Of which; null: rows without one." },
	{ "expected", COUNT, 0, NULL, "As above." },
	{ "answered", COUNT, 0, NULL, "As above." },
	{ "rate", NUMBER, 0, NULL, "As above." },
	{ .name = NULL },
};

static const struct member outstanding_row[] = {
	{ "ledger", TEXT, 0, "assets media", "Where it stands." },
	{ "key", TEXT, 0, NULL, "管理番号." },
	{ "name", TEXT, MAY_BE_NULL, NULL, "名称." },
	{ "unit", TEXT, MAY_BE_NULL, NULL, "Unit of the row." },
	{ "person", TEXT, MAY_BE_NULL, NULL, "Login of who is to answer." },
	{ "person_name", TEXT, MAY_BE_NULL, NULL, "氏名." },
	{ "area", TEXT, MAY_BE_NULL, NULL, "Where it is kept." },
	{ "last_on", DAY, MAY_BE_NULL, NULL, "The day noted before." },
	{ "confidentiality", COUNT, MAY_BE_NULL, NULL, "機密性." },
	{ "answer", TEXT, MAY_BE_NULL, NULL, "Always null: to be filled in." },
	{ "note", TEXT, MAY_BE_NULL, NULL, "Always null: to be filled in." },
	{ .name = NULL },
};

static const struct member outstanding_person[] = {
	{ "person", TEXT, MAY_BE_NULL, NULL, "Login; null: rows that name nobody." },
	{ "person_name", TEXT, MAY_BE_NULL, NULL, "氏名." },
	{ "expected", COUNT, 0, NULL, "Rows of the person." },
	{ "answered", COUNT, 0, NULL, "Those of them that were answered for." },
	{ "outstanding", COUNT, 0, NULL, "Those that were not." },
	{ .name = NULL },
};

static const struct member outstanding[] = {
	{ "items", MANY, 0, "OutstandingRow OutstandingPerson", "With by=person: the latter." },
	{ "next", TEXT, MAY_BE_NULL, NULL, "The cursor of the next page; null on the last." },
	{ .name = NULL },
};

static const struct member inventory_answered[] = {
	{ "inventory_no", TEXT, 0, NULL, "The campaign." },
	{ "answered", COUNT, 0, NULL, "Answers that were taken." },
	{ "unchanged", COUNT, 0, NULL, "Those that had been given before." },
	{ "left_out", COUNT, 0, NULL, "Rows of the room that others answer for." },
	{ .name = NULL },
};

static const struct member action[] = {
	{ "action", TEXT, 0, NULL, "Last segment of the route: start, suspension …" },
	{ "label", TEXT, 0, NULL, "What it is, in the language of the answer." },
	{ "with", ONE, 0, "ActionWith", "Members of the body that make it this act." },
	{ "to", TEXT, 0, NULL, "State that it leads to." },
	{ "clause", TEXT, 0, NULL, "Clause of the standard." },
	{ "offices", MANY, 0, "OfficeName", "Who may." },
	{ "may", FLAG, 0, NULL, "May who asks, on this row, in this office?" },
	{ .name = NULL },
};

static const struct member action_with[] = {
	{ "adopted", FLAG, MAY_LACK, NULL, "Column of the row." },
	{ .name = NULL },
};

static const struct member action_list[] = {
	{ "items", MANY, 0, "Action", "What leads on from the state of the row." },
	{ .name = NULL },
};

static const struct member edition[] = {
	{ "code", TEXT, 0, NULL, "As in the clauses." },
	{ "title_ja", TEXT, 0, NULL, "Its title." },
	{ "title_en", TEXT, 0, NULL, "The same in English." },
	{ "in_force_from", DAY, 0, NULL, "The day from which it is in force." },
	{ .name = NULL },
};

static const struct member cited_rule[] = {
	{ "code", TEXT, 0, NULL, "REG-01 …" },
	{ "ledger", TEXT, 0, NULL, "Table that it judges." },
	{ "mode", TEXT, 0, "R G F", "R refuses, G gates a step, F is reported." },
	{ "severity", TEXT, 0, "error warning info", "How grave it is." },
	{ "field", TEXT, MAY_BE_NULL, NULL, "Column that the message stands beside." },
	{ "clause", TEXT, 0, NULL, "Clauses of the standard, apart by commas." },
	{ "ja", TEXT, 0, NULL, "Message in Japanese." },
	{ "en", TEXT, 0, NULL, "Message in English." },
	{ .name = NULL },
};

static const struct member clause_whole[] = {
	{ "clause", TEXT, 0, NULL, "As printed; -1, -2 tell several duties apart." },
	{ "chapter", TEXT, 0, "1 2 3 4 5 6 7 別表 別紙", "Chapter." },
	{ "parent", TEXT, MAY_BE_NULL, NULL, "The clause that it stands below." },
	{ "title_ja", TEXT, 0, NULL, "What it is about, in words of the register." },
	{ "title_en", TEXT, 0, NULL, "The same in English." },
	{ "own_number", TEXT, MAY_BE_NULL, NULL, "By which the organisation itself knows it." },
	{ "own_title_ja", TEXT, MAY_BE_NULL, NULL, "What the organisation calls it." },
	{ "own_title_en", TEXT, MAY_BE_NULL, NULL, "The same in English." },
	{ "edition", ONE, 0, "Edition", "In which it stands." },
	{ "below", TEXTS, 0, NULL, "Clauses that stand directly below it." },
	{ "rules", MANY, 0, "CitedRule", "Rules that cite it, or what stands below it." },
	{ .name = NULL },
};

/* ---- reports --------------------------------------------------------------------------------- */

static const struct member duty[] = {
	{ "kind", TEXT, 0, "asset medium office token session area", "What it is." },
	{ "role", TEXT, MAY_BE_NULL, NULL, "As what: sysadmin, user, custodian, an office …" },
	{ "institution", TEXT, MAY_BE_NULL, NULL, "機関 of it." },
	{ "ref", TEXT, 0, NULL, "Its number, code or id." },
	{ "label", TEXT, MAY_BE_NULL, NULL, "Its name; that of 機密性4 is left out." },
	{ "state", TEXT, MAY_BE_NULL, NULL, "State of an asset or a medium." },
	{ .name = NULL },
};

static const struct member leaver[] = {
	{ "login", COLUMN, 0, "Person.login", "Who leaves." },
	{ "name_ja", COLUMN, 0, "Person.name_ja", "氏名." },
	{ "institution", COLUMN, 0, "Person.institution", "機関 of the person." },
	{ "unit", COLUMN, 0, "Person.unit", "Unit of the person." },
	{ "active", COLUMN, 0, "Person.active", "May still log in." },
	{ "left_on", COLUMN, 0, "Person.left_on", "退職日." },
	{ "moved_on", COLUMN, 0, "Person.moved_on", "異動日." },
	{ "duties", MANY, 0, "Duty", "What hangs on the person." },
	{ .name = NULL },
};

static const struct member access_right[] = {
	{ "person", TEXT, 0, NULL, "Login." },
	{ "name_ja", TEXT, 0, NULL, "氏名." },
	{ "kind", TEXT, 0, "office token session", "What it is." },
	{ "ref", TEXT, 0, NULL, "Number of the appointment, id of the token or session." },
	{ "office", TEXT, MAY_BE_NULL, "@offices", "Which office." },
	{ "unit", TEXT, MAY_BE_NULL, NULL, "Unit that the office is for." },
	{ "scopes", TEXT, MAY_BE_NULL, NULL, "Of a token, apart by blanks." },
	{ "begins", DAY, MAY_BE_NULL, NULL, "First day." },
	{ "ends", DAY, MAY_BE_NULL, NULL, "Last day." },
	{ "bootstrap", FLAG, MAY_BE_NULL, NULL, "An office that was entered at the machine." },
	{ "last_used", MOMENT, MAY_BE_NULL, NULL,
	  "Of an office: the person's newest sign of life." },
	{ "unused", FLAG, 0, NULL, "For 90 days." },
	{ .name = NULL },
};

static const struct member review_state[] = {
	{ "institution", TEXT, 0, NULL, "機関." },
	{ "review_no", TEXT, MAY_BE_NULL, NULL, "Its newest review." },
	{ "reviewed_at", MOMENT, MAY_BE_NULL, NULL, "When that was signed." },
	{ "overdue", FLAG, 0, NULL, "There is none of the last 365 days." },
	{ .name = NULL },
};

static const struct member access_report[] = {
	{ "last_review", ONE, MAY_BE_NULL, "AccessReviewState", "How the 機関 stands." },
	{ "items", MANY, 0, "AccessRight", "By person." },
	{ "next", TEXT, MAY_BE_NULL, NULL, "Always null." },
	{ .name = NULL },
};

static const struct member access_review[] = {
	{ "review_no", TEXT, 0, NULL, "Number of the review." },
	{ "institution", TEXT, 0, NULL, "機関 whose rights were reviewed." },
	{ "person", TEXT, 0, NULL, "Login of who signed." },
	{ "office", TEXT, 0, "@offices", "Office in which the person signed." },
	{ "reviewed_at", MOMENT, 0, NULL, "When." },
	{ "comment", TEXT, MAY_BE_NULL, NULL, "What was said." },
	{ "rows", COUNT, 0, NULL, "Lines of the list." },
	{ "list_sha256", TEXT, 0, NULL, "SHA-256 of the list, in hexadecimal." },
	{ "list", TEXT, MAY_LACK, NULL,
	  "One right to a line, as JSON; where one review is asked for." },
	{ .name = NULL },
};

static const struct member access_reviews[] = {
	{ "institutions", MANY, 0, "AccessReviewState", "How each 機関 stands." },
	{ "items", MANY, 0, "AccessReview", "Newest first, 500 at most." },
	{ "next", TEXT, MAY_BE_NULL, NULL, "Always null." },
	{ .name = NULL },
};

const struct object openapi_answers[] = {
	{ "Rule", "One rule of the catalogue.", rule, NULL, false },
	{ "RuleList", "The catalogue of rules, by code.", NULL, "Rule", false },
	{ "Clause", "One clause of the standard.", clause, NULL, false },
	{ "ClauseList", "Clauses of the standard, in printed order.", NULL, "Clause", false },
	{ "ClauseWhole", "A clause with what belongs to it.", clause_whole, NULL, false },
	{ "Edition", "An edition of the standard.", edition, NULL, false },
	{ "CitedRule", "A rule that cites a clause.", cited_rule, NULL, false },
	{ "Transfer", "May it be sent, shared, carried?", transfer, NULL, false },
	{ "Reminder", "What to mind when sending.", reminder, NULL, false },
	{ "ApprovedService", "A cloud service that may be used.", approved_service, NULL, false },
	{ "ApprovedServiceList", "Cloud services that may be used.", NULL, "ApprovedService",
	  false },
	{ "ApprovedSoftware", "Software that may be used.", approved_software, NULL, false },
	{ "ApprovedSoftwareList", "Software that may be used, by name.", NULL, "ApprovedSoftware",
	  false },
	{ "MediaCheck", "What became of a list of numbers.", media_check_answer, NULL, false },
	{ "SeenMedium", "A medium that was seen.", seen_medium, NULL, false },
	{ "MissingMedium", "A medium that was not.", missing_medium, NULL, false },
	{ "InventoryTotals", "The figures of a 棚卸し.", inventory_totals, NULL, false },
	{ "InventoryAnswers", "Answers of a 棚卸し, counted.", inventory_answers, NULL, false },
	{ "InventoryLedgerTotals", "The figures of one ledger.", ledger_totals, NULL, false },
	{ "InventoryUnitTotals", "The figures of one unit.", unit_totals, NULL, false },
	{ "InventoryAnswered", "What became of answers.", inventory_answered, NULL, false },
	{ "OutstandingRow", "A row without an answer.", outstanding_row, NULL, false },
	{ "OutstandingPerson", "How many rows one person has.", outstanding_person, NULL, false },
	{ "Outstanding", "What is not answered for yet.", outstanding, NULL, false },
	{ "Action", "One act that a row is open to.", action, NULL, false },
	{ "ActionWith", "What the body says with it.", action_with, NULL, false },
	{ "ActionList", "What may be done with a row now.", action_list, NULL, false },
	{ "Duty", "What hangs on a person.", duty, NULL, false },
	{ "Leaver", "Somebody who has left or leaves.", leaver, NULL, false },
	{ "LeaverList", "Who leaves; newest first.", NULL, "Leaver", false },
	{ "AccessRight", "An office, a token or a session.", access_right, NULL, false },
	{ "AccessReviewState", "The newest review of a 機関.", review_state, NULL, false },
	{ "AccessReport", "The rights of the people in a 機関.", access_report, NULL, false },
	{ "AccessReview", "A review that was signed.", access_review, NULL, false },
	{ "AccessReviewList", "Reviews, and who is overdue.", access_reviews, NULL, false },
	{ .name = NULL },
};
