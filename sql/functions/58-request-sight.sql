-- What of an application is seen by whom, beyond the row itself.

-- Applications that the act sees for nothing but a step taken in the past, in an office of a 機関
-- where it holds none any more: their course is still its own, what is in the documents is not.
CREATE OR REPLACE FUNCTION requests_past() RETURNS text[] LANGUAGE sql STABLE SECURITY DEFINER
	SET search_path = public, pg_temp AS $$
	SELECT coalesce(array_agg(DISTINCT r.request_no), '{}')
	FROM request_step s JOIN request r ON r.request_no = s.request
	WHERE s.acted_by = acting_person()
		AND coalesce(acting_person() NOT IN (r.applicant, coalesce(r.subject_person, ''),
			coalesce(r.on_behalf_of, ''), coalesce(r.assigned_to, '')), true)
		AND NOT EXISTS (SELECT FROM offices_in_force(acting_person(), act_today()) o
			WHERE o.office <> 'staff' AND (o.institution IS NULL OR o.institution IN (r.institution,
				r.payload->>'to_institution'))) $$;
REVOKE ALL ON FUNCTION requests_past() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION requests_past() TO daicho_app;
