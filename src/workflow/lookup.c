#include <string.h>
#include <strings.h>

#include <ledger/format.h>
#include <ledger/query.h>
#include <workflow/lookup.h>

#define TEXT_MAX 200

static const char *const ways[LOOKUP_WAY__MAX] = {
	[LOOKUP_IP] = "ip", [LOOKUP_MAC] = "mac", [LOOKUP_HOST] = "host", [LOOKUP_NAME] = "name",
	[LOOKUP_PERSON] = "person", [LOOKUP_PLACE] = "place", [LOOKUP_OS] = "os",
};

const char *
lookup_way_name(enum lookup_way way)
{
	return ways[way];
}

enum lookup_way
lookup_way_find(const char *name)
{
	int i;

	for (i = LOOKUP_ANY + 1; i < LOOKUP_WAY__MAX; i++)
		if (strcmp(ways[i], name) == 0)
			break;
	return (enum lookup_way)i;
}

/* ---- what is meant ---------------------------------------------------------------------- */

static enum err
refuse(struct faults *faults, const char *code, const char *ja, const char *en)
{
	struct fault f = { .field = "?q", .code = code, .ja = ja, .en = en };

	faults_add(faults, &f);
	return ERR_BAD_QUERY;
}

/* Narrower than what a 機構 has as a whole: else the question is for everything. */
static bool
is_narrow(const char *address)
{
	const char *slash = strchr(address, '/');
	int64_t bits;

	return slash == NULL || number_read(slash + 1, strchr(address, ':') == NULL ? 8 : 32, 128,
					    &bits);
}

/* Written with its separators, or at least not a mere number. */
static bool
is_mac(struct arena *arena, const char *s, const char **ret)
{
	return format_read(FORMAT_MAC, arena, s, ret) && strspn(s, "0123456789") != strlen(s);
}

static enum err
read_address(const char *s, struct faults *faults, struct lookup *ret)
{
	if (!is_narrow(s))
		return refuse(faults, "too_wide", "ネットワークは /8（IPv6 では /32）より狭く指定してください。",
			      "A network of /8 (IPv6: /32) or narrower.");
	ret->address = s;
	ret->ways = "{ip,network}";
	return OK;
}

/* The words are told apart as a list does (q=). */
static enum err
read_words(struct arena *arena, const char *q, enum lookup_way way, struct faults *faults,
	   struct lookup *ret)
{
	struct list_query *words = arena_alloc(arena, sizeof(*words));
	enum err e;

	list_query_init(words, &ledger_asset, arena, "{}");
	e = list_query_add(words, "q", q, faults);
	if (e != OK)
		return e;
	ret->words = array_literal(arena, words->terms, words->term_count);
	ret->ways = way == LOOKUP_ANY ? "{mac,host,name,person,place,os,text}" :
		arena_printf(arena, "{%s}", ways[way]);
	return OK;
}

enum err
lookup_read(struct arena *arena, const char *q, enum lookup_way way, struct faults *faults,
	    struct lookup *ret)
{
	const char *s = arena_strdup(arena, q + strspn(q, " ")), *mac;
	size_t n = strlen(s);

	while (n > 0 && s[n - 1] == ' ')
		n--;
	s = arena_dup(arena, s, n);
	*ret = (struct lookup){ .text = q };
	if (n > TEXT_MAX)
		return refuse(faults, "too_long", "200バイトまでです。", "At most 200 bytes.");
	if ((way == LOOKUP_ANY || way == LOOKUP_IP) && strchr(s, '-') == NULL &&
	    format_read(FORMAT_IP, arena, s, &s))
		return read_address(s, faults, ret);
	if (way == LOOKUP_IP)
		return refuse(faults, "bad_format", "IPアドレス又はネットワーク（a/24）で指定してください。",
			      "An IP address or a network (a/24).");
	if ((way == LOOKUP_ANY || way == LOOKUP_MAC) && is_mac(arena, s, &mac)) {
		s = mac;
		way = LOOKUP_MAC;
	}
	return read_words(arena, s, way, faults, ret);
}

/* ---- answers ---------------------------------------------------------------------------- */

#define COLUMNS_FIRST                                                                         \
	"w.asset_no, w.name, w.institution, w.institution_name, w.unit, w.unit_name,"         \
	" w.asset_type, w.state, w.important, w.important_state, w.confidentiality,"          \
	" w.has_personal_info, w.has_my_number,"

#define COLUMNS_LAST                                                                          \
	" w.os_name, w.os_version, w.net_zone, w.location_area, w.location_name,"             \
	" w.location_text, w.internal_media_encryption, w.backup_last_on, w.log_enabled,"     \
	" w.log_retention_days, w.users_text,"

const char lookup_columns_json[] =
	COLUMNS_FIRST " to_jsonb(w.hostname) AS hostname, to_jsonb(w.web_fqdn) AS web_fqdn,"
	" to_jsonb(w.ip_addrs) AS ip_addrs, to_jsonb(w.mac_addrs) AS mac_addrs,"
	" to_jsonb(w.network_cidrs) AS network_cidrs," COLUMNS_LAST
	" w.persons, w.contacts, w.emergency_contact, w.incident_desk, w.incident_desk_contact,"
	" w.catalogue, w.stop";

const char lookup_columns_flat[] =
	COLUMNS_FIRST " array_to_string(w.hostname, ';') AS hostname,"
	" array_to_string(w.web_fqdn, ';') AS web_fqdn,"
	" array_to_string(w.ip_addrs, ';') AS ip_addrs,"
	" array_to_string(w.mac_addrs, ';') AS mac_addrs,"
	" array_to_string(w.network_cidrs, ';') AS network_cidrs," COLUMNS_LAST
	" w.sysadmin, w.sysadmin_name, w.sysadmin_phone, w.sysadmin_email, w.important_admin,"
	" w.important_admin_name, w.important_admin_phone, w.important_admin_email,"
	" (SELECT string_agg(concat_ws(' ', c.j ->> 'name', c.j ->> 'phone', c.j ->> 'email'),"
	" '; ') FROM jsonb_array_elements(w.contacts) c (j)) AS contacts, w.emergency_contact,"
	" w.incident_desk, w.incident_desk_contact, w.catalogue, w.emergency_stop";

/* Column of the result as an array literal. */
static const char *
column_literal(struct arena *arena, const PGresult *res, int col)
{
	size_t n = (size_t)PQntuples(res), i;
	const char **v = arena_alloc(arena, (n + 1) * sizeof(*v));

	for (i = 0; i < n; i++)
		v[i] = PQgetvalue(res, (int)i, col);
	return array_literal(arena, v, n);
}

/* Keys first: joined to them, the rows would be planned for a thousand keys and all be read. */
enum err
lookup_run(struct tx *tx, const struct lookup *l, const char *columns, int most, PGresult **ret)
{
	struct tx_args args = { .n = 4, .v = { l->words, l->address, l->ways,
		arena_printf(tx->arena, "%d", most) } };
	PGresult *keys;
	enum err e = tx_once(tx, "SELECT key, how, exact FROM lookup_find($1::text[], $2,"
		" $3::text[], $4::integer)", &args, &keys);
	int i;

	if (e != OK)
		return e;
	args.n = 3;
	for (i = 0; i < args.n; i++)
		args.v[i] = column_literal(tx->arena, keys, i);
	return tx_once(tx, arena_printf(tx->arena,
		"SELECT ($2::text[])[array_position($1::text[], w.asset_no::text)] AS found_by,"
		" ($3::boolean[])[array_position($1::text[], w.asset_no::text)] AS exact, %s"
		" FROM asset_whose w WHERE w.asset_no = ANY ($1::text[]) ORDER BY exact DESC,"
		" w.state IN ('disposed', 'transferred'), w.asset_no", columns), &args, ret);
}

enum err
lookup_rows(struct tx *tx, const char *columns, const char *keys, PGresult **ret)
{
	struct tx_args args = { .n = 1, .v = { keys } };

	return tx_once(tx, arena_printf(tx->arena, "SELECT %s FROM asset_whose w"
		" WHERE w.asset_no = ANY ($1::text[]) ORDER BY w.asset_no", columns), &args, ret);
}

enum err
lookup_note(struct tx *tx, const PGresult *res, int asset_no, const char *query)
{
	struct tx_args args = { .n = 2, .v = { NULL, query } };
	int n = PQntuples(res), level = PQfnumber(res, "confidentiality"), i;
	const char **keys = arena_alloc(tx->arena, ((size_t)n + 1) * sizeof(*keys));
	size_t high = 0;

	for (i = 0; i < n; i++)
		if (tx_text(res, i, level) == NULL || tx_int(res, i, level) >= 3)
			keys[high++] = PQgetvalue(res, i, asset_no);
	if (high == 0)
		return OK;
	args.v[0] = array_literal(tx->arena, keys, high);
	return tx_once(tx, "/* writes */ SELECT lookup_note($1::text[], $2)", &args, NULL);
}

/* ---- software --------------------------------------------------------------------------- */

const char *const version_condition_names[VERSION_CONDITION__MAX] = {
	[VERSION_LT] = "lt", [VERSION_LTE] = "lte", [VERSION_GT] = "gt", [VERSION_GTE] = "gte",
	[VERSION_EQ] = "eq",
};

enum err
software_find(struct tx *tx, const struct software_query *q, PGresult **ret)
{
	struct tx_args args = { .n = 3, .v = { q->name, q->source, q->type } };

	return tx_once(tx, "SELECT * FROM software_named($1, $2, $3)", &args, ret);
}

static bool
holds(enum version_condition c, int order)
{
	switch (c) {
	case VERSION_LT:
		return order < 0;
	case VERSION_LTE:
		return order <= 0;
	case VERSION_GT:
		return order > 0;
	case VERSION_GTE:
		return order >= 0;
	default:
		return order == 0;
	}
}

/*
 * What was asked for is the package itself, or else its source, whose version may be another.  An
 * rpm has the version of its source, but the name of the source (SOURCERPM) leaves the epoch out.
 */
static const char *
version_meant(const struct software_query *q, const PGresult *res, int row)
{
	const char *source = tx_text(res, row, SOFTWARE_SOURCE_VERSION);
	bool itself = strcmp(PQgetvalue(res, row, SOFTWARE_TYPE), "rpm") == 0 ||
		(q->name != NULL && strcasecmp(PQgetvalue(res, row, SOFTWARE_NAME), q->name) == 0);

	return source == NULL || itself ? tx_text(res, row, SOFTWARE_VERSION) : source;
}

bool
software_fits(const struct software_query *q, const PGresult *res, int row, bool *ret_known)
{
	const char *version = version_meant(q, res, row), *type = tx_text(res, row, SOFTWARE_TYPE);
	enum version_order order;
	int i;

	*ret_known = version != NULL && version[0] != '\0';
	if (!*ret_known)
		return true;
	/* typed in by hand: of the type that was asked for, as far as anybody knows */
	if (q->type != NULL && (type == NULL || strcmp(type, "generic") == 0))
		type = q->type;
	order = version_order_of(type);
	for (i = 0; i < VERSION_CONDITION__MAX; i++)
		if (q->versions[i] != NULL &&
		    !holds((enum version_condition)i, version_compare(order, version,
								      q->versions[i])))
			return false;
	return true;
}
