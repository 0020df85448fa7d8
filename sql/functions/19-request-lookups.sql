-- Look-ups that the rules of applications ask.

-- Was the office held on the day of the decision?  Ending it later that day changes nothing.
CREATE OR REPLACE FUNCTION request_office_held(who text, what text, at_institution text,
	at timestamptz) RETURNS boolean LANGUAGE sql STABLE AS $$
	SELECT EXISTS (SELECT FROM role_assignment o WHERE o.person = who AND o.office = what
		AND (o.institution IS NULL OR o.institution = at_institution)
		AND o.term_from <= at::date AND (o.term_to IS NULL OR o.term_to >= at::date)
		AND (o.revoked_on IS NULL OR o.revoked_on >= at::date)) $$;
-- Was it decided by this person in an office above, to which it had been handed on?
CREATE OR REPLACE FUNCTION request_handed_on(no text, kind text, at_institution text, who text)
	RETURNS boolean LANGUAGE sql STABLE AS $$
	SELECT EXISTS (SELECT FROM request r WHERE r.request_no = no AND r.request_type = kind
		AND r.institution = at_institution AND r.escalated AND r.decided_by = who
		AND r.decided_office = r.approver_office
		AND request_office_held(who, r.decided_office, at_institution, r.decided_at)) $$;
CREATE OR REPLACE FUNCTION request_documents(no text) RETURNS bigint LANGUAGE sql STABLE AS $$
	SELECT count(*) FROM (SELECT t.kind FROM attachment t WHERE t.request = no
			AND t.kind IN ('necessity', 'catalogue', 'emergency_contacts')
		-- structured, it need not be there as a document, too
		UNION SELECT 'catalogue' FROM request r JOIN system_catalogue c ON c.asset = r.asset
			AND c.status <> 'superseded' AND EXISTS (SELECT FROM catalogue_software s
				WHERE s.catalogue = c.catalogue_no)
		WHERE r.request_no = no) k $$;
CREATE OR REPLACE FUNCTION request_checked_by(no text, who text) RETURNS boolean
	LANGUAGE plpgsql STABLE AS $$
BEGIN
	RETURN EXISTS (SELECT FROM request_step s WHERE s.request = no AND s.result IS NOT NULL
		AND s.acted_by = who);
END $$;
CREATE OR REPLACE FUNCTION request_found_problem(no text) RETURNS boolean LANGUAGE sql STABLE AS $$
	SELECT EXISTS (SELECT FROM request_step s WHERE s.request = no AND s.action = 'report'
		AND (s.given->>'problem')::boolean) $$;
-- Did the application that led to an appointment rest on a check?
CREATE OR REPLACE FUNCTION request_qualified(no text, who text, at_institution text)
	RETURNS boolean LANGUAGE sql STABLE AS $$
	SELECT EXISTS (SELECT FROM request r JOIN request q ON q.request_no =
			r.payload->>'qualification' AND q.request_type = 'qualification'
		JOIN request_step s ON s.request = q.request_no AND s.result IS NOT NULL
		WHERE r.request_no = no AND q.state = 'completed' AND q.subject_person = who
		AND q.institution = at_institution) $$;
CREATE OR REPLACE FUNCTION request_unfit(r request) RETURNS boolean LANGUAGE sql STABLE AS $$
	SELECT EXISTS (SELECT FROM request_step s WHERE s.request = r.payload->>'qualification'
		AND s.result = 'fail') $$;
CREATE OR REPLACE FUNCTION request_unfit(r request_staging) RETURNS boolean LANGUAGE sql STABLE AS $$
	SELECT false $$;
CREATE OR REPLACE FUNCTION request_party(r request_staging, who text) RETURNS boolean
	LANGUAGE sql STABLE AS $$
	SELECT coalesce(who IN (r.applicant, r.on_behalf_of, r.subject_person), false) $$;
CREATE OR REPLACE FUNCTION request_step_taken(no text, what text) RETURNS boolean
	LANGUAGE sql STABLE AS $$
	SELECT EXISTS (SELECT FROM request_step s WHERE s.request = no AND s.action = what) $$;
