-- Ratings (格付け): proposed by whoever writes the row, confirmed by who answers for it (2.2(2)②).

-- Offices that confirm: those that the table of offices marks; a test compares.
CREATE OR REPLACE FUNCTION rating_offices() RETURNS text[] LANGUAGE sql IMMUTABLE AS $$
	SELECT '{ism,iso}'::text[] $$;

-- May the act confirm a rating of this unit that somebody has proposed?  The ISM of the nearest
-- unit upwards that has one; never who proposed it.  Where nobody else is left, or there is no ISM
-- at all, the 情報セキュリティ責任者 acts for the missing one; and who decided on the review of a
-- rating that was handed on, or confirmed it (3.1(2)①(c)).  A token never confirms.
DROP FUNCTION IF EXISTS act_rates(text, text);
CREATE OR REPLACE FUNCTION act_rates(at_institution text, of_unit text, proposed_by text)
	RETURNS boolean LANGUAGE plpgsql STABLE
	SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
	RETURN coalesce(acting_person() IS DISTINCT FROM proposed_by
		AND NOT EXISTS (SELECT FROM token t WHERE t.id = acting('account'))
		AND (EXISTS (SELECT FROM request r WHERE r.request_no = acting('rating_request')
			AND r.request_type = 'rating_review' AND r.state = 'approved'
			AND r.institution = at_institution AND (r.escalated OR r.same_person_exception)
			AND acting_person() = coalesce(r.same_person_confirmed_by, r.decided_by))
		OR EXISTS (SELECT FROM acting_appointments() a WHERE a.institution = at_institution)
		AND CASE acting('office')
		WHEN 'ism' THEN acting_person() IN (SELECT n.person
			FROM nearest_office(of_unit, 'ism', act_today()) n)
		WHEN 'iso' THEN NOT EXISTS (SELECT FROM nearest_office(of_unit, 'ism', act_today()) n
			WHERE n.person IS DISTINCT FROM proposed_by)
		ELSE false END), false);
END $$;

-- Why not: one fault.
CREATE OR REPLACE FUNCTION rating_refusal(proposed_by text, key text) RETURNS jsonb
	LANGUAGE sql STABLE AS $$
	SELECT (CASE WHEN acting_person() = proposed_by
		THEN fault_detail('own_proposal', 'rating_status', '2.2(2)②',
			'自分が提案した格付けは確定できません。情報セキュリティ責任者等の確認を受けてください。',
			'Who proposed a rating does not confirm it; the 情報セキュリティ責任者 does.')
		ELSE fault_detail('office_needed', 'rating_status', '2.2(2)②',
			'格付けを確定するのは、最も近い部署の情報セキュリティ管理者（いない場合は情報セキュリティ責任者）です。',
			'The 情報セキュリティ管理者 of the nearest unit confirms; where there is none, the '
			'情報セキュリティ責任者.') END)::jsonb -> 0 || jsonb_build_object('value', key) $$;

-- Is this what a review has on record as the rating before it raised it, and has it not been approved?
CREATE OR REPLACE FUNCTION rating_given_back(no text, now_is jsonb) RETURNS boolean
	LANGUAGE sql STABLE AS $$
	SELECT coalesce(acting('rating_before'), '') <> '' AND EXISTS (SELECT FROM request_step s
		JOIN request r ON r.request_no = s.request
		WHERE r.request_no = acting('rating_request') AND r.request_type = 'rating_review'
			AND no IN (r.asset, r.medium) AND r.state IN ('draft', 'returned', 'withdrawn', 'rejected')
			AND s.given->'raise'->'before' = acting('rating_before')::jsonb)
		AND now_is @> (acting('rating_before')::jsonb - 'rating_proposed_by') $$;

-- The rating columns of a ledger:
--   rate(key, values, version)  confirms, as one act; nothing is returned if there is no such row
--   rate_all(keys)              confirms several as they are: all or none
--   lowers(old, new)            is something of it lowered or left out?
--   lowers_confirmed(old, new)  so that it is below what was confirmed last, as the log has it: who
--                               raises a confirmed rating first lowers it no further for that
--   the trigger                 notes who proposes, makes every change of a confirmed rating a
--                               proposal again, and refuses to lower what was confirmed (3.1(2)①(c))
-- levels: compared as figures; list: a column that must not lose an element, or NULL.
DROP FUNCTION IF EXISTS rating_build(text, text, text[], boolean);
CREATE OR REPLACE FUNCTION rating_build(ledger text, key text, cols text[], levels text[],
	list text, dated boolean) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
	t text;
	all_cols text := array_to_string(cols, ', ');
	old_cols text := (SELECT string_agg('OLD.' || c, ', ') FROM unnest(cols) c);
	new_cols text := (SELECT string_agg('NEW.' || c, ', ') FROM unnest(cols) c);
	lowers text := (SELECT string_agg(format('n.%1$I < o.%1$I', c), ' OR ') FROM unnest(levels) c)
		|| CASE WHEN list IS NULL THEN '' ELSE format(' OR NOT coalesce(n.%1$I, ''{}'') @> '
			'coalesce(o.%1$I, ''{}'')', list) END;
	stamp text := CASE WHEN dated
		THEN 'NEW.rating_by := acting_person(); NEW.rating_on := act_today();' ELSE '' END;
	clear text := CASE WHEN dated
		THEN 'NEW.rating_by := NULL; NEW.rating_on := NULL;' ELSE '' END;
BEGIN
	FOREACH t IN ARRAY ARRAY[ledger, ledger || '_staging'] LOOP
		EXECUTE format('CREATE OR REPLACE FUNCTION %I(o %I, n %I) RETURNS boolean LANGUAGE sql '
			'IMMUTABLE AS $b$ SELECT coalesce(%s, false) $b$', ledger || '_lowers', ledger, t,
			lowers);
		EXECUTE format($f$
			CREATE OR REPLACE FUNCTION %1$I(o %2$I, n %3$I) RETURNS boolean LANGUAGE plpgsql STABLE
				SECURITY DEFINER SET search_path = public, pg_temp AS $b$
			BEGIN
				IF NOT %4$I(o, n) OR o.rating_status = 'confirmed' THEN
					RETURN %4$I(o, n);
				END IF;
				RETURN coalesce((SELECT %4$I(jsonb_populate_record(NULL::%2$I, e.after), n)
					FROM audit_event e WHERE e.object_type = %2$L AND e.object = o.%5$I
						AND e.after->>'rating_status' = 'confirmed'
					ORDER BY e.id DESC LIMIT 1), false);
			END $b$ $f$, ledger || '_lowers_confirmed', ledger, t, ledger || '_lowers', key);
	END LOOP;
	EXECUTE format($f$
		CREATE OR REPLACE FUNCTION %1$I() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
			SET search_path = public, pg_temp AS $b$
		DECLARE
			changed boolean := false;
			proposed_by text := acting_person();
		BEGIN
			IF TG_OP = 'UPDATE' THEN
				changed := ROW(true, %2$s) IS DISTINCT FROM ROW(true, %3$s);
				proposed_by := OLD.rating_proposed_by;
			END IF;
			IF changed AND acting('rating') = 'inherit' AND pg_trigger_depth() > 1 THEN
				-- from a component: nobody's proposal
				NEW.rating_status := 'provisional';
				proposed_by := NULL;
				%5$s
			ELSIF changed AND rating_given_back(NEW.%7$I, to_jsonb(NEW)) THEN
				-- as it was before the review that was refused (3.1(2)①(c))
				proposed_by := nullif(acting('rating_before')::jsonb->>'rating_proposed_by', '');
			ELSIF NEW.rating_status = 'confirmed' AND (TG_OP = 'INSERT' OR acting('rating') = 't'
				OR (NOT changed AND OLD.rating_status <> 'confirmed')) THEN
				IF NOT act_rates(NEW.institution, NEW.unit, proposed_by) THEN
					RAISE EXCEPTION 'not the one who rates' USING ERRCODE = 'DR001',
						DETAIL = rule_messages('{CLS-08}');
				END IF;
				%4$s
			ELSIF changed THEN
				IF %6$I(OLD, NEW) THEN
					RAISE EXCEPTION 'a confirmed rating' USING ERRCODE = 'DR003',
						DETAIL = rule_messages('{CLS-16}');
				END IF;
				NEW.rating_status := 'provisional';
				proposed_by := acting_person();
				%5$s
			END IF;
			NEW.rating_proposed_by := proposed_by;
			RETURN NEW;
		END $b$ $f$, ledger || '_rating', old_cols, new_cols, stamp, clear,
		ledger || '_lowers_confirmed', key);
	EXECUTE format('CREATE OR REPLACE TRIGGER rating_insert BEFORE INSERT ON %I FOR EACH ROW '
		'WHEN (NEW.rating_status = ''confirmed'' OR NEW.rating_proposed_by IS DISTINCT FROM '
		'acting_person()) EXECUTE FUNCTION %I()', ledger, ledger || '_rating');
	EXECUTE format('CREATE OR REPLACE TRIGGER rating_update BEFORE UPDATE ON %I FOR EACH ROW WHEN '
		'(ROW(true, %s, OLD.rating_status, OLD.rating_proposed_by%s) IS DISTINCT FROM '
		'ROW(true, %s, NEW.rating_status, NEW.rating_proposed_by%s)) EXECUTE FUNCTION %I()',
		ledger, old_cols, CASE WHEN dated THEN ', OLD.rating_by, OLD.rating_on' ELSE '' END,
		new_cols, CASE WHEN dated THEN ', NEW.rating_by, NEW.rating_on' ELSE '' END,
		ledger || '_rating');
	EXECUTE format($f$
		CREATE OR REPLACE FUNCTION %1$I(no text, given jsonb, seen_version text)
			RETURNS SETOF %2$I LANGUAGE plpgsql SECURITY DEFINER
			SET search_path = public, pg_temp AS $b$
		DECLARE
			t %2$I;
		BEGIN
			SELECT a.* INTO t FROM %2$I a WHERE a.%3$I = no AND a.state <> 'draft'
				AND a.row_version::text = seen_version AND %4$s FOR UPDATE;
			IF NOT FOUND THEN
				RETURN;
			END IF;
			IF NOT act_rates(t.institution, t.unit, t.rating_proposed_by) THEN
				RAISE EXCEPTION 'not the one who rates' USING ERRCODE = 'DR004',
					DETAIL = jsonb_build_array(rating_refusal(t.rating_proposed_by, NULL));
			END IF;
			PERFORM set_config('daicho.rating', 't', true);
			RETURN QUERY UPDATE %2$I a SET (%5$s) =
				(SELECT %5$s FROM jsonb_populate_record(t, given)),
				rating_status = 'confirmed', row_version = a.row_version + 1,
				updated_by = acting_person(), updated_at = now()
			WHERE a.%3$I = no RETURNING a.*;
			PERFORM set_config('daicho.rating', '', true);
		END $b$ $f$, ledger || '_rate', ledger, key, scope_expression(ledger, false), all_cols);
	-- what is confirmed already stays as it is
	EXECUTE format($f$
		CREATE OR REPLACE FUNCTION %1$I(keys text[]) RETURNS SETOF text LANGUAGE plpgsql
			SECURITY DEFINER SET search_path = public, pg_temp AS $b$
		DECLARE
			bad jsonb;
		BEGIN
			PERFORM FROM %2$I a WHERE a.%3$I = ANY (keys) ORDER BY a.%3$I FOR UPDATE;
			SELECT jsonb_agg(CASE
				WHEN a.%3$I IS NULL THEN fault_detail('unknown_reference', 'keys', NULL,
					'該当する登録がありません。', 'There is no such row.')::jsonb -> 0
					|| jsonb_build_object('value', k.key)
				WHEN a.state = 'draft' THEN fault_detail('wrong_state', 'keys', '2.2(2)②',
					'下書きの格付けは確定できません。', 'A draft has no rating to confirm.')::jsonb -> 0
					|| jsonb_build_object('value', k.key)
				ELSE rating_refusal(a.rating_proposed_by, k.key) END ORDER BY k.n) INTO bad
			FROM unnest(keys) WITH ORDINALITY k (key, n)
			LEFT JOIN %2$I a ON a.%3$I = k.key AND %4$s
			WHERE a.%3$I IS NULL OR a.state = 'draft' OR (a.rating_status <> 'confirmed'
				AND NOT act_rates(a.institution, a.unit, a.rating_proposed_by));
			IF bad IS NOT NULL THEN
				RAISE EXCEPTION 'not all can be confirmed' USING ERRCODE = 'DR001', DETAIL = bad;
			END IF;
			RETURN QUERY UPDATE %2$I a SET rating_status = 'confirmed',
				row_version = a.row_version + 1, updated_by = acting_person(), updated_at = now()
			WHERE a.%3$I = ANY (keys) AND a.rating_status <> 'confirmed' RETURNING a.%3$I;
		END $b$ $f$, ledger || '_rate_all', ledger, key, scope_expression(ledger, false));
END $$;

-- Handling restrictions follow from the level, upper levels holding those of the lower ones
-- (table of 2.2(2)②): all of them where none is given, what is missing when the level is raised.
-- Nothing is taken away; what the one who confirms has chosen stays as it is.
CREATE OR REPLACE FUNCTION rating_restrict() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
	now_given text[] := coalesce(NEW.handling_restrictions, '{}');
BEGIN
	IF TG_OP = 'UPDATE' THEN
		IF acting('rating') = 't' AND NEW.rating_status = 'confirmed' AND now_given <> '{}'
			AND NEW.handling_restrictions IS DISTINCT FROM OLD.handling_restrictions THEN
			RETURN NEW;
		END IF;
	END IF;
	NEW.handling_restrictions := now_given || ARRAY(SELECT x FROM unnest(
		rating_restrictions(NEW.confidentiality, NEW.institution)) WITH ORDINALITY r (x, n)
		WHERE x <> ALL (now_given) ORDER BY n);
	RETURN NEW;
END $$;
CREATE OR REPLACE TRIGGER restrictions_insert BEFORE INSERT ON asset FOR EACH ROW
	WHEN (NEW.state <> 'draft' AND NEW.confidentiality >= 2
		AND coalesce(NEW.handling_restrictions, '{}') = '{}')
	EXECUTE FUNCTION rating_restrict();
CREATE OR REPLACE TRIGGER restrictions_update BEFORE UPDATE ON asset FOR EACH ROW
	WHEN (NEW.state <> 'draft' AND NEW.confidentiality >= 2
		AND (coalesce(NEW.handling_restrictions, '{}') = '{}'
		OR (OLD.state <> 'draft' AND NEW.confidentiality > coalesce(OLD.confidentiality, 0))))
	EXECUTE FUNCTION rating_restrict();

-- A system is rated at least as high as its live components: at once, up the whole chain
-- (3.1(2)①(b), A39).  個人情報 without the consent of the persons goes from 1 to 3 (CLS-02).
CREATE OR REPLACE FUNCTION rating_inherit() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
	SET search_path = public, pg_temp AS $$
DECLARE
	why text := acting('reason');
	rating text := acting('rating');
	p record;
BEGIN
	FOR p IN SELECT n.parent_asset AS no, max(n.confidentiality) AS level,
			(array_agg(n.asset_no ORDER BY n.confidentiality DESC, n.asset_no))[1] AS component
		FROM new_rows n JOIN asset x ON x.asset_no = n.parent_asset
		WHERE asset_is_live(n.state) AND (asset_is_live(x.state) OR x.state = 'draft')
			AND coalesce(x.confidentiality, 0) < n.confidentiality
		GROUP BY n.parent_asset
	LOOP
		PERFORM set_config('daicho.reason', format('構成要素 %s の格付けの継承（3.1(2)①(b)）',
			p.component), true), set_config('daicho.rating', 'inherit', true);
		UPDATE asset a SET confidentiality = CASE WHEN p.level = 2 AND a.has_personal_info
				AND a.personal_info_consent IS NOT TRUE THEN 3 ELSE p.level END,
			row_version = a.row_version + 1, updated_by = acting_person(), updated_at = now()
		WHERE a.asset_no = p.no;
		PERFORM set_config('daicho.reason', coalesce(why, ''), true),
			set_config('daicho.rating', coalesce(rating, ''), true);
	END LOOP;
	RETURN NULL;
END $$;
CREATE OR REPLACE TRIGGER inherit_insert AFTER INSERT ON asset REFERENCING NEW TABLE AS new_rows
	FOR EACH STATEMENT EXECUTE FUNCTION rating_inherit();
CREATE OR REPLACE TRIGGER inherit_update AFTER UPDATE ON asset REFERENCING NEW TABLE AS new_rows
	FOR EACH STATEMENT EXECUTE FUNCTION rating_inherit();

-- Nothing is part of itself.
CREATE OR REPLACE FUNCTION parent_judge() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
	SET search_path = public, pg_temp AS $$
BEGIN
	IF EXISTS (WITH RECURSIVE up (no) AS (
			SELECT NEW.parent_asset
			UNION
			SELECT a.parent_asset FROM asset a JOIN up ON a.asset_no = up.no
			WHERE a.parent_asset IS NOT NULL
		) SELECT FROM up WHERE no = NEW.asset_no) THEN
		RAISE EXCEPTION 'part of itself' USING ERRCODE = 'DR001', DETAIL = fault_detail(
			'parent_cycle', 'parent_asset', '別紙「機器等」',
			'自分自身又は自分の構成要素に属することはできません。',
			'A system cannot belong to itself or to one of its components.');
	END IF;
	RETURN NULL;
END $$;
CREATE OR REPLACE TRIGGER parent_insert AFTER INSERT ON asset FOR EACH ROW
	WHEN (NEW.parent_asset = NEW.asset_no) EXECUTE FUNCTION parent_judge();
CREATE OR REPLACE TRIGGER parent_update AFTER UPDATE ON asset FOR EACH ROW
	WHEN (NEW.parent_asset IS NOT NULL AND NEW.parent_asset IS DISTINCT FROM OLD.parent_asset)
	EXECUTE FUNCTION parent_judge();
