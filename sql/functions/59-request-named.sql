-- A change of what an application names sends it back, as one of what it is about does.
CREATE OR REPLACE FUNCTION requests_named_changed() RETURNS trigger LANGUAGE plpgsql
	SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
	x record;
BEGIN
	IF TG_TABLE_NAME = 'area' THEN
		FOR x IN SELECT r.request_no AS no, 'area ' || n.code AS what
			FROM new_rows n JOIN request r ON r.institution = n.institution
				AND r.request_type = 'area_designation' AND r.payload->>'area' = n.code
			WHERE r.state IN ('submitted', 'reviewing', 'blocked', 'awaiting_confirmation')
				AND r.subject_sha256 IS DISTINCT FROM request_digest(r) ORDER BY 1 LOOP
			PERFORM request_by_system(x.no, 'changed', x.what);
		END LOOP;
	ELSE
		FOR x IN SELECT r.request_no AS no, CASE r.request_type WHEN 'cloud_join' THEN 'service'
				ELSE 'network, more_assets' END AS what FROM request r
			WHERE r.request_no IN (SELECT q.request_no FROM request q,
					unnest(request_names(q)) k JOIN new_rows n ON n.asset_no = k
				WHERE q.request_type IN ('network_connection', 'cloud_join') AND q.state IN (
					'submitted', 'reviewing', 'blocked', 'awaiting_confirmation'))
				AND r.subject_sha256 IS DISTINCT FROM request_digest(r) ORDER BY 1 LOOP
			PERFORM request_by_system(x.no, 'changed', x.what);
		END LOOP;
	END IF;
	RETURN NULL;
END $$;
CREATE OR REPLACE TRIGGER requests_named_changed AFTER UPDATE ON asset
	REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION requests_named_changed();
CREATE OR REPLACE TRIGGER requests_named_changed AFTER UPDATE ON area
	REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION requests_named_changed();
