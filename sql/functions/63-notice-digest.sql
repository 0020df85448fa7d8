-- The daily digest: what ends soon or is overdue, and what has waited for long.  Each line is told
-- once for its stage and day (notice_told).

-- Terms of permits: who applied, and whom the thing names.
CREATE OR REPLACE FUNCTION digest_terms() RETURNS TABLE (person text, object text, label text,
	stage text, day date) LANGUAGE sql STABLE AS $$
	SELECT y.who, x.request_no, x.ja, x.stage, x.valid_to FROM (
		SELECT r.*, k.ja, CASE WHEN r.state = 'expired' OR r.valid_to < act_today() THEN 'over'
				WHEN r.valid_to <= act_today() + 7 THEN '7' ELSE '30' END AS stage
		FROM request r JOIN workflow_kind k ON k.code = r.request_type
		WHERE r.state IN ('approved', 'expired')
			AND r.valid_to BETWEEN act_today() - 30 AND act_today() + 30) x
		LEFT JOIN asset a ON a.asset_no = x.asset
		LEFT JOIN external_media m ON m.media_no = x.medium
		CROSS JOIN LATERAL unnest(ARRAY[x.applicant, x.on_behalf_of, a.sysadmin, m.custodian])
			y (who) $$;

-- Applications that have waited for their confirmation for a week.
CREATE OR REPLACE FUNCTION digest_waiting() RETURNS TABLE (person text, object text, label text,
	stage text, day date) LANGUAGE sql STABLE AS $$
	SELECT w, r.request_no, k.ja, 'confirm', r.decided_at::date
	FROM request r JOIN workflow_kind k ON k.code = r.request_type, LATERAL notice_actors(r) w
	WHERE r.state = 'awaiting_confirmation' AND r.decided_at < act_now() - interval '7 days' $$;

-- Rows of a 棚卸し that nobody has answered for.
CREATE OR REPLACE FUNCTION digest_inventories() RETURNS TABLE (person text, object text, label text,
	stage text, day date) LANGUAGE plpgsql STABLE AS $$
BEGIN
	RETURN QUERY SELECT x.person, i.inventory_no, '棚卸し・未回答 ' || count(*) || ' 件',
		CASE WHEN i.closes_on < act_today() THEN 'inventory_over' ELSE 'inventory' END,
		i.closes_on
	FROM inventory i, LATERAL inventory_expected(i.inventory_no) x
	WHERE i.closed_on IS NULL AND i.opens_on <= act_today()
		AND i.closes_on BETWEEN act_today() - 30 AND act_today() + 7
		AND NOT x.answered
	GROUP BY x.person, i.inventory_no, i.closes_on;
END $$;

-- Catalogues of important servers that were revised without a permission (2.1(2)⑧(e), A5).
CREATE OR REPLACE FUNCTION digest_catalogues() RETURNS TABLE (person text, object text, label text,
	stage text, day date) LANGUAGE sql STABLE AS $$
	SELECT o.person, c.catalogue_no, 'システム構成カタログ', 'catalogue', c.submitted_at::date
	FROM system_catalogue c JOIN role_assignment o ON o.institution = c.institution
		AND o.office IN ('inst_ciso', 'csirt_leader') AND office_in_force(o, act_today())
	WHERE c.submitted_at > act_now() - interval '7 days'
		AND c.version_no > catalogue_permitted(c.asset)
		AND o.person IS DISTINCT FROM c.submitted_by $$;

-- All that a person is to be told of today.
DROP FUNCTION IF EXISTS digest_lines();
CREATE FUNCTION digest_lines() RETURNS TABLE (person text, object text, label text, stage text,
	day date) LANGUAGE sql STABLE AS $$
	SELECT DISTINCT x.* FROM (SELECT * FROM digest_terms()
		UNION ALL SELECT * FROM digest_waiting()
		UNION ALL SELECT * FROM digest_inventories()
		UNION ALL SELECT * FROM digest_catalogues()) x (person, object, label, stage, day)
	WHERE notice_reaches(x.person) $$;

-- Once a day, from this hour on; whoever is first makes it.
CREATE OR REPLACE FUNCTION digest_make(from_hour integer) RETURNS integer LANGUAGE plpgsql
	SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
	made integer;
BEGIN
	IF extract(hour FROM act_now() AT TIME ZONE 'Asia/Tokyo') < from_hour THEN
		RETURN 0;
	END IF;
	INSERT INTO notice_digest (day) VALUES (act_today()) ON CONFLICT DO NOTHING;
	IF NOT FOUND THEN
		RETURN 0;
	END IF;
	WITH today AS MATERIALIZED (SELECT * FROM digest_lines()
	), fresh AS (
		INSERT INTO notice_told (object, person, stage, day)
		SELECT l.object, l.person, l.stage, l.day FROM today l
		ON CONFLICT DO NOTHING RETURNING *
	), lines AS (
		SELECT f.person, jsonb_agg(jsonb_build_object('object', f.object, 'label', l.label,
			'stage', f.stage, 'day', f.day) ORDER BY f.day, f.object) AS list
		FROM fresh f JOIN today l USING (object, person, stage, day) GROUP BY f.person
	)
	INSERT INTO notice (institution, person, purpose, digest_day, lines, next_at)
	SELECT p.institution, l.person, 'digest', act_today(), l.list, act_now()
	FROM lines l JOIN person p ON p.login = l.person
	ON CONFLICT (digest_day, person) DO NOTHING;
	GET DIAGNOSTICS made = ROW_COUNT;
	RETURN made;
END $$;
REVOKE ALL ON FUNCTION digest_make(integer) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION digest_make(integer) TO daicho_app;
