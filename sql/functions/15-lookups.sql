-- Look-ups that the rules ask (a subquery inside a predicate would keep it from being inlined).
CREATE OR REPLACE FUNCTION asset_has_user(no text) RETURNS boolean LANGUAGE sql STABLE AS $$
	SELECT EXISTS (SELECT FROM asset_user u WHERE u.asset = no) $$;
