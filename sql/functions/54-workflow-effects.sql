-- What comes of a decision, by kind.  Each runs once: in the transaction of the step that leads to
-- it, after the application has reached its new state.

-- 4.1: the next office above that somebody holds who is no party.
CREATE OR REPLACE FUNCTION effect_escalate(r request, given jsonb) RETURNS void
	LANGUAGE plpgsql AS $$
DECLARE
	office text := request_next_office(r);
BEGIN
	IF office IS NULL THEN
		PERFORM faults_raise(faults_of_rules('{REQ-24}'));
	END IF;
	UPDATE request q SET approver_office = office, escalated = true, blocked_from = NULL
	WHERE q.request_no = r.request_no;
END $$;
CREATE OR REPLACE FUNCTION effect_second_leg(r request, given jsonb) RETURNS void LANGUAGE sql AS $$
	UPDATE request q SET approver_office = 'inst_ciso' WHERE q.request_no = r.request_no $$;
CREATE OR REPLACE FUNCTION effect_assign(r request, given jsonb) RETURNS void LANGUAGE sql AS $$
	UPDATE request q SET assigned_to = given->>'person' WHERE q.request_no = r.request_no $$;
CREATE OR REPLACE FUNCTION effect_reported(r request, given jsonb) RETURNS void LANGUAGE sql AS $$
	UPDATE request q SET reported_upward_at = act_now() WHERE q.request_no = r.request_no;
	UPDATE exception_grant e SET reported_to_ciso_on = act_today(),
		row_version = e.row_version + 1, updated_by = acting_person(), updated_at = now()
	WHERE e.request = r.request_no $$;

CREATE OR REPLACE FUNCTION effect_non_issued(r request, given jsonb) RETURNS void LANGUAGE sql AS $$
	UPDATE asset a SET provision = 'non_issued', non_issued_request = r.request_no,
		row_version = a.row_version + 1, updated_by = acting_person(), updated_at = now()
	WHERE a.asset_no = r.asset;
	UPDATE external_media m SET provision = 'non_issued', non_issued_request = r.request_no,
		row_version = m.row_version + 1, updated_by = acting_person(), updated_at = now()
	WHERE m.media_no = r.medium $$;
CREATE OR REPLACE FUNCTION undo_non_issued(r request, given jsonb) RETURNS void LANGUAGE sql AS $$
	UPDATE asset a SET non_issued_request = NULL, row_version = a.row_version + 1,
		updated_by = acting_person(), updated_at = now()
	WHERE a.asset_no = r.asset AND a.non_issued_request = r.request_no;
	UPDATE external_media m SET non_issued_request = NULL, row_version = m.row_version + 1,
		updated_by = acting_person(), updated_at = now()
	WHERE m.media_no = r.medium AND m.non_issued_request = r.request_no $$;
-- WF-13, WF-16, WF-17: with its use the thing ends, and with that its connections.
CREATE OR REPLACE FUNCTION use_ends(of_asset text, given jsonb) RETURNS void LANGUAGE sql AS $$
	UPDATE asset a SET state = 'retired', retired_on = (given->>'on')::date,
		row_version = a.row_version + 1, updated_by = acting_person(), updated_at = now()
	WHERE a.asset_no = of_asset AND asset_is_live(a.state) $$;
CREATE OR REPLACE FUNCTION effect_non_issued_ended(r request, given jsonb) RETURNS void
	LANGUAGE sql AS $$
	SELECT undo_non_issued(r, given); SELECT use_ends(r.asset, given) $$;
CREATE OR REPLACE FUNCTION effect_software(r request, given jsonb) RETURNS void LANGUAGE sql AS $$
	INSERT INTO software_allowlist (institution, asset, target, software_name, version_policy,
		approved_by, request, reviewed_on)
	VALUES (r.institution, r.asset, r.payload->>'target', r.payload->>'software_name',
		r.payload->>'version_policy', r.decided_by, r.request_no, act_today()) $$;
CREATE OR REPLACE FUNCTION effect_reviewed(r request, given jsonb) RETURNS void LANGUAGE sql AS $$
	UPDATE software_allowlist l SET reviewed_on = act_today(), row_version = l.row_version + 1,
		updated_by = acting_person(), updated_at = now() WHERE l.request = r.request_no $$;
CREATE OR REPLACE FUNCTION undo_software(r request, given jsonb) RETURNS void LANGUAGE sql AS $$
	DELETE FROM software_allowlist l WHERE l.request = r.request_no $$;
CREATE OR REPLACE FUNCTION effect_cloud(r request, given jsonb) RETURNS void LANGUAGE sql AS $$
	UPDATE asset a SET cloud_approval_request = r.request_no,
		cloud_ismap = r.payload->>'ismap',
		cloud_ismap_checked_on = (r.payload->>'ismap_checked_on')::date,
		cloud_risk_and_measures = coalesce(r.payload->>'risk_and_measures',
			a.cloud_risk_and_measures),
		row_version = a.row_version + 1, updated_by = acting_person(), updated_at = now()
	WHERE a.asset_no = r.asset;
	-- one approval of a service: the earlier one ends
	SELECT request_by_system(q.request_no, 'replaced', r.request_no) FROM request q
	WHERE q.asset = r.asset AND q.request_type = r.request_type AND q.state = 'approved'
		AND q.request_no <> r.request_no $$;
-- What stood in the ISMAP lists and does no more takes the permission of 5.2(2)①: its application is
-- there as a draft of who applied before.
CREATE OR REPLACE FUNCTION effect_delisted(r request, given jsonb) RETURNS void LANGUAGE sql AS $$
	UPDATE asset a SET cloud_ismap = 'not_listed', cloud_ismap_checked_on = act_today(),
		row_version = a.row_version + 1, updated_by = acting_person(), updated_at = now()
	WHERE a.asset_no = r.asset;
	INSERT INTO request (request_type, institution, applicant, applicant_office, approver_office,
		asset, reason, payload, automatic)
	SELECT r.request_type, r.institution, r.applicant, r.applicant_office, k.approver, r.asset,
		r.request_no || ': ' || (given->>'comment'), r.payload || jsonb_build_object('ismap',
			'not_listed', 'ismap_checked_on', act_today()), true
	FROM workflow_kind k WHERE k.code = r.request_type $$;
CREATE OR REPLACE FUNCTION effect_cloud_ended(r request, given jsonb) RETURNS void
	LANGUAGE sql AS $$
	UPDATE asset a SET cloud_ended_on = (given->>'on')::date, row_version = a.row_version + 1,
		updated_by = acting_person(), updated_at = now() WHERE a.asset_no = r.asset;
	SELECT use_ends(r.asset, given) $$;
CREATE OR REPLACE FUNCTION effect_social(r request, given jsonb) RETURNS void LANGUAGE sql AS $$
	UPDATE asset a SET sns_permit_request = r.request_no, row_version = a.row_version + 1,
		updated_by = acting_person(), updated_at = now() WHERE a.asset_no = r.asset $$;
CREATE OR REPLACE FUNCTION undo_social(r request, given jsonb) RETURNS void LANGUAGE sql AS $$
	UPDATE asset a SET sns_permit_request = NULL, row_version = a.row_version + 1,
		updated_by = acting_person(), updated_at = now()
	WHERE a.asset_no = r.asset AND a.sns_permit_request = r.request_no $$;
CREATE OR REPLACE FUNCTION effect_social_closed(r request, given jsonb) RETURNS void
	LANGUAGE sql AS $$
	SELECT undo_social(r, given); SELECT use_ends(r.asset, given) $$;

CREATE OR REPLACE FUNCTION effect_mail(r request, given jsonb) RETURNS void LANGUAGE sql AS $$
	UPDATE asset a SET mail_auth_exemption_request = r.request_no,
		row_version = a.row_version + 1, updated_by = acting_person(), updated_at = now()
	WHERE a.asset_no = r.asset $$;
CREATE OR REPLACE FUNCTION undo_mail(r request, given jsonb) RETURNS void LANGUAGE sql AS $$
	UPDATE asset a SET mail_auth_exemption_request = NULL, row_version = a.row_version + 1,
		updated_by = acting_person(), updated_at = now()
	WHERE a.asset_no = r.asset AND a.mail_auth_exemption_request = r.request_no $$;
CREATE OR REPLACE FUNCTION effect_log_period(r request, given jsonb) RETURNS void LANGUAGE sql AS $$
	UPDATE institution i SET min_log_days_other = (r.payload->>'days')::int,
		row_version = i.row_version + 1, updated_by = acting_person(), updated_at = now()
	WHERE i.code = r.institution $$;
-- The number of before: of the newest decision that still stands, or the default.
CREATE OR REPLACE FUNCTION undo_log_period(r request, given jsonb) RETURNS void LANGUAGE sql AS $$
	UPDATE institution i SET min_log_days_other = coalesce((SELECT (q.payload->>'days')::int
			FROM request q WHERE q.institution = r.institution AND q.request_type = 'log_period'
			AND q.state = 'approved' ORDER BY q.decided_at DESC LIMIT 1), 30),
		row_version = i.row_version + 1, updated_by = acting_person(), updated_at = now()
	WHERE i.code = r.institution $$;
CREATE OR REPLACE FUNCTION effect_area(r request, given jsonb) RETURNS void LANGUAGE sql AS $$
	UPDATE area a SET is_controlled = true, identified_by = r.applicant,
		designated_by = r.decided_by, designated_on = act_today(), revoked_on = NULL,
		entry_control = r.payload->>'entry_control', leased = (r.payload->>'leased')::boolean,
		row_version = a.row_version + 1, updated_by = acting_person(), updated_at = now()
	WHERE a.code = r.payload->>'area' $$;
-- As the newest decision that still stands has it; none does: no 要管理対策区域 any more.
CREATE OR REPLACE FUNCTION undo_area(r request, given jsonb) RETURNS void LANGUAGE sql AS $$
	UPDATE area a SET is_controlled = q.request_no IS NOT NULL,
		identified_by = coalesce(q.applicant, a.identified_by),
		designated_by = coalesce(q.decided_by, a.designated_by),
		designated_on = coalesce(q.decided_at::date, a.designated_on),
		entry_control = coalesce(q.payload->>'entry_control', a.entry_control),
		leased = coalesce((q.payload->>'leased')::boolean, a.leased),
		revoked_on = CASE WHEN q.request_no IS NULL THEN act_today() END,
		row_version = a.row_version + 1, updated_by = acting_person(), updated_at = now()
	FROM (SELECT 1) one LEFT JOIN LATERAL (SELECT x.* FROM request x
		WHERE x.institution = r.institution AND x.request_type = 'area_designation'
		AND x.payload->>'area' = r.payload->>'area' AND x.state = 'approved'
		ORDER BY x.decided_at DESC LIMIT 1) q ON true
	WHERE a.code = r.payload->>'area' $$;
CREATE OR REPLACE FUNCTION effect_exception(r request, given jsonb) RETURNS void LANGUAGE sql AS $$
	INSERT INTO exception_grant (institution, request, rule, asset, medium, unit, alternative,
		valid_from, valid_to)
	VALUES (r.institution, r.request_no, r.rule, r.asset, r.medium, r.unit,
		r.payload->>'alternative', greatest(r.valid_from, act_today()), r.valid_to) $$;
CREATE OR REPLACE FUNCTION undo_exception(r request, given jsonb) RETURNS void LANGUAGE sql AS $$
	UPDATE exception_grant e SET revoked_on = act_today(), row_version = e.row_version + 1,
		updated_by = acting_person(), updated_at = now()
	WHERE e.request = r.request_no AND e.revoked_on IS NULL $$;
CREATE OR REPLACE FUNCTION effect_disposal(r request, given jsonb) RETURNS void LANGUAGE sql AS $$
	INSERT INTO disposal_record (institution, asset, medium, method, sanitised_on, sanitised_by,
		witness, confirmed_by, certificate_name, certificate_sha256, certificate_keep_until, reuse)
	SELECT r.institution, r.asset, r.medium, r.payload->>'method',
		(r.payload->>'sanitised_on')::date, r.payload->>'sanitised_by', r.payload->>'witness',
		r.decided_by, t.file_name, t.sha256, CASE WHEN t.sha256 IS NOT NULL THEN act_today()
		+ policy_days('cert_keep', r.institution) END, r.payload->>'reuse'
	FROM (SELECT 1) one LEFT JOIN LATERAL (SELECT x.file_name, x.sha256 FROM attachment x
		WHERE x.request = r.request_no AND x.kind IN ('erasure_log', 'destruction_certificate')
		ORDER BY x.attachment_no LIMIT 1) t ON true;
	UPDATE asset a SET state = 'sanitised', row_version = a.row_version + 1,
		updated_by = acting_person(), updated_at = now() WHERE a.asset_no = r.asset;
	UPDATE external_media m SET state = 'sanitised', row_version = m.row_version + 1,
		updated_by = acting_person(), updated_at = now() WHERE m.media_no = r.medium $$;
