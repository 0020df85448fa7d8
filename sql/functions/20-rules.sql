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

-- asset_violation_r(asset) … return the codes that a row violates, as if it had left 下書き;
-- asset_judge() is the trigger that refuses rows which have left it and violate mode R.  In a
-- ledger without 下書き every row counts from the start; where rows are never edited afterwards
-- only the insert is judged, by what was true then.
DROP FUNCTION IF EXISTS rules_build(text, text);
CREATE OR REPLACE FUNCTION rules_build(ledger text, prefix text,
	judged text[] DEFAULT '{INSERT,UPDATE}') RETURNS void LANGUAGE plpgsql AS $$
DECLARE
	m text;
	t text;
	e text;
	counts text := CASE WHEN EXISTS (SELECT FROM pg_attribute WHERE attrelid = ledger::regclass
		AND attname = 'state' AND NOT attisdropped) THEN 'n.state <> ''draft''' ELSE 'true' END;
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
	EXECUTE format($f$
		CREATE OR REPLACE FUNCTION %1$I() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
			SET search_path = public, pg_temp AS $b$
		DECLARE
			codes text[];
		BEGIN
			SELECT array_agg(DISTINCT v.violated) INTO codes
			FROM new_rows n, unnest(%2$I(n::%3$I)) v (violated) WHERE %4$s;
			IF codes IS NOT NULL THEN
				RAISE EXCEPTION 'rules violated' USING ERRCODE = 'DR001',
					DETAIL = rule_messages(codes);
			END IF;
			RETURN NULL;
		END $b$ $f$, prefix || '_judge', prefix || '_violation_r', ledger, counts);
	FOREACH e IN ARRAY ARRAY['INSERT', 'UPDATE'] LOOP
		EXECUTE format('DROP TRIGGER IF EXISTS %I ON %I', 'a_judge_' || lower(e), ledger);
		-- a ledger without rules of mode R pays nothing for them
		CONTINUE WHEN e <> ALL (judged) OR rule_lines(ledger, 'R') = 'NULL::text';
		EXECUTE format('CREATE TRIGGER %I AFTER %s ON %I REFERENCING NEW TABLE AS '
			'new_rows FOR EACH STATEMENT EXECUTE FUNCTION %I()',
			'a_judge_' || lower(e), e, ledger, prefix || '_judge');
	END LOOP;
END $$;

-- What the client is told about these codes: a JSON list, in the order of the codes.
CREATE OR REPLACE FUNCTION rule_messages(codes text[]) RETURNS text LANGUAGE sql STABLE AS $$
	SELECT coalesce(jsonb_agg(jsonb_build_object('code', code, 'mode', mode, 'severity', severity,
		'field', field, 'clause', clause, 'own_number', own_number, 'ja', ja, 'en', en)
		ORDER BY code), '[]')::text
	FROM rule_message WHERE code = ANY (codes) $$;

DELETE FROM rule;
