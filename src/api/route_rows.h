/* For the route table alone: groups of offices, and rows that several ledgers have alike. */
#ifndef API_ROUTE_ROWS_H
#define API_ROUTE_ROWS_H

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

/* Who looks up in an incident (2.1(2)⑥(c), 3.3(2)②(d)), and who may carry the bundle. */
#define INCIDENT                                                                              \
	(O(CISO) | O(INST_CISO) | O(ISO) | O(CSIRT_MEMBER) | O(CSIRT_LEADER) |                \
	 O(GENERAL_CSIRT_LEADER))
#define LOOKERS (INCIDENT | O(DEPUTY_ISO) | O(SYSADMIN) | O(IMPORTANT_ADMIN))

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
	  LANE_SHORT, records_rate, &l, "rate" n, "Confirm the rating (2.2(2)②)", t, p,         \
	  .confirm = CONFIRM_DECISION },                                                      \
	{ METHOD_POST, "/api/v1/" p "/ratings", RATERS, SCOPE_WRITE, BODY_JSON, 0, LANE_SHORT,    \
	  records_rate_all, &l, "rateAll" n, "Confirm several ratings as they are", t, p,      \
	  .confirm = CONFIRM_DECISION }

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
	  &ledger_catalogue, id, summary, "catalogues", "catalogues", .clause = "2.1(2)⑧(e)" }
#define ROUTE_SOFTWARE(m, id, summary)                                                        \
	{ METHOD_##m, "/api/v1/catalogues/{key}/software", CATALOGUE_WRITERS, SCOPE_WRITE,        \
	  BODY_SOFTWARE, 8 * 1024 * 1024, LANE_LONG, catalogues_put_software, &ledger_catalogue,   \
	  id, summary, "catalogues", "catalogues", .clause = "2.1(2)⑧(e)" }

/* Hooks are made and changed in a session: nothing that leaked opens a way out. */
#define ROUTE_HOOK(m, path, s, b, run, id, summary, how)                                      \
	{ METHOD_##m, "/api/v1/webhooks" path, O(ISO) | O(REGISTRY_ADMIN), SCOPE_##s,         \
	  BODY_##b, 0, LANE_SHORT, run, NULL, id, summary, "events", "webhooks",              \
	  .confirm = CONFIRM_##how,                                                           \
	  .secret = METHOD_##m == METHOD_POST && CONFIRM_##how != CONFIRM_NONE }

#define ROUTE_PUBLIC(path, run, id, summary)                                                  \
	{ METHOD_GET, path, OFFICES_ANYONE, SCOPE_PUBLIC, BODY_NONE, 0, LANE_SHORT, run, NULL, id, \
	  summary, "system" }

/* What everybody does with their own account; most of it takes a session. */
#define ROUTE_SELF(m, path, s, b, run, id, summary, how)                                      \
	{ METHOD_##m, path, OFFICES_KNOWN, SCOPE_##s, BODY_##b, 0, LANE_SHORT, run, NULL, id,     \
	  summary, "sessions", "sessions", .confirm = CONFIRM_##how,                            \
	  .secret = METHOD_##m != METHOD_GET }

/* Documents: of an asset, and each by its number; the row says who sees it. */
#define ROUTE_ATTACHMENT(m, path, s, l, run, id, summary)                                         \
	{ METHOD_##m, "/api/v1/attachments/{key}" path, OFFICES_KNOWN, SCOPE_##s, BODY_NONE, 0,   \
	  LANE_##l, run, NULL, id, summary, "attachments", "attachments" }
#define ROUTES_ATTACHMENT                                                                         \
	{ METHOD_GET, "/api/v1/assets/{key}/attachments", SEERS, SCOPE_READ, BODY_NONE, 0,        \
	  LANE_SHORT, assets_attachments, &ledger_asset, "listAssetAttachments",              \
	  "Its documents", "attachments", "assets", .clause = "2.1(2)⑧(a)(c)" },              \
	{ METHOD_POST, "/api/v1/assets/{key}/attachments", ASSET_WRITERS, SCOPE_WRITE, BODY_FILE, \
	  0, LANE_LONG, assets_attach, &ledger_asset, "attachToAsset",                        \
	  "One more document: the file (6.11(2)⑤(b))", "attachments", "assets",               \
	  .clause = "2.1(2)⑧(a)(c)" },                                                        \
	ROUTE_ATTACHMENT(GET, "", READ, SHORT, attachments_get, "getAttachment",              \
			 "What is said of a document"),                                       \
	ROUTE_ATTACHMENT(GET, "/content", READ, LONG, attachments_content,                    \
			 "downloadAttachment", "The file, as a download"),                    \
	ROUTE_ATTACHMENT(DELETE, "", WRITE, LONG, attachments_delete, "deleteAttachment",     \
			 "Take it back, before it is submitted")

#endif
