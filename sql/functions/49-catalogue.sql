-- システム構成カタログ (2.1(2)⑧(e)): who reads them, and what is kept as it is.

-- The 機関 of a line is that of its catalogue.
CREATE OR REPLACE FUNCTION catalogue_software_fill() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
	NEW.institution := (SELECT c.institution FROM system_catalogue c
		WHERE c.catalogue_no = NEW.catalogue);
	RETURN NEW;
END $$;
CREATE OR REPLACE TRIGGER catalogue_software_fill BEFORE INSERT ON catalogue_software FOR EACH ROW
	WHEN (NEW.institution IS NULL) EXECUTE FUNCTION catalogue_software_fill();
SELECT audit_attach('system_catalogue', 'catalogue_no');
SELECT audit_attach('catalogue_software', 'item_no');

-- Offices that see an asset because they use it, or search it, see nothing of how it is built
-- (1.2(2)③).
CREATE OR REPLACE FUNCTION catalogue_reader() RETURNS boolean LANGUAGE sql STABLE AS $$
	SELECT coalesce(acting('office') <> ALL ('{staff,research_lead,zta_lead,incident_desk}'),
		true) $$;
-- 2.1(2)⑧(e): from its submission on the CSIRT reads it, whatever the level of the server.
CREATE OR REPLACE FUNCTION catalogue_csirt() RETURNS boolean LANGUAGE sql STABLE AS $$
	SELECT coalesce(acting('office') IN ('csirt_member', 'csirt_leader',
		'general_csirt_leader'), false) $$;

-- What was submitted stays as it was, whoever writes: a later version takes its place.
CREATE OR REPLACE FUNCTION catalogue_keeps() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
	free text[] := '{status,row_version,updated_by,updated_at}';
BEGIN
	IF OLD.status <> 'draft' AND (TG_OP = 'DELETE' OR to_jsonb(NEW) - free <> to_jsonb(OLD) - free
		OR NOT (NEW.status = OLD.status OR (OLD.status = 'submitted'
			AND NEW.status = 'superseded'))) THEN
		RAISE EXCEPTION 'a submitted catalogue stays as it was: make a new version'
			USING ERRCODE = 'DR002';
	END IF;
	IF TG_OP = 'DELETE' THEN
		RETURN OLD;
	END IF;
	-- ⑧(e): nobody need remember to open it to the CSIRT
	IF OLD.status = 'draft' AND NEW.status = 'submitted' THEN
		NEW.submitted_at := act_now();
		NEW.csirt_visible_at := coalesce(NEW.csirt_visible_at, act_now());
	END IF;
	RETURN NEW;
END $$;
CREATE OR REPLACE TRIGGER catalogue_keeps BEFORE UPDATE OR DELETE ON system_catalogue FOR EACH ROW
	EXECUTE FUNCTION catalogue_keeps();
CREATE OR REPLACE FUNCTION catalogue_software_keeps() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
	IF EXISTS (SELECT FROM system_catalogue c WHERE c.catalogue_no = CASE TG_OP WHEN 'INSERT'
		THEN NEW.catalogue ELSE OLD.catalogue END AND c.status <> 'draft') THEN
		RAISE EXCEPTION 'a submitted catalogue stays as it was: make a new version'
			USING ERRCODE = 'DR002';
	END IF;
	RETURN CASE TG_OP WHEN 'DELETE' THEN OLD ELSE NEW END;
END $$;
CREATE OR REPLACE TRIGGER catalogue_software_keeps BEFORE INSERT OR UPDATE OR DELETE
	ON catalogue_software FOR EACH ROW EXECUTE FUNCTION catalogue_software_keeps();

-- A new draft for the server, as a copy of this version with its software; NULL: empty.
CREATE OR REPLACE FUNCTION catalogue_draft(of_asset text, copy text) RETURNS text
	LANGUAGE plpgsql AS $$
DECLARE
	made text;
BEGIN
	INSERT INTO system_catalogue (catalogue_no, institution, asset, version_no, based_on, hardware,
		services, network, accounts, data_held, maintenance_vendor, note)
	SELECT a.asset_no || '-v' || n, a.institution, a.asset_no, n, c.catalogue_no,
		coalesce(c.hardware, '[]'), coalesce(c.services, '[]'), coalesce(c.network, '[]'),
		coalesce(c.accounts, '[]'), coalesce(c.data_held, '[]'),
		coalesce(c.maintenance_vendor, '[]'), c.note
	FROM asset a CROSS JOIN LATERAL (SELECT coalesce(max(t.version_no), 0) + 1 AS n
			FROM system_catalogue t WHERE t.asset = a.asset_no) v
		LEFT JOIN system_catalogue c ON c.catalogue_no = copy AND c.asset = a.asset_no
	WHERE a.asset_no = of_asset RETURNING catalogue_no INTO made;
	INSERT INTO catalogue_software (catalogue, institution, position, software_name, version, type,
		purl, arch, source_name, source_version, vendor, purpose, support_until, origin,
		permitted_request)
	SELECT made, s.institution, s.position, s.software_name, s.version, s.type, s.purl, s.arch,
		s.source_name, s.source_version, s.vendor, s.purpose, s.support_until, s.origin,
		s.permitted_request
	FROM catalogue_software s JOIN system_catalogue c ON c.catalogue_no = s.catalogue
	WHERE s.catalogue = copy AND c.asset = of_asset;
	RETURN made;
END $$;

-- The draft of the server, or a copy of its newest version where there is none.
CREATE OR REPLACE FUNCTION catalogue_draft_of(of_asset text) RETURNS text LANGUAGE plpgsql AS $$
BEGIN
	RETURN coalesce((SELECT c.catalogue_no FROM system_catalogue c WHERE c.asset = of_asset
			AND c.status = 'draft'),
		catalogue_draft(of_asset, (SELECT c.catalogue_no FROM system_catalogue c
			WHERE c.asset = of_asset ORDER BY c.version_no DESC LIMIT 1)));
END $$;

-- 提出 (2.1(2)⑧(e)): it takes the place of the version before.  One with gaps stays a draft, as it
-- does when it is handed in (IMP-04 finds that none is): NULL.
CREATE OR REPLACE FUNCTION catalogue_submit(of_asset text, who text) RETURNS text
	LANGUAGE plpgsql AS $$
DECLARE
	no text := catalogue_draft_of(of_asset);
BEGIN
	IF EXISTS (SELECT FROM system_catalogue c WHERE c.catalogue_no = no
		AND catalogue_gaps(c) <> '{}') THEN
		RETURN NULL;
	END IF;
	UPDATE system_catalogue t SET status = 'superseded', row_version = t.row_version + 1,
		updated_by = acting_person(), updated_at = now()
	WHERE t.asset = of_asset AND t.status = 'submitted';
	UPDATE system_catalogue t SET status = 'submitted', submitted_by = who,
		row_version = t.row_version + 1, updated_by = acting_person(), updated_at = now()
	WHERE t.catalogue_no = no;
	RETURN no;
END $$;

-- 2.1(2)⑧(f): the newest version of the server is part of what is decided over; {}: there is none.
CREATE OR REPLACE FUNCTION request_catalogue_image(r request) RETURNS jsonb
	LANGUAGE plpgsql STABLE AS $$
BEGIN
	RETURN coalesce((SELECT jsonb_build_object('catalogue', to_jsonb(c) - '{status,'
			'submitted_by,submitted_at,csirt_visible_at,based_on,row_version,created_by,'
			'created_at,updated_by,updated_at}'::text[] || jsonb_build_object('software', (SELECT jsonb_agg(
				jsonb_build_array(s.software_name, s.version, s.type, s.arch, s.purl,
					s.source_name, s.source_version, s.vendor, s.purpose, s.support_until)
				ORDER BY s.software_name, s.version, s.type, s.arch, s.purl)
				FROM catalogue_software s WHERE s.catalogue = c.catalogue_no)))
		FROM system_catalogue c WHERE c.asset = r.asset AND r.request_type IN ('important_new',
			'important_convert', 'important_software') AND c.status <> 'superseded'
		ORDER BY c.version_no DESC LIMIT 1), '{}');
END $$;

-- The level of the server: asked by who may see the catalogue, but perhaps not the row.
CREATE OR REPLACE FUNCTION asset_level(no text) RETURNS smallint LANGUAGE sql STABLE
	SECURITY DEFINER SET search_path = public, pg_temp AS $$
	SELECT a.confidentiality FROM asset a WHERE a.asset_no = no $$;

-- A version with all its sections stands for the document of that name.
CREATE OR REPLACE FUNCTION asset_catalogue_whole(no text) RETURNS boolean LANGUAGE sql STABLE AS $$
	SELECT EXISTS (SELECT FROM system_catalogue c WHERE c.asset = no AND c.status <> 'superseded'
		AND '[]' NOT IN (c.hardware, c.services, c.network, c.accounts, c.data_held)
		AND EXISTS (SELECT FROM catalogue_software s WHERE s.catalogue = c.catalogue_no)) $$;
