-- 参加: a unit uses a cloud service by the approval of another one, as far as that reaches and as long
-- as it stands (4.1(2)②(g), 5.2(2)①).

-- One join of a unit and a service at a time, and none of whose service it is.
CREATE OR REPLACE FUNCTION guard_join(r request, given jsonb) RETURNS jsonb
	LANGUAGE sql STABLE AS $$
	SELECT CASE WHEN a.asset_no IS NULL THEN fault('not_approved', '#/payload/service',
			'4.1(2)②(g), 5.2(2)①',
			'承認済みクラウドサービス一覧にないサービスには参加できません。cloud_use を申請してください。',
			'Not among the approved services: apply for cloud_use.')
		ELSE faults_joined(
		CASE WHEN (r.payload->>'confidentiality')::int > cloud_level(a.cloud_approval_request)
			THEN fault('above_limit', '#/payload/confidentiality', '4.1(2)②(g), 2.2(2)②',
			format('承認の上限は機密性%s です。上限を上げるには、改めて cloud_use を申請してください。',
				cloud_level(a.cloud_approval_request)),
			format('It is approved up to level %s; a higher one takes another cloud_use.',
				cloud_level(a.cloud_approval_request))) END,
		CASE WHEN (r.payload->>'confidentiality')::int = 4
			THEN cloud_four_faults(a.asset_no, '#/payload/confidentiality') END,
		CASE WHEN a.unit = r.payload->>'unit' THEN fault('own_service', '#/payload/unit',
			'4.1(2)②(g)', 'この部署のサービスとして承認済みです。',
			'It is approved as this unit''s own.') END) END
	FROM (SELECT 1) one LEFT JOIN asset a ON a.asset_no = r.payload->>'service'
		AND a.institution = r.institution AND service_open(a) $$;
CREATE OR REPLACE FUNCTION effect_join(r request, given jsonb) RETURNS void LANGUAGE sql AS $$
	SELECT request_by_system(q.request_no, 'replaced', r.request_no) FROM request q
	WHERE q.request_type = r.request_type AND q.payload->>'service' = r.payload->>'service'
		AND q.payload->>'unit' = r.payload->>'unit' AND q.institution = r.institution
		AND q.state = 'approved' AND q.request_no <> r.request_no $$;

-- Joins of these services that reach further than the approval does now: those that stand end, and
-- those that are being decided go back.
CREATE OR REPLACE FUNCTION joins_end(services text[], why text) RETURNS void
	LANGUAGE plpgsql AS $$
DECLARE
	x record;
BEGIN
	FOR x IN SELECT r.request_no AS no, r.state, coalesce(why, r.payload->>'service') AS said
		FROM request r WHERE r.request_type = 'cloud_join'
			AND r.payload->>'service' = ANY (services)
			AND r.state IN ('submitted', 'reviewing', 'blocked', 'awaiting_confirmation',
				'approved') AND NOT join_stands(r) ORDER BY 1 LOOP
		PERFORM request_ends(x.no, CASE x.state WHEN 'approved' THEN 'parted' ELSE 'changed' END,
			x.said);
	END LOOP;
END $$;

-- The approval ends, whichever way; where a newer one has taken its place, the joins are of that.
CREATE OR REPLACE FUNCTION joins_end_approval() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
	SET search_path = public, pg_temp AS $$
BEGIN
	PERFORM joins_end(ARRAY[NEW.asset], NEW.request_no || ': ' || NEW.state);
	RETURN NULL;
END $$;
CREATE OR REPLACE TRIGGER joins_end AFTER UPDATE OF state ON request FOR EACH ROW
	WHEN (NEW.request_type = 'cloud_use' AND OLD.state = 'approved' AND NEW.state <> 'approved')
	EXECUTE FUNCTION joins_end_approval();
-- The service ends, or is listed no more (5.2(1)).
CREATE OR REPLACE FUNCTION joins_end_service() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
	SET search_path = public, pg_temp AS $$
DECLARE
	services text[] := ARRAY(SELECT n.asset_no FROM new_rows n
		WHERE n.asset_type = 'cloud_service');
BEGIN
	IF cardinality(services) > 0 THEN
		PERFORM joins_end(services, NULL);
	END IF;
	RETURN NULL;
END $$;
CREATE OR REPLACE TRIGGER joins_end AFTER UPDATE ON asset REFERENCING NEW TABLE AS new_rows
	FOR EACH STATEMENT EXECUTE FUNCTION joins_end_service();
