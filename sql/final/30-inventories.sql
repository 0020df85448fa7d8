-- 棚卸し (2.2(1), 2.1(2)④(f)).  After rules and policies, which it asks.

-- A campaign is opened and closed by who keeps the ledgers of the 機関, one at a time.
CREATE OR REPLACE FUNCTION inventory_kept() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
	SET search_path = public, pg_temp AS $$
DECLARE
	may text[] := '{title,closes_on,closed_on,row_version,updated_by,updated_at}';
	other text;
BEGIN
	IF acting('office') IS NOT NULL AND acting('office') NOT IN ('iso', 'general_iso') THEN
		RAISE EXCEPTION 'no office for this' USING ERRCODE = 'DR004';
	END IF;
	IF TG_OP = 'INSERT' THEN
		NEW.closed_on := NULL;
		-- 年度: from April on
		NEW.fiscal_year := coalesce(NEW.fiscal_year,
			extract(year FROM NEW.opens_on - interval '3 months')::integer);
		NEW.ledgers := coalesce(NEW.ledgers, '{assets,media}');
	ELSIF OLD.closed_on IS NOT NULL OR to_jsonb(OLD) - may <> to_jsonb(NEW) - may THEN
		RAISE EXCEPTION 'closed' USING ERRCODE = 'DR002', DETAIL = fault_detail(
			'inventory_closed', NULL, '2.2(1)', '締め切った棚卸しは変更できません。',
			'A campaign that was closed is not changed.');
	ELSIF NEW.closes_on <> OLD.closes_on AND NEW.closes_on < act_today() THEN
		RAISE EXCEPTION 'in the past' USING ERRCODE = 'DR001', DETAIL = fault_detail(
			'in_the_past', 'closes_on', '2.2(1)', '期限は本日以後の日付にしてください。',
			'It ends today or later.');
	END IF;
	PERFORM FROM institution i WHERE i.code = NEW.institution FOR UPDATE;
	SELECT i.inventory_no INTO other FROM inventory i WHERE i.institution = NEW.institution
		AND i.inventory_no <> NEW.inventory_no
		AND daterange(i.opens_on, coalesce(i.closed_on, i.closes_on), '[]')
		&& daterange(NEW.opens_on, greatest(NEW.opens_on,
			coalesce(NEW.closed_on, NEW.closes_on)), '[]') LIMIT 1;
	IF other IS NOT NULL AND NEW.closes_on >= NEW.opens_on AND NEW.closed_on IS NULL THEN
		RAISE EXCEPTION 'overlaps' USING ERRCODE = 'DR002', DETAIL = fault_detail(
			'overlaps', 'opens_on', '2.2(1)', '期間が重なる棚卸しがあります（' || other || '）。',
			'It overlaps with another campaign: ' || other || '.');
	END IF;
	RETURN NEW;
END $$;
CREATE OR REPLACE TRIGGER a_inventory_kept BEFORE INSERT OR UPDATE ON inventory
	FOR EACH ROW EXECUTE FUNCTION inventory_kept();

-- The live rows of a 機関, and who is to answer for each: as much as the caller sees.
CREATE OR REPLACE FUNCTION inventory_rows(at_institution text, of_ledgers text[])
	RETURNS TABLE (ledger text, object text, name text, unit text, person text, deputy text,
		area text, last_on date, created_on date, confidentiality smallint)
	LANGUAGE sql STABLE AS $$
	SELECT 'assets', a.asset_no, a.name, a.unit, a.sysadmin, a.operator, a.location_area,
		a.last_inventory_on, a.created_at::date, a.confidentiality FROM asset a
	WHERE a.institution = at_institution AND 'assets' = ANY (of_ledgers) AND asset_is_live(a.state)
	UNION ALL
	SELECT 'media', m.media_no, m.name, m.unit, m.custodian, m.sysadmin, m.storage_area,
		m.last_checked_on, m.created_at::date, m.confidentiality FROM external_media m
	WHERE m.institution = at_institution AND 'media' = ANY (of_ledgers) AND medium_is_live(m.state)
	$$;

-- Rows nobody has answered for yet, and how many each person has: as much as the caller sees.
CREATE OR REPLACE FUNCTION inventory_expected(no text)
	RETURNS TABLE (ledger text, key text, name text, unit text, person text, person_name text,
		area text, last_on date, confidentiality smallint, answered boolean)
	LANGUAGE sql STABLE AS $$
	SELECT r.ledger, r.object, r.name, r.unit, r.person, p.name_ja, r.area, r.last_on,
		r.confidentiality, EXISTS (SELECT FROM inventory_answer a WHERE a.inventory = no
			AND a.ledger = r.ledger AND a.object = r.object)
	FROM inventory i, inventory_rows(i.institution, i.ledgers) r LEFT JOIN person p
		ON p.login = r.person
	-- what was registered after the end was not asked about
	WHERE i.inventory_no = no AND r.created_on <= coalesce(i.closed_on, i.closes_on) $$;

-- The figures of a campaign are for all who read the ledgers of the 機関, however far they reach.
CREATE OR REPLACE FUNCTION inventory_totals(no text) RETURNS jsonb LANGUAGE sql STABLE
	SECURITY DEFINER SET search_path = public, pg_temp AS $$
	WITH campaign AS (
		SELECT i.* FROM inventory i WHERE i.inventory_no = no AND ((SELECT scope_all())
			OR i.institution = ANY ((SELECT scope_of(false))::text[]))
	), latest AS (
		SELECT DISTINCT ON (a.ledger, a.object) a.ledger, a.object, a.unit, a.answer
		FROM campaign c JOIN inventory_answer a ON a.inventory = c.inventory_no
		ORDER BY a.ledger, a.object, a.answer_no DESC
	), every AS (
		-- who was retired is no longer live, but has been answered for
		SELECT ledger, coalesce(r.unit, l.unit) AS unit, l.answer
		FROM (SELECT x.* FROM campaign c, inventory_rows(c.institution, c.ledgers) x
			WHERE x.created_on <= coalesce(c.closed_on, c.closes_on)) r
		FULL JOIN latest l USING (ledger, object)
	)
	SELECT jsonb_build_object('expected', count(*), 'answered', count(e.answer),
		'rate', round(count(e.answer)::numeric / nullif(count(*), 0), 3),
		'answers', jsonb_build_object(
			'confirmed', count(*) FILTER (WHERE e.answer = 'confirmed'),
			'corrected', count(*) FILTER (WHERE e.answer = 'corrected'),
			'retired', count(*) FILTER (WHERE e.answer = 'retired'),
			'not_found', count(*) FILTER (WHERE e.answer = 'not_found')),
		'ledgers', coalesce((SELECT jsonb_agg(to_jsonb(g) ORDER BY g.ledger) FROM (
			SELECT x.ledger, count(*) AS expected, count(x.answer) AS answered,
				round(count(x.answer)::numeric / count(*), 3) AS rate
			FROM every x GROUP BY 1) g), '[]'),
		'units', coalesce((SELECT jsonb_agg(to_jsonb(g) ORDER BY g.unit) FROM (
			SELECT x.unit, count(*) AS expected, count(x.answer) AS answered,
				round(count(x.answer)::numeric / count(*), 3) AS rate
			FROM every x GROUP BY 1) g), '[]'))
	FROM every e $$;

-- Has the row been changed since the campaign began, by anything but being looked at?
CREATE OR REPLACE FUNCTION inventory_changed(of_table text, no text, since date) RETURNS boolean
	LANGUAGE sql STABLE AS $$
	SELECT EXISTS (SELECT FROM audit_event e WHERE e.object_type = of_table AND e.object = no
		AND e.action IN ('insert', 'update') AND e.at + (act_now() - now()) >= since::timestamptz
		AND coalesce(e.operation, '') NOT IN ('answerInventory', 'checkMedia')) $$;

-- Each answer with the row that it means, or with the code of what is wrong with it.
CREATE OR REPLACE FUNCTION inventory_judge(c inventory, lines text[], ledgers text[], keys text[],
	answers text[], notes text[]) RETURNS TABLE (line integer, ledger text, object text,
		unit text, answer text, note text, typed text, fault text) LANGUAGE sql STABLE AS $$
	WITH given AS (
		SELECT u.l::integer AS line, nullif(u.g, '') AS ledger, scanned_number(u.k) AS no, u.k,
			u.a AS said, nullif(u.n, '') AS note
		FROM unnest(lines, ledgers, keys, answers, notes) u (l, g, k, a, n)
	), placed AS (
		SELECT g.line, g.no, g.k, g.said, g.note, coalesce(g.ledger, CASE WHEN EXISTS (
			SELECT FROM asset x WHERE x.asset_no = g.no AND x.institution = c.institution)
			THEN 'assets' ELSE 'media' END) AS ledger FROM given g
	), rows AS (
		SELECT p.*, r.*, min(p.said) OVER same <> max(p.said) OVER same AS differs
		FROM placed p LEFT JOIN LATERAL (
			SELECT a.asset_no AS object, a.unit, asset_is_live(a.state) AS live,
				a.state IN ('retired', 'sanitised', 'disposed') AS ended,
				asset_may_change(a) OR acting_person() IN (a.sysadmin, a.operator) AS may,
				'asset' AS of_table, asset_violation_r(a) AS codes
			FROM asset a WHERE p.ledger = 'assets' AND a.asset_no = p.no
				AND a.institution = c.institution AND asset_may_see(a)
			UNION ALL
			SELECT m.media_no, m.unit, medium_is_live(m.state),
				m.state IN ('retired', 'sanitised', 'disposed'),
				external_media_may_change(m) OR acting_person() IN (m.custodian, m.sysadmin),
				'external_media', media_violation_r(m)
			FROM external_media m WHERE p.ledger = 'media' AND m.media_no = p.no
				AND m.institution = c.institution AND external_media_may_see(m)) r ON true
		WINDOW same AS (PARTITION BY p.ledger, p.no)
	)
	SELECT r.line, r.ledger, r.object, r.unit, r.said, r.note, r.k, CASE
		WHEN NOT r.ledger = ANY (c.ledgers) THEN 'not_in_campaign'
		WHEN r.object IS NULL THEN 'unknown_reference'
		WHEN r.may IS NOT TRUE THEN 'not_allowed'
		WHEN r.differs THEN 'key_duplicate'
		WHEN r.said = 'retired' AND NOT r.ended THEN 'not_retired'
		WHEN r.said <> 'retired' AND NOT r.live THEN 'not_live'
		WHEN r.said = 'corrected' AND NOT inventory_changed(r.of_table, r.object, c.opens_on)
			THEN 'not_corrected'
		WHEN r.said IN ('confirmed', 'corrected') AND cardinality(r.codes) > 0
			THEN 'rules_violated' END
	FROM rows r $$;

CREATE OR REPLACE FUNCTION inventory_fault(code text) RETURNS jsonb LANGUAGE sql IMMUTABLE AS $$
	SELECT (fault_detail(code, CASE WHEN code IN ('not_retired', 'not_corrected') THEN 'answer'
		ELSE 'key' END, '2.2(1)', ja, en)::jsonb)->0
	FROM (VALUES
		('not_in_campaign', '今回の棚卸しの対象の台帳ではありません。',
			'The campaign is not about this ledger.'),
		('unknown_reference', '該当する登録がありません。', 'There is no such row.'),
		('not_allowed', '自分が担当する行ではなく、変更もできません。',
			'The row does not name you, and your office may not change it.'),
		('key_duplicate', '同じ番号に異なる結果があります。',
			'The same number has different answers.'),
		('not_retired', '台帳で使用終了になっていません。先に使用終了を登録してください。',
			'The row is not retired in the register; retire it first.'),
		('not_live', '棚卸しの対象となる状態ではありません。', 'The row is not live.'),
		('not_corrected', '棚卸しの開始後に変更されていません。先に行を修正してください。',
			'The row has not been changed since the campaign began; correct it first.'),
		('rules_violated', '必須の規則を満たしていません。先に行を修正してください。',
			'The row breaks mandatory rules; correct it first.')) v (c, ja, en) WHERE c = code $$;

-- Takes answers, all or none; NULL: no such campaign.  The owner writes, so that a 保管責任者
-- without an office that writes can answer for the own rows: whose they are is asked above.
-- picked: the rows were not named one by one, so those of others are left out.
CREATE OR REPLACE FUNCTION inventory_answer_put(no text, lines text[], ledgers text[],
	keys text[], answers text[], notes text[], picked boolean) RETURNS jsonb LANGUAGE plpgsql
	SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
	c inventory;
	faults jsonb;
	result jsonb;
BEGIN
	SELECT i.* INTO c FROM inventory i WHERE i.inventory_no = no
		AND (scope_all() OR i.institution = ANY (scope_of(false)));
	IF NOT FOUND THEN
		RETURN NULL;
	END IF;
	IF c.closed_on IS NOT NULL OR act_today() NOT BETWEEN c.opens_on AND c.closes_on THEN
		RAISE EXCEPTION 'not open' USING ERRCODE = 'DR002', DETAIL = fault_detail(
			'inventory_not_open', NULL, '2.2(1)', '棚卸しの期間ではありません。',
			'The campaign is not open.');
	END IF;
	SELECT jsonb_agg(inventory_fault(j.fault) || jsonb_build_object('line', j.line, 'value',
		j.typed) ORDER BY j.line, j.typed) INTO faults
	FROM inventory_judge(c, lines, ledgers, keys, answers, notes) j
	WHERE j.fault IS NOT NULL AND NOT (picked AND j.fault = 'not_allowed');
	IF faults IS NOT NULL THEN
		RAISE EXCEPTION 'wrong answers' USING ERRCODE = 'DR001', DETAIL = faults::text;
	END IF;
	WITH judged AS MATERIALIZED (
		SELECT DISTINCT ON (j.ledger, j.object) j.*,
			(SELECT ROW(a.answer, a.note) FROM inventory_answer a WHERE a.inventory = no
				AND a.ledger = j.ledger AND a.object = j.object
				ORDER BY a.answer_no DESC LIMIT 1) IS NOT DISTINCT FROM ROW(j.answer, j.note)
				AS known
		FROM inventory_judge(c, lines, ledgers, keys, answers, notes) j
		WHERE j.fault IS NULL ORDER BY j.ledger, j.object, j.line DESC
	), told AS (
		INSERT INTO inventory_answer (inventory, institution, ledger, object, unit, answer, note,
			office, at) SELECT no, c.institution, j.ledger, j.object, j.unit, j.answer, j.note,
			acting('office'), act_now()
		FROM judged j WHERE NOT j.known
	), assets AS (
		UPDATE asset x SET last_inventory_on = act_today(), row_version = x.row_version + 1,
			updated_by = acting_person(), updated_at = now()
		FROM judged j WHERE j.ledger = 'assets' AND x.asset_no = j.object
			AND j.answer IN ('confirmed', 'corrected')
			AND x.last_inventory_on IS DISTINCT FROM act_today()
	), media AS (
		UPDATE external_media x SET last_checked_on = act_today(),
			row_version = x.row_version + 1, updated_by = acting_person(), updated_at = now()
		FROM judged j WHERE j.ledger = 'media' AND x.media_no = j.object
			AND j.answer IN ('confirmed', 'corrected')
			AND x.last_checked_on IS DISTINCT FROM act_today()
	)
	SELECT jsonb_build_object('inventory_no', no, 'answered', count(*) FILTER (WHERE NOT j.known),
		'unchanged', count(*) FILTER (WHERE j.known),
		-- of the room, but not of this person
		'left_out', CASE WHEN picked THEN cardinality(keys) - count(*) ELSE 0 END) INTO result FROM judged j;
	RETURN result;
END $$;

-- One answer for all rows of a room, or for all that name the person.
CREATE OR REPLACE FUNCTION inventory_answer_some(no text, of_ledger text, in_area text,
	mine boolean, answer text, note text) RETURNS jsonb LANGUAGE plpgsql AS $$
DECLARE
	keys text[];
BEGIN
	SELECT coalesce(array_agg(r.object ORDER BY r.object), '{}') INTO keys
	FROM inventory i, inventory_rows(i.institution, i.ledgers) r
	WHERE i.inventory_no = no AND r.ledger = of_ledger AND (r.area = in_area
		OR (mine AND acting_person() IN (r.person, r.deputy)));
	RETURN inventory_answer_put(no, array_fill('0'::text, ARRAY[cardinality(keys)]),
		array_fill(of_ledger, ARRAY[cardinality(keys)]), keys,
		array_fill(answer, ARRAY[cardinality(keys)]), array_fill(coalesce(note, ''),
		ARRAY[cardinality(keys)]), true);
END $$;
REVOKE ALL ON FUNCTION inventory_answer_put(text, text[], text[], text[], text[], text[], boolean)
	FROM PUBLIC;
