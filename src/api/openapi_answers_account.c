/* What handlers answer besides rows: of log-in and tokens, and of the look-up in an incident. */
#include "openapi_member.h"
#include "openapi_parts.h"

static const struct member session_begun[] = {
	{ "session", TEXT, 0, NULL, "Its id." },
	{ "person", TEXT, 0, NULL, "Login." },
	{ "csrf_token", TEXT, 0, NULL, "For X-CSRF-Token." },
	{ "second_factor", FLAG, 0, NULL, "It was proved." },
	{ "expires", MOMENT, 0, NULL, "When it ends at the latest." },
	{ .name = NULL },
};

#define SESSION                                                                               \
	{ "id", TEXT, 0, NULL, "Its id." },                                                   \
	{ "client", TEXT, MAY_BE_NULL, NULL, "Address that it was begun from." },             \
	{ "agent", TEXT, MAY_BE_NULL, NULL, "What the browser calls itself." },               \
	{ "created_at", MOMENT, 0, NULL, "When it began." },                                  \
	{ "seen_at", MOMENT, 0, NULL, "When it was last used." },                             \
	{ "proved_at", MOMENT, 0, NULL, "When who it is was last proved." },                  \
	{ "expires", MOMENT, 0, NULL, "When it ends at the latest." },                        \
	{ "second_factor", FLAG, 0, NULL, "It was proved." },                                 \
	{ "current", FLAG, 0, NULL, "It is the one of this request." }

static const struct member session[] = {
	SESSION,
	{ .name = NULL },
};

static const struct member session_current[] = {
	SESSION,
	{ "person", TEXT, 0, NULL, "Login." },
	{ "csrf_token", TEXT, 0, NULL, "For X-CSRF-Token." },
	{ .name = NULL },
};

static const struct member second_factor[] = {
	{ "uri", TEXT, 0, NULL, "otpauth://…, for the QR code of an app." },
	{ "secret", TEXT, 0, NULL, "The same secret, to be typed in (Base32)." },
	{ .name = NULL },
};

static const struct member recovery_codes[] = {
	{ "codes", TEXTS, 0, NULL, "Each good once." },
	{ .name = NULL },
};

#define TOKEN                                                                                 \
	{ "id", TEXT, 0, NULL, "Its id." },                                                   \
	{ "person", TEXT, 0, NULL, "Login of the owner." },                                   \
	{ "institution", TEXT, 0, NULL, "機関 of the owner." },                               \
	{ "scopes", TEXTS, 0, NULL, "ledger:action@institution." },                           \
	{ "addresses", TEXTS, MAY_BE_NULL, NULL, "From where alone it is taken; null: any." }, \
	{ "note", TEXT, MAY_BE_NULL, NULL, "What it is for." },                               \
	{ "state", TEXT, 0, "live expired revoked", "Is it good?" },                          \
	{ "issued_at", MOMENT, 0, NULL, "When it was made." },                                \
	{ "expires_at", MOMENT, 0, NULL, "When it ends." },                                   \
	{ "revoked_at", MOMENT, MAY_BE_NULL, NULL, "When it was ended." },                    \
	{ "last_used_at", MOMENT, MAY_BE_NULL, NULL, "When it was last used." },              \
	{ "last_used_from", TEXT, MAY_BE_NULL, NULL, "The address then." },                   \
	{ "rotated_from", TEXT, MAY_BE_NULL, NULL, "Id of the one whose place it took." }

static const struct member token[] = {
	TOKEN,
	{ .name = NULL },
};

static const struct member token_issued[] = {
	{ "token", TEXT, 0, NULL, "daicho_<id>_<secret>: here and nowhere else." },
	TOKEN,
	{ .name = NULL },
};

static const struct member token_list[] = {
	{ "items", MANY, 0, "Token", "Newest first, 200 to a page." },
	{ "next", TEXT, MAY_BE_NULL, NULL, "The cursor of the next page; null on the last." },
	{ .name = NULL },
};

/* ---- look-up --------------------------------------------------------------------------------- */

/*
 * Whose it is, as asset_whose has it: columns of the asset as they are there.  Of a server that is
 * seen by its catalogue alone (2.1(2)⑧(e)) most of it is null.
 */
#define OF_ASSET(column) { #column, COLUMN, MAY_BE_NULL, "Asset." #column, "Column of the asset." }
#define WHOSE                                                                                 \
	{ "asset_no", COLUMN, 0, "Asset.asset_no", "管理番号." },                             \
	OF_ASSET(name), OF_ASSET(institution),                                                \
	{ "institution_name", TEXT, MAY_BE_NULL, NULL, "Its name." },                         \
	OF_ASSET(unit),                                                                       \
	{ "unit_name", TEXT, MAY_BE_NULL, NULL, "Its name." },                                \
	OF_ASSET(asset_type), OF_ASSET(state),                                                \
	{ "important", FLAG, 0, NULL, "重要サーバ, or what is to be one." },                  \
	OF_ASSET(important_state), OF_ASSET(confidentiality), OF_ASSET(has_personal_info),    \
	OF_ASSET(has_my_number), OF_ASSET(hostname), OF_ASSET(web_fqdn), OF_ASSET(ip_addrs),  \
	OF_ASSET(mac_addrs), OF_ASSET(network_cidrs), OF_ASSET(os_name), OF_ASSET(os_version), \
	OF_ASSET(net_zone), OF_ASSET(location_area),                                          \
	{ "location_name", TEXT, MAY_BE_NULL, NULL, "Its name." },                            \
	OF_ASSET(location_text), OF_ASSET(internal_media_encryption),                         \
	OF_ASSET(backup_last_on), OF_ASSET(log_enabled), OF_ASSET(log_retention_days),        \
	OF_ASSET(users_text),                                                                 \
	{ "persons", MANY, 0, "AnsweringPerson", "Who answers for it." },                     \
	{ "contacts", MANY, 0, "AnsweringContact", "Of the 緊急連絡網: those of the row, "     \
	  "then those of its persons." },                                                     \
	OF_ASSET(emergency_contact),                                                          \
	{ "incident_desk", TEXT, MAY_BE_NULL, NULL, "Where incidents are reported." },        \
	{ "incident_desk_contact", TEXT, MAY_BE_NULL, NULL, "How to reach it." },             \
	{ "catalogue", TEXT, MAY_BE_NULL, NULL, "Number of the catalogue in force." },        \
	{ "stop", ONE, MAY_BE_NULL, "EmergencyStop", "緊急停止 (2.1(2)⑥(c))." }

static const struct member found[] = {
	{ "found_by", TEXT, 0, "ip network mac host name person place os text", "By what." },
	{ "exact", FLAG, 0, NULL, "What was asked for, and not only something like it." },
	WHOSE,
	{ .name = NULL },
};

static const struct member lookup[] = {
	{ "items", MANY, 0, "Found", "What is exact first." },
	{ "more", FLAG, 0, NULL, "There are more than limit." },
	{ .name = NULL },
};

static const struct member holder[] = {
	WHOSE,
	{ "software", MANY, 0, "HeldSoftware", "What was found on it." },
	{ .name = NULL },
};

static const struct member holders[] = {
	{ "items", MANY, 0, "SoftwareHolder", "By number." },
	{ "next", TEXT, MAY_BE_NULL, NULL, "The cursor of the next page; null on the last." },
	{ .name = NULL },
};

static const struct member held[] = {
	{ "version_known", FLAG, 0, NULL, "false: no version is on record, somebody has to look." },
	{ "name", TEXT, 0, NULL, "Of the package." },
	{ "type", TEXT, MAY_BE_NULL, NULL, "Type of the package URL; null: typed in by hand." },
	{ "version", TEXT, MAY_BE_NULL, NULL, "On record." },
	{ "arch", TEXT, MAY_BE_NULL, NULL, "Architecture." },
	{ "source_name", TEXT, MAY_BE_NULL, NULL, "Of the source package." },
	{ "source_version", TEXT, MAY_BE_NULL, NULL, "Of the source package." },
	{ "recorded_in", TEXT, 0, "catalogue ledger", "Where it stands." },
	{ "catalogue", TEXT, MAY_BE_NULL, NULL, "Number of that catalogue." },
	{ .name = NULL },
};

static const struct member person[] = {
	{ "role", TEXT, 0, "important_admin sysadmin operator key_custodian", "As what." },
	{ "login", TEXT, 0, NULL, "Login." },
	{ "name", TEXT, MAY_BE_NULL, NULL, "氏名." },
	{ "unit", TEXT, MAY_BE_NULL, NULL, "Unit of the person." },
	{ "phone", TEXT, MAY_BE_NULL, NULL, "電話." },
	{ "email", TEXT, MAY_BE_NULL, NULL, "メール." },
	{ .name = NULL },
};

static const struct member contact[] = {
	{ "list_kind", COLUMN, 0, "EmergencyContact.list_kind", "Of which list." },
	{ "office", COLUMN, 0, "EmergencyContact.office", "As what." },
	{ "person", COLUMN, 0, "EmergencyContact.person", "Login; null: from outside." },
	{ "name", TEXT, MAY_BE_NULL, NULL, "氏名." },
	{ "phone", COLUMN, 0, "EmergencyContact.phone", "電話." },
	{ "email", TEXT, MAY_BE_NULL, NULL, "メール." },
	{ "means", COLUMN, 0, "EmergencyContact.means", "By what means." },
	{ "content", COLUMN, 0, "EmergencyContact.content", "What is told." },
	{ .name = NULL },
};

static const struct member stop[] = {
	{ "emergency_stop", COLUMN, 0, "Asset.emergency_stop", "What its administrators say." },
	{ "clause", TEXT, 0, NULL, "Where it stands." },
	{ "possible", FLAG, 0, NULL, "It is in operation." },
	{ "may", FLAG, 0, NULL, "May who asks, now?" },
	{ "method", TEXT, 0, "POST", "Of the request that does it." },
	{ "path", TEXT, 0, NULL, "Of the request." },
	{ "if_match", TEXT, 0, NULL, "For If-Match." },
	{ .name = NULL },
};

const struct object openapi_account_answers[] = {
	{ "SessionBegun", "A session that begins, or goes on with another cookie.",
	  session_begun, NULL, false },
	{ "Session", "A log-in.", session, NULL, false },
	{ "SessionList", "One's sessions.", NULL, "Session", false },
	{ "SessionCurrent", "The session of this request.", session_current, NULL, false },
	{ "SecondFactor", "A second factor that is to be confirmed.", second_factor, NULL, false },
	{ "RecoveryCodes", "In place of the second factor.", recovery_codes, NULL, false },
	{ "Token", "A token, without its secret.", token, NULL, false },
	{ "TokenIssued", "A token with its secret.", token_issued, NULL, false },
	{ "TokenList", "One page of tokens.", token_list, NULL, false },
	{ "Found", "What was looked for, and whose it is.", found, NULL, false },
	{ "Lookup", "What was found.", lookup, NULL, false },
	{ "SoftwareHolder", "A server, and whose it is.", holder, NULL, false },
	{ "SoftwareHolderList", "Servers that have it.", holders, NULL, false },
	{ "HeldSoftware", "A package on a server.", held, NULL, false },
	{ "AnsweringPerson", "Who answers for an asset.", person, NULL, false },
	{ "AnsweringContact", "Whom to call.", contact, NULL, false },
	{ "EmergencyStop", "The request that stops it, with If-Match.", stop, NULL, false },
	{ .name = NULL },
};
