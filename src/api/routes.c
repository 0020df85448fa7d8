/*
 * The route table: the only list of routes.  Offices and scope stand in the row; a row without
 * them refuses everyone.
 */
#include "handlers.h"

#define O(x) OFFICE_BIT(OFFICE_##x)

/* Who may read the ledgers, and who may write them (2.1(2), by 機関). */
#define READERS                                                                               \
	(O(CISO) | O(GENERAL_ISO) | O(INST_CISO) | O(ISO) | O(DEPUTY_ISO) | O(ISM) | O(SYSADMIN) | \
	 O(IMPORTANT_ADMIN) | O(OPERATOR) | O(CSIRT_MEMBER) | O(CSIRT_LEADER) |              \
	 O(GENERAL_CSIRT_LEADER) | O(AUDIT_CHIEF) | O(AUDITOR) | O(ADVISOR) | O(INCIDENT_DESK) | \
	 O(REGISTRY_ADMIN))
#define WRITERS                                                                               \
	(O(GENERAL_ISO) | O(ISO) | O(DEPUTY_ISO) | O(ISM) | O(SYSADMIN) | O(IMPORTANT_ADMIN) |    \
	 O(OPERATOR) | O(REGISTRY_ADMIN))
/* The ledgers themselves: by own rows, units or 機関 (the table of offices says how far). */
#define SEERS                                                                                 \
	((READERS & ~O(INCIDENT_DESK)) | O(RESEARCH_LEAD) | O(ZTA_LEAD) | O(STAFF))
#define MEDIA_SEERS (SEERS & ~(O(IMPORTANT_ADMIN) | O(ZTA_LEAD)))
#define HISTORIANS                                                                            \
	(SEERS & ~(O(OPERATOR) | O(ADVISOR) | O(RESEARCH_LEAD) | O(ZTA_LEAD) | O(STAFF)))
#define ASSET_WRITERS (WRITERS & ~O(ISM))
#define MEDIA_WRITERS (WRITERS & ~O(IMPORTANT_ADMIN))
/* Who may be named on a row, as 情報システム管理者, 担当者 or 保管責任者: they answer for it. */
#define ANSWERERS (WRITERS | O(RESEARCH_LEAD) | O(STAFF))
/* Findings are told of every register; what rows say of themselves, to all who see them. */
#define FINDERS ((READERS & ~O(INCIDENT_DESK)) | O(RESEARCH_LEAD))
/* 機関CSIRT stops what it sees, others what they write (2.1(2)⑥(c)). */
#define STOPPERS                                                                              \
	(O(GENERAL_ISO) | O(ISO) | O(DEPUTY_ISO) | O(SYSADMIN) | O(IMPORTANT_ADMIN) |             \
	 O(CSIRT_MEMBER) | O(CSIRT_LEADER))
/* Who confirms that nothing is left on a medium (6.2(2)③). */
#define CONFIRMERS (O(GENERAL_ISO) | O(ISO) | O(DEPUTY_ISO) | O(SYSADMIN))
/* Who keeps the list of units, areas and persons. */
#define KEEPERS (O(GENERAL_ISO) | O(ISO) | O(REGISTRY_ADMIN))

/* Who sets policy values and rating scales of a 機関 (2.1(2)②(a), ④(c)). */
#define OVERRIDERS (O(INST_CISO) | O(ISO))

/* Who appoints to offices at all, and who looks after the rights of a 機関 (7.1.3(2)③). */
#define APPOINTERS (O(CISO) | O(INST_CISO) | O(ISO))
#define REVIEWERS                                                                             \
	(O(CISO) | O(GENERAL_ISO) | O(INST_CISO) | O(ISO) | O(AUDIT_CHIEF) | O(AUDITOR) |         \
	 O(REGISTRY_ADMIN))

/* Reading: the same for every ledger.  As of a day for those who may read the history. */
#define ROUTES_READ(p, l, n, t, who, before) ROUTES_READ_AS(p, l, n, t, who, before, before)
/* of what is not kept by changes, but with its own beginning and end: no ?as_of= of the log */
#define ROUTES_READ_NOW(p, l, n, t, who, before) ROUTES_READ_AS(p, l, n, t, who, before, 0)
#define ROUTES_READ_AS(p, l, n, t, who, before, as_of)                                        \
	{ METHOD_GET, "/api/v1/" p, who, SCOPE_READ, BODY_NONE, 0, LANE_SHORT, records_list,  \
	  &l, "list" n, "List, search, export", t, p, .past = as_of },                \
	{ METHOD_GET, "/api/v1/" p "/{key}", who, SCOPE_READ, BODY_NONE, 0, LANE_SHORT,       \
	  records_get, &l, "get" n, "One row", t, p, .past = as_of },                 \
	{ METHOD_GET, "/api/v1/" p "/{key}/history", before, SCOPE_READ, BODY_NONE, 0,         \
	  LANE_SHORT, records_history, &l, "history" n, "What was changed, by whom", t, p }

#define ROUTES_CHANGE(p, l, n, t, who)                                                        \
	ROUTES_CHANGE_BY(p, l, n, t, who, records_replace, records_patch)
#define ROUTES_CHANGE_BY(p, l, n, t, who, replace, patch)                                     \
	{ METHOD_PUT, "/api/v1/" p "/{key}", who, SCOPE_WRITE, BODY_JSON, 0, LANE_SHORT,          \
	  replace, &l, "replace" n, "Replace a row", t, p },                            \
	{ METHOD_PATCH, "/api/v1/" p "/{key}", who, SCOPE_WRITE, BODY_JSON, 0, LANE_SHORT,        \
	  patch, &l, "change" n, "Change a row (merge patch)", t, p }

/* What is on record is never deleted. */
#define ROUTES_ROW(p, l, n, t, who, replace, patch)                                           \
	{ METHOD_POST, "/api/v1/" p, who, SCOPE_WRITE, BODY_JSON, 0, LANE_SHORT, records_create,  \
	  &l, "create" n, "Create a row", t, p },                                               \
	ROUTES_CHANGE_BY(p, l, n, t, who, replace, patch)
#define ROUTE_DELETE(p, l, n, t, who, what)                                                   \
	{ METHOD_DELETE, "/api/v1/" p "/{key}", who, SCOPE_WRITE, BODY_NONE, 0, LANE_SHORT,       \
	  records_delete, &l, "delete" n, what, t, p }
#define ROUTE_IMPORT(p, l, n, t, who)                                                         \
	{ METHOD_POST, "/api/v1/" p "/import", who, SCOPE_IMPORT, BODY_TABLE, 0, LANE_LONG,       \
	  imports_run, &l, "import" n, "Import a CSV table", t, p }

#define ROUTES_KEEP(p, l, n, t, who)                                                          \
	ROUTES_ROW(p, l, n, t, who, records_replace, records_patch), ROUTE_IMPORT(p, l, n, t, who)

/* Rows of a 機関 in place of defaults. */
#define ROUTES_OVERRIDE(p, l, n, t, who)                                                      \
	ROUTES_ROW(p, l, n, t, who, records_replace, records_patch),                          \
	ROUTE_DELETE(p, l, n, t, who, "Fall back to the default")

#define ROUTES_WRITE(p, l, n, t, who)                                                         \
	ROUTES_WRITE_BY(p, l, n, t, who, records_replace, records_patch)
#define ROUTES_WRITE_BY(p, l, n, t, who, replace, patch)                                      \
	ROUTES_ROW(p, l, n, t, who, replace, patch),                                          \
	ROUTE_DELETE(p, l, n, t, who, "Delete a row that never counted"),                     \
	ROUTE_IMPORT(p, l, n, t, who)

/* What is on record is not even edited. */
#define ROUTES_ADD(p, l, n, t, who)                                                           \
	{ METHOD_POST, "/api/v1/" p, who, SCOPE_WRITE, BODY_JSON, 0, LANE_SHORT, records_create,  \
	  &l, "create" n, "Create a row", t, p },                                               \
	ROUTE_IMPORT(p, l, n, t, who)

/* Movements under what moves. */
#define ROUTES_MOVE(p, what, who, writers, n)                                              \
	{ METHOD_GET, "/api/v1/" p "/{key}/movements", who, SCOPE_READ, BODY_NONE, 0, LANE_SHORT, \
	  movements_of_##what, &ledger_movement, "movementsOf" n, "Where it was taken", "media",  \
	  p },                                                                                \
	{ METHOD_POST, "/api/v1/" p "/{key}/movements", writers, SCOPE_WRITE, BODY_JSON, 0,       \
	  LANE_SHORT, movements_move_##what, &ledger_movement, "move" n,                      \
	  "It leaves (持出・貸出・運搬・提供)", "media", p }

/* One act in the life of a row; the offices are those of sql/rules/life.sql, a test compares. */
#define ROUTE_ACT(p, l, t, act, who, id, summary)                                             \
	{ METHOD_POST, "/api/v1/" p "/{key}/" act, who, SCOPE_WRITE, BODY_OPTIONAL, 0,            \
	  LANE_SHORT, records_act, &l, id, summary, t, p }

/* What can be done with a row, and its rating. */
#define ROUTES_LIFE(p, l, n, t, seers)                                                        \
	{ METHOD_GET, "/api/v1/" p "/{key}/actions", seers, SCOPE_READ, BODY_NONE, 0, LANE_SHORT, \
	  records_actions, &l, "actions" n, "What may be done now, and by whom", t, p },        \
	{ METHOD_POST, "/api/v1/" p "/{key}/rating", RATERS, SCOPE_WRITE, BODY_JSON, 0,           \
	  LANE_SHORT, records_rate, &l, "rate" n, "Confirm the rating (2.2(2)②)", t, p },       \
	{ METHOD_POST, "/api/v1/" p "/ratings", RATERS, SCOPE_WRITE, BODY_JSON, 0, LANE_SHORT,    \
	  records_rate_all, &l, "rateAll" n, "Confirm several ratings as they are", t, p }

/* What a row violates, and what it lacks. */
#define ROUTE_FINDINGS(p, l, n, t, who)                                                       \
	{ METHOD_GET, "/api/v1/" p "/{key}/findings", who, SCOPE_READ, BODY_NONE, 0, LANE_SHORT, \
	  findings_of_row, &l, "findingsOf" n, "Open findings, and columns that are missing", t, p }

/* What the rules say of a row, now or on a day that is over. */
#define ROUTE_JUDGE(p, l, n, t, see)                                                          \
	{ METHOD_GET, "/api/v1/" p "/{key}/judgement", see, SCOPE_READ, BODY_NONE, 0,         \
	  LANE_SHORT, records_judge, &l, "judge" n, "What the rules say of the row", t, p,      \
	  .past = HISTORIANS & (see) }

#define ROUTE_REQUEST(m, path, s, b, run, id, summary)                                            \
	{ METHOD_##m, "/api/v1/requests" path, OFFICES_KNOWN, SCOPE_##s, BODY_##b, 0,             \
	  LANE_SHORT, run, &ledger_request, id, summary, "requests", "requests" }

/* Catalogues: read from submission on, written by those who administer the server (⑧(e)). */
#define CATALOGUE_READERS (READERS & ~O(INCIDENT_DESK))
#define CATALOGUE_WRITERS (O(SYSADMIN) | O(IMPORTANT_ADMIN))
#define ROUTE_CATALOGUE(m, path, who, s, b, run, id, summary)                                     \
	{ METHOD_##m, "/api/v1/catalogues" path, who, SCOPE_##s, BODY_##b, 0, LANE_SHORT, run,    \
	  &ledger_catalogue, id, summary, "catalogues", "catalogues" }
#define ROUTE_SOFTWARE(m, id, summary)                                                        \
	{ METHOD_##m, "/api/v1/catalogues/{key}/software", CATALOGUE_WRITERS, SCOPE_WRITE,        \
	  BODY_SOFTWARE, 8 * 1024 * 1024, LANE_LONG, catalogues_put_software, &ledger_catalogue,   \
	  id, summary, "catalogues", "catalogues" }

#define ROUTE_PUBLIC(path, run, id, summary)                                                  \
	{ METHOD_GET, path, OFFICES_ANYONE, SCOPE_PUBLIC, BODY_NONE, 0, LANE_SHORT, run, NULL, id, \
	  summary, "system" }

/* What everybody does with their own account; most of it takes a session. */
#define ROUTE_SELF(m, path, s, b, run, id, summary, how)                                      \
	{ METHOD_##m, path, OFFICES_KNOWN, SCOPE_##s, BODY_##b, 0, LANE_SHORT, run, NULL, id,     \
	  summary, "sessions", "sessions", .confirm = CONFIRM_##how,                            \
	  .secret = METHOD_##m != METHOD_GET }

const struct route routes[] = {
	ROUTES_READ("assets", ledger_asset, "Asset", "assets",
		    SEERS, HISTORIANS),
	ROUTES_WRITE("assets", ledger_asset, "Asset", "assets", ASSET_WRITERS),
	ROUTES_LIFE("assets", ledger_asset, "Asset", "assets", SEERS),
	ROUTE_FINDINGS("assets", ledger_asset, "Asset", "assets", SEERS),
	ROUTE_JUDGE("assets", ledger_asset, "Asset", "assets", SEERS),
	ROUTE_ACT("assets", ledger_asset, "assets", "registration", ASSET_WRITERS,
		  "registerAsset", "Register a draft"),
	ROUTE_ACT("assets", ledger_asset, "assets", "start", ASSET_WRITERS & ~O(REGISTRY_ADMIN),
		  "startAsset", "Begin operation"),
	ROUTE_ACT("assets", ledger_asset, "assets", "suspension", STOPPERS, "suspendAsset",
		  "Stop or cut off at once (2.1(2)⑥(c))"),
	ROUTE_ACT("assets", ledger_asset, "assets", "resumption", STOPPERS, "resumeAsset",
		  "Put back into operation"),
	ROUTE_ACT("assets", ledger_asset, "assets", "retirement", ASSET_WRITERS, "retireAsset",
		  "Retire a row"),
	ROUTE_ACT("assets", ledger_asset, "assets", "sanitisation",
		  CONFIRMERS | O(IMPORTANT_ADMIN), "sanitiseAsset",
		  "Confirm that its media are sanitised"),
	ROUTE_ACT("assets", ledger_asset, "assets", "disposal", ASSET_WRITERS & ~O(REGISTRY_ADMIN),
		  "disposeAsset", "Dispose of it"),
	ROUTE_ACT("assets", ledger_asset, "assets", "loss", ASSET_WRITERS & ~O(REGISTRY_ADMIN),
		  "loseAsset", "Report it lost or stolen"),
	ROUTE_ACT("assets", ledger_asset, "assets", "recovery", ASSET_WRITERS & ~O(REGISTRY_ADMIN),
		  "recoverAsset", "It is found again"),

	ROUTES_READ("asset-users", ledger_asset_user, "AssetUser", "assets",
		    SEERS, HISTORIANS),
	ROUTES_WRITE("asset-users", ledger_asset_user, "AssetUser", "assets", ASSET_WRITERS),

	/* basic columns of the 機関, 2.1(2)⑧(h), ⑬(c); whoever reaches the 機関 has the ledger */
	{ METHOD_GET, "/api/v1/directory", O(SYSADMIN) | O(INCIDENT_DESK), SCOPE_READ, BODY_NONE,
	  0, LANE_SHORT, records_list, &ledger_directory, "listDirectory",
	  "Which system is whose", "assets", "assets" },

	ROUTES_READ("media", ledger_media, "Medium", "media",
		    MEDIA_SEERS, HISTORIANS & MEDIA_SEERS),
	ROUTES_WRITE("media", ledger_media, "Medium", "media", MEDIA_WRITERS),
	ROUTES_LIFE("media", ledger_media, "Medium", "media", MEDIA_SEERS),
	ROUTE_FINDINGS("media", ledger_media, "Medium", "media", MEDIA_SEERS),
	ROUTE_JUDGE("media", ledger_media, "Medium", "media", MEDIA_SEERS),
	ROUTE_ACT("media", ledger_media, "media", "registration", MEDIA_WRITERS,
		  "registerMedium", "Register a draft"),
	ROUTE_ACT("media", ledger_media, "media", "use", MEDIA_WRITERS & ~O(REGISTRY_ADMIN),
		  "useMedium", "Take it into use"),
	ROUTE_ACT("media", ledger_media, "media", "storage", MEDIA_WRITERS & ~O(REGISTRY_ADMIN),
		  "storeMedium", "Put it back into storage"),
	ROUTE_ACT("media", ledger_media, "media", "loss", MEDIA_WRITERS & ~O(REGISTRY_ADMIN),
		  "loseMedium", "Report it lost or stolen"),
	ROUTE_ACT("media", ledger_media, "media", "recovery", MEDIA_WRITERS & ~O(REGISTRY_ADMIN),
		  "recoverMedium", "It is found again"),
	ROUTE_ACT("media", ledger_media, "media", "retirement", MEDIA_WRITERS, "retireMedium",
		  "Retire a row"),
	ROUTE_ACT("media", ledger_media, "media", "sanitisation", CONFIRMERS, "sanitiseMedium",
		  "Confirm that it is sanitised"),
	ROUTE_ACT("media", ledger_media, "media", "disposal", MEDIA_WRITERS & ~O(REGISTRY_ADMIN),
		  "disposeMedium", "Dispose of it"),

	/* what the rules ask about beside the two ledgers */
	ROUTES_READ("contracts", ledger_contract, "Contract", "register", READERS, READERS),
	ROUTES_WRITE("contracts", ledger_contract, "Contract", "register", WRITERS),
	ROUTES_READ("documents", ledger_document, "Document", "register", READERS, READERS),
	ROUTES_WRITE("documents", ledger_document, "Document", "register", WRITERS),
	ROUTES_READ("emergency-contacts", ledger_contact, "EmergencyContact", "register", READERS,
		    READERS),
	ROUTES_WRITE("emergency-contacts", ledger_contact, "EmergencyContact", "register",
		     ASSET_WRITERS),
	ROUTES_READ("connections", ledger_connection, "Connection", "register", SEERS, HISTORIANS),
	ROUTES_WRITE("connections", ledger_connection, "Connection", "register", ASSET_WRITERS),
	ROUTES_READ("software-allowlist", ledger_allowlist, "AllowedSoftware", "register", SEERS,
		    HISTORIANS),
	ROUTES_WRITE("software-allowlist", ledger_allowlist, "AllowedSoftware", "register",
		     ASSET_WRITERS),
	ROUTES_READ("asset-software", ledger_asset_software, "AssetSoftware", "register", SEERS,
		    HISTORIANS),
	ROUTES_WRITE("asset-software", ledger_asset_software, "AssetSoftware", "register",
		     ASSET_WRITERS),

	/* applications: parties need no office; who may take which step is judged by the row */
	ROUTE_REQUEST(GET, "", READ, NONE, requests_list, "listRequest", "List, search, export"),
	ROUTE_REQUEST(GET, "/{key}", READ, NONE, requests_get, "getRequest", "One row"),
	{ METHOD_GET, "/api/v1/requests/{key}/history", HISTORIANS, SCOPE_READ, BODY_NONE, 0,
	  LANE_SHORT, records_history, &ledger_request, "historyRequest",
	  "What was changed, by whom", "requests", "requests" },
	ROUTE_REQUEST(POST, "", WRITE, JSON, requests_create, "createRequest",
		      "Begin an application"),
	ROUTE_REQUEST(PATCH, "/{key}", WRITE, JSON, requests_edit, "changeRequest",
		      "Edit one's own, before it is submitted"),
	ROUTE_REQUEST(GET, "/{key}/steps", READ, NONE, requests_timeline, "listRequestSteps",
		      "What was done, by whom"),
	ROUTE_REQUEST(POST, "/{key}/steps", WRITE, JSON, requests_step, "stepRequest",
		      "Submit, decide, revoke …"),
	ROUTE_REQUEST(GET, "/{key}/actions", READ, NONE, requests_actions, "listRequestActions",
		      "What may be done now, by whom"),
	ROUTE_REQUEST(GET, "/{key}/attachments", READ, NONE, requests_attachments,
		      "listRequestAttachments", "Its documents"),
	ROUTE_REQUEST(POST, "/{key}/attachments", WRITE, JSON, requests_attach,
		      "attachToRequest", "One more document, by digest"),
	ROUTE_REQUEST(POST, "/bundles", WRITE, JSON, requests_bundle, "createRequestBundle",
		      "Begin several, each to be decided after the one before"),
	ROUTE_REQUEST(GET, "/{key}/bundle", READ, NONE, requests_chain, "listRequestBundle",
		      "It, and those that follow it"),
	ROUTE_REQUEST(POST, "/{key}/bundle", WRITE, NONE, requests_submit_chain,
		      "submitRequestBundle", "Submit it, and those that follow it"),
	ROUTE_REQUEST(GET, "/{key}/diff", READ, NONE, requests_diff, "diffRequest",
		      "What is different from what was permitted before"),
	ROUTE_REQUEST(GET, "/{key}/open-items", READ, NONE, requests_open_items,
		      "listRequestOpenItems", "What is open about the server"),
	{ METHOD_GET, "/api/v1/workflow/kinds", OFFICES_KNOWN, SCOPE_READ, BODY_NONE, 0,
	  LANE_SHORT, workflow_kinds_list, NULL, "listWorkflowKinds",
	  "Kinds of application with their steps", "requests", "requests" },

	/* システム構成カタログ */
	{ METHOD_GET, "/api/v1/catalogues", CATALOGUE_READERS, SCOPE_READ, BODY_NONE, 0,
	  LANE_SHORT, catalogues_list, &ledger_catalogue, "listCatalogue", "List, search, export",
	  "catalogues", "catalogues", .past = CATALOGUE_READERS & HISTORIANS },
	{ METHOD_GET, "/api/v1/catalogues/{key}", CATALOGUE_READERS, SCOPE_READ, BODY_NONE, 0,
	  LANE_SHORT, catalogues_get, &ledger_catalogue, "getCatalogue", "One version",
	  "catalogues", "catalogues", .past = CATALOGUE_READERS & HISTORIANS },
	ROUTE_CATALOGUE(GET, "/{key}/history", CATALOGUE_READERS & HISTORIANS, READ, NONE,
			records_history, "historyCatalogue", "What was changed, by whom"),
	ROUTE_CATALOGUE(POST, "", CATALOGUE_WRITERS, WRITE, JSON, catalogues_create,
			"createCatalogue", "Begin a version, as a copy of the last"),
	ROUTE_CATALOGUE(PATCH, "/{key}", CATALOGUE_WRITERS, WRITE, JSON, catalogues_edit,
			"changeCatalogue", "Edit a draft (merge patch)"),
	ROUTE_CATALOGUE(DELETE, "/{key}", CATALOGUE_WRITERS, WRITE, NONE, catalogues_discard,
			"discardCatalogue", "Throw a draft away"),
	ROUTE_CATALOGUE(POST, "/{key}/submission", CATALOGUE_WRITERS, WRITE, NONE,
			catalogues_submit, "submitCatalogue",
			"提出: to the 機関CISO, open to the CSIRT at once"),
	ROUTE_CATALOGUE(GET, "/{key}/diff", CATALOGUE_READERS, READ, NONE, catalogues_diff,
			"diffCatalogue", "What differs from another version"),
	{ METHOD_GET, "/api/v1/catalogues/{key}/software", CATALOGUE_READERS, SCOPE_READ,
	  BODY_NONE, 0, LANE_LONG, catalogues_software, &ledger_catalogue,
	  "listCatalogueSoftware", "Its software", "catalogues", "catalogues" },
	ROUTE_SOFTWARE(PUT, "replaceCatalogueSoftware", "Replace the software of a draft"),
	ROUTE_SOFTWARE(POST, "addCatalogueSoftware", "Add software to a draft"),
	ROUTES_READ("exceptions", ledger_exception, "ExceptionGrant", "register", SEERS,
		    HISTORIANS),
	ROUTES_KEEP("exceptions", ledger_exception, "ExceptionGrant", "register", O(INST_CISO)),
	ROUTES_READ("disposals", ledger_disposal, "Disposal", "register", SEERS, HISTORIANS),
	ROUTES_KEEP("disposals", ledger_disposal, "Disposal", "register", WRITERS),

	/* what moves: recorded, prolonged, returned, never edited */
	ROUTES_READ("movements", ledger_movement, "Movement", "media", SEERS, HISTORIANS),
	ROUTES_ADD("movements", ledger_movement, "Movement", "media", WRITERS),
	ROUTES_MOVE("media", medium, MEDIA_SEERS, MEDIA_WRITERS, "Medium"),
	ROUTES_MOVE("assets", asset, SEERS, ASSET_WRITERS, "Asset"),
	{ METHOD_POST, "/api/v1/movements/{key}/return", WRITERS, SCOPE_WRITE, BODY_OPTIONAL, 0,
	  LANE_SHORT, movements_return, &ledger_movement, "returnMovement", "It came back",
	  "media", "movements" },
	{ METHOD_POST, "/api/v1/movements/{key}/prolongation", WRITERS, SCOPE_WRITE, BODY_JSON, 0,
	  LANE_SHORT, movements_prolong, &ledger_movement, "prolongMovement",
	  "It comes back later than said", "media", "movements" },
	{ METHOD_POST, "/api/v1/media/checks", MEDIA_WRITERS, SCOPE_WRITE, BODY_LIST, 0, LANE_LONG,
	  media_check, NULL, "checkMedia", "These media have been seen (現物確認)", "media",
	  "media" },

	/* 棚卸し */
	{ METHOD_GET, "/api/v1/inventories", SEERS, SCOPE_READ, BODY_NONE, 0, LANE_SHORT,
	  records_list, &ledger_inventory, "listInventory", "List, search, export", "inventories",
	  "inventories", .past = HISTORIANS },
	{ METHOD_GET, "/api/v1/inventories/{key}", SEERS, SCOPE_READ, BODY_NONE, 0, LANE_LONG,
	  inventories_get, &ledger_inventory, "getInventory", "One campaign with its figures",
	  "inventories", "inventories" },
	{ METHOD_GET, "/api/v1/inventories/{key}/history", HISTORIANS, SCOPE_READ, BODY_NONE, 0,
	  LANE_SHORT, records_history, &ledger_inventory, "historyInventory",
	  "What was changed, by whom", "inventories", "inventories" },
	{ METHOD_POST, "/api/v1/inventories", O(GENERAL_ISO) | O(ISO), SCOPE_WRITE, BODY_JSON, 0,
	  LANE_SHORT, records_create, &ledger_inventory, "createInventory", "Begin a campaign",
	  "inventories", "inventories" },
	{ METHOD_PATCH, "/api/v1/inventories/{key}", O(GENERAL_ISO) | O(ISO), SCOPE_WRITE,
	  BODY_JSON, 0, LANE_SHORT, records_patch, &ledger_inventory, "changeInventory",
	  "Move its end (merge patch)", "inventories", "inventories" },
	{ METHOD_POST, "/api/v1/inventories/{key}/closing", O(GENERAL_ISO) | O(ISO), SCOPE_WRITE,
	  BODY_OPTIONAL, 0, LANE_SHORT, inventories_close, &ledger_inventory, "closeInventory",
	  "End it today", "inventories", "inventories" },
	{ METHOD_POST, "/api/v1/inventories/{key}/answers", ANSWERERS, SCOPE_WRITE,
	  BODY_LIST, 4 * 1024 * 1024, LANE_LONG, inventories_answer, &ledger_inventory,
	  "answerInventory", "Confirm, correct or retire own rows", "inventories",
	  "inventories" },
	{ METHOD_GET, "/api/v1/inventories/{key}/outstanding", SEERS, SCOPE_READ, BODY_NONE, 0,
	  LANE_LONG, inventories_outstanding, &ledger_inventory, "outstandingInventory",
	  "Rows nobody has answered for, and whose they are", "inventories", "inventories" },

	/* made by the system; only orders to mend are given here (3.4.1(2)③) */
	ROUTES_READ_NOW("findings", ledger_finding, "Finding", "findings", FINDERS,
		    FINDERS & HISTORIANS),
	{ METHOD_GET, "/api/v1/findings/counts", FINDERS, SCOPE_READ, BODY_NONE, 0, LANE_LONG,
	  findings_counts, &ledger_finding, "countFindings",
	  "How many, by rule, 機関, unit, severity", "findings", "findings" },
	{ METHOD_POST, "/api/v1/findings/refresh", O(GENERAL_ISO) | O(ISO) | O(REGISTRY_ADMIN),
	  SCOPE_WRITE, BODY_NONE, 0, LANE_LONG, findings_refresh, &ledger_finding,
	  "refreshFindings", "Judge all rows now", "findings", "findings" },
	{ METHOD_POST, "/api/v1/findings/{key}/instruction", O(GENERAL_ISO) | O(ISO) |
	  O(DEPUTY_ISO), SCOPE_WRITE, BODY_JSON, 0, LANE_SHORT, findings_instruct,
	  &ledger_finding, "instructFinding", "整備指示: order that it be mended by a day",
	  "findings", "findings", .confirm = CONFIRM_DECISION },

	/* a new 機関 is made where the machine stands (daicho import), not over HTTP */
	ROUTES_READ("institutions", ledger_institution, "Institution", "organisation",
		    READERS, READERS),
	ROUTES_CHANGE("institutions", ledger_institution, "Institution", "organisation", KEEPERS),

	ROUTES_READ("units", ledger_unit, "Unit", "organisation",
		    READERS, READERS),
	ROUTES_WRITE("units", ledger_unit, "Unit", "organisation", KEEPERS),

	ROUTES_READ("areas", ledger_area, "Area", "organisation",
		    READERS, READERS),
	ROUTES_WRITE("areas", ledger_area, "Area", "organisation", KEEPERS | O(SYSADMIN)),

	ROUTES_READ("persons", ledger_person, "Person", "organisation",
		    READERS, READERS),
	/* who leaves hands over: ?successor= */
	ROUTES_WRITE_BY("persons", ledger_person, "Person", "organisation", KEEPERS,
			persons_replace, persons_patch),

	/* made and revoked by who appoints (org/appointing.h), never changed */
	{ METHOD_GET, "/api/v1/offices", READERS, SCOPE_READ, BODY_NONE, 0, LANE_SHORT,
	  records_list, &ledger_office, "listAppointment", "List, search, export", "organisation",
	  "offices", .past = READERS },
	{ METHOD_GET, "/api/v1/offices/{key}", READERS, SCOPE_READ, BODY_NONE, 0, LANE_SHORT,
	  offices_get, &ledger_office, "getAppointment", "One row", "organisation", "offices",
	  .past = READERS },
	{ METHOD_GET, "/api/v1/offices/{key}/history", READERS, SCOPE_READ, BODY_NONE, 0,
	  LANE_SHORT, records_history, &ledger_office, "historyAppointment",
	  "What was changed, by whom", "organisation", "offices" },
	{ METHOD_POST, "/api/v1/offices", APPOINTERS, SCOPE_WRITE, BODY_JSON, 0, LANE_SHORT,
	  offices_appoint, &ledger_office, "appoint", "Appoint to an office", "organisation",
	  "offices", .confirm = CONFIRM_DECISION },
	{ METHOD_POST, "/api/v1/offices/{key}/revocation", APPOINTERS, SCOPE_WRITE, BODY_JSON, 0,
	  LANE_SHORT, offices_revoke, &ledger_office, "revokeAppointment",
	  "End an appointment", "organisation", "offices", .confirm = CONFIRM_DECISION },

	{ METHOD_GET, "/api/v1/reports/leavers", REVIEWERS | O(SYSADMIN), SCOPE_READ, BODY_NONE, 0,
	  LANE_LONG, report_leavers, NULL, "reportLeavers",
	  "Who has left or will, with what hangs on them", "reports", "reports" },
	{ METHOD_GET, "/api/v1/reports/access-review", REVIEWERS, SCOPE_READ, BODY_NONE, 0,
	  LANE_LONG, report_access, NULL, "reportAccess",
	  "Offices, tokens and sessions of one 機関, with last use", "reports", "reports" },
	{ METHOD_GET, "/api/v1/access-reviews", REVIEWERS, SCOPE_READ, BODY_NONE, 0, LANE_SHORT,
	  reviews_list, NULL, "listAccessReviews", "Yearly reviews that were signed", "reports",
	  "reports" },
	{ METHOD_GET, "/api/v1/access-reviews/{key}", REVIEWERS, SCOPE_READ, BODY_NONE, 0,
	  LANE_SHORT, reviews_get, NULL, "getAccessReview", "One of them with the signed list",
	  "reports", "reports" },
	{ METHOD_POST, "/api/v1/access-reviews", O(INST_CISO) | O(ISO), SCOPE_WRITE, BODY_JSON, 0,
	  LANE_LONG, reviews_sign, NULL, "signAccessReview",
	  "Sign the list of rights as it is now", "reports", "reports",
	  .confirm = CONFIRM_DECISION },

	{ METHOD_GET, "/api/v1/imports", READERS, SCOPE_READ, BODY_NONE, 0, LANE_SHORT,
	  imports_list, NULL, "listImports", "Earlier imports, newest first", "imports",
	  "imports" },
	{ METHOD_GET, "/api/v1/imports/{key}", READERS, SCOPE_READ, BODY_NONE, 0, LANE_SHORT,
	  imports_get, NULL, "getImport", "One import with its report", "imports", "imports" },
	{ METHOD_GET, "/api/v1/rules", READERS, SCOPE_READ, BODY_NONE, 0, LANE_SHORT, rules_list,
	  NULL, "listRules", "Rules by which rows are judged", "rules", "rules" },

	/* the standard itself is for everybody who works by it */
	{ METHOD_GET, "/api/v1/clauses", OFFICES_KNOWN, SCOPE_READ, BODY_NONE, 0, LANE_SHORT,
	  clauses_list, NULL, "listClauses", "Clauses of the standard", "rules", "rules" },
	{ METHOD_GET, "/api/v1/clauses/{clause}", OFFICES_KNOWN, SCOPE_READ, BODY_NONE, 0,
	  LANE_SHORT, clauses_get, NULL, "getClause", "One clause with the rules that cite it",
	  "rules", "rules" },
	{ METHOD_GET, "/api/v1/transfer-check", OFFICES_KNOWN, SCOPE_READ, BODY_NONE, 0,
	  LANE_SHORT, transfer_check, NULL, "checkTransfer",
	  "May this be sent, shared, carried (別表)?", "rules", "rules" },

	/* what the 機構 has set is read by everybody, and overridden for a 機関 by its officers */
	ROUTES_READ("policies", ledger_policy, "Policy", "rules", OFFICES_KNOWN, READERS),
	ROUTES_OVERRIDE("policies", ledger_policy, "Policy", "rules", OVERRIDERS),
	ROUTES_READ("rating-levels", ledger_rating_level, "RatingLevel", "rules", OFFICES_KNOWN,
		    READERS),
	ROUTES_OVERRIDE("rating-levels", ledger_rating_level, "RatingLevel", "rules", OVERRIDERS),

	{ METHOD_GET, "/api/v1/me", OFFICES_KNOWN, SCOPE_READ, BODY_NONE, 0, LANE_SHORT, whoami,
	  NULL, "whoAmI", "The person behind the token, with offices in force", "system" },

	{ METHOD_GET, "/whoami", OFFICES_KNOWN, SCOPE_READ, BODY_NONE, 0, LANE_SHORT, whoami_page,
	  NULL, "whoAmIPage", "The same as a page, also for whom a proxy names", "system",
	  .pages = true },

	{ METHOD_GET, "/api/v1/tokens", OFFICES_KNOWN, SCOPE_READ, BODY_NONE, 0, LANE_SHORT,
	  tokens_list, NULL, "listTokens", "Tokens, newest first", "tokens", "tokens" },
	{ METHOD_GET, "/api/v1/tokens/{id}", OFFICES_KNOWN, SCOPE_READ, BODY_NONE, 0, LANE_SHORT,
	  tokens_get, NULL, "getToken", "One token, without its secret", "tokens", "tokens" },
	{ METHOD_POST, "/api/v1/tokens", OFFICES_KNOWN, SCOPE_WRITE, BODY_JSON, 0, LANE_SHORT,
	  tokens_issue, NULL, "issueToken", "A token for oneself; it is shown once", "tokens",
	  "tokens", .confirm = CONFIRM_SESSION, .secret = true },
	{ METHOD_POST, "/api/v1/tokens/{id}/rotation", OFFICES_KNOWN, SCOPE_WRITE, BODY_NONE,
	  0, LANE_SHORT, tokens_rotate, NULL, "rotateToken", "A new secret in its place",
	  "tokens", "tokens", .secret = true },
	{ METHOD_DELETE, "/api/v1/tokens/{id}", OFFICES_KNOWN, SCOPE_WRITE, BODY_NONE, 0,
	  LANE_SHORT, tokens_revoke, NULL, "revokeToken", "End a token", "tokens", "tokens" },

	{ METHOD_POST, "/api/v1/sessions", OFFICES_ANYONE, SCOPE_PUBLIC, BODY_JSON, 4096,
	  LANE_SHORT, sessions_create, NULL, "login", "Log in", "sessions", .secret = true },
	ROUTE_SELF(GET, "/api/v1/sessions", READ, NONE, sessions_list, "listSessions",
		   "Your sessions, newest first", NONE),
	ROUTE_SELF(GET, "/api/v1/sessions/current", READ, NONE, sessions_current,
		   "currentSession", "The session that asks, with its X-CSRF-Token", SESSION),
	ROUTE_SELF(DELETE, "/api/v1/sessions/current", WRITE, NONE, sessions_logout, "logout",
		   "Log out", SESSION),
	ROUTE_SELF(DELETE, "/api/v1/sessions/{key}", WRITE, NONE, sessions_end, "endSession",
		   "End one of your sessions", SESSION),
	ROUTE_SELF(POST, "/api/v1/sessions/reauthentication", WRITE, JSON,
		   sessions_reauthenticate, "reauthenticate",
		   "Prove again who you are, before a decision", SESSION),
	{ METHOD_DELETE, "/api/v1/persons/{key}/sessions", KEEPERS, SCOPE_WRITE, BODY_NONE, 0,
	  LANE_SHORT, sessions_end_person, NULL, "endSessionsOfPerson",
	  "End all sessions of somebody", "sessions", "persons", .confirm = CONFIRM_DECISION,
	  .secret = true },
	ROUTE_SELF(PUT, "/api/v1/me/password", WRITE, JSON, account_password, "changePassword",
		   "Change your password; other sessions end", SESSION),
	ROUTE_SELF(POST, "/api/v1/me/totp", WRITE, NONE, account_totp_enrol, "enrolTotp",
		   "Begin with one-time passwords", FRESH),
	ROUTE_SELF(POST, "/api/v1/me/totp/confirmation", WRITE, JSON, account_totp_confirm,
		   "confirmTotp", "Show that the app has the secret", FRESH),
	ROUTE_SELF(DELETE, "/api/v1/me/totp", WRITE, NONE, account_totp_remove, "removeTotp",
		   "Give up one-time passwords and recovery codes", FRESH),
	ROUTE_SELF(POST, "/api/v1/me/recovery-codes", WRITE, NONE, account_recovery_codes,
		   "renewRecoveryCodes", "Ten new recovery codes; the old ones end", FRESH),

	ROUTE_PUBLIC("/api/v1/openapi.json", openapi, "openapi", "This description"),
	ROUTE_PUBLIC("/healthz", health, "healthz", "The process answers"),
	ROUTE_PUBLIC("/readyz", ready, "readyz", "Database and schema are ready"),
	ROUTE_PUBLIC("/metrics", metrics, "metrics", "Figures for Prometheus"),
	{ .path = NULL },
};
