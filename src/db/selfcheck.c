#include "selfcheck.h"

/*
 * One row per fault.  What is looked at: the role that is connected, the owner, who owns what, row
 * policies and triggers, privileges that nobody but the owner has.  Which tables are guarded by row
 * and which are on record is read off the database: no list here can fall behind the ledgers.  Of a
 * table that was stripped of all its policies or all its triggers, the digest tells.
 */
static const char check_sql[] =
	"WITH guarded (t) AS (SELECT DISTINCT polrelid::regclass FROM pg_policy),"
	" recorded (t) AS (SELECT DISTINCT tgrelid::regclass FROM pg_trigger"
	"  WHERE tgfoid = to_regproc('audit_rows'))"
	" SELECT 'role ' || rolname || ' has ' || concat_ws(', ', CASE WHEN rolsuper THEN"
	"  'SUPERUSER' END, CASE WHEN rolbypassrls THEN 'BYPASSRLS' END, CASE WHEN rolcreaterole"
	"  THEN 'CREATEROLE' END, CASE WHEN rolcreatedb THEN 'CREATEDB' END) AS fault"
	" FROM pg_roles WHERE rolname IN (current_user, 'daicho_owner', 'daicho_sealer',"
	"  'daicho_auditor') AND (rolsuper OR rolbypassrls OR rolcreaterole OR rolcreatedb)"
	" UNION ALL SELECT 'role daicho_owner may log in' FROM pg_roles"
	"  WHERE rolname = 'daicho_owner' AND rolcanlogin"
	" UNION ALL SELECT 'role ' || current_user || ' is a member of ' || rolname FROM pg_roles"
	"  WHERE rolname <> current_user AND pg_has_role(current_user, oid, 'MEMBER')"
	" UNION ALL SELECT c.relname || ' is owned by ' || r.rolname FROM pg_class c"
	"  JOIN pg_roles r ON r.oid = c.relowner WHERE c.relnamespace = 'public'::regnamespace"
	"  AND c.relkind IN ('r', 'p', 'v', 'm', 'S') AND r.rolname <> 'daicho_owner'"
	" UNION ALL SELECT p.proname || '() is owned by ' || r.rolname FROM pg_proc p"
	"  JOIN pg_roles r ON r.oid = p.proowner WHERE p.pronamespace = 'public'::regnamespace"
	"  AND p.prosecdef AND r.rolname <> 'daicho_owner'"
	" UNION ALL SELECT 'no row-level security on ' || g.t FROM guarded g"
	"  JOIN pg_class c ON c.oid = g.t WHERE NOT c.relrowsecurity"
	" UNION ALL SELECT 'no policy for ' || p.name || ' on ' || g.t FROM guarded g,"
	"  (VALUES ('seen', 'r', 'SELECT'), ('added', 'a', 'INSERT'), ('changed', 'w', 'UPDATE'),"
	"   ('removed', 'd', 'DELETE')) p (name, cmd, privilege)"
	"  WHERE has_table_privilege(g.t, p.privilege) AND NOT EXISTS (SELECT FROM pg_policy x"
	"   WHERE x.polrelid = g.t AND x.polname = p.name AND x.polcmd = p.cmd::\"char\")"
	" UNION ALL SELECT 'policy ' || x.polname || ' on ' || x.polrelid::regclass || ' lets all"
	" pass' FROM pg_policy x WHERE x.polpermissive AND (x.polroles = '{0}' OR EXISTS (SELECT"
	"  FROM unnest(x.polroles) r WHERE r <> 0 AND pg_has_role(current_user, r, 'MEMBER')))"
	"  AND 'true' IN (pg_get_expr(x.polqual, x.polrelid),"
	"   pg_get_expr(x.polwithcheck, x.polrelid))"
	" UNION ALL SELECT 'trigger ' || n || ' on ' || r.t || ' is missing or off'"
	"  FROM recorded r, unnest(ARRAY['audit_insert', 'audit_update', 'audit_delete']) n"
	"  WHERE NOT EXISTS (SELECT FROM pg_trigger x WHERE x.tgrelid = r.t AND x.tgname = n"
	"   AND x.tgenabled IN ('O', 'A'))"
	" UNION ALL SELECT 'trigger ' || x.tgname || ' on ' || x.tgrelid::regclass || ' is off'"
	"  FROM pg_trigger x JOIN pg_class c ON c.oid = x.tgrelid"
	"  WHERE c.relnamespace = 'public'::regnamespace AND x.tgenabled IN ('D', 'R')"
	" UNION ALL SELECT 'the role may ' || p || ' ' || t FROM unnest(ARRAY['INSERT', 'UPDATE',"
	"  'DELETE', 'TRUNCATE']) p, unnest(ARRAY['audit_event', 'finding', 'finding_queue',"
	"  'finding_pass']) t WHERE has_table_privilege(t, p)"
	" UNION ALL SELECT 'the role may ' || p || ' ' || c.relname FROM pg_class c,"
	"  unnest(ARRAY['TRUNCATE', 'TRIGGER', 'REFERENCES']) p"
	"  WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p')"
	"  AND has_table_privilege(c.oid, p)"
	" UNION ALL SELECT 'the role may create in schema public'"
	"  WHERE has_schema_privilege('public', 'CREATE')"
	" UNION ALL SELECT 'policies, triggers, views or functions are not those of the last"
	" migration (daicho migrate)' WHERE (SELECT digest FROM schema_digest)"
	"  IS DISTINCT FROM schema_digest_now()";

enum err
db_self_check(struct tx *tx, const char **ret_why)
{
	PGresult *res;
	const char *why = "the database does not protect its rows:";
	enum err e = tx_once(tx, check_sql, NULL, &res);
	int i;

	if (e == ERR_DB_AWAY || e == ERR_OVERLOADED || e == ERR_DB_TIMEOUT)
		return e;
	if (e != OK) {
		*ret_why = "the protections of the database cannot be checked: "
			"run `daicho migrate`";
		return ERR_STATE;
	}
	if (PQntuples(res) == 0)
		return OK;
	for (i = 0; i < PQntuples(res) && i < 20; i++)
		why = arena_printf(tx->arena, "%s%s %s", why, i == 0 ? "" : ";",
				   PQgetvalue(res, i, 0));
	*ret_why = why;
	return ERR_STATE;
}
