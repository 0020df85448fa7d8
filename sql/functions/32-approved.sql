-- What everybody of a 機関 may use, whether or not they see the rows: the services that its 機関CISO has
-- approved, with their limits and conditions, and the software that is allowed.

-- The approval by which a service is used now; NULL: by none.
CREATE OR REPLACE FUNCTION service_approval(a asset) RETURNS text LANGUAGE sql STABLE AS $$
	SELECT a.cloud_approval_request WHERE a.asset_type = 'cloud_service' AND asset_is_live(a.state)
		AND permit_covers(a.cloud_approval_request, a.institution, a.asset_no, 'cloud_use')
		AND (a.cloud_ended_on IS NULL OR a.cloud_ended_on > act_today()) $$;
-- Not those of 機密性4: whoever uses them is named on the row.
CREATE OR REPLACE FUNCTION service_listed(a asset) RETURNS boolean LANGUAGE sql STABLE AS $$
	SELECT a.confidentiality < 4 AND service_approval(a) IS NOT NULL $$;
-- May units join it by its approval?  Not if that was given for a service of the ISMAP lists, and it
-- is listed no more: that is decided anew first (5.2(1), (2)①).
CREATE OR REPLACE FUNCTION service_open(a asset) RETURNS boolean LANGUAGE sql STABLE AS $$
	SELECT service_listed(a) AND NOT EXISTS (SELECT FROM request r
		WHERE r.request_no = a.cloud_approval_request AND r.payload->>'ismap' <> 'not_listed'
			AND coalesce(a.cloud_ismap, 'unknown') NOT IN ('ismap', 'ismap_liu')) $$;
-- Does what a unit has joined still reach as far?
CREATE OR REPLACE FUNCTION join_stands(r request) RETURNS boolean LANGUAGE sql STABLE AS $$
	SELECT EXISTS (SELECT FROM asset a WHERE a.asset_no = r.payload->>'service'
		AND a.institution = r.institution AND service_open(a)
		AND coalesce((r.payload->>'confidentiality')::int
			<= cloud_level(a.cloud_approval_request), true)) $$;

-- joined: units besides the one whose row it is (cloud_join).
DROP FUNCTION IF EXISTS approved_services();
CREATE FUNCTION approved_services()
	RETURNS TABLE (asset_no text, institution text, name text, provider text, service text,
		max_confidentiality smallint, conditions text, ismap text, ismap_checked_on date,
		approved_on date, valid_to date, unit text, joined jsonb)
	LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
	SELECT a.asset_no, a.institution, a.name, a.cloud_provider, CASE WHEN a.cloud_core_service
			THEN 'core' WHEN a.cloud_trusted THEN 'trusted' ELSE 'other' END,
		cloud_level(a.cloud_approval_request), r.conditions, a.cloud_ismap,
		a.cloud_ismap_checked_on, r.decided_at::date, r.valid_to, a.unit,
		(SELECT coalesce(jsonb_agg(j.payload->'unit' ORDER BY j.payload->>'unit'), '[]')
			FROM request j WHERE j.request_type = 'cloud_join'
			AND j.payload->>'service' = a.asset_no AND j.institution = a.institution
			AND permit_ok(j.request_no, 'cloud_join'))
	FROM asset a JOIN request r ON r.request_no = a.cloud_approval_request
	WHERE a.asset_type = 'cloud_service' AND institution_mine(a.institution) AND service_listed(a)
	ORDER BY a.institution, a.name, a.asset_no $$;

-- Only what is allowed wherever it is; what is allowed on one asset stands at that asset.
CREATE OR REPLACE FUNCTION approved_software()
	RETURNS TABLE (allow_no text, institution text, software_name text, version_policy text,
		target text, reviewed_on date)
	LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
	SELECT l.allow_no, l.institution, l.software_name, l.version_policy, l.target, l.reviewed_on
	FROM software_allowlist l WHERE l.asset IS NULL AND institution_mine(l.institution)
	ORDER BY l.institution, l.software_name, l.allow_no $$;
REVOKE ALL ON FUNCTION approved_services(), approved_software() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION approved_services(), approved_software() TO daicho_app;
