-- Leavers (7.1.1(2)②(b), 6.11(2)①(d)) and the yearly review of rights (7.1.3(2)③).

-- Live rows must not lose their only 情報システム管理者 with a person who leaves.
CREATE OR REPLACE FUNCTION in_act_scope(at_institution text) RETURNS boolean
	LANGUAGE sql STABLE AS $$
	SELECT at_institution = ANY (s) OR '*' = ANY (s)
	FROM (SELECT coalesce(acting('write_scope'), acting('scope'), '{*}')::text[] AS s) x $$;
CREATE OR REPLACE FUNCTION leaver_duties(who text, at_field text) RETURNS text
	LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
	WITH duty AS (
		SELECT x.asset_no, x.institution,
			-- of another 機関 only how many there are
			in_act_scope(x.institution) AS shown
		FROM asset x WHERE x.sysadmin = who AND asset_is_live(x.state)
	), line AS (
		(SELECT asset_no AS what, asset_no AS value FROM duty WHERE shown ORDER BY 1 LIMIT 100)
		UNION ALL
		SELECT institution || ': ' || count(*), NULL FROM duty WHERE NOT shown
		GROUP BY institution
	)
	SELECT jsonb_agg(jsonb_build_object('code', 'leaver_has_duties', 'field', at_field,
		'clause', '7.1.1(2)②(b), 2.1(2)⑧(a)', 'value', value,
		'ja', what || ' のただ一人の情報システム管理者です。後任を指定してください（?successor=）。',
		'en', 'The only 情報システム管理者 of ' || what || '; name a successor (?successor=).')
		ORDER BY value)::text
	FROM line $$;

CREATE OR REPLACE FUNCTION person_leaves() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
	duties text;
BEGIN
	duties := leaver_duties(NEW.login, CASE WHEN NEW.active THEN 'left_on' ELSE 'active' END);
	IF duties IS NOT NULL THEN
		RAISE EXCEPTION 'the leaver has duties' USING ERRCODE = 'DR001', DETAIL = duties;
	END IF;
	RETURN NULL;
END $$;
DROP TRIGGER IF EXISTS a_person_leaves ON person;
CREATE TRIGGER a_person_leaves AFTER UPDATE ON person FOR EACH ROW
	WHEN ((NOT NEW.active OR NEW.left_on IS NOT NULL) AND ROW (OLD.active, OLD.left_on)
		IS DISTINCT FROM ROW (NEW.active, NEW.left_on))
	EXECUTE FUNCTION person_leaves();

-- Hands the live rows of a leaver, in the 機関 of this act, to a successor; how many.
CREATE OR REPLACE FUNCTION transfer_duties(leaver text, successor text) RETURNS bigint
	LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
	n bigint;
	places text[];
BEGIN
	SELECT array_agg(DISTINCT x.institution) INTO places FROM asset x
	WHERE x.sysadmin = leaver AND asset_is_live(x.state) AND in_act_scope(x.institution);
	IF successor = leaver OR EXISTS (SELECT FROM unnest(places) i
		WHERE NOT has_office(successor, 'sysadmin', i, act_today())) OR NOT
		person_present(successor, act_today()) THEN
		RAISE EXCEPTION 'not a successor' USING ERRCODE = 'DR001', DETAIL = fault_detail(
			'not_a_successor', '?successor', '2.1(2)②(d), ⑧(a)',
			'後任は、その機関の情報システム管理者として指名されている人を指定してください。',
			'The successor must hold the office of 情報システム管理者 in that 機関.');
	END IF;
	PERFORM set_config('daicho.reason', 'successor of ' || leaver, true);
	UPDATE asset x SET sysadmin = successor, row_version = x.row_version + 1,
		updated_by = acting_person(), updated_at = now()
	WHERE x.sysadmin = leaver AND asset_is_live(x.state) AND x.institution = ANY (places);
	GET DIAGNOSTICS n = ROW_COUNT;
	RETURN n;
END $$;

-- What hangs on a person, in these 機関; names of 機密性4 rows are left out.
CREATE OR REPLACE FUNCTION person_duties(who text, scope text[])
	RETURNS TABLE (kind text, role text, institution text, ref text, label text, state text)
	LANGUAGE sql STABLE AS $$
	SELECT 'asset', v.role, x.institution, x.asset_no,
		CASE WHEN x.confidentiality = 4 THEN NULL ELSE x.name END, x.state
	FROM asset x, LATERAL (VALUES ('sysadmin', x.sysadmin), ('operator', x.operator),
		('important_admin', x.important_admin), ('key_custodian', x.key_custodian)) v (role, login)
	WHERE v.login = who AND x.institution = ANY (scope)
		AND x.state NOT IN ('disposed', 'transferred', 'sanitised')
	UNION ALL
	SELECT 'asset', 'user', u.institution, u.asset,
		CASE WHEN x.confidentiality = 4 THEN NULL ELSE x.name END, x.state
	FROM asset_user u JOIN asset x ON x.asset_no = u.asset
	WHERE u.person = who AND u.institution = ANY (scope)
		AND (u.until_on IS NULL OR u.until_on >= act_today())
	UNION ALL
	SELECT 'medium', v.role, x.institution, x.media_no,
		CASE WHEN x.confidentiality = 4 THEN NULL ELSE x.name END, x.state
	FROM external_media x, LATERAL (VALUES ('custodian', x.custodian),
		('sysadmin', x.sysadmin)) v (role, login)
	WHERE v.login = who AND x.institution = ANY (scope)
		AND x.state NOT IN ('disposed', 'sanitised')
	UNION ALL
	SELECT 'office', r.office, r.institution, r.office_no, r.scope_note, NULL
	FROM role_assignment r
	WHERE r.person = who AND (r.institution IS NULL OR r.institution = ANY (scope))
		AND r.revoked_on IS NULL AND (r.term_to IS NULL OR r.term_to >= act_today())
	UNION ALL
	SELECT 'token', NULL, NULL, t.id, t.note, NULL FROM token t
	WHERE t.person = who AND t.revoked_at IS NULL AND t.expires_at > act_now()
	UNION ALL
	SELECT 'session', NULL, NULL, s.id, s.client, NULL FROM session s
	WHERE s.person = who AND s.ended_at IS NULL
	UNION ALL
	SELECT 'area', v.role, x.institution, x.code, x.name_ja, NULL
	FROM area x, LATERAL (VALUES ('identified_by', x.identified_by),
		('designated_by', x.designated_by)) v (role, login)
	WHERE v.login = who AND x.institution = ANY (scope) AND x.revoked_on IS NULL $$;

-- Who has left or leaves within so many days: newest first; of those gone longer only whom
-- something still hangs on.
CREATE OR REPLACE FUNCTION leavers(scope text[], days integer)
	RETURNS TABLE (login text, name_ja text, institution text, unit text, active boolean,
		left_on date, moved_on date) LANGUAGE sql STABLE AS $$
	SELECT p.login, p.name_ja, p.institution, p.unit, p.active, p.left_on, p.moved_on
	FROM person p WHERE p.institution = ANY (scope)
		AND (NOT p.active OR p.left_on <= act_today() + days)
		AND (p.left_on >= act_today() - days
			OR EXISTS (SELECT FROM person_duties(p.login, scope)))
	ORDER BY p.left_on DESC NULLS LAST, p.login $$;

-- Rights of the people in one 機関: offices there, and tokens and sessions of its people.
-- `last_used` of an office is the holder's newest sign of life.
CREATE OR REPLACE FUNCTION access_list(at_institution text)
	RETURNS TABLE (person text, name_ja text, kind text, ref text, office text, unit text,
		scopes text, begins date, ends date, bootstrap boolean, last_used timestamptz,
		unused boolean) LANGUAGE sql STABLE SECURITY DEFINER
	SET search_path = public, pg_temp AS $$
	WITH used AS (
		SELECT t.person, max(t.last_used_at) AS at FROM token t GROUP BY t.person
		UNION ALL
		SELECT s.person, max(s.seen_at) FROM session s GROUP BY s.person
	), seen AS (
		SELECT used.person, max(used.at) AS at FROM used GROUP BY used.person
	), list AS (
		SELECT r.person, 'office' AS kind, r.office_no AS ref, r.office, r.unit,
			NULL::text AS scopes, r.term_from AS begins, r.term_to AS ends, r.bootstrap,
			seen.at AS last_used
		FROM role_assignment r LEFT JOIN seen ON seen.person = r.person
		WHERE r.institution = at_institution AND office_in_force(r, act_today())
		UNION ALL
		SELECT t.person, 'token', t.id, NULL, NULL, array_to_string(t.scopes, ' '),
			t.issued_at::date, t.expires_at::date, NULL, t.last_used_at
		FROM token t JOIN person p ON p.login = t.person
		WHERE p.institution = at_institution AND t.revoked_at IS NULL
			AND t.expires_at > act_now()
		UNION ALL
		SELECT s.person, 'session', s.id, NULL, NULL, NULL, s.created_at::date, NULL, NULL,
			s.seen_at
		FROM session s JOIN person p ON p.login = s.person
		WHERE p.institution = at_institution AND s.ended_at IS NULL
	)
	SELECT l.person, p.name_ja, l.kind, l.ref, l.office, l.unit, l.scopes, l.begins, l.ends,
		l.bootstrap, l.last_used,
		coalesce(l.last_used, l.begins::timestamptz) < act_now() - interval '90 days'
	FROM list l JOIN person p ON p.login = l.person
	WHERE scope_all() OR at_institution = ANY (scope_of(false))
	ORDER BY l.person, l.kind, l.ref $$;

-- One row of the list as it is signed: a line of JSON.
CREATE OR REPLACE FUNCTION access_line(person text, name_ja text, kind text, ref text,
	office text, unit text, scopes text, begins date, ends date, bootstrap boolean,
	last_used timestamptz, unused boolean) RETURNS text LANGUAGE sql STABLE AS $$
	SELECT json_build_object('person', person, 'name_ja', name_ja, 'kind', kind, 'ref', ref,
		'office', office, 'unit', unit, 'scopes', scopes, 'begins', begins, 'ends', ends,
		'bootstrap', bootstrap, 'last_used', to_char(last_used AT TIME ZONE 'UTC',
		'YYYY-MM-DD"T"HH24:MI:SS"Z"'), 'unused', unused)::text $$;

-- The sign-off: person, office and time come from the act, the list from the tables.
CREATE OR REPLACE FUNCTION access_review_sign(at_institution text, remark text) RETURNS text
	LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp AS $$
	WITH l AS (
		SELECT coalesce(string_agg(access_line(person, name_ja, kind, ref, office, unit, scopes,
			begins, ends, bootstrap, last_used, unused), E'\n' ORDER BY person, kind, ref)
			|| E'\n', '') AS list, count(*) AS n
		FROM access_list(at_institution))
	INSERT INTO access_review (institution, person, office, reviewed_at, comment, rows,
		list_sha256, list)
	SELECT at_institution, acting('person'), acting('office'), act_now(), remark, n,
		encode(sha256(convert_to(list, 'UTF8')), 'hex'), list FROM l
	RETURNING review_no $$;

-- Whoever writes it, the review is by who acts, in an office that may, of what stands there now.
CREATE OR REPLACE FUNCTION access_review_begin() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
	NEW.person := acting_person();
	NEW.reviewed_at := act_now();
	IF NEW.list_sha256 <> encode(sha256(convert_to(NEW.list, 'UTF8')), 'hex')
		OR NOT EXISTS (SELECT FROM unnest(ARRAY['inst_ciso', 'iso']) o
		WHERE has_office(acting_person(), o, NEW.institution, act_today())) THEN
		RAISE EXCEPTION 'not a review' USING ERRCODE = 'DR002';
	END IF;
	RETURN NEW;
END $$;
CREATE OR REPLACE TRIGGER a_review_begin BEFORE INSERT ON access_review
	FOR EACH ROW EXECUTE FUNCTION access_review_begin();

SELECT audit_attach('access_review', 'review_no');

-- Every 機関 with its newest review; none within 365 days: overdue.
CREATE OR REPLACE FUNCTION access_review_state(scope text[])
	RETURNS TABLE (institution text, review_no text, reviewed_at timestamptz, overdue boolean)
	LANGUAGE sql STABLE AS $$
	SELECT i.code, v.review_no, v.reviewed_at,
		v.reviewed_at IS NULL OR v.reviewed_at < act_now() - interval '365 days'
	FROM institution i LEFT JOIN LATERAL (SELECT r.review_no, r.reviewed_at
		FROM access_review r WHERE r.institution = i.code
		ORDER BY r.reviewed_at DESC, r.review_no DESC LIMIT 1) v ON true
	WHERE i.active AND i.code = ANY (scope) ORDER BY i.code $$;
