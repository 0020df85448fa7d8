-- What the register does to applications by itself: terms that end, things that change.

-- The system's own steps: nobody acts.
DROP FUNCTION IF EXISTS request_by_system(text, text, text);
CREATE OR REPLACE FUNCTION request_by_system(no text, act text, why text,
	more jsonb DEFAULT '{}') RETURNS void LANGUAGE plpgsql AS $$
DECLARE
	r request;
	s workflow_step;
BEGIN
	SELECT * INTO r FROM request q WHERE q.request_no = no FOR UPDATE;
	SELECT * INTO s FROM workflow_step x WHERE x.kind = r.request_type AND x.from_state = r.state
		AND x.action = act AND x.who = '{system}';
	IF NOT FOUND THEN
		RETURN;
	END IF;
	PERFORM step_note(r, act, s.to_state, NULL, NULL, jsonb_strip_nulls(
		coalesce(more, '{}') || jsonb_build_object('comment', why)));
	r := request_moved(r, s, '{}', NULL, NULL);
	r.state := s.to_state;
	r := request_put(r);
	IF s.effect IS NOT NULL THEN
		PERFORM effect_run(s.effect, s, r, '{}');
	END IF;
END $$;

-- The same of one that holds up nothing else when it cannot end as it should: it is left for
-- requests_expire(), and the log of the database says why.
CREATE OR REPLACE FUNCTION request_ends(no text, act text, why text) RETURNS boolean
	LANGUAGE plpgsql AS $$
BEGIN
	PERFORM request_by_system(no, act, why);
	RETURN true;
EXCEPTION WHEN SQLSTATE 'DR001' OR SQLSTATE 'DR002' OR SQLSTATE 'DR004' THEN
	RAISE WARNING '% cannot end (%): %', no, act, SQLERRM;
	RETURN false;
END $$;

-- Terms that have ended, permissions to connect of which nothing is connected any more, and joins of
-- what is approved no more; how many.
CREATE OR REPLACE FUNCTION requests_expire() RETURNS integer LANGUAGE plpgsql SECURITY DEFINER
	SET search_path = public, pg_temp AS $$
DECLARE
	x record;
	n integer := 0;
BEGIN
	FOR x IN SELECT r.request_no, 'expire' AS act FROM request r WHERE r.state = 'approved'
			AND r.valid_to < act_today()
		UNION ALL
		SELECT r.request_no, 'disconnected' FROM request r WHERE r.state = 'approved'
			AND r.request_type = 'network_connection' AND NOT permit_connects(r)
		UNION ALL
		SELECT r.request_no, 'parted' FROM request r WHERE r.state = 'approved'
			AND r.request_type = 'cloud_join' AND NOT join_stands(r)
		ORDER BY 1, 2 DESC LOOP
		n := n + request_ends(x.request_no, x.act, NULL)::integer;
	END LOOP;
	RETURN n;
END $$;

-- Bound to what was seen: a change of what an application is about sends it back, and says what
-- was changed.
CREATE OR REPLACE FUNCTION requests_changed() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
	SET search_path = public, pg_temp AS $$
DECLARE
	x record;
BEGIN
	-- argument 0: the key; 1: the column of request that names it.  OFFSET 0: a row is taken
	-- apart once, not for each of its columns.
	FOR x IN EXECUTE format($f$
		SELECT r.request_no, string_agg(c, ', ' ORDER BY c) AS what
		FROM new_rows n JOIN old_rows o USING (%1$I)
		JOIN request r ON r.%2$I = n.%1$I AND r.state IN ('submitted', 'reviewing', 'blocked',
			'awaiting_confirmation')
		CROSS JOIN LATERAL (SELECT to_jsonb(n) AS nj, to_jsonb(o) AS oj OFFSET 0) j
		CROSS JOIN LATERAL unnest(watched_columns(%3$L)) c
		WHERE j.nj->c IS DISTINCT FROM j.oj->c GROUP BY 1 ORDER BY 1 $f$,
		TG_ARGV[0], TG_ARGV[1], TG_TABLE_NAME) LOOP
		PERFORM request_by_system(x.request_no, 'changed', x.what);
	END LOOP;
	RETURN NULL;
END $$;
CREATE OR REPLACE TRIGGER requests_changed AFTER UPDATE ON asset REFERENCING OLD TABLE AS old_rows
	NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION requests_changed('asset_no', 'asset');
CREATE OR REPLACE TRIGGER requests_changed AFTER UPDATE ON external_media REFERENCING OLD TABLE AS
	old_rows NEW TABLE AS new_rows FOR EACH STATEMENT
	EXECUTE FUNCTION requests_changed('media_no', 'medium');
