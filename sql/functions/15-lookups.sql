-- Look-ups that the rules ask (a subquery inside a predicate would keep it from being inlined).
CREATE OR REPLACE FUNCTION asset_has_user(no text) RETURNS boolean LANGUAGE sql STABLE AS $$
	SELECT EXISTS (SELECT FROM asset_user u WHERE u.asset = no) $$;

-- Offices in force on a day (2.1(2)): the only source of authority.
CREATE OR REPLACE FUNCTION offices_in_force(login text, day date)
	RETURNS TABLE (office text, institution text) LANGUAGE sql STABLE AS $$
	SELECT r.office, r.institution FROM role_assignment r
	WHERE r.person = login AND r.term_from <= day AND (r.term_to IS NULL OR r.term_to >= day)
		AND (r.revoked_on IS NULL OR r.revoked_on > day) $$;
