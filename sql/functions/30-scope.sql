-- What the act may see and change, for the row policies and for functions that stand in for them.
--
-- The daemon decides (org/access.c) and tells the transaction (tx_act_sql in db/tx.c):
--   scope        機関 that may be seen; '{*}': the operator, where the machine stands
--   write_scope  機関 in which may be written
--   reach        five letters: assets read, assets write, media read, media write, and '4' for an
--                office marked ④; n nothing, o own rows, u units, i the whole 機関
--   system       't': the daemon itself, before it knows who asks: organisation, never ledgers
-- Units and assets of the appointment are looked up here, so that they cannot be claimed.
-- Policies ask each through a sub-select, so that it is evaluated once per statement.

CREATE OR REPLACE FUNCTION scope_all() RETURNS boolean LANGUAGE sql STABLE AS $$
	SELECT coalesce(acting('scope') = '{*}', false) $$;
CREATE OR REPLACE FUNCTION scope_system() RETURNS boolean LANGUAGE sql STABLE AS $$
	SELECT coalesce(acting('scope') = '{*}' OR acting('system') = 't', false) $$;
CREATE OR REPLACE FUNCTION scope_of(writing boolean) RETURNS text[] LANGUAGE sql STABLE AS $$
	SELECT coalesce(acting(CASE WHEN writing THEN 'write_scope' ELSE 'scope' END),
		'{}')::text[] $$;
-- The appointments in whose name is acted.
CREATE OR REPLACE FUNCTION acting_appointments() RETURNS SETOF role_assignment LANGUAGE sql STABLE
	SECURITY DEFINER SET search_path = public, pg_temp AS $$
	SELECT r.* FROM role_assignment r WHERE r.person = acting_person()
		AND r.office = acting('office') AND office_in_force(r, act_today()) $$;

-- Those by which rows are read (1, 3) or changed (2, 4), or the past is looked into (0): a 副情報
-- セキュリティ責任者 changes ledgers and inspects only as far as that was left to the deputy (2.1(2)⑤).
CREATE OR REPLACE FUNCTION reach_appointments(place integer) RETURNS SETOF role_assignment
	LANGUAGE sql STABLE AS $$
	SELECT r.* FROM acting_appointments() r WHERE r.office <> 'deputy_iso' OR CASE
		WHEN place IN (2, 4) THEN 'keep_ledgers' = ANY (r.delegable_powers)
		WHEN place = 0 THEN 'inspect_admins' = ANY (r.delegable_powers) ELSE true END $$;
CREATE OR REPLACE FUNCTION reach_deputy(place integer) RETURNS boolean LANGUAGE sql STABLE AS $$
	SELECT acting('office') IS DISTINCT FROM 'deputy_iso'
		OR EXISTS (SELECT FROM reach_appointments(place)) $$;

CREATE OR REPLACE FUNCTION reach(place integer) RETURNS text LANGUAGE sql STABLE AS $$
	SELECT CASE WHEN place NOT IN (2, 4) OR reach_deputy(place)
		THEN coalesce(substr(acting('reach'), place, 1), 'n') ELSE 'n' END $$;
CREATE OR REPLACE FUNCTION reach_four() RETURNS boolean LANGUAGE sql STABLE AS $$
	SELECT reach(5) = '4' $$;

-- Who may be meant by "named on the row": nobody in an office that does not read the ledger.
CREATE OR REPLACE FUNCTION reach_person(place integer) RETURNS text LANGUAGE sql STABLE AS $$
	SELECT CASE WHEN reach(place) <> 'n' THEN acting_person() END $$;

-- Units of these appointments with all below them; a range (2.1(2)⑤) replaces the unit.
DROP FUNCTION IF EXISTS acting_units();
CREATE OR REPLACE FUNCTION acting_units(place integer DEFAULT 1) RETURNS text[]
	LANGUAGE sql STABLE
	SECURITY DEFINER SET search_path = public, pg_temp AS $$
	WITH RECURSIVE tree AS (
		SELECT unnest(CASE WHEN cardinality(a.range_units) > 0
			OR cardinality(a.range_assets) > 0 THEN a.range_units
			ELSE ARRAY[a.unit] END) COLLATE "C" AS code
		FROM reach_appointments(place) a
		UNION
		SELECT u.code FROM org_unit u JOIN tree t ON u.parent = t.code
	)
	SELECT coalesce(array_agg(code) FILTER (WHERE code IS NOT NULL), '{}') FROM tree $$;
CREATE OR REPLACE FUNCTION reach_units(place integer) RETURNS text[] LANGUAGE sql STABLE AS $$
	SELECT CASE WHEN reach(place) = 'u' THEN acting_units(place) ELSE '{}'::text[] END $$;
DROP FUNCTION IF EXISTS acting_assets();
CREATE OR REPLACE FUNCTION acting_assets(place integer) RETURNS text[] LANGUAGE sql STABLE
	SECURITY DEFINER SET search_path = public, pg_temp AS $$
	SELECT coalesce(array_agg(x), '{}') FROM reach_appointments(place) a,
		unnest(a.range_assets) x $$;
CREATE OR REPLACE FUNCTION reach_assets(place integer) RETURNS text[] LANGUAGE sql STABLE AS $$
	SELECT CASE WHEN reach(place) = 'u' THEN acting_assets(place) ELSE '{}'::text[] END $$;

-- Assets that the person uses (1.2(1)).
CREATE OR REPLACE FUNCTION used_assets() RETURNS text[] LANGUAGE sql STABLE
	SECURITY DEFINER SET search_path = public, pg_temp AS $$
	SELECT coalesce(array_agg(u.asset), '{}') FROM asset_user u WHERE u.person = acting_person()
		AND (u.until_on IS NULL OR u.until_on >= act_today()) $$;

-- The one expression by which a row of a ledger is seen (writing: changed), where
-- the row is called `a`.
-- Policies, search, key matching and the rating are built from it.
CREATE OR REPLACE FUNCTION scope_expression(ledger text, writing boolean, a text DEFAULT 'a')
	RETURNS text LANGUAGE sql STABLE AS $$
	WITH x AS (
		SELECT CASE ledger WHEN 'asset' THEN 1 ELSE 3 END + writing::int AS place,
			CASE ledger WHEN 'asset'
				THEN ARRAY['sysadmin', 'operator', 'important_admin', 'key_custodian']
				ELSE ARRAY['custodian', 'sysadmin'] END AS persons
	), named AS (
		SELECT place, format('((SELECT reach_person(%s)) IN (%s) OR (a.state = ''draft'' AND '
			'a.created_by = (SELECT reach_person(%1$s)))', place,
			(SELECT string_agg('a.' || p, ', ') FROM unnest(persons) p))
			|| CASE WHEN ledger = 'asset' AND NOT writing THEN format(' OR '
				'((SELECT reach_person(%s)) IS NOT NULL AND a.asset_no = ANY '
				'((SELECT used_assets())::text[]))', place) ELSE '' END || ')' AS named
		FROM x
	)
	SELECT replace(format('((SELECT scope_all()) OR (a.institution = ANY ((SELECT scope_of(%s))::text[])'
		' AND ((SELECT reach(%s)) = ''i'' OR a.unit = ANY ((SELECT reach_units(%2$s))::text[])'
		'%s OR %s) AND (coalesce(a.confidentiality, 0) < 4 OR (SELECT reach_four()) OR %4$s)))',
		writing::text, place, CASE WHEN ledger = 'asset' THEN format(
			' OR a.asset_no = ANY ((SELECT reach_assets(%s))::text[])', place) ELSE '' END,
		named), 'a.', a || '.')
	FROM named $$;

-- What belongs to a 機関 and has no levels: units, areas, persons …
CREATE OR REPLACE FUNCTION scope_plain(col text, writing boolean) RETURNS text
	LANGUAGE sql STABLE AS $$
	SELECT format('((SELECT scope_system()) OR %s = ANY ((SELECT scope_of(%s))::text[]))', col,
		writing::text) $$;

-- What follows the asset or the medium that it names; what names neither is of the whole 機関.
-- assets, media: the columns that name them.  Beneath a policy `seen` asks those of the ledgers.
CREATE OR REPLACE FUNCTION scope_attached(assets text[], media text[], writing boolean, a text)
	RETURNS text LANGUAGE sql STABLE AS $$
	WITH x AS (
		SELECT 'asset' AS ledger, 'asset_no' AS key, unnest(assets) AS col
		UNION ALL SELECT 'external_media', 'media_no', unnest(media)
	)
	SELECT format('((SELECT scope_all()) OR (%s.institution = ANY ((SELECT scope_of(%s))::text[]) '
		'AND (%s OR (%s))))', a, writing::text,
		string_agg(format('EXISTS (SELECT FROM %I x WHERE x.%I = %s.%I AND x.institution = '
			'%s.institution%s)', ledger, key, a, col, a, CASE WHEN writing
			THEN ' AND ' || scope_expression(ledger, true, 'x') ELSE '' END), ' OR '),
		string_agg(format('%s.%I IS NULL', a, col), ' AND '))
	FROM x $$;

-- Replaces all policies of one table; NULL: no policy, so nobody.
CREATE OR REPLACE FUNCTION policies_build(ledger text, seen text, changed text) RETURNS void
	LANGUAGE plpgsql AS $$
DECLARE
	p text;
BEGIN
	FOR p IN SELECT polname FROM pg_policy WHERE polrelid = ledger::regclass LOOP
		EXECUTE format('DROP POLICY %I ON %I', p, ledger);
	END LOOP;
	EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', ledger);
	EXECUTE format('CREATE POLICY seen ON %I FOR SELECT TO daicho_app USING (%s)', ledger, seen);
	EXECUTE format('CREATE POLICY reviewed ON %I FOR SELECT TO daicho_auditor, daicho_sealer '
		'USING (true)', ledger);
	IF changed IS NULL THEN
		RETURN;
	END IF;
	EXECUTE format('CREATE POLICY added ON %I FOR INSERT TO daicho_app WITH CHECK (%s)', ledger,
		changed);
	EXECUTE format('CREATE POLICY changed ON %I FOR UPDATE TO daicho_app USING (%s) '
		'WITH CHECK (%2$s)', ledger, changed);
	EXECUTE format('CREATE POLICY removed ON %I FOR DELETE TO daicho_app USING (%s)', ledger,
		changed);
END $$;

-- Searching and matching by operators that are not leakproof (LIKE, &&) cannot use an index
-- beneath a policy.  These functions apply the same expression and return keys only.
CREATE OR REPLACE FUNCTION find_build(ledger text, key text, seen text) RETURNS void
	LANGUAGE plpgsql AS $$
BEGIN
	EXECUTE format($f$
		CREATE OR REPLACE FUNCTION %I(terms text[]) RETURNS SETOF text LANGUAGE plpgsql STABLE
			SECURITY DEFINER SET search_path = public, pg_temp AS $b$
		DECLARE
			sql text := %L;
		BEGIN
			FOR i IN 1 .. cardinality(terms) LOOP
				sql := sql || format(' AND a.search LIKE search_like($1[%%s])', i);
			END LOOP;
			RETURN QUERY EXECUTE sql USING terms;
		END $b$ $f$, ledger || '_find',
		format('SELECT a.%I::text FROM %I a WHERE %s', key, ledger, seen));
END $$;

-- A reading of 機密性3以上 is an event (6.6(2)②); `detail` says what, when it is not one row.
CREATE OR REPLACE FUNCTION audit_read(what text, no text, at_institution text, row_version integer,
	detail jsonb DEFAULT NULL) RETURNS boolean LANGUAGE plpgsql SECURITY DEFINER
	SET search_path = public, pg_temp AS $$
BEGIN
	INSERT INTO audit_event (institution, person, office, account, client, request_id,
		operation, action, object_type, object, version, after)
	SELECT at_institution, c.*, 'read', what, no, row_version, detail FROM act_context() c;
	RETURN true;
END $$;
