-- Roles of the cluster; run once by a superuser (`daicho init` does), harmless when run again.
--   daicho_owner    owns everything, cannot log in
--   daicho_app      the daemon: neither owner nor superuser, subject to row policies
--   daicho_sealer   signs the audit log
--   daicho_auditor  reads
DO $$
DECLARE
	r text;
BEGIN
	FOREACH r IN ARRAY ARRAY['daicho_owner', 'daicho_app', 'daicho_sealer', 'daicho_auditor'] LOOP
		IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = r) THEN
			EXECUTE format('CREATE ROLE %I', r);
		END IF;
		EXECUTE format('ALTER ROLE %I %s NOSUPERUSER NOCREATEDB NOCREATEROLE NOBYPASSRLS',
			r, CASE r WHEN 'daicho_owner' THEN 'NOLOGIN' ELSE 'LOGIN' END);
	END LOOP;
END $$;

-- Ledgers are read through indexes, from memory or solid state: with the default of 4 a list of one
-- 機関 of two walks over the rows of the other (measured: 87 lists a second instead of 700).
ALTER ROLE daicho_app SET random_page_cost = 1.1;
