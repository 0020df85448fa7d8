-- The directory of a 機関: basic columns for offices that do not reach the ledger itself, by
-- requirement for consultation between administrators (2.1(2)⑧(h)) and for the incident desk
-- (2.1(2)⑬(c)).  As the owner's, the view stands beside the row policies; so it asks by itself
-- for the office in force, its 機関 and the 機密性.

-- The offices, and those among them that are shown addresses and the desk; tests compare them
-- with the table of offices and the columns of the directory.
CREATE OR REPLACE FUNCTION directory_offices() RETURNS text[] LANGUAGE sql IMMUTABLE AS $$
	SELECT '{sysadmin,incident_desk}'::text[] $$;
CREATE OR REPLACE FUNCTION directory_shows_hosts() RETURNS boolean LANGUAGE sql STABLE AS $$
	SELECT coalesce(acting('office') = 'incident_desk', false) $$;

-- 機関 in which the person holds the office in whose name is acted, as far as the act goes.
CREATE OR REPLACE FUNCTION directory_scope() RETURNS text[] LANGUAGE sql STABLE
	SECURITY DEFINER SET search_path = public, pg_temp AS $$
	SELECT coalesce(array_agg(DISTINCT r.institution), '{}') FROM acting_appointments() r
	WHERE r.office = ANY (directory_offices()) AND r.institution = ANY (scope_of(false)) $$;

-- The one expression: registered and still there; 機密性4 only for those whom the row names.
CREATE OR REPLACE FUNCTION directory_expression() RETURNS text LANGUAGE sql IMMUTABLE AS $$
	SELECT '(a.institution = ANY ((SELECT directory_scope())::text[]) AND '
		'a.state NOT IN (''draft'', ''disposed'', ''transferred'') AND '
		'(coalesce(a.confidentiality, 4) < 4 OR (SELECT acting_person()) IN (a.sysadmin, '
		'a.operator, a.important_admin, a.key_custodian)))' $$;

DROP VIEW IF EXISTS directory;
DO $$
BEGIN
	EXECUTE format($f$
		CREATE VIEW directory WITH (security_barrier) AS
		SELECT a.asset_no, a.institution, a.unit, a.name, a.asset_type,
			CASE WHEN (SELECT directory_shows_hosts()) THEN a.hostname END AS hostname,
			CASE WHEN (SELECT directory_shows_hosts()) THEN a.ip_addrs END AS ip_addrs,
			a.sysadmin, p.name_ja AS sysadmin_name, p.email AS sysadmin_email,
			p.phone AS sysadmin_phone,
			CASE WHEN (SELECT directory_shows_hosts()) THEN d.incident_desk_name END
				AS incident_desk,
			CASE WHEN (SELECT directory_shows_hosts()) THEN d.incident_desk_contact END
				AS incident_desk_contact,
			CASE WHEN coalesce(a.confidentiality, 4) >= 3 THEN 3 ELSE 0 END::smallint AS told
		FROM asset a LEFT JOIN person p ON p.login = a.sysadmin
		LEFT JOIN org_unit u ON u.institution = a.institution AND u.code = a.unit
		LEFT JOIN institution d ON d.code = coalesce(u.desk_institution, a.institution)
		WHERE %s $f$, directory_expression());
	-- q=: in what the office is shown or may look for, and in nothing else that is searched
	EXECUTE format($f$
		CREATE OR REPLACE FUNCTION directory_find(terms text[]) RETURNS SETOF text
			LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $b$
		DECLARE
			sql text := %L;
		BEGIN
			FOR i IN 1 .. cardinality(terms) LOOP
				sql := sql || format(' AND a.search LIKE search_like($1[%%s]) AND CASE WHEN '
					'(SELECT directory_shows_hosts()) THEN search_key(ARRAY[a.asset_no, '
					'a.name, a.sysadmin, search_join(a.hostname), search_join(a.ip_addrs), '
					'search_join(a.mac_addrs)]) ELSE search_key(ARRAY[a.asset_no, a.name, '
					'a.sysadmin, a.os_name]) END LIKE search_like($1[%%1$s])', i);
			END LOOP;
			RETURN QUERY EXECUTE sql USING terms;
		END $b$ $f$, 'SELECT a.asset_no::text FROM asset a WHERE ' || directory_expression());
	-- One value of a column that holds several; the search finds an address by its index, and
	-- names of hosts are alike in capitals (RFC 4343).
	EXECUTE format($f$
		CREATE OR REPLACE FUNCTION directory_having(col text, value text) RETURNS SETOF text
			LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $b$
		DECLARE
			addresses boolean := col IN ('hostname', 'ip_addrs', 'mac_addrs');
		BEGIN
			IF addresses AND NOT directory_shows_hosts()
				OR NOT addresses AND (col <> 'functions' OR directory_shows_hosts()) THEN
				RETURN;
			END IF;
			RETURN QUERY EXECUTE %L || format(CASE WHEN addresses
				THEN ' AND a.search LIKE search_like($1) AND EXISTS (SELECT FROM '
					'unnest(a.%%I) x WHERE lower(x) = lower($1))'
				ELSE ' AND a.%%I @> ARRAY[$1]' END, col) USING value;
		END $b$ $f$, 'SELECT a.asset_no::text FROM asset a WHERE ' || directory_expression());
END $$;
