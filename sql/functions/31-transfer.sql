-- May this be sent, shared, carried?  別表 of 3.1(2)④(b), evaluated line by line: 利用承認, level 4,
-- services that can be trusted, the table.  `service`: none, core (※), trusted, other.
CREATE OR REPLACE FUNCTION transfer_check(level integer, way text, service text, destination text,
	approved boolean, english boolean)
	RETURNS TABLE (verdict text, said text, clause text, own_number text, workflow text,
		permission text, encryption boolean, reminders jsonb)
	LANGUAGE sql STABLE AS $$
	SELECT t.verdict, CASE WHEN $6 THEN t.en ELSE t.ja END, t.clause, own_numbers(t.clause),
		t.workflow, t.permission, t.encryption, coalesce((SELECT jsonb_agg(jsonb_build_object(
			'text', CASE WHEN $6 THEN m.en ELSE m.ja END, 'clause', m.clause,
			'own_number', own_numbers(m.clause), 'workflow', m.workflow)
			ORDER BY m.position)
			FROM transfer_reminder m WHERE $1 = ANY (m.levels) AND $2 = ANY (m.means)
			AND (m.service IS NULL OR $3 = ANY (m.service))
			AND (m.destinations IS NULL OR $4 = ANY (m.destinations))), '[]')
	FROM transfer_rule t
	WHERE $1 = ANY (t.levels) AND $2 = ANY (t.means)
		AND (t.service IS NULL OR $3 = ANY (t.service))
		AND (t.destinations IS NULL OR $4 = ANY (t.destinations))
		AND (t.approved IS NULL OR t.approved = $5)
	ORDER BY t.step, t.position LIMIT 1 $$;

-- What everybody of a 機関 may know, or who acts in it.
CREATE OR REPLACE FUNCTION institution_mine(code text) RETURNS boolean LANGUAGE sql STABLE AS $$
	SELECT scope_all() OR code = ANY (scope_of(false)) OR code =
		(SELECT p.institution FROM person p WHERE p.login = acting_person()) $$;

-- What the register knows of a cloud service: for everybody of the 機関 (4.1(2)②(g)), who need not
-- see the rest of its row.  A draft is not there yet; a service that has ended is approved no more.
-- Approved is its use up to a level.
DROP FUNCTION IF EXISTS cloud_service_facts(text);
CREATE OR REPLACE FUNCTION cloud_service_facts(no text, level integer)
	RETURNS TABLE (core boolean, trusted boolean, approved boolean)
	LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
	SELECT coalesce(a.cloud_core_service, false),
		coalesce(a.cloud_trusted, false), permit_ok(a.cloud_approval_request, 'cloud_use')
			AND level <= coalesce(cloud_level(a.cloud_approval_request), 4)
			AND (a.cloud_ended_on IS NULL OR a.cloud_ended_on > act_today())
	FROM asset a WHERE a.asset_no = no AND a.asset_type = 'cloud_service' AND a.state <> 'draft'
		AND institution_mine(a.institution) $$;

DELETE FROM transfer_rule;
DELETE FROM transfer_reminder;
