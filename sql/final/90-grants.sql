-- What the roles may do.  The daemon can neither change nor remove what is on record.
REVOKE ALL ON ALL TABLES IN SCHEMA public FROM PUBLIC, daicho_app, daicho_auditor;
GRANT SELECT ON ALL TABLES IN SCHEMA public TO daicho_app, daicho_auditor;
REVOKE SELECT ON token, idempotency_key FROM daicho_auditor;
GRANT INSERT, UPDATE, DELETE ON institution, org_unit, person, area, role_assignment, asset,
	asset_user, external_media, idempotency_key, import, institution_staging,
	org_unit_staging, person_staging, area_staging, role_assignment_staging, asset_staging,
	asset_user_staging, external_media_staging TO daicho_app;
GRANT INSERT, UPDATE ON token TO daicho_app;
GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO daicho_app;
