-- REQ: applications and 兼務の禁止, 2.1(2)⑫.  01 … 11 are the requirements' own; from 20 on what
-- the steps say when they refuse.  REQ-01 and REQ-02 stand in the table as constraints, too.
SELECT rule('REQ-01', 'request', 'R', 'error', 'decided_by', '2.1(2)⑫(a)',
	$$ a.state IN ('approved', 'rejected', 'completed') AND request_party(a, a.decided_by)
	AND NOT (coalesce(a.same_person_exception, false)
	AND char_length(btrim(coalesce(a.same_person_reason, ''))) >= 20) $$,
	'申請者と承認者・許可者は同じ者が兼務できません。上位者へ回付し、それもできないやむを得ない場合は理由を記録して第三者の確認を受けてください。',
	'Nobody decides on an application of their own. Hand it to the office above; where that cannot be, record why, and have a third person confirm.');
SELECT rule('REQ-02', 'request', 'R', 'error', 'same_person_confirmed_by', '2.1(2)⑫(a)(c)',
	$$ a.state IN ('approved', 'rejected', 'completed') AND coalesce(a.same_person_exception, false)
	AND (a.same_person_confirmed_by IS NULL OR request_party(a, a.same_person_confirmed_by)
	OR a.same_person_confirmed_by IN (a.decided_by, a.assigned_to)) $$,
	'兼務の例外には、申請にも判断にも受領・確認にも関わっていない上位者の確認が必要です。',
	'The exception needs to be confirmed by somebody above who neither applied, decided, received nor checked.');
SELECT rule('REQ-03', 'request', 'R', 'error', 'decided_by', '2.1(2)②(a)(d), ⑧(f), 4.1(2)②(c)',
	$$ a.state IN ('approved', 'rejected') AND (a.decided_by IS NULL
	OR NOT request_office_held(a.decided_by, a.decided_office, a.institution, a.decided_at)) $$,
	'この申請についてこの操作をする権限のある役割に、今日就いていません。',
	'No office in force today lets you take this step of this application.');
SELECT rule('REQ-04', 'request', 'R', 'error', 'decided_office', '2.1(2)⑫(a)',
	$$ a.state IN ('approved', 'rejected') AND a.approver_office IS NOT NULL
	AND a.decided_office <> a.approver_office
	AND NOT (a.approver_office = 'iso' AND a.decided_office = 'deputy_iso') $$,
	'許可・承認者の役割が、この申請種別の権限者と異なります。',
	'It was decided in another office than the one that decides on this kind.');
SELECT rule('REQ-05', 'request', 'G', 'error', NULL, '2.1(2)⑧(f)',
	$$ a.request_type IN ('important_new', 'important_convert', 'important_software')
	AND a.state IN ('submitted', 'reviewing', 'approved') AND request_documents(a.request_no) < 3 $$,
	'必要性の説明、システム構成カタログ、緊急連絡先一覧の3点を添付してください。',
	'Attach the three documents: necessity, catalogue, emergency_contacts.');
SELECT rule('REQ-06', 'request', 'R', 'error', 'decided_by', '2.1(2)⑫(c)',
	$$ a.request_type = 'qualification' AND request_checked_by(a.request_no, a.subject_person)
	AND NOT coalesce(a.same_person_exception, false) $$,
	'資質確認を行う者と受ける者は、やむを得ない場合を除き同一人であってはなりません。',
	'Nobody checks their own qualification.');
SELECT rule('REQ-07', 'request', 'R', 'error', 'assigned_to', '2.1(2)②(d)',
	$$ false $$,
	'資質確認を行えるのは、機関CISOが指名する者又は機関CSIRTです。',
	'Qualifications are checked by whom the 機関CISO has named, or by the CSIRT.');
SELECT rule('REQ-08', 'request', 'F', 'warning', 'valid_to', '2.1(2)⑫(a)',
	$$ a.state = 'approved' AND a.valid_to < act_today() + policy_days('permit_warn', a.institution) $$,
	'許可の有効期限が近づいています。更新又は終了の手続を行ってください。',
	'The permission ends soon, or has ended: renew it, or end what it is for.');
SELECT rule('REQ-09', 'request', 'R', 'error', 'reason', '2.1(2)⑥(g)',
	$$ a.request_type = 'recheck' AND a.state <> 'withdrawn' AND coalesce(btrim(a.reason), '') = '' $$,
	'理由を明示してください（チームリーダーのみが要求できます）。',
	'Say why; only the leader of the CSIRT may demand it.');
SELECT rule('REQ-10', 'request', 'F', 'warning', 'reported_upward_at', '2.1(2)⑥(f)',
	$$ a.request_type = 'csirt_audit' AND a.state = 'completed' AND a.reported_upward_at IS NULL
	AND request_found_problem(a.request_no) $$,
	'是正を要請した場合は、速やかに機関CISOへ報告してください。',
	'Problems were found: report them to the 機関CISO.');
SELECT rule('REQ-11', 'request', 'G', 'error', 'payload', '2.1(2)⑧(g)(d)',
	$$ a.request_type = 'handover' AND a.state = 'completed'
	AND NOT has_office(a.payload->>'receiver', 'important_admin', a.institution, act_today()) $$,
	'後任者が重要サーバ管理者として指名されていません。',
	'The successor is not appointed as administrator of important servers.');
SELECT rule('REQ-20', 'request', 'R', 'error', 'applicant', '2.1(2)⑫(a)', $$ false $$,
	'この申請種別を申請できる役割に就いていません。', 'No office of yours applies for this kind.');
SELECT rule('REQ-21', 'request', 'R', 'error', NULL, '2.1(2)⑫(a)(c)', $$ false $$,
	'申請の当事者ではないので、通常どおり判断してください。',
	'You are on no side of it: decide as usual.');
SELECT rule('REQ-22', 'request', 'R', 'error', 'case', '2.1(2)⑫(a)(c)', $$ false $$,
	'判断できる者がほかにいます。上位者へ回付してください。',
	'There is somebody else who can decide: hand it on.');
SELECT rule('REQ-23', 'request', 'R', 'error', 'subject_sha256', '2.1(2)⑫(a)', $$ false $$,
	'申請後に対象が変わっています。差し戻して再申請を受けてください。',
	'What it is about has changed since it was submitted: send it back.');
SELECT rule('REQ-24', 'request', 'R', 'error', 'approver_office', '2.1(2)①[1], ④(a)', $$ false $$,
	'回付できる上位者がいません。', 'There is nobody above to hand it to.');
SELECT rule('REQ-25', 'request', 'R', 'error', 'follows', '2.1(2)②(d), ⑧(f)', $$ false $$,
	'先行する申請がまだ決まっていません。順に判断してください。',
	'The application before this one is still open: decide in order.');
SELECT rule('REQ-26', 'request', 'F', 'warning', NULL, '2.1(2)⑧(g), 7.1.1(2)②(b)',
	$$ a.request_type = 'handover' AND a.state = 'completed'
	AND NOT request_step_taken(a.request_no, 'report_removed') $$,
	'前任者の権限の削除がまだ報告されていません。後任者は削除して報告してください。',
	'Remove the access of the one before, and report it.');

SELECT rule('IMP-11', 'role_assignment', 'R', 'error', 'appointment_request', '2.1(2)②(d)',
	$$ NOT coalesce(a.bootstrap, act_is_local()) AND a.office = 'important_admin'
	AND NOT request_qualified(a.appointment_request, a.person, a.institution) $$,
	'重要サーバ管理者の指名には、資質確認の結果が必要です。',
	'An administrator of important servers is appointed after a check of the qualification.');
SELECT rule('IMP-12', 'request', 'F', 'warning', 'decision_reason', '2.1(2)②(d)',
	$$ a.request_type = 'appoint_important_admin' AND a.state = 'approved'
	AND coalesce(btrim(a.decision_reason), '') = '' AND request_unfit(a) $$,
	'資質確認の結果と異なる指名です。理由を記録してください。',
	'Appointed against the result of the check: record why.');
SELECT rule('IMP-13', 'role_assignment', 'R', 'error', 'person', '2.1(2)②(d), ⑧(d)',
	$$ NOT coalesce(a.bootstrap, act_is_local()) AND a.office = 'important_admin'
	AND NOT office_held(a, a.person, 'sysadmin', a.institution, a.term_from) $$,
	'重要サーバ管理者に指名できるのは、情報システム管理者です。',
	'Only a system administrator becomes administrator of important servers.');
