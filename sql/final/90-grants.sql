-- What the roles may do.  The daemon can neither change nor remove what is on record.
REVOKE ALL ON ALL TABLES IN SCHEMA public FROM PUBLIC, daicho_app, daicho_auditor;
GRANT SELECT ON ALL TABLES IN SCHEMA public TO daicho_app, daicho_auditor;
REVOKE SELECT ON token, idempotency_key FROM daicho_auditor;
GRANT INSERT, UPDATE, DELETE ON institution, org_unit, person, area, role_assignment, asset,
	asset_user, external_media, idempotency_key, import, institution_staging,
	org_unit_staging, person_staging, area_staging, role_assignment_staging, asset_staging,
	asset_user_staging, external_media_staging, policy, rating_level, policy_staging,
	rating_level_staging TO daicho_app;
GRANT INSERT, UPDATE, DELETE ON contract, document, emergency_contact, network_connection,
	software_allowlist, asset_software, contract_staging, document_staging,
	emergency_contact_staging, network_connection_staging, software_allowlist_staging,
	asset_software_staging, exception_grant_staging, disposal_record_staging,
	media_movement_staging TO daicho_app;
-- what was granted, sanitised or carried stays on record
GRANT INSERT, UPDATE ON exception_grant, disposal_record, media_movement, inventory TO daicho_app;
GRANT EXECUTE ON FUNCTION inventory_answer_put(text, text[], text[], text[], text[], text[],
	boolean) TO daicho_app;
GRANT INSERT, UPDATE (revoked_at, expires_at, last_used_at, last_used_from, row_version) ON token
	TO daicho_app;
GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO daicho_app;
REVOKE SELECT ON password, totp, recovery_code, session, login_delay FROM daicho_auditor;
GRANT INSERT, UPDATE, DELETE ON password, totp, recovery_code, login_delay TO daicho_app;
GRANT INSERT, UPDATE ON session TO daicho_app;
-- appointments are made and revoked, reviews signed; neither is taken back
REVOKE DELETE ON role_assignment FROM daicho_app;
GRANT INSERT ON access_review TO daicho_app;
REVOKE SELECT ON person_identity, attachment_content, attachment_chunk FROM daicho_auditor;
GRANT INSERT, UPDATE, DELETE ON person_identity TO daicho_app;
-- what runs as the owner and writes is for the daemon alone, not for those who only read
REVOKE ALL ON FUNCTION audit_read(text, text, text, integer, jsonb) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION audit_read(text, text, text, integer, jsonb) TO daicho_app;
REVOKE ALL ON FUNCTION office_appoint(jsonb), office_revoke(text, text, date, text),
	transfer_duties(text, text), access_review_sign(text, text) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION office_appoint(jsonb), office_revoke(text, text, date, text),
	transfer_duties(text, text), access_review_sign(text, text) TO daicho_app;
REVOKE ALL ON FUNCTION request_create(jsonb), request_edit(text, jsonb, text),
	request_act(text, text, jsonb, text), request_attach(text, jsonb, text), requests_expire(),
	request_actions(text), request_bundle(jsonb), request_submit_chain(text, text),
	request_open_items(text) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION request_create(jsonb), request_edit(text, jsonb, text),
	request_act(text, text, jsonb, text), request_attach(text, jsonb, text), requests_expire(),
	request_actions(text), request_bundle(jsonb), request_submit_chain(text, text),
	request_open_items(text) TO daicho_app;
REVOKE ALL ON FUNCTION lookup_note(text[], text) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION lookup_note(text[], text) TO daicho_app;
REVOKE ALL ON FUNCTION standard_import(jsonb) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION standard_import(jsonb) TO daicho_app;
-- findings follow from the rows; nobody but the functions of the owner writes them
REVOKE SELECT ON finding_queue FROM daicho_app, daicho_auditor;
REVOKE ALL ON FUNCTION findings_drain(), findings_begin(integer), findings_refresh(text, text[]),
	findings_end(bigint, bigint), finding_instruct(text, text, text, date),
	findings_judge_build(text), findings_build(text) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION findings_drain(), findings_begin(integer), findings_refresh(text, text[]),
	findings_end(bigint, bigint), finding_instruct(text, text, text, date) TO daicho_app;
REVOKE ALL ON FUNCTION asset_act(text, text, jsonb, text), asset_rate(text, jsonb, text),
	asset_rate_all(text[]), external_media_act(text, text, jsonb, text),
	external_media_rate(text, jsonb, text), external_media_rate_all(text[]) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION asset_act(text, text, jsonb, text), asset_rate(text, jsonb, text),
	asset_rate_all(text[]), external_media_act(text, text, jsonb, text),
	external_media_rate(text, jsonb, text), external_media_rate_all(text[]) TO daicho_app;
-- catalogues and their software are written by functions alone
REVOKE ALL ON FUNCTION catalogue_create(text, text, jsonb), catalogue_edit(text, jsonb, text),
	catalogue_discard(text, text), catalogue_hand_in(text, text), catalogue_more(text),
	catalogue_software_diff(text, text),
	catalogue_software_put(text, jsonb, text, boolean, integer) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION catalogue_create(text, text, jsonb), catalogue_edit(text, jsonb, text),
	catalogue_discard(text, text), catalogue_hand_in(text, text), catalogue_more(text),
	catalogue_software_diff(text, text),
	catalogue_software_put(text, jsonb, text, boolean, integer) TO daicho_app;
