-- Life of a row, as a table (sql/rules/life.sql) that binds every path: API, import, plain SQL.
-- The owner of the database, where the machine stands, is not asked.

-- `who`: offices apart by spaces; '': the database alone, as part of another act.
-- `tells`: columns apart by spaces; whom they name is told by e-mail.
DROP FUNCTION IF EXISTS life(text, text, text, text, text, text, text, text, boolean, jsonb);
CREATE OR REPLACE FUNCTION life(ledger text, action text, from_states text, to_state text,
	who text, clause text, ja text, en text, gated boolean DEFAULT false,
	given jsonb DEFAULT '{}', tells text DEFAULT '') RETURNS void LANGUAGE sql AS $$
	INSERT INTO life (ledger, action, from_state, to_state, offices, clause, ja, en, gated, given,
		tells)
	SELECT ledger, action, s, to_state, string_to_array(who, ' '), clause, ja, en, gated, given,
		string_to_array(tells, ' ')
	FROM string_to_table(from_states, ' ') s $$;

-- What is possible from a state: for a refusal that says so.
CREATE OR REPLACE FUNCTION life_possible(in_ledger text, at_state text) RETURNS text
	LANGUAGE sql STABLE AS $$
	SELECT coalesce(jsonb_agg(jsonb_build_object('code', 'possible', 'field', 'state', 'clause',
		clause, 'value', action, 'ja', format('「%s」ができます。', ja),
		'en', format('From here: %s (%s).', action, en)) ORDER BY sort),
		fault_detail('final', 'state', NULL, 'これ以上の操作はありません。',
			'Nothing leads on from here.')::jsonb)::text
	FROM (SELECT DISTINCT ON (action) * FROM life l WHERE l.ledger = in_ledger
		AND l.from_state = at_state AND l.offices <> '{}' ORDER BY action, sort) x $$;

-- Who may: the same for one whose office does not.
CREATE OR REPLACE FUNCTION life_who(l life) RETURNS text LANGUAGE sql STABLE AS $$
	SELECT fault_detail('office_needed', 'state', l.clause,
		format('「%s」ができる役割: %s', l.ja, array_to_string(l.offices, ', ')),
		format('%s may be done by: %s', l.action, array_to_string(l.offices, ', '))) $$;

-- Not SECURITY DEFINER: who runs it tells whether the database itself acts (a row of the table
-- without offices), or an office.
CREATE OR REPLACE FUNCTION life_may(l life) RETURNS boolean LANGUAGE plpgsql STABLE AS $$
BEGIN
	RETURN CASE WHEN l.offices = '{}' THEN pg_has_role(current_user, 'daicho_owner', 'MEMBER')
		ELSE scope_all() OR coalesce(acting('office') = ANY (l.offices), false) END;
END $$;

-- Refuses what does not stand in the table.
CREATE OR REPLACE FUNCTION life_judge(in_ledger text, from_state text, to_state text, doc jsonb)
	RETURNS void LANGUAGE plpgsql AS $$
DECLARE
	l life;
BEGIN
	IF act_is_local() THEN
		RETURN;
	END IF;
	SELECT x.* INTO l FROM life x WHERE x.ledger = in_ledger AND x.from_state = $2
		AND x.to_state = $3 AND doc @> x.given
	ORDER BY life_may(x) DESC, x.offices = '{}', x.sort LIMIT 1;
	IF NOT FOUND THEN
		RAISE EXCEPTION 'no way from % to %', from_state, to_state USING ERRCODE = 'DR002',
			DETAIL = life_possible(in_ledger, from_state);
	ELSIF NOT life_may(l) THEN
		RAISE EXCEPTION 'not by this office: %', l.action USING ERRCODE = 'DR004',
			DETAIL = life_who(l);
	END IF;
END $$;

-- The office that stopped the system, the last time; the log knows.
CREATE OR REPLACE FUNCTION asset_stopped_by(no text) RETURNS text LANGUAGE sql STABLE
	SECURITY DEFINER SET search_path = public, pg_temp AS $$
	SELECT x.office FROM (SELECT e.id, e.office, e.after->>'state' AS state,
			lag(e.after->>'state') OVER (ORDER BY e.id) AS before
		FROM audit_event e WHERE e.object_type = 'asset' AND e.object = no) x
	WHERE x.state = 'suspended' AND x.before IS DISTINCT FROM 'suspended'
	ORDER BY x.id DESC LIMIT 1 $$;

-- 復旧: not of what the 機関CISO took the permission from (2.1(2)⑧(f)), and what the 機関CSIRT stopped
-- by the CSIRT alone, who has to agree (2.1(2)⑥(c), 3.3(2)②(d)).
CREATE OR REPLACE FUNCTION resumption_judge(a asset) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
	csirt text[] := '{csirt_member,csirt_leader,general_csirt_leader}';
	why text;
BEGIN
	IF act_is_local() THEN
		RETURN;
	ELSIF a.important_state = 'revoked' AND a.important_required THEN
		why := fault_detail('permission_revoked', 'state', '2.1(2)⑧(f)',
			'重要サーバの許可が取り消されています。機関CISOの許可を改めて受けてから復旧してください。',
			'Its permission as an important server was revoked: it goes on with a new one.');
	ELSIF asset_stopped_by(a.asset_no) = ANY (csirt)
		AND NOT coalesce(acting('office') = ANY (csirt), false) THEN
		why := fault_detail('csirt_agrees', 'state', '2.1(2)⑥(c), 3.3(2)②(d)',
			'機関CSIRTが停止した資産です。復旧の操作は、確認した機関CSIRTが行います。',
			'The 機関CSIRT stopped it: once it agrees, it is the one who puts it back.');
	ELSE
		RETURN;
	END IF;
	RAISE EXCEPTION 'it may not go on yet' USING ERRCODE = 'DR002', DETAIL = why;
END $$;

-- A line 移管済 stays as it was handed over (2.1(2)②(a)): the row lives on with the 機関 that has it.
CREATE OR REPLACE FUNCTION asset_handed_over() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
	IF act_is_local() THEN
		RETURN NEW;
	END IF;
	RAISE EXCEPTION 'handed to another institution' USING ERRCODE = 'DR002',
		DETAIL = fault_detail('transferred', 'state', '2.1(2)②(a), ④(f)',
			'移管済の行は変更できません。移管先の機関の台帳を変更してください。',
			'What was handed over stays as it was: change the row of the 機関 that has it.');
END $$;
CREATE OR REPLACE TRIGGER asset_handed_over BEFORE UPDATE ON asset FOR EACH ROW
	WHEN (OLD.state = 'transferred') EXECUTE FUNCTION asset_handed_over();

-- A change of state; days that belong to it are today's unless given.
CREATE OR REPLACE FUNCTION life_asset() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
	PERFORM life_judge('asset', OLD.state, NEW.state,
		jsonb_build_object('adopted', NEW.adopted));
	IF NEW.state = 'retired' THEN
		NEW.retired_on := coalesce(NEW.retired_on, act_today());
	ELSIF OLD.state = 'suspended' AND NEW.state = 'in_operation' THEN
		PERFORM resumption_judge(OLD);
	ELSIF OLD.state = 'planned' AND NEW.state = 'in_operation' THEN
		NEW.operation_started_on := coalesce(NEW.operation_started_on, act_today());
	END IF;
	RETURN NEW;
END $$;
CREATE OR REPLACE FUNCTION life_medium() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
	PERFORM life_judge('external_media', OLD.state, NEW.state, '{}');
	RETURN NEW;
END $$;
CREATE OR REPLACE TRIGGER life_update BEFORE UPDATE ON asset FOR EACH ROW
	WHEN (OLD.state IS DISTINCT FROM NEW.state) EXECUTE FUNCTION life_asset();
CREATE OR REPLACE TRIGGER life_update BEFORE UPDATE ON external_media FOR EACH ROW
	WHEN (OLD.state IS DISTINCT FROM NEW.state) EXECUTE FUNCTION life_medium();

-- New rows begin as 下書き, or registered by who may register: once per statement, for imports.
CREATE OR REPLACE FUNCTION life_begins() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
	r record;
BEGIN
	FOR r IN EXECUTE CASE TG_TABLE_NAME WHEN 'asset'
		THEN 'SELECT DISTINCT state, adopted FROM new_rows WHERE state <> ''draft'''
		ELSE 'SELECT DISTINCT state, NULL AS adopted FROM new_rows WHERE state <> ''draft''' END
	LOOP
		PERFORM life_judge(TG_TABLE_NAME::text, 'draft', r.state,
			jsonb_build_object('adopted', r.adopted));
	END LOOP;
	RETURN NULL;
END $$;
CREATE OR REPLACE TRIGGER a_life_insert AFTER INSERT ON asset REFERENCING NEW TABLE AS new_rows
	FOR EACH STATEMENT EXECUTE FUNCTION life_begins();
CREATE OR REPLACE TRIGGER a_life_insert AFTER INSERT ON external_media
	REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION life_begins();

-- One act on one row, as one statement of the daemon.  SECURITY DEFINER, because 機関CSIRT stops
-- what it only sees (2.1(2)⑥(c)): an office without any right to write acts within what it sees,
-- the others within what they write.  Nothing but the state and the columns of the act changes.
CREATE OR REPLACE FUNCTION life_build(ledger text, key text, cols text[]) RETURNS void
	LANGUAGE plpgsql AS $$
DECLARE
	reaches text := format('CASE WHEN (SELECT reach(%s)) <> ''n'' OR (SELECT scope_all()) THEN %s '
		'ELSE true END', CASE ledger WHEN 'asset' THEN 2 ELSE 4 END,
		scope_expression(ledger, true));
	stamps text := 'row_version = a.row_version + 1, updated_by = acting_person(), '
		'updated_at = now()';
BEGIN
	EXECUTE format($f$
		CREATE OR REPLACE FUNCTION %1$I(no text, what text, doc jsonb, seen_version text)
			RETURNS SETOF %2$I LANGUAGE plpgsql SECURITY DEFINER
			SET search_path = public, pg_temp AS $b$
		DECLARE
			t %2$I;
			l life;
			may boolean;
		BEGIN
			SELECT a.* INTO t FROM %2$I a WHERE a.%3$I = no AND %4$s FOR UPDATE;
			IF NOT FOUND THEN
				RETURN;
			END IF;
			SELECT %5$s INTO may FROM %2$I a WHERE a.%3$I = no;
			IF may IS NOT TRUE THEN
				RAISE EXCEPTION 'out of reach' USING ERRCODE = 'DR004';
			END IF;
			IF t.row_version::text <> seen_version THEN
				RETURN;
			END IF;
			SELECT x.* INTO l FROM life x WHERE x.ledger = %2$L AND x.action = what
				AND x.from_state = t.state AND doc @> x.given AND x.offices <> '{}'
			ORDER BY x.given = '{}' LIMIT 1;
			IF NOT FOUND THEN
				RAISE EXCEPTION 'not from %%', t.state USING ERRCODE = 'DR002',
					DETAIL = life_possible(%2$L, t.state);
			ELSIF NOT act_is_local() AND NOT life_may(l) THEN
				RAISE EXCEPTION 'not by this office: %%', l.action USING ERRCODE = 'DR004',
					DETAIL = life_who(l);
			END IF;
			RETURN QUERY UPDATE %2$I a SET %6$s state = l.to_state, %7$s
			WHERE a.%3$I = no RETURNING a.*;
		END $b$ $f$, ledger || '_act', ledger, key, scope_expression(ledger, false), reaches,
		(SELECT string_agg(format('%I = coalesce((jsonb_populate_record(NULL::%I, doc)).%1$I, '
			'a.%1$I),', c, ledger), ' ') FROM unnest(cols) c), stamps);
	-- What may be done with a row now, by whom, and whether by who asks.
	EXECUTE format($f$
		CREATE OR REPLACE FUNCTION %1$I(no text) RETURNS TABLE (action text, given jsonb,
			to_state text, offices text[], clause text, ja text, en text, may boolean)
			LANGUAGE sql STABLE AS $b$
			SELECT l.action, l.given, l.to_state, l.offices, l.clause, l.ja, l.en,
				coalesce((SELECT scope_all()) OR acting('office') = ANY (l.offices), false)
				AND coalesce(%4$s, false)
			FROM %2$I a JOIN life l ON l.ledger = %2$L AND l.from_state = a.state
				AND l.offices <> '{}'
			WHERE a.%3$I = no ORDER BY l.sort $b$ $f$, ledger || '_actions', ledger, key, reaches);
END $$;

DELETE FROM life;
