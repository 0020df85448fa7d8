-- System catalogues: made, edited and submitted here and nowhere else; the daemon's role writes
-- neither table.  The form of what comes in was checked by the daemon (src/workflow/catalogue.c).

CREATE OR REPLACE FUNCTION catalogue_sections() RETURNS text[] LANGUAGE sql IMMUTABLE AS $$
	SELECT '{hardware,services,network,accounts,data_held,maintenance_vendor}'::text[] $$;

-- ⑧(e): those who administer the server, and are named on its row.
CREATE OR REPLACE FUNCTION catalogue_may_write(of_asset text) RETURNS boolean
	LANGUAGE plpgsql STABLE AS $$
BEGIN
	RETURN coalesce(acting('office') IN ('important_admin', 'sysadmin')
		AND EXISTS (SELECT FROM asset a WHERE a.asset_no = of_asset AND asset_may_change(a)
			AND acting_person() IN (a.important_admin, a.sysadmin)), false);
END $$;

CREATE OR REPLACE FUNCTION administrators_only() RETURNS text LANGUAGE sql IMMUTABLE AS $$
	SELECT fault('office_needed', 'asset', '2.1(2)⑧(e)',
		'システム構成カタログを作成・変更するのは、台帳にあるそのサーバの重要サーバ管理者又は情報システム管理者です。その役割で操作してください。',
		'A catalogue is written by the 重要サーバ管理者 or the 情報システム管理者 on the row of the '
		'server, acting in that office.')::text $$;

-- The row, locked, if it has this version; NULL: another by now.  Only a draft is changed.
CREATE OR REPLACE FUNCTION catalogue_take(no text, seen_version text) RETURNS system_catalogue
	LANGUAGE plpgsql AS $$
DECLARE
	c system_catalogue;
BEGIN
	PERFORM request_actor();
	SELECT * INTO c FROM system_catalogue q WHERE q.catalogue_no = no FOR UPDATE;
	IF NOT catalogue_may_write(c.asset) THEN
		RAISE EXCEPTION 'only those who administer the server' USING ERRCODE = 'DR004',
			DETAIL = administrators_only();
	END IF;
	IF c.row_version::text IS DISTINCT FROM seen_version THEN
		RETURN NULL;
	END IF;
	IF c.status <> 'draft' THEN
		RAISE EXCEPTION 'a submitted catalogue stays as it was: make a new version'
			USING ERRCODE = 'DR002';
	END IF;
	RETURN c;
END $$;

-- What the document says is written over the row.
CREATE OR REPLACE FUNCTION catalogue_write(no text, doc jsonb) RETURNS SETOF system_catalogue
	LANGUAGE sql AS $$
	UPDATE system_catalogue q SET hardware = n.hardware, services = n.services,
		network = n.network, accounts = n.accounts, data_held = n.data_held,
		maintenance_vendor = n.maintenance_vendor, note = n.note,
		row_version = q.row_version + 1, updated_by = acting_person(), updated_at = now()
	FROM (SELECT (jsonb_populate_record(c, doc)).* FROM system_catalogue c
		WHERE c.catalogue_no = no) n
	WHERE q.catalogue_no = no RETURNING q.* $$;

-- A new draft; `copy`: the version it begins as, '' for an empty one, NULL for the newest.
CREATE OR REPLACE FUNCTION catalogue_create(of_asset text, copy text, doc jsonb)
	RETURNS SETOF system_catalogue LANGUAGE plpgsql SECURITY DEFINER
	SET search_path = public, pg_temp AS $$
DECLARE
	a asset;
	made text;
	other text;
BEGIN
	PERFORM request_actor();
	SELECT * INTO a FROM asset x WHERE x.asset_no = of_asset FOR NO KEY UPDATE;
	IF NOT coalesce(asset_may_see(a), false) THEN
		PERFORM faults_raise(fault('unknown_reference', 'asset', '2.1(2)⑧(e)',
			'該当する資産がありません。', 'There is no such asset.'));
	ELSIF NOT catalogue_may_write(of_asset) THEN
		RAISE EXCEPTION 'only those who administer the server' USING ERRCODE = 'DR004',
			DETAIL = administrators_only();
	END IF;
	other := (SELECT c.catalogue_no FROM system_catalogue c WHERE c.asset = of_asset
		AND c.status = 'draft');
	IF other IS NOT NULL THEN
		RAISE EXCEPTION 'there is a draft already: %', other USING ERRCODE = 'DR002';
	END IF;
	IF copy <> '' AND NOT EXISTS (SELECT FROM system_catalogue c WHERE c.catalogue_no = copy
		AND c.asset = of_asset) THEN
		PERFORM faults_raise(fault('unknown_reference', 'based_on', '2.1(2)⑧(e)',
			'この資産のその版はありません。', 'The asset has no such version.'));
	END IF;
	made := CASE WHEN copy IS NULL THEN catalogue_draft_of(of_asset)
		ELSE catalogue_draft(of_asset, nullif(copy, '')) END;
	IF doc <> '{}' THEN
		PERFORM catalogue_write(made, doc);
	END IF;
	RETURN QUERY SELECT * FROM system_catalogue c WHERE c.catalogue_no = made;
END $$;

CREATE OR REPLACE FUNCTION catalogue_edit(no text, doc jsonb, seen_version text)
	RETURNS SETOF system_catalogue LANGUAGE plpgsql SECURITY DEFINER
	SET search_path = public, pg_temp AS $$
DECLARE
	c system_catalogue := catalogue_take(no, seen_version);
BEGIN
	IF c.catalogue_no IS NOT NULL THEN
		RETURN QUERY SELECT * FROM catalogue_write(no, doc);
	END IF;
END $$;

-- A draft that nobody waits for is thrown away; the log keeps it.
CREATE OR REPLACE FUNCTION catalogue_discard(no text, seen_version text)
	RETURNS SETOF system_catalogue LANGUAGE plpgsql SECURITY DEFINER
	SET search_path = public, pg_temp AS $$
DECLARE
	c system_catalogue := catalogue_take(no, seen_version);
BEGIN
	IF c.catalogue_no IS NOT NULL THEN
		DELETE FROM catalogue_software s WHERE s.catalogue = no;
		DELETE FROM system_catalogue q WHERE q.catalogue_no = no;
		RETURN NEXT c;
	END IF;
END $$;

-- The permission of the installation that names it, if there is one in force.
CREATE OR REPLACE FUNCTION catalogue_permits(no text) RETURNS void LANGUAGE sql AS $$
	UPDATE catalogue_software s SET permitted_request = p.request_no,
		row_version = s.row_version + 1
	FROM catalogue_new_software(no) n JOIN system_catalogue c ON c.catalogue_no = n.catalogue
		JOIN LATERAL (SELECT r.request_no FROM request r
			WHERE r.asset = c.asset AND r.request_type = 'important_software'
			AND permit_ok(r.request_no, 'important_software')
			AND software_named(r.payload->'software', n, software_every(c.institution))
			ORDER BY r.decided_at DESC LIMIT 1) p ON true
	WHERE s.item_no = n.item_no AND n.permitted_request IS NULL $$;

-- What is missing before it may be submitted.
CREATE OR REPLACE FUNCTION catalogue_gaps(c system_catalogue) RETURNS text[] LANGUAGE sql STABLE AS $$
	SELECT array_remove(ARRAY[CASE WHEN c.hardware = '[]' THEN 'hardware' END,
		CASE WHEN c.services = '[]' THEN 'services' END,
		CASE WHEN c.network = '[]' THEN 'network' END,
		CASE WHEN c.accounts = '[]' THEN 'accounts' END,
		CASE WHEN c.data_held = '[]' THEN 'data_held' END,
		CASE WHEN NOT EXISTS (SELECT FROM catalogue_software s
			WHERE s.catalogue = c.catalogue_no) THEN 'software' END], NULL) $$;

-- 提出 to the 機関CISO; no permission is part of it (A4).
CREATE OR REPLACE FUNCTION catalogue_hand_in(no text, seen_version text)
	RETURNS SETOF system_catalogue LANGUAGE plpgsql SECURITY DEFINER
	SET search_path = public, pg_temp AS $$
DECLARE
	c system_catalogue := catalogue_take(no, seen_version);
	gaps jsonb;
BEGIN
	IF c.catalogue_no IS NULL THEN
		RETURN;
	END IF;
	SELECT jsonb_agg(fault('required', g, '2.1(2)⑧(e)', '提出するカタログに必要な項目です。',
		'A catalogue is submitted with this section.') -> 0) INTO gaps
	FROM unnest(catalogue_gaps(c)) g;
	PERFORM faults_raise(gaps);
	PERFORM catalogue_permits(no);
	PERFORM catalogue_submit(c.asset, acting_person());
	RETURN QUERY SELECT * FROM system_catalogue q WHERE q.catalogue_no = no;
END $$;

-- The lines of the daemon's list, in the order of the list.
CREATE OR REPLACE FUNCTION catalogue_lines(lines jsonb) RETURNS TABLE (place integer,
	software_name text, version text, type text, purl text, arch text, source_name text,
	source_version text, vendor text, purpose text, support_until date, origin text)
	LANGUAGE sql IMMUTABLE AS $$
	SELECT x.* FROM jsonb_to_recordset(lines) x (place integer, software_name text,
		version text, type text, purl text, arch text, source_name text, source_version text,
		vendor text, purpose text, support_until date, origin text) $$;

-- The software of a draft: replaced by the list, or completed from it.  What is there already stays
-- the same row; what the list does not say of it (necessity, support) stays, too.
CREATE OR REPLACE FUNCTION catalogue_software_put(no text, lines jsonb, seen_version text,
	replace boolean, most integer) RETURNS jsonb LANGUAGE plpgsql SECURITY DEFINER
	SET search_path = public, pg_temp AS $$
DECLARE
	c system_catalogue := catalogue_take(no, seen_version);
	n jsonb := '{}';
	gone integer := 0;
	altered integer;
	added integer;
	total integer;
BEGIN
	IF c.catalogue_no IS NULL THEN
		RETURN NULL;
	END IF;
	IF replace THEN
		DELETE FROM catalogue_software s WHERE s.catalogue = no AND NOT EXISTS (SELECT
			FROM catalogue_lines(lines) l WHERE l.software_name = s.software_name
			AND l.version = s.version AND l.type = s.type AND l.arch IS NOT DISTINCT FROM s.arch
			AND l.purl IS NOT DISTINCT FROM s.purl);
		GET DIAGNOSTICS gone = ROW_COUNT;
	END IF;
	UPDATE catalogue_software s SET source_name = coalesce(l.source_name, s.source_name),
		source_version = coalesce(l.source_version, s.source_version),
		vendor = coalesce(l.vendor, s.vendor), purpose = coalesce(l.purpose, s.purpose),
		support_until = coalesce(l.support_until, s.support_until),
		row_version = s.row_version + 1
	FROM catalogue_lines(lines) l
	WHERE s.catalogue = no AND l.software_name = s.software_name AND l.version = s.version
		AND l.type = s.type AND l.arch IS NOT DISTINCT FROM s.arch
		AND l.purl IS NOT DISTINCT FROM s.purl
		AND (coalesce(l.source_name, s.source_name), coalesce(l.source_version,
			s.source_version), coalesce(l.vendor, s.vendor), coalesce(l.purpose, s.purpose),
			coalesce(l.support_until, s.support_until)) IS DISTINCT FROM (s.source_name,
			s.source_version, s.vendor, s.purpose, s.support_until);
	GET DIAGNOSTICS altered = ROW_COUNT;
	INSERT INTO catalogue_software (catalogue, institution, position, software_name, version, type,
		purl, arch, source_name, source_version, vendor, purpose, support_until, origin)
	SELECT no, c.institution, (SELECT coalesce(max(s.position), 0) FROM catalogue_software s
			WHERE s.catalogue = no) + l.place, l.software_name, l.version, l.type, l.purl,
		l.arch, l.source_name, l.source_version,
		-- what was said of the product before is true of its new version
		coalesce(l.vendor, b.vendor), coalesce(l.purpose, b.purpose), l.support_until, l.origin
	FROM catalogue_lines(lines) l LEFT JOIN LATERAL (SELECT s.vendor, s.purpose
		FROM catalogue_software s WHERE s.catalogue = c.based_on AND s.type = l.type
		AND s.software_name = l.software_name ORDER BY s.item_no LIMIT 1) b ON true
	WHERE NOT EXISTS (SELECT FROM catalogue_software s WHERE s.catalogue = no
		AND l.software_name = s.software_name AND l.version = s.version AND l.type = s.type
		AND l.arch IS NOT DISTINCT FROM s.arch AND l.purl IS NOT DISTINCT FROM s.purl);
	GET DIAGNOSTICS added = ROW_COUNT;
	total := (SELECT count(*) FROM catalogue_software s WHERE s.catalogue = no);
	IF total > most THEN
		PERFORM faults_raise(fault('too_many', NULL, NULL, format(
			'一つのカタログに登録できるソフトウェアは%s件までです。', most), format(
			'A catalogue holds %s lines of software at most.', most)));
	END IF;
	UPDATE system_catalogue q SET row_version = q.row_version + 1, updated_by = acting_person(),
		updated_at = now() WHERE q.catalogue_no = no;
	RETURN jsonb_build_object('catalogue', no, 'added', added, 'changed', altered, 'removed', gone,
		'total', total, 'row_version', c.row_version + 1, 'needs_permission', catalogue_unpermitted(no));
END $$;

-- What follows from a version, for who was found to see it: line by line beneath the row policies
-- thousands of lines would take minutes.
CREATE OR REPLACE FUNCTION catalogue_more(no text) RETURNS jsonb LANGUAGE plpgsql STABLE
	SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
	RETURN jsonb_build_object('software_count', (SELECT count(*) FROM catalogue_software s
			WHERE s.catalogue = no),
		'missing', to_jsonb((SELECT catalogue_gaps(c) FROM system_catalogue c
			WHERE c.catalogue_no = no)),
		'needs_permission', catalogue_unpermitted(no));
END $$;

-- What needs a permission to install it and has none, as an application names it (WF-06).
CREATE OR REPLACE FUNCTION catalogue_unpermitted(no text) RETURNS jsonb LANGUAGE sql STABLE AS $$
	SELECT coalesce(jsonb_agg(DISTINCT concat_ws(' ', s.software_name, nullif(s.version, '-'))),
		'[]') FROM catalogue_new_software(no) s
	WHERE NOT permit_ok(s.permitted_request, 'important_software') $$;
