#include <string.h>

#include <exchange/table.h>
#include <workflow/catalogue.h>
#include <workflow/lookup.h>
#include "bundle_page.h"

static const struct {
	const char *name, *file;
} parts[BUNDLE_PART__MAX] = {
	[BUNDLE_HTML] = { "html", "index.html" },
	[BUNDLE_CONTACTS] = { "contacts", "contacts.csv" },
	[BUNDLE_SERVERS] = { "servers", "servers.csv" },
	[BUNDLE_SOFTWARE] = { "software", "software.csv" },
};

const char *
bundle_part_name(enum bundle_part part)
{
	return parts[part].name;
}

const char *
bundle_part_file(enum bundle_part part)
{
	return parts[part].file;
}

enum bundle_part
bundle_part_find(const char *name)
{
	int i;

	for (i = 0; i < BUNDLE_PART__MAX; i++)
		if (strcmp(parts[i].name, name) == 0)
			break;
	return (enum bundle_part)i;
}

/* ---- what is in it ---------------------------------------------------------------------- */

/* 重要サーバ that are there, or will be; of these the ones that the bundle may tell of. */
#define IMPORTANT(a)                                                                          \
	a ".institution = $1 AND " a ".important_state <> 'not_applicable'"                   \
	" AND " a ".state NOT IN ('draft', 'disposed', 'transferred')"
#define TOLD(a) "coalesce(" a ".confidentiality, 4) < 4"

static const char head_sql[] =
	"SELECT i.code, i.name_ja, to_char(act_now() AT TIME ZONE 'Asia/Tokyo',"
	" 'YYYY-MM-DD HH24:MI'), to_char(act_now() AT TIME ZONE 'Asia/Tokyo', 'YYYY-MM-DD'),"
	" i.incident_desk_name, i.incident_desk_contact, i.external_desk_name,"
	" i.external_desk_contact, (SELECT count(*) FROM asset a WHERE " IMPORTANT("a")
	" AND NOT " TOLD("a") ") FROM institution i WHERE i.code = $1";

static const char contacts_sql[] =
	"SELECT c.list_kind, c.asset, a.name AS asset_name, c.contact_order, c.office,"
	" coalesce(p.name_ja, c.outside_name) AS name, c.phone, coalesce(c.email, p.email) AS"
	" email, c.means, c.content, c.confirmed_on FROM emergency_contact c"
	" LEFT JOIN person p ON p.login = c.person LEFT JOIN asset a ON a.asset_no = c.asset"
	" WHERE (c.institution = $1 OR c.institution IS NULL) AND (c.asset IS NULL OR " TOLD("a")
	") ORDER BY array_position('{institution,corporate,critical_system,server_vendor}',"
	" c.list_kind), c.asset, c.contact_order, c.contact_no";

/* The sections follow the other columns, as JSON and in their order. */
static const char *
catalogues_sql(struct arena *arena)
{
	const struct catalogue_section *s;
	const char *columns = "";

	for (s = catalogue_sections; s->name != NULL; s++)
		columns = arena_printf(arena, "%s, c.%s::text", columns, s->name);
	return arena_printf(arena, "SELECT c.asset, c.catalogue_no, c.version_no, (c.submitted_at"
		" AT TIME ZONE 'Asia/Tokyo')::date, coalesce(p.name_ja, c.submitted_by)%s"
		" FROM system_catalogue c JOIN asset a ON a.asset_no = c.asset"
		" LEFT JOIN person p ON p.login = c.submitted_by WHERE " IMPORTANT("a")
		" AND " TOLD("a") " AND c.status = 'submitted' ORDER BY c.asset", columns);
}

static const char software_sql[] =
	"SELECT c.asset, a.name AS asset_name, s.software_name, s.version, s.type, s.arch,"
	" s.source_name, s.source_version, s.vendor, s.purpose, s.support_until, s.purl,"
	" c.catalogue_no AS catalogue FROM catalogue_software s"
	" JOIN system_catalogue c ON c.catalogue_no = s.catalogue"
	" JOIN asset a ON a.asset_no = c.asset WHERE " IMPORTANT("a") " AND " TOLD("a")
	" AND c.status = 'submitted' ORDER BY c.asset, s.software_name COLLATE \"C\", s.version";

static const char note_sql[] =
	"/* writes */ SELECT audit_read('csirt_bundle', $1, $1, 0, jsonb_build_object("
	"'part', $2::text, 'servers', $3::bigint, 'omitted', $4::bigint))";

static enum err
note(struct tx *tx, const struct bundle *b, const char *part)
{
	struct tx_args args = { .n = 4, .v = { b->institution, part,
		arena_printf(tx->arena, "%d", PQntuples(b->servers)),
		PQgetvalue(b->head, 0, HEAD_OMITTED) } };

	return tx_run(tx, note_sql, &args, NULL);
}

static enum err
load(struct tx *tx, const char *part, struct bundle *b)
{
	struct tx_args args = { .n = 1, .v = { b->institution } };
	enum err e = tx_run(tx, head_sql, &args, &b->head);

	if (e == OK && PQntuples(b->head) == 0)
		e = ERR_NOT_FOUND;
	if (e == OK)
		e = tx_run(tx, contacts_sql, &args, &b->contacts);
	if (e == OK)
		e = tx_run(tx, arena_printf(tx->arena, "SELECT %s FROM asset_whose w WHERE "
			IMPORTANT("w") " AND " TOLD("w") " ORDER BY w.asset_no",
			lookup_columns_flat), &args, &b->servers);
	if (e == OK)
		e = tx_run(tx, catalogues_sql(tx->arena), &args, &b->catalogues);
	if (e == OK)
		e = tx_run(tx, software_sql, &args, &b->software);
	return e == OK ? note(tx, b, part) : e;
}

enum err
bundle_load(struct tx *tx, const char *institution, const char *part, struct bundle *ret)
{
	struct bundle b = { .institution = institution };
	bool mine = !tx->open;
	enum err e = mine ? tx_begin(tx) : OK;

	if (e != OK)
		return e;
	e = load(tx, part, &b);
	if (e != OK) {
		if (mine)
			tx_rollback(tx);
		return e;
	}
	b.made_at = PQgetvalue(b.head, 0, HEAD_MADE_AT);
	b.day = PQgetvalue(b.head, 0, HEAD_DAY);
	e = mine ? tx_commit(tx) : OK;
	if (e == OK)
		*ret = b;
	return e;
}

void
bundle_put(const struct bundle *b, enum bundle_part part, struct buf *out)
{
	switch (part) {
	case BUNDLE_CONTACTS:
		table_put_csv(b->contacts, out);
		break;
	case BUNDLE_SERVERS:
		table_put_csv(b->servers, out);
		break;
	case BUNDLE_SOFTWARE:
		table_put_csv(b->software, out);
		break;
	default:
		bundle_page_put(b, out);
	}
}
