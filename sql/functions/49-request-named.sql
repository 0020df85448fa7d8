-- What an application names in its payload beside the row that it is about, as it stands: it is
-- decided over, too, and is bound as the row is.
CREATE OR REPLACE FUNCTION request_names(r request) RETURNS text[] LANGUAGE sql IMMUTABLE AS $$
	SELECT CASE r.request_type WHEN 'network_connection' THEN ARRAY(
		SELECT r.payload->>'network' UNION
		SELECT jsonb_array_elements_text(CASE jsonb_typeof(r.payload->'more_assets')
			WHEN 'array' THEN r.payload->'more_assets' ELSE '[]' END))
		WHEN 'cloud_join' THEN ARRAY[r.payload->>'service'] ELSE '{}' END $$;
CREATE OR REPLACE FUNCTION request_named_image(r request) RETURNS jsonb
	LANGUAGE plpgsql STABLE AS $$
BEGIN
	RETURN coalesce(CASE r.request_type
		WHEN 'network_connection' THEN (SELECT jsonb_object_agg('named ' || a.asset_no, x.image)
			FROM asset a CROSS JOIN LATERAL (SELECT jsonb_object_agg(c, j->c ORDER BY c) AS image
				FROM to_jsonb(a) j, workflow_watched w, unnest(w.columns) c
				WHERE w.ledger = 'asset') x
			WHERE a.institution = r.institution AND a.asset_no = ANY (request_names(r)))
		-- not the row: a unit joins what is approved, whatever else changes there
		WHEN 'cloud_join' THEN (SELECT jsonb_build_object('approval', jsonb_build_object('request',
				p.request_no, 'max_confidentiality', p.payload->'max_confidentiality',
				'conditions', p.conditions, 'valid_to', p.valid_to))
			FROM asset a JOIN request p ON p.request_no = service_approval(a)
			WHERE a.asset_no = r.payload->>'service' AND a.institution = r.institution)
		WHEN 'area_designation' THEN (SELECT jsonb_build_object('area', to_jsonb(g)
				- '{search,row_version,created_by,created_at,updated_by,updated_at}'::text[])
			FROM area g WHERE g.code = r.payload->>'area' AND g.institution = r.institution)
		END, '{}');
END $$;
