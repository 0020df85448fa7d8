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

CREATE OR REPLACE FUNCTION effect_appoint(r request, given jsonb) RETURNS void LANGUAGE sql AS $$
	INSERT INTO role_assignment (person, office, institution, scope_note, range_units,
		range_assets, delegable_powers, term_from, term_to, appointed_by, appointment_request,
		basis_note)
	VALUES (r.subject_person, CASE r.request_type WHEN 'appoint_sysadmin' THEN 'sysadmin'
			WHEN 'deputy_iso' THEN 'deputy_iso' ELSE 'important_admin' END, r.institution,
		r.payload->>'scope_note', texts_of(r.payload->'range_units'),
		texts_of(r.payload->'range_assets'), texts_of(r.payload->'powers'),
		(r.payload->>'term_from')::date, (r.payload->>'term_to')::date, r.decided_by,
		r.request_no, r.decision_reason);
	-- 2.1(2)③: the 緊急連絡網 of the 機関 gains the new administrator
	INSERT INTO emergency_contact (institution, list_kind, contact_order, person, office, phone,
		email, means)
	SELECT r.institution, 'institution', coalesce((SELECT max(c.contact_order) FROM
		emergency_contact c WHERE c.institution = r.institution AND c.list_kind = 'institution'),
		0) + 1, p.login, 'sysadmin', p.phone, p.email, '電話・電子メール'
	FROM person p WHERE r.request_type = 'appoint_sysadmin' AND p.login = r.subject_person
		AND p.phone IS NOT NULL AND NOT EXISTS (SELECT FROM emergency_contact c
			WHERE c.institution = r.institution AND c.person = p.login
			AND c.list_kind = 'institution') $$;
CREATE OR REPLACE FUNCTION undo_appoint(r request, given jsonb) RETURNS void LANGUAGE sql AS $$
	UPDATE role_assignment o SET revoked_on = act_today(), revoke_reason = given->>'comment',
		row_version = o.row_version + 1, updated_by = acting_person(), updated_at = now()
	WHERE o.appointment_request = r.request_no AND o.revoked_on IS NULL $$;

CREATE OR REPLACE FUNCTION effect_important(r request, given jsonb) RETURNS void LANGUAGE sql AS $$
	UPDATE asset a SET important_state = 'permitted', important_permit_request = r.request_no,
		important_admin = r.applicant, row_version = a.row_version + 1,
		updated_by = acting_person(), updated_at = now() WHERE a.asset_no = r.asset;
	SELECT catalogue_submit(r.asset, r.applicant) $$;
CREATE OR REPLACE FUNCTION undo_important(r request, given jsonb) RETURNS void LANGUAGE sql AS $$
	UPDATE asset a SET important_state = 'revoked',
		state = CASE a.state WHEN 'in_operation' THEN 'suspended' ELSE a.state END,
		row_version = a.row_version + 1, updated_by = acting_person(), updated_at = now()
	WHERE a.asset_no = r.asset AND a.important_permit_request = r.request_no $$;
-- 180 days without a start: the permission is none, and is to be asked for anew.
CREATE OR REPLACE FUNCTION lapse_important(r request, given jsonb) RETURNS void LANGUAGE sql AS $$
	UPDATE asset a SET important_state = 'pending', important_permit_request = NULL,
		row_version = a.row_version + 1, updated_by = acting_person(), updated_at = now()
	WHERE a.asset_no = r.asset AND a.important_permit_request = r.request_no $$;
-- The term was for carrying it out; what is carried out stays permitted.
CREATE OR REPLACE FUNCTION term_served(no text) RETURNS void LANGUAGE sql AS $$
	UPDATE request q SET valid_to = NULL WHERE q.request_no = no $$;
CREATE OR REPLACE FUNCTION effect_start(r request, given jsonb) RETURNS void LANGUAGE sql AS $$
	SELECT term_served(r.request_no);
	UPDATE asset a SET state = 'in_operation', operation_started_on = act_today(),
		row_version = a.row_version + 1, updated_by = acting_person(), updated_at = now()
	WHERE a.asset_no = r.asset $$;
CREATE OR REPLACE FUNCTION effect_release(r request, given jsonb) RETURNS void LANGUAGE sql AS $$
	UPDATE asset a SET important_state = 'not_applicable', important_permit_request = NULL,
		important_admin = NULL, row_version = a.row_version + 1, updated_by = acting_person(),
		updated_at = now() WHERE a.asset_no = r.asset;
	UPDATE system_catalogue t SET status = 'superseded'
	WHERE t.asset = r.asset AND t.status = 'submitted' $$;
-- 2.1(2)⑧(g): whatever the outgoing administrator held of this server.
CREATE OR REPLACE FUNCTION effect_handover(r request, given jsonb) RETURNS void LANGUAGE sql AS $$
	UPDATE asset a SET important_admin = r.payload->>'receiver',
		sysadmin = CASE a.sysadmin WHEN a.important_admin THEN r.payload->>'receiver'
			ELSE a.sysadmin END,
		key_custodian = CASE a.key_custodian WHEN a.important_admin THEN r.payload->>'receiver'
			ELSE a.key_custodian END,
		row_version = a.row_version + 1, updated_by = acting_person(), updated_at = now()
	WHERE a.asset_no = r.asset;
	-- accounts and holders have changed: a draft of the next version waits for the receiver
	SELECT catalogue_draft_of(r.asset) $$;
-- ⑥(g): the check begins anew, as a draft of the one who orders it; what it finds is put on record
-- where it was demanded.
CREATE OR REPLACE FUNCTION effect_recheck(r request, given jsonb) RETURNS void LANGUAGE sql AS $$
	INSERT INTO request (request_type, institution, applicant, applicant_office, subject_person,
		reason, payload, automatic)
	VALUES ('qualification', r.institution, acting_person(), acting('office'), r.subject_person,
		r.request_no || ': ' || r.reason, jsonb_build_object('skills', r.reason,
			'recheck', r.request_no), true) $$;
CREATE OR REPLACE FUNCTION effect_checked(r request, given jsonb) RETURNS void LANGUAGE sql AS $$
	SELECT request_by_system(q.request_no, 'rechecked', r.request_no, (SELECT jsonb_build_object(
		'result', s.result) FROM request_step s WHERE s.request = r.request_no
		AND s.result IS NOT NULL ORDER BY s.position DESC LIMIT 1))
	FROM request q WHERE q.request_no = r.payload->>'recheck' AND q.request_type = 'recheck'
		AND q.institution = r.institution AND q.subject_person = r.subject_person $$;
CREATE OR REPLACE FUNCTION effect_replace(r request, given jsonb) RETURNS void LANGUAGE sql AS $$
	UPDATE role_assignment o SET revoked_on = act_today(), revoke_reason = r.request_no,
		row_version = o.row_version + 1, updated_by = acting_person(), updated_at = now()
	WHERE o.person = r.subject_person AND o.office = 'important_admin'
		AND o.institution = r.institution AND o.revoked_on IS NULL $$;

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
CREATE OR REPLACE FUNCTION undo_software(r request, given jsonb) RETURNS void LANGUAGE sql AS $$
	DELETE FROM software_allowlist l WHERE l.request = r.request_no $$;
CREATE OR REPLACE FUNCTION effect_cloud(r request, given jsonb) RETURNS void LANGUAGE sql AS $$
	UPDATE asset a SET cloud_approval_request = r.request_no,
		cloud_ismap = r.payload->>'ismap',
		cloud_ismap_checked_on = (r.payload->>'ismap_checked_on')::date,
		cloud_risk_and_measures = coalesce(r.payload->>'risk_and_measures',
			a.cloud_risk_and_measures),
		row_version = a.row_version + 1, updated_by = acting_person(), updated_at = now()
	WHERE a.asset_no = r.asset $$;
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

-- What was agreed to, confirmed by the rating's own function; who may is asked there once more.
CREATE OR REPLACE FUNCTION effect_rating(r request, given jsonb) RETURNS void
	LANGUAGE plpgsql AS $$
BEGIN
	PERFORM set_config('daicho.rating_request', r.request_no, true);
	IF r.asset IS NOT NULL THEN
		PERFORM asset_rate(r.asset, r.payload, a.row_version::text) FROM asset a
		WHERE a.asset_no = r.asset;
	ELSE
		PERFORM external_media_rate(r.medium, r.payload, m.row_version::text)
		FROM external_media m WHERE m.media_no = r.medium;
	END IF;
	IF NOT FOUND THEN
		RAISE EXCEPTION 'the row is not there to be rated' USING ERRCODE = 'DR002';
	END IF;
	PERFORM set_config('daicho.rating_request', '', true);
END $$;
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
CREATE OR REPLACE FUNCTION effect_area(r request, given jsonb) RETURNS void LANGUAGE sql AS $$
	UPDATE area a SET is_controlled = true, identified_by = r.applicant,
		designated_by = r.decided_by, designated_on = act_today(), revoked_on = NULL,
		entry_control = r.payload->>'entry_control', leased = (r.payload->>'leased')::boolean,
		row_version = a.row_version + 1, updated_by = acting_person(), updated_at = now()
	WHERE a.code = r.payload->>'area' $$;
CREATE OR REPLACE FUNCTION undo_area(r request, given jsonb) RETURNS void LANGUAGE sql AS $$
	UPDATE area a SET is_controlled = false, revoked_on = act_today(),
		row_version = a.row_version + 1, updated_by = acting_person(), updated_at = now()
	WHERE a.code = r.payload->>'area' $$;
CREATE OR REPLACE FUNCTION effect_exception(r request, given jsonb) RETURNS void LANGUAGE sql AS $$
	INSERT INTO exception_grant (institution, request, rule, asset, medium, unit, alternative,
		valid_from, valid_to)
	VALUES (r.institution, r.request_no, r.rule, r.asset, r.medium, r.unit,
		r.payload->>'alternative', greatest(r.valid_from, act_today()), r.valid_to) $$;
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

-- Each 機関 keeps its own ledger: a new line there, a line 移管済 here.  Permits do not move.
CREATE OR REPLACE FUNCTION effect_transfer(r request, given jsonb) RETURNS void
	LANGUAGE plpgsql AS $$
DECLARE
	cols text := (SELECT string_agg(quote_ident(attname), ', ') FROM pg_attribute
		WHERE attrelid = 'asset'::regclass AND attnum > 0 AND NOT attisdropped
		AND attgenerated = '');
BEGIN
	EXECUTE format('INSERT INTO asset (%1$s) SELECT %1$s FROM (SELECT x.* FROM asset a, '
		'jsonb_populate_record(NULL::asset, (to_jsonb(a) - $2) || $3) x '
		'WHERE a.asset_no = $1) y', cols)
	USING r.asset, '{parent_asset,location_area,operator,key_custodian,important_admin,
		important_permit_request,important_due_on,rating_by,rating_on,rating_proposed_by,
		contract,netdev_procedure_document,sns_procedure_document,infra_level_procedure,
		infra_incident_procedure,non_issued_request,cloud_approval_request,sns_permit_request,
		mail_auth_exemption_request}'::text[],
		jsonb_build_object('asset_no', 'A' || lpad(nextval('asset_no')::text, 8, '0'),
			'institution', r.payload->>'to_institution', 'unit', r.payload->>'to_unit',
			'sysadmin', r.payload->>'to_sysadmin', 'rating_status', 'provisional',
			'important_state', 'not_applicable', 'adopted', true, 'row_version', 1, 'created_at', now(),
			'created_by', acting_person(), 'updated_at', now(), 'updated_by', acting_person(),
			'note', concat_ws(E'\n', (SELECT a.note FROM asset a WHERE a.asset_no = r.asset),
				'移管元: ' || r.asset || ' (' || r.request_no || ')'));
	UPDATE asset a SET state = 'transferred', important_state = 'not_applicable',
		row_version = a.row_version + 1, updated_by = acting_person(), updated_at = now()
	WHERE a.asset_no = r.asset;
END $$;
