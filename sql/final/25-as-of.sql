-- The ledgers as they were: <ledger>_as_of(day) has the rows that stood there when that day of the
-- register ended, out of the after-images of the log.  Queries are merged into it, so that a page
-- reads the events of its rows only.

-- Does the policy "seen" bind this role?  The owner and those who review are not bound by it.
CREATE OR REPLACE FUNCTION scope_unbound() RETURNS boolean LANGUAGE sql STABLE AS $$
	SELECT NOT (row_security_active('audit_event') AND pg_has_role('daicho_app', 'MEMBER')) $$;

-- A row of the past is seen by whoever sees the row of today (the policy of the log) and would
-- have seen it as it was: by the policy of its ledger over the image; what it follows is asked as
-- of the same day, too.
--
-- OFFSET 0: what was changed again that day is left out before its image is unpacked and compared.
--
-- What an image does not hold, because its column came later: a generated column is generated, one
-- that is never empty has its default.
CREATE OR REPLACE FUNCTION as_of_build(ledger regclass, key text) RETURNS void
	LANGUAGE plpgsql AS $$
DECLARE
	name text := ledger::text;
	seen text := (SELECT regexp_replace(pg_get_expr(polqual, polrelid),
		'\mFROM (asset|external_media) x\M', 'FROM \1_as_of($1) x', 'g')
		FROM pg_policy WHERE polrelid = ledger AND polname = 'seen');
	image text;
	whole text;
BEGIN
	SELECT string_agg(format(CASE WHEN attname = key AND atttypid = 'text'::regtype THEN 'e.object'
			WHEN attname = 'institution' THEN 'e.institution' ELSE 'r.%1$I' END || ' AS %1$I',
			attname), ', ' ORDER BY attnum),
		string_agg(format(CASE WHEN attname <> key AND (attgenerated <> ''
			OR (attnotnull AND d.value !~ '\(')) THEN 'coalesce(%1$I.%2$I, %3$s)'
			ELSE '%1$I.%2$I' END, name, attname, d.value), ', ' ORDER BY attnum)
	INTO image, whole
	FROM pg_attribute a LEFT JOIN pg_attrdef ON adrelid = attrelid AND adnum = attnum,
		LATERAL (SELECT pg_get_expr(adbin, adrelid) AS value) d
	WHERE attrelid = ledger AND attnum > 0 AND NOT attisdropped;
	EXECUTE format($f$
		CREATE OR REPLACE FUNCTION %1$I(day date) RETURNS SETOF %2$I LANGUAGE sql STABLE AS $b$
			SELECT %3$s FROM (SELECT %4$s
				FROM audit_event e, jsonb_populate_record(NULL::%2$I, e.after) r
				WHERE e.object_type = %2$L AND e.action IN ('insert', 'update')
				AND e.at < ($1 + 1)::timestamptz AND NOT EXISTS (SELECT FROM audit_event n
					WHERE n.object_type = %2$L AND n.object = e.object AND n.id > e.id
					AND n.action IN ('insert', 'update', 'delete') AND n.at < ($1 + 1)::timestamptz
					OFFSET 0)
			) AS %2$I WHERE (SELECT scope_unbound()) OR %5$s $b$ $f$,
		name || '_as_of', name, whole, image, seen);
END $$;

-- Every table that is on record and seen by row; first those that others follow.
SELECT as_of_build(tgrelid, split_part(encode(tgargs, 'escape'), '\000', 1))
	FROM pg_trigger JOIN pg_policy ON polrelid = tgrelid AND polname = 'seen'
	WHERE tgname = 'audit_insert'
	ORDER BY tgrelid::regclass::text NOT IN ('asset', 'external_media');

-- What the rules say of a row as it was: modes R and F, by the last second of that day, with the
-- rules and the other registers of today.  As the owner, like the triggers: what a rule looks up is
-- no question of who asks.
CREATE OR REPLACE FUNCTION judgement_build(ledger text, prefix text) RETURNS void
	LANGUAGE plpgsql AS $$
BEGIN
	EXECUTE format($f$
		CREATE OR REPLACE FUNCTION %I(a %I, day date) RETURNS text[] LANGUAGE plpgsql
			SECURITY DEFINER SET search_path = public, pg_temp AS $b$
		DECLARE
			now_offset text := current_setting('daicho.clock_offset', true);
			codes text[];
		BEGIN
			IF day < act_today() THEN
				PERFORM set_config('daicho.clock_offset', (floor(extract(epoch FROM
					(day + 1)::timestamptz - now())) - 1)::bigint::text, true);
			END IF;
			codes := %I(a) || %I(a);
			PERFORM set_config('daicho.clock_offset', coalesce(now_offset, ''), true);
			RETURN codes;
		END $b$ $f$, ledger || '_judgement', ledger, prefix || '_violation_r',
		prefix || '_violation_f');
END $$;
SELECT judgement_build('asset', 'asset');
SELECT judgement_build('external_media', 'media');
