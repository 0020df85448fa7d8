-- Who is named as the one who decided (2.1(2)⑫(a); 3.2(2), 4.1(2)②(c)(d), 6.2(2)③): in a register
-- beside the applications a decision stands in a row, under somebody's name.  Nobody writes it for
-- somebody else.  A name comes there
--   by the effect of an application, which asked who may decide (the database writes it);
--   by that very person: logged in, no token, acting in an office that decides this, held on the day
--   that the row gives too, not of a later day, and on no side of the matter;
--   once, when the row is first entered, by an office that keeps the registers, for what was decided
--   before the day of the entry by somebody who held the office then: registers begin as tables.
--   Neither who enters it nor who decided may be on a side of it.
-- A decision that is on record is not corrected by those who keep the register: what it says of
-- whom, of which day and of what is written by who decides it (again), or where the machine stands.
--
-- On a side is who identified the area, who erased, who has applied for it; of a connection that one
-- permits oneself also whoever administers what is connected (then it takes an application, that the
-- office above decides).

-- One row for each register.  `rule`: the rule of mode R that asks for the office on that day.
CREATE OR REPLACE FUNCTION decisions() RETURNS TABLE (ledger text, kind text, decider text,
	on_day text, cols text[], offices text[], power text, rule text, clause text)
	LANGUAGE sql IMMUTABLE AS $$
	VALUES ('area', 'area_designation', 'designated_by', 'designated_on',
		'{is_controlled,identified_by,designated_by,designated_on}'::text[],
		'{iso,deputy_iso}'::text[], 'area_designation', 'AREA-01', '3.2(2), 2.1(2)⑫(a)'),
	('network_connection', 'network_connection', 'permitted_by', 'permitted_on',
		'{asset,network,request,permitted_by,permitted_on,valid_to}', '{sysadmin}', NULL, 'CON-03',
		'4.1(2)②(c), 2.1(2)⑫(a)'),
	('software_allowlist', 'software_use', 'approved_by', 'reviewed_on',
		'{asset,target,software_name,version_policy,request,approved_by,reviewed_on}',
		'{sysadmin}', NULL, NULL, '4.1(2)②(d), 2.1(2)⑫(a)'),
	('disposal_record', 'disposal', 'confirmed_by', 'sanitised_on',
		'{asset,medium,method,sanitised_on,sanitised_by,witness,confirmed_by}',
		'{sysadmin,iso,deputy_iso,general_iso}', 'keep_ledgers', NULL,
		'6.2(2)③, 3.1(2)⑤(b), 2.1(2)⑫(a)') $$;

-- Those who keep the registers: KEEPERS in src/api/route_rows.h; a test compares.
CREATE OR REPLACE FUNCTION register_keepers() RETURNS text[] LANGUAGE sql IMMUTABLE AS $$
	SELECT '{general_iso,iso,registry_admin}'::text[] $$;

CREATE OR REPLACE FUNCTION office_decides(who text, offices text[], power text,
	at_institution text, day date) RETURNS boolean LANGUAGE sql STABLE AS $$
	SELECT EXISTS (SELECT FROM unnest(offices) o WHERE CASE o
		WHEN 'deputy_iso' THEN deputy_may(who, power, at_institution, day)
		ELSE has_office(who, o, at_institution, day) END) $$;

-- Offices before the register are not known to it: of a day before one's first appointment on record
-- nobody is told that they held none.
CREATE OR REPLACE FUNCTION office_begins_after(who text, offices text[], at_institution text,
	day date) RETURNS boolean LANGUAGE sql STABLE AS $$
	SELECT coalesce(day < min(o.term_from), false) FROM role_assignment o WHERE o.person = who
		AND o.office = ANY (offices)
		AND (o.institution IS NULL OR o.institution = at_institution) $$;

-- Is this person on a side of it: by what the row says, or as one who applied, whatever became of
-- that?
CREATE OR REPLACE FUNCTION decision_about(r request, doc jsonb) RETURNS boolean
	LANGUAGE sql IMMUTABLE AS $$
	SELECT coalesce(r.request_no = doc->>'request', false) OR CASE r.request_type
		WHEN 'area_designation' THEN r.payload->>'area' = doc->>'code'
		WHEN 'network_connection' THEN r.payload->>'network' = doc->>'network'
			AND (r.asset = doc->>'asset' OR r.payload->'more_assets' ? (doc->>'asset'))
		WHEN 'software_use' THEN r.payload->>'software_name' = doc->>'software_name'
			AND r.asset IS NOT DISTINCT FROM doc->>'asset'
		ELSE r.asset = doc->>'asset' OR r.medium = doc->>'medium' END $$;
CREATE OR REPLACE FUNCTION decision_party(in_ledger text, of_kind text, doc jsonb, who text)
	RETURNS boolean LANGUAGE plpgsql STABLE AS $$
BEGIN
	RETURN coalesce(CASE in_ledger
		WHEN 'area' THEN who = doc->>'identified_by'
		WHEN 'disposal_record' THEN search_key(ARRAY[doc->>'sanitised_by']) IN (
			search_key(ARRAY[who]), (SELECT search_key(ARRAY[p.name_ja]) FROM person p
			WHERE p.login = who)) END, false)
		OR EXISTS (SELECT FROM request r WHERE r.applicant = who AND r.request_type = of_kind
			AND r.institution = doc->>'institution' AND r.submitted_at IS NOT NULL
			AND r.state <> 'withdrawn' AND decision_about(r, doc))
		OR EXISTS (SELECT FROM request r WHERE r.on_behalf_of = who AND r.request_type = of_kind
			AND r.institution = doc->>'institution' AND r.submitted_at IS NOT NULL
			AND r.state <> 'withdrawn' AND decision_about(r, doc));
END $$;

-- Does the act decide this itself?  Of a connection: who administers the network, and not the thing.
CREATE OR REPLACE FUNCTION decides_oneself(in_ledger text, doc jsonb) RETURNS boolean
	LANGUAGE sql STABLE AS $$
	SELECT coalesce(acting('office') = ANY (d.offices)
		AND office_decides(me, ARRAY[acting('office')], d.power, doc->>'institution', act_today())
		AND NOT EXISTS (SELECT FROM token t WHERE t.id = acting('account'))
		AND NOT (in_ledger = 'network_connection' AND (EXISTS (SELECT FROM asset n
			WHERE n.asset_no = doc->>'network' AND n.sysadmin <> me)
			OR EXISTS (SELECT FROM asset a WHERE a.asset_no = doc->>'asset'
			AND me IN (a.sysadmin, a.operator)))), false)
	FROM decisions() d, acting_person() me WHERE d.ledger = in_ledger $$;
CREATE OR REPLACE FUNCTION keeps_register(at_institution text) RETURNS boolean
	LANGUAGE sql STABLE AS $$
	SELECT coalesce(acting('office') = ANY (register_keepers())
		AND has_office(acting_person(), acting('office'), at_institution, act_today()), false) $$;

-- What is done with the decision: named (anew), ended (指定解除), or as it was.
CREATE OR REPLACE FUNCTION decision_change(in_ledger text, doc jsonb, before jsonb) RETURNS text
	LANGUAGE sql IMMUTABLE AS $$
	SELECT CASE WHEN doc->>decider IS NULL AND before->>decider IS NULL THEN 'none'
		WHEN before IS NULL THEN 'named'
		WHEN in_ledger = 'area' AND (before->>'is_controlled')::boolean
			AND (doc->>decider IS NULL OR doc->'identified_by' = before->'identified_by'
				AND doc->decider = before->decider AND doc->on_day = before->on_day)
			AND (NOT (doc->>'is_controlled')::boolean OR (doc->>'revoked_on')::date
				< coalesce((before->>'revoked_on')::date, 'infinity')) THEN 'ended'
		WHEN in_ledger = 'area' AND doc->'revoked_on' IS DISTINCT FROM before->'revoked_on'
			OR EXISTS (SELECT FROM unnest(cols) c WHERE doc->c IS DISTINCT FROM before->c)
			THEN 'named' ELSE 'none' END
	FROM decisions() WHERE ledger = in_ledger $$;

-- What stands against this row by whoever acts; `before`: the row that it changes, or NULL.
CREATE OR REPLACE FUNCTION decision_faults(in_ledger text, doc jsonb, before jsonb) RETURNS jsonb
	LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
	d record;
	me text := acting_person();
	at text := doc->>'institution';
	change text := decision_change(in_ledger, doc, before);
	who text;
	day date;
	may boolean;
BEGIN
	IF change = 'none' THEN
		RETURN NULL;
	END IF;
	SELECT * INTO d FROM decisions() x WHERE x.ledger = in_ledger;
	who := doc->>d.decider;
	day := CASE change WHEN 'ended' THEN doc->>'revoked_on' ELSE doc->>d.on_day END;
	IF change = 'named' AND day IS NULL AND (doc->>'is_controlled')::boolean THEN
		RETURN NULL; -- AREA-01 says so itself
	ELSIF change = 'named' AND day > act_today() THEN -- DSP-28 says so itself
		RETURN CASE WHEN in_ledger <> 'disposal_record' THEN fault('not_yet', d.on_day, d.clause,
			'今日までの日付を入力してください。', 'A day up to today.') END;
	ELSIF change = 'named' AND decision_party(in_ledger, d.kind, doc, who) THEN
		RETURN fault('decider_is_party', d.decider, d.clause,
			'申請者・特定者・実施者など当事者を、判断した者として記録することはできません。',
			'Who applied, identified or carried it out is not the one who decided it.');
	END IF;
	may := (change = 'ended' OR (who = me AND day IS NOT NULL))
			AND decides_oneself(in_ledger, doc)
		OR (change = 'ended' OR before->>d.decider IS NULL) AND day < act_today()
			AND keeps_register(at);
	IF NOT coalesce(may, false) OR decision_party(in_ledger, d.kind, doc, me)
		OR before IS NOT NULL AND decision_party(in_ledger, d.kind, before, me) THEN
		RETURN fault('decided_by_another', d.decider, d.clause, format(
			'判断した者の名は、本人がログインして判断できる役割（%s）で操作するか、申請（%s）の結果としてのみ記録されます。'
			'台帳を管理する役割（%s）は、前日以前の判断に限り、行を登録するときに記録できます。',
			array_to_string(d.offices, ', '), d.kind, array_to_string(register_keepers(), ', ')),
			format('Who decided is put on record by themselves, logged in and in an office that '
			'decides it (%s), or by an application (%s).  Offices that keep the registers (%s) enter '
			'what was decided before today, when the row is first entered.',
			array_to_string(d.offices, ', '), d.kind, array_to_string(register_keepers(), ', ')));
	ELSIF change = 'named' AND d.rule IS NULL AND NOT office_decides(who, d.offices, d.power, at, day)
		AND NOT office_begins_after(who, d.offices, at, day) THEN
		RETURN fault('not_in_office', d.decider, d.clause,
			'その日に、これを判断できる役割に在任していませんでした。',
			'That person held no office on that day that decides it.');
	END IF;
	RETURN NULL;
END $$;
REVOKE ALL ON FUNCTION decision_faults(text, jsonb, jsonb) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION decision_faults(text, jsonb, jsonb) TO daicho_app;

-- After the rules of the row itself.  Arguments: the key, the ledger (TG_TABLE_NAME is a name, of the
-- collation "C", in which no index of a text serves).
CREATE OR REPLACE FUNCTION decisions_judge() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
	list jsonb;
BEGIN
	IF database_acts() OR scope_all() THEN
		RETURN NULL;
	ELSIF TG_OP = 'INSERT' THEN
		SELECT jsonb_agg(DISTINCT f) INTO list FROM new_rows n, jsonb_array_elements(
			decision_faults(TG_ARGV[1], to_jsonb(n), NULL)) f;
	ELSE
		EXECUTE format('SELECT jsonb_agg(DISTINCT f) FROM new_rows n JOIN old_rows o USING (%I), '
			'jsonb_array_elements(decision_faults(%L, to_jsonb(n), to_jsonb(o))) f', TG_ARGV[0],
			TG_ARGV[1]) INTO list;
	END IF;
	PERFORM faults_raise(list);
	RETURN NULL;
END $$;

-- The triggers, and the same question to rows that wait in an import; a connection is asked there,
-- too, whether it is one already.
DO $$
DECLARE
	d record;
	key text;
BEGIN
	FOR d IN SELECT x.ledger FROM decisions() x LOOP
		key := (SELECT a.attname FROM pg_index i JOIN pg_attribute a ON a.attrelid = i.indrelid
			AND a.attnum = i.indkey[0] WHERE i.indrelid = d.ledger::regclass AND i.indisprimary);
		EXECUTE format('CREATE OR REPLACE TRIGGER decisions_insert AFTER INSERT ON %1$I REFERENCING '
			'NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION decisions_judge(%2$L, %1$L)',
			d.ledger, key);
		EXECUTE format('CREATE OR REPLACE TRIGGER decisions_update AFTER UPDATE ON %1$I REFERENCING '
			'OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT '
			'EXECUTE FUNCTION decisions_judge(%2$L, %1$L)', d.ledger, key);
		EXECUTE format($f$
			CREATE OR REPLACE FUNCTION %1$I(a %2$I) RETURNS jsonb LANGUAGE sql STABLE AS $b$
				SELECT faults_joined(CASE WHEN NOT (database_acts() OR scope_all()) THEN
					decision_faults(%3$L, to_jsonb(a), (SELECT to_jsonb(t) FROM %3$I t
						WHERE t.%4$I = a.found)) END, %5$s) $b$ $f$,
			d.ledger || '_obstacles', d.ledger || '_staging', d.ledger, key,
			CASE d.ledger WHEN 'network_connection' THEN d.ledger || '_twice(a)' ELSE 'NULL' END);
	END LOOP;
END $$;
