-- 現物確認 (2.1(2)④(f), 2.2(1)): whoever goes through a room tells which media are there.

-- What a bar-code scanner or a spreadsheet makes of a number.
CREATE OR REPLACE FUNCTION scanned_number(typed text) RETURNS text LANGUAGE sql IMMUTABLE AS $$
	SELECT upper(regexp_replace(normalize(typed, NFKC), '\s', '', 'g')) $$;

-- Notes today as the day on which each was seen, and tells what became of each number; `area`:
-- and which of the media kept there were not among them.  As the daemon's role: row policies say
-- what is known and what may be changed.
CREATE OR REPLACE FUNCTION media_check(numbers text[], in_area text, scope text[]) RETURNS jsonb
	LANGUAGE plpgsql AS $$
DECLARE
	answer jsonb;
	absent jsonb;
BEGIN
	IF in_area IS NOT NULL AND NOT EXISTS (SELECT FROM area a WHERE a.code = in_area
		AND a.institution = ANY (scope)) THEN
		RAISE EXCEPTION 'no such area' USING ERRCODE = 'DR001', DETAIL = fault_detail(
			'unknown_reference', 'area', '2.2(2)②表', '該当する登録がありません。',
			'There is no such row.');
	END IF;
	WITH scanned AS (
		SELECT scanned_number(n) AS no, min(i) AS i
		FROM unnest(numbers) WITH ORDINALITY u (n, i) GROUP BY 1
	), known AS MATERIALIZED (
		SELECT s.i, m.media_no, m.state, m.storage_area, m.last_checked_on,
			external_media_may_change(m) AS may
		FROM scanned s JOIN external_media m ON m.media_no = s.no
		WHERE m.institution = ANY (scope)
	), seen AS (
		UPDATE external_media m SET last_checked_on = act_today(),
			row_version = m.row_version + 1, updated_by = acting_person(), updated_at = now()
		FROM known k WHERE m.media_no = k.media_no AND k.may
			AND k.last_checked_on IS DISTINCT FROM act_today()
		RETURNING 1
	)
	SELECT jsonb_build_object('checked_on', act_today(), 'numbers', (SELECT count(*) FROM scanned),
		'found', coalesce((SELECT jsonb_agg(jsonb_build_object('media_no', k.media_no, 'state',
			k.state, 'storage_area', k.storage_area, 'checked_before', k.last_checked_on)
			ORDER BY k.i) FROM known k WHERE k.may), '[]'),
		-- it is there, and should not be, by what the register says
		'unexpected', coalesce((SELECT jsonb_agg(jsonb_build_object('media_no', k.media_no,
			'state', k.state) ORDER BY k.i) FROM known k WHERE k.may
			AND k.state NOT IN ('stored', 'in_use')), '[]'),
		'not_allowed', coalesce((SELECT jsonb_agg(k.media_no ORDER BY k.i) FROM known k
			WHERE NOT k.may), '[]'),
		'unknown', coalesce((SELECT jsonb_agg(s.no ORDER BY s.i) FROM scanned s
			WHERE NOT EXISTS (SELECT FROM known k WHERE k.media_no = s.no)), '[]'))
	INTO answer;
	IF in_area IS NULL THEN
		RETURN answer;
	END IF;
	SELECT coalesce(jsonb_agg(jsonb_build_object('media_no', m.media_no, 'name', m.name,
		'custodian', m.custodian, 'confidentiality', m.confidentiality) ORDER BY m.media_no), '[]')
	INTO absent FROM external_media m WHERE m.storage_area = in_area
		AND m.institution = ANY (scope) AND m.state IN ('stored', 'in_use')
		AND NOT EXISTS (SELECT FROM unnest(numbers) n WHERE scanned_number(n) = m.media_no);
	-- reading of 機密性3以上 is an event (6.6(2)②)
	PERFORM audit_read('external_media', '', (SELECT a.institution FROM area a
		WHERE a.code = in_area), 0, jsonb_build_object('keys', jsonb_agg(x->>'media_no'), 'query',
		'storage_area=' || in_area))
	FROM jsonb_array_elements(absent) x WHERE (x->>'confidentiality')::int >= 3
	HAVING count(*) > 0;
	RETURN answer || jsonb_build_object('area', in_area, 'missing', absent);
END $$;
