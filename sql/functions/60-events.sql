-- The feed of events: the log below the xid horizon, in the order of (xid, id).  A transaction
-- gets its number with its first change, and everything below the oldest that is still open is
-- decided: so no row can come in behind a reader, and none is read that is rolled back.

-- The seat of this cluster, taken when there is none yet.  head: the newest row that is decided.
CREATE OR REPLACE FUNCTION event_seat(OUT seat integer, OUT sysid text, OUT first_id bigint,
	OUT head_xid text, OUT head_id bigint) LANGUAGE plpgsql SECURITY DEFINER
	SET search_path = public, pg_temp AS $$
DECLARE
	now_here text := (SELECT c.system_identifier::text FROM pg_control_system() c);
BEGIN
	SELECT s.seat, s.sysid, s.first_id INTO seat, sysid, first_id FROM event_seat s
	ORDER BY s.seat DESC LIMIT 1;
	IF sysid IS DISTINCT FROM now_here THEN
		PERFORM pg_advisory_xact_lock(hashtext('daicho.event_seat'));
		LOCK TABLE audit_event IN SHARE MODE; -- nobody writes behind its back
		INSERT INTO event_seat (sysid, first_id)
		SELECT now_here, CASE WHEN sysid IS NULL AND NOT EXISTS (SELECT FROM audit_event e
				WHERE e.xid >= pg_snapshot_xmax(pg_current_snapshot())) THEN 0
			ELSE coalesce((SELECT max(e.id) FROM audit_event e), 0) END
		WHERE NOT EXISTS (SELECT FROM event_seat s WHERE s.sysid = now_here
			AND s.seat = (SELECT max(t.seat) FROM event_seat t));
		SELECT s.seat, s.sysid, s.first_id INTO seat, sysid, first_id FROM event_seat s
		ORDER BY s.seat DESC LIMIT 1;
	END IF;
	SELECT e.xid::text, e.id INTO head_xid, head_id FROM audit_event e
	WHERE e.xid < pg_snapshot_xmin(pg_current_snapshot()) AND e.id > first_id
	ORDER BY e.xid DESC, e.id DESC LIMIT 1;
	head_xid := coalesce(head_xid, '0');
	head_id := coalesce(head_id, first_id);
END $$;

-- Does the log still hold the row at which somebody stopped?  Not after a recovery to an earlier
-- moment, which takes back what had been read.
CREATE OR REPLACE FUNCTION event_known(at_xid xid8, at_id bigint, at_seat integer) RETURNS boolean
	LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
	SELECT EXISTS (SELECT FROM event_seat s WHERE s.seat = at_seat AND s.seat = (SELECT max(t.seat)
			FROM event_seat t) AND (at_id = s.first_id AND at_xid = '0'
		OR EXISTS (SELECT FROM audit_event e WHERE e.id = at_id AND e.xid = at_xid))) $$;

-- Keys of the next rows of the log and whether they are events; of an application that moves on
-- the step is the event, not the row that it changes.  Keys only: what is seen of them is for the
-- row policies.
CREATE OR REPLACE FUNCTION events_next(after_xid xid8, after_id bigint, most integer)
	RETURNS TABLE (n bigint, xid xid8, id bigint, feeds boolean) LANGUAGE sql STABLE ROWS 100
	SECURITY DEFINER SET search_path = public, pg_temp AS $$
	SELECT row_number() OVER (ORDER BY e.xid, e.id), e.xid, e.id,
		e.action IN ('insert', 'update', 'delete')
		AND NOT (e.object_type = 'request' AND e.action = 'update' AND EXISTS (SELECT
			FROM audit_event s WHERE s.xid = e.xid AND s.object_type = 'request_step'
			AND s.after->>'request' = e.object))
	FROM (SELECT a.* FROM audit_event a WHERE (a.xid, a.id) > (after_xid, after_id)
			AND a.xid < pg_snapshot_xmin(pg_current_snapshot())
			AND a.id > (SELECT s.first_id FROM event_seat s ORDER BY s.seat DESC LIMIT 1)
		ORDER BY a.xid, a.id LIMIT most) e $$;

-- The newest decided row behind this place, and the newest that is an event.
CREATE OR REPLACE FUNCTION event_head(after_xid xid8, after_id bigint, OUT xid text, OUT id bigint,
	OUT event_xid text, OUT event_id bigint) LANGUAGE sql STABLE SECURITY DEFINER
	SET search_path = public, pg_temp AS $$
	SELECT x.xid::text, x.id, y.xid::text, y.id FROM (VALUES (1)) one LEFT JOIN LATERAL (
		SELECT e.xid, e.id FROM audit_event e WHERE (e.xid, e.id) > (after_xid, after_id)
		AND e.xid < pg_snapshot_xmin(pg_current_snapshot())
		ORDER BY e.xid DESC, e.id DESC LIMIT 1) x ON true LEFT JOIN LATERAL (
		SELECT e.xid, e.id FROM audit_event e WHERE (e.xid, e.id) > (after_xid, after_id)
		AND e.xid < pg_snapshot_xmin(pg_current_snapshot())
		AND e.action IN ('insert', 'update', 'delete')
		ORDER BY e.xid DESC, e.id DESC LIMIT 1) y ON true $$;

-- Columns that a change has changed; names only.
CREATE OR REPLACE FUNCTION event_changed(of_id bigint, of_type text, of_object text, after jsonb)
	RETURNS jsonb LANGUAGE sql STABLE AS $$
	SELECT coalesce((SELECT jsonb_agg(c->>'field') FROM jsonb_array_elements(audit_changes((
		SELECT p.after FROM audit_event p WHERE p.object_type = of_type AND p.object = of_object
			AND p.id < of_id AND p.action IN ('insert', 'update', 'delete')
		ORDER BY p.id DESC LIMIT 1), after)) c), '[]') $$;

-- The next rows of the log, each with what the act sees of it as an event: nothing where a policy
-- hides it.  words: [{"ledger": table, "word", "path"}].
DROP FUNCTION IF EXISTS events_page(xid8, bigint, integer, jsonb);
CREATE FUNCTION events_page(after_xid xid8, after_id bigint, most integer, words jsonb)
	RETURNS TABLE (xid text, id bigint, type text, at text, actor text, office text,
		institution text, path text, key text, version integer, changed jsonb, action text,
		state text, kind text) LANGUAGE sql STABLE AS $$
	SELECT n.xid::text, n.id, e.type, to_char(e.at AT TIME ZONE 'UTC',
			'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'),
		e.actor, e.office, e.institution, e.path, e.key, e.version, e.changed, e.action, e.state,
		e.kind
	FROM events_next(after_xid, after_id, most) n LEFT JOIN LATERAL (
		SELECT w.word || '.' || CASE WHEN a.object_type = 'request_step'
				THEN CASE WHEN a.after->>'to_state' = a.after->>'from_state' THEN 'step'
					ELSE a.after->>'to_state' END
				ELSE CASE a.action WHEN 'insert' THEN 'created' ELSE a.action || 'd' END END AS type,
			a.at, CASE WHEN a.person NOT LIKE 'role:%' THEN a.person END AS actor, a.office,
			a.institution, w.path, CASE a.object_type WHEN 'request_step' THEN a.after->>'request'
				ELSE a.object END AS key, a.version,
			CASE WHEN a.action = 'update' THEN
				event_changed(a.id, a.object_type, a.object, a.after) END AS changed,
			CASE a.object_type WHEN 'request_step' THEN a.after->>'action' END AS action,
			CASE a.object_type WHEN 'request_step' THEN a.after->>'to_state' END AS state,
			CASE WHEN a.object_type IN ('request', 'request_step') THEN (SELECT r.request_type
				FROM request r WHERE r.request_no = CASE a.object_type WHEN 'request' THEN
				a.object ELSE a.after->>'request' END) END AS kind
		FROM audit_event a JOIN jsonb_to_recordset(words) w (ledger text, word text, path text)
			ON w.ledger = a.object_type
		WHERE a.id = n.id AND n.feeds OFFSET 0) e ON true
	ORDER BY n.n $$;

-- Is the act that waited still allowed?  The token or session may have ended, the office, too.
CREATE OR REPLACE FUNCTION act_goes_on() RETURNS boolean LANGUAGE sql STABLE SECURITY DEFINER
	SET search_path = public, pg_temp AS $$
	SELECT person_present(acting_person(), act_today())
		AND (acting('office') IS NULL OR EXISTS (SELECT FROM acting_appointments()))
		AND NOT EXISTS (SELECT FROM token t WHERE t.id = acting('account')
			AND (t.revoked_at IS NOT NULL OR t.expires_at <= act_now()))
		AND NOT EXISTS (SELECT FROM session s WHERE s.id = acting('account')
			AND s.ended_at IS NOT NULL) $$;
REVOKE ALL ON FUNCTION event_seat(), event_known(xid8, bigint, integer),
	events_next(xid8, bigint, integer), event_head(xid8, bigint), act_goes_on() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION event_seat(), event_known(xid8, bigint, integer),
	events_next(xid8, bigint, integer), event_head(xid8, bigint), act_goes_on() TO daicho_app;
