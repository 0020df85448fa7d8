-- 格付けの見直し (3.1(2)①(c)): what is raised counts at once, as 仮; what is lowered waits for the decision.

CREATE OR REPLACE FUNCTION rated_row(r request) RETURNS jsonb LANGUAGE sql STABLE AS $$
	SELECT coalesce((SELECT to_jsonb(a) FROM asset a WHERE a.asset_no = r.asset),
		(SELECT to_jsonb(m) FROM external_media m WHERE m.media_no = r.medium)) $$;
-- Its rating: what is put back when the review is refused.
CREATE OR REPLACE FUNCTION rating_of(a_row jsonb) RETURNS jsonb LANGUAGE sql IMMUTABLE AS $$
	SELECT jsonb_object_agg(e.key, e.value) FROM jsonb_each(a_row) e
	WHERE e.key IN ('confidentiality', 'rating_status', 'rating_proposed_by') OR a_row ? 'asset_no'
		AND e.key IN ('confidentiality_basis', 'integrity', 'availability',
			'handling_restrictions', 'rating_by', 'rating_on') $$;

-- Mode R of the row as it would be.
CREATE OR REPLACE FUNCTION rated_violations(r request, rating jsonb) RETURNS text[]
	LANGUAGE plpgsql STABLE AS $$
BEGIN
	RETURN coalesce((SELECT asset_violation_r(x) FROM asset a,
			jsonb_populate_record(a, rating) x WHERE a.asset_no = r.asset),
		(SELECT media_violation_r(x) FROM external_media m,
			jsonb_populate_record(m, rating) x WHERE m.media_no = r.medium), '{}');
END $$;
-- Asked when it is submitted, too: the rules of CLS refuse what nobody could approve, at the member
-- that is wrong.
CREATE OR REPLACE FUNCTION guard_rating(r request, given jsonb) RETURNS jsonb
	LANGUAGE sql STABLE AS $$
	SELECT CASE WHEN r.payload = '{}' THEN fault('required', 'payload', '3.1(2)①(c)',
			'見直す格付けを入力してください。', 'Say what the rating shall be.')
		WHEN r.medium IS NOT NULL AND r.payload - 'confidentiality' <> '{}' THEN
		fault('wrong_value', 'payload', '3.1(2)①(c)', '媒体の格付けは機密性だけです。',
			'A medium is rated by 機密性 alone.')
		WHEN rated_row(r)->>'state' = 'draft' THEN fault('wrong_state', CASE WHEN r.medium IS NULL
			THEN 'asset' ELSE 'medium' END, '3.1(2)①(c)',
			'下書きの格付けは、登録の内容として直接変更してください。',
			'What is a draft is rated as it is written.')
		ELSE (SELECT jsonb_agg(f || jsonb_build_object('field', CASE
				WHEN r.payload ? (f->>'field') THEN '#/payload/' || (f->>'field')
				WHEN r.medium IS NULL THEN 'asset' ELSE 'medium' END))
			FROM jsonb_array_elements(faults_of_rules(rated_violations(r, r.payload))) f) END $$;

-- What of the payload is higher than this rating, with the restrictions that come with the level.
CREATE OR REPLACE FUNCTION rating_raised(r request, before jsonb) RETURNS jsonb
	LANGUAGE sql STABLE AS $$
	WITH higher AS (
		SELECT coalesce(jsonb_object_agg(e.key, e.value), '{}') AS levels FROM jsonb_each(r.payload) e
		WHERE e.key IN ('confidentiality', 'integrity', 'availability')
			AND (e.value #>> '{}')::int > coalesce((before->>e.key)::int, 0)
	), kept AS (
		SELECT coalesce(texts_of(before->'handling_restrictions'), '{}') AS held,
			coalesce(texts_of(r.payload->'handling_restrictions'), '{}')
			|| CASE WHEN r.asset IS NOT NULL AND levels ? 'confidentiality' THEN rating_restrictions(
				(levels->>'confidentiality')::int, r.institution) ELSE '{}' END AS wanted FROM higher
	)
	SELECT levels || CASE WHEN levels ? 'confidentiality' AND r.payload ? 'confidentiality_basis'
			THEN jsonb_build_object('confidentiality_basis', r.payload->'confidentiality_basis')
			ELSE '{}' END
		|| CASE WHEN NOT held @> wanted THEN jsonb_build_object('handling_restrictions', held
			|| ARRAY(SELECT w FROM unnest(wanted) WITH ORDINALITY x (w, n) WHERE w <> ALL (held)
				GROUP BY w ORDER BY min(n))) ELSE '{}' END
	FROM higher, kept $$;

-- What this application has raised and what was there before, if it still stands so: nobody has
-- confirmed or changed it since, and it has not been put back.
CREATE OR REPLACE FUNCTION raise_standing(r request, before_position integer) RETURNS jsonb
	LANGUAGE sql STABLE AS $$
	SELECT s.given->'raise' FROM (SELECT t.given FROM request_step t WHERE t.request = r.request_no
			AND t.action IN ('submit', 'resubmit', 'return') AND t.position < before_position
		ORDER BY t.position DESC LIMIT 1) s, rated_row(r) now
	WHERE s.given->'raise'->'raised' <> '{}' AND now->>'rating_status' = 'provisional'
		AND now->>'state' <> 'transferred'
		AND NOT EXISTS (SELECT FROM jsonb_each(s.given->'raise'->'raised') e
			WHERE now->e.key IS DISTINCT FROM e.value) $$;
-- For the record of a submission; sent back as what it is about was changed, it stands raised still.
CREATE OR REPLACE FUNCTION rating_raise(r request) RETURNS jsonb LANGUAGE sql STABLE AS $$
	SELECT CASE WHEN x.stands IS NOT NULL OR rating_raised(r, x.before) <> '{}'
		THEN jsonb_build_object('raise', jsonb_build_object('before', x.before, 'raised',
			rating_raised(r, x.before))) END
	FROM (SELECT s AS stands, coalesce(s->'before', rating_of(rated_row(r))) AS before
		FROM raise_standing(r, 2147483647) s) x $$;

CREATE OR REPLACE FUNCTION rating_write(r request, rating jsonb) RETURNS void LANGUAGE sql AS $$
	UPDATE asset a SET (confidentiality, confidentiality_basis, integrity, availability,
			handling_restrictions, rating_status, rating_by, rating_on)
		= (SELECT x.confidentiality, x.confidentiality_basis, x.integrity, x.availability,
			x.handling_restrictions, x.rating_status, x.rating_by, x.rating_on
			FROM jsonb_populate_record(a, rating) x),
		row_version = a.row_version + 1, updated_by = acting_person(), updated_at = now()
	WHERE a.asset_no = r.asset;
	UPDATE external_media m SET (confidentiality, rating_status)
		= (SELECT x.confidentiality, x.rating_status FROM jsonb_populate_record(m, rating) x),
		row_version = m.row_version + 1, updated_by = acting_person(), updated_at = now()
	WHERE m.media_no = r.medium $$;
-- Not where that would break a rule by now: it stays raised, as 仮.
CREATE OR REPLACE FUNCTION rating_put_back(r request, before jsonb) RETURNS void
	LANGUAGE plpgsql AS $$
BEGIN
	IF rated_violations(r, before) = '{}' THEN
		PERFORM set_config('daicho.rating_request', r.request_no, true),
			set_config('daicho.rating_before', before::text, true);
		PERFORM rating_write(r, before);
		PERFORM set_config('daicho.rating_request', '', true),
			set_config('daicho.rating_before', '', true);
	END IF;
END $$;
CREATE OR REPLACE FUNCTION effect_raise(r request, given jsonb) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
	rating jsonb := given->'raise'->'before' || (given->'raise'->'raised');
BEGIN
	IF given->'raise'->'raised' = '{}' THEN
		PERFORM rating_put_back(r, rating);
	ELSIF rating_of(rated_row(r)) - '{rating_status,rating_by,rating_on,rating_proposed_by}'::text[]
		<> rating - '{rating_status,rating_by,rating_on,rating_proposed_by}'::text[] THEN
		PERFORM rating_write(r, rating || '{"rating_status": "provisional", "rating_by": null, '
			'"rating_on": null}');
	END IF;
END $$;
CREATE OR REPLACE FUNCTION effect_lower_again(r request, given jsonb) RETURNS void
	LANGUAGE sql AS $$
	SELECT rating_put_back(r, s->'before') FROM raise_standing(r, (SELECT max(t.position)
		FROM request_step t WHERE t.request = r.request_no)) s WHERE s IS NOT NULL $$;

-- What was agreed to, confirmed by the rating's own function; who may is asked there once more.
CREATE OR REPLACE FUNCTION effect_rating(r request, given jsonb) RETURNS void
	LANGUAGE plpgsql AS $$
BEGIN
	PERFORM set_config('daicho.rating_request', r.request_no, true);
	IF r.asset IS NOT NULL THEN
		PERFORM asset_rate(r.asset, r.payload, a.row_version::text) FROM asset a
		WHERE a.asset_no = r.asset;
	ELSE
		PERFORM external_media_rate(r.medium, r.payload, m.row_version::text)
		FROM external_media m WHERE m.media_no = r.medium;
	END IF;
	IF NOT FOUND THEN
		RAISE EXCEPTION 'the row is not there to be rated' USING ERRCODE = 'DR002';
	END IF;
	PERFORM set_config('daicho.rating_request', '', true);
END $$;
