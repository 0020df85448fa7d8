-- Notices by e-mail: who must act, and who is told of what, as the tables of the kinds and of the life
-- of a row say.  They are made behind the feed, never in the transaction of a decision.

CREATE OR REPLACE FUNCTION notice_reaches(who text) RETURNS boolean LANGUAGE sql STABLE AS $$
	SELECT EXISTS (SELECT FROM person p WHERE p.login = who AND p.email IS NOT NULL)
		AND person_present(who, act_today()) $$;

-- One of an event and a person; whose purpose goes first is told.
CREATE OR REPLACE FUNCTION notice_put(r request, whom text, why text, of_event bigint) RETURNS void
	LANGUAGE sql AS $$
	INSERT INTO notice (institution, person, purpose, request, request_type, request_state,
		event_id, next_at)
	SELECT r.institution, whom, why, r.request_no, r.request_type, r.state, of_event, act_now()
	WHERE notice_reaches(whom)
	ON CONFLICT DO NOTHING $$;
CREATE OR REPLACE FUNCTION notice_put_row(of_ledger text, no text, at_institution text, at_state text,
	whom text, of_event bigint) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
	INSERT INTO notice (institution, person, purpose, ledger, object, object_state, event_id, next_at)
	SELECT at_institution, whom, 'told', of_ledger, no, at_state, of_event, act_now()
	WHERE notice_reaches(whom) AND row_shown(of_ledger, no, whom)
	ON CONFLICT DO NOTHING;
END $$;

-- Offices that could have a say in the next step, so that not every holder need be asked.
CREATE OR REPLACE FUNCTION notice_offices(r request) RETURNS text[] LANGUAGE sql STABLE AS $$
	SELECT ARRAY[r.approver_office, office_above(r.approver_office), 'deputy_iso', 'iso',
		'inst_ciso', 'ciso'] || coalesce((SELECT array_agg(f) FROM workflow_step s,
			unnest(s.offices) f WHERE s.kind = r.request_type AND s.from_state = r.state), '{}') $$;

-- Who could take the next step now, or owes one.
CREATE OR REPLACE FUNCTION notice_actors(r request) RETURNS SETOF text LANGUAGE sql STABLE AS $$
	SELECT x.who FROM (
		SELECT o.person FROM role_assignment o WHERE o.office = ANY (notice_offices(r))
			AND (o.institution IS NULL OR o.institution = request_place(r))
			AND office_in_force(o, act_today())
		UNION SELECT unnest(ARRAY[r.assigned_to, r.applicant])) x (who)
	WHERE x.who IS NOT NULL AND (request_owes(r, x.who) OR r.state IN ('submitted', 'reviewing',
		'blocked', 'awaiting_confirmation') AND request_awaits(r, x.who)) $$;

-- 4.3: 機関CISO; where that one is a party, the CISO.
CREATE OR REPLACE FUNCTION notice_overseers(r request) RETURNS SETOF text LANGUAGE sql STABLE AS $$
	WITH other AS (
		SELECT o.person, o.office FROM role_assignment o WHERE o.office IN ('inst_ciso', 'ciso')
			AND (o.institution IS NULL OR o.institution = r.institution)
			AND office_in_force(o, act_today()) AND NOT request_party(r, o.person)
			AND o.person IS DISTINCT FROM r.decided_by
	)
	SELECT x.person FROM other x WHERE x.office = 'inst_ciso'
		OR NOT EXISTS (SELECT FROM other y WHERE y.office = 'inst_ciso') $$;

-- Whom the words of workflow_step.tells mean.
CREATE OR REPLACE FUNCTION notice_audience(r request, words text[]) RETURNS SETOF text
	LANGUAGE sql STABLE AS $$
	SELECT DISTINCT w.who FROM unnest(words) t (word) CROSS JOIN LATERAL (
		SELECT unnest(CASE t.word WHEN 'applicant' THEN ARRAY[r.applicant, r.on_behalf_of]
			WHEN 'subject' THEN ARRAY[r.subject_person]
			WHEN 'assigned' THEN ARRAY[r.assigned_to] END)
		UNION ALL SELECT unnest(ARRAY[a.sysadmin, a.important_admin]) FROM asset a
			WHERE t.word = 'administrator' AND a.asset_no = r.asset
		UNION ALL SELECT unnest(ARRAY[m.custodian, m.sysadmin]) FROM external_media m
			WHERE t.word = 'administrator' AND m.media_no = r.medium
		UNION ALL SELECT a.sysadmin FROM asset a WHERE t.word = 'network'
			AND a.institution = r.institution AND a.asset_no = r.payload->>'network'
		UNION ALL SELECT o FROM notice_overseers(r) o WHERE t.word = 'overseer'
		UNION ALL SELECT n.person FROM nearest_office(request_of_unit(r), 'ism', act_today()) n
			WHERE t.word = 'ism'
		UNION ALL SELECT o.person FROM role_assignment o WHERE o.office = t.word
			AND t.word <> 'ism' AND (o.institution IS NULL OR o.institution = r.institution)
			AND office_in_force(o, act_today())) w (who)
	WHERE w.who IS NOT NULL $$;

-- Those of the step; of a confirmation those of the decision that it confirms, too.
CREATE OR REPLACE FUNCTION notice_words(r request, s request_step) RETURNS text[]
	LANGUAGE sql STABLE AS $$
	SELECT coalesce(array_agg(DISTINCT t), '{}') FROM workflow_step w, unnest(w.tells) t
	WHERE w.kind = r.request_type AND (w.from_state = s.from_state AND w.action = s.action
		OR s.action = 'confirm' AND w.from_state = r.blocked_from
			AND w.action = r.pending_action) $$;

-- Who sees nothing of the application, but may know the appointment that came of it, is told of that.
CREATE OR REPLACE FUNCTION notice_tell(r request, whom text, why text, of_event bigint) RETURNS void
	LANGUAGE plpgsql AS $$
BEGIN
	IF request_shown(r, whom) THEN
		PERFORM notice_put(r, whom, why, of_event);
	ELSE
		PERFORM notice_put_row('role_assignment', o.office_no, o.institution,
			CASE WHEN o.revoked_on IS NULL THEN 'appointed' ELSE 'revoked' END, whom, of_event)
		FROM role_assignment o WHERE o.appointment_request = r.request_no
			AND r.state IN ('approved', 'revoked');
	END IF;
END $$;

-- Told already that it waits in this state, and has not acted since?
CREATE OR REPLACE FUNCTION notice_stands(r request, whom text) RETURNS boolean LANGUAGE sql STABLE AS $$
	SELECT EXISTS (SELECT FROM notice n JOIN audit_event e ON e.id = n.event_id
		JOIN request_step t ON t.step_no = e.object
		WHERE n.request = r.request_no AND n.person = whom AND n.purpose = 'act'
		AND n.request_state = r.state AND NOT EXISTS (SELECT FROM request_step u
			WHERE u.request = t.request AND u.acted_by = whom AND u.position > t.position)) $$;

DROP FUNCTION IF EXISTS notice_step(bigint);
-- One step of an application: that it waits is told while it is the newest; else it is overtaken.
CREATE OR REPLACE FUNCTION notice_step(s request_step, of_event bigint) RETURNS void
	LANGUAGE plpgsql AS $$
DECLARE
	r request;
BEGIN
	SELECT q.* INTO r FROM request q WHERE q.request_no = s.request;
	IF NOT EXISTS (SELECT FROM request_step t WHERE t.request = s.request
		AND t.position > s.position) THEN
		PERFORM notice_tell(r, a, 'act', of_event) FROM notice_actors(r) a
		WHERE a IS DISTINCT FROM s.acted_by
			AND NOT (s.from_state = s.to_state AND notice_stands(r, a));
	END IF;
	PERFORM notice_tell(r, a, CASE WHEN s.to_state = 'returned' THEN 'returned'
		WHEN s.to_state = 'submitted' AND a = r.subject_person THEN 'subject'
		WHEN s.to_state <> s.from_state AND s.to_state IN ('approved', 'rejected', 'completed',
			'revoked', 'expired') THEN 'decided' ELSE 'told' END, of_event)
	FROM notice_audience(r, notice_words(r, s)) a WHERE a IS DISTINCT FROM s.acted_by;
END $$;

-- A draft that the register made, or handed to who has the server now: told whoever brought it about,
-- for it is due; of many that one act makes (an import), of the first.
CREATE OR REPLACE FUNCTION notice_drafted(e audit_event) RETURNS void LANGUAGE sql AS $$
	SELECT notice_put(r, r.applicant, 'drafted', e.id) FROM request r
	WHERE r.request_no = e.object AND r.automatic AND r.state = 'draft'
		AND r.applicant = e.after->>'applicant' AND (e.action = 'insert' OR r.applicant <> (SELECT
			p.after->>'applicant' FROM audit_event p WHERE p.object_type = 'request'
			AND p.object = e.object AND p.id < e.id ORDER BY p.id DESC LIMIT 1))
		AND NOT EXISTS (SELECT FROM notice n JOIN audit_event x ON x.id = n.event_id
			WHERE n.person = r.applicant AND n.purpose = 'drafted' AND x.xid = e.xid) $$;

-- Was a rating confirmed as another than was proposed (2.2(2)②)?
CREATE OR REPLACE FUNCTION rating_corrected(was jsonb, now_is jsonb) RETURNS boolean
	LANGUAGE sql IMMUTABLE AS $$
	SELECT was->>'rating_status' = 'provisional' AND now_is->>'rating_status' = 'confirmed'
		AND EXISTS (SELECT FROM unnest('{confidentiality,confidentiality_basis,integrity,'
			'availability,handling_restrictions}'::text[]) c
			WHERE was->c IS DISTINCT FROM now_is->c) $$;

-- A row of a ledger: what its life tells (an emergency stop, 2.1(2)⑥(c)), and, to who proposed it, a
-- rating that was corrected.  What an application brought about is told of that.
CREATE OR REPLACE FUNCTION notice_row(e audit_event) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
	was jsonb;
	names text[];
	corrected boolean;
BEGIN
	-- the one before is looked up only where this one may tell something
	IF e.after->>'rating_by' IS DISTINCT FROM e.person AND NOT EXISTS (SELECT FROM life l
			WHERE l.ledger = e.object_type AND l.to_state = e.after->>'state' AND l.tells <> '{}') THEN
		RETURN;
	END IF;
	SELECT p.after INTO was FROM audit_event p WHERE p.object_type = e.object_type
		AND p.object = e.object AND p.id < e.id AND p.action IN ('insert', 'update')
	ORDER BY p.id DESC LIMIT 1;
	names := ARRAY(SELECT DISTINCT c FROM life l, unnest(l.tells) c WHERE l.ledger = e.object_type
		AND l.from_state = was->>'state' AND l.to_state = e.after->>'state');
	corrected := coalesce(rating_corrected(was, e.after), false);
	IF names = '{}' AND NOT corrected OR EXISTS (SELECT FROM audit_event x
			JOIN request_step t ON t.step_no = x.object JOIN request q ON q.request_no = t.request
			WHERE x.xid = e.xid AND x.object_type = 'request_step'
			AND e.object IN (q.asset, q.medium)) THEN
		RETURN;
	END IF;
	PERFORM notice_put_row(e.object_type, e.object, e.institution, e.after->>'state', e.after->>c,
		e.id) FROM unnest(names) c WHERE e.after->>c <> e.person;
	IF corrected AND e.after->>'rating_proposed_by' <> e.person THEN
		PERFORM notice_put_row(e.object_type, e.object, e.institution, 'confirmed',
			e.after->>'rating_proposed_by', e.id);
	END IF;
END $$;

CREATE OR REPLACE FUNCTION notice_event(of_event bigint) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
	e audit_event;
BEGIN
	SELECT * INTO e FROM audit_event x WHERE x.id = of_event AND x.at > now() - interval '2 days';
	IF e.object_type = 'request_step' AND e.action = 'insert' THEN
		PERFORM notice_step(s, e.id) FROM request_step s WHERE s.step_no = e.object;
	ELSIF e.object_type = 'request' THEN
		PERFORM notice_drafted(e);
	ELSIF e.object_type IN ('asset', 'external_media') AND e.action = 'update' THEN
		PERFORM notice_row(e);
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
			PERFORM notice_event(x.id);
		END IF;
	END LOOP;
	UPDATE notice_place SET seat = here.seat, xid = place.xid, id = place.id;
	RETURN n = most;
END $$;

-- As webhook_claim().  Who has left, or has no address any more, gets nothing.
DROP FUNCTION IF EXISTS notice_claim(integer);
CREATE FUNCTION notice_claim(most integer) RETURNS TABLE (notice_no bigint, attempts integer,
	email text, purpose text, request text, kind text, state text, lines text, digest_day date,
	ledger text) LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp AS $$
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
	SELECT t.notice_no, t.attempts, p.email, t.purpose, coalesce(t.request, t.object), k.ja,
		coalesce(t.request_state, t.object_state), t.lines::text, t.digest_day, t.ledger
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
REVOKE ALL ON FUNCTION notices_spread(integer), notice_claim(integer) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION notices_spread(integer), notice_claim(integer) TO daicho_app;
