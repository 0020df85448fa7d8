-- Sending, sharing and carrying out: judged by what the register holds and by 別表 (3.1(2)④(b)),
-- whatever the applicant says of it.

-- The cloud service that it goes through: named as such, or what the application is about.
CREATE OR REPLACE FUNCTION request_service(r request) RETURNS text LANGUAGE sql STABLE AS $$
	SELECT CASE WHEN r.payload->>'means' IN ('cloud_share', 'file_transfer')
		THEN coalesce(r.payload->>'cloud_service', (SELECT a.asset_no FROM asset a
			WHERE a.asset_no = r.asset AND a.asset_type = 'cloud_service')) END $$;
CREATE OR REPLACE FUNCTION request_destination(r request) RETURNS text LANGUAGE sql IMMUTABLE AS $$
	SELECT coalesce(r.payload->>'destination', 'outside') $$;

-- The line of 別表 for the real level: the higher of what the row says and what the application says.
-- Of 機密性4 every way is as those of the table (④(b)エ); no line: a way that the table does not know.
CREATE OR REPLACE FUNCTION request_cell(r request) RETURNS TABLE (verdict text, workflow text,
	clause text, ja text, en text) LANGUAGE sql STABLE AS $$
	WITH asked AS (
		SELECT request_level(r) AS level, CASE WHEN request_level(r) = 4
				AND r.payload->>'means' IN ('paper', 'other') THEN 'mail'
				ELSE r.payload->>'means' END AS means,
			CASE WHEN f.core THEN 'core' WHEN f.trusted THEN 'trusted'
				WHEN s.no IS NULL THEN 'none' ELSE 'other' END AS service,
			request_destination(r) AS destination,
			s.no IS NULL OR coalesce(f.approved, false) AS approved
		FROM request_service(r) s (no) LEFT JOIN
			cloud_service_facts(s.no, request_level(r)) f ON true
	)
	SELECT j.verdict, j.workflow, j.clause, j.said || CASE WHEN j.workflow IS NULL
			THEN coalesce('。' || (j.reminders->0->>'text'), '') ELSE '' END,
		e.said || CASE WHEN e.workflow IS NULL
			THEN coalesce('. ' || (e.reminders->0->>'text'), '') ELSE '' END
	FROM asked q,
		transfer_check(q.level, q.means, q.service, q.destination, q.approved, false) j,
		transfer_check(q.level, q.means, q.service, q.destination, q.approved, true) e $$;

-- 4.1(2)②(g): sharing names the service that it goes through.
CREATE OR REPLACE FUNCTION service_faults(r request) RETURNS jsonb LANGUAGE sql STABLE AS $$
	SELECT CASE WHEN r.payload->>'means' = 'cloud_share' AND request_service(r) IS NULL
		THEN fault('required', '#/payload/cloud_service', '4.1(2)②(g)',
			'共有に使うクラウドサービスの資産番号を指定してください。',
			'Name the asset of the cloud service that it is shared in.')
		WHEN r.payload ? 'cloud_service' AND request_service(r) IS NULL
		THEN fault('not_applicable', '#/payload/cloud_service', '別表',
			'この手段では使えません。', 'Not with these means.') END $$;
CREATE OR REPLACE FUNCTION guard_sendable(r request, given jsonb) RETURNS jsonb
	LANGUAGE sql STABLE AS $$
	SELECT coalesce(service_faults(r), CASE
		WHEN t.verdict IS NULL THEN fault('unknown_choice', '#/payload/means', '別表',
			'別表にない手段です。', 'Not a cell of the table.')
		WHEN t.verdict = 'DENY' THEN fault('forbidden_means', '#/payload/means', t.clause, t.ja, t.en)
		WHEN t.workflow IS NULL THEN fault('no_permit_needed', '#/payload/means',
			t.clause, t.ja, t.en)
		WHEN t.workflow <> 'send_share' THEN fault('other_permit', '#/payload/means', t.clause,
			t.ja || '。' || t.workflow || ' を申請してください。',
			t.en || ': apply for ' || t.workflow || '.') END)
	FROM (SELECT 1) one LEFT JOIN request_cell(r) t ON true $$;

-- The permission that 別表 asks for first: in force, for the same thing, and not for less.
CREATE OR REPLACE FUNCTION outside_permitted(r request, kind text) RETURNS boolean
	LANGUAGE sql STABLE AS $$
	SELECT EXISTS (SELECT FROM request q WHERE q.request_no = r.payload->>'permit'
		AND q.institution = r.institution AND permit_ok(q.request_no, kind)
		AND q.asset IS NOT DISTINCT FROM r.asset AND q.medium IS NOT DISTINCT FROM r.medium
		-- what has been sent once is sent; a movement is recorded as what it was permitted for
		AND (kind <> 'send_share' OR q.state = 'approved'
			AND request_level(q) >= request_level(r)
			AND q.payload->>'means' = r.payload->>'means'
			AND request_destination(q) = request_destination(r)
			AND request_service(q) IS NOT DISTINCT FROM request_service(r)
			AND btrim(q.payload->>'recipient') = btrim(r.payload->>'recipient')
			AND (num_nonnulls(r.asset, r.medium) > 0
				OR btrim(q.payload->>'information') = btrim(r.payload->>'information')))) $$;
-- 3.1(2)③(b)(c): means that 別表 allows; else the permission that it asks for comes first.
CREATE OR REPLACE FUNCTION guard_outside(r request, given jsonb) RETURNS jsonb
	LANGUAGE sql STABLE AS $$
	SELECT coalesce(service_faults(r), (SELECT CASE
		WHEN t.verdict = 'DENY' THEN fault('forbidden_means', '#/payload/means', t.clause, t.ja, t.en)
		WHEN t.verdict IN ('PERMIT_ENC', 'DENY_P') AND NOT outside_permitted(r, t.workflow)
		THEN fault('permit_first', '#/payload/permit', t.clause, t.ja || '。先に ' || t.workflow
				|| ' の許可を得て、その申請番号を指定してください（対象・手段・提供先が同じもの）。',
			t.en || ': first obtain a permission ' || t.workflow || ' for the same thing, means '
				'and recipient, and name it.') END
		FROM request_cell(r) t)) $$;

-- 機密性4 out of its area: is the place a 指定場所?  A 要管理対策区域 that is designated, or the place
-- that the row of the asset names; but nobody says so of a row that he keeps, or has just written.
CREATE OR REPLACE FUNCTION place_designated(r request) RETURNS boolean LANGUAGE sql STABLE AS $$
	SELECT EXISTS (SELECT FROM area g WHERE g.code = r.payload->>'area'
			AND g.institution = r.institution AND g.is_controlled
			AND (g.revoked_on IS NULL OR g.revoked_on > act_today()))
		OR EXISTS (SELECT FROM asset a WHERE a.asset_no = r.asset AND btrim(a.designated_place)
				= btrim(coalesce(r.payload->>'place', r.payload->>'destination'))
			AND NOT coalesce(r.applicant IN (a.sysadmin, a.operator, a.important_admin,
				a.updated_by), false)) $$;
-- What is carried must be encrypted (3.1(2)④(a)); and only 機密性4 takes this permission.
CREATE OR REPLACE FUNCTION guard_carried(r request, given jsonb) RETURNS jsonb
	LANGUAGE sql STABLE AS $$
	SELECT faults_joined(
		CASE WHEN request_level(r) IS DISTINCT FROM 4 THEN fault('level_too_low', x.what, k.clause,
			'機密性4の対象だけに必要な許可です。機密性2・3は、暗号化して持ち出してください。',
			'Only 機密性4 takes this permission; carry 機密性2 and 3 encrypted.') END,
		CASE WHEN k.code = 'media_takeout' AND NOT EXISTS (SELECT FROM external_media m
				WHERE m.media_no = r.medium AND coalesce(m.encryption, 'none') <> 'none')
			AND NOT EXISTS (SELECT FROM asset a WHERE a.asset_no = r.asset
				AND storage_encrypted(a.internal_media_encryption))
			THEN fault('not_encrypted', x.what, '3.1(2)④(a)',
			'機密性4の情報は、暗号化した媒体・機器でだけ持ち出せます。',
			'機密性4 leaves on an encrypted medium or device only.') END)
	FROM workflow_kind k, (SELECT CASE WHEN r.medium IS NULL THEN 'asset' ELSE 'medium' END) x (what)
	WHERE k.code = r.request_type $$;
-- A10; handed on to the 機関CISO or above, it is decided there as a whole.
CREATE OR REPLACE FUNCTION guard_one_leg(r request, given jsonb) RETURNS jsonb
	LANGUAGE sql STABLE AS $$
	SELECT faults_joined(guard_carried(r, given), CASE WHEN r.approver_office NOT IN ('inst_ciso',
			'ciso') AND NOT place_designated(r)
		THEN fault('second_leg', NULL, '2.2(2)②',
			'台帳で指定場所と確認できないため、機関CISOの許可も必要です（同意して回してください）。',
			'By the register no designated place: agree, and hand it on to the 機関CISO.') END) $$;
