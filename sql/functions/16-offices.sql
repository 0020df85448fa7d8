-- Offices (2.1(2)): terms, holders, who appoints.

-- Was this connection opened by somebody who owns the database (the embedded socket's superuser,
-- database_owner)?  The daemon's role never is, whatever it sets.
CREATE OR REPLACE FUNCTION act_is_local() RETURNS boolean LANGUAGE sql STABLE AS $$
	SELECT pg_has_role(session_user, 'daicho_owner', 'MEMBER') $$;

CREATE OR REPLACE FUNCTION term_runs(term_from date, term_to date, revoked_on date, day date)
	RETURNS boolean LANGUAGE sql IMMUTABLE AS $$
	SELECT term_from <= day AND (term_to IS NULL OR term_to >= day)
		AND (revoked_on IS NULL OR revoked_on > day) $$;

-- Had the person not left on that day, and are they not disabled now (7.1.1(2)②(b))?
CREATE OR REPLACE FUNCTION person_present(who text, day date) RETURNS boolean
	LANGUAGE plpgsql STABLE AS $$
BEGIN
	RETURN EXISTS (SELECT FROM person p WHERE p.login = who
		AND (p.left_on IS NULL OR p.left_on >= day)
		AND (p.active OR (p.left_on IS NOT NULL AND day < act_today())));
END $$;

-- Are they known, and not present?
CREATE OR REPLACE FUNCTION person_gone(who text, day date) RETURNS boolean
	LANGUAGE sql STABLE AS $$
	SELECT EXISTS (SELECT FROM person p WHERE p.login = who) AND NOT person_present(who, day) $$;

CREATE OR REPLACE FUNCTION office_in_force(r role_assignment, day date) RETURNS boolean
	LANGUAGE sql STABLE AS $$
	SELECT term_runs(r.term_from, r.term_to, r.revoked_on, day)
		AND person_present(r.person, day) $$;

-- Offices in force on a day: the only source of authority.
DROP FUNCTION IF EXISTS offices_in_force(text, date);
CREATE FUNCTION offices_in_force(login text, day date)
	RETURNS TABLE (office text, institution text, unit text, office_no text)
	LANGUAGE sql STABLE AS $$
	SELECT r.office, r.institution, r.unit, r.office_no FROM role_assignment r
	WHERE r.person = login AND office_in_force(r, day) $$;

-- An office for the whole 機構 is held in every 機関.
CREATE OR REPLACE FUNCTION has_office(login text, what text, at_institution text, day date)
	RETURNS boolean LANGUAGE plpgsql STABLE AS $$
BEGIN
	RETURN EXISTS (SELECT FROM offices_in_force(login, day) o WHERE o.office = what
		AND (o.institution IS NULL OR o.institution = at_institution));
END $$;

-- Who answers for a unit: the holders at the nearest unit upwards that has one (2.1(2)⑦(a)).
CREATE OR REPLACE FUNCTION nearest_office(of_unit text, what text, day date)
	RETURNS TABLE (unit text, person text) LANGUAGE sql STABLE AS $$
	WITH RECURSIVE up AS (
		SELECT u.code, u.institution, u.parent, 0 AS distance FROM org_unit u
		WHERE u.code = of_unit
		UNION ALL
		SELECT u.code, u.institution, u.parent, up.distance + 1 FROM org_unit u
		JOIN up ON u.code = up.parent AND u.institution = up.institution
		WHERE up.distance < 100
	), held AS (
		SELECT up.code, r.person, up.distance FROM up JOIN role_assignment r
		ON r.institution = up.institution AND r.unit = up.code AND r.office = what
		WHERE office_in_force(r, day)
	)
	SELECT DISTINCT code, held.person FROM held
	WHERE distance = (SELECT min(distance) FROM held) $$;

-- Which offices appoint to an office; none: only where the machine stands.  The clauses stand
-- beside the same table in src/org/appointing.c; a test compares the two.
CREATE OR REPLACE FUNCTION appointing(what text) RETURNS text[] LANGUAGE sql IMMUTABLE AS $$
	SELECT CASE
	WHEN what IN ('ciso', 'inst_ciso') THEN '{}'::text[]
	WHEN what IN ('general_iso', 'general_csirt_leader', 'committee_member', 'audit_chief',
		'auditor', 'advisor', 'corporate_desk') THEN '{ciso}'
	WHEN what IN ('ism', 'operator', 'staff', 'registry_admin') THEN '{inst_ciso,iso}'
	ELSE '{inst_ciso}' END $$;

-- Appointments that only an application may lead to: ②(d), ⑤.
CREATE OR REPLACE FUNCTION office_needs_request(what text) RETURNS boolean
	LANGUAGE sql IMMUTABLE AS $$
	SELECT what IN ('important_admin', 'deputy_iso') $$;

-- Does this application end in this appointment, and in no other?
CREATE OR REPLACE FUNCTION office_request_fits(request text, what text, who text,
	at_institution text) RETURNS boolean LANGUAGE sql STABLE AS $$
	SELECT EXISTS (SELECT FROM request r WHERE r.request_no = $1 AND r.request_type = CASE what
			WHEN 'important_admin' THEN 'appoint_important_admin'
			WHEN 'sysadmin' THEN 'appoint_sysadmin' WHEN 'deputy_iso' THEN 'deputy_iso' END
		AND r.subject_person = who AND r.institution = at_institution AND r.state = 'approved')
		AND (SELECT count(*) <= 1 FROM role_assignment o WHERE o.appointment_request = $1) $$;

-- Was it decided by the one who is said to have appointed?  Then the office that decided stands
-- in for the one that appoints: the office above after 回付, a third person confirming.
CREATE OR REPLACE FUNCTION office_by_request(request text, what text, who text,
	at_institution text, appointer text) RETURNS boolean LANGUAGE sql STABLE AS $$
	SELECT coalesce(office_request_fits($1, what, who, at_institution) AND EXISTS (SELECT
		FROM request r WHERE r.request_no = $1 AND r.decided_by = appointer), false) $$;

-- Is the office held in the eyes of this row?  A row that waits in an import also sees the rows
-- that wait with it, so that a table may hold an officer and those whom he appoints.
CREATE OR REPLACE FUNCTION office_held(a role_assignment, who text, what text,
	at_institution text, day date) RETURNS boolean LANGUAGE sql STABLE AS $$
	SELECT has_office(who, what, at_institution, day) $$;
CREATE OR REPLACE FUNCTION office_held(a role_assignment_staging, who text, what text,
	at_institution text, day date) RETURNS boolean LANGUAGE sql STABLE AS $$
	SELECT has_office(who, what, at_institution, day) OR EXISTS (
		SELECT FROM role_assignment_staging s WHERE s.import_no = a.import_no
		AND s.person = who AND s.office = what AND s.act IS DISTINCT FROM 'skip'
		AND (s.institution IS NULL OR s.institution = at_institution)
		AND term_runs(s.term_from, s.term_to, s.revoked_on, day)
		AND person_present(s.person, day)) $$;

DO $$
DECLARE
	t text;
BEGIN
	FOREACH t IN ARRAY ARRAY['role_assignment', 'role_assignment_staging'] LOOP
		-- The appointer held the office when the appointment was made and, where it reaches
		-- back, when it begins; a bootstrap row tells of what was before the register.
		EXECUTE format($f$
			CREATE OR REPLACE FUNCTION office_appointed(a %I, VARIADIC by_offices text[])
				RETURNS boolean LANGUAGE sql STABLE AS $b$
				SELECT EXISTS (SELECT FROM unnest(by_offices) o, LATERAL (SELECT
					CASE WHEN coalesce(a.bootstrap, act_is_local()) THEN a.term_from
					ELSE coalesce(a.appointed_on, act_today()) END AS made) d
					WHERE office_held(a, a.appointed_by, o, a.institution, made)
					AND office_held(a, a.appointed_by, o, a.institution,
						least(a.term_from, made))) $b$ $f$, t);
		-- 2.1(2)①[2], ⑥(h): the corporate office goes with this one at 事務局等
		EXECUTE format($f$
			CREATE OR REPLACE FUNCTION office_at_head(a %I, what text) RETURNS boolean
				LANGUAGE sql STABLE AS $b$
				SELECT EXISTS (SELECT FROM institution i WHERE i.head_office
					AND office_held(a, a.person, what, i.code, a.term_from)) $b$ $f$, t);
	END LOOP;
END $$;

CREATE OR REPLACE FUNCTION office_is_corporate(what text) RETURNS boolean
	LANGUAGE sql IMMUTABLE AS $$
	SELECT what IN ('ciso', 'general_iso', 'general_csirt_leader', 'committee_member',
		'corporate_desk') $$;

-- Is there a unit or an asset in the range that is not of this 機関?
CREATE OR REPLACE FUNCTION range_strays(at_institution text, units text[], assets text[])
	RETURNS boolean LANGUAGE sql STABLE AS $$
	SELECT EXISTS (SELECT FROM unnest(units) u WHERE NOT EXISTS (SELECT FROM org_unit x
			WHERE x.code = u AND x.institution = at_institution))
		OR EXISTS (SELECT FROM unnest(assets) n WHERE NOT EXISTS (SELECT FROM asset x
			WHERE x.asset_no = n AND x.institution = at_institution)) $$;

-- What the findings ask.
CREATE OR REPLACE FUNCTION office_filled(at_institution text, VARIADIC any_of text[])
	RETURNS boolean LANGUAGE sql STABLE AS $$
	SELECT EXISTS (SELECT FROM role_assignment r WHERE r.institution = at_institution
		AND r.office = ANY (any_of) AND office_in_force(r, act_today())) $$;
CREATE OR REPLACE FUNCTION holds_operating_office(who text, at_institution text)
	RETURNS boolean LANGUAGE sql STABLE AS $$
	SELECT EXISTS (SELECT FROM offices_in_force(who, act_today()) o
		WHERE o.institution = at_institution
		AND o.office IN ('inst_ciso', 'iso', 'ism', 'sysadmin', 'operator')) $$;
CREATE OR REPLACE FUNCTION unit_lacks_manager(of_unit text) RETURNS boolean
	LANGUAGE sql STABLE AS $$
	SELECT EXISTS (SELECT FROM asset x WHERE x.unit = of_unit)
		AND NOT EXISTS (SELECT FROM nearest_office(of_unit, 'ism', act_today())) $$;
-- As of today; of a row at hand, so that a rule over many assets reads the persons once.
CREATE OR REPLACE FUNCTION has_left(active boolean, left_on date) RETURNS boolean
	LANGUAGE sql STABLE AS $$
	SELECT NOT active OR coalesce(left_on < act_today(), false) $$;
CREATE OR REPLACE FUNCTION person_left(who text) RETURNS boolean LANGUAGE sql STABLE AS $$
	SELECT EXISTS (SELECT FROM person p WHERE p.login = who AND has_left(p.active, p.left_on)) $$;
CREATE OR REPLACE FUNCTION asset_is_live(state text) RETURNS boolean LANGUAGE sql IMMUTABLE AS $$
	SELECT state IN ('planned', 'in_operation', 'suspended') $$;

-- What is not for the writer to say.
CREATE OR REPLACE FUNCTION office_begin() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
	NEW.bootstrap := act_is_local();
	NEW.appointed_on := act_today();
	NEW.created_by := acting_person();
	NEW.updated_by := acting_person();
	IF NEW.revoked_on IS NOT NULL AND NOT NEW.bootstrap THEN
		RAISE EXCEPTION 'an appointment does not begin revoked' USING ERRCODE = 'DR002';
	END IF;
	RETURN NEW;
END $$;
CREATE OR REPLACE TRIGGER a_office_begin BEFORE INSERT ON role_assignment
	FOR EACH ROW EXECUTE FUNCTION office_begin();

CREATE OR REPLACE FUNCTION fault_detail(code text, field text, clause text, ja text, en text)
	RETURNS text LANGUAGE plpgsql IMMUTABLE AS $$
BEGIN
	RETURN jsonb_build_array(jsonb_build_object('code', code, 'field', field, 'clause', clause,
		'ja', ja, 'en', en))::text;
END $$;

-- Does the engine end it, as what comes of the step that is taken right now of an application about
-- this person: an appointment taken back, a replacement (2.1(2)⑥(g))?  Who may take that step was
-- asked there: the office above may, too, which by itself appoints nobody to this office.
CREATE OR REPLACE FUNCTION office_ended_by_request(o role_assignment) RETURNS boolean
	LANGUAGE sql STABLE AS $$
	SELECT EXISTS (SELECT FROM request r JOIN request_step s ON s.request = r.request_no
		WHERE r.subject_person = o.person AND r.institution = o.institution
		AND (r.state = 'revoked' AND r.request_type IN ('appoint_sysadmin',
				'appoint_important_admin', 'deputy_iso')
			OR r.state = 'approved' AND r.request_type = 'recheck')
		AND o.office IN ('sysadmin', 'important_admin', 'deputy_iso')
		AND s.acted_at = act_now() AND s.acted_by = acting_person() AND s.to_state = r.state) $$;
-- Why the act does not end this appointment; NULL: it may.
CREATE OR REPLACE FUNCTION office_revoke_refusal(o role_assignment) RETURNS text
	LANGUAGE sql STABLE AS $$
	SELECT CASE
	WHEN o.revoked_on < act_today() THEN fault_detail('in_the_past', 'revoked_on', '2.1(2)⑥(g)',
		'過去に遡って解任することはできません。',
		'An appointment cannot be revoked for days that are over.')
	WHEN office_ended_by_request(o) THEN NULL
	WHEN appointing(o.office) = '{}' THEN fault_detail('ROLE-21', 'revoked_on', '2.1(2)①②',
		'この役割の任命は、台帳の設置場所でだけ解くことができます。',
		'An appointment to this office is revoked only where the machine stands.')
	WHEN NOT EXISTS (SELECT FROM unnest(appointing(o.office)) x
		WHERE has_office(acting_person(), x, o.institution, act_today()))
		THEN fault_detail('ROLE-20', 'revoked_on', '2.1(2)',
		format('この任命（%s、%s）を解くことができる役割: %s', o.office_no, o.office,
			array_to_string(appointing(o.office), ', ')),
		format('This appointment (%s, %s) may be revoked by: %s.', o.office_no, o.office,
			array_to_string(appointing(o.office), ', '))) END $$;

-- An appointment is never edited: it is revoked, once, from today on, and a new one made.
CREATE OR REPLACE FUNCTION office_revoked() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
	may text[] := '{revoked_on,revoke_reason,row_version,updated_by,updated_at}';
	refusal text;
BEGIN
	IF OLD.revoked_on IS NOT NULL THEN
		RAISE EXCEPTION 'it is revoked already' USING ERRCODE = 'DR002', DETAIL = fault_detail(
			'revoked_already', 'revoked_on', '2.1(2)⑥(g)',
			format('この任命は既に解かれています（%s）。', OLD.revoked_on),
			format('This appointment has been revoked as of %s.', OLD.revoked_on));
	ELSIF to_jsonb(OLD) - may <> to_jsonb(NEW) - may OR NEW.revoked_on IS NULL THEN
		RAISE EXCEPTION 'an appointment is not changed: revoke it and make a new one'
			USING ERRCODE = 'DR002', DETAIL = fault_detail('appointment_fixed', NULL, '2.1(2)',
			'任命は変更できません。解任して、新しく任命してください。',
			'An appointment is not changed: revoke it and make a new one.');
	END IF;
	refusal := CASE WHEN NOT act_is_local() THEN office_revoke_refusal(NEW) END;
	IF refusal IS NOT NULL THEN
		RAISE EXCEPTION 'no such revocation' USING ERRCODE = 'DR001', DETAIL = refusal;
	END IF;
	RETURN NEW;
END $$;
CREATE OR REPLACE TRIGGER a_office_revoked BEFORE UPDATE ON role_assignment
	FOR EACH ROW EXECUTE FUNCTION office_revoked();

-- ②(d): 重要サーバ管理者 is somebody who is 情報システム管理者, and no longer than that.
CREATE OR REPLACE FUNCTION office_follows() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
	SET search_path = public, pg_temp AS $$
BEGIN
	UPDATE role_assignment o SET revoked_on = NEW.revoked_on, revoke_reason = NEW.revoke_reason,
		row_version = o.row_version + 1, updated_by = acting_person(), updated_at = now()
	WHERE o.person = NEW.person AND o.institution = NEW.institution AND o.revoked_on IS NULL
		AND o.office = 'important_admin' AND coalesce(o.term_to >= NEW.revoked_on, true)
		AND NOT has_office(NEW.person, 'sysadmin', NEW.institution, NEW.revoked_on);
	RETURN NULL;
END $$;
CREATE OR REPLACE TRIGGER office_follows AFTER UPDATE OF revoked_on ON role_assignment FOR EACH ROW
	WHEN (NEW.office = 'sysadmin' AND NEW.revoked_on IS NOT NULL)
	EXECUTE FUNCTION office_follows();

-- Appoints; the triggers judge.  The whole 機構 has rows of its own, so the row policies, which
-- know only 機関, are not asked here: who may appoint is.
CREATE OR REPLACE FUNCTION office_appoint(doc jsonb) RETURNS SETOF role_assignment
	LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp AS $$
	INSERT INTO role_assignment SELECT r.* FROM jsonb_populate_record(NULL::role_assignment,
		doc || jsonb_build_object('office_no',
			'O' || lpad(nextval('role_assignment_no')::text, 8, '0'), 'row_version', 1,
			'appointed_on', act_today(), 'bootstrap', false, 'created_at', now(),
			'updated_at', now())) r
	RETURNING * $$;

-- Ends an appointment from a day on (default: today); nothing, if it has another version by now.
CREATE OR REPLACE FUNCTION office_revoke(no text, seen_version text, day date, why text)
	RETURNS SETOF role_assignment LANGUAGE sql SECURITY DEFINER
	SET search_path = public, pg_temp AS $$
	SELECT set_config('daicho.reason', why, true);
	UPDATE role_assignment r SET revoked_on = coalesce(day, act_today()), revoke_reason = why,
		row_version = r.row_version + 1, updated_by = acting_person(), updated_at = now()
	WHERE r.office_no = no AND r.row_version::text = seen_version
	RETURNING * $$;

-- One appointment of these 機関 or of the whole 機構, whose holders everybody may know.
CREATE OR REPLACE FUNCTION office_get(no text, scope text[]) RETURNS SETOF role_assignment
	LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
	SELECT r.* FROM role_assignment r WHERE r.office_no = no AND (r.institution IS NULL
		OR r.institution = ANY (scope) OR '*' = ANY (scope)) $$;
