-- What comes of decisions on administrators and important servers (2.1(2)②(d), ⑥(g), ⑧(d)-(g)).

-- An office begins with its decision at the earliest.
CREATE OR REPLACE FUNCTION effect_appoint(r request, given jsonb) RETURNS void LANGUAGE sql AS $$
	INSERT INTO role_assignment (person, office, institution, scope_note, range_units,
		range_assets, delegable_powers, term_from, term_to, appointed_by, appointment_request,
		basis_note)
	VALUES (r.subject_person, CASE r.request_type WHEN 'appoint_sysadmin' THEN 'sysadmin'
			WHEN 'deputy_iso' THEN 'deputy_iso' ELSE 'important_admin' END, r.institution,
		r.payload->>'scope_note', texts_of(r.payload->'range_units'),
		texts_of(r.payload->'range_assets'), texts_of(r.payload->'powers'),
		greatest((r.payload->>'term_from')::date, act_today()), (r.payload->>'term_to')::date,
		r.decided_by, r.request_no, r.decision_reason);
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
	WHERE o.appointment_request = r.request_no AND o.revoked_on IS NULL;
	DELETE FROM emergency_contact c WHERE r.request_type = 'appoint_sysadmin'
		AND c.institution = r.institution AND c.list_kind = 'institution' AND c.office = 'sysadmin'
		AND c.person = r.subject_person
		AND NOT has_office(r.subject_person, 'sysadmin', r.institution, act_today()) $$;

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
-- 不許可 of what is there already: it is published no more, holds less, or is stopped (⑧(f)).  The
-- order stands on the finding, which stays open until one of these is done.
CREATE OR REPLACE FUNCTION effect_refused(r request, given jsonb) RETURNS void LANGUAGE sql AS $$
	UPDATE finding f SET instruction = concat_ws(E'\n', r.request_no || ' 不許可: 公開の停止、'
			|| '情報の移動又は資産の停止のいずれかを行うこと。', given->>'comment'),
		instruction_due_on = greatest(f.due_on, act_today()), instructed_by = acting_person(),
		instructed_office = acting('office'), instructed_on = act_today(),
		row_version = f.row_version + 1, updated_at = now()
	WHERE f.asset = r.asset AND f.rule = 'IMP-01' AND f.closed_at IS NULL $$;
-- The term was for carrying it out; what is carried out stays permitted.
CREATE OR REPLACE FUNCTION term_served(no text) RETURNS void LANGUAGE sql AS $$
	UPDATE request q SET valid_to = NULL WHERE q.request_no = no $$;
CREATE OR REPLACE FUNCTION effect_start(r request, given jsonb) RETURNS void LANGUAGE sql AS $$
	SELECT term_served(r.request_no);
	UPDATE asset a SET state = 'in_operation', operation_started_on = act_today(),
		row_version = a.row_version + 1, updated_by = acting_person(), updated_at = now()
	WHERE a.asset_no = r.asset $$;
CREATE OR REPLACE FUNCTION catalogue_retire(of_asset text) RETURNS void LANGUAGE sql AS $$
	UPDATE system_catalogue t SET status = 'superseded', row_version = t.row_version + 1,
		updated_by = acting_person(), updated_at = now()
	WHERE t.asset = of_asset AND t.status = 'submitted' $$;
CREATE OR REPLACE FUNCTION effect_release(r request, given jsonb) RETURNS void LANGUAGE sql AS $$
	UPDATE asset a SET important_state = 'not_applicable', important_permit_request = NULL,
		important_admin = NULL, row_version = a.row_version + 1, updated_by = acting_person(),
		updated_at = now() WHERE a.asset_no = r.asset;
	SELECT catalogue_retire(r.asset) $$;

-- 実施報告: what was installed, as reported or else as permitted, stands in the catalogue, in place
-- of another version of it unless the draft says otherwise already, and in the list of the server.
CREATE OR REPLACE FUNCTION catalogue_installs(r request, draft text, line text,
	software text, at_version text) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
	IF EXISTS (SELECT FROM catalogue_software s JOIN system_catalogue c ON c.catalogue_no = draft
		WHERE s.catalogue = draft
		AND software_named(jsonb_build_array(line), s, software_every(r.institution))
		AND (software_is(s.version, at_version) OR NOT EXISTS (SELECT FROM catalogue_software o
			WHERE o.catalogue = c.based_on AND o.software_name = s.software_name
			AND o.version = s.version))) THEN
		RETURN;
	END IF;
	INSERT INTO catalogue_software (catalogue, position, software_name, version, vendor, purpose,
		origin, permitted_request)
	SELECT draft, coalesce(max(s.position), 0) + 1, software, at_version,
		r.payload->>'source', coalesce(max(s.purpose) FILTER (WHERE s.software_name
			= software), r.reason), 'permit', r.request_no
	FROM catalogue_software s WHERE s.catalogue = draft;
	DELETE FROM catalogue_software s WHERE s.catalogue = draft
		AND s.software_name = software AND s.version <> at_version;
END $$;
CREATE OR REPLACE FUNCTION effect_installed(r request, given jsonb) RETURNS void
	LANGUAGE plpgsql AS $$
DECLARE
	draft text := catalogue_draft_of(r.asset);
	lines jsonb := coalesce(given->'installed', r.payload->'software');
	l record;
BEGIN
	PERFORM term_served(r.request_no);
	FOR l IN SELECT DISTINCT x.* FROM software_lines(lines) x ORDER BY 1 LOOP
		PERFORM catalogue_installs(r, draft, l.line, l.software_name, l.version);
	END LOOP;
	UPDATE catalogue_software s SET permitted_request = r.request_no,
		row_version = s.row_version + 1
	WHERE s.catalogue = draft AND s.permitted_request IS NULL
		AND software_named(lines, s, software_every(r.institution));
	WITH now AS (
		SELECT DISTINCT ON (s.software_name) s.software_name, s.version FROM catalogue_software s
		WHERE s.catalogue = draft AND s.permitted_request = r.request_no
		ORDER BY s.software_name, s.item_no DESC
	), kept AS (
		UPDATE asset_software o SET version = n.version, installed_on = (given->>'on')::date,
			row_version = o.row_version + 1, updated_by = acting_person(), updated_at = now()
		FROM now n WHERE o.asset = r.asset AND o.software_name = n.software_name
		RETURNING o.software_name
	)
	INSERT INTO asset_software (institution, asset, software_name, version, installed_on)
	SELECT r.institution, r.asset, n.software_name, n.version, (given->>'on')::date FROM now n
	WHERE n.software_name NOT IN (SELECT k.software_name FROM kept k);
	PERFORM catalogue_submit(r.asset, acting_person());
END $$;

-- 2.1(2)⑧(g): whatever the outgoing administrator held of this server.
CREATE OR REPLACE FUNCTION effect_handover(r request, given jsonb) RETURNS void LANGUAGE sql AS $$
	UPDATE emergency_contact c SET person = p.login, phone = coalesce(p.phone, c.phone),
		email = p.email, row_version = c.row_version + 1, updated_by = acting_person(),
		updated_at = now()
	FROM asset a, person p WHERE a.asset_no = r.asset AND c.asset = a.asset_no
		AND c.person = a.important_admin AND p.login = r.payload->>'receiver';
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
-- 交代: the office ends, and each server gets the draft of its 引継ぎ, for the 情報セキュリティ責任者 to
-- name the successor.
CREATE OR REPLACE FUNCTION effect_replace(r request, given jsonb) RETURNS void LANGUAGE sql AS $$
	UPDATE role_assignment o SET revoked_on = act_today(), revoke_reason = r.request_no,
		row_version = o.row_version + 1, updated_by = acting_person(), updated_at = now()
	WHERE o.person = r.subject_person AND o.office = 'important_admin'
		AND o.institution = r.institution AND o.revoked_on IS NULL;
	INSERT INTO request (request_type, institution, applicant, applicant_office, asset, reason,
		approver_office, automatic)
	SELECT 'handover', a.institution, i.person, 'iso', a.asset_no, r.request_no || ': ' || r.reason,
		'inst_ciso', true
	FROM asset a CROSS JOIN LATERAL (SELECT o.person FROM role_assignment o
		WHERE o.office = 'iso' AND o.institution = a.institution AND o.person <> r.subject_person
		AND office_in_force(o, act_today()) ORDER BY o.term_from, o.office_no LIMIT 1) i
	WHERE a.institution = r.institution AND a.important_admin = r.subject_person
		AND asset_is_live(a.state) AND NOT EXISTS (SELECT FROM request q WHERE q.asset = a.asset_no
			AND q.request_type = 'handover' AND q.state IN ('draft', 'submitted', 'returned',
			'reviewing', 'blocked', 'awaiting_confirmation')) $$;
