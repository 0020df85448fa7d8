-- Applications filed as one bundle, and what each of them was submitted over.

-- What comes before must be one's own, of the same 機関, and no part of what follows.
CREATE OR REPLACE FUNCTION follows_faults(r request, me text) RETURNS jsonb
	LANGUAGE plpgsql STABLE AS $$
BEGIN
	RETURN (WITH RECURSIVE before AS (
		SELECT p.request_no, p.follows, 1 AS n FROM request p WHERE p.request_no = r.follows
		UNION ALL
		SELECT p.request_no, p.follows, b.n + 1 FROM request p JOIN before b
			ON p.request_no = b.follows WHERE b.n < 20
	)
	SELECT CASE WHEN r.follows IS NOT NULL AND (NOT EXISTS (SELECT FROM request p
		WHERE p.request_no = r.follows AND p.applicant = me AND p.institution = r.institution)
		OR EXISTS (SELECT FROM before b WHERE b.request_no = r.request_no OR b.n >= 20))
		THEN fault('unknown_reference', 'follows', '2.1(2)②(d), ⑧(f)',
			'先行する申請は、同じ機関での自分の申請から指定してください。',
			'What comes before is an application of your own, of the same 機関.') END);
END $$;

-- The same faults, of the application at this place of the list.
CREATE OR REPLACE FUNCTION faults_at(list jsonb, i integer) RETURNS jsonb LANGUAGE sql IMMUTABLE AS $$
	SELECT jsonb_agg(f || jsonb_build_object('field', '#/requests/' || i || coalesce('/'
		|| regexp_replace(f->>'field', '^#/', ''), ''))) FROM jsonb_array_elements(list) f $$;

-- Several applications at once, each following the one before; all of them or none.
CREATE OR REPLACE FUNCTION request_bundle(docs jsonb) RETURNS SETOF request LANGUAGE plpgsql
	SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
	doc jsonb;
	r request;
	list text;
	i int := 0;
BEGIN
	FOR doc IN SELECT d FROM jsonb_array_elements(docs) d LOOP
		IF doc ? 'follows' THEN
			PERFORM faults_raise(fault('unknown_member', '#/requests/' || i || '/follows', NULL,
				'順序は並び順で決まります。', 'The order of the list says what follows what.'));
		END IF;
		doc := doc || jsonb_build_object('follows', r.request_no);
		IF doc->>'request_type' = 'appoint_important_admin'
			AND r.request_type = 'qualification' THEN
			doc := jsonb_set(doc, '{payload}', coalesce(nullif(doc->'payload', 'null'), '{}')
				|| jsonb_build_object('qualification', r.request_no));
		END IF;
		BEGIN
			SELECT * INTO r FROM request_create(doc);
		EXCEPTION WHEN SQLSTATE 'DR001' THEN
			GET STACKED DIAGNOSTICS list = PG_EXCEPTION_DETAIL;
			PERFORM faults_raise(faults_at(list::jsonb, i));
		END;
		RETURN NEXT r;
		i := i + 1;
	END LOOP;
END $$;

CREATE OR REPLACE FUNCTION request_chain(no text) RETURNS SETOF request LANGUAGE sql STABLE AS $$
	WITH RECURSIVE chain AS (
		SELECT r.request_no, 1 AS n FROM request r WHERE r.request_no = no
		UNION ALL
		SELECT r.request_no, c.n + 1 FROM request r JOIN chain c ON r.follows = c.request_no
		WHERE c.n < 20
	)
	SELECT r.* FROM chain c JOIN request r USING (request_no) ORDER BY c.n, 1 $$;

-- Submits it and all that follow it, in order; all of them or none.
CREATE OR REPLACE FUNCTION request_submit_chain(no text, seen_version text) RETURNS SETOF request
	LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
	r request;
	done request;
	list text;
	i int := -1;
BEGIN
	FOR r IN SELECT * FROM request_chain(no) LOOP
		i := i + 1;
		CONTINUE WHEN r.request_no <> no AND r.state NOT IN ('draft', 'returned');
		BEGIN
			SELECT * INTO done FROM request_act(r.request_no, CASE r.state WHEN 'returned'
				THEN 'resubmit' ELSE 'submit' END, '{}', CASE WHEN r.request_no = no
				THEN seen_version ELSE r.row_version::text END);
		EXCEPTION WHEN SQLSTATE 'DR001' THEN
			GET STACKED DIAGNOSTICS list = PG_EXCEPTION_DETAIL;
			PERFORM faults_raise(faults_at(list::jsonb, i));
		END;
		IF done.request_no IS NULL THEN
			RETURN;
		END IF;
		RETURN NEXT done;
	END LOOP;
END $$;

-- What the first of them can bring about no more sends the later ones back.
CREATE OR REPLACE FUNCTION request_unblocks() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
	SET search_path = public, pg_temp AS $$
DECLARE
	later text;
	before request;
BEGIN
	-- and a check that was there for this one alone
	SELECT * INTO before FROM request p WHERE p.request_no = NEW.follows AND p.state IN (
		'submitted', 'reviewing', 'blocked', 'awaiting_confirmation');
	IF FOUND AND NOT check_wanted(before) THEN
		PERFORM request_by_system(before.request_no, 'changed', NEW.request_no || ': '
			|| NEW.state);
	END IF;
	FOR later IN SELECT q.request_no FROM request q WHERE q.follows = NEW.request_no
		AND q.state IN ('submitted', 'reviewing', 'blocked', 'awaiting_confirmation') ORDER BY 1
	LOOP
		PERFORM request_by_system(later, 'changed', NEW.request_no || ': ' || NEW.state);
	END LOOP;
	RETURN NULL;
END $$;
CREATE OR REPLACE TRIGGER request_unblocks AFTER UPDATE OF state ON request FOR EACH ROW
	WHEN (OLD.state <> NEW.state AND NEW.state IN ('rejected', 'withdrawn', 'expired', 'revoked'))
	EXECUTE FUNCTION request_unblocks();

-- ---- what was seen ------------------------------------------------------------------------------

CREATE OR REPLACE FUNCTION request_note_seen() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
	SET search_path = public, pg_temp AS $$
BEGIN
	INSERT INTO request_seen (request, institution, sha256, subject, seen_at)
	SELECT NEW.request_no, NEW.institution, NEW.subject_sha256, s::text, act_now()
	FROM request_subject(NEW) s
	ON CONFLICT DO NOTHING;
	RETURN NULL;
END $$;
CREATE OR REPLACE TRIGGER request_note_seen AFTER UPDATE OF subject_sha256 ON request
	FOR EACH ROW WHEN (NEW.subject_sha256 IS NOT NULL
		AND NEW.subject_sha256 IS DISTINCT FROM OLD.subject_sha256)
	EXECUTE FUNCTION request_note_seen();
CREATE OR REPLACE FUNCTION seen_keeps() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
	RAISE EXCEPTION 'what was seen stays on record' USING ERRCODE = 'DR002';
END $$;
CREATE OR REPLACE TRIGGER seen_keeps BEFORE UPDATE OR DELETE OR TRUNCATE ON request_seen
	FOR EACH STATEMENT EXECUTE FUNCTION seen_keeps();

-- Kinds that permit the same thing.
CREATE OR REPLACE FUNCTION request_family(kind text) RETURNS text LANGUAGE sql IMMUTABLE AS $$
	SELECT CASE WHEN kind IN ('important_new', 'important_convert', 'important_software')
		THEN 'important' ELSE kind END $$;

-- The one that stood before: 'permitted', the last permission of this kind for the same thing;
-- 'submission', how this one was submitted the time before.  By the indexes of the row alone: under
-- the row policies this took seconds.
CREATE OR REPLACE FUNCTION request_before(r request, what text) RETURNS request_seen
	LANGUAGE plpgsql STABLE AS $$
DECLARE
	s request_seen;
BEGIN
	IF what = 'submission' THEN
		SELECT * INTO s FROM request_seen x WHERE x.request = r.request_no
			AND x.sha256 IS DISTINCT FROM CASE WHEN r.state NOT IN ('draft', 'returned')
			THEN r.subject_sha256 END
		ORDER BY x.seen_at DESC LIMIT 1;
		RETURN s;
	END IF;
	SELECT x.* INTO s FROM (SELECT q.request_no FROM request q WHERE q.asset = r.asset
			UNION SELECT q.request_no FROM request q WHERE q.medium = r.medium
			UNION SELECT q.request_no FROM request q WHERE q.subject_person = r.subject_person) same
		JOIN request p USING (request_no)
		JOIN request_seen x ON x.request = p.request_no AND x.sha256 = p.subject_sha256
	WHERE p.request_no <> r.request_no AND p.state IN ('approved', 'completed', 'expired', 'revoked')
		AND request_family(p.request_type) = request_family(r.request_type)
		AND p.decided_at < coalesce(r.decided_at, 'infinity')
	ORDER BY x.seen_at DESC, p.decided_at DESC LIMIT 1;
	RETURN s;
END $$;

-- Of thousands of lines of software those that the other side has not; all else is told whole.
CREATE OR REPLACE FUNCTION lines_only(field text, one jsonb, other jsonb) RETURNS jsonb
	LANGUAGE sql IMMUTABLE AS $$
	SELECT CASE WHEN field = 'software' AND jsonb_typeof(one) = 'array'
			AND jsonb_typeof(other) = 'array' AND jsonb_typeof(one->0) = 'array'
		THEN (SELECT coalesce(jsonb_agg(e ORDER BY e), '[]') FROM (
			SELECT jsonb_array_elements(one) EXCEPT SELECT jsonb_array_elements(other)) x (e))
		ELSE coalesce(one, 'null') END $$;

-- Both sides whole, whoever asks; request_diff() shows of them what may be seen.
CREATE OR REPLACE FUNCTION request_sides(no text, what text, OUT of_asset text,
	OUT of_medium text, OUT against text, OUT old jsonb, OUT now jsonb)
	LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
	r request;
	s request_seen;
BEGIN
	SELECT * INTO r FROM request q WHERE q.request_no = no;
	s := request_before(r, what);
	of_asset := r.asset;
	of_medium := r.medium;
	against := s.request;
	old := s.subject::jsonb;
	IF r.state NOT IN ('draft', 'returned') THEN
		now := (SELECT x.subject::jsonb FROM request_seen x WHERE x.request = r.request_no
			AND x.sha256 = r.subject_sha256);
	END IF;
	now := coalesce(now, request_subject(r));
END $$;
REVOKE ALL ON FUNCTION request_sides FROM PUBLIC;
GRANT EXECUTE ON FUNCTION request_sides TO daicho_app;

CREATE OR REPLACE FUNCTION side_part(side jsonb, part text) RETURNS jsonb LANGUAGE sql IMMUTABLE AS $$
	SELECT CASE jsonb_typeof(side->part) WHEN 'object' THEN side->part WHEN 'null' THEN '{}'
		ELSE jsonb_strip_nulls(jsonb_build_object('', side->part)) END $$;

-- The list of documents in what was submitted, without those of 機密性4 that the act does not see.
CREATE OR REPLACE FUNCTION documents_seen(subject jsonb) RETURNS jsonb LANGUAGE sql STABLE AS $$
	SELECT CASE WHEN jsonb_typeof(subject->'documents') = 'array'
		THEN jsonb_set(subject, '{documents}', (SELECT coalesce(jsonb_agg(d ORDER BY n), 'null')
			FROM jsonb_array_elements(subject->'documents') WITH ORDINALITY x (d, n)
			WHERE (d->>3)::int < 4 OR EXISTS (SELECT FROM attachment t
				WHERE t.sha256 = d->>2 AND t.file_name = d->>1)))
		ELSE subject END $$;

-- Part by part what is different, of parts and of an application before that are seen (SECURITY
-- INVOKER: each row policy is asked once).  One row at least: against may be all there is to say.
CREATE OR REPLACE FUNCTION request_diff(no text, what text) RETURNS TABLE (part text, field text,
	before jsonb, after jsonb, against text)
	LANGUAGE plpgsql STABLE AS $$
DECLARE
	x record;
	seen text[] := '{reason,payload,documents,approval}';
BEGIN
	IF NOT EXISTS (SELECT FROM request q WHERE q.request_no = no) THEN
		RETURN;
	END IF;
	SELECT * INTO x FROM request_sides(no, what);
	IF x.against <> no AND NOT EXISTS (SELECT FROM request q WHERE q.request_no = x.against) THEN
		x.against := NULL;
		x.old := NULL;
	END IF;
	x.old := documents_seen(x.old);
	x.now := documents_seen(x.now);
	-- who takes over sees what comes
	IF x.of_asset IS NOT NULL AND (EXISTS (SELECT FROM asset a WHERE a.asset_no = x.of_asset)
		OR EXISTS (SELECT FROM request q WHERE q.request_no = no AND q.request_type = 'transfer'
			AND q.state <> 'draft' AND acting('office') = 'iso'
			AND has_office(acting_person(), 'iso', q.payload->>'to_institution', act_today()))) THEN
		seen := seen || '{asset}'::text[];
	END IF;
	IF x.of_medium IS NOT NULL AND EXISTS (SELECT FROM external_media m
		WHERE m.media_no = x.of_medium) THEN
		seen := seen || '{medium}'::text[];
	END IF;
	IF x.now->'catalogue'->>'catalogue_no' IS NOT NULL AND EXISTS (SELECT FROM system_catalogue c
		WHERE c.catalogue_no = x.now->'catalogue'->>'catalogue_no') THEN
		seen := seen || '{catalogue}'::text[];
	END IF;
	IF EXISTS (SELECT FROM area g WHERE g.code = x.now->'payload'->>'area') THEN
		seen := seen || '{area}'::text[];
	END IF;
	seen := seen || ARRAY(SELECT k FROM jsonb_object_keys(x.now) k WHERE k LIKE 'named %'
		AND EXISTS (SELECT FROM asset a WHERE a.asset_no = substr(k, 7)));
	RETURN QUERY SELECT d.part, d.field, d.before, d.after, x.against FROM (SELECT 1) one
	LEFT JOIN LATERAL (
		SELECT p AS part, nullif(k, '') AS field, lines_only(k, o->k, n->k) AS before,
			lines_only(k, n->k, o->k) AS after
		FROM unnest(seen) p, LATERAL (SELECT side_part(x.old, p) AS o, side_part(x.now, p) AS n) s,
			LATERAL (SELECT jsonb_object_keys(n) UNION SELECT jsonb_object_keys(o)) y (k)
		WHERE coalesce(o->k, 'null') IS DISTINCT FROM coalesce(n->k, 'null')
		ORDER BY 1, 2) d ON true;
END $$;
