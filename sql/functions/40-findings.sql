-- Findings: what the rules of mode F say of each row, kept from the day on which it began.  Rules of
-- mode R count as well, for rows that were there before the rule.
--
--   a change   judges its rows at once, in the same transaction; when there are many of them (an
--              import), they wait in finding_queue for the daemon
--   the pass   judges everything, in few statements for whole families of rules: it finds what
--              time, offices, persons and policy values have changed
--
-- Both run the same statement, findings_statement(), made of the predicates of the rules.

-- One pass at a time; and a change during a pass, which the pass may have seen half, is judged
-- again afterwards: a pass holds the second lock alone, changes share it.
CREATE OR REPLACE FUNCTION findings_lock(which text) RETURNS bigint LANGUAGE sql IMMUTABLE AS $$
	SELECT CASE which WHEN 'pass' THEN 7226301 WHEN 'change' THEN 7226302 END $$;

-- Was it open when this day of the register ended?
CREATE OR REPLACE FUNCTION finding_open_on(opened_at timestamptz, closed_at timestamptz, day date)
	RETURNS boolean LANGUAGE sql STABLE AS $$
	SELECT opened_at::date <= day AND (closed_at IS NULL OR closed_at::date > day) $$;

-- The key column of a ledger: its primary key.
CREATE OR REPLACE FUNCTION ledger_key(ledger text) RETURNS text LANGUAGE sql STABLE AS $$
	SELECT a.attname::text FROM pg_index i JOIN pg_attribute a
		ON a.attrelid = i.indrelid AND a.attnum = i.indkey[0]
	WHERE i.indrelid = ledger::regclass AND i.indisprimary $$;
CREATE OR REPLACE FUNCTION ledger_has(ledger text, col text) RETURNS boolean LANGUAGE sql STABLE AS $$
	SELECT EXISTS (SELECT FROM pg_attribute WHERE attrelid = ledger::regclass AND attname = col
		AND NOT attisdropped) $$;
-- Columns that name an asset or a medium.
CREATE OR REPLACE FUNCTION ledger_names(ledger text, named text) RETURNS SETOF text
	LANGUAGE sql STABLE AS $$
	SELECT a.attname::text FROM pg_constraint c JOIN pg_attribute a
		ON a.attrelid = c.conrelid AND a.attnum = c.conkey[cardinality(c.conkey)]
	WHERE c.contype = 'f' AND c.conrelid = ledger::regclass AND c.confrelid = named::regclass
	ORDER BY 1 $$;

CREATE OR REPLACE FUNCTION rule_family(code text) RETURNS text LANGUAGE sql IMMUTABLE AS $$
	SELECT split_part(code, '-', 1) $$;

-- The rules that make findings.  An appointment is judged by what was true when it was made, so its
-- rules of mode R say nothing about the day of today.
CREATE OR REPLACE VIEW finding_rule AS
	SELECT rule_family(code) AS family, ledger, code, predicate FROM rule
	WHERE mode = 'F' OR (mode = 'R' AND ledger <> 'role_assignment');

-- Where the columns of a finding come from; the row is `a`.
CREATE OR REPLACE FUNCTION finding_source(ledger text, col text) RETURNS text
	LANGUAGE sql STABLE AS $$
	SELECT CASE
		WHEN col = 'institution' AND ledger = 'institution' THEN 'a.code'
		WHEN col = 'unit' AND ledger = 'org_unit' THEN 'a.code'
		WHEN col = 'asset' AND ledger = 'asset' THEN 'a.asset_no'
		WHEN col = 'medium' AND ledger = 'external_media' THEN 'a.media_no'
		WHEN ledger_has(ledger, col) THEN 'a.' || col
		WHEN col = 'unit' AND ledger_has(ledger, 'asset') THEN 'coalesce((SELECT x.unit '
			'FROM asset x WHERE x.asset_no = a.asset)' || CASE WHEN ledger_has(ledger, 'medium')
			THEN ', (SELECT x.unit FROM external_media x WHERE x.media_no = a.medium)'
			ELSE '' END || ')'
		ELSE 'NULL::text' END $$;

-- The statement that compares what is violated with what is open, and opens and closes the
-- difference.  families: only their rules, of all rows; NULL: all rules, of the rows in `keys`.
-- Compared are lists of codes, one per row: nothing is taken apart where nothing has changed.
CREATE OR REPLACE FUNCTION findings_statement(of_ledger text, families text[]) RETURNS text
	LANGUAGE plpgsql STABLE AS $$
DECLARE
	key text := ledger_key(of_ledger);
	lines text;
	codes text[];
BEGIN
	SELECT string_agg(format('CASE WHEN %s THEN %L END', btrim(predicate), code), E',\n\t\t'
		ORDER BY code COLLATE "C"), array_agg(code) INTO lines, codes
	FROM finding_rule WHERE ledger = of_ledger AND (families IS NULL OR family = ANY (families));
	RETURN format($f$
		WITH judged AS (
			SELECT j.object, j.rules FROM (SELECT a.%1$I AS object, array_remove(ARRAY[
				%2$s]::text[], NULL) AS rules FROM %3$I a WHERE %4$s OFFSET 0) j
			WHERE j.rules <> '{}'
		), known AS (
			SELECT f.object, array_agg(f.rule) AS rules FROM finding f
			WHERE f.closed_at IS NULL AND %5$s GROUP BY f.object
		), differs AS MATERIALIZED (
			SELECT coalesce(j.object, k.object) AS object, coalesce(j.rules, '{}') AS now,
				coalesce(k.rules, '{}') AS before
			FROM judged j FULL JOIN known k ON k.object = j.object
			-- in whatever order
			WHERE coalesce(j.rules, '{}') <> coalesce(k.rules, '{}')
				AND NOT coalesce(j.rules @> k.rules AND j.rules <@ k.rules, false)
		), closed AS (
			UPDATE finding f SET closed_at = act_now(), row_version = f.row_version + 1,
				updated_at = now()
			FROM differs d, unnest(d.before) gone WHERE gone <> ALL (d.now)
				AND f.ledger = %6$L AND f.object = d.object AND f.rule = gone
				AND f.closed_at IS NULL RETURNING f.rule
		), opened AS (
			INSERT INTO finding (institution, unit, rule, ledger, object, asset, medium,
				severity, opened_at, due_on)
			SELECT %7$s, %8$s, r.code, %6$L, d.object, %9$s, %10$s, r.severity, act_now(),
				act_today() + coalesce(policy_days(coalesce(r.due, 'finding_due'), %7$s), 90)
			FROM differs d JOIN %3$I a ON a.%1$I = d.object, unnest(d.now) new
				JOIN rule r ON r.code = new
			WHERE new <> ALL (d.before)
			ON CONFLICT (ledger, object, rule) WHERE closed_at IS NULL DO NOTHING
			RETURNING rule
		)
		SELECT rule_family(rule), sum(o)::bigint, sum(c)::bigint
		FROM (SELECT rule, 1 AS o, 0 AS c FROM opened UNION ALL SELECT rule, 0, 1 FROM closed) x
		GROUP BY 1 $f$,
		key, lines, of_ledger,
		concat_ws(' AND ', CASE WHEN ledger_has(of_ledger, 'state')
			THEN 'a.state <> ''draft''' ELSE 'true' END,
			CASE WHEN families IS NULL THEN format('a.%I = ANY (keys)', key) END),
		CASE WHEN families IS NULL THEN format('f.ledger = %L AND f.object = ANY (keys)', of_ledger)
			ELSE format('f.rule = ANY (%L)', codes) END,
		of_ledger, finding_source(of_ledger, 'institution'), finding_source(of_ledger, 'unit'),
		finding_source(of_ledger, 'asset'), finding_source(of_ledger, 'medium'));
END $$;

-- 例外措置 in force today, granted by the 機関CISO (2.3(2)⑤): a finding that one covers stays open.
CREATE OR REPLACE FUNCTION units_below(top text) RETURNS text[] LANGUAGE sql STABLE AS $$
	WITH RECURSIVE tree AS (
		SELECT u.code FROM org_unit u WHERE u.code = top
		UNION SELECT u.code FROM org_unit u JOIN tree t ON u.parent = t.code
	)
	SELECT array_agg(code::text) FROM tree $$;
CREATE OR REPLACE FUNCTION exceptions_live() RETURNS TABLE (exception_no text, rule text,
	institution text, asset text, medium text, units text[], valid_to date)
	LANGUAGE sql STABLE AS $$
	SELECT x.exception_no, x.rule, x.institution, x.asset, x.medium,
		CASE WHEN x.unit IS NOT NULL THEN units_below(x.unit) END, x.valid_to
	FROM exception_grant x JOIN request r ON r.request_no = x.request
	WHERE act_today() BETWEEN x.valid_from AND x.valid_to AND r.request_type = 'exception'
		AND r.state IN ('approved', 'completed') AND exception_office(r.decided_office, r.escalated) $$;

-- Notes which exception covers the open findings of these rows; NULL: of all.
CREATE OR REPLACE FUNCTION findings_cover(of_ledger text DEFAULT NULL, keys text[] DEFAULT NULL)
	RETURNS void LANGUAGE plpgsql AS $$
DECLARE
	live text[] := ARRAY(SELECT DISTINCT l.rule FROM exceptions_live() l);
BEGIN
	IF live = '{}' AND NOT EXISTS (SELECT FROM finding f WHERE f.exception IS NOT NULL
		AND f.closed_at IS NULL) THEN
		RETURN;
	END IF;
	WITH live_now AS MATERIALIZED (SELECT * FROM exceptions_live()), concerned AS (
		SELECT f.* FROM finding f WHERE keys IS NULL AND f.closed_at IS NULL
			AND f.rule = ANY (live)
		UNION SELECT f.* FROM finding f WHERE keys IS NULL AND f.closed_at IS NULL
			AND f.exception IS NOT NULL
		UNION SELECT f.* FROM finding f WHERE f.ledger = of_ledger AND f.object = ANY (keys)
			AND f.closed_at IS NULL
	)
	UPDATE finding f SET exception = n.exception_no, row_version = f.row_version + 1,
		updated_at = now()
	FROM (SELECT c.finding_no, c.exception, (SELECT l.exception_no FROM live_now l
			WHERE l.rule = c.rule AND l.institution = c.institution AND (l.asset = c.asset
				OR l.medium = c.medium OR c.unit = ANY (l.units))
			ORDER BY l.valid_to DESC, l.exception_no LIMIT 1) AS exception_no
		FROM concerned c) n
	WHERE f.finding_no = n.finding_no AND f.exception IS DISTINCT FROM n.exception_no;
END $$;

-- asset_findings(keys) … judge these rows, one after the other where several ask.
-- The triggers of a change call it for the rows that were changed, and for the asset or the medium
-- that such a row names or has named.
CREATE OR REPLACE FUNCTION findings_judge_build(of_ledger text) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
	name text := of_ledger || '_findings';
	key text := ledger_key(of_ledger);
BEGIN
	EXECUTE format($f$
		CREATE OR REPLACE FUNCTION %1$I(keys text[]) RETURNS void LANGUAGE plpgsql
			SECURITY DEFINER SET search_path = public, pg_temp
			SET plan_cache_mode = force_generic_plan AS $b$
		DECLARE
			done record;
		BEGIN
			PERFORM pg_advisory_xact_lock(hashtext(%2$L), hashtext(k))
			FROM (SELECT DISTINCT k FROM unnest(keys) k ORDER BY k) x (k);
			%3$s INTO done;
			UPDATE finding f SET unit = %4$s, row_version = f.row_version + 1,
				updated_at = now()
			FROM %5$I a WHERE a.%6$I = ANY (keys) AND f.closed_at IS NULL AND %7$s
				AND f.unit IS DISTINCT FROM %4$s;
			PERFORM findings_cover(%2$L, keys);
		END $b$ $f$, name, of_ledger, findings_statement(of_ledger, NULL),
		finding_source(of_ledger, 'unit'), of_ledger, key,
		CASE of_ledger WHEN 'asset' THEN 'f.asset = a.asset_no'
			WHEN 'external_media' THEN 'f.medium = a.media_no'
			ELSE format('f.ledger = %L AND f.object = a.%I', of_ledger, key) END);
	EXECUTE format('REVOKE ALL ON FUNCTION %I(text[]) FROM PUBLIC', name);
END $$;

CREATE OR REPLACE FUNCTION findings_build(of_ledger text) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
	note text := 'keys := ARRAY(%s); IF findings_at_once(%L, keys) THEN PERFORM %I(keys); END IF; ';
	own text := '';
	named text;
	e text;
	rows text; -- as the trigger calls them
BEGIN
	IF EXISTS (SELECT FROM finding_rule WHERE ledger = of_ledger) THEN
		PERFORM findings_judge_build(of_ledger);
		own := format(note, format('SELECT x.%I::text FROM own x', ledger_key(of_ledger)),
			of_ledger, of_ledger || '_findings');
	END IF;
	SELECT coalesce(string_agg(format(note, q, t, t || '_findings'), ''), '') INTO named
	FROM (SELECT v.t, string_agg(format('SELECT x.%I::text FROM changed x WHERE x.%1$I '
			'IS NOT NULL', c), ' UNION ') || ' UNION SELECT NULL WHERE false' AS q
		FROM (VALUES ('asset'), ('external_media')) v (t), ledger_names(of_ledger, v.t) c
		WHERE EXISTS (SELECT FROM finding_rule r WHERE r.ledger = v.t) GROUP BY v.t) x;
	FOREACH e IN ARRAY ARRAY['insert', 'update', 'delete'] LOOP
		EXECUTE format('DROP TRIGGER IF EXISTS %I ON %I', 'findings_' || e, of_ledger);
		CONTINUE WHEN own || named = '';
		rows := CASE e WHEN 'delete' THEN 'old_rows' ELSE 'new_rows' END;
		EXECUTE format($f$
			CREATE OR REPLACE FUNCTION %I() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
				SET search_path = public, pg_temp AS $b$
			DECLARE
				keys text[];
			BEGIN
				%s
				RETURN NULL;
			END $b$ $f$, of_ledger || '_findings_' || e, replace(own, 'FROM own',
				'FROM ' || rows) || replace(named, 'FROM changed', CASE e WHEN 'update'
				THEN 'FROM (SELECT * FROM new_rows UNION ALL SELECT * FROM old_rows)'
				ELSE 'FROM ' || rows END));
		EXECUTE format('CREATE TRIGGER %I AFTER %s ON %I REFERENCING %s FOR EACH STATEMENT '
			'EXECUTE FUNCTION %I()', 'findings_' || e, e, of_ledger, CASE e WHEN 'update'
			THEN 'OLD TABLE AS old_rows NEW TABLE AS new_rows'
			ELSE CASE e WHEN 'insert' THEN 'NEW' ELSE 'OLD' END || ' TABLE AS ' || rows END,
			of_ledger || '_findings_' || e);
	END LOOP;
END $$;

-- May these rows be judged within the change?  Many wait.
CREATE OR REPLACE FUNCTION findings_at_once(of_ledger text, keys text[]) RETURNS boolean
	LANGUAGE plpgsql AS $$
DECLARE
	few boolean := cardinality(keys) <= 200;
BEGIN
	IF keys = '{}' THEN
		RETURN false;
	END IF;
	-- a pass is under way: whatever is found now is looked at again after it
	IF NOT few OR NOT pg_try_advisory_xact_lock_shared(findings_lock('change')) THEN
		INSERT INTO finding_queue (ledger, keys)
		SELECT of_ledger, array_agg(k) FROM (SELECT k, (row_number() OVER (ORDER BY k) - 1) / 500
			AS part FROM unnest(keys) k) x GROUP BY part ORDER BY part;
	END IF;
	RETURN few;
END $$;

-- Judges one lot of the rows that wait; false: none does.
CREATE OR REPLACE FUNCTION findings_drain() RETURNS boolean LANGUAGE plpgsql SECURITY DEFINER
	SET search_path = public, pg_temp AS $$
DECLARE
	q finding_queue;
BEGIN
	IF NOT EXISTS (SELECT FROM finding_queue) THEN
		RETURN false;
	END IF;
	PERFORM pg_advisory_xact_lock_shared(findings_lock('change')); -- waits for the end of a pass
	DELETE FROM finding_queue WHERE id = (SELECT id FROM finding_queue ORDER BY id LIMIT 1
		FOR UPDATE SKIP LOCKED) RETURNING * INTO q;
	IF NOT FOUND THEN
		RETURN false;
	END IF;
	EXECUTE format('SELECT %I($1)', q.ledger || '_findings') USING q.keys;
	RETURN true;
END $$;

-- Begins a pass, and names the statements that it consists of.  Nothing: another one is under way,
-- or the last one ended less than `period` seconds ago.
--
-- A statement does whole families of rules, as many as make 50 rules of one ledger: a scan for each
-- family alone costs half of what all predicates do (measured, 27 families with 129 rules over
-- assets: 1.45 times the one query that only counts; as here 1.1 times).
CREATE OR REPLACE FUNCTION findings_begin(period integer DEFAULT NULL)
	RETURNS TABLE (ledger text, families text[]) LANGUAGE plpgsql SECURITY DEFINER
	SET search_path = public, pg_temp AS $$
BEGIN
	IF NOT pg_try_advisory_xact_lock(findings_lock('pass')) OR EXISTS (SELECT FROM finding_pass p
		WHERE act_now() - p.ended_at BETWEEN interval '0' AND make_interval(secs => period)) THEN
		RETURN;
	END IF;
	PERFORM pg_advisory_xact_lock(findings_lock('change')); -- until changes under way have ended
	PERFORM policy_cache();
	PERFORM set_config('statement_timeout', '0', true); -- the first one of a big ledger takes long
	DELETE FROM finding_queue; -- what waits is judged with the rest
	RETURN QUERY SELECT f.ledger, array_agg(f.family ORDER BY f.family) FROM (
		SELECT r.ledger, r.family, (sum(count(*)) OVER (PARTITION BY r.ledger ORDER BY r.family)
			- count(*)) / 50 AS before FROM finding_rule r GROUP BY 1, 2) f
	GROUP BY f.ledger, floor(f.before) ORDER BY 1, 2;
END $$;

-- These families of rules over all rows of a ledger.
CREATE OR REPLACE FUNCTION findings_refresh(of_ledger text, families text[])
	RETURNS TABLE (family text, opened bigint, closed bigint) LANGUAGE plpgsql SECURITY DEFINER
	SET search_path = public, pg_temp SET work_mem = '64MB' SET jit = off AS $$
BEGIN
	RETURN QUERY EXECUTE findings_statement(of_ledger, families);
END $$;

-- Ends a pass: exceptions that began or ended, and what is open now by family.
CREATE OR REPLACE FUNCTION findings_end(did_open bigint, did_close bigint)
	RETURNS TABLE (family text, open bigint) LANGUAGE plpgsql SECURITY DEFINER
	SET search_path = public, pg_temp AS $$
BEGIN
	PERFORM findings_cover();
	DELETE FROM finding_pass;
	INSERT INTO finding_pass VALUES (act_now(), clock_timestamp() - now(), did_open, did_close);
	RETURN QUERY SELECT r.family, coalesce(sum(n), 0)::bigint
	FROM (SELECT DISTINCT x.family, x.code FROM finding_rule x) r
	LEFT JOIN (SELECT f.rule, count(*) AS n FROM finding f WHERE f.closed_at IS NULL
		GROUP BY 1) f ON f.rule = r.code
	GROUP BY 1 ORDER BY 1;
END $$;

-- An exception, or its application, is changed: what it covers, too.
CREATE OR REPLACE FUNCTION exception_changed() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
	SET search_path = public, pg_temp AS $$
BEGIN
	PERFORM findings_cover();
	RETURN NULL;
END $$;
CREATE OR REPLACE TRIGGER z_exception_changed AFTER INSERT OR UPDATE OR DELETE ON exception_grant
	FOR EACH STATEMENT EXECUTE FUNCTION exception_changed();
CREATE OR REPLACE TRIGGER z_exception_changed AFTER UPDATE ON request
	FOR EACH ROW WHEN (NEW.request_type = 'exception') EXECUTE FUNCTION exception_changed();

-- The log tells of the 整備指示, which is an act; that a finding was opened and closed follows from
-- the rows that were judged, whose changes stand there, and is kept in the row itself.
CREATE OR REPLACE FUNCTION audit_finding() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
	SET search_path = public, pg_temp AS $$
BEGIN
	INSERT INTO audit_event (institution, person, office, account, client, request_id,
		operation, action, object_type, object, version, reason, after)
	SELECT NEW.institution, c.*, 'update', 'finding', NEW.finding_no, NEW.row_version,
		acting('reason'), jsonb_strip_nulls(to_jsonb(NEW))
	FROM act_context() c;
	RETURN NULL;
END $$;
CREATE OR REPLACE TRIGGER audit_instruction AFTER UPDATE ON finding FOR EACH ROW
	WHEN ((OLD.instruction, OLD.instruction_due_on, OLD.instructed_on) IS DISTINCT FROM
		(NEW.instruction, NEW.instruction_due_on, NEW.instructed_on))
	EXECUTE FUNCTION audit_finding();

-- May the act order that this be mended (3.4.1(2)③)?  The 情報セキュリティ責任者 in the 機関, the
-- 統括情報セキュリティ責任者 in any (2.1(2)①), a deputy with this power in the range given (⑤).
CREATE OR REPLACE FUNCTION act_instructs(f finding) RETURNS boolean LANGUAGE sql STABLE
	SECURITY DEFINER SET search_path = public, pg_temp AS $$
	SELECT f.institution = ANY (scope_of(false)) AND EXISTS (
		SELECT FROM acting_appointments() a WHERE a.office = 'general_iso'
		OR (a.institution = f.institution AND (a.office = 'iso' OR (a.office = 'deputy_iso'
			AND 'order_on_findings' = ANY (a.delegable_powers)
			AND (f.unit = ANY (acting_units(1)) OR f.asset = ANY (acting_assets(1))))))) $$;

-- The order; nothing is returned when the finding has another version or is closed.
CREATE OR REPLACE FUNCTION finding_instruct(no text, seen_version text, what text, until date)
	RETURNS SETOF finding LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
	t finding;
BEGIN
	SELECT f.* INTO t FROM finding f WHERE f.finding_no = no FOR UPDATE;
	IF NOT act_instructs(t) THEN
		RAISE EXCEPTION 'no office to order this' USING ERRCODE = 'DR004';
	END IF;
	IF until < act_today() THEN
		RAISE EXCEPTION 'due in the past' USING ERRCODE = 'DR001', DETAIL = fault_detail(
			'in_the_past', 'due_on', '3.4.1(2)③', '期限には今日以降の日付を指定してください。',
			'The day by which it is to be mended has passed.');
	END IF;
	RETURN QUERY UPDATE finding f SET instruction = what, instruction_due_on = until,
		instructed_by = acting_person(), instructed_office = acting('office'),
		instructed_on = act_today(), row_version = f.row_version + 1, updated_at = now()
	WHERE f.finding_no = no AND f.row_version::text = seen_version AND f.closed_at IS NULL
	RETURNING f.*;
END $$;
