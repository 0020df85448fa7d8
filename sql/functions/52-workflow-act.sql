-- Applications: made, edited and decided here and nowhere else; the daemon's role writes neither
-- request nor request_step.

-- Who acts; an act without a person is none, whoever is connected (2.1(2)⑫, 7.1.4(2)②(e)イ).
CREATE OR REPLACE FUNCTION request_actor() RETURNS text LANGUAGE plpgsql STABLE AS $$
BEGIN
	IF NOT coalesce(person_present(acting_person(), act_today()), false) THEN
		RAISE EXCEPTION 'an application is the act of a person' USING ERRCODE = 'DR004',
			DETAIL = fault('no_person', NULL, '2.1(2)⑫(a), 7.1.4(2)②(e)イ',
				'申請の操作は、在籍している本人だけができます。',
				'What is done in an application is the act of a person who is there.');
	END IF;
	RETURN acting_person();
END $$;

-- The members of an application that its applicant writes.
CREATE OR REPLACE FUNCTION request_writable() RETURNS text[] LANGUAGE sql IMMUTABLE AS $$
	SELECT '{asset,medium,unit,subject_person,rule,reason,on_behalf_of,performed_by_contractor,
		payload,valid_from,valid_to,follows}'::text[] $$;

-- Types of what comes in: no cast below may fail.
CREATE OR REPLACE FUNCTION request_form_faults(doc jsonb, creating boolean) RETURNS jsonb
	LANGUAGE plpgsql STABLE AS $$
BEGIN
	RETURN (SELECT nullif(coalesce(jsonb_agg(f -> 0), '[]'), '[]') FROM (
		SELECT fault('unknown_member', e.key, NULL, 'ここでは使えない項目です。',
			'Not a member of this request.') AS f
		FROM jsonb_each(doc) e WHERE e.key <> ALL (request_writable() || CASE WHEN creating
			THEN '{request_type,institution}'::text[] ELSE '{}' END)
		UNION ALL
		SELECT fault('wrong_value', e.key, NULL, '値が正しくありません。', 'Not a value of this member.')
		FROM jsonb_each(doc) e WHERE e.value <> 'null' AND e.key = ANY (request_writable()
			|| '{request_type,institution}'::text[]) AND NOT coalesce(CASE
			WHEN e.key = 'payload' THEN jsonb_typeof(e.value) = 'object'
				AND pg_column_size(e.value) <= 262144
			WHEN e.key = 'performed_by_contractor' THEN jsonb_typeof(e.value) = 'boolean'
			WHEN e.key IN ('valid_from', 'valid_to') THEN is_day(e.value #>> '{}')
			ELSE jsonb_typeof(e.value) = 'string'
				AND char_length(e.value #>> '{}') BETWEEN 1 AND 4000 END, false)
	) x);
END $$;

-- May these be named?  What may not be seen is told in the same words as what is not there.
CREATE OR REPLACE FUNCTION request_reference_faults(r request) RETURNS jsonb
	LANGUAGE plpgsql STABLE AS $$
BEGIN
	RETURN (SELECT nullif(coalesce(jsonb_agg(fault('unknown_reference', f, NULL,
		'該当するものがありません。', 'There is no such row.') -> 0), '[]'), '[]')
	FROM (VALUES ('asset', r.asset IS NULL OR asset_seen(r.asset, r.institution)),
		('medium', r.medium IS NULL OR medium_seen(r.medium, r.institution)),
		('unit', r.unit IS NULL OR EXISTS (SELECT FROM org_unit u WHERE u.code = r.unit
			AND u.institution = r.institution)),
		('subject_person', r.subject_person IS NULL
			OR person_known(r.subject_person, r.institution)),
		('on_behalf_of', r.on_behalf_of IS NULL OR person_known(r.on_behalf_of, r.institution)))
		x (f, fine) WHERE NOT fine);
END $$;

-- Begins as 作成中.
CREATE OR REPLACE FUNCTION request_create(doc jsonb) RETURNS SETOF request
	LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
	r request;
	me text := request_actor();
	k workflow_kind;
BEGIN
	SELECT * INTO k FROM workflow_kind WHERE code = doc->>'request_type';
	PERFORM faults_raise(faults_joined(request_form_faults(doc, true), CASE WHEN k.code IS NULL
		THEN fault('unknown_choice', 'request_type', NULL, 'この申請種別はありません。',
			'There is no such kind of application.') END));
	r := jsonb_populate_record(NULL::request, jsonb_strip_nulls(doc));
	r.institution := coalesce(r.institution, (SELECT p.institution FROM person p
		WHERE p.login = me));
	r.payload := coalesce(r.payload, '{}');
	r.applicant := me;
	IF NOT EXISTS (SELECT FROM institution i WHERE i.code = r.institution AND i.active)
		OR NOT person_known(me, r.institution) THEN
		RAISE EXCEPTION 'not of this institution' USING ERRCODE = 'DR004',
			DETAIL = fault('not_of_institution', 'institution', '2.1(2)⑫(a)',
				'この機関に所属せず、役割もないため、ここには申請できません。',
				'Only who belongs to the 機関, or holds an office there, applies there.');
	END IF;
	PERFORM faults_raise(faults_joined(request_reference_faults(r), payload_faults(r, false),
		follows_faults(r, me), term_unwanted(k.code, doc)));
	RETURN QUERY INSERT INTO request (request_type, institution, applicant, applicant_office,
		asset, medium, unit, subject_person, rule, reason, on_behalf_of,
		performed_by_contractor, payload, valid_from, valid_to, follows, approver_office)
	VALUES (k.code, r.institution, me, coalesce(request_applicant_office(r), acting('office')), r.asset, r.medium, r.unit,
		r.subject_person, r.rule, r.reason, r.on_behalf_of, r.performed_by_contractor, r.payload,
		r.valid_from, r.valid_to, r.follows, k.approver)
	RETURNING *;
END $$;

-- The row, locked, if it has this version; NULL: another by now.
CREATE OR REPLACE FUNCTION request_take(no text, seen_version text) RETURNS request
	LANGUAGE plpgsql AS $$
DECLARE
	r request;
BEGIN
	SELECT * INTO r FROM request q WHERE q.request_no = no FOR UPDATE;
	IF r.row_version::text IS DISTINCT FROM seen_version THEN
		RETURN NULL;
	END IF;
	RETURN r;
END $$;

CREATE OR REPLACE FUNCTION applicant_only() RETURNS text LANGUAGE sql IMMUTABLE AS $$
	SELECT fault('applicant_only', 'applicant', '2.1(2)⑫(a)',
		'申請の内容を変えられるのは、申請者だけです。',
		'Only the applicant changes what is applied for.')::text $$;
-- The applicant's own words, and only while nobody decides about them.
CREATE OR REPLACE FUNCTION request_edit(no text, doc jsonb, seen_version text)
	RETURNS SETOF request LANGUAGE plpgsql SECURITY DEFINER
	SET search_path = public, pg_temp AS $$
DECLARE
	r request := request_take(no, seen_version);
	n request;
	me text := request_actor();
BEGIN
	IF r.request_no IS NULL THEN
		RETURN;
	END IF;
	IF r.applicant <> me THEN
		RAISE EXCEPTION 'only the applicant' USING ERRCODE = 'DR004', DETAIL = applicant_only();
	ELSIF r.state NOT IN ('draft', 'returned') THEN
		RAISE EXCEPTION 'an application that is submitted is not edited' USING ERRCODE = 'DR002',
			DETAIL = steps_possible(r, NULL);
	END IF;
	PERFORM faults_raise(request_form_faults(doc, false));
	n := jsonb_populate_record(r, CASE WHEN doc ? 'payload' AND doc->'payload' <> 'null'
		THEN jsonb_set(doc, '{payload}', jsonb_strip_nulls(r.payload || (doc->'payload')))
		ELSE doc - 'payload' END);
	PERFORM faults_raise(faults_joined(request_reference_faults(n), payload_faults(n, false),
		follows_faults(n, me), term_unwanted(n.request_type, doc)));
	RETURN QUERY UPDATE request q SET asset = n.asset, medium = n.medium, unit = n.unit,
		subject_person = n.subject_person, rule = n.rule, reason = n.reason,
		on_behalf_of = n.on_behalf_of, performed_by_contractor = n.performed_by_contractor,
		payload = n.payload, valid_from = n.valid_from, valid_to = n.valid_to,
		follows = n.follows, row_version = q.row_version + 1, updated_by = me, updated_at = now()
	WHERE q.request_no = no RETURNING q.*;
END $$;

-- One more line of the record.
CREATE OR REPLACE FUNCTION step_note(r request, act text, to_state text, who text, office text,
	given jsonb) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
	INSERT INTO request_step (step_no, institution, request, position, action, from_state,
		to_state, acted_by, acted_office, result, comment, given, subject_sha256, acted_at)
	SELECT r.request_no || '-' || n, r.institution, r.request_no, n, act, r.state, to_state, who,
		office, given->>'result', coalesce(given->>'comment', given->>'reason'),
		given - '{result,comment}'::text[], r.subject_sha256, act_now()
	FROM (SELECT coalesce(max(s.position), 0) + 1 AS n FROM request_step s
		WHERE s.request = r.request_no) x;
END $$;

-- Writes what a step changes in the application itself.
CREATE OR REPLACE FUNCTION request_put(r request) RETURNS request LANGUAGE plpgsql AS $$
BEGIN
	UPDATE request q SET state = r.state, applicant_office = r.applicant_office,
		approver_office = r.approver_office, submitted_at = r.submitted_at,
		decided_by = r.decided_by, decided_office = r.decided_office,
		decided_at = r.decided_at, decision_reason = r.decision_reason,
		conditions = r.conditions, valid_from = r.valid_from, valid_to = r.valid_to,
		same_person_exception = r.same_person_exception,
		same_person_reason = r.same_person_reason, same_person_case = r.same_person_case,
		same_person_confirmed_by = r.same_person_confirmed_by, assigned_to = r.assigned_to,
		reported_upward_at = r.reported_upward_at, escalated = r.escalated,
		blocked_from = r.blocked_from, pending_action = r.pending_action,
		subject_version = r.subject_version, subject_sha256 = r.subject_sha256,
		row_version = q.row_version + 1, updated_by = acting_person(), updated_at = now()
	WHERE q.request_no = r.request_no RETURNING q.* INTO r;
	RETURN r;
END $$;

-- D4: what is decided about must itself be in order.
CREATE OR REPLACE FUNCTION subject_violations(r request) RETURNS text[] LANGUAGE plpgsql STABLE
	AS $$
BEGIN
	RETURN coalesce((SELECT asset_violation_r(a) FROM asset a WHERE a.asset_no = r.asset
		AND a.state <> 'draft'), '{}') || coalesce((SELECT media_violation_r(m)
		FROM external_media m WHERE m.media_no = r.medium AND m.state <> 'draft'), '{}');
END $$;

CREATE OR REPLACE FUNCTION documents_lacking(r request, s workflow_step) RETURNS text[]
	LANGUAGE plpgsql STABLE AS $$
BEGIN
	RETURN ARRAY(SELECT d FROM unnest(s.documents) WITH ORDINALITY x (d, n)
		WHERE NOT EXISTS (SELECT FROM attachment t WHERE t.request = r.request_no AND t.kind = d)
			AND NOT (d = 'catalogue' AND coalesce(asset_catalogue_whole(r.asset), false))
		ORDER BY n);
END $$;
CREATE OR REPLACE FUNCTION documents_missing(r request, s workflow_step) RETURNS jsonb
	LANGUAGE plpgsql STABLE AS $$
BEGIN
	RETURN (SELECT CASE WHEN d.kinds <> '' THEN CASE WHEN 'necessity' = ANY (s.documents)
		THEN (SELECT jsonb_agg(f || jsonb_build_object('value', d.kinds,
			'ja', f->>'ja' || ' 添付されていないもの: ' || d.kinds,
			'en', f->>'en' || ' Missing: ' || d.kinds || '.'))
			FROM jsonb_array_elements(faults_of_rules('{REQ-05}')) f)
		ELSE fault('documents_missing', NULL, s.clause, '必要な文書が添付されていません: '
			|| d.kinds, 'Documents are missing: ' || d.kinds || '.') END END
	FROM array_to_string(documents_lacking(r, s), ', ') d (kinds));
END $$;

-- The decision that the やむを得ない path stands for: of the state where nobody may take it, and
-- once it is confirmed, the one that waits.  NULL: from that state no decision leads on.
CREATE OR REPLACE FUNCTION request_pending(r request) RETURNS workflow_step
	LANGUAGE sql STABLE AS $$
	SELECT d FROM workflow_step d WHERE d.kind = r.request_type AND d.decides
		AND d.to_state <> 'rejected' AND d.from_state = CASE WHEN r.state IN ('blocked',
			'awaiting_confirmation') THEN r.blocked_from ELSE r.state END
		AND (r.state <> 'awaiting_confirmation' OR d.action = r.pending_action)
	ORDER BY d.position LIMIT 1 $$;

-- What the decision itself would ask is asked on the way around it, too: when it is taken, and
-- again when it is confirmed.
CREATE OR REPLACE FUNCTION decision_faults(r request, d workflow_step, given jsonb)
	RETURNS jsonb LANGUAGE plpgsql STABLE AS $$
DECLARE
	list jsonb := faults_joined(subject_faults(r), faults_of_rules(subject_violations(r)),
		permitted_term_faults(r, d, given), appointment_faults(r, false));
BEGIN
	IF list IS NULL AND d.guard IS NOT NULL THEN
		EXECUTE format('SELECT %I($1, $2)', d.guard) INTO list USING r, given;
	END IF;
	RETURN list;
END $$;
-- 2.1(2)⑫(a): there is somebody else who can decide, or an office above to hand it to.
CREATE OR REPLACE FUNCTION others_decide(r request) RETURNS boolean LANGUAGE sql STABLE AS $$
	SELECT request_decidable(r) OR request_next_office(r) IS NOT NULL $$;
CREATE OR REPLACE FUNCTION unavoidable_faults(r request, given jsonb) RETURNS jsonb
	LANGUAGE plpgsql STABLE AS $$
DECLARE
	d workflow_step := request_pending(r);
BEGIN
	IF d.action IS NULL THEN
		RETURN fault('no_decision', NULL, '2.1(2)⑫(a)(c)',
			'この段階には許可・承認の判断がないため、やむを得ない場合の処理はできません。',
			'From here no decision leads on that could be taken for a recorded reason.');
	END IF;
	IF request_level(r) = 4 THEN
		RETURN fault('level_four', NULL, '2.1(2)⑫(a), 2.2(2)②表',
			'機密性4の情報については、やむを得ない場合の処理はできません。上位者へ回付してください。',
			'For information of 機密性4 there is no such way: hand it on.');
	END IF;
	-- ⑫(c): the one who is checked, only where no checker is named who may
	IF given->>'case' <> 'urgent' AND others_decide(r)
		OR r.request_type = 'qualification' AND r.assigned_to <> acting_person()
		AND checks_qualifications(r.assigned_to, r.institution) THEN
		RETURN faults_of_rules('{REQ-22}');
	END IF;
	RETURN faults_joined(decision_faults(r, d, given), (SELECT jsonb_agg(fault('required', n,
		d.clause, 'この操作に必要な項目です。', 'Needed for this step.') -> 0)
		FROM unnest(step_members(VARIADIC d.needs)) n WHERE n <> 'comment' AND NOT given ? n));
END $$;

-- Everything that stands against a step besides the person: given members, documents, guard …
CREATE OR REPLACE FUNCTION request_judge(r request, s workflow_step, given jsonb) RETURNS void
	LANGUAGE plpgsql AS $$
DECLARE
	list jsonb := faults_joined(step_faults(s, given, request_place(r)),
		documents_missing(r, s));
	more jsonb;
BEGIN
	PERFORM faults_raise(list);
	IF s.to_state = 'submitted' AND s.action <> 'escalate' THEN
		PERFORM faults_raise(submission_faults(r));
	ELSIF given ? 'valid_to' OR given ? 'valid_from' THEN
		PERFORM faults_raise(term_faults(r.request_type, r.institution,
			coalesce((given->>'valid_from')::date, r.valid_from),
			coalesce((given->>'valid_to')::date, r.valid_to)));
	END IF;
	IF step_settles(s) AND request_waits(r) THEN
		PERFORM faults_raise(faults_of_rules('{REQ-25}'));
	ELSIF step_settles(s) AND r.subject_sha256 IS DISTINCT FROM request_digest(r) THEN
		PERFORM faults_raise(faults_of_rules('{REQ-23}'));
	END IF;
	IF s.action = 'unavoidable' THEN
		PERFORM faults_raise(unavoidable_faults(r, given));
	ELSIF s.to_state = '=' THEN
		PERFORM faults_raise(decision_faults(r, request_pending(r), given || jsonb_strip_nulls(
			jsonb_build_object('comment', r.decision_reason))));
	ELSIF s.decides AND s.to_state <> 'rejected' THEN
		PERFORM faults_raise(decision_faults(r, s, given));
	ELSIF s.guard IS NOT NULL THEN
		EXECUTE format('SELECT %I($1, $2)', s.guard) INTO more USING r, given;
		PERFORM faults_raise(more);
	END IF;
END $$;

-- What a step writes into the application.
CREATE OR REPLACE FUNCTION request_moved(r request, s workflow_step, given jsonb, who text,
	office text) RETURNS request LANGUAGE plpgsql AS $$
BEGIN
	IF s.to_state = 'submitted' AND s.action <> 'escalate' THEN
		r.submitted_at := act_now();
		r.applicant_office := coalesce(request_applicant_office(r), acting('office'),
			r.applicant_office);
		r.approver_office := (SELECT k.approver FROM workflow_kind k
			WHERE k.code = r.request_type);
		r.escalated := NULL;
		r.blocked_from := NULL;
		r.assigned_to := r.payload->>'receiver';
		r.subject_version := request_subject_version(r);
		r.subject_sha256 := request_digest(r);
	END IF;
	IF s.decides AND s.action NOT IN ('confirm', 'consent') OR s.action = 'unavoidable' THEN
		r.decided_by := who;
		r.decided_office := office;
		r.decided_at := act_now();
		r.decision_reason := coalesce(given->>'comment', r.decision_reason);
		r.conditions := coalesce(given->>'conditions', r.conditions);
		r.valid_from := coalesce((given->>'valid_from')::date, r.valid_from);
		r.valid_to := coalesce((given->>'valid_to')::date, r.valid_to);
	END IF;
	IF s.action = 'unavoidable' THEN
		r.same_person_exception := true;
		r.same_person_reason := btrim(given->>'reason');
		r.same_person_case := given->>'case';
		r.blocked_from := coalesce(nullif(r.state, 'blocked'), r.blocked_from);
		r.pending_action := (request_pending(r)).action;
	ELSIF s.action IN ('confirm', 'refuse') THEN
		r.same_person_confirmed_by := who;
	ELSIF s.to_state = 'returned' THEN
		r.decided_by := NULL;
		r.decided_office := NULL;
		r.decided_at := NULL;
		r.same_person_exception := NULL;
		r.same_person_reason := NULL;
		r.same_person_case := NULL;
		r.pending_action := NULL;
	END IF;
	RETURN r;
END $$;

-- Nobody may decide where it stands now: it is blocked, and the office above is offered first.
CREATE OR REPLACE FUNCTION request_settle(r request) RETURNS request LANGUAGE plpgsql AS $$
DECLARE
	at_state text := r.state;
BEGIN
	IF EXISTS (SELECT FROM workflow_step s WHERE s.kind = r.request_type AND s.from_state = r.state
		AND s.action = 'block') AND NOT request_decidable(r) THEN
		PERFORM step_note(r, 'block', 'blocked', NULL, NULL, '{}');
		r.state := 'blocked';
		r.blocked_from := at_state;
		r := request_put(r);
	END IF;
	RETURN r;
END $$;

CREATE OR REPLACE FUNCTION request_lands(r request, s workflow_step) RETURNS text
	LANGUAGE sql STABLE AS $$
	SELECT CASE s.to_state WHEN '*' THEN coalesce(nullif(r.state, 'blocked'), r.blocked_from)
		WHEN '=' THEN (request_pending(r)).to_state
		ELSE s.to_state END $$;

-- A token never decides; it may make, submit and withdraw.
CREATE OR REPLACE FUNCTION request_by_hand(s workflow_step) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
	IF s.action NOT IN ('submit', 'resubmit', 'withdraw') AND EXISTS (SELECT FROM token t
		WHERE t.id = acting('account')) THEN
		RAISE EXCEPTION 'a token never decides' USING ERRCODE = 'DR004',
			DETAIL = fault('token_decides', NULL, '2.1(2)⑫(a), 7.1.1(2)②',
				'トークンでは判断できません。ログインして行ってください。',
				'A token never decides: log in.');
	END IF;
END $$;

-- What comes of a step, as its kind says.  What the ledgers cannot take beside what they hold already
-- is told as such, and undoes the whole step.
CREATE OR REPLACE FUNCTION effect_run(effect text, s workflow_step, r request, given jsonb)
	RETURNS void LANGUAGE plpgsql AS $$
DECLARE
	at_table text;
	held text;
BEGIN
	EXECUTE format('SELECT %I($1, $2)', effect) USING r, given;
EXCEPTION WHEN integrity_constraint_violation THEN
	GET STACKED DIAGNOSTICS at_table = TABLE_NAME, held = CONSTRAINT_NAME;
	PERFORM faults_raise(fault('effect_refused', NULL, s.clause,
		format('「%s」の結果を台帳に記録できません。登録済みの内容と両立しません（%s: %s）。先にその行を直すか、申請を差し戻してください。',
			s.ja, at_table, held),
		format('What comes of "%s" cannot be recorded beside what is registered (%s: %s): correct that row first, or send the application back.',
			s.en, at_table, held)));
END $$;

-- One step: action, and `given` with its other members.  A step that its state has no more (somebody
-- else decided) is refused as such; nothing is returned if the application has another version.
CREATE OR REPLACE FUNCTION request_act(no text, act text, given jsonb, seen_version text)
	RETURNS SETOF request LANGUAGE plpgsql SECURITY DEFINER
	SET search_path = public, pg_temp AS $$
DECLARE
	r request;
	s workflow_step;
	me text := request_actor();
	office text;
	lands text;
	effect text;
	noted jsonb;
BEGIN
	SELECT * INTO r FROM request q WHERE q.request_no = no FOR UPDATE;
	IF NOT FOUND THEN
		RETURN;
	END IF;
	SELECT * INTO s FROM workflow_step x
	WHERE x.kind = r.request_type AND x.from_state = r.state AND x.action = act;
	IF NOT FOUND OR s.who = '{system}' AND s.offices = '{}' THEN
		RAISE EXCEPTION 'no such step from this state' USING ERRCODE = 'DR002',
			DETAIL = steps_possible(r, act);
	ELSIF r.row_version::text IS DISTINCT FROM seen_version THEN
		RETURN;
	END IF;
	PERFORM faults_raise(faults_of_rules(request_refusal(r, s, me)));
	PERFORM request_by_hand(s);
	office := request_step_office(r, s, me);
	IF office NOT IN ('applicant', 'subject', 'assigned') THEN
		PERFORM set_config('daicho.office', office, true);
	END IF;
	PERFORM request_judge(r, s, given);
	lands := request_lands(r, s);
	effect := CASE s.to_state WHEN '=' THEN (request_pending(r)).effect ELSE s.effect END;
	noted := given || step_adds(r, act);
	IF s.to_state = 'submitted' AND effect IS NOT NULL THEN
		-- what is seen and decided over is the row as the submission leaves it
		PERFORM effect_run(effect, s, r, noted);
		effect := NULL;
	END IF;
	r := request_moved(r, s, given, me, office);
	PERFORM step_note(r, act, lands, me, office, noted);
	IF lands = 'approved' AND r.state <> 'approved' THEN
		r := request_dated(r);
	END IF;
	r.state := lands;
	r := request_put(r);
	IF effect IS NOT NULL THEN
		PERFORM effect_run(effect, s, r, given);
		SELECT * INTO r FROM request q WHERE q.request_no = no;
	END IF;
	PERFORM request_settle(r);
	RETURN QUERY SELECT q.* FROM request q WHERE q.request_no = no;
END $$;
