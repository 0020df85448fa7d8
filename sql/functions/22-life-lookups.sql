-- Look-ups of the rules on important servers, disposal and rating.

-- The last record of how this was sanitised (3.1(2)⑤(b)).
CREATE OR REPLACE FUNCTION asset_disposal(no text) RETURNS disposal_record LANGUAGE sql STABLE AS $$
	SELECT d.* FROM disposal_record d WHERE d.asset = no
	ORDER BY d.sanitised_on DESC, d.disposal_no DESC LIMIT 1 $$;
CREATE OR REPLACE FUNCTION medium_disposal(no text) RETURNS disposal_record
	LANGUAGE sql STABLE AS $$
	SELECT d.* FROM disposal_record d WHERE d.medium = no
	ORDER BY d.sanitised_on DESC, d.disposal_no DESC LIMIT 1 $$;
-- The day on which its operation ended; NULL: it goes on, or nobody knows.
CREATE OR REPLACE FUNCTION asset_retired_on(no text) RETURNS date LANGUAGE sql STABLE AS $$
	SELECT x.retired_on FROM asset x WHERE x.asset_no = no $$;
-- Has whoever did it confirmed it (by login or by name)?
CREATE OR REPLACE FUNCTION disposal_by_confirmer(d disposal_record) RETURNS boolean
	LANGUAGE sql STABLE AS $$
	SELECT d.disposal_no IS NOT NULL AND coalesce(search_key(ARRAY[d.sanitised_by]) IN (search_key(ARRAY[d.confirmed_by]),
		(SELECT search_key(ARRAY[p.name_ja]) FROM person p WHERE p.login = d.confirmed_by)),
		false) $$;
CREATE OR REPLACE FUNCTION asset_is_type(no text, type text) RETURNS boolean
	LANGUAGE sql STABLE AS $$
	SELECT EXISTS (SELECT FROM asset x WHERE x.asset_no = no AND x.asset_type = type) $$;

-- The certificate is kept as long as the policy says, unless the record says until when.
CREATE OR REPLACE FUNCTION disposal_keep() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
	NEW.certificate_keep_until := NEW.sanitised_on + policy_days('cert_keep', NEW.institution);
	RETURN NEW;
END $$;
CREATE OR REPLACE TRIGGER disposal_keep BEFORE INSERT OR UPDATE ON disposal_record FOR EACH ROW
	WHEN (NEW.certificate_name IS NOT NULL AND NEW.certificate_keep_until IS NULL)
	EXECUTE FUNCTION disposal_keep();

-- システム構成カタログ, 2.1(2)⑧(e)
CREATE OR REPLACE FUNCTION asset_catalogued(no text, visible boolean DEFAULT false)
	RETURNS boolean LANGUAGE plpgsql STABLE AS $$
BEGIN
	RETURN EXISTS (SELECT FROM system_catalogue c WHERE c.asset = no AND c.status = 'submitted'
		AND (NOT visible OR c.csirt_visible_at IS NOT NULL));
END $$;
CREATE OR REPLACE FUNCTION asset_has_contact(no text, kind text) RETURNS boolean
	LANGUAGE sql STABLE AS $$
	SELECT EXISTS (SELECT FROM emergency_contact q WHERE q.asset = no AND q.list_kind = kind) $$;
-- Software that the register of the asset has, and neither the submitted catalogue nor a permission
-- since.
CREATE OR REPLACE FUNCTION asset_strange_software(no text) RETURNS boolean
	LANGUAGE plpgsql STABLE AS $$
BEGIN
	RETURN EXISTS (SELECT FROM asset_software s WHERE s.asset = no AND NOT EXISTS (
		SELECT FROM catalogue_software k JOIN system_catalogue c ON c.catalogue_no = k.catalogue
		WHERE c.asset = no AND c.status = 'submitted' AND k.software_name = s.software_name)
		AND NOT EXISTS (SELECT FROM request r, software_lines(r.payload->'software') l
			WHERE r.asset = no AND r.request_type = 'important_software'
			AND permit_ok(r.request_no, 'important_software')
			AND s.software_name IN (l.line, l.software_name)));
END $$;
CREATE OR REPLACE FUNCTION permit_decided_after(no text, type text, day date) RETURNS boolean
	LANGUAGE plpgsql STABLE AS $$
BEGIN
	RETURN EXISTS (SELECT FROM request r WHERE r.request_no = no AND r.request_type = type
		AND (r.decided_at AT TIME ZONE 'Asia/Tokyo')::date > day);
END $$;

