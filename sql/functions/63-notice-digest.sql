-- The daily digest: what ends soon or is overdue, and what has waited for long.  Each line is told
-- once for its stage and day (notice_told).

-- Terms of permits: who applied, and whom the thing names.  That of an office is told with the office.
CREATE OR REPLACE FUNCTION digest_terms() RETURNS TABLE (person text, object text, label text,
	stage text, day date) LANGUAGE sql STABLE AS $$
	SELECT y.who, x.request_no, x.ja, x.stage, x.valid_to FROM (
		SELECT r.*, k.ja, CASE WHEN r.state = 'expired' OR r.valid_to < act_today() THEN 'over'
				WHEN r.valid_to <= act_today() + 7 THEN '7' ELSE '30' END AS stage
		FROM request r JOIN workflow_kind k ON k.code = r.request_type
		WHERE r.state IN ('approved', 'expired') AND k.term <> 'office'
			AND r.valid_to BETWEEN act_today() - 30 AND act_today() + 30) x
		LEFT JOIN asset a ON a.asset_no = x.asset
		LEFT JOIN external_media m ON m.media_no = x.medium
		CROSS JOIN LATERAL unnest(ARRAY[x.applicant, x.on_behalf_of, a.sysadmin, m.custodian])
			y (who) $$;

-- Applications that wait: by their day (a draft of the register, 2.1(2)⑧(f)), for their confirmation,
-- and what was demanded again of an administrator (WF-26: two weeks).
CREATE OR REPLACE FUNCTION digest_waiting() RETURNS TABLE (person text, object text, label text,
	stage text, day date) LANGUAGE sql STABLE AS $$
	SELECT w, x.request_no, k.ja, x.stage, x.day FROM (
		SELECT r AS whole, r.request_no, r.request_type, r.due_on AS day,
			CASE WHEN r.due_on < act_today() THEN 'due_over' WHEN r.due_on <= act_today() + 7
			THEN 'due7' ELSE 'due30' END AS stage
		FROM request r WHERE r.due_on <= act_today() + 30 AND r.state IN ('draft', 'returned',
			'submitted', 'reviewing', 'blocked', 'awaiting_confirmation')
		UNION ALL SELECT r, r.request_no, r.request_type, r.decided_at::date, 'confirm'
		FROM request r WHERE r.state = 'awaiting_confirmation'
			AND r.decided_at < act_now() - interval '7 days'
		UNION ALL SELECT r, r.request_no, r.request_type, coalesce(r.submitted_at,
			r.created_at)::date, 'recheck'
		FROM request r WHERE (r.request_type = 'recheck' OR r.request_type = 'qualification'
				AND r.payload ? 'recheck')
			AND coalesce(r.submitted_at, r.created_at) < act_now() - interval '14 days'
			AND (r.state IN ('submitted', 'reviewing', 'blocked', 'awaiting_confirmation')
				OR r.state = 'draft' AND r.automatic)) x
		JOIN workflow_kind k ON k.code = x.request_type
		CROSS JOIN LATERAL (SELECT notice_actors(x.whole) UNION
			-- of a check, who could name another checker
			SELECT (x.whole).applicant WHERE (x.whole).state IN ('draft', 'returned')
				OR x.request_type = 'qualification') y (w) $$;

-- Ends of offices: the person, and those who appoint to them.  One that goes on in another row of the
-- same office is no end.
CREATE OR REPLACE FUNCTION digest_offices() RETURNS TABLE (person text, object text, label text,
	stage text, day date) LANGUAGE sql STABLE AS $$
	SELECT w.who, o.office_no, i.ja, CASE WHEN o.term_to < act_today() THEN 'office_over'
		WHEN o.term_to <= act_today() + 7 THEN 'office7' ELSE 'office30' END, o.term_to
	FROM role_assignment o JOIN office_info i ON i.code = o.office
		CROSS JOIN LATERAL (SELECT o.person UNION SELECT b.person FROM role_assignment b
			WHERE b.office = ANY (appointing(o.office))
			AND (b.institution IS NULL OR b.institution = o.institution)
			AND office_in_force(b, act_today())) w (who)
	WHERE o.revoked_on IS NULL AND o.term_from <= act_today()
		AND o.term_to BETWEEN act_today() - 30 AND act_today() + 30
		AND person_present(o.person, act_today())
		AND NOT EXISTS (SELECT FROM role_assignment n WHERE n.person = o.person
			AND n.office = o.office AND n.institution IS NOT DISTINCT FROM o.institution
			AND n.unit IS NOT DISTINCT FROM o.unit AND n.revoked_on IS NULL
			AND coalesce(n.term_to, 'infinity') > o.term_to
			AND n.term_from <= o.term_to + 1) $$;

-- 4.1(2)②(f): what is out and was due back, every day: who carries it, who keeps it, and the
-- 情報セキュリティ管理者 of its unit.
CREATE OR REPLACE FUNCTION digest_movements() RETURNS TABLE (person text, object text, label text,
	stage text, day date) LANGUAGE sql STABLE AS $$
	SELECT w.who, coalesce(v.medium, v.asset), '持出し・返却予定 ' || v.due_at::date,
		CASE WHEN v.medium IS NULL THEN 'movement_asset' ELSE 'movement' END, act_today()
	FROM media_movement v LEFT JOIN external_media m ON m.media_no = v.medium
		LEFT JOIN asset a ON a.asset_no = v.asset
		CROSS JOIN LATERAL (SELECT unnest(ARRAY[v.person, m.custodian, a.sysadmin]) UNION
			SELECT n.person FROM nearest_office(coalesce(m.unit, a.unit), 'ism', act_today()) n)
			w (who)
	WHERE v.returned_at IS NULL AND v.due_at < act_now()
		AND coalesce(m.state, a.state) <> 'lost' $$;

-- 2.2(2)②: what waits for its rating to be confirmed, once a week.
CREATE OR REPLACE FUNCTION digest_ratings() RETURNS TABLE (person text, object text, label text,
	stage text, day date) LANGUAGE sql STABLE AS $$
	SELECT n.person, x.unit, '格付けの確定待ち ' || x.n || ' 件', 'rating',
		date_trunc('week', act_today())::date
	FROM (SELECT a.unit, count(*) AS n FROM asset a WHERE a.rating_status = 'provisional'
			AND asset_is_live(a.state) GROUP BY a.unit) x
		CROSS JOIN LATERAL nearest_office(x.unit, 'ism', act_today()) n $$;

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
		UNION ALL SELECT * FROM digest_waiting() UNION ALL SELECT * FROM digest_offices()
		UNION ALL SELECT * FROM digest_movements() UNION ALL SELECT * FROM digest_ratings()
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
