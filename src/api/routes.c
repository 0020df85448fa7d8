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
/* Who keeps the list of units, areas and persons. */
#define KEEPERS (O(GENERAL_ISO) | O(ISO) | O(REGISTRY_ADMIN))

/* Reading: the same for every ledger. */
#define ROUTES_READ(p, l, n, t)                                                               \
	{ METHOD_GET, "/api/v1/" p, READERS, SCOPE_READ, BODY_NONE, 0, LANE_SHORT, records_list,  \
	  &l, "list" n, "List, search, export", t },                                         \
	{ METHOD_GET, "/api/v1/" p "/{key}", READERS, SCOPE_READ, BODY_NONE, 0, LANE_SHORT,       \
	  records_get, &l, "get" n, "One row", t },                                          \
	{ METHOD_GET, "/api/v1/" p "/{key}/history", READERS, SCOPE_READ, BODY_NONE, 0,           \
	  LANE_SHORT, records_history, &l, "history" n, "What was changed, by whom", t }

#define ROUTES_CHANGE(p, l, n, t, who)                                                        \
	{ METHOD_PUT, "/api/v1/" p "/{key}", who, SCOPE_WRITE, BODY_JSON, 0, LANE_SHORT,          \
	  records_replace, &l, "replace" n, "Replace a row", t },                            \
	{ METHOD_PATCH, "/api/v1/" p "/{key}", who, SCOPE_WRITE, BODY_JSON, 0, LANE_SHORT,        \
	  records_patch, &l, "change" n, "Change a row (merge patch)", t }

#define ROUTES_WRITE(p, l, n, t, who)                                                         \
	{ METHOD_POST, "/api/v1/" p, who, SCOPE_WRITE, BODY_JSON, 0, LANE_SHORT, records_create,  \
	  &l, "create" n, "Create a row", t },                                               \
	ROUTES_CHANGE(p, l, n, t, who),                                                       \
	{ METHOD_DELETE, "/api/v1/" p "/{key}", who, SCOPE_WRITE, BODY_NONE, 0, LANE_SHORT,       \
	  records_delete, &l, "delete" n, "Delete a row that never counted", t },            \
	{ METHOD_POST, "/api/v1/" p "/import", who, SCOPE_IMPORT, BODY_TABLE, 0, LANE_LONG,       \
	  imports_run, &l, "import" n, "Import a CSV table", t }

/* Rows that begin as 下書き. */
#define ROUTES_LIFE(p, l, n, t)                                                               \
	{ METHOD_POST, "/api/v1/" p "/{key}/registration", WRITERS, SCOPE_WRITE, BODY_OPTIONAL, 0,\
	  LANE_SHORT, records_register, &l, "register" n, "Register a draft", t },           \
	{ METHOD_POST, "/api/v1/" p "/{key}/retirement", WRITERS, SCOPE_WRITE, BODY_OPTIONAL, 0,  \
	  LANE_SHORT, records_retire, &l, "retire" n, "Retire a row", t }

#define ROUTE_PUBLIC(path, run, id, summary)                                                  \
	{ METHOD_GET, path, OFFICES_ANYONE, SCOPE_PUBLIC, BODY_NONE, 0, LANE_SHORT, run, NULL, id, \
	  summary, "system" }

const struct route routes[] = {
	ROUTES_READ("assets", ledger_asset, "Asset", "assets"),
	ROUTES_WRITE("assets", ledger_asset, "Asset", "assets", WRITERS),
	ROUTES_LIFE("assets", ledger_asset, "Asset", "assets"),

	ROUTES_READ("asset-users", ledger_asset_user, "AssetUser", "assets"),
	ROUTES_WRITE("asset-users", ledger_asset_user, "AssetUser", "assets", WRITERS),

	ROUTES_READ("media", ledger_media, "Medium", "media"),
	ROUTES_WRITE("media", ledger_media, "Medium", "media", WRITERS),
	ROUTES_LIFE("media", ledger_media, "Medium", "media"),

	/* a new 機関 is made where the machine stands (daicho import), not over HTTP */
	ROUTES_READ("institutions", ledger_institution, "Institution", "organisation"),
	ROUTES_CHANGE("institutions", ledger_institution, "Institution", "organisation", KEEPERS),

	ROUTES_READ("units", ledger_unit, "Unit", "organisation"),
	ROUTES_WRITE("units", ledger_unit, "Unit", "organisation", KEEPERS),

	ROUTES_READ("areas", ledger_area, "Area", "organisation"),
	ROUTES_WRITE("areas", ledger_area, "Area", "organisation", KEEPERS | O(SYSADMIN)),

	ROUTES_READ("persons", ledger_person, "Person", "organisation"),
	ROUTES_WRITE("persons", ledger_person, "Person", "organisation", KEEPERS),

	/* appointments are read here; making them comes with its own rules */
	ROUTES_READ("offices", ledger_office, "Appointment", "organisation"),

	{ METHOD_GET, "/api/v1/imports", READERS, SCOPE_READ, BODY_NONE, 0, LANE_SHORT,
	  imports_list, NULL, "listImports", "Earlier imports, newest first", "imports" },
	{ METHOD_GET, "/api/v1/imports/{key}", READERS, SCOPE_READ, BODY_NONE, 0, LANE_SHORT,
	  imports_get, NULL, "getImport", "One import with its report", "imports" },
	{ METHOD_GET, "/api/v1/rules", READERS, SCOPE_READ, BODY_NONE, 0, LANE_SHORT, rules_list,
	  NULL, "listRules", "Rules by which rows are judged", "rules" },
	{ METHOD_GET, "/api/v1/me", OFFICES_KNOWN, SCOPE_READ, BODY_NONE, 0, LANE_SHORT, whoami,
	  NULL, "whoAmI", "The person behind the token, with offices in force", "system" },

	ROUTE_PUBLIC("/api/v1/openapi.json", openapi, "openapi", "This description"),
	ROUTE_PUBLIC("/healthz", health, "healthz", "The process answers"),
	ROUTE_PUBLIC("/readyz", ready, "readyz", "Database and schema are ready"),
	ROUTE_PUBLIC("/metrics", metrics, "metrics", "Figures for Prometheus"),
	{ .path = NULL },
};
