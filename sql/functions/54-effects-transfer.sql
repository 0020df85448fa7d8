-- 移管 between institutions (2.1(2)②(a), ④(f)).

-- Each 機関 keeps its own ledger: a new line there, a line 移管済 here.  Permits do not move.
CREATE OR REPLACE FUNCTION effect_transfer(r request, given jsonb) RETURNS void
	LANGUAGE plpgsql AS $$
DECLARE
	cols text := (SELECT string_agg(quote_ident(attname), ', ') FROM pg_attribute
		WHERE attrelid = 'asset'::regclass AND attnum > 0 AND NOT attisdropped
		AND attgenerated = '');
	received text := 'A' || lpad(nextval('asset_no')::text, 8, '0');
BEGIN
	EXECUTE format('INSERT INTO asset (%1$s) SELECT %1$s FROM (SELECT x.* FROM asset a, '
		'jsonb_populate_record(NULL::asset, (to_jsonb(a) - $2) || $3) x '
		'WHERE a.asset_no = $1) y', cols)
	USING r.asset, '{parent_asset,location_area,operator,key_custodian,important_admin,
		important_permit_request,important_due_on,rating_by,rating_on,rating_proposed_by,
		contract,netdev_procedure_document,sns_procedure_document,infra_level_procedure,
		infra_incident_procedure,non_issued_request,cloud_approval_request,sns_permit_request,
		mail_auth_exemption_request}'::text[],
		jsonb_build_object('asset_no', received,
			'institution', r.payload->>'to_institution', 'unit', r.payload->>'to_unit',
			'sysadmin', r.payload->>'to_sysadmin', 'rating_status', 'provisional',
			'important_state', 'not_applicable', 'adopted', true, 'row_version', 1, 'created_at', now(),
			'created_by', acting_person(), 'updated_at', now(), 'updated_by', acting_person(),
			'note', concat_ws(E'\n', (SELECT a.note FROM asset a WHERE a.asset_no = r.asset),
				'移管元: ' || r.asset || ' (' || r.request_no || ')'));
	UPDATE asset a SET state = 'transferred', important_state = 'not_applicable',
		important_permit_request = NULL, important_admin = NULL,
		row_version = a.row_version + 1, updated_by = acting_person(), updated_at = now()
	WHERE a.asset_no = r.asset;
	PERFORM catalogue_retire(r.asset);
	PERFORM request_by_system(q.request_no, 'void', r.request_no)
	FROM request q JOIN workflow_kind k ON k.code = q.request_type
	WHERE q.asset = r.asset AND q.request_no <> r.request_no AND (q.state = 'approved'
		OR (q.state = 'completed' AND NOT k.completion_ends));
	-- what is being decided about it goes back, and is not submitted again here (subject_faults)
	PERFORM request_by_system(q.request_no, 'changed', r.request_no) FROM request q
	WHERE q.asset = r.asset AND q.request_no <> r.request_no
		AND q.state IN ('submitted', 'reviewing', 'blocked', 'awaiting_confirmation');
	PERFORM request_by_system(r.request_no, 'moved', received);
END $$;
