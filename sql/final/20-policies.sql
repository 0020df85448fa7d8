-- Row-level security beneath every query.  The owner is never the daemon's role: functions of the
-- owner (SECURITY DEFINER), foreign keys and migrations are not bound by it.
SELECT policies_build(t, scope_expression(t, false, t), scope_expression(t, true, t))
	FROM unnest(ARRAY['asset', 'external_media']) t;
-- What follows the asset or the medium that it names.  An exception is granted by the 機関CISO,
-- who writes no asset: its 機関 is asked, the rest is for the rules.
CREATE OR REPLACE FUNCTION attached_ledgers() RETURNS TABLE (ledger text, assets text[],
	media text[]) LANGUAGE sql IMMUTABLE AS $$
	VALUES ('asset_user', '{asset}'::text[], '{}'::text[]), ('emergency_contact', '{asset}', '{}'),
		('network_connection', '{asset,network}', '{}'), ('software_allowlist', '{asset}', '{}'),
		('asset_software', '{asset}', '{}'), ('disposal_record', '{asset}', '{medium}'),
		('media_movement', '{asset}', '{medium}'), ('exception_grant', '{asset}', '{medium}') $$;
CREATE OR REPLACE FUNCTION scope_changed(ledger text, assets text[], media text[], a text)
	RETURNS text LANGUAGE sql STABLE AS $$
	SELECT CASE ledger WHEN 'exception_grant' THEN scope_plain(a || '.institution', true)
		-- that of the whole 機構: 2.1(2)③
		WHEN 'emergency_contact' THEN format('((%s.institution IS NULL AND '
			'(SELECT acting(''office'')) = ''general_iso'') OR %s)', a,
			scope_attached(assets, media, true, a))
		ELSE scope_attached(assets, media, true, a) END $$;
SELECT policies_build(ledger, CASE ledger WHEN 'emergency_contact' THEN format(
		'(institution IS NULL OR %s)', scope_attached(assets, media, false, ledger))
		ELSE scope_attached(assets, media, false, ledger) END,
	scope_changed(ledger, assets, media, ledger))
	FROM attached_ledgers();
SELECT policies_build(t, scope_plain('institution', false), scope_plain('institution', true))
	FROM unnest(ARRAY['org_unit', 'area', 'contract', 'document', 'inventory']) t;
-- What was answered about a row: for who sees the row.  Only the owner writes it.
SELECT policies_build('inventory_answer', '((SELECT scope_all()) OR (institution = ANY '
	'((SELECT scope_of(false))::text[]) AND CASE ledger WHEN ''assets'' THEN EXISTS (SELECT FROM '
	'asset a WHERE a.asset_no = object) ELSE EXISTS (SELECT FROM external_media m WHERE '
	'm.media_no = object) END))', NULL);
-- An application: for who made it, and for those who see what it is about.
-- One about a person, or about no row, is for those who see all of the 機関, and for whom it waits;
-- one about information of 機密性4 for offices marked ④, for whom it waits and who takes part.
-- What is seen by office goes first: whom it waits for is the dearest question.
SELECT policies_build('request', '(applicant = (SELECT acting_person()) OR ('
	|| scope_attached('{asset}', '{medium}', false, 'request')
	|| ' AND (num_nonnulls(asset, medium) > 0 OR (SELECT scope_all()) '
	'OR (SELECT reach(1)) = ''i'') AND (payload->>''confidentiality'' IS DISTINCT FROM ''4'' '
	'OR (SELECT scope_all()) OR (SELECT reach_four()))) OR request_no = ANY ((SELECT requests_mine())::text[]))',
	scope_attached('{asset}', '{medium}', true, 'request'));
SELECT policies_build(t, format('EXISTS (SELECT FROM request r WHERE r.request_no = %I.request)',
	t), NULL) FROM unnest('{request_step,request_seen}'::text[]) t;
-- Documents follow what they belong to; one of 機密性4 is also asked about by itself, from 機密性3 on
-- a step in the past is no reason any more, and a catalogue is for who reads catalogues.
SELECT policies_build('attachment', '((CASE WHEN request IS NULL THEN EXISTS (SELECT FROM asset a '
	'WHERE a.asset_no = attachment.asset) ELSE EXISTS (SELECT FROM request r WHERE r.request_no = '
	'attachment.request) END) AND (confidentiality < 4 OR (SELECT scope_all()) '
	'OR (SELECT reach_four()) OR created_by = (SELECT acting_person()) '
	'OR request = ANY ((SELECT requests_mine())::text[])) '
	'AND (confidentiality < 3 OR request IS NULL OR request <> ALL ((SELECT requests_past())::text[])) '
	'AND (kind <> ''catalogue'' OR (SELECT catalogue_reader()) '
	'OR created_by = (SELECT acting_person())))', NULL);
SELECT policies_build(t, format('EXISTS (SELECT FROM attachment x WHERE x.attachment_no = '
	'%I.attachment_no)', t), NULL) FROM unnest('{attachment_content,attachment_chunk}'::text[]) t;
-- A catalogue: for who sees the server; before its submission, for those who may change the server.
SELECT policies_build('system_catalogue', format('((SELECT catalogue_reader()) AND ((csirt_visible_at '
	'IS NOT NULL AND (SELECT catalogue_csirt()) AND institution = ANY '
	'((SELECT scope_of(false))::text[])) OR (%s AND (status <> ''draft'' OR csirt_visible_at IS NOT '
	'NULL OR %s))))', scope_attached('{asset}', '{}', false, 'system_catalogue'),
	scope_attached('{asset}', '{}', true, 'system_catalogue')), NULL);
SELECT policies_build('catalogue_software', 'EXISTS (SELECT FROM system_catalogue c WHERE '
	'c.catalogue_no = catalogue_software.catalogue)', NULL);
SELECT policies_build('institution', scope_plain('code', false), scope_plain('code', true));
SELECT policies_build('person',
	'(login = (SELECT acting_person()) OR ' || scope_plain('institution', false) || ')',
	scope_plain('institution', true));
-- Who may appoint is judged by the rules (ROLE-*): all that is asked here is the 機関.
SELECT policies_build('role_assignment',
	'(person = (SELECT acting_person()) OR institution IS NULL OR '
	|| scope_plain('institution', false) || ')',
	'(institution IS NULL OR ' || scope_plain('institution', false) || ')');
-- Defaults are of the whole 機構: everybody reads them, nobody but a migration writes them.
SELECT policies_build(t, '(institution IS NULL OR ' || scope_plain('institution', false) || ')',
	'(institution IS NOT NULL AND ' || scope_plain('institution', true) || ')')
	FROM unnest(ARRAY['policy', 'rating_level']) t;
-- Keys of the rows that are seen of a ledger that follows others, or of applications: once for a
-- statement, and planned when it is needed, for the policy below is part of every question about
-- the past.
CREATE OR REPLACE FUNCTION seen_keys(ledger text, key text) RETURNS SETOF text
	LANGUAGE plpgsql STABLE AS $$
BEGIN
	RETURN QUERY EXECUTE format('SELECT %I::text FROM %I', key, ledger);
END $$;
-- The history of what is seen; of rows that are gone, for those who see all of the 機関.  What
-- belongs to no 機関 is of the whole 機構, and everybody who reads at all may know it.  Catalogues are
-- asked about in any case: their drafts are not for everybody who sees the whole 機関.
SELECT policies_build('audit_event', format('((SELECT scope_all()) OR ((SELECT reach_deputy(0)) AND '
	'institution = ANY ((SELECT scope_of(false))::text[]) AND '
	'(((SELECT reach(1)) = ''i'' AND (SELECT reach_four()) AND object_type NOT IN '
	'(''system_catalogue'', ''catalogue_software'')) OR CASE object_type WHEN ''asset'' THEN EXISTS (SELECT FROM asset a WHERE a.asset_no = object) '
	'WHEN ''external_media'' THEN EXISTS (SELECT FROM external_media m WHERE m.media_no = object) '
	'%s WHEN ''directory'' THEN false ELSE true END)) OR '
	'((SELECT cardinality(scope_of(false))) > 0 AND institution IS NULL AND object_type IN '
	'(''policy'', ''rating_level'', ''role_assignment'', ''emergency_contact'')))', string_agg(format(
	'WHEN %L THEN object IN (SELECT seen_keys(%1$L, %L))', ledger, key), ' ' ORDER BY ledger)),
	NULL)
	FROM (SELECT tgrelid::regclass::text, split_part(encode(tgargs, 'escape'), '\000', 1)
		FROM pg_trigger WHERE tgname = 'audit_insert') t (ledger, key)
	WHERE ledger IN ('request', 'request_step', 'attachment', 'inventory_answer', 'finding',
			'system_catalogue', 'catalogue_software')
		OR ledger IN (SELECT a.ledger FROM attached_ledgers() a);
-- Signed once; a review holds the rights of everybody in the 機関.
SELECT policies_build('access_review', scope_plain('institution', false),
	scope_plain('institution', false));
-- Findings of what is seen; whoever sees all of the 機関 need not ask for each.
SELECT policies_build('finding', '((SELECT scope_all()) OR institution IS NULL OR (institution = ANY '
	'((SELECT scope_of(false))::text[]) AND (((SELECT reach(1)) = ''i'' AND (SELECT reach(3)) = ''i'' '
	'AND (SELECT reach_four())) OR CASE ledger ' || string_agg(format('WHEN %L THEN EXISTS (SELECT '
	'FROM %1$I x WHERE x.%I = finding.object)', t, ledger_key(t)), ' ' ORDER BY t)
	|| ' ELSE true END)))', NULL)
	FROM (SELECT ledger FROM attached_ledgers()
		UNION ALL VALUES ('asset'), ('external_media'), ('request')) v (t);
-- A report quotes cells: for who ran it, and for those who see the whole 機関.
SELECT policies_build('import', x, x) FROM (VALUES (
	'((SELECT scope_all()) OR person = (SELECT acting_person()) OR '
	'(institution = ANY ((SELECT scope_of(false))::text[]) AND (SELECT reach(1)) = ''i''))')) v (x);

SELECT find_build(l, k, scope_expression(l, false))
	FROM (VALUES ('asset', 'asset_no'), ('external_media', 'media_no')) v (l, k);
SELECT find_build(l, k, scope_plain('a.' || c, false)) FROM (VALUES ('institution', 'code', 'code'),
	('org_unit', 'code', 'institution'), ('area', 'code', 'institution'),
	('person', 'login', 'institution'), ('contract', 'contract_no', 'institution'),
	('document', 'document_no', 'institution')) v (l, k, c);
SELECT find_build(l, k, scope_attached('{asset}', '{}', false, 'a'))
	FROM (VALUES ('asset_software', 'software_no'), ('software_allowlist', 'allow_no')) v (l, k);
SELECT find_build('emergency_contact', 'contact_no', '(a.institution IS NULL OR '
	|| scope_attached('{asset}', '{}', false, 'a') || ')');

-- An import finds rows by an array column (any of these names); the waiting rows are its own.
DO $$
BEGIN
	EXECUTE format($f$
		CREATE OR REPLACE FUNCTION asset_match_hostname(no text)
			RETURNS TABLE (line bigint, key text) LANGUAGE sql STABLE SECURITY DEFINER
			SET search_path = public, pg_temp AS $b$
			SELECT s.line, a.asset_no FROM asset_staging s
			JOIN asset a ON a.hostname && s.hostname
			WHERE s.import_no = no AND %s $b$ $f$, scope_expression('asset', false));
END $$;

SELECT rating_build('asset', 'asset_no', '{confidentiality,confidentiality_basis,integrity,'
	'availability,handling_restrictions}', '{confidentiality,integrity,availability}',
	'handling_restrictions', true);
SELECT rating_build('external_media', 'media_no', '{confidentiality}', '{confidentiality}', NULL,
	false);
SELECT life_build('asset', 'asset_no', '{adopted,operation_started_on,retired_on}');
SELECT life_build('external_media', 'media_no', '{}');

-- Persons who may be named in the rows of a 機関: its own, those who hold an office there or for
-- the whole 機構.  One set, so that a table of any size is compared in one pass; nobody else's
-- login can be told from one that does not exist.
CREATE OR REPLACE FUNCTION persons_known() RETURNS TABLE (login text, institution text)
	LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
	SELECT p.login, p.institution FROM person p
	WHERE (SELECT scope_system()) OR p.institution = ANY ((SELECT scope_of(true))::text[])
	UNION
	SELECT r.person, i.code FROM role_assignment r JOIN institution i
		ON r.institution IS NULL OR r.institution = i.code
	WHERE office_in_force(r, act_today())
		AND ((SELECT scope_system()) OR i.code = ANY ((SELECT scope_of(true))::text[])) $$;

-- The same in the database; what was named before and is not changed stays.
CREATE OR REPLACE FUNCTION references_judge() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
	SET search_path = public, pg_temp AS $$
DECLARE
	col text;
	strange text;
	-- argument 0: the key; the others: columns that name persons
	kept text := CASE WHEN TG_OP = 'UPDATE' THEN format('JOIN old_rows o ON o.%I = n.%1$I',
		TG_ARGV[0]) ELSE '' END;
BEGIN
	FOREACH col IN ARRAY TG_ARGV[1:] LOOP
		EXECUTE format('SELECT n.%1$I FROM new_rows n %2$s WHERE n.%1$I IS NOT NULL %3$s AND NOT '
			'EXISTS (SELECT FROM person p WHERE p.login = n.%1$I AND p.institution = '
			'n.institution) AND NOT EXISTS (SELECT FROM role_assignment r WHERE r.person = '
			'n.%1$I AND (r.institution IS NULL OR r.institution = n.institution) AND '
			'office_in_force(r, act_today())) LIMIT 1', col, kept,
			CASE WHEN TG_OP = 'UPDATE' THEN format('AND n.%1$I IS DISTINCT FROM o.%1$I', col)
			ELSE '' END) INTO strange;
		IF strange IS NOT NULL THEN
			RAISE foreign_key_violation USING CONSTRAINT =
				format('%s_%s_ref', TG_TABLE_NAME, col),
				MESSAGE = 'no such person in this institution';
		END IF;
	END LOOP;
	RETURN NULL;
END $$;
DO $$
DECLARE
	l text;
	k text;
	c text;
BEGIN
	FOR l, k, c IN VALUES
		('asset', 'asset_no', '''sysadmin'', ''operator'', ''key_custodian'', ''important_admin'''),
		('external_media', 'media_no', '''custodian'', ''sysadmin'''),
		('asset_user', 'user_no', '''person'''),
		('area', 'code', '''identified_by'', ''designated_by'''),
		('document', 'document_no', '''owner'''), ('emergency_contact', 'contact_no', '''person'''),
		('network_connection', 'connection_no', '''permitted_by'''),
		('software_allowlist', 'allow_no', '''approved_by'''),
		('disposal_record', 'disposal_no', '''confirmed_by'''),
		('media_movement', 'movement_no', '''person''') LOOP
		EXECUTE format('CREATE OR REPLACE TRIGGER references_insert AFTER INSERT ON %I '
			'REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT '
			'EXECUTE FUNCTION references_judge(%L, %s)', l, k, c);
		EXECUTE format('CREATE OR REPLACE TRIGGER references_update AFTER UPDATE ON %I '
			'REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT '
			'EXECUTE FUNCTION references_judge(%L, %s)', l, k, c);
	END LOOP;
END $$;

-- The same expressions as functions: to explain a refusal, and for rows that wait in an import.
DO $$
DECLARE
	l text;
BEGIN
	FOREACH l IN ARRAY ARRAY['asset', 'external_media'] LOOP
		EXECUTE format('CREATE OR REPLACE FUNCTION %I(a %I) RETURNS boolean LANGUAGE sql STABLE '
			'AS $b$ SELECT coalesce(%s, false) $b$', l || '_may_see', l,
			scope_expression(l, false));
		EXECUTE format('CREATE OR REPLACE FUNCTION %I(a %I) RETURNS boolean LANGUAGE sql STABLE '
			'AS $b$ SELECT coalesce(%s, false) $b$', l || '_may_change', l,
			scope_expression(l, true));
		EXECUTE format('CREATE OR REPLACE FUNCTION %I(a %I) RETURNS boolean LANGUAGE sql STABLE '
			'AS $b$ SELECT coalesce(%s, false) $b$', l || '_staging_may', l || '_staging',
			scope_expression(l, true));
	END LOOP;
END $$;
DO $$
DECLARE
	l record;
	t text;
BEGIN
	FOR l IN SELECT * FROM attached_ledgers() LOOP
		FOREACH t IN ARRAY ARRAY[l.ledger, l.ledger || '_staging'] LOOP
			EXECUTE format('CREATE OR REPLACE FUNCTION %I(a %I) RETURNS boolean LANGUAGE sql '
				'STABLE AS $b$ SELECT coalesce(%s, false) $b$',
				t || CASE t WHEN l.ledger THEN '_may_change' ELSE '_may' END, t,
				scope_changed(l.ledger, l.assets, l.media, 'a'));
		END LOOP;
	END LOOP;
END $$;

-- The same asked for somebody else, in each office that they hold (a notice names nothing that its
-- reader could not open).  What the act itself is stays as it was.
DO $$
BEGIN
	EXECUTE format('CREATE OR REPLACE FUNCTION request_may_see(a request) RETURNS boolean '
		'LANGUAGE sql STABLE AS $b$ SELECT coalesce((a.asset IS NULL AND a.medium IS NULL '
		'AND a.institution = ANY (scope_of(false)) AND reach(1) = ''i'' '
		'OR EXISTS (SELECT FROM asset x WHERE x.asset_no = a.asset AND %s) '
		'OR EXISTS (SELECT FROM external_media x WHERE x.media_no = a.medium AND %s)) '
		'AND (a.payload->>''confidentiality'' IS DISTINCT FROM ''4'' OR reach_four()), false) $b$',
		scope_expression('asset', false, 'x'), scope_expression('external_media', false, 'x'));
END $$;
CREATE OR REPLACE FUNCTION row_shown(in_ledger text, no text, who text) RETURNS boolean
	LANGUAGE plpgsql AS $$
DECLARE
	was jsonb := (SELECT jsonb_object_agg(x, coalesce(acting(x), ''))
		FROM unnest('{person,office,scope,reach}'::text[]) x);
	o record;
	seen boolean := false;
BEGIN
	FOR o IN SELECT f.office, i.reach, (SELECT array_agg(n.code)::text FROM institution n
			WHERE n.active AND (i.everywhere OR n.code = ANY (array_agg(f.institution)))) AS scope
		FROM offices_in_force(who, act_today()) f JOIN office_info i ON i.code = f.office
		GROUP BY f.office, i.reach, i.everywhere LOOP
		PERFORM set_config('daicho.person', who, true),
			set_config('daicho.office', o.office, true),
			set_config('daicho.scope', coalesce(o.scope, '{}'), true),
			set_config('daicho.reach', o.reach, true);
		seen := CASE in_ledger
			WHEN 'asset' THEN (SELECT asset_may_see(a) FROM asset a WHERE a.asset_no = no)
			WHEN 'external_media' THEN (SELECT external_media_may_see(m) FROM external_media m
				WHERE m.media_no = no)
			WHEN 'role_assignment' THEN (SELECT a.institution IS NULL
				OR a.institution = ANY (scope_of(false)) FROM role_assignment a
				WHERE a.office_no = no)
			ELSE (SELECT request_may_see(r) FROM request r WHERE r.request_no = no) END;
		EXIT WHEN seen;
	END LOOP;
	PERFORM set_config('daicho.' || x.key, x.value, true) FROM jsonb_each_text(was) x;
	RETURN coalesce(seen, false);
END $$;
-- Who takes part in an application sees it in any case.
CREATE OR REPLACE FUNCTION request_shown(r request, who text) RETURNS boolean LANGUAGE sql AS $$
	SELECT coalesce(who IN (r.applicant, r.on_behalf_of, r.subject_person, r.assigned_to), false)
		OR EXISTS (SELECT FROM request_step s WHERE s.request = r.request_no AND s.acted_by = who)
		OR request_awaits(r, who) OR row_shown('request', r.request_no, who) $$;
