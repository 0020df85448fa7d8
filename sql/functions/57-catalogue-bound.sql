-- A catalogue and the applications that are decided over it, and what two versions differ in.

-- Kinds whose evidence is the catalogue of the server (2.1(2)⑧(f)).
CREATE OR REPLACE FUNCTION catalogue_kinds() RETURNS text[] LANGUAGE sql IMMUTABLE AS $$
	SELECT '{important_new,important_convert,important_software}'::text[] $$;
CREATE OR REPLACE FUNCTION request_shows_catalogue(r request) RETURNS boolean
	LANGUAGE sql IMMUTABLE AS $$
	SELECT r.request_type = ANY (catalogue_kinds()) AND (r.state IN ('submitted', 'reviewing',
		'blocked', 'awaiting_confirmation') OR (r.state = 'approved'
		AND r.request_type = 'important_software')) $$;

-- From its submission the one who decides, and the CSIRT, see the draft that it is about; what is
-- sent back is a draft again.
CREATE OR REPLACE FUNCTION catalogue_show(of_asset text) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
	UPDATE system_catalogue c SET csirt_visible_at = CASE WHEN x.shown THEN act_now() END
	FROM (SELECT EXISTS (SELECT FROM request r WHERE r.asset = of_asset
		AND request_shows_catalogue(r))) x (shown)
	WHERE c.asset = of_asset AND c.status = 'draft'
		AND (c.csirt_visible_at IS NOT NULL) <> x.shown;
END $$;
CREATE OR REPLACE FUNCTION request_catalogue() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
	SET search_path = public, pg_temp AS $$
BEGIN
	PERFORM catalogue_show(NEW.asset);
	RETURN NULL;
END $$;
CREATE OR REPLACE TRIGGER request_catalogue AFTER UPDATE OF state ON request FOR EACH ROW
	WHEN (NEW.asset IS NOT NULL AND NEW.state <> OLD.state
		AND NEW.request_type IN ('important_new', 'important_convert', 'important_software'))
	EXECUTE FUNCTION request_catalogue();

-- A change of the catalogue voids what was submitted over it, as a change of the row does: the
-- application is sent back, and its record says why.
CREATE OR REPLACE FUNCTION catalogue_changed(assets text[]) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
	no text;
BEGIN
	FOR no IN SELECT r.request_no FROM request r WHERE r.asset = ANY (assets)
		AND r.request_type = ANY (catalogue_kinds())
		AND r.state IN ('submitted', 'reviewing', 'blocked', 'awaiting_confirmation')
		AND r.subject_sha256 IS DISTINCT FROM request_digest(r) ORDER BY 1 LOOP
		PERFORM request_by_system(no, 'changed', 'catalogue');
	END LOOP;
END $$;
CREATE OR REPLACE FUNCTION catalogue_changes() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
	SET search_path = public, pg_temp AS $$
DECLARE
	assets text[];
BEGIN
	IF TG_TABLE_NAME = 'system_catalogue' THEN
		assets := ARRAY(SELECT DISTINCT n.asset FROM touched n);
	ELSE
		assets := ARRAY(SELECT DISTINCT c.asset FROM touched n JOIN system_catalogue c
			ON c.catalogue_no = n.catalogue);
	END IF;
	IF assets <> '{}' THEN
		PERFORM catalogue_changed(assets);
	END IF;
	RETURN NULL;
END $$;
DO $$
DECLARE
	t text;
BEGIN
	FOREACH t IN ARRAY ARRAY['system_catalogue', 'catalogue_software'] LOOP
		EXECUTE format('CREATE OR REPLACE TRIGGER catalogue_inserted AFTER INSERT ON %I '
			'REFERENCING NEW TABLE AS touched FOR EACH STATEMENT '
			'EXECUTE FUNCTION catalogue_changes()', t);
		EXECUTE format('CREATE OR REPLACE TRIGGER catalogue_updated AFTER UPDATE ON %I '
			'REFERENCING NEW TABLE AS touched FOR EACH STATEMENT '
			'EXECUTE FUNCTION catalogue_changes()', t);
		EXECUTE format('CREATE OR REPLACE TRIGGER catalogue_deleted AFTER DELETE ON %I '
			'REFERENCING OLD TABLE AS touched FOR EACH STATEMENT '
			'EXECUTE FUNCTION catalogue_changes()', t);
	END LOOP;
END $$;

-- By what an entry of a section is the same entry in another version.
CREATE OR REPLACE FUNCTION catalogue_entry_key(section text, entry jsonb) RETURNS text
	LANGUAGE sql IMMUTABLE AS $$
	SELECT CASE section WHEN 'services' THEN concat_ws('/', entry->>'protocol', entry->>'port',
			CASE WHEN entry->>'port' IS NULL THEN entry->>'service' END)
		WHEN 'hardware' THEN entry->>'item'
		WHEN 'network' THEN concat_ws('/', entry->>'host', entry->>'interface')
		WHEN 'accounts' THEN entry->>'account'
		WHEN 'data_held' THEN entry->>'data'
		ELSE entry->>'vendor' END $$;
CREATE OR REPLACE FUNCTION catalogue_entries(section text, list jsonb) RETURNS TABLE (key text,
	entry jsonb, n bigint) LANGUAGE sql IMMUTABLE AS $$
	SELECT k, e, row_number() OVER (PARTITION BY k ORDER BY at)
	FROM jsonb_array_elements(list) WITH ORDINALITY x (e, at),
		catalogue_entry_key(section, e) k $$;
CREATE OR REPLACE FUNCTION catalogue_section_diff(section text, old jsonb, new jsonb) RETURNS jsonb
	LANGUAGE sql IMMUTABLE AS $$
	SELECT jsonb_build_object(
		'added', coalesce(jsonb_agg(n.entry ORDER BY n.key, n.n) FILTER (WHERE o.entry IS NULL), '[]'),
		'removed', coalesce(jsonb_agg(o.entry ORDER BY o.key, o.n) FILTER (WHERE n.entry IS NULL),
			'[]'),
		'changed', coalesce(jsonb_agg(jsonb_build_object('from', o.entry, 'to', n.entry)
			ORDER BY n.key, n.n) FILTER (WHERE o.entry <> n.entry), '[]'))
	FROM catalogue_entries(section, old) o FULL JOIN catalogue_entries(section, new) n
		ON o.key = n.key AND o.n = n.n $$;

-- Lines of software that only one of the two has; the versions of one product stand together.
CREATE OR REPLACE FUNCTION catalogue_only(one text, other text) RETURNS TABLE (name text,
	type text, arch text, versions text[], purls text[], source text) LANGUAGE sql STABLE AS $$
	SELECT s.software_name, s.type, coalesce(s.arch, ''),
		array_agg(s.version ORDER BY s.version, s.purl),
		array_agg(s.purl ORDER BY s.version, s.purl), min(s.source_name)
	FROM catalogue_software s WHERE s.catalogue = one AND NOT EXISTS (SELECT
		FROM catalogue_software o WHERE o.catalogue = other AND o.software_name = s.software_name
		AND o.version = s.version AND o.type = s.type AND o.arch IS NOT DISTINCT FROM s.arch)
	GROUP BY 1, 2, 3 $$;
-- For who was found to see both.
CREATE OR REPLACE FUNCTION catalogue_software_diff(old text, new text) RETURNS jsonb
	LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
	WITH d AS (
		SELECT coalesce(n.name, o.name) AS name, coalesce(n.type, o.type) AS type,
			coalesce(n.arch, o.arch) AS arch, n.versions AS now, o.versions AS was, n.purls,
			coalesce(n.source, o.source) AS source,
			n.name IS NOT NULL AND o.name IS NULL AND NOT EXISTS (SELECT FROM catalogue_software s
				WHERE s.catalogue = old AND s.software_name = n.name)
			AND NOT EXISTS (SELECT FROM catalogue_software s WHERE s.catalogue = old
				AND s.source_name = n.source) AS new_product,
			o.name IS NOT NULL AND NOT ARRAY(SELECT software_major(v) FROM unnest(o.versions) v)
				@> ARRAY(SELECT software_major(v) FROM unnest(n.versions) v) AS new_major
		FROM catalogue_only(new, old) n FULL JOIN catalogue_only(old, new) o
			ON o.name = n.name AND o.type = n.type AND o.arch = n.arch
	), told AS (
		SELECT d.*, CASE WHEN was IS NULL THEN 'added' WHEN now IS NULL THEN 'removed'
			ELSE 'changed' END AS what,
			jsonb_strip_nulls(jsonb_build_object('software_name', name, 'type', type, 'arch',
				nullif(arch, ''), 'source_name', source, 'from', to_jsonb(was),
				'to', to_jsonb(now), 'purl', to_jsonb(array_remove(purls, NULL)),
				'new_product', nullif(new_product, false),
				'new_major', nullif(new_major, false))) AS entry FROM d
	)
	SELECT jsonb_build_object(
		'added', coalesce(jsonb_agg(entry ORDER BY name, type, arch) FILTER (WHERE what = 'added'),
			'[]'),
		'removed', coalesce(jsonb_agg(entry ORDER BY name, type, arch)
			FILTER (WHERE what = 'removed'), '[]'),
		'changed', coalesce(jsonb_agg(entry ORDER BY name, type, arch)
			FILTER (WHERE what = 'changed'), '[]'))
	FROM told $$;

-- NULL: one of them is not seen, or they are of two servers.
CREATE OR REPLACE FUNCTION catalogue_diff(no text, against text) RETURNS jsonb
	LANGUAGE sql STABLE AS $$
	SELECT jsonb_build_object('catalogue', n.catalogue_no, 'version_no', n.version_no,
		'against', o.catalogue_no, 'against_version_no', o.version_no, 'sections',
		(SELECT jsonb_object_agg(s, catalogue_section_diff(s, coalesce(to_jsonb(o)->s, '[]'),
			to_jsonb(n)->s)) FROM unnest(catalogue_sections()) s),
		'note', CASE WHEN n.note IS DISTINCT FROM o.note THEN jsonb_build_object('from', o.note,
			'to', n.note) END,
		'software', catalogue_software_diff(coalesce(o.catalogue_no, ''), n.catalogue_no))
	FROM system_catalogue n LEFT JOIN system_catalogue o ON o.asset = n.asset
		AND o.catalogue_no = coalesce(against, n.based_on, (SELECT p.catalogue_no
			FROM system_catalogue p WHERE p.asset = n.asset AND p.version_no < n.version_no
			ORDER BY p.version_no DESC LIMIT 1))
	WHERE n.catalogue_no = no AND (against IS NULL OR o.catalogue_no IS NOT NULL) $$;
