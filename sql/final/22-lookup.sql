-- The look-up of 機関CSIRT and of those who run systems (2.1(2)⑥(c), 3.3(2)②(d)).  Beneath row
-- policies neither search nor addresses nor folded names would use an index: so functions of the
-- owner find keys, by the expression that the policies are made of.

-- All words in these texts, folded?
CREATE OR REPLACE FUNCTION lookup_has(words text[], VARIADIC texts text[]) RETURNS boolean
	LANGUAGE sql STABLE AS $$
	SELECT search_key(texts) LIKE ALL (ARRAY(SELECT search_like(w) FROM unnest(words) w)) $$;

-- One branch of the look-up: rows of this source that the act sees.
CREATE OR REPLACE FUNCTION lookup_branch(how text, exact text, source text, cond text) RETURNS text
	LANGUAGE sql STABLE AS $$
	SELECT format('SELECT a.asset_no::text AS key, %s AS how, %s AS exact FROM %s WHERE %s AND (%s)',
		how, exact, source, scope_expression('asset', false), cond) $$;

-- By whom a row may be meant: each column has its index, in the collation of the column.  Keys as
-- an array: a join would be planned for so many persons that all assets are read.
CREATE OR REPLACE FUNCTION lookup_by_person() RETURNS text LANGUAGE sql STABLE AS $$
	WITH x AS (SELECT ' = ANY ((SELECT array_agg(login COLLATE "default") FROM who)::text[])' AS who,
		'{sysadmin,operator,important_admin,key_custodian}'::text[] AS cols)
	SELECT 'WITH who AS MATERIALIZED (SELECT p.login FROM person p WHERE '
		|| scope_plain('p.institution', false) || '%1$s) ' || lookup_branch('''person''',
		'$1 && ARRAY[' || (SELECT string_agg('a.' || c, ', ') FROM unnest(cols) c) || ']', 'asset a',
		(SELECT string_agg(format('(a.%I IS NOT NULL AND a.%1$I%s)', c, who), ' OR ')
			FROM unnest(cols) c)
		|| ' OR a.asset_no = ANY ((SELECT array_agg(u.asset) FROM asset_user u WHERE u.person'
		|| who || ' AND (u.until_on IS NULL OR u.until_on >= act_today()))::text[])')
	FROM x $$;
CREATE OR REPLACE FUNCTION lookup_by_place() RETURNS text LANGUAGE sql STABLE AS $$
	SELECT 'WITH spot AS MATERIALIZED (SELECT s.code FROM area s WHERE '
		|| scope_plain('s.institution', false) || '%1$s) ' || lookup_branch('''place''',
		'a.location_area = ANY ($1)', 'asset a',
		'a.location_area IS NOT NULL AND a.location_area = ANY ((SELECT array_agg(code COLLATE "default") FROM spot)::text[])') $$;

-- Catalogues in force that the act reads, as in their policy: 機関CSIRT also that of a server of
-- 機密性4 (2.1(2)⑧(e)).
CREATE OR REPLACE FUNCTION catalogue_expression() RETURNS text LANGUAGE sql STABLE AS $$
	SELECT format('(c.status = ''submitted'' AND (SELECT catalogue_reader()) AND (%s OR '
		'(c.csirt_visible_at IS NOT NULL AND (SELECT catalogue_csirt()) AND c.institution = ANY '
		'((SELECT scope_of(false))::text[]))))', scope_expression('asset', false)) $$;
-- What a catalogue says of interfaces, where the ledger may not; `how` and entries that are sought.
CREATE OR REPLACE FUNCTION lookup_by_catalogue(how text, VARIADIC entries text[]) RETURNS text
	LANGUAGE sql STABLE AS $$
	SELECT format('SELECT c.asset::text AS key, %s AS how, true AS exact FROM system_catalogue c '
		'JOIN asset a ON a.asset_no = c.asset WHERE %s AND (%s)', how, catalogue_expression(),
		string_agg(format('c.network @> jsonb_build_array(jsonb_build_object(%s))', e), ' OR '))
	FROM unnest(entries) e $$;

-- words: all of them must be there; address: an address or a network, or NULL; ways: what may be
-- meant.  A row comes once; exact: it is what was asked for, and not only something like it.
DO $$
DECLARE
	-- in which way a row that the search has found is meant; the first that is asked for
	ways text := (SELECT 'CASE ' || string_agg(format('WHEN %L = ANY ($3) AND lookup_has($1, %s) '
		'THEN %1$L', way, parts), ' ' ORDER BY n) || ' WHEN ''text'' = ANY ($3) THEN ''text'' END'
		FROM (VALUES
		(1, 'mac', 'search_join(a.mac_addrs)'), (2, 'host', 'search_join(a.hostname)'),
		(3, 'name', 'a.asset_no, a.name, a.serial_no'),
		(4, 'person', 'a.sysadmin, a.operator, a.users_text'), (5, 'place', 'a.location_text'),
		(6, 'os', 'concat_ws('' '', a.os_name, a.os_version)')) v (n, way, parts));
BEGIN
	EXECUTE format($f$
		CREATE OR REPLACE FUNCTION lookup_statement(words text[], address text, ways text[])
			RETURNS text LANGUAGE plpgsql STABLE AS $b$
		DECLARE
			found text := '';
			parts text[] := '{}';
		BEGIN
			FOR i IN 1 .. coalesce(cardinality(words), 0) LOOP
				found := found || format(' AND %%%%1$s.search LIKE search_like($1[%%s])', i);
			END LOOP;
			IF address IS NOT NULL AND ways && '{ip,network}' THEN
				parts := parts || %L::text || %L::text;
			END IF;
			IF found <> '' THEN
				parts := parts || format(%L, format(found, 'a'));
				IF ways && '{mac,host}' AND cardinality(words) = 1 THEN
					parts := parts || %L::text;
				END IF;
				IF 'host' = ANY (ways) THEN
					parts := parts || %L::text;
				END IF;
				IF 'person' = ANY (ways) THEN
					parts := parts || format(%L, format(found, 'p'));
				END IF;
				IF 'place' = ANY (ways) THEN
					parts := parts || format(%L, format(found, 's'));
				END IF;
			END IF;
			RETURN 'SELECT key, how, exact FROM (SELECT key, (array_agg(how ORDER BY exact DESC, '
				'how))[1] AS how, bool_or(coalesce(exact, false)) AS exact FROM ('
				|| (SELECT string_agg('(' || p || ')', ' UNION ALL ') FROM unnest(parts) p)
				|| ') f GROUP BY key) g WHERE how = ANY ($3) ORDER BY exact DESC, key COLLATE "C" '
				'LIMIT $4';
		END $b$ $f$,
		lookup_branch('CASE WHEN o.single THEN ''ip'' ELSE ''network'' END', 'o.single',
			'address_range($2) q, asset a CROSS JOIN LATERAL (SELECT bool_or(r.low = r.high) '
			'AS single FROM unnest(a.ip_addrs || a.network_cidrs) e, address_range(e) r '
			'WHERE r.low <= q.high AND r.high >= q.low) o',
			'address_keys(a.ip_addrs || a.network_cidrs) && address_sought($2) '
			'AND o.single IS NOT NULL'),
		lookup_by_catalogue('''ip''', '''ip'', $2', '''ip'', host((address_range($2)).low)'),
		'SELECT x.key, x.how, x.exact FROM (' || lookup_branch(ways, 'lower(a.asset_no) = lower($1[1]) OR a.name = ANY ($1) '
			'OR EXISTS (SELECT FROM unnest(a.hostname || a.mac_addrs) h WHERE lower(h) = '
			'lower($1[1]))', 'asset a', 'true') || '%1$s) x WHERE x.how IS NOT NULL',
		lookup_by_catalogue('CASE WHEN c.network @> jsonb_build_array(jsonb_build_object('
			'''mac'', $1[1])) THEN ''mac'' ELSE ''host'' END', '''mac'', $1[1]',
			'''host'', $1[1]', '''host'', lower($1[1])'),
		lookup_branch('''host''', 'true', 'asset a',
			'a.web_fqdn && ($1 || ARRAY(SELECT lower(w) FROM unnest($1) w))'),
		lookup_by_person(), lookup_by_place());
	-- planned anew for what is asked; in its own name, so that nothing but the scope decides
	CREATE OR REPLACE FUNCTION lookup_find(words text[], address text, ways text[], most integer)
		RETURNS TABLE (key text, how text, exact boolean) LANGUAGE plpgsql STABLE
		SECURITY DEFINER SET search_path = public, pg_temp AS $b$
	DECLARE
		sql text := lookup_statement(words, address, ways);
	BEGIN
		IF sql IS NOT NULL THEN
			RETURN QUERY EXECUTE sql USING words, address, ways, most;
		END IF;
	END $b$;
END $$;

-- Software by its name, or by that of the source package: of the catalogue in force, and of the
-- ledger, where the catalogue does not say the same.  What was typed in has no type.
-- Assets row by row: however many lines are expected, never by way of all of them.
CREATE OR REPLACE FUNCTION software_statement() RETURNS text LANGUAGE sql STABLE AS $$
	SELECT format($q$
		WITH listed AS MATERIALIZED (
			SELECT a.asset_no::text, s.software_name, s.type, s.version, s.arch, s.source_name,
				s.source_version, 'catalogue'::text, c.catalogue_no::text
			FROM catalogue_software s JOIN system_catalogue c ON c.catalogue_no = s.catalogue
			CROSS JOIN LATERAL (SELECT x.* FROM asset x WHERE x.asset_no = c.asset OFFSET 0) a
			WHERE %2$s AND a.state NOT IN ('disposed', 'transferred')
			AND (lower(s.software_name) = lower($1)
				OR s.source_name = ANY (ARRAY[$1, lower($1), $2, lower($2)]))
		)
		SELECT * FROM listed l WHERE $3 IS NULL OR l.type IN ($3, 'generic') UNION ALL
		SELECT a.asset_no::text, s.software_name, NULL, s.version, NULL, NULL, NULL, 'ledger', NULL
		FROM asset_software s CROSS JOIN LATERAL (SELECT x.* FROM asset x
			WHERE x.asset_no = s.asset OFFSET 0) a
		WHERE a.state NOT IN ('disposed', 'transferred') AND %1$s
		AND lower(s.software_name) = ANY (ARRAY[lower($1), lower($2)]) AND NOT EXISTS (
			SELECT FROM listed x WHERE x.asset_no = s.asset AND x.version = s.version)
		ORDER BY 1, 2, 4, 5 $q$, scope_expression('asset', false), catalogue_expression()) $$;
CREATE OR REPLACE FUNCTION software_named(named text, source text, kind text)
	RETURNS TABLE (asset text, software text, type text, version text, arch text, source_name text,
	source_version text, recorded_in text, catalogue text) LANGUAGE plpgsql STABLE SECURITY DEFINER
	SET search_path = public, pg_temp AS $$
BEGIN
	RETURN QUERY EXECUTE software_statement() USING named, source, kind;
END $$;

-- Whom to call about a row: those who stand in its own lists first, then those of the 機関 who
-- answer for it.
CREATE OR REPLACE FUNCTION asset_contacts(no text, at_institution text, persons text[])
	RETURNS jsonb LANGUAGE sql STABLE AS $$
	SELECT coalesce(jsonb_agg(jsonb_build_object('list_kind', c.list_kind, 'office', c.office,
		'person', c.person, 'name', coalesce(p.name_ja, c.outside_name), 'phone', c.phone,
		'email', coalesce(c.email, p.email), 'means', c.means, 'content', c.content)
		ORDER BY c.asset IS NULL, c.list_kind, c.contact_order, c.contact_no), '[]')
	FROM emergency_contact c LEFT JOIN person p ON p.login = c.person
	WHERE c.asset = no OR (c.list_kind = 'institution' AND c.institution = at_institution
		AND c.person = ANY (persons)) $$;
CREATE OR REPLACE FUNCTION asset_persons(a asset) RETURNS jsonb LANGUAGE sql STABLE AS $$
	SELECT coalesce(jsonb_agg(jsonb_build_object('role', v.role, 'login', v.login,
		'name', p.name_ja, 'unit', p.unit, 'phone', p.phone, 'email', p.email) ORDER BY v.n), '[]')
	FROM (VALUES (1, 'important_admin', a.important_admin), (2, 'sysadmin', a.sysadmin),
		(3, 'operator', a.operator), (4, 'key_custodian', a.key_custodian)) v (n, role, login)
	LEFT JOIN person p ON p.login = v.login WHERE v.login IS NOT NULL $$;
-- How to stop it at once: nobody approves (2.1(2)⑥(c)); `emergency_stop` is what its
-- administrators have to say about that.
CREATE OR REPLACE FUNCTION asset_stop(a asset) RETURNS jsonb LANGUAGE sql STABLE AS $$
	SELECT jsonb_build_object('emergency_stop', a.emergency_stop, 'clause', '2.1(2)⑥(c)',
		'possible', a.state = 'in_operation', 'may', coalesce((SELECT bool_or(x.may)
			FROM asset_actions(a.asset_no) x WHERE x.action = 'suspension'), false),
		'method', 'POST', 'path', '/api/v1/assets/' || a.asset_no || '/suspension',
		'if_match', format('"%s"', a.row_version)) $$;

-- One answer of the look-up; the row policies of whoever asks are beneath it.  Of a server that is
-- seen by nothing but its catalogue: where, and who has submitted that.
DROP VIEW IF EXISTS asset_whose;
CREATE VIEW asset_whose WITH (security_invoker = true) AS
SELECT a.asset_no, a.name, a.institution, i.name_ja AS institution_name, a.unit,
	u.name_ja AS unit_name, a.asset_type, a.state, a.important_state <> 'not_applicable' AS important,
	a.important_state, a.confidentiality, a.has_personal_info, a.has_my_number, a.hostname,
	a.web_fqdn, a.ip_addrs, a.mac_addrs, a.network_cidrs, a.os_name, a.os_version, a.net_zone,
	a.location_area, r.name_ja AS location_name, a.location_text, a.internal_media_encryption,
	a.backup_last_on, a.log_enabled, a.log_retention_days, a.users_text, a.sysadmin,
	s.name_ja AS sysadmin_name, s.phone AS sysadmin_phone, s.email AS sysadmin_email,
	a.important_admin, m.name_ja AS important_admin_name, m.phone AS important_admin_phone,
	m.email AS important_admin_email, asset_persons(a) AS persons, asset_contacts(a.asset_no, a.institution,
		ARRAY[a.sysadmin, a.important_admin, a.operator]) AS contacts, a.emergency_stop,
	a.emergency_contact, d.incident_desk_name AS incident_desk,
	d.incident_desk_contact, (SELECT c.catalogue_no FROM system_catalogue c
		WHERE c.asset = a.asset_no AND c.status = 'submitted'
		ORDER BY c.version_no DESC LIMIT 1) AS catalogue, asset_stop(a) AS stop
FROM asset a LEFT JOIN institution i ON i.code = a.institution
LEFT JOIN org_unit u ON u.institution = a.institution AND u.code = a.unit
LEFT JOIN institution d ON d.code = coalesce(u.desk_institution, a.institution)
LEFT JOIN area r ON r.institution = a.institution AND r.code = a.location_area
LEFT JOIN person s ON s.login = a.sysadmin LEFT JOIN person m ON m.login = a.important_admin
UNION ALL
SELECT c.asset, NULL, c.institution, i.name_ja, NULL, NULL, NULL, NULL, true, NULL, NULL, NULL, NULL,
	NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL,
	NULL, NULL, NULL, NULL, p.login, p.name_ja, p.phone, p.email, CASE WHEN p.login IS NULL THEN '[]'
	ELSE jsonb_build_array(jsonb_build_object('role', 'important_admin', 'login', p.login, 'name',
	p.name_ja, 'unit', p.unit, 'phone', p.phone, 'email', p.email)) END, '[]', NULL, NULL,
	i.incident_desk_name, i.incident_desk_contact, c.catalogue_no, NULL
FROM system_catalogue c LEFT JOIN institution i ON i.code = c.institution
LEFT JOIN person p ON p.login = c.submitted_by
WHERE c.status = 'submitted' AND NOT EXISTS (SELECT FROM asset a WHERE a.asset_no = c.asset);
-- Rows of 機密性3以上 were shown (6.6(2)②), also those of which only the catalogue is: one event by
-- 機関, as of a list.
CREATE OR REPLACE FUNCTION lookup_note(keys text[], query text) RETURNS boolean LANGUAGE sql
	SECURITY DEFINER SET search_path = public, pg_temp AS $$
	SELECT bool_and(audit_read('asset', '', g.institution, 0, jsonb_build_object('keys', g.keys,
		'query', query)))
	FROM (SELECT a.institution, array_agg(a.asset_no ORDER BY a.asset_no) AS keys FROM asset a
		WHERE a.asset_no = ANY (keys) AND a.confidentiality >= 3 GROUP BY 1) g $$;
