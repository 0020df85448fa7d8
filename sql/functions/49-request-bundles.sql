-- Applications filed as one bundle (A3): each names the one that must be decided before it.  What
-- the earlier one will bring about need not be there yet when the later one is submitted.

-- Is the one before it still open?
CREATE OR REPLACE FUNCTION request_waits(r request) RETURNS boolean LANGUAGE plpgsql STABLE AS $$
BEGIN
	RETURN EXISTS (SELECT FROM request p WHERE p.request_no = r.follows AND p.state IN ('draft',
		'submitted', 'returned', 'reviewing', 'blocked', 'awaiting_confirmation'));
END $$;

-- Whom the one before it appoints.
CREATE OR REPLACE FUNCTION request_appointee(r request) RETURNS text LANGUAGE sql STABLE AS $$
	SELECT p.subject_person FROM request p WHERE p.request_no = r.follows
		AND p.request_type = 'appoint_important_admin' AND request_waits(r) $$;

-- Who may apply only because of the bundle: the administrator who is to be appointed, for their own
-- check (the 機関CISO orders it by naming the checker) and for their own server.
CREATE OR REPLACE FUNCTION request_applies_bundled(r request, who text) RETURNS boolean
	LANGUAGE plpgsql STABLE AS $$
BEGIN
	RETURN coalesce(person_present(who, act_today()) AND has_office(who, 'sysadmin',
		r.institution, act_today()) AND CASE r.request_type
		WHEN 'qualification' THEN r.subject_person = who AND EXISTS (SELECT FROM request n
			WHERE n.follows = r.request_no AND n.request_type = 'appoint_important_admin'
			AND n.applicant = who AND n.subject_person = who
			AND n.state NOT IN ('withdrawn', 'rejected', 'expired', 'revoked'))
		WHEN 'important_new' THEN request_appointee(r) = who
		WHEN 'important_convert' THEN request_appointee(r) = who END, false);
END $$;
