-- What waits for a person: open applications, and what is owed where no decision is open any more, or
-- none has been asked for yet.

-- 2.1(2)⑥(f): the step that an audit's problem waits for: 'correct', by who runs the server, then
-- 'check_correction', by a leader, until nothing is left; NULL: nothing was found, or nothing is left.
CREATE OR REPLACE FUNCTION audit_due(no text) RETURNS text LANGUAGE sql STABLE AS $$
	SELECT CASE WHEN NOT request_found_problem(no) THEN NULL
		WHEN s.action = 'correct' THEN 'check_correction'
		WHEN s.action = 'check_correction' AND NOT (s.given->>'problem')::boolean THEN NULL
		ELSE 'correct' END
	FROM (SELECT) one LEFT JOIN LATERAL (SELECT t.action, t.given FROM request_step t
		WHERE t.request = no AND t.action IN ('correct', 'check_correction')
		ORDER BY t.position DESC LIMIT 1) s ON true $$;
-- ⑫(b): is it their own server that was audited?
CREATE OR REPLACE FUNCTION audited_oneself(r request, who text) RETURNS boolean
	LANGUAGE sql STABLE AS $$
	SELECT EXISTS (SELECT FROM asset a WHERE a.asset_no = r.asset
		AND who IN (a.sysadmin, a.operator, a.important_admin)) $$;

-- A draft that the register made; after the end: a handover, the report upward, a correction.
CREATE OR REPLACE FUNCTION request_owes(r request, who text) RETURNS boolean LANGUAGE sql STABLE AS $$
	SELECT coalesce(CASE
		WHEN r.state = 'draft' THEN r.automatic AND r.applicant = who
		WHEN r.state = 'completed' AND r.request_type = 'handover' THEN r.assigned_to = who
			AND NOT request_step_taken(r.request_no, 'report_removed')
		WHEN r.state = 'reviewing' AND r.request_type = 'csirt_audit' THEN r.applicant = who
		WHEN r.state = 'completed' AND r.request_type = 'csirt_audit' THEN
			-- REQ-10
			r.applicant = who AND r.reported_upward_at IS NULL AND request_found_problem(r.request_no)
			OR EXISTS (SELECT FROM workflow_step s WHERE s.kind = r.request_type
				AND s.from_state = r.state AND s.action = audit_due(r.request_no)
				AND NOT (s.action = 'check_correction' AND audited_oneself(r, $2))
				AND request_refusal(r, s, $2) = '{}')
		END, false) $$;

-- What waits for the act; of what is approved that which they carry out, or report.
CREATE OR REPLACE FUNCTION requests_waiting() RETURNS text[] LANGUAGE sql STABLE SECURITY DEFINER
	SET search_path = public, pg_temp AS $$
	SELECT coalesce(array_agg(no), '{}') FROM (
		-- what comes before is decided first (REQ-25)
		SELECT o FROM requests_open() o JOIN request r ON r.request_no = o WHERE NOT request_waits(r)
		UNION (SELECT requests_awaited(array_agg(r.request_no)) FROM request r
			WHERE r.state = 'approved' AND r.reported_upward_at IS NULL
			AND (r.applicant = acting_person() OR r.request_type = 'exception'
				OR (r.request_type = 'important_software' AND EXISTS (SELECT FROM asset a
					WHERE a.asset_no = r.asset AND a.important_admin = acting_person()))))
		UNION SELECT r.request_no FROM request r WHERE (r.state = 'returned'
			AND r.applicant = acting_person()) OR (r.state = 'completed'
			AND r.request_type = 'handover' AND r.assigned_to = acting_person()
			AND request_owes(r, acting_person()))
		UNION SELECT r.request_no FROM request r WHERE r.automatic AND r.state = 'draft'
			AND r.applicant = acting_person()
		UNION SELECT r.request_no FROM request r WHERE r.request_type = 'csirt_audit'
			AND r.state IN ('reviewing', 'completed') AND request_owes(r, acting_person())) x (no)
	WHERE acting_person() IS NOT NULL $$;
REVOKE ALL ON FUNCTION requests_waiting() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION requests_waiting() TO daicho_app;
