/* What handlers answer besides rows: of applications, their kinds, and system catalogues. */
#include "openapi_member.h"
#include "openapi_parts.h"

static const struct member action[] = {
	{ "action", TEXT, 0, NULL, "For the body of POST …/steps." },
	{ "to", COLUMN, 0, "Request.state", "State that it leads to." },
	{ "who", TEXTS, 0, "@who", "Who may, besides the offices." },
	{ "offices", TEXTS, 0, "* @offices", "Who may; *: anybody of the 機関." },
	{ "mine", FLAG, 0, NULL, "The caller may." },
	{ "refused", TEXTS, 0, NULL, "Otherwise the rules that say no." },
	{ "needs", TEXTS, 0, NULL, "Members that the body must have." },
	{ "takes", TEXTS, 0, NULL, "Members that it may have." },
	{ "documents", TEXTS, 0, "@documents", "What must be attached." },
	{ "missing", TEXTS, 0, "@documents", "Of those, what is not." },
	{ "decides", FLAG, 0, NULL, "It is the decision." },
	{ "clause", TEXT, 0, NULL, "Clause of the standard." },
	{ "ja", TEXT, 0, NULL, "What it is." },
	{ "en", TEXT, 0, NULL, "The same in English." },
	{ .name = NULL },
};

static const struct member step[] = {
	{ "position", COUNT, 0, NULL, "From 1 on." },
	{ "action", TEXT, 0, NULL, "What was done." },
	{ "from_state", COLUMN, 0, "Request.state", "Where it stood." },
	{ "to_state", COLUMN, 0, "Request.state", "Where it led." },
	{ "acted_by", TEXT, MAY_BE_NULL, NULL, "Login; null: the register itself." },
	{ "acted_office", TEXT, MAY_BE_NULL, NULL, "In which office." },
	{ "result", TEXT, MAY_BE_NULL, "pass conditional fail", "Of a check." },
	{ "comment", TEXT, MAY_BE_NULL, NULL, "Opinion or reason." },
	{ "given", ONE, 0, "StepGiven", "What else was given with it." },
	{ "subject_sha256", TEXT, MAY_BE_NULL, NULL, "Of what was decided over." },
	{ "acted_at", MOMENT, 0, NULL, "When." },
	{ .name = NULL },
};

/* What step_note() keeps: members of the body, and what the register adds. */
static const struct member given[] = {
	{ "case", TEXT, MAY_LACK, "absent urgent no_other", "Why the same person decides." },
	{ "reason", TEXT, MAY_LACK, NULL, "The same in words." },
	{ "person", TEXT, MAY_LACK, NULL, "Login of the one who is named." },
	{ "on", DAY, MAY_LACK, NULL, "A day." },
	{ "installed", TEXTS, MAY_LACK, NULL, "Names with versions, as they were installed." },
	{ "carried_out_by", TEXT, MAY_LACK, NULL, "Who did it." },
	{ "problem", FLAG, MAY_LACK, NULL, "Were problems found?" },
	{ "conditions", TEXT, MAY_LACK, NULL, "Under which it is permitted." },
	{ "valid_from", DAY, MAY_LACK, NULL, "First day of the permission." },
	{ "valid_to", DAY, MAY_LACK, NULL, "Last day of the permission." },
	{ "open", MANY, MAY_LACK, "HandedOver", "What was open when it was taken over." },
	{ "raise", ANY, MAY_LACK, NULL, "The rating that was raised at once: before, raised." },
	{ "outgoing", TEXT, MAY_BE_NULL | MAY_LACK, NULL, "Login of who had it before." },
	{ .name = NULL },
};

#define OPEN_ITEM                                                                             \
	{ "kind", TEXT, 0, "finding exception request", "What it is." },                      \
	{ "code", TEXT, 0, NULL, "The rule, or request_no." },                                \
	{ "since", DAY, 0, NULL, "From which day on." },                                      \
	{ "due_on", DAY, MAY_BE_NULL, NULL, "By which day." }

static const struct member handed_over[] = {
	OPEN_ITEM,
	{ .name = NULL },
};

static const struct member open_item[] = {
	OPEN_ITEM,
	{ "ja", TEXT, MAY_BE_NULL, NULL, "In words." },
	{ "en", TEXT, MAY_BE_NULL, NULL, "The same in English; null: of an exception." },
	{ .name = NULL },
};

static const struct member difference[] = {
	{ "part", TEXT, 0, NULL, "reason, payload, documents, asset, medium, area, catalogue, or "
	  "`named` and an asset_no." },
	{ "field", TEXT, MAY_BE_NULL, NULL, "Column or member; null: the part as a whole." },
	{ "label", TEXT, MAY_BE_NULL, NULL, "What it is called (Japanese)." },
	{ "before", ANY, 0, NULL, "Value before; null: none." },
	{ "after", ANY, 0, NULL, "Value now; null: none." },
	{ .name = NULL },
};

static const struct member diff[] = {
	{ "against", TEXT, MAY_BE_NULL, NULL,
	  "The application compared with; null: there is none." },
	{ "items", MANY, 0, "RequestDifference", "Part by part." },
	{ .name = NULL },
};

/* ---- kinds ----------------------------------------------------------------------------------- */

static const struct member kind[] = {
	{ "code", TEXT, 0, "@kinds", "For request_type." },
	{ "ja", TEXT, 0, NULL, "What it is." },
	{ "en", TEXT, 0, NULL, "The same in English." },
	{ "clause", TEXT, 0, NULL, "Clause of the standard." },
	{ "subject", TEXT, 0, "@subjects", "What it is about." },
	{ "types", TEXTS, 0, NULL, "Types or functions of the asset that it is about; none: any." },
	{ "applicants", TEXTS, 0, "* @offices", "Who may apply; *: anybody of the 機関." },
	{ "approver", TEXT, MAY_BE_NULL, "@offices", "Who decides; null: nobody." },
	{ "unavoidable", FLAG, 0, NULL, "The やむを得ない path is offered." },
	{ "term", TEXT, 0, "none may must office", "Does it have a last day?  That of an office "
		"is a member of the application." },
	{ "completion_ends", FLAG, 0, NULL, "Completed, it permits no more; else it stands." },
	{ "validity", TEXT, MAY_BE_NULL, NULL, "Policy value: longest term in days." },
	{ "members", MANY, 0, "WorkflowMember", "Of payload." },
	{ "steps", MANY, 0, "WorkflowStep", "From state to state." },
	{ .name = NULL },
};

static const struct member kind_member[] = {
	{ "name", TEXT, 0, NULL, "In payload." },
	{ "type", TEXT, 0, "@types", "What it holds." },
	{ "required", FLAG, 0, NULL, "Must be there at the submission." },
	{ "choices", TEXTS, MAY_BE_NULL, NULL, "Of a choice." },
	{ "ja", TEXT, 0, NULL, "What it is." },
	{ "en", TEXT, 0, NULL, "The same in English." },
	{ .name = NULL },
};

static const struct member kind_step[] = {
	{ "from", TEXT, 0, NULL, "State before." },
	{ "action", TEXT, 0, NULL, "What is done." },
	{ "to", TEXT, 0, NULL, "State after; *: back to where it was; =: "
	  "where the decision that is confirmed leads." },
	{ "who", TEXTS, 0, "@who", "Who may, besides the offices." },
	{ "offices", TEXTS, 0, "* @offices", "Who may; *: anybody of the 機関." },
	{ "not_same", TEXTS, 0, "@not", "Whom the actor must not be." },
	{ "decides", FLAG, 0, NULL, "It is the decision." },
	{ "documents", TEXTS, 0, "@documents", "What must be attached." },
	{ "needs", TEXTS, 0, NULL, "Members that the body must have." },
	{ "takes", TEXTS, 0, NULL, "Members that it may have." },
	{ "tells", TEXTS, 0, NULL, "Whom an e-mail tells of it: relations, offices." },
	{ "clause", TEXT, 0, NULL, "Clause of the standard." },
	{ "ja", TEXT, 0, NULL, "What it is." },
	{ "en", TEXT, 0, NULL, "The same in English." },
	{ .name = NULL },
};

/* ---- catalogues: what software differs; the sections are declared in the workflow room ------- */

static const struct member software_change[] = {
	{ "software_name", TEXT, 0, NULL, "Of the package." },
	{ "type", TEXT, MAY_LACK, NULL, "Type of the package URL." },
	{ "arch", TEXT, MAY_LACK, NULL, "Architecture." },
	{ "source_name", TEXT, MAY_LACK, NULL, "Of the source package." },
	{ "from", TEXTS, MAY_LACK, NULL, "Versions before; of what was added there are none." },
	{ "to", TEXTS, MAY_LACK, NULL, "Versions now; of what was removed there are none." },
	{ "purl", TEXTS, MAY_LACK, NULL, "Package URLs of these." },
	{ "new_product", FLAG, MAY_LACK, NULL, "true: no package of this name or source before." },
	{ "new_major", FLAG, MAY_LACK, NULL, "true: another major version than there was." },
	{ .name = NULL },
};

static const struct member software_diff[] = {
	{ "added", MANY, 0, "CatalogueSoftwareChange", "By name." },
	{ "removed", MANY, 0, "CatalogueSoftwareChange", "By name." },
	{ "changed", MANY, 0, "CatalogueSoftwareChange", "By name." },
	{ .name = NULL },
};

static const struct member note_change[] = {
	{ "from", TEXT, MAY_BE_NULL, NULL, "Before." },
	{ "to", TEXT, MAY_BE_NULL, NULL, "Now." },
	{ .name = NULL },
};

const struct object openapi_request_answers[] = {
	{ "RequestAction", "A step that leads on from here.", action, NULL, false },
	{ "RequestActionList", "What may be done now.", NULL, "RequestAction", false },
	{ "RequestStep", "A step that was taken.", step, NULL, false },
	{ "RequestStepList", "What was done, oldest first.", NULL, "RequestStep", false },
	{ "StepGiven", "What was given with a step.", given, NULL, false },
	{ "HandedOver", "What was open then.", handed_over, NULL, false },
	{ "OpenItem", "What a successor takes over.", open_item, NULL, false },
	{ "OpenItemList", "Findings, exceptions, applications.", NULL, "OpenItem", false },
	{ "RequestDifference", "One part that is different.", difference, NULL, false },
	{ "RequestDiff", "What is different.", diff, NULL, false },
	{ "WorkflowKind", "A kind of application.", kind, NULL, false },
	{ "WorkflowKindList", "The kinds, by code.", NULL, "WorkflowKind", false },
	{ "WorkflowMember", "A member of payload.", kind_member, NULL, false },
	{ "WorkflowStep", "A step of a kind.", kind_step, NULL, false },
	{ "CatalogueSoftwareChange", "A package that differs.", software_change, NULL, false },
	{ "CatalogueSoftwareDiff", "Software that differs.", software_diff, NULL, false },
	{ "CatalogueNoteChange", "The note, which differs.", note_change, NULL, false },
	{ .name = NULL },
};
