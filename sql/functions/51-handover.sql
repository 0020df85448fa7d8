-- 引継ぎ (2.1(2)⑧(g)(d)): what is open about a server, who had it, and that they have it no more.

CREATE OR REPLACE FUNCTION open_items(of_asset text) RETURNS TABLE (kind text, code text,
	since date, due_on date, ja text, en text) LANGUAGE sql STABLE AS $$
	SELECT 'finding', f.rule, f.opened_at::date, f.due_on, u.ja, u.en
	FROM finding f JOIN rule u ON u.code = f.rule
	WHERE f.asset = of_asset AND f.closed_at IS NULL
	UNION ALL
	SELECT 'exception', x.rule, x.valid_from, x.valid_to, x.alternative, NULL
	FROM exception_grant x WHERE x.asset = of_asset AND x.valid_to >= act_today()
		AND x.revoked_on IS NULL
	UNION ALL
	SELECT 'request', r.request_no, coalesce(r.submitted_at, r.created_at)::date,
		coalesce(r.due_on, r.valid_to), k.ja, k.en
	FROM request r JOIN workflow_kind k ON k.code = r.request_type
	WHERE r.asset = of_asset AND r.state IN ('draft', 'submitted', 'returned', 'reviewing',
		'blocked', 'awaiting_confirmation', 'approved')
	ORDER BY 1, 2 $$;
-- For the parties of an application, whatever else they see.
CREATE OR REPLACE FUNCTION request_open_items(no text) RETURNS TABLE (kind text, code text,
	since date, due_on date, ja text, en text) LANGUAGE sql STABLE SECURITY DEFINER
	SET search_path = public, pg_temp AS $$
	SELECT o.* FROM request r, open_items(r.asset) o
	WHERE r.request_no = no AND o.code <> r.request_no $$;

-- What the register itself puts on record with a step: what was open when it was accepted, and
-- from whom it went; which rating was raised, and from what.
CREATE OR REPLACE FUNCTION step_adds(r request, act text) RETURNS jsonb LANGUAGE plpgsql STABLE AS $$
BEGIN
	RETURN coalesce(CASE WHEN r.request_type = 'rating_review' AND act IN ('submit', 'resubmit')
			THEN rating_raise(r)
		WHEN r.request_type <> 'handover' THEN NULL
		WHEN act = 'accept' THEN jsonb_build_object('open', (SELECT coalesce(jsonb_agg(
			jsonb_build_object('kind', o.kind, 'code', o.code, 'since', o.since, 'due_on',
			o.due_on)), '[]') FROM request_open_items(r.request_no) o))
		WHEN act = 'confirm_handover' THEN (SELECT jsonb_build_object('outgoing', a.important_admin)
			FROM asset a WHERE a.asset_no = r.asset) END, '{}');
END $$;
CREATE OR REPLACE FUNCTION request_outgoing(no text) RETURNS text LANGUAGE sql STABLE AS $$
	SELECT s.given->>'outgoing' FROM request_step s
	WHERE s.request = no AND s.action = 'confirm_handover' ORDER BY s.position DESC LIMIT 1 $$;

-- The one before has access no more: said by who took over, and true of the lists.
CREATE OR REPLACE FUNCTION effect_removed(r request, given jsonb) RETURNS void LANGUAGE sql AS $$
	DELETE FROM asset_user u WHERE u.asset = r.asset AND u.person = request_outgoing(r.request_no);
	UPDATE asset a SET operator = NULL, row_version = a.row_version + 1,
		updated_by = acting_person(), updated_at = now()
	WHERE a.asset_no = r.asset AND a.operator = request_outgoing(r.request_no) $$;
