-- Media and portable assets on the move (3.1(2)④(a), 4.1(2)②(f)): what the rules MED-09 … MED-22
-- ask, and what follows from a movement by itself.

-- Recorded only when it had begun: a few minutes are for typing.
CREATE OR REPLACE FUNCTION movement_is_late(out_at timestamptz) RETURNS boolean
	LANGUAGE sql STABLE AS $$
	SELECT out_at < act_now() - interval '5 minutes' $$;

-- The highest level that travels: of the information, or of what carries it.
CREATE OR REPLACE FUNCTION moved_level(level smallint, of_medium text, of_asset text)
	RETURNS smallint LANGUAGE sql STABLE AS $$
	SELECT greatest(level, (SELECT m.confidentiality FROM external_media m
		WHERE m.media_no = of_medium), (SELECT a.confidentiality FROM asset a
		WHERE a.asset_no = of_asset)) $$;
CREATE OR REPLACE FUNCTION carrier_level(of_medium text, of_asset text) RETURNS smallint
	LANGUAGE sql STABLE AS $$
	SELECT moved_level(NULL, of_medium, of_asset) $$;

-- Was there a permission for this medium or asset when it left?  Unlike permit_ok() this is about
-- that moment, so that the answer does not change when the permission runs out afterwards; one
-- given only later is none.
CREATE OR REPLACE FUNCTION takeout_permitted(no text, of_medium text, of_asset text,
	out_at timestamptz) RETURNS boolean LANGUAGE sql STABLE AS $$
	SELECT EXISTS (SELECT FROM request r WHERE r.request_no = no
		AND r.request_type = 'media_takeout' AND r.state IN ('approved', 'completed', 'expired')
		AND r.medium IS NOT DISTINCT FROM of_medium AND r.asset IS NOT DISTINCT FROM of_asset
		AND coalesce(r.decided_at <= out_at, true)
		AND (r.valid_from IS NULL OR r.valid_from <= out_at::date)
		AND (r.valid_to IS NULL OR r.valid_to >= out_at::date)) $$;

-- Has the term ended for which it was permitted to be out?
CREATE OR REPLACE FUNCTION takeout_over(no text) RETURNS boolean LANGUAGE sql STABLE AS $$
	SELECT EXISTS (SELECT FROM request r WHERE r.request_no = no
		AND r.request_type = 'media_takeout' AND r.valid_to < act_today()) $$;

-- How a movement stood at the end of a day (today: now): still out; not back when it was due.
CREATE OR REPLACE FUNCTION movement_moment(day date) RETURNS timestamptz LANGUAGE sql STABLE AS $$
	SELECT least((day + 1)::timestamptz, act_now()) $$;
CREATE OR REPLACE FUNCTION movement_open_on(a media_movement, day date) RETURNS boolean
	LANGUAGE sql STABLE AS $$
	SELECT a.out_at < movement_moment(day)
		AND (a.returned_at IS NULL OR a.returned_at >= movement_moment(day)) $$;
CREATE OR REPLACE FUNCTION movement_overdue_on(a media_movement, day date) RETURNS boolean
	LANGUAGE sql STABLE AS $$
	SELECT movement_open_on(a, day) AND a.due_at < movement_moment(day) $$;

-- Why this medium or asset cannot leave as it is: a list as of rule_messages(), or NULL.
CREATE OR REPLACE FUNCTION movement_obstacle(of_medium text, of_asset text) RETURNS jsonb
	LANGUAGE sql STABLE AS $$
	SELECT CASE
	WHEN m.state = 'taken_out' THEN fault_detail('medium_is_out', 'medium', '4.1(2)②(f)',
		'この媒体は持出中です。返却を記録してから登録してください。',
		'The medium is out; record its return first.')
	WHEN m.state NOT IN ('stored', 'in_use') THEN fault_detail('medium_not_in_use', 'medium',
		'3.1(2)⑤(b)', '保管中・使用中の媒体だけが持ち出せます。',
		'Only a medium that is stored or in use can leave.')
	WHEN a.portable IS FALSE THEN fault_detail('asset_not_portable', 'asset', '3.1(2)④(a)',
		'可搬でない機器です。', 'The asset is not a portable one.')
	WHEN NOT asset_is_live(a.state) THEN fault_detail('asset_not_in_use', 'asset',
		'3.1(2)④(a)', '台帳で稼働中・準備中の機器だけが持ち出せます。',
		'Only an asset that is live in the register can leave.')
	WHEN EXISTS (SELECT FROM media_movement v WHERE v.asset = of_asset
		AND v.returned_at IS NULL) THEN fault_detail('asset_is_out', 'asset', '3.1(2)④(a)',
		'この機器は持出中です。返却を記録してから登録してください。',
		'The asset is out; record its return first.')
	END::jsonb
	FROM (SELECT) one LEFT JOIN external_media m ON m.media_no = of_medium
	LEFT JOIN asset a ON a.asset_no = of_asset $$;
-- The same of a row that waits in an import: the table itself may send it out twice.
CREATE OR REPLACE FUNCTION movement_obstacles(a media_movement_staging) RETURNS jsonb
	LANGUAGE sql STABLE AS $$
	SELECT CASE WHEN a.found IS NOT NULL THEN NULL
		ELSE coalesce(movement_obstacle(a.medium, a.asset), CASE WHEN EXISTS (
			SELECT FROM media_movement_staging s WHERE s.import_no = a.import_no
			AND s.line < a.line AND s.act IS DISTINCT FROM 'skip'
			AND (s.medium = a.medium OR s.asset = a.asset))
		THEN fault_detail('out_twice', CASE WHEN a.medium IS NULL THEN 'asset' ELSE 'medium'
			END, '4.1(2)②(f)', '同じものの持出しが、表の中に2つあります。',
			'The table takes the same thing out twice.')
		WHEN EXISTS (SELECT FROM media_movement v WHERE v.request = a.request)
		OR EXISTS (SELECT FROM media_movement_staging s WHERE s.import_no = a.import_no
			AND s.line < a.line AND s.request = a.request)
		THEN fault_detail('exists', 'request', '4.1(2)②(f)', '既に使われた許可です。',
			'The permission has been used already.') END::jsonb) END $$;

-- What is not for the writer to say.
CREATE OR REPLACE FUNCTION movement_begin() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
	NEW.after_the_fact := movement_is_late(NEW.out_at);
	NEW.returned_at := NULL;
	NEW.erased_on := NULL;
	NEW.return_note := NULL;
	RETURN NEW;
END $$;
CREATE OR REPLACE TRIGGER a_movement_begin BEFORE INSERT ON media_movement
	FOR EACH ROW EXECUTE FUNCTION movement_begin();

-- The act `take_out`: the medium goes out with the movement.  After the statement, when row
-- policies and references have been asked: a refusal must not tell of what may not be seen.
CREATE OR REPLACE FUNCTION movement_take_out() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
	SET search_path = public, pg_temp AS $$
DECLARE
	stays jsonb;
BEGIN
	SELECT movement_obstacle(n.medium, NULL) INTO stays FROM new_rows n
		WHERE movement_obstacle(n.medium, NULL) IS NOT NULL LIMIT 1;
	IF stays IS NULL THEN
		WITH gone AS (
			UPDATE external_media m SET state = 'taken_out', row_version = m.row_version + 1,
				updated_by = acting_person(), updated_at = now()
			FROM new_rows n WHERE m.media_no = n.medium AND m.state IN ('stored', 'in_use')
			RETURNING m.media_no
		)
		-- it may have changed since: the update waits for whoever had it
		SELECT fault_detail('medium_not_in_use', 'medium', '3.1(2)⑤(b)',
			'媒体の状態が変わりました。', 'The medium has another state by now.')
			INTO stays FROM new_rows n WHERE n.medium IS NOT NULL
			AND NOT EXISTS (SELECT FROM gone WHERE gone.media_no = n.medium);
	END IF;
	IF stays IS NULL THEN
		-- its own movement is not in the way of an asset
		SELECT movement_obstacle(NULL, n.asset) INTO stays FROM new_rows n
			WHERE movement_obstacle(NULL, n.asset)->0->>'code' <> 'asset_is_out' LIMIT 1;
	END IF;
	IF stays IS NOT NULL THEN
		RAISE EXCEPTION 'cannot leave' USING ERRCODE = 'DR002', DETAIL = stays::text;
	END IF;
	-- the permission has served: it ends no more by the clock while the thing is out
	PERFORM request_by_system(n.request, 'taken_out', n.movement_no) FROM new_rows n
	WHERE takeout_permitted(n.request, n.medium, n.asset, n.out_at);
	RETURN NULL;
END $$;
CREATE OR REPLACE TRIGGER state_insert AFTER INSERT ON media_movement
	REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION movement_take_out();

-- A movement is never edited: it is prolonged, with a reason, and ends with the return; that the
-- information was erased may be told later.
CREATE OR REPLACE FUNCTION movement_changed() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
	may text[] := '{due_at,returned_at,erased_on,return_note,row_version,updated_by,updated_at}';
	told CONSTANT boolean := ROW(NEW.returned_at, NEW.erased_on, NEW.return_note)
		IS DISTINCT FROM ROW(OLD.returned_at, OLD.erased_on, OLD.return_note);
	wrong jsonb;
BEGIN
	IF to_jsonb(OLD) - may <> to_jsonb(NEW) - may
		OR (NEW.due_at <> OLD.due_at AND (told OR OLD.returned_at IS NOT NULL))
		OR (OLD.returned_at IS NOT NULL AND NEW.returned_at IS DISTINCT FROM OLD.returned_at)
		OR (OLD.erased_on IS NOT NULL AND NEW.erased_on IS DISTINCT FROM OLD.erased_on)
		OR (OLD.return_note IS NOT NULL AND NEW.return_note IS DISTINCT FROM OLD.return_note)
		OR (NEW.due_at = OLD.due_at AND NOT told) THEN
		RAISE EXCEPTION 'a movement is not changed' USING ERRCODE = 'DR002', DETAIL =
			fault_detail('movement_fixed', NULL, '3.3(2)②(a)',
			'記録した持出しは変更できません（返却予定の延長と返却の記録だけができます）。',
			'A movement on record is not changed: it can be prolonged, and it ends once.');
	END IF;
	SELECT CASE
	WHEN NEW.due_at <> OLD.due_at AND coalesce(btrim(acting('reason')), '') = '' THEN
		fault_detail('required', 'reason', '4.1(2)②(f)', '延長の理由を入力してください。',
		'Give the reason why it is prolonged.')
	WHEN NEW.due_at < OLD.due_at THEN fault_detail('not_later', 'due_at', '4.1(2)②(f)',
		'今の返却予定より後の日時を指定してください。', 'A moment after the one it was due.')
	WHEN NEW.due_at <> OLD.due_at AND movement_too_long(NEW.institution, NEW.out_at, NEW.due_at)
		THEN rule_messages('{MED-22}')
	WHEN NEW.returned_at IS NULL AND told THEN fault_detail('not_returned', 'returned_at',
		'3.1(2)⑤(a)', 'まだ返却されていません。', 'It has not come back yet.')
	WHEN NEW.returned_at < OLD.out_at OR NEW.returned_at > act_now() + interval '5 minutes' THEN
		fault_detail('not_between', 'returned_at', '3.1(2)⑤(a)',
		'持出日時から現在までの日時を指定してください。',
		'A moment between the leaving and now.')
	WHEN NEW.erased_on < OLD.out_at::date OR NEW.erased_on > act_today() THEN
		fault_detail('not_between', 'erased_on', '3.1(2)⑤(a)',
		'持出日から本日までの日付を指定してください。', 'A day between the leaving and today.')
	END::jsonb INTO wrong;
	IF wrong IS NOT NULL THEN
		RAISE EXCEPTION 'a wrong change of a movement' USING ERRCODE = 'DR001',
			DETAIL = wrong::text;
	END IF;
	RETURN NEW;
END $$;
CREATE OR REPLACE TRIGGER a_movement_changed BEFORE UPDATE ON media_movement
	FOR EACH ROW EXECUTE FUNCTION movement_changed();

-- The act `return`: a medium that was lost meanwhile stays so; that it was found is another act.
CREATE OR REPLACE FUNCTION movement_return() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
	SET search_path = public, pg_temp AS $$
BEGIN
	UPDATE external_media m SET state = 'stored', row_version = m.row_version + 1,
		updated_by = acting_person(), updated_at = now()
	FROM new_rows n JOIN old_rows o USING (movement_no) WHERE m.media_no = n.medium
		AND n.returned_at IS NOT NULL AND o.returned_at IS NULL AND m.state = 'taken_out';
	RETURN NULL;
END $$;
CREATE OR REPLACE TRIGGER state_update AFTER UPDATE ON media_movement
	REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows
	FOR EACH STATEMENT EXECUTE FUNCTION movement_return();

-- 4.1(2)②(f), and the policy that says how long at most.
CREATE OR REPLACE FUNCTION movement_too_long(at_institution text, out_at timestamptz,
	till timestamptz) RETURNS boolean LANGUAGE sql STABLE AS $$
	SELECT till > out_at + make_interval(days => policy_days('takeout_max', at_institution)) $$;

-- What the rules of a medium ask.
CREATE OR REPLACE FUNCTION medium_backs_up_higher(of_asset text, level smallint) RETURNS boolean
	LANGUAGE sql STABLE AS $$
	SELECT EXISTS (SELECT FROM asset x WHERE x.asset_no = of_asset
		AND x.confidentiality > level) $$;
CREATE OR REPLACE FUNCTION medium_is_live(state text) RETURNS boolean LANGUAGE sql IMMUTABLE AS $$
	SELECT state IN ('stored', 'in_use', 'taken_out') $$;
