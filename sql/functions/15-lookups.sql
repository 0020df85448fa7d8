-- Look-ups that the rules ask (a subquery inside a predicate would keep it from being inlined).
CREATE OR REPLACE FUNCTION asset_has_user(no text) RETURNS boolean LANGUAGE sql STABLE AS $$
	SELECT EXISTS (SELECT FROM asset_user u WHERE u.asset = no) $$;

-- Is this application approved, of this type, and in force?  What the rules ask of every permit.
-- Completed, it is where completion means that it was carried out: the table of its kind says so.
CREATE OR REPLACE FUNCTION permit_ok(no text, VARIADIC types text[]) RETURNS boolean
	LANGUAGE plpgsql STABLE AS $$
BEGIN
	RETURN EXISTS (SELECT FROM request r WHERE r.request_no = no
		AND r.request_type = ANY (types)
		AND (r.state = 'approved' OR r.state = 'completed' AND NOT (SELECT k.completion_ends
			FROM workflow_kind k WHERE k.code = r.request_type))
		AND (r.valid_from IS NULL OR r.valid_from <= act_today())
		AND (r.valid_to IS NULL OR r.valid_to >= act_today()));
END $$;
-- The same of any application about this asset.
CREATE OR REPLACE FUNCTION asset_permitted(no text, type text) RETURNS boolean
	LANGUAGE plpgsql STABLE AS $$
BEGIN
	RETURN EXISTS (SELECT FROM request r WHERE r.asset = no AND permit_ok(r.request_no, type));
END $$;
-- Which restrictions of 機密性3・4 has the 機関CISO lifted for this asset (2.2(2)②表)?  Each permit lifts
-- the one that it names.
CREATE OR REPLACE FUNCTION restrictions_lifted(no text) RETURNS text[] LANGUAGE plpgsql STABLE AS $$
BEGIN
	RETURN ARRAY(SELECT r.payload->>'restriction' FROM request r WHERE r.asset = no
		AND r.payload ? 'restriction' AND permit_ok(r.request_no, 'c4_handling'));
END $$;
CREATE OR REPLACE FUNCTION restriction_lifted(no text, restriction text) RETURNS boolean
	LANGUAGE sql STABLE AS $$ SELECT restriction = ANY (restrictions_lifted(no)) $$;
-- What protects a built-in medium; A18.
CREATE OR REPLACE FUNCTION storage_encrypted(encryption text) RETURNS boolean
	LANGUAGE sql IMMUTABLE AS $$
	SELECT coalesce(encryption IN ('full', 'file', 'provider'), false) $$;

-- The 対外接続部 of 7.1.4(2)②(a): said of a network device, or the function of anything.
CREATE OR REPLACE FUNCTION asset_is_gateway(functions text[], netdev_is_gateway boolean)
	RETURNS boolean LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
	SELECT coalesce(netdev_is_gateway, false) OR coalesce('gateway' = ANY (functions), false) $$;

-- May this asset be on this network (6.8(2)①(a))?  Where the network says nothing, it may.
CREATE OR REPLACE FUNCTION network_carries(no text, at_network text) RETURNS boolean
	LANGUAGE sql STABLE AS $$
	SELECT NOT EXISTS (SELECT FROM asset x, asset n WHERE x.asset_no = no
		AND n.asset_no = at_network AND x.confidentiality > n.network_max_confidentiality) $$;

-- Has a change of the rating been approved since this day (3.1(2)①(c))?
CREATE OR REPLACE FUNCTION rating_reviewed(no text, since date) RETURNS boolean
	LANGUAGE sql STABLE AS $$
	SELECT EXISTS (SELECT FROM request r WHERE r.asset = no AND r.request_type = 'rating_review'
		AND r.state IN ('approved', 'completed') AND r.decided_at::date >= since) $$;
