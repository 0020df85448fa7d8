-- What is possible with an application now: told before it is tried, and when it was refused.

-- What is possible where the application stands: for a refusal that says so, as life_possible().
-- An action that its kind has nowhere is no matter of the state.
CREATE OR REPLACE FUNCTION steps_possible(r request, act text) RETURNS text
	LANGUAGE plpgsql STABLE AS $$
DECLARE
	known text[] := ARRAY(SELECT DISTINCT s.action FROM workflow_step s
		WHERE s.kind = r.request_type AND NOT (s.who = '{system}' AND s.offices = '{}') ORDER BY 1);
BEGIN
	IF act <> ALL (known) THEN
		PERFORM faults_raise(fault('unknown_choice', 'action', NULL,
			'この申請種別にない操作です。次のいずれかです: ' || array_to_string(known, ', '),
			'No step of this kind; one of: ' || array_to_string(known, ', ') || '.'));
	END IF;
	RETURN jsonb_build_object('code', 'present_state', 'field', 'state', 'value', r.state,
		'ja', '現在の状態です。', 'en', 'It is ' || r.state || '.')
		|| coalesce((SELECT jsonb_agg(jsonb_build_object('code', 'possible', 'field', 'state',
			'clause', s.clause, 'value', s.action, 'ja', format('「%s」ができます。', s.ja),
			'en', format('From here: %s (%s).', s.action, s.en)) ORDER BY s.position)
		FROM workflow_step s WHERE s.kind = r.request_type AND s.from_state = r.state
			AND NOT (s.who = '{system}' AND s.offices = '{}')),
		fault('final', 'state', NULL, 'これ以上の操作はありません。', 'Nothing leads on from here.'));
END $$;

-- What stands against the step itself, whoever takes it.  REQ-22: in every case but `urgent`.
CREATE OR REPLACE FUNCTION step_held_up(r request, s workflow_step) RETURNS text[]
	LANGUAGE sql STABLE AS $$
	SELECT array_remove(ARRAY[
		CASE WHEN step_settles(s) AND request_waits(r) THEN 'REQ-25' END,
		CASE WHEN s.action = 'unavoidable' AND others_decide(r) THEN 'REQ-22' END], NULL) $$;

-- What may be done now, by whom: one row per step and office, and whether by the one who asks.
DROP FUNCTION IF EXISTS request_actions(text);
CREATE FUNCTION request_actions(no text) RETURNS TABLE (action text, "to" text,
	who text[], offices text[], mine boolean, refused text[], needs text[], takes text[],
	documents text[], missing text[], decides boolean, clause text, ja text, en text)
	LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
	SELECT s.action, request_lands(r, s), s.who, s.offices || CASE WHEN 'approver' = ANY (s.who)
		AND r.approver_office IS NOT NULL THEN ARRAY[r.approver_office] ELSE '{}' END,
		array_remove(x.refused, 'REQ-22') = '{}', x.refused, step_members(VARIADIC s.needs),
		step_members(VARIADIC '{comment}' || s.takes), s.documents, documents_lacking(r, s),
		s.decides, s.clause, s.ja, s.en
	FROM request r JOIN workflow_step s ON s.kind = r.request_type AND s.from_state = r.state
		CROSS JOIN LATERAL (SELECT request_refusal(r, s, acting_person())
			|| step_held_up(r, s) AS refused) x
	WHERE r.request_no = no AND NOT (s.who = '{system}' AND s.offices = '{}')
		AND (s.action NOT IN ('correct', 'check_correction') OR s.action = audit_due(no))
	ORDER BY s.position $$;
