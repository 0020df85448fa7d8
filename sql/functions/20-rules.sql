-- Rules are rows (sql/rules/*.sql); the functions that judge are built from them, so that a
-- predicate stands in one place for a write, an import's waiting rows and a day in the past.

-- `due` names the policy value (days) within which a finding is to be mended; see policy.
DROP FUNCTION IF EXISTS rule(text, text, text, text, text, text, text, text, text);
CREATE OR REPLACE FUNCTION rule(code text, ledger text, mode text, severity text, field text,
	clause text, predicate text, ja text, en text, due text DEFAULT NULL)
	RETURNS void LANGUAGE sql AS $$
	INSERT INTO rule VALUES (code, ledger, mode, severity, field, clause, predicate, ja, en,
		due) $$;

-- One line of the function: the code if the predicate holds.
CREATE OR REPLACE FUNCTION rule_lines(which text, only_mode text) RETURNS text
	LANGUAGE sql STABLE AS $$
	SELECT coalesce(string_agg(format('CASE WHEN %s THEN %L END', btrim(predicate), code),
		E',\n\t' ORDER BY code), 'NULL::text')
	FROM rule WHERE ledger = which AND mode = only_mode $$;

-- asset_violation_r(asset) … return the codes that a row violates, as if it had left 下書き.
-- asset_judge() refuses rows which have left it and violate mode R.  In a ledger without 下書き
-- every row counts from the start; where rows are never edited afterwards only the insert is
-- judged, by what was true then.
--
-- A change of state, and a level that is inherited, is refused only for what it makes worse: an
-- emergency stop, an end or a loss is recorded whatever the row has owed for long.  What stands in the way of a step is a rule of
-- mode G: asset_gate() asks those where the table of lives says so (life.gated).

-- A trigger function that refuses the codes which `find` puts into `codes`.
CREATE OR REPLACE FUNCTION rules_refuse(name text, find text) RETURNS void
	LANGUAGE plpgsql AS $$
BEGIN
	-- statements are planned once, for one row or for a million: no nested loops over both.  (What
	-- predicates of modes R and G call keeps a plan made under this, too: each such function in
	-- plpgsql looks into one table.)
	EXECUTE format($f$
		CREATE OR REPLACE FUNCTION %I() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
			SET search_path = public, pg_temp SET enable_nestloop = off AS $b$
		DECLARE
			codes text[];
		BEGIN
			%s;
			IF cardinality(codes) > 0 THEN
				RAISE EXCEPTION 'rules violated' USING ERRCODE = 'DR001',
					DETAIL = rule_messages(codes);
			END IF;
			RETURN NULL;
		END $b$ $f$, name, find);
END $$;

DROP FUNCTION IF EXISTS rules_build(text, text);
CREATE OR REPLACE FUNCTION rules_build(ledger text, prefix text,
	judged text[] DEFAULT '{INSERT,UPDATE}') RETURNS void LANGUAGE plpgsql AS $$
DECLARE
	m text;
	t text;
	e text;
	counts text := CASE WHEN EXISTS (SELECT FROM pg_attribute WHERE attrelid = ledger::regclass
		AND attname = 'state' AND NOT attisdropped) THEN 'n.state <> ''draft''' ELSE 'true' END;
	lives boolean := EXISTS (SELECT FROM life l WHERE l.ledger = rules_build.ledger);
	key text := (SELECT a.attname FROM pg_index i JOIN pg_attribute a ON a.attrelid = i.indrelid
		AND a.attnum = i.indkey[0] WHERE i.indrelid = ledger::regclass AND i.indisprimary);
BEGIN
	-- the same for a row of the ledger and for one that waits in an import
	FOREACH t IN ARRAY ARRAY[ledger, ledger || '_staging'] LOOP
		FOREACH m IN ARRAY ARRAY['R', 'G', 'F'] LOOP
			EXECUTE format($f$
				CREATE OR REPLACE FUNCTION %I(a %I) RETURNS text[] LANGUAGE sql STABLE AS $b$
					SELECT array_remove(ARRAY[%s]::text[], NULL) $b$ $f$,
				prefix || '_violation_' || lower(m), t, rule_lines(ledger, m));
		END LOOP;
	END LOOP;
	PERFORM rules_refuse(prefix || '_judge', format('SELECT array_agg(DISTINCT v.violated) INTO codes '
		'FROM new_rows n, unnest(%I(n::%I)) v (violated) WHERE %s', prefix || '_violation_r', ledger,
		counts));
	EXECUTE format('DROP TRIGGER IF EXISTS a_gate ON %I', ledger);
	IF lives THEN
		PERFORM rules_refuse(prefix || '_judge_update', format('SELECT array_agg(DISTINCT code) '
			'INTO codes FROM new_rows n LEFT JOIN old_rows o ON o.%1$I = n.%1$I, '
			'unnest(%2$I(n::%3$I)) code WHERE %4$s AND (o.state IS NULL OR o.state = ''draft'' '
			'OR (o.state = n.state AND acting(''rating'') IS DISTINCT FROM ''inherit'') OR code <> ALL (%2$I(o::%3$I)))', key,
			prefix || '_violation_r', ledger, counts));
		PERFORM rules_refuse(prefix || '_gate', format('IF EXISTS (SELECT FROM life l WHERE '
			'l.ledger = %L AND l.from_state = OLD.state AND l.to_state = NEW.state AND l.gated) '
			'THEN codes := %I(NEW); END IF', ledger, prefix || '_violation_g'));
		EXECUTE format('CREATE TRIGGER a_gate AFTER UPDATE ON %I FOR EACH ROW WHEN (OLD.state IS '
			'DISTINCT FROM NEW.state) EXECUTE FUNCTION %I()', ledger, prefix || '_gate');
	END IF;
	FOREACH e IN ARRAY ARRAY['INSERT', 'UPDATE'] LOOP
		EXECUTE format('DROP TRIGGER IF EXISTS %I ON %I', 'a_judge_' || lower(e), ledger);
		-- a ledger without rules of mode R pays nothing for them
		CONTINUE WHEN e <> ALL (judged) OR rule_lines(ledger, 'R') = 'NULL::text';
		EXECUTE format('CREATE TRIGGER %I AFTER %s ON %I REFERENCING NEW TABLE AS new_rows %s '
			'FOR EACH STATEMENT EXECUTE FUNCTION %I()', 'a_judge_' || lower(e), e, ledger,
			CASE WHEN lives AND e = 'UPDATE' THEN 'OLD TABLE AS old_rows' ELSE '' END,
			prefix || CASE WHEN lives AND e = 'UPDATE' THEN '_judge_update' ELSE '_judge' END);
	END LOOP;
END $$;

-- What the client is told about these codes: a JSON list, in the order of the codes.
CREATE OR REPLACE FUNCTION rule_messages(codes text[]) RETURNS text LANGUAGE plpgsql STABLE AS $$
BEGIN
	RETURN (SELECT coalesce(jsonb_agg(jsonb_build_object('code', code, 'mode', mode,
		'severity', severity, 'field', field, 'clause', clause, 'own_number', own_number,
		'ja', ja, 'en', en)
		ORDER BY code), '[]')::text
	FROM rule_message WHERE code = ANY (codes));
END $$;

DELETE FROM rule;
