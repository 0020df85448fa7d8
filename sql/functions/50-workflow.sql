-- Applications (申請): who may take which step.  The tables workflow_* hold what src/workflow/
-- declares; everything here asks them, whatever the path an act comes by.

SELECT audit_attach('request_step', 'step_no');
SELECT audit_attach('attachment', 'attachment_no');

-- 4.1: who decides when the office is vacant, or its holder a party.
CREATE OR REPLACE FUNCTION office_above(office text) RETURNS text LANGUAGE sql IMMUTABLE AS $$
	SELECT CASE office WHEN 'ism' THEN 'iso' WHEN 'sysadmin' THEN 'iso' WHEN 'iso' THEN 'inst_ciso'
		WHEN 'inst_ciso' THEN 'ciso' END $$;

-- Where it is decided: a transfer in the end by the 機関 that receives.
CREATE OR REPLACE FUNCTION request_place(r request) RETURNS text LANGUAGE sql IMMUTABLE AS $$
	SELECT CASE WHEN r.request_type = 'transfer' AND (r.state IN ('reviewing', 'completed')
		OR r.blocked_from = 'reviewing') THEN r.payload->>'to_institution'
		ELSE r.institution END $$;

-- The unit that answers for what it is about; with no object, that of the applicant.
CREATE OR REPLACE FUNCTION request_of_unit(r request) RETURNS text LANGUAGE plpgsql STABLE AS $$
BEGIN
	RETURN coalesce(r.unit, (SELECT a.unit FROM asset a WHERE a.asset_no = r.asset),
		(SELECT m.unit FROM external_media m WHERE m.media_no = r.medium),
		(SELECT p.unit FROM person p
			WHERE p.login = coalesce(r.subject_person, r.applicant)));
END $$;

-- Whose administrator decides: of the network, or of the thing itself; NULL: any of the 機関.
CREATE OR REPLACE FUNCTION request_anchor(r request) RETURNS text LANGUAGE plpgsql STABLE AS $$
BEGIN
	RETURN CASE WHEN r.medium IS NOT NULL THEN (SELECT m.sysadmin FROM external_media m
			WHERE m.media_no = r.medium)
		ELSE (SELECT a.sysadmin FROM asset a WHERE a.institution = r.institution
			AND a.asset_no = coalesce(r.payload->>'network', r.asset)) END;
END $$;

CREATE OR REPLACE FUNCTION unit_within(of_unit text, units text[]) RETURNS boolean
	LANGUAGE plpgsql STABLE AS $$
BEGIN
	RETURN (WITH RECURSIVE up AS (
		SELECT u.code, u.parent, 0 AS n FROM org_unit u WHERE u.code = of_unit
		UNION ALL
		SELECT u.code, u.parent, up.n + 1 FROM org_unit u JOIN up ON u.code = up.parent
		WHERE up.n < 100
	)
	SELECT EXISTS (SELECT FROM up WHERE code = ANY (units)));
END $$;

-- 2.1(2)⑤: only within the term, the range and the delegated powers.
CREATE OR REPLACE FUNCTION request_deputised(r request, who text) RETURNS boolean
	LANGUAGE plpgsql STABLE AS $$
BEGIN
	RETURN EXISTS (SELECT FROM role_assignment o JOIN workflow_kind k ON k.code = r.request_type
		WHERE o.person = who AND o.office = 'deputy_iso' AND o.institution = request_place(r)
		AND office_in_force(o, act_today()) AND k.power = ANY (o.delegable_powers)
		AND (r.asset = ANY (o.range_assets)
			OR unit_within(request_of_unit(r), o.range_units)));
END $$;

-- D1: does the person hold this office, today, for what the application is about?  (Who may apply
-- is another question: there an office of the 機関 is enough.)
CREATE OR REPLACE FUNCTION request_held(r request, who text, office text) RETURNS boolean
	LANGUAGE plpgsql STABLE AS $$
BEGIN
	IF office IS NULL THEN
		RETURN false;
	ELSIF office = 'ism' THEN
		RETURN EXISTS (SELECT FROM nearest_office(request_of_unit(r), 'ism', act_today()) n
			WHERE n.person = who);
	ELSIF office = 'deputy_iso' THEN
		RETURN request_deputised(r, who);
	END IF;
	RETURN has_office(who, office, request_place(r), act_today())
		AND (office <> 'sysadmin' OR coalesce(request_anchor(r) = who, true));
END $$;

CREATE OR REPLACE FUNCTION asset_administered(no text, who text) RETURNS boolean
	LANGUAGE plpgsql STABLE AS $$
BEGIN
	RETURN EXISTS (SELECT FROM asset a WHERE a.asset_no = no AND a.important_admin = who);
END $$;

-- In which office does the person act as the approver?  NULL: in none.
CREATE OR REPLACE FUNCTION request_approves(r request, who text) RETURNS text
	LANGUAGE plpgsql STABLE AS $$
BEGIN
	RETURN CASE WHEN request_held(r, who, r.approver_office) THEN r.approver_office
		WHEN r.approver_office = 'iso' AND request_held(r, who, 'deputy_iso') THEN 'deputy_iso'
		END;
END $$;

-- A6: the next office above or the 情報セキュリティ責任者.
CREATE OR REPLACE FUNCTION request_confirms(r request, who text) RETURNS text
	LANGUAGE plpgsql STABLE AS $$
BEGIN
	RETURN (SELECT o FROM unnest(CASE WHEN r.approver_office IS NULL
		THEN '{inst_ciso,ciso}'::text[] ELSE ARRAY[office_above(r.approver_office), 'iso'] END)
		WITH ORDINALITY x (o, n)
	WHERE o IS NOT NULL AND request_held(r, who, o) ORDER BY n LIMIT 1);
END $$;

-- 2.1(2)⑫(a)(c): those on the other side, as persons.
CREATE OR REPLACE FUNCTION request_party(r request, who text) RETURNS boolean
	LANGUAGE sql IMMUTABLE AS $$
	SELECT coalesce(who IN (r.applicant, r.on_behalf_of, r.subject_person), false) $$;

-- May this person apply for it?  '{*}': whoever belongs to the 機関 or holds an office there.
CREATE OR REPLACE FUNCTION request_applies(r request, who text) RETURNS boolean
	LANGUAGE plpgsql STABLE AS $$
BEGIN
	RETURN coalesce(person_present(who, act_today()) AND (SELECT CASE k.applicants
		WHEN '{*}' THEN EXISTS (SELECT FROM person p WHERE p.login = who
			AND p.institution = r.institution) OR EXISTS (SELECT FROM
			offices_in_force(who, act_today()) o WHERE o.institution = r.institution)
		ELSE EXISTS (SELECT FROM unnest(k.applicants) o
			WHERE has_office(who, o, r.institution, act_today())) END
		FROM workflow_kind k WHERE k.code = r.request_type), false);
END $$;

-- The office that entitles the applicant: of those that may apply, before all others the one that the
-- act names.  NULL: none of them is held, or none is asked for.
CREATE OR REPLACE FUNCTION request_applicant_office(r request) RETURNS text
	LANGUAGE plpgsql STABLE AS $$
BEGIN
	RETURN (SELECT o FROM workflow_kind k, unnest(k.applicants) WITH ORDINALITY x (o, n)
	WHERE k.code = r.request_type AND o <> '*'
		AND has_office(r.applicant, o, r.institution, act_today())
	ORDER BY o IS DISTINCT FROM acting('office'), n LIMIT 1);
END $$;

-- In which office somebody would take this step; NULL: not for them.  The one that the act names
-- goes first.
CREATE OR REPLACE FUNCTION request_step_office(r request, s workflow_step, who text)
	RETURNS text LANGUAGE plpgsql STABLE AS $$
DECLARE
	up text := office_above(r.approver_office);
	may text[];
BEGIN
	IF NOT coalesce(person_present(who, act_today()), false) THEN
		RETURN NULL;
	END IF;
	may := array_remove(ARRAY[
		CASE WHEN 'applicant' = ANY (s.who) AND who = r.applicant THEN coalesce(
			CASE WHEN s.to_state = 'submitted' THEN request_applicant_office(r) END,
			r.applicant_office, 'applicant') END,
		CASE WHEN 'subject' = ANY (s.who) AND who = r.subject_person THEN 'subject' END,
		CASE WHEN 'assigned' = ANY (s.who) AND s.offices = '{}' AND who = r.assigned_to
			THEN 'assigned' END,
		-- who has the server now, whoever applied
		CASE WHEN 'administrator' = ANY (s.who) AND asset_administered(r.asset, who)
			THEN 'important_admin' END,
		CASE WHEN 'approver' = ANY (s.who) THEN request_approves(r, who) END,
		-- what was permitted may be taken back further up, too
		CASE WHEN s.action = 'revoke' AND request_held(r, who, up) THEN up END,
		CASE WHEN 'confirmer' = ANY (s.who) THEN request_confirms(r, who) END], NULL);
	-- who was named has the check now
	IF who = r.assigned_to OR 'assigned' <> ALL (s.who)
		OR s.action IN ('return', 'unavoidable') THEN
		FOR i IN 1 .. cardinality(s.offices) LOOP
			IF request_held(r, who, s.offices[i]) THEN
				may := may || s.offices[i];
			END IF;
		END LOOP;
	END IF;
	RETURN CASE WHEN acting('office') = ANY (may) THEN acting('office') ELSE may[1] END;
END $$;

-- Why this person may not take this step: codes of rules; {}: he may (D1, D2).
CREATE OR REPLACE FUNCTION request_refusal(r request, s workflow_step, who text) RETURNS text[]
	LANGUAGE plpgsql STABLE AS $$
BEGIN
	RETURN array_remove(ARRAY[
		CASE WHEN request_step_office(r, s, who) IS NULL THEN 'REQ-03' END,
		CASE WHEN s.to_state = 'submitted' AND s.action <> 'escalate' AND NOT request_applies(r, who)
			AND NOT request_applies_bundled(r, who) THEN 'REQ-20' END,
		CASE WHEN 'applicant' = ANY (s.not_same) AND who IN (r.applicant, r.on_behalf_of)
			THEN CASE s.from_state WHEN 'awaiting_confirmation' THEN 'REQ-02' ELSE 'REQ-01' END END,
		CASE WHEN 'subject' = ANY (s.not_same) AND who = r.subject_person
			THEN CASE WHEN s.from_state = 'awaiting_confirmation' THEN 'REQ-02'
			WHEN r.request_type = 'qualification' THEN 'REQ-06' ELSE 'REQ-01' END END,
		CASE WHEN 'decider' = ANY (s.not_same) AND who = r.decided_by THEN 'REQ-02' END,
		CASE WHEN 'assigned' = ANY (s.not_same) AND who = r.assigned_to
			THEN CASE s.from_state WHEN 'awaiting_confirmation' THEN 'REQ-02' ELSE 'REQ-01' END END,
		-- both ways are for those only who may not decide as they are
		CASE WHEN (s.action = 'unavoidable' OR (s.action = 'escalate' AND s.from_state <> 'blocked'))
			AND NOT request_party(r, who) THEN 'REQ-21' END], NULL);
END $$;

-- Is there anybody who may take a decision from this state?
CREATE OR REPLACE FUNCTION request_decidable(r request) RETURNS boolean
	LANGUAGE plpgsql STABLE AS $$
BEGIN
	RETURN EXISTS (SELECT FROM workflow_step s, role_assignment o
		WHERE s.kind = r.request_type AND s.from_state = r.state AND s.decides
		AND (o.institution IS NULL OR o.institution = request_place(r))
		AND term_runs(o.term_from, o.term_to, o.revoked_on, act_today())
		AND request_refusal(r, s, o.person) = '{}');
END $$;

-- The next office above that somebody holds who is no party; NULL: none.
CREATE OR REPLACE FUNCTION request_next_office(r request) RETURNS text LANGUAGE plpgsql STABLE AS $$
BEGIN
	RETURN (WITH RECURSIVE up AS (
		SELECT office_above(r.approver_office) AS office, 1 AS n
		UNION ALL
		SELECT office_above(up.office), up.n + 1 FROM up WHERE up.office IS NOT NULL
	)
	SELECT up.office FROM up WHERE up.office IS NOT NULL AND EXISTS (SELECT
		FROM role_assignment o WHERE o.office = up.office
		AND NOT request_party(r, o.person) AND request_held(r, o.person, up.office))
	ORDER BY up.n LIMIT 1);
END $$;

CREATE OR REPLACE FUNCTION watched_columns(of_ledger text) RETURNS text[]
	LANGUAGE plpgsql STABLE AS $$
BEGIN
	RETURN (SELECT w.columns FROM workflow_watched w WHERE w.ledger = of_ledger);
END $$;

-- What it is about, as it stands: the columns that people write, and the documents.
CREATE OR REPLACE FUNCTION request_subject(r request) RETURNS jsonb LANGUAGE plpgsql STABLE AS $$
BEGIN
	RETURN jsonb_build_object('payload', r.payload, 'reason', r.reason,
		'asset', (SELECT jsonb_object_agg(c, j->c ORDER BY c) FROM asset a,
			to_jsonb(a) j, unnest(watched_columns('asset')) c WHERE a.asset_no = r.asset),
		'medium', (SELECT jsonb_object_agg(c, j->c ORDER BY c) FROM external_media m,
			to_jsonb(m) j, unnest(watched_columns('external_media')) c WHERE m.media_no = r.medium),
		'documents', (SELECT jsonb_agg(jsonb_build_array(t.kind, t.file_name, t.sha256,
			t.confidentiality) ORDER BY t.attachment_no) FROM attachment t
			WHERE t.request = r.request_no)) || request_catalogue_image(r)
		|| request_named_image(r);
END $$;
CREATE OR REPLACE FUNCTION request_digest(r request) RETURNS text LANGUAGE sql STABLE AS $$
	SELECT encode(sha256(convert_to(request_subject(r)::text, 'UTF8')), 'hex') $$;
CREATE OR REPLACE FUNCTION request_subject_version(r request) RETURNS integer
	LANGUAGE plpgsql STABLE AS $$
BEGIN
	RETURN coalesce((SELECT a.row_version FROM asset a WHERE a.asset_no = r.asset),
		(SELECT m.row_version FROM external_media m WHERE m.media_no = r.medium));
END $$;

-- What waits for this person: a step of an office, open to them (D1, D2).  Not what their own
-- application could do, unless it was sent back.
CREATE OR REPLACE FUNCTION request_awaits(r request, who text) RETURNS boolean
	LANGUAGE plpgsql STABLE AS $$
BEGIN
	RETURN r.state = 'returned' AND r.applicant = $2 OR EXISTS (SELECT FROM workflow_step s
		WHERE s.kind = r.request_type AND s.from_state = r.state AND s.action NOT IN ('return',
			'withdraw', 'revoke')
		AND NOT (s.who = '{system}' AND s.offices = '{}')
		AND (s.who <> '{applicant}' OR s.from_state = 'approved')
		-- a review that is due is a finding (TRM-06)
		AND (s.action <> 'review' OR s.from_state <> 'approved')
		-- the one who was named has the check now
		AND (s.action <> 'assign' OR s.from_state <> 'reviewing')
		AND r.state NOT IN ('draft', 'completed')
		AND request_refusal(r, s, $2) = '{}');
END $$;

-- Which of these applications, none of them being made, wait for the act.  Who may take a step
-- follows from few facts, so one of all that are alike is asked for all of them; for a deputy, whose
-- range may name assets, those about one asset are.
CREATE OR REPLACE FUNCTION requests_awaited(nos text[]) RETURNS SETOF text LANGUAGE sql STABLE AS $$
	WITH me AS MATERIALIZED (
		SELECT acting_person() AS login, EXISTS (SELECT FROM offices_in_force(acting_person(),
			act_today()) o WHERE o.office = 'deputy_iso') AS deputy
	), alike AS MATERIALIZED (
		SELECT min(r.request_no) AS one, array_agg(r.request_no) AS nos
		FROM request r CROSS JOIN me
			LEFT JOIN asset a ON a.institution = r.institution AND a.asset_no = r.asset
			LEFT JOIN asset n ON n.institution = r.institution
				AND n.asset_no = coalesce(r.payload->>'network', r.asset)
			LEFT JOIN external_media m ON m.media_no = r.medium
			LEFT JOIN person p ON p.login = coalesce(r.subject_person, r.applicant)
		WHERE r.request_no = ANY (nos)
		GROUP BY r.request_type, r.state, r.blocked_from, r.approver_office, r.institution,
			r.payload->>'to_institution', coalesce(r.unit, a.unit, m.unit, p.unit),
			CASE WHEN r.medium IS NOT NULL THEN m.sysadmin ELSE n.sysadmin END = me.login,
			r.assigned_to = me.login, r.decided_by = me.login, r.applicant = me.login,
			r.on_behalf_of = me.login, r.subject_person = me.login, a.important_admin = me.login,
			CASE WHEN me.deputy THEN r.asset END
	)
	SELECT unnest(x.nos) FROM alike x JOIN request r ON r.request_no = x.one
	WHERE request_awaits(r, acting_person()) $$;

-- Open applications that wait for the act; of those where an office of the person could have a say.
CREATE OR REPLACE FUNCTION requests_open() RETURNS SETOF text LANGUAGE sql STABLE AS $$
	WITH held AS MATERIALIZED (
		SELECT o.institution FROM offices_in_force(acting_person(), act_today()) o
	)
	SELECT requests_awaited(array_agg(r.request_no)) FROM request r
	WHERE r.state IN ('submitted', 'reviewing', 'blocked', 'awaiting_confirmation')
		AND (acting_person() IN (r.applicant, r.assigned_to) OR EXISTS (SELECT FROM held h
			WHERE h.institution IS NULL OR h.institution = r.institution
			OR h.institution = r.payload->>'to_institution')) $$;

-- Applications that a person takes part in, whatever the row policies show of their objects.
CREATE OR REPLACE FUNCTION requests_mine() RETURNS text[] LANGUAGE sql STABLE SECURITY DEFINER
	SET search_path = public, pg_temp AS $$
	SELECT coalesce(array_agg(no), '{}') FROM (
		SELECT r.request_no FROM request r WHERE r.subject_person = acting_person()
		UNION SELECT r.request_no FROM request r WHERE acting_person() IN (r.on_behalf_of,
			r.assigned_to)
		UNION SELECT s.request FROM request_step s WHERE s.acted_by = acting_person()
		UNION SELECT requests_open()) x (no)
	WHERE acting_person() IS NOT NULL $$;
REVOKE ALL ON FUNCTION requests_mine() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION requests_mine() TO daicho_app;

-- Everything that a table names must be there: called when they are written.
CREATE OR REPLACE FUNCTION workflow_check() RETURNS void LANGUAGE plpgsql AS $$
DECLARE
	f text;
BEGIN
	FOR f IN SELECT DISTINCT x FROM workflow_step s, unnest(ARRAY[s.guard, s.effect]) x
		WHERE x IS NOT NULL LOOP
		PERFORM format('%I(request, jsonb)', f)::regprocedure;
	END LOOP;
	FOR f IN SELECT k.validity FROM workflow_kind k WHERE k.validity IS NOT NULL
		AND NOT EXISTS (SELECT FROM policy p WHERE p.policy_no = k.validity) LOOP
		RAISE EXCEPTION 'no policy value %', f;
	END LOOP;
END $$;

-- A step is on record for good, whoever asks.
CREATE OR REPLACE FUNCTION step_keeps() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
	RAISE EXCEPTION 'what was done in an application stays on record' USING ERRCODE = 'DR002';
END $$;
CREATE OR REPLACE TRIGGER step_keeps BEFORE UPDATE OR DELETE OR TRUNCATE ON request_step
	FOR EACH STATEMENT EXECUTE FUNCTION step_keeps();

-- No decided state without the step that led there, even for who owns the table.
CREATE OR REPLACE FUNCTION request_keeps() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
	IF NEW.state IN ('approved', 'rejected', 'completed') AND NOT EXISTS (SELECT
		FROM request_step s WHERE s.request = NEW.request_no AND s.to_state = NEW.state) THEN
		RAISE EXCEPTION 'no step led to this state' USING ERRCODE = 'DR002';
	END IF;
	RETURN NEW;
END $$;
CREATE OR REPLACE TRIGGER request_keeps_state BEFORE UPDATE OF state ON request FOR EACH ROW
	WHEN (OLD.state <> NEW.state) EXECUTE FUNCTION request_keeps();
