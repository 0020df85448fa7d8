-- What is given with an application and with a step: names, types, what must be there.

CREATE OR REPLACE FUNCTION fault(code text, field text, clause text, ja text, en text)
	RETURNS jsonb LANGUAGE sql IMMUTABLE AS $$
	SELECT fault_detail(code, field, clause, ja, en)::jsonb $$;

-- All faults of a list of lists as one; NULL: none.
CREATE OR REPLACE FUNCTION faults_joined(VARIADIC lists jsonb[]) RETURNS jsonb
	LANGUAGE plpgsql IMMUTABLE AS $$
BEGIN
	RETURN (SELECT nullif(coalesce(jsonb_agg(f), '[]'), '[]') FROM unnest(lists) l,
		jsonb_array_elements(CASE jsonb_typeof(l) WHEN 'array' THEN l ELSE '[]' END) f);
END $$;
CREATE OR REPLACE FUNCTION faults_raise(list jsonb) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
	IF faults_joined(list) IS NOT NULL THEN
		RAISE EXCEPTION 'rules violated' USING ERRCODE = 'DR001', DETAIL = list::text;
	END IF;
END $$;
CREATE OR REPLACE FUNCTION faults_of_rules(codes text[]) RETURNS jsonb LANGUAGE sql STABLE AS $$
	SELECT CASE WHEN cardinality(codes) > 0 THEN rule_messages(codes)::jsonb END $$;

CREATE OR REPLACE FUNCTION is_day(v text) RETURNS boolean LANGUAGE plpgsql IMMUTABLE AS $$
BEGIN
	RETURN v ~ '^\d{4}-\d{2}-\d{2}$' AND v::date IS NOT NULL;
EXCEPTION WHEN datetime_field_overflow OR invalid_datetime_format THEN
	RETURN false;
END $$;

-- A day on which something was done: not one to come, and none before `since` (NULL: any).
CREATE OR REPLACE FUNCTION day_faults(day date, since date, field text, clause text) RETURNS jsonb
	LANGUAGE sql STABLE AS $$
	SELECT CASE WHEN day > act_today() THEN fault('day_to_come', field, clause,
			'今日より後の日は記録できません。', 'The day is still to come.')
		WHEN day < since THEN fault('day_too_early', field, clause,
			since || 'より前の日は記録できません。', 'Not before ' || since || '.') END $$;

-- The asset that an application may be about: one that the act can see.
DO $$
BEGIN
	EXECUTE format('CREATE OR REPLACE FUNCTION asset_seen(no text, at_institution text) RETURNS '
		'boolean LANGUAGE plpgsql STABLE AS $b$ BEGIN RETURN EXISTS (SELECT FROM '
		'asset a WHERE a.asset_no = no AND a.institution = at_institution AND %s); END $b$',
		scope_expression('asset', false));
	EXECUTE format('CREATE OR REPLACE FUNCTION medium_seen(no text, at_institution text) RETURNS '
		'boolean LANGUAGE plpgsql STABLE AS $b$ BEGIN RETURN EXISTS (SELECT FROM '
		'external_media a WHERE a.media_no = no AND a.institution = at_institution AND %s); '
		'END $b$',
		scope_expression('external_media', false));
END $$;
CREATE OR REPLACE FUNCTION person_known(who text, at_institution text) RETURNS boolean
	LANGUAGE plpgsql STABLE AS $$
BEGIN
	RETURN EXISTS (SELECT FROM person p WHERE p.login = who AND p.institution = at_institution)
		OR EXISTS (SELECT FROM offices_in_force(who, act_today()) o
			WHERE o.institution = at_institution);
END $$;

-- Is the value one of this type?  NULL is not given.
CREATE OR REPLACE FUNCTION member_fits(m workflow_member, v jsonb, at_institution text)
	RETURNS boolean LANGUAGE plpgsql STABLE AS $$
BEGIN
	RETURN coalesce(CASE m.type
		WHEN 'boolean' THEN jsonb_typeof(v) = 'boolean'
		WHEN 'integer' THEN v::text ~ '^\d{1,9}$'
		WHEN 'level' THEN v::text ~ '^[1-4]$'
		WHEN 'texts' THEN jsonb_typeof(v) = 'array' AND jsonb_array_length(v) BETWEEN 1 AND 5000
			AND NOT EXISTS (SELECT FROM jsonb_array_elements(v) x WHERE jsonb_typeof(x) <>
			'string' OR char_length(x #>> '{}') NOT BETWEEN 1 AND 400
			OR cardinality(m.choices) > 0 AND x #>> '{}' <> ALL (m.choices))
		WHEN 'assets' THEN jsonb_typeof(v) = 'array' AND jsonb_array_length(v) <= 500
			AND NOT EXISTS (SELECT FROM jsonb_array_elements(v) x
			WHERE NOT asset_seen(x #>> '{}', at_institution))
		ELSE jsonb_typeof(v) = 'string' AND char_length(btrim(v #>> '{}')) BETWEEN 1 AND 4000
			AND CASE m.type
			WHEN 'date' THEN is_day(v #>> '{}')
			WHEN 'choice' THEN v #>> '{}' = ANY (m.choices)
			WHEN 'asset' THEN asset_seen(v #>> '{}', at_institution)
			WHEN 'network' THEN EXISTS (SELECT FROM asset a WHERE a.asset_no = v #>> '{}'
				AND a.institution = at_institution AND a.asset_type IN ('network',
				'wireless_lan') AND a.state <> 'draft')
			WHEN 'person' THEN person_known(v #>> '{}', at_institution)
			WHEN 'area' THEN EXISTS (SELECT FROM area a WHERE a.code = v #>> '{}'
				AND a.institution = at_institution)
			WHEN 'cloud' THEN EXISTS (SELECT FROM cloud_service_facts(v #>> '{}', 1))
				AND EXISTS (SELECT FROM asset a WHERE a.asset_no = v #>> '{}'
				AND a.institution = at_institution)
			WHEN 'unit' THEN EXISTS (SELECT FROM org_unit u WHERE u.code = v #>> '{}'
				AND u.institution = at_institution)
			WHEN 'institution' THEN EXISTS (SELECT FROM institution i WHERE i.code = v #>> '{}'
				AND i.active)
			WHEN 'rule' THEN EXISTS (SELECT FROM rule u WHERE u.code = v #>> '{}')
			ELSE true END
		END, false);
END $$;

-- Those that role_assignment takes (2.1(2)⑤).
CREATE OR REPLACE FUNCTION deputy_powers() RETURNS text[] LANGUAGE sql IMMUTABLE AS $$
	SELECT '{instruct,advise,maintain_procedures,emergency_contacts,inspect_admins,keep_ledgers,
		area_designation,order_on_findings,self_inspection,education,access_review}'::text[] $$;
CREATE OR REPLACE FUNCTION texts_of(v jsonb) RETURNS text[] LANGUAGE sql IMMUTABLE AS $$
	SELECT CASE WHEN jsonb_typeof(v) = 'array'
		THEN ARRAY(SELECT jsonb_array_elements_text(v)) END $$;
-- What no type says: values that the ledgers themselves would refuse when it is approved.
CREATE OR REPLACE FUNCTION payload_misfits(r request) RETURNS TABLE (name text, ja text, en text)
	LANGUAGE sql STABLE AS $$
	SELECT 'powers', '副責任者に委ねられる権限ではありません。', 'Not powers that are delegated: '
		|| array_to_string(deputy_powers(), ', ') || '.'
	WHERE r.request_type = 'deputy_iso' AND NOT texts_of(r.payload->'powers') <@ deputy_powers()
	UNION ALL
	SELECT 'range_units', 'この機関にない部署があります。', 'Not all are units of the 機関.'
	FROM unnest(texts_of(r.payload->'range_units')) x
	WHERE NOT EXISTS (SELECT FROM org_unit u WHERE u.code = x AND u.institution = r.institution)
	UNION ALL
	SELECT 'term_to', '終期が始期より前です。', 'The term ends before it begins.'
	WHERE is_day(r.payload->>'term_from') AND is_day(r.payload->>'term_to')
		AND r.payload->>'term_to' < r.payload->>'term_from'
	UNION ALL
	SELECT 'days', '1日以上100000日以下としてください。', 'From 1 to 100000 days.'
	WHERE r.request_type = 'log_period' AND r.payload->>'days' ~ '^\d{1,9}$'
		AND (r.payload->>'days')::int NOT BETWEEN 1 AND 100000
	UNION ALL
	SELECT 'lacking', 'SPF、DKIM、DMARCから指定してください。', 'Of SPF, DKIM and DMARC.'
	FROM unnest(texts_of(r.payload->'lacking')) x
	WHERE r.request_type = 'mail_auth_exemption' AND upper(x) NOT IN ('SPF', 'DKIM', 'DMARC') $$;

-- complete: what is required must be there.
CREATE OR REPLACE FUNCTION payload_faults(r request, complete boolean) RETURNS jsonb
	LANGUAGE plpgsql STABLE AS $$
BEGIN
	RETURN (SELECT nullif(coalesce(jsonb_agg(f -> 0), '[]'), '[]') FROM (
		SELECT fault('unknown_member', '#/payload/' || replace(replace(e.key, '~', '~0'), '/', '~1'), NULL, 'この申請にはない項目です。',
			'Not a member of this kind of application.') AS f
		FROM jsonb_each(r.payload) e WHERE NOT EXISTS (SELECT FROM workflow_member m
			WHERE m.kind = r.request_type AND m.name = e.key)
		UNION ALL
		SELECT fault('wrong_value', '#/payload/' || m.name, k.clause, m.ja
			|| 'の値が正しくありません。' || coalesce(' 次のいずれかです: '
			|| nullif(array_to_string(m.choices, ', '), ''), ''),
			'Not a value of this member: ' || m.type || '.' || coalesce(' One of: '
			|| nullif(array_to_string(m.choices, ', '), '') || '.', ''))
		FROM workflow_member m JOIN workflow_kind k ON k.code = m.kind
		WHERE m.kind = r.request_type AND r.payload ? m.name
			AND NOT member_fits(m, r.payload -> m.name, CASE m.name WHEN 'to_sysadmin'
				THEN r.payload->>'to_institution' ELSE r.institution END)
		UNION ALL
		SELECT DISTINCT fault('wrong_value', '#/payload/' || x.name, k.clause, x.ja, x.en)
		FROM payload_misfits(r) x JOIN workflow_kind k ON k.code = r.request_type
		UNION ALL
		SELECT fault('unknown_rule', 'rule', '2.3(2)⑤', 'この規則はありません。',
			'There is no such rule.')
		WHERE r.rule IS NOT NULL AND NOT EXISTS (SELECT FROM rule u WHERE u.code = r.rule)
		UNION ALL -- of a draft, too: the table takes no other
		SELECT fault('term_over', 'valid_to', NULL, '終期が始期より前です。',
			'The term ends before it begins.') WHERE r.valid_to < r.valid_from
		UNION ALL
		SELECT fault('required', '#/payload/' || m.name, k.clause, m.ja || 'を入力してください。',
			'Required: ' || m.en || '.')
		FROM workflow_member m JOIN workflow_kind k ON k.code = m.kind
		WHERE complete AND m.kind = r.request_type AND m.required AND NOT r.payload ? m.name
	) x);
END $$;

-- Is the asset what the kind is for: of one of its types, or with one of its functions?
CREATE OR REPLACE FUNCTION subject_typed(no text, types text[]) RETURNS boolean
	LANGUAGE plpgsql STABLE AS $$
BEGIN
	RETURN no IS NULL OR types = '{}' OR EXISTS (SELECT FROM asset a WHERE a.asset_no = no
		AND (a.asset_type = ANY (types) OR a.functions && types));
END $$;
-- What an application is about, by its kind.
CREATE OR REPLACE FUNCTION subject_faults(r request) RETURNS jsonb LANGUAGE plpgsql STABLE AS $$
BEGIN
	RETURN (SELECT CASE WHEN EXISTS (SELECT FROM asset a WHERE a.asset_no = r.asset
			AND a.state = 'transferred') THEN fault('transferred', 'asset', '2.1(2)②(a), ④(f)',
			'移管済の資産です。移管先の機関で申請してください。',
			'It was handed over: apply where it is now.')
		WHEN NOT subject_typed(r.asset, k.types) THEN fault('wrong_subject', 'asset',
			k.clause, '申請の対象が、この申請種別に合いません。資産種別又は機能が次のいずれかの資産が対象です: '
			|| array_to_string(k.types, ', '), 'An asset of one of these types or functions '
			'is what it is about: ' || array_to_string(k.types, ', ') || '.')
		WHEN CASE k.subject
		WHEN 'none' THEN num_nonnulls(r.asset, r.medium, r.unit, r.subject_person) = 0
		WHEN 'asset' THEN r.asset IS NOT NULL
			AND num_nonnulls(r.medium, r.unit, r.subject_person) = 0
		WHEN 'medium' THEN r.medium IS NOT NULL
			AND num_nonnulls(r.asset, r.unit, r.subject_person) = 0
		WHEN 'object' THEN num_nonnulls(r.asset, r.medium) = 1
			AND num_nonnulls(r.unit, r.subject_person) = 0
		WHEN 'any' THEN num_nonnulls(r.asset, r.medium, r.unit) <= 1
			AND r.subject_person IS NULL
			AND (r.request_type <> 'exception' OR num_nonnulls(r.asset, r.medium, r.unit) = 1)
		ELSE r.subject_person IS NOT NULL AND num_nonnulls(r.asset, r.medium, r.unit) = 0 END
		THEN NULL ELSE fault('wrong_subject', CASE k.subject WHEN 'person' THEN 'subject_person'
			WHEN 'medium' THEN 'medium' ELSE 'asset' END, k.clause,
			'申請の対象が、この申請種別に合いません。',
			'What the application is about does not fit its kind: ' || k.subject || '.') END
	FROM workflow_kind k WHERE k.code = r.request_type);
END $$;

-- 4.2: what has no term cannot end by one, so none is taken for it; that of an office stands in the
-- payload.  `doc`: whatever names valid_from and valid_to.
CREATE OR REPLACE FUNCTION term_unwanted(kind text, doc jsonb) RETURNS jsonb
	LANGUAGE plpgsql STABLE AS $$
BEGIN
	RETURN (SELECT nullif(coalesce(jsonb_agg(fault('no_term', n, k.clause, CASE k.term
			WHEN 'office' THEN '任期は申請内容（payload）の term_from・term_to で指定します。'
			ELSE 'この申請種別には許可の期間がありません。始期・終期は指定できません。' END,
		CASE k.term WHEN 'office' THEN 'The term of an office is given in the payload: term_from, '
			'term_to.' ELSE 'What is permitted by this kind has no term: give no day.' END) -> 0),
		'[]'), '[]')
	FROM workflow_kind k, unnest('{valid_from,valid_to}'::text[]) n
	WHERE k.code = $1 AND k.term IN ('none', 'office') AND coalesce(doc->n, 'null') <> 'null');
END $$;

CREATE OR REPLACE FUNCTION term_faults(kind text, at_institution text, from_day date,
	to_day date) RETURNS jsonb LANGUAGE plpgsql STABLE AS $$
BEGIN
	RETURN (SELECT faults_joined(CASE WHEN from_day > act_today() + 90 THEN fault('term_later',
			'valid_from', k.clause, '始期は今日から90日以内としてください。',
			'The term begins within 90 days from today.') END,
		CASE WHEN to_day < act_today() OR to_day < from_day THEN
			fault('term_over', 'valid_to', k.clause, '終期が過去か、始期より前です。',
				'The term ends before it begins, or has ended.') END,
		CASE WHEN to_day > coalesce(from_day, act_today()) + policy_days(k.validity,
			at_institution) THEN fault('term_too_long', 'valid_to', k.clause,
			'期間が上限（' || policy_days(k.validity, at_institution) || '日）を超えています。',
			'Longer than the longest term: ' || policy_days(k.validity, at_institution)
			|| ' days.') END)
	FROM workflow_kind k WHERE k.code = kind);
END $$;

-- What a decision permits has its whole term before it, and takes effect on no day before it begins
-- (an appointment and an exception have days of their own).
CREATE OR REPLACE FUNCTION permitted_term_faults(r request, d workflow_step, given jsonb)
	RETURNS jsonb LANGUAGE sql STABLE AS $$
	SELECT CASE WHEN d.to_state = 'approved' THEN faults_joined(
		term_faults(r.request_type, r.institution, t.from_day, t.to_day),
		CASE WHEN t.from_day > act_today() AND (r.request_type LIKE 'important\_%'
			OR coalesce(d.effect, 'effect_exception') NOT IN ('effect_exception',
				'effect_appoint')) THEN fault('term_later', 'valid_from', d.clause,
			'許可・承認は直ちに効力を生じます。始期（valid_from）は今日以前としてください。',
			'It takes effect at once: let valid_from be today, or earlier.') END) END
	FROM (SELECT coalesce((given->>'valid_from')::date, r.valid_from, act_today()) AS from_day,
		coalesce((given->>'valid_to')::date, r.valid_to) AS to_day) t $$;

-- From when until when what is permitted counts: as it was given, or as long as the policy has it; an
-- office has its own days.
CREATE OR REPLACE FUNCTION request_dated(r request) RETURNS request LANGUAGE plpgsql STABLE AS $$
DECLARE
	k workflow_kind;
BEGIN
	SELECT * INTO k FROM workflow_kind x WHERE x.code = r.request_type;
	IF k.term = 'office' THEN
		r.valid_from := (r.payload->>'term_from')::date;
		r.valid_to := (r.payload->>'term_to')::date;
	ELSE
		r.valid_from := coalesce(r.valid_from, act_today());
		r.valid_to := coalesce(r.valid_to, r.valid_from + policy_days(k.validity, r.institution));
	END IF;
	RETURN r;
END $$;

-- D3 and what else must be there before it is submitted.
-- An office begins with its decision or later, and ends after that (ROLE-02).
CREATE OR REPLACE FUNCTION appointment_faults(r request, submitting boolean) RETURNS jsonb
	LANGUAGE plpgsql STABLE AS $$
BEGIN
	RETURN (SELECT faults_joined(
		CASE WHEN submitting AND x.begins < act_today() THEN fault('in_the_past',
			'#/payload/term_from', '2.1(2)②(b)(d), ⑤', '任命の始期には今日以降の日付を入力してください。',
			'An office begins today or later.') END,
		CASE WHEN x.ends < act_today() THEN fault('in_the_past', '#/payload/term_to',
			'2.1(2)②(b)(d), ⑤', '任命の終期が過ぎています。', 'The last day is over.') END)
	FROM (SELECT CASE WHEN is_day(r.payload->>'term_from') THEN (r.payload->>'term_from')::date
			END, CASE WHEN is_day(r.payload->>'term_to') THEN (r.payload->>'term_to')::date END)
		x (begins, ends));
END $$;
CREATE OR REPLACE FUNCTION submission_faults(r request) RETURNS jsonb LANGUAGE plpgsql STABLE AS $$
BEGIN
	RETURN (SELECT faults_joined(payload_faults(r, true), subject_faults(r),
		CASE WHEN coalesce(btrim(r.reason), '') = '' THEN CASE r.request_type
			WHEN 'recheck' THEN faults_of_rules('{REQ-09}')
			ELSE fault('required', 'reason', k.clause, '必要性・理由を入力してください。',
				'Say why it is needed.') END END,
		CASE WHEN k.term = 'must' AND r.valid_to IS NULL THEN fault('required', 'valid_to',
			k.clause, '許可の終期を入力してください。', 'Say until when.') END,
		term_unwanted(r.request_type, jsonb_build_object('valid_from', r.valid_from, 'valid_to',
			r.valid_to)),
		CASE WHEN k.code = 'exception' AND r.rule IS NULL
			THEN fault('unknown_rule', 'rule', '2.3(2)⑤', 'この規則はありません。',
				'There is no such rule.') END,
		appointment_faults(r, true),
		term_faults(r.request_type, r.institution, r.valid_from, r.valid_to))
	FROM workflow_kind k WHERE k.code = r.request_type);
END $$;

-- A decision, or the way around one.
CREATE OR REPLACE FUNCTION step_settles(s workflow_step) RETURNS boolean LANGUAGE sql IMMUTABLE AS $$
	SELECT s.decides OR s.action = 'unavoidable' $$;

-- Names that stand for members of a step.
CREATE OR REPLACE FUNCTION step_members(VARIADIC words text[]) RETURNS text[]
	LANGUAGE sql IMMUTABLE AS $$
	SELECT coalesce(array_agg(m), '{}') FROM unnest(words) w,
		unnest(CASE w WHEN 'term' THEN '{valid_from,valid_to}'::text[] ELSE ARRAY[w] END) m $$;

-- The values that a member of a step may have, where they are few.
CREATE OR REPLACE FUNCTION step_choices(name text) RETURNS text[] LANGUAGE sql IMMUTABLE AS $$
	SELECT CASE name WHEN 'result' THEN '{pass,conditional,fail}'::text[]
		WHEN 'case' THEN '{absent,urgent,no_other}' WHEN 'problem' THEN '{true,false}' END $$;
CREATE OR REPLACE FUNCTION step_value_said(name text, en boolean) RETURNS text
	LANGUAGE sql IMMUTABLE AS $$
	SELECT CASE WHEN step_choices(name) IS NOT NULL THEN CASE WHEN en THEN ' One of: '
			|| array_to_string(step_choices(name), ', ') || '.'
			ELSE ' 次のいずれかです: ' || array_to_string(step_choices(name), ', ') END
		WHEN name = 'reason' THEN CASE WHEN en THEN ' A reason has 20 characters or more.'
			ELSE ' 理由は20字以上です。' END
		WHEN name IN ('on', 'valid_from', 'valid_to') THEN CASE WHEN en THEN ' A day: 2026-04-01.'
			ELSE ' 日付（2026-04-01）です。' END
		WHEN name = 'installed' THEN CASE WHEN en THEN ' A list: ["nginx 1.26.0"].'
			ELSE ' 一覧（["nginx 1.26.0"]）です。' END ELSE '' END $$;

DROP FUNCTION IF EXISTS step_value_fits(text, jsonb);
CREATE OR REPLACE FUNCTION step_value_fits(name text, v jsonb, at_institution text)
	RETURNS boolean LANGUAGE sql STABLE AS $$
	SELECT coalesce(CASE name
		WHEN 'problem' THEN jsonb_typeof(v) = 'boolean'
		WHEN 'installed' THEN jsonb_typeof(v) = 'array' AND jsonb_array_length(v) BETWEEN 1 AND 200
			AND NOT EXISTS (SELECT FROM jsonb_array_elements(v) e WHERE jsonb_typeof(e) <> 'string'
				OR char_length(btrim(e #>> '{}')) NOT BETWEEN 1 AND 400)
		WHEN 'result' THEN v #>> '{}' = ANY (step_choices(name))
		WHEN 'case' THEN v #>> '{}' = ANY (step_choices(name))
		WHEN 'reason' THEN char_length(btrim(v #>> '{}')) BETWEEN 20 AND 4000
		WHEN 'person' THEN person_known(v #>> '{}', at_institution)
		WHEN 'on' THEN is_day(v #>> '{}')
		WHEN 'valid_from' THEN is_day(v #>> '{}')
		WHEN 'valid_to' THEN is_day(v #>> '{}')
		ELSE char_length(btrim(v #>> '{}')) BETWEEN 1 AND 4000 END
		AND (name IN ('problem', 'installed') OR jsonb_typeof(v) = 'string'), false) $$;

DROP FUNCTION IF EXISTS step_faults(workflow_step, jsonb);
CREATE OR REPLACE FUNCTION step_faults(s workflow_step, given jsonb, at_institution text)
	RETURNS jsonb LANGUAGE plpgsql STABLE AS $$
BEGIN
	RETURN (SELECT nullif(coalesce(jsonb_agg(f -> 0), '[]'), '[]') FROM (
		SELECT fault('unknown_member', e.key, NULL, 'この操作では使えない項目です。',
			'Not a member of this step.') AS f
		FROM jsonb_each(given) e WHERE e.key <> 'comment'
			AND e.key <> ALL (step_members(VARIADIC s.needs || s.takes))
			AND NOT (step_settles(s) AND term_unwanted(s.kind, jsonb_build_object(e.key, e.value))
				IS NOT NULL)
		UNION ALL
		SELECT jsonb_build_array(f) FROM jsonb_array_elements(term_unwanted(s.kind, given)) f
		WHERE step_settles(s)
		UNION ALL
		SELECT fault('wrong_value', e.key, s.clause, '値が正しくありません。'
			|| step_value_said(e.key, false), 'Not a value of this member.'
			|| step_value_said(e.key, true))
		FROM jsonb_each(given) e WHERE (e.key = 'comment'
			OR e.key = ANY (step_members(VARIADIC s.needs || s.takes)))
			AND NOT step_value_fits(e.key, e.value, at_institution)
		UNION ALL
		SELECT fault('required', n, s.clause, 'この操作に必要な項目です。' || step_value_said(n, false),
			'Needed for this step.' || step_value_said(n, true))
		FROM unnest(step_members(VARIADIC s.needs)) n WHERE NOT given ? n
	) x);
END $$;
