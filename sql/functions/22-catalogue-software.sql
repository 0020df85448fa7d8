-- Which software of a catalogue needs a permission to install it (2.1(2)⑧(f), A5): new products and
-- other major versions, or every version where the 機関 says so.

-- '1:9.18.24-1' is of 9, '0.9.2' of 0.9; a date counts no generations.
CREATE OR REPLACE FUNCTION software_major(version text) RETURNS text
	LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
	SELECT coalesce(CASE WHEN length(m[1]) >= 4 THEN 'dated' WHEN m[1] = '0'
		THEN concat_ws('.', m[1], m[2]) ELSE m[1] END, version)
	FROM regexp_match(version, '^(?:\d+:)?\D*?0*(\d+)(?:\.(\d+))?') m $$;
-- Versions of one step are the same to the permission.
CREATE OR REPLACE FUNCTION software_step(version text, every boolean) RETURNS text
	LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
	SELECT CASE WHEN every THEN version ELSE software_major(version) END $$;
CREATE OR REPLACE FUNCTION software_every(at_institution text) RETURNS boolean
	LANGUAGE sql STABLE AS $$
	SELECT i.software_permits = 'every' FROM institution i WHERE i.code = at_institution $$;

-- "name version": the last word is the version if it has a figure; '-': none is said, so any.
CREATE OR REPLACE FUNCTION software_lines(lines jsonb) RETURNS TABLE (line text,
	software_name text, version text) LANGUAGE sql IMMUTABLE AS $$
	SELECT x, regexp_replace(x, '\s+\S*\d\S*$', ''),
		coalesce(substring(x FROM '\s(\S*\d\S*)$'), '-')
	FROM jsonb_array_elements_text(CASE jsonb_typeof(lines) WHEN 'array' THEN lines
		ELSE '[]' END) x $$;
-- Is this the version that is said, perhaps without epoch and revision of the packager?
CREATE OR REPLACE FUNCTION software_is(version text, said text) RETURNS boolean
	LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
	SELECT said IN ('-', version, v) OR starts_with(v, said || '-') OR starts_with(v, said || '+')
		OR starts_with(v, said || '~') FROM regexp_replace(version, '^\d+:', '') v $$;
-- Do these lines name it, itself or the source that it is built from?
CREATE OR REPLACE FUNCTION software_named(lines jsonb, s catalogue_software, every boolean)
	RETURNS boolean LANGUAGE sql IMMUTABLE AS $$
	SELECT EXISTS (SELECT FROM software_lines(lines) l, (VALUES (s.software_name, s.version),
			(s.source_name, coalesce(s.source_version, s.version))) x (name, version)
		WHERE x.name = l.line OR (x.name = l.software_name AND ('-' IN (l.version, x.version)
			OR software_step(x.version, every) = software_step(l.version, every)))) $$;

-- The last version that the permission of the server itself covers; NULL: it has none.  What was
-- permitted before the register knew it has its first version.
CREATE OR REPLACE FUNCTION catalogue_permitted(of_asset text) RETURNS integer
	LANGUAGE sql STABLE AS $$
	SELECT greatest(min(c.version_no), max(c.version_no) FILTER (WHERE c.submitted_at <= p.at))
	FROM asset a JOIN system_catalogue c ON c.asset = a.asset_no CROSS JOIN LATERAL (
		SELECT max(s.acted_at) FROM request_step s
		WHERE s.request = a.important_permit_request AND s.to_state = 'approved') p (at)
	WHERE a.asset_no = of_asset AND a.important_state = 'permitted' $$;

-- What neither that version nor an installation permitted since has, by name or by source: another
-- package built from the same source is no news.  IN … IS NOT TRUE: hashed, however few lines are
-- expected; an anti-join may go through all of them for each.
CREATE OR REPLACE FUNCTION catalogue_new_software(no text) RETURNS SETOF catalogue_software
	LANGUAGE sql STABLE AS $$
	WITH this AS MATERIALIZED (
		SELECT c.asset, c.version_no, catalogue_permitted(c.asset) AS permitted,
			software_every(c.institution) AS every
		FROM system_catalogue c WHERE c.catalogue_no = no
	), known AS MATERIALIZED (
		SELECT DISTINCT x.name, software_step(x.version, t.every) AS step
		FROM this t JOIN system_catalogue e ON e.asset = t.asset AND e.version_no < t.version_no
			JOIN catalogue_software k ON k.catalogue = e.catalogue_no
				AND (e.version_no <= t.permitted OR (k.permitted_request IS NOT NULL
					AND permit_ok(k.permitted_request, 'important_software')))
			CROSS JOIN LATERAL (VALUES (k.software_name, k.version), (k.source_name,
				coalesce(k.source_version, k.version))) x (name, version)
		WHERE x.name IS NOT NULL
	)
	SELECT s.* FROM this t JOIN catalogue_software s ON s.catalogue = no
	WHERE t.version_no > t.permitted
		AND ((s.software_name, software_step(s.version, t.every)) IN (SELECT k.name, k.step
			FROM known k)) IS NOT TRUE
		AND ((s.source_name, software_step(coalesce(s.source_version, s.version), t.every))
			IN (SELECT k.name, k.step FROM known k)) IS NOT TRUE
		-- no version is said, now or then
		AND (s.version = '-' AND s.software_name IN (SELECT k.name FROM known k)) IS NOT TRUE
		AND (s.software_name IN (SELECT k.name FROM known k WHERE k.step = '-')) IS NOT TRUE $$;

-- The newest version in force brings some without a permission of the installation.
CREATE OR REPLACE FUNCTION asset_unpermitted_software(no text) RETURNS boolean
	LANGUAGE plpgsql STABLE AS $$
BEGIN
	RETURN EXISTS (SELECT FROM system_catalogue c, catalogue_new_software(c.catalogue_no) s
		WHERE c.asset = no AND c.status = 'submitted'
		AND NOT permit_ok(s.permitted_request, 'important_software'));
END $$;
