-- What must hold before a step, by kind: each answers a list of faults, or NULL.

-- 2.1(2)②(d): named by the 機関CISO, or of the 機関CSIRT.
CREATE OR REPLACE FUNCTION checks_qualifications(who text, at_institution text) RETURNS boolean
	LANGUAGE sql STABLE AS $$
	SELECT EXISTS (SELECT FROM unnest('{qualification_checker,csirt_member,csirt_leader}'::text[])
		o WHERE has_office(who, o, at_institution, act_today())) $$;
-- A check that its subject applied for only because of the bundle: does the appointment that it is
-- for stand (submitted, and not given up)?
CREATE OR REPLACE FUNCTION check_wanted(r request) RETURNS boolean LANGUAGE sql STABLE AS $$
	SELECT r.request_type <> 'qualification' OR r.applicant IS DISTINCT FROM r.subject_person
		OR request_applies(r, r.applicant) OR EXISTS (SELECT FROM request n
			WHERE n.follows = r.request_no AND n.request_type = 'appoint_important_admin'
			AND n.applicant = r.applicant AND n.subject_person = r.applicant
			AND n.state NOT IN ('draft', 'returned', 'withdrawn', 'rejected', 'expired',
				'revoked')) $$;
CREATE OR REPLACE FUNCTION guard_checker(r request, given jsonb) RETURNS jsonb
	LANGUAGE sql STABLE AS $$
	SELECT faults_joined(CASE WHEN NOT check_wanted(r) THEN fault('not_followed', NULL,
			'2.1(2)②(d)', '続く重要サーバ管理者の指名の申請が、まだ申請されていません。',
			'The appointment that this check is for has not been submitted.') END,
		faults_of_rules(array_remove(ARRAY[
		CASE WHEN NOT checks_qualifications(given->>'person', r.institution) THEN 'REQ-07' END,
		-- ⑥(g): nor by the one who demands it, where there is another
		CASE WHEN given->>'person' = (SELECT q.applicant FROM request q
				WHERE q.request_no = r.payload->>'recheck') AND EXISTS (SELECT
				FROM role_assignment o WHERE o.person NOT IN (r.subject_person,
				given->>'person') AND checks_qualifications(o.person, r.institution))
			THEN 'REQ-07' END,
		-- naming the person checked is for the way that ends in a confirmation
		CASE WHEN given->>'person' = r.subject_person AND EXISTS (SELECT FROM role_assignment o
			WHERE o.person <> r.subject_person AND checks_qualifications(o.person,
			r.institution)) THEN 'REQ-06' END], NULL))) $$;

-- The newest check of a person that counts: not older than a year, and not before a demand to
-- repeat it (⑥(g)).
CREATE OR REPLACE FUNCTION qualification_result(no text, who text, at_institution text)
	RETURNS text LANGUAGE plpgsql STABLE AS $$
BEGIN
	RETURN (SELECT s.result FROM request q JOIN request_step s ON s.request = q.request_no
	WHERE q.request_no = no AND q.request_type = 'qualification' AND q.state = 'completed'
		AND q.subject_person = who AND q.institution = at_institution AND s.result IS NOT NULL
		AND s.acted_at > act_now() - interval '12 months'
		AND NOT EXISTS (SELECT FROM request c WHERE c.request_type = 'recheck'
			AND c.subject_person = who AND c.submitted_at > s.acted_at
			AND c.state NOT IN ('draft', 'returned', 'withdrawn', 'rejected'))
	ORDER BY s.position DESC LIMIT 1);
END $$;
CREATE OR REPLACE FUNCTION guard_qualified(r request, given jsonb) RETURNS jsonb
	LANGUAGE sql STABLE AS $$
	SELECT faults_of_rules(array_remove(ARRAY[
		CASE WHEN q.result IS NULL AND NOT (r.state IN ('draft', 'returned') AND request_waits(r))
			THEN 'IMP-11' END,
		CASE WHEN q.result = 'fail' AND r.state NOT IN ('draft', 'returned')
			AND coalesce(btrim(given->>'comment'), '') = '' THEN 'IMP-12' END,
		CASE WHEN NOT has_office(r.subject_person, 'sysadmin', r.institution, act_today())
			THEN 'IMP-13' END], NULL))
	FROM (SELECT qualification_result(r.payload->>'qualification', r.subject_person,
		r.institution) AS result) q $$;

-- What is published by the permission must be in order then.
CREATE OR REPLACE FUNCTION publication_violations(a asset) RETURNS text[] LANGUAGE plpgsql STABLE
	AS $$
BEGIN
	RETURN CASE WHEN a.publication_planned THEN asset_violation_r(asset_published(a))
		ELSE '{}' END;
END $$;

-- 2.1(2)⑧(f)
CREATE OR REPLACE FUNCTION guard_important(r request, given jsonb) RETURNS jsonb
	LANGUAGE sql STABLE AS $$
	SELECT faults_joined(
		CASE WHEN NOT asset_becomes_important(a) THEN fault('not_important', 'asset', '2.1(2)②(d)',
			'重要サーバの要件（サーバで、外部公開・機密性3以上・手動指定のいずれか）に該当しません。',
			'By its columns this is no important server.') END,
		CASE WHEN a.important_state = 'permitted' THEN fault('permitted_already', 'asset',
			'2.1(2)⑧(f)', '既に許可されています。', 'It is permitted already.') END,
		CASE WHEN r.request_type = 'important_new' AND a.state <> 'planned'
			OR r.request_type = 'important_convert' AND a.state NOT IN ('in_operation',
			'suspended') THEN fault('wrong_state', 'asset', '2.1(2)⑧(f)',
			'新規設置は設置準備中、重要サーバ化は運用中又は停止中の資産が対象です。',
			'A new one is being prepared; an existing one is in operation or suspended.') END,
		CASE WHEN r.request_type = 'important_new' AND a.rating_status <> 'confirmed'
			THEN fault('rating_open', 'asset', '2.2(2)②', '格付けが確定していません。',
			'The rating is not confirmed.') END,
		CASE WHEN NOT has_office(r.applicant, 'important_admin', r.institution, act_today())
			AND request_appointee(r) IS DISTINCT FROM r.applicant
			THEN fault('no_important_admin', 'applicant', '2.1(2)⑧(d)',
			'申請者が重要サーバ管理者として指名されていません。',
			'The applicant is not appointed as administrator of important servers.') END,
		faults_of_rules(publication_violations(a)))
	FROM asset a WHERE a.asset_no = r.asset $$;
CREATE OR REPLACE FUNCTION guard_start(r request, given jsonb) RETURNS jsonb
	LANGUAGE sql STABLE AS $$
	SELECT CASE WHEN a.state <> 'planned' OR a.important_state <> 'permitted'
			OR NOT has_office(a.important_admin, 'important_admin', a.institution, act_today())
		THEN fault('not_ready', 'asset', '2.1(2)⑧(d)(f)',
			'許可された設置準備中のサーバで、重要サーバ管理者が在任していることが必要です。',
			'Only a permitted server in preparation, with its administrator in office.') END
	FROM asset a WHERE a.asset_no = r.asset $$;
CREATE OR REPLACE FUNCTION guard_permitted(r request, given jsonb) RETURNS jsonb
	LANGUAGE sql STABLE AS $$
	SELECT CASE WHEN a.important_state <> 'permitted' THEN fault('not_permitted', 'asset',
		'2.1(2)⑧(f)', '許可された重要サーバではありません。', 'Not a permitted important server.') END
	FROM asset a WHERE a.asset_no = r.asset $$;
-- ⑧(f): whether 委託業者等 do it is part of what is decided.
CREATE OR REPLACE FUNCTION guard_software(r request, given jsonb) RETURNS jsonb
	LANGUAGE sql STABLE AS $$
	SELECT faults_joined(guard_permitted(r, given),
		CASE WHEN r.performed_by_contractor IS NULL THEN fault('required',
			'performed_by_contractor', '2.1(2)⑧(f)',
			'委託業者等が行うかどうかを入力してください。', 'Say whether a contractor does it.') END) $$;
-- Who reports has the server (⑧(d)(g)), still permitted, and tells of what has been done.
CREATE OR REPLACE FUNCTION guard_installed(r request, given jsonb) RETURNS jsonb
	LANGUAGE sql STABLE AS $$
	SELECT faults_joined(guard_permitted(r, given),
		CASE WHEN acting_person() IS DISTINCT FROM a.important_admin
			OR NOT has_office(acting_person(), 'important_admin', r.institution, act_today())
		THEN fault('no_important_admin', 'asset', '2.1(2)⑧(d)(g)',
			'このサーバの重要サーバ管理者が報告します。',
			'It is for the administrator of this important server to report.') END,
		CASE WHEN (given->>'on')::date NOT BETWEEN r.valid_from AND act_today()
		THEN fault('wrong_value', 'on', '2.1(2)⑧(f)',
			'実施日は、許可の始期から本日までの日付です。',
			'The day is not before the permission begins, nor after today.') END,
		CASE WHEN r.performed_by_contractor AND NOT given ? 'carried_out_by'
		THEN fault('required', 'carried_out_by', '2.1(2)⑧(f)', '実施した者を入力してください。',
			'Say who carried it out.') END)
	FROM asset a WHERE a.asset_no = r.asset $$;
CREATE OR REPLACE FUNCTION guard_release(r request, given jsonb) RETURNS jsonb
	LANGUAGE sql STABLE AS $$
	SELECT CASE WHEN a.important_required AND a.state NOT IN ('retired', 'sanitised', 'disposed')
		THEN fault('still_important', 'asset', '2.1(2)②(d)',
			'重要サーバの要件に該当している間は、指定を解除できません。',
			'It still is an important server.') END
	FROM asset a WHERE a.asset_no = r.asset $$;
CREATE OR REPLACE FUNCTION guard_receiver(r request, given jsonb) RETURNS jsonb
	LANGUAGE sql STABLE AS $$
	SELECT CASE WHEN NOT has_office(r.payload->>'receiver', 'important_admin', r.institution,
		act_today()) THEN faults_of_rules('{REQ-11}') END $$;
CREATE OR REPLACE FUNCTION guard_takes_over(r request, given jsonb) RETURNS jsonb
	LANGUAGE sql STABLE AS $$
	SELECT faults_joined(guard_receiver(r, given),
		CASE WHEN (r.payload->>'effective_on')::date > act_today() THEN fault('too_early',
			'#/payload/effective_on', '2.1(2)⑧(g)', '引継ぎ日より前には確認できません。',
			'Not before the day of the handover.') END) $$;
CREATE OR REPLACE FUNCTION guard_handover(r request, given jsonb) RETURNS jsonb
	LANGUAGE sql STABLE AS $$
	SELECT faults_joined(guard_permitted(r, given),
		CASE WHEN r.payload->>'receiver' = a.important_admin THEN fault('same_person',
			'#/payload/receiver', '2.1(2)⑧(g)', '引き継ぐ者と引き継がれる者が同じです。',
			'The one who hands over takes over.') END,
		CASE WHEN NOT asset_catalogued(r.asset) THEN fault('catalogue_missing', 'asset',
			'2.1(2)⑧(e)(g)', '提出済みのシステム構成カタログがありません。',
			'No system catalogue has been submitted to hand over.')
		WHEN NOT EXISTS (SELECT FROM system_catalogue c WHERE c.asset = r.asset
			AND c.status = 'submitted' AND c.submitted_at::date >= act_today()
			- policy_days('config_check', r.institution)) THEN fault('catalogue_old', 'asset',
			'2.1(2)⑧(e)(g), 6.2(2)②(b)',
			'システム構成カタログが古くなっています。現状を確認し、新しい版を提出してから引き継いでください。',
			'The system catalogue is old: check it, and submit a version before it is handed over.')
		END)
	FROM asset a WHERE a.asset_no = r.asset $$;
CREATE OR REPLACE FUNCTION guard_recheck(r request, given jsonb) RETURNS jsonb
	LANGUAGE sql STABLE AS $$
	SELECT CASE WHEN coalesce(btrim(r.reason), '') = '' OR NOT has_office(r.applicant,
			'csirt_leader', r.institution, act_today()) THEN faults_of_rules('{REQ-09}')
		WHEN NOT has_office(r.subject_person, 'important_admin', r.institution, act_today())
		THEN fault('not_in_office', 'subject_person', '2.1(2)⑥(g)',
			'対象者は重要サーバ管理者ではありません。', 'Not an administrator of important servers.') END $$;
CREATE OR REPLACE FUNCTION guard_rechecked(r request, given jsonb) RETURNS jsonb
	LANGUAGE sql STABLE AS $$
	SELECT CASE WHEN NOT EXISTS (SELECT FROM request q JOIN request_step s
		ON s.request = q.request_no AND s.result IS NOT NULL
		WHERE q.request_type = 'qualification' AND q.state = 'completed'
			AND q.subject_person = r.subject_person AND s.acted_at > r.submitted_at)
		THEN fault('not_rechecked', NULL, '2.1(2)⑥(g)', '再確認の結果がまだありません。',
			'There is no new check yet.')
		WHEN (SELECT s.result FROM request q JOIN request_step s ON s.request = q.request_no
			AND s.result IS NOT NULL WHERE q.request_type = 'qualification'
			AND q.state = 'completed' AND q.subject_person = r.subject_person
			AND s.acted_at > r.submitted_at ORDER BY s.acted_at DESC LIMIT 1) = 'pass'
			AND coalesce(btrim(given->>'comment'), '') = ''
		THEN fault('required', 'comment', '2.1(2)⑥(g)',
			'再確認の結果は適です。交代を命ずる理由を記録してください。',
			'The check was passed: record why there is a replacement all the same.') END $$;
-- ⑫(b): no way around it.
CREATE OR REPLACE FUNCTION guard_auditor(r request, given jsonb) RETURNS jsonb
	LANGUAGE sql STABLE AS $$
	SELECT CASE WHEN r.applicant IN (a.sysadmin, a.operator, a.important_admin)
		THEN fault('auditor_audited', 'asset', '2.1(2)⑫(b)',
			'監査を行う者と監査を受ける者は、例外なく、同じ者であってはなりません。',
			'The auditor is never the one who is audited.') END
	FROM asset a WHERE a.asset_no = r.asset $$;
-- What was found is put right by who runs the server, and looked at by a leader who does not.
CREATE OR REPLACE FUNCTION guard_correct(r request, given jsonb) RETURNS jsonb
	LANGUAGE sql STABLE AS $$
	SELECT faults_joined(
		CASE WHEN audit_due(r.request_no) IS DISTINCT FROM 'correct' THEN fault('nothing_open',
			'action', '2.1(2)⑥(f)', '是正を求められている問題はありません。',
			'No problem is open that would have to be put right.') END,
		CASE WHEN (given->>'on')::date > act_today() THEN fault('not_yet', 'on', '2.1(2)⑥(f)',
			'本日までの日付を指定してください。', 'A day up to today.') END) $$;
CREATE OR REPLACE FUNCTION guard_correction_checked(r request, given jsonb) RETURNS jsonb
	LANGUAGE sql STABLE AS $$
	SELECT CASE WHEN audited_oneself(r, acting_person()) THEN fault('auditor_audited', 'asset',
			'2.1(2)⑫(b)', '監査を行う者と監査を受ける者は、例外なく、同じ者であってはなりません。',
			'The auditor is never the one who is audited.')
		WHEN audit_due(r.request_no) IS DISTINCT FROM 'check_correction' THEN
			fault('not_corrected', 'action', '2.1(2)⑥(f)', '是正完了の報告がまだありません。',
			'Nobody has reported yet that it is put right.') END $$;

CREATE OR REPLACE FUNCTION guard_medium_encrypted(r request, given jsonb) RETURNS jsonb
	LANGUAGE sql STABLE AS $$
	SELECT CASE WHEN m.confidentiality >= 3 AND coalesce(m.encryption, 'none') = 'none'
		THEN fault('not_encrypted', 'medium', '3.1(2)②(c)', '機密性3以上の媒体は暗号化が必要です。',
			'From 機密性3 on the medium must be encrypted.') END
	FROM external_media m WHERE m.media_no = r.medium $$;
-- WF-13; from 機密性3 on also the 機関CISO lifts the restriction to terminals of the 機構 (WF-20).
CREATE OR REPLACE FUNCTION guard_checklist(r request, given jsonb) RETURNS jsonb
	LANGUAGE sql STABLE AS $$
	SELECT faults_joined((SELECT jsonb_agg(fault('not_met', '#/payload/' || n, '6.1.3(2)',
			'安全管理の条件を満たしていません。', 'A condition is not met.') -> 0)
		FROM unnest('{os_supported,updated,malware_protection,encrypted,locked}'::text[]) n
		WHERE r.payload->n IS DISTINCT FROM 'true'),
		(SELECT fault('c4_needed', 'asset', '6.1.3(2), 2.2(2)②表',
			'機密性3以上の支給外端末には、c4_handling（制限 org_terminal_only）の機関CISOの許可が先に必要です。',
			'From 機密性3 on a terminal of one''s own first needs a permit c4_handling of the 機関CISO '
			'(restriction org_terminal_only).')
		FROM asset a WHERE a.asset_no = r.asset AND a.confidentiality >= 3
			AND NOT restriction_lifted(a.asset_no, 'org_terminal_only'))) $$;
-- The end of a use is told when it is there: from the day of the permission until today.
CREATE OR REPLACE FUNCTION guard_ended(r request, given jsonb) RETURNS jsonb LANGUAGE sql STABLE AS $$
	SELECT day_faults((given->>'on')::date, (r.decided_at AT TIME ZONE 'Asia/Tokyo')::date, 'on',
		k.clause) FROM workflow_kind k WHERE k.code = r.request_type $$;
-- The highest level of what it is about.
CREATE OR REPLACE FUNCTION request_level(r request) RETURNS int LANGUAGE plpgsql STABLE AS $$
BEGIN
	RETURN greatest((SELECT max(a.confidentiality) FROM connected_assets(r) a),
		(SELECT m.confidentiality FROM external_media m WHERE m.media_no = r.medium),
		(r.payload->>'confidentiality')::int, (r.payload->>'max_confidentiality')::int);
END $$;
-- 4.1(2)③(f)
CREATE OR REPLACE FUNCTION guard_signed(r request, given jsonb) RETURNS jsonb
	LANGUAGE sql STABLE AS $$
	SELECT CASE WHEN r.payload->>'signature_checked' IS DISTINCT FROM 'true' THEN fault('not_met',
		'#/payload/signature_checked', '4.1(2)③(f)',
		'入手元と署名を確かめてから申請してください。',
		'Check where it comes from, and its signature, first.') END $$;
CREATE OR REPLACE FUNCTION guard_allowed(r request, given jsonb) RETURNS jsonb
	LANGUAGE sql STABLE AS $$
	SELECT faults_joined(guard_signed(r, given), CASE WHEN EXISTS (SELECT FROM asset a
		WHERE a.asset_no = r.asset AND a.important_required) THEN fault('important', 'asset', '2.1(2)⑧(f)',
			'重要サーバには important_software（インストール許可）を申請してください。',
			'For an important server apply for important_software.') END) $$;
-- 機密性4 in a cloud is on no network of its own (CLD-06).
CREATE OR REPLACE FUNCTION cloud_four_faults(service text, field text) RETURNS jsonb
	LANGUAGE sql STABLE AS $$
	SELECT CASE WHEN NOT restriction_lifted(service, 'isolated_only') THEN fault('c4_needed', field,
		'2.2(2)②表', '機密性4には、c4_handling（制限 isolated_only）の機関CISOの許可が先に必要です。',
		'機密性4 first needs a permit c4_handling of the 機関CISO (restriction isolated_only).') END $$;
CREATE OR REPLACE FUNCTION guard_cloud(r request, given jsonb) RETURNS jsonb
	LANGUAGE sql STABLE AS $$
	SELECT faults_joined(
		CASE WHEN r.payload->>'ismap' = 'not_listed' AND NOT r.payload ? 'risk_and_measures'
			THEN fault('required', '#/payload/risk_and_measures', '5.2(2)①',
			'ISMAP等に掲載のないサービスには、リスクと対策の明示が必要です。',
			'What is not listed needs its risks and measures.') END,
		CASE WHEN (r.payload->>'max_confidentiality')::int = 4
			THEN cloud_four_faults(r.asset, '#/payload/max_confidentiality') END,
		CASE WHEN a.confidentiality > (r.payload->>'max_confidentiality')::int
			THEN fault('above_limit', '#/payload/max_confidentiality', '4.1(2)②(g), 2.2(2)②',
			'資産の機密性が、申請する上限を超えています。',
			'The asset is rated higher than the level that is applied for.') END,
		-- 5.2(1): what was looked up long ago is not known
		CASE WHEN NOT coalesce((r.payload->>'ismap_checked_on')::date BETWEEN act_today()
				- policy_days('ismap_check', r.institution) AND act_today(), false)
			THEN fault('not_current', '#/payload/ismap_checked_on', '5.2(1), (2)①',
			'掲載の有無を改めて確かめ、その日（今日まで、かつ '
				|| policy_days('ismap_check', r.institution) || ' 日以内）を入力してください。',
			'Look it up again, and give that day: within '
				|| policy_days('ismap_check', r.institution) || ' days until today.') END)
	FROM asset a WHERE a.asset_no = r.asset $$;
CREATE OR REPLACE FUNCTION guard_listed(r request, given jsonb) RETURNS jsonb
	LANGUAGE sql STABLE AS $$
	SELECT CASE WHEN a.cloud_approval_request IS DISTINCT FROM r.request_no
			OR coalesce(a.cloud_ismap, 'unknown') NOT IN ('ismap', 'ismap_liu')
		THEN fault('not_listed', 'asset', '5.2(2)①',
			'この承認に基づく、掲載のあるクラウドサービスではありません。',
			'No listed service that is used by this approval.') END
	FROM asset a WHERE a.asset_no = r.asset $$;
-- 4.3(1)
CREATE OR REPLACE FUNCTION guard_social(r request, given jsonb) RETURNS jsonb
	LANGUAGE sql STABLE AS $$
	SELECT CASE WHEN a.confidentiality > 1 THEN faults_of_rules('{SNS-01}') END
	FROM asset a WHERE a.asset_no = r.asset $$;
CREATE OR REPLACE FUNCTION guard_level_three(r request, given jsonb) RETURNS jsonb
	LANGUAGE sql STABLE AS $$
	SELECT CASE WHEN coalesce((SELECT a.confidentiality FROM asset a WHERE a.asset_no = r.asset),
		(SELECT m.confidentiality FROM external_media m WHERE m.media_no = r.medium), 0) < 3
		THEN fault('level_too_low', 'asset', '2.2(2)②表', '機密性3以上の対象だけに必要な許可です。',
			'Only from 機密性3 on.') END $$;

CREATE OR REPLACE FUNCTION guard_days(r request, given jsonb) RETURNS jsonb
	LANGUAGE sql STABLE AS $$
	SELECT CASE WHEN (r.payload->>'days')::int NOT BETWEEN 1 AND 100000 THEN fault('wrong_value',
		'#/payload/days', '7.1.4(2)②(d)', '1日以上としてください。', 'One day or more.') END $$;
-- 2.3(2)⑤, ⑫(b): some rules have no exceptions.  Nor is there anything to except where a rule makes
-- no findings (what it asks is asked before it is written, or of a step), or none about this object.
CREATE OR REPLACE FUNCTION guard_exception(r request, given jsonb) RETURNS jsonb
	LANGUAGE sql STABLE AS $$
	SELECT CASE WHEN exception_barred(u.code) THEN fault('EXC-02', 'rule',
			'2.3(2)⑤, 2.1(2)⑫(b)', 'この規則には例外措置を認められません。',
			'There are no exceptions from this rule.')
		WHEN u.mode <> 'F' THEN fault('not_excepted', 'rule', '2.3(2)⑤',
			'登録や手続の条件となる規則であり、例外措置の対象になりません。',
			'What this rule asks is a condition of a record or a step: no exception lifts it.')
		WHEN finding_source(u.ledger, CASE WHEN r.asset IS NOT NULL THEN 'asset'
			WHEN r.medium IS NOT NULL THEN 'medium' ELSE 'unit' END) = 'NULL::text'
		THEN fault('wrong_rule', 'rule', '2.3(2)⑤',
			'この規則は、申請の対象に適用されるものではありません。',
			'This rule asks nothing of what the application is about.') END
	FROM rule u WHERE u.code = r.rule $$;
-- WF-28: asked when it is submitted, too, so that nobody waits for what cannot be confirmed.
CREATE OR REPLACE FUNCTION guard_disposal(r request, given jsonb) RETURNS jsonb
	LANGUAGE sql STABLE AS $$
	SELECT faults_joined(
		CASE WHEN EXISTS (SELECT FROM asset a WHERE a.asset_no = r.asset AND a.asset_type = 'nas')
			AND NOT EXISTS (SELECT FROM attachment t WHERE t.request = r.request_no
				AND t.kind IN ('erasure_log', 'destruction_certificate'))
		THEN fault('documents_missing', NULL, '6.11(2)⑤(b)',
			'NASの抹消には、消去ログ又は破壊証明書が必要です。',
			'A NAS needs a log of the erasure or a certificate of destruction.') END,
		CASE WHEN coalesce((SELECT a.state FROM asset a WHERE a.asset_no = r.asset),
			(SELECT m.state FROM external_media m WHERE m.media_no = r.medium)) <> 'retired'
		THEN fault('wrong_state', CASE WHEN r.medium IS NULL THEN 'asset' ELSE 'medium' END,
			'3.1(2)⑤(b)', '抹消できるのは、運用終了・使用終了となったものだけです。先に運用終了としてください。',
			'It must be retired first, and is sanitised once.') END,
		day_faults((r.payload->>'sanitised_on')::date, asset_retired_on(r.asset),
			'#/payload/sanitised_on', '3.1(2)⑤(b), 6.2(2)③')) $$;
CREATE OR REPLACE FUNCTION guard_transfer(r request, given jsonb) RETURNS jsonb
	LANGUAGE sql STABLE AS $$
	SELECT faults_joined(
		CASE WHEN NOT EXISTS (SELECT FROM asset a WHERE a.asset_no = r.asset
			AND a.state = 'in_operation') THEN fault('wrong_state', 'asset', '2.1(2)④(f)',
			'移管できるのは運用中の資産です。', 'Only what is in operation is handed over.') END,
		CASE WHEN EXISTS (SELECT FROM asset c WHERE c.parent_asset = r.asset
			AND asset_is_live(c.state)) THEN fault('components', 'asset', '2.1(2)④(f)',
			'この資産を親とする資産があります。先に親を変えるか、運用終了としてください。',
			'Other assets are parts of it: give them another parent, or retire them first.') END,
		CASE WHEN r.payload->>'to_institution' = r.institution THEN fault('same_institution',
			'#/payload/to_institution', '2.1(2)②(a)', '移管先が同じ機関です。', 'The same 機関.') END,
		CASE WHEN NOT EXISTS (SELECT FROM org_unit u WHERE u.code = r.payload->>'to_unit'
			AND u.institution = r.payload->>'to_institution') THEN fault('unknown_reference',
			'#/payload/to_unit', '2.1(2)④(f)', '受入機関にその部署がありません。',
			'The receiving 機関 has no such unit.') END,
		CASE WHEN NOT has_office(r.payload->>'to_sysadmin', 'sysadmin',
			r.payload->>'to_institution', act_today()) THEN fault('not_in_office',
			'#/payload/to_sysadmin', '2.1(2)②(d)',
			'受入機関の情報システム管理者として在任していません。',
			'No administrator in office there.') END) $$;
