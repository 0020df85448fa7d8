-- What everybody of a 機関 may use, whether or not they see the rows: the services that its 機関CISO has
-- approved, with their limits and conditions, and the software that is allowed.

-- Not those of 機密性4: whoever uses them is named on the row.
CREATE OR REPLACE FUNCTION approved_services()
	RETURNS TABLE (asset_no text, institution text, name text, provider text, service text,
		max_confidentiality smallint, conditions text, ismap text, ismap_checked_on date,
		approved_on date, valid_to date)
	LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
	SELECT a.asset_no, a.institution, a.name, a.cloud_provider, CASE WHEN a.cloud_core_service
			THEN 'core' WHEN a.cloud_trusted THEN 'trusted' ELSE 'other' END,
		cloud_level(a.cloud_approval_request), r.conditions, a.cloud_ismap,
		a.cloud_ismap_checked_on, r.decided_at::date, r.valid_to
	FROM asset a JOIN request r ON r.request_no = a.cloud_approval_request
	WHERE a.asset_type = 'cloud_service' AND asset_is_live(a.state) AND a.confidentiality < 4
		AND permit_covers(r.request_no, a.institution, a.asset_no, 'cloud_use')
		AND (a.cloud_ended_on IS NULL OR a.cloud_ended_on > act_today())
		AND institution_mine(a.institution)
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
