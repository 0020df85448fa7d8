-- What is given with an application and with a step: names, types, what must be there.

CREATE OR REPLACE FUNCTION fault(code text, field text, clause text, ja text, en text)
	RETURNS jsonb LANGUAGE sql IMMUTABLE AS $$
	SELECT fault_detail(code, field, clause, ja, en)::jsonb $$;

-- All faults of a list of lists as one; NULL: none.
CREATE OR REPLACE FUNCTION faults_joined(VARIADIC lists jsonb[]) RETURNS jsonb
	LANGUAGE sql IMMUTABLE AS $$
	SELECT nullif(coalesce(jsonb_agg(f), '[]'), '[]') FROM unnest(lists) l,
		jsonb_array_elements(CASE jsonb_typeof(l) WHEN 'array' THEN l ELSE '[]' END) f $$;
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

-- The asset that an application may be about: one that the act can see.
DO $$
BEGIN
	EXECUTE format('CREATE OR REPLACE FUNCTION asset_seen(no text, at_institution text) RETURNS '
		'boolean LANGUAGE sql STABLE AS $b$ SELECT EXISTS (SELECT FROM asset a WHERE '
		'a.asset_no = no AND a.institution = at_institution AND %s) $b$',
		scope_expression('asset', false));
	EXECUTE format('CREATE OR REPLACE FUNCTION medium_seen(no text, at_institution text) RETURNS '
		'boolean LANGUAGE sql STABLE AS $b$ SELECT EXISTS (SELECT FROM external_media a WHERE '
		'a.media_no = no AND a.institution = at_institution AND %s) $b$',
		scope_expression('external_media', false));
END $$;
CREATE OR REPLACE FUNCTION person_known(who text, at_institution text) RETURNS boolean
	LANGUAGE sql STABLE AS $$
	SELECT EXISTS (SELECT FROM person p WHERE p.login = who AND p.institution = at_institution)
		OR EXISTS (SELECT FROM offices_in_force(who, act_today()) o
			WHERE o.institution = at_institution) $$;

-- Is the value one of this type?  NULL is not given.
CREATE OR REPLACE FUNCTION member_fits(m workflow_member, v jsonb, at_institution text)
	RETURNS boolean LANGUAGE sql STABLE AS $$
	SELECT coalesce(CASE m.type
		WHEN 'boolean' THEN jsonb_typeof(v) = 'boolean'
		WHEN 'integer' THEN v::text ~ '^\d{1,9}$'
		WHEN 'level' THEN v::text ~ '^[1-4]$'
		WHEN 'texts' THEN jsonb_typeof(v) = 'array' AND jsonb_array_length(v) BETWEEN 1 AND 5000
			AND NOT EXISTS (SELECT FROM jsonb_array_elements(v) x WHERE jsonb_typeof(x) <>
			'string' OR char_length(x #>> '{}') NOT BETWEEN 1 AND 400)
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
			WHEN 'unit' THEN EXISTS (SELECT FROM org_unit u WHERE u.code = v #>> '{}'
				AND u.institution = at_institution)
			WHEN 'institution' THEN EXISTS (SELECT FROM institution i WHERE i.code = v #>> '{}'
				AND i.active)
			WHEN 'rule' THEN EXISTS (SELECT FROM rule u WHERE u.code = v #>> '{}')
			ELSE true END
		END, false) $$;

-- complete: what is required must be there.
CREATE OR REPLACE FUNCTION payload_faults(r request, complete boolean) RETURNS jsonb
	LANGUAGE sql STABLE AS $$
	SELECT nullif(coalesce(jsonb_agg(f -> 0), '[]'), '[]') FROM (
		SELECT fault('unknown_member', '#/payload/' || replace(replace(e.key, '~', '~0'), '/', '~1'), NULL, 'この申請にはない項目です。',
			'Not a member of this kind of application.') AS f
		FROM jsonb_each(r.payload) e WHERE NOT EXISTS (SELECT FROM workflow_member m
			WHERE m.kind = r.request_type AND m.name = e.key)
		UNION ALL
		SELECT fault('wrong_value', '#/payload/' || m.name, k.clause, m.ja || 'の値が正しくありません。',
			'Not a value of this member: ' || m.type || '.')
		FROM workflow_member m JOIN workflow_kind k ON k.code = m.kind
		WHERE m.kind = r.request_type AND r.payload ? m.name
			AND NOT member_fits(m, r.payload -> m.name, CASE m.name WHEN 'to_sysadmin'
				THEN r.payload->>'to_institution' ELSE r.institution END)
		UNION ALL
		SELECT fault('required', '#/payload/' || m.name, k.clause, m.ja || 'を入力してください。',
			'Required: ' || m.en || '.')
		FROM workflow_member m JOIN workflow_kind k ON k.code = m.kind
		WHERE complete AND m.kind = r.request_type AND m.required AND NOT r.payload ? m.name
	) x $$;

-- What an application is about, by its kind.
CREATE OR REPLACE FUNCTION subject_faults(r request) RETURNS jsonb LANGUAGE sql STABLE AS $$
	SELECT CASE WHEN CASE k.subject
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
	FROM workflow_kind k WHERE k.code = r.request_type $$;

CREATE OR REPLACE FUNCTION term_faults(kind text, at_institution text, from_day date,
	to_day date) RETURNS jsonb LANGUAGE sql STABLE AS $$
	SELECT faults_joined(CASE WHEN to_day < act_today() OR to_day < from_day THEN
			fault('term_over', 'valid_to', k.clause, '終期が過去か、始期より前です。',
				'The term ends before it begins, or has ended.') END,
		CASE WHEN to_day > coalesce(from_day, act_today()) + policy_days(k.validity,
			at_institution) THEN fault('term_too_long', 'valid_to', k.clause,
			'期間が上限（' || policy_days(k.validity, at_institution) || '日）を超えています。',
			'Longer than the longest term: ' || policy_days(k.validity, at_institution)
			|| ' days.') END)
	FROM workflow_kind k WHERE k.code = kind $$;

-- D3 and what else must be there before it is submitted.
CREATE OR REPLACE FUNCTION submission_faults(r request) RETURNS jsonb LANGUAGE sql STABLE AS $$
	SELECT faults_joined(payload_faults(r, true), subject_faults(r),
		CASE WHEN coalesce(btrim(r.reason), '') = '' THEN CASE r.request_type
			WHEN 'recheck' THEN faults_of_rules('{REQ-09}')
			ELSE fault('required', 'reason', k.clause, '必要性・理由を入力してください。',
				'Say why it is needed.') END END,
		CASE WHEN k.term = 'must' AND r.valid_to IS NULL THEN fault('required', 'valid_to',
			k.clause, '許可の終期を入力してください。', 'Say until when.') END,
		CASE WHEN k.code = 'exception' AND NOT EXISTS (SELECT FROM rule u WHERE u.code = r.rule)
			THEN fault('unknown_rule', 'rule', '2.3(2)⑤', 'この規則はありません。',
				'There is no such rule.') END,
		term_faults(r.request_type, r.institution, r.valid_from, r.valid_to))
	FROM workflow_kind k WHERE k.code = r.request_type $$;

-- Names that stand for members of a step.
CREATE OR REPLACE FUNCTION step_members(VARIADIC words text[]) RETURNS text[]
	LANGUAGE sql IMMUTABLE AS $$
	SELECT coalesce(array_agg(m), '{}') FROM unnest(words) w,
		unnest(CASE w WHEN 'term' THEN '{valid_from,valid_to}'::text[] ELSE ARRAY[w] END) m $$;

DROP FUNCTION IF EXISTS step_value_fits(text, jsonb);
CREATE OR REPLACE FUNCTION step_value_fits(name text, v jsonb, at_institution text)
	RETURNS boolean LANGUAGE sql STABLE AS $$
	SELECT coalesce(CASE name
		WHEN 'problem' THEN jsonb_typeof(v) = 'boolean'
		WHEN 'result' THEN v #>> '{}' IN ('pass', 'conditional', 'fail')
		WHEN 'case' THEN v #>> '{}' IN ('absent', 'urgent', 'no_other')
		WHEN 'reason' THEN char_length(btrim(v #>> '{}')) BETWEEN 20 AND 4000
		WHEN 'person' THEN person_known(v #>> '{}', at_institution)
		WHEN 'on' THEN is_day(v #>> '{}')
		WHEN 'valid_from' THEN is_day(v #>> '{}')
		WHEN 'valid_to' THEN is_day(v #>> '{}')
		ELSE char_length(btrim(v #>> '{}')) BETWEEN 1 AND 4000 END
		AND (name = 'problem' OR jsonb_typeof(v) = 'string'), false) $$;

DROP FUNCTION IF EXISTS step_faults(workflow_step, jsonb);
CREATE OR REPLACE FUNCTION step_faults(s workflow_step, given jsonb, at_institution text)
	RETURNS jsonb LANGUAGE sql STABLE AS $$
	SELECT nullif(coalesce(jsonb_agg(f -> 0), '[]'), '[]') FROM (
		SELECT fault('unknown_member', e.key, NULL, 'この操作では使えない項目です。',
			'Not a member of this step.') AS f
		FROM jsonb_each(given) e WHERE e.key <> 'comment'
			AND e.key <> ALL (step_members(VARIADIC s.needs || s.takes))
		UNION ALL
		SELECT fault('wrong_value', e.key, s.clause, '値が正しくありません（理由は20字以上）。',
			'Not a value of this member (a reason has 20 characters or more).')
		FROM jsonb_each(given) e WHERE (e.key = 'comment'
			OR e.key = ANY (step_members(VARIADIC s.needs || s.takes)))
			AND NOT step_value_fits(e.key, e.value, at_institution)
		UNION ALL
		SELECT fault('required', n, s.clause, 'この操作に必要な項目です。', 'Needed for this step.')
		FROM unnest(step_members(VARIADIC s.needs)) n WHERE NOT given ? n
	) x $$;
