-- Everything that protects the rows, in one figure: policies, triggers, views, functions.  The daemon
-- compares it at start with the one noted by the last migration.
CREATE OR REPLACE FUNCTION schema_digest_now() RETURNS text LANGUAGE sql STABLE AS $$
	SELECT md5(string_agg(x, E'\n' ORDER BY x COLLATE "C")) FROM (
		SELECT format('policy %s %s %s %s %s', polrelid::regclass, polname, polcmd,
			pg_get_expr(polqual, polrelid), pg_get_expr(polwithcheck, polrelid))
		FROM pg_policy
		UNION ALL
		SELECT format('trigger %s %s', tgenabled, pg_get_triggerdef(oid)) FROM pg_trigger
		WHERE NOT tgisinternal
		UNION ALL
		SELECT format('view %s %s %s', oid::regclass, reloptions, pg_get_viewdef(oid))
		FROM pg_class WHERE relkind = 'v' AND relnamespace = 'public'::regnamespace
		UNION ALL
		SELECT format('function %s %s %s', oid::regprocedure, prosecdef, md5(prosrc))
		FROM pg_proc WHERE pronamespace = 'public'::regnamespace) every (x) $$;
