-- Notices by e-mail: who must act, what became of an application, and once a day what ends soon.
-- They are made behind the feed, never in the transaction of a decision.

CREATE OR REPLACE FUNCTION notice_reaches(who text) RETURNS boolean LANGUAGE sql STABLE AS $$
	SELECT EXISTS (SELECT FROM person p WHERE p.login = who AND p.email IS NOT NULL)
		AND person_present(who, act_today()) $$;

CREATE OR REPLACE FUNCTION notice_put(r request, whom text, why text, of_event bigint) RETURNS void
	LANGUAGE sql AS $$
	INSERT INTO notice (institution, person, purpose, request, request_type, request_state,
		event_id, next_at)
	SELECT r.institution, whom, why, r.request_no, r.request_type, r.state, of_event, act_now()
	WHERE notice_reaches(whom)
	ON CONFLICT (event_id, person, purpose) DO NOTHING $$;

-- Offices that could have a say in the next step, so that not every holder need be asked.
CREATE OR REPLACE FUNCTION notice_offices(r request) RETURNS text[] LANGUAGE sql STABLE AS $$
	SELECT ARRAY[r.approver_office, office_above(r.approver_office), 'deputy_iso', 'iso',
		'inst_ciso', 'ciso'] || coalesce((SELECT array_agg(f) FROM workflow_step s,
			unnest(s.offices) f WHERE s.kind = r.request_type AND s.from_state = r.state), '{}') $$;

-- Who could take the next step, beyond those who could already before this one.
CREATE OR REPLACE FUNCTION notice_actors(r request) RETURNS SETOF text LANGUAGE sql STABLE AS $$
	SELECT x.who FROM (
		SELECT o.person FROM role_assignment o WHERE o.office = ANY (notice_offices(r))
			AND (o.institution IS NULL OR o.institution = request_place(r))
			AND office_in_force(o, act_today())
		UNION SELECT r.assigned_to) x (who)
	WHERE x.who IS NOT NULL AND request_awaits(r, x.who) $$;

-- One step of an application: told while it is the newest; the rest has been overtaken.
CREATE OR REPLACE FUNCTION notice_step(of_event bigint) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
	s request_step;
	r request;
	p text;
BEGIN
	SELECT t.* INTO s FROM request_step t JOIN audit_event e ON t.step_no = e.object
	WHERE e.id = of_event AND e.object_type = 'request_step' AND e.action = 'insert'
		AND e.at > now() - interval '2 days';
	SELECT q.* INTO r FROM request q WHERE q.request_no = s.request;
	IF r.request_no IS NULL THEN
		RETURN;
	END IF;
	IF s.to_state IN ('approved', 'rejected', 'completed', 'revoked', 'expired') THEN
		FOR p IN SELECT DISTINCT x FROM unnest(ARRAY[r.applicant, r.on_behalf_of,
			r.subject_person]) x WHERE x IS NOT NULL AND x IS DISTINCT FROM s.acted_by LOOP
			PERFORM notice_put(r, p, 'decided', of_event);
		END LOOP;
	ELSIF s.to_state = 'returned' AND s.acted_by IS DISTINCT FROM r.applicant THEN
		PERFORM notice_put(r, r.applicant, 'returned', of_event);
	ELSIF s.action IN ('submit', 'resubmit') AND r.subject_person IS DISTINCT FROM s.acted_by THEN
		PERFORM notice_put(r, r.subject_person, 'subject', of_event);
	END IF;
	IF r.state IN ('submitted', 'reviewing', 'blocked', 'awaiting_confirmation') AND NOT EXISTS (
		SELECT FROM request_step t WHERE t.request = s.request AND t.position > s.position) THEN
		FOR p IN SELECT a FROM notice_actors(r) a WHERE a IS DISTINCT FROM s.acted_by
			AND NOT (s.from_state = s.to_state AND EXISTS (SELECT FROM notice n
				WHERE n.request = r.request_no AND n.person = a AND n.purpose = 'act'
				AND n.request_state = r.state)) LOOP
			PERFORM notice_put(r, p, 'act', of_event);
		END LOOP;
	END IF;
END $$;

-- The next rows of the log; true: there may be more.  Locked: by one daemon at a time.
CREATE OR REPLACE FUNCTION notices_spread(most integer) RETURNS boolean LANGUAGE plpgsql
	SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
	here record := event_seat();
	place notice_place;
	x record;
	n integer := 0;
BEGIN
	INSERT INTO notice_place (seat, xid, id) VALUES (here.seat, here.head_xid::xid8, here.head_id)
	ON CONFLICT DO NOTHING;
	SELECT * INTO place FROM notice_place FOR UPDATE SKIP LOCKED;
	IF NOT FOUND THEN
		RETURN false;
	END IF;
	IF place.seat <> here.seat THEN
		place.xid := here.head_xid::xid8;
		place.id := here.head_id;
	END IF;
	FOR x IN SELECT e.* FROM events_next(place.xid, place.id, most) e ORDER BY e.n LOOP
		n := n + 1;
		place.xid := x.xid;
		place.id := x.id;
		IF x.feeds THEN
			PERFORM notice_step(x.id);
		END IF;
	END LOOP;
	UPDATE notice_place SET seat = here.seat, xid = place.xid, id = place.id;
	RETURN n = most;
END $$;

-- What a person is to be told of today: terms that end in 30 and in 7 days, permits that have
-- ended, confirmations that have waited for a week, rows of a 棚卸し that nobody has answered for,
-- catalogues of important servers that were revised without a permission (2.1(2)⑧(e), A5).
DROP FUNCTION IF EXISTS digest_lines();
CREATE FUNCTION digest_lines() RETURNS TABLE (person text, object text, label text, stage text,
	day date) LANGUAGE plpgsql STABLE AS $$
BEGIN
	RETURN QUERY SELECT DISTINCT y.who, x.request_no, x.ja, x.stage, x.valid_to FROM (
		SELECT r.*, k.ja, CASE WHEN r.state = 'expired' OR r.valid_to < act_today() THEN 'over'
				WHEN r.valid_to <= act_today() + 7 THEN '7' ELSE '30' END AS stage
		FROM request r JOIN workflow_kind k ON k.code = r.request_type
		WHERE r.state IN ('approved', 'expired')
			AND r.valid_to BETWEEN act_today() - 30 AND act_today() + 30) x
		LEFT JOIN asset a ON a.asset_no = x.asset
		LEFT JOIN external_media m ON m.media_no = x.medium
		CROSS JOIN LATERAL unnest(ARRAY[x.applicant, x.on_behalf_of, a.sysadmin, m.custodian])
			y (who)
	WHERE notice_reaches(y.who);
	RETURN QUERY SELECT w, r.request_no, k.ja, 'confirm', r.decided_at::date
	FROM request r JOIN workflow_kind k ON k.code = r.request_type, LATERAL notice_actors(r) w
	WHERE r.state = 'awaiting_confirmation' AND r.decided_at < act_now() - interval '7 days'
		AND notice_reaches(w);
	RETURN QUERY SELECT x.person, i.inventory_no, '棚卸し・未回答 ' || count(*) || ' 件',
		CASE WHEN i.closes_on < act_today() THEN 'inventory_over' ELSE 'inventory' END,
		i.closes_on
	FROM inventory i, LATERAL inventory_expected(i.inventory_no) x
	WHERE i.closed_on IS NULL AND i.opens_on <= act_today()
		AND i.closes_on BETWEEN act_today() - 30 AND act_today() + 7
		AND NOT x.answered AND notice_reaches(x.person)
	GROUP BY x.person, i.inventory_no, i.closes_on;
	RETURN QUERY SELECT DISTINCT o.person, c.catalogue_no, 'システム構成カタログ', 'catalogue',
		c.submitted_at::date
	FROM system_catalogue c JOIN role_assignment o ON o.institution = c.institution
		AND o.office IN ('inst_ciso', 'csirt_leader') AND office_in_force(o, act_today())
	WHERE c.submitted_at > act_now() - interval '7 days'
		AND c.version_no > catalogue_permitted(c.asset)
		AND o.person IS DISTINCT FROM c.submitted_by AND notice_reaches(o.person);
END $$;

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

-- As webhook_claim().  Who has left, or has no address any more, gets nothing.
CREATE OR REPLACE FUNCTION notice_claim(most integer) RETURNS TABLE (notice_no bigint,
	attempts integer, email text, purpose text, request text, kind text, state text, lines text,
	digest_day date) LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp AS $$
	UPDATE notice n SET state = 'cancelled', ended_at = act_now()
	WHERE n.state = 'waiting' AND n.next_at <= act_now() AND NOT notice_reaches(n.person);
	WITH mine AS (
		SELECT n.notice_no FROM notice n WHERE n.state = 'waiting' AND n.next_at <= act_now()
			AND (n.claimed_until IS NULL OR n.claimed_until <= clock_timestamp())
		ORDER BY n.next_at, n.notice_no LIMIT most FOR UPDATE SKIP LOCKED
	), taken AS (
		UPDATE notice n SET claimed_until = clock_timestamp() + interval '120 seconds',
			attempts = n.attempts + 1
		FROM mine m WHERE m.notice_no = n.notice_no RETURNING n.*
	)
	SELECT t.notice_no, t.attempts, p.email, t.purpose, t.request, k.ja, t.request_state,
		t.lines::text, t.digest_day
	FROM taken t JOIN person p ON p.login = t.person
		LEFT JOIN workflow_kind k ON k.code = t.request_type $$;
CREATE OR REPLACE FUNCTION notice_settle(no bigint, of_attempt integer, done boolean, error text,
	again_in bigint) RETURNS void LANGUAGE sql AS $$
	UPDATE notice n SET claimed_until = NULL,
		last_error = CASE WHEN NOT done THEN left(error, 500) END,
		state = CASE WHEN done THEN 'sent' WHEN again_in IS NULL THEN 'dead' ELSE 'waiting' END,
		ended_at = CASE WHEN done OR again_in IS NULL THEN act_now() END,
		next_at = coalesce(act_now() + make_interval(secs => again_in), n.next_at)
	WHERE n.notice_no = no AND n.state = 'waiting' AND n.attempts = of_attempt $$;
REVOKE ALL ON FUNCTION notices_spread(integer), digest_make(integer), notice_claim(integer)
	FROM PUBLIC;
GRANT EXECUTE ON FUNCTION notices_spread(integer), digest_make(integer), notice_claim(integer)
	TO daicho_app;
