-- Writes the audit rows of one statement; argument: the key column.  SECURITY DEFINER, because
-- nobody but the owner may insert into the log.
CREATE OR REPLACE FUNCTION audit_rows() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
	SET search_path = public, pg_temp AS $$
BEGIN
	IF TG_OP = 'DELETE' THEN
		INSERT INTO audit_event (institution, person, office, account, client, request_id,
			operation, action, object_type, object, version, reason)
		SELECT coalesce(j->>'institution', j->>'code'), c.*, 'delete', TG_TABLE_NAME,
			j->>TG_ARGV[0], (j->>'row_version')::int, acting('reason')
		FROM (SELECT to_jsonb(o) - 'search' AS j FROM old_rows o OFFSET 0) x, act_context() c;
	ELSE
		INSERT INTO audit_event (institution, person, office, account, client, request_id,
			operation, action, object_type, object, version, reason, after)
		SELECT coalesce(j->>'institution', j->>'code'), c.*, lower(TG_OP), TG_TABLE_NAME,
			j->>TG_ARGV[0], (j->>'row_version')::int, acting('reason'), j
		FROM (SELECT jsonb_strip_nulls(to_jsonb(n) - 'search') AS j FROM new_rows n OFFSET 0) x,
			act_context() c;
	END IF;
	RETURN NULL;
END $$;

-- Attaches the log to one table.
CREATE OR REPLACE FUNCTION audit_attach(ledger regclass, key text) RETURNS void
	LANGUAGE plpgsql AS $$
BEGIN
	EXECUTE format('CREATE OR REPLACE TRIGGER audit_insert AFTER INSERT ON %s '
		'REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION audit_rows(%L)',
		ledger, key);
	EXECUTE format('CREATE OR REPLACE TRIGGER audit_update AFTER UPDATE ON %s '
		'REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION audit_rows(%L)',
		ledger, key);
	EXECUTE format('CREATE OR REPLACE TRIGGER audit_delete AFTER DELETE ON %s '
		'REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION audit_rows(%L)',
		ledger, key);
END $$;

SELECT audit_attach('institution', 'code');
SELECT audit_attach('org_unit', 'code');
SELECT audit_attach('person', 'login');
SELECT audit_attach('area', 'code');
SELECT audit_attach('role_assignment', 'office_no');
SELECT audit_attach('asset', 'asset_no');
SELECT audit_attach('asset_user', 'user_no');
SELECT audit_attach('external_media', 'media_no');
SELECT audit_attach('contract', 'contract_no');
SELECT audit_attach('document', 'document_no');
SELECT audit_attach('emergency_contact', 'contact_no');
SELECT audit_attach('network_connection', 'connection_no');
SELECT audit_attach('software_allowlist', 'allow_no');
SELECT audit_attach('asset_software', 'software_no');
SELECT audit_attach('request', 'request_no');
SELECT audit_attach('exception_grant', 'exception_no');
SELECT audit_attach('disposal_record', 'disposal_no');
SELECT audit_attach('media_movement', 'movement_no');
SELECT audit_attach('inventory', 'inventory_no');
SELECT audit_attach('inventory_answer', 'answer_no');

-- What changed between two after-images: [{"field":…,"old":…,"new":…}], bookkeeping left out.
CREATE OR REPLACE FUNCTION audit_changes(before jsonb, after jsonb) RETURNS jsonb
	LANGUAGE sql IMMUTABLE AS $$
	SELECT coalesce(jsonb_agg(jsonb_build_object('field', key, 'old', b.value, 'new', a.value)
		ORDER BY key), '[]')
	FROM jsonb_each(coalesce(before, '{}')) b FULL JOIN jsonb_each(coalesce(after, '{}')) a
		USING (key)
	WHERE b.value IS DISTINCT FROM a.value AND key NOT IN ('row_version', 'updated_at',
		'updated_by', 'created_at', 'created_by') $$;
