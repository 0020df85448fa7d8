-- ROLE: offices, 2.1(2).  ROLE-01 … 08 are the requirements' own; from 20 on what they imply.
SELECT rule('ROLE-01', 'role_assignment', 'R', 'error', 'term_to', '2.1(2)⑤',
	$$ a.office = 'deputy_iso' AND (a.term_to IS NULL OR coalesce(btrim(a.scope_note), '') = ''
	OR coalesce(cardinality(a.range_units), 0) + coalesce(cardinality(a.range_assets), 0) = 0
	OR coalesce(cardinality(a.delegable_powers), 0) = 0 OR NOT (office_appointed(a, 'inst_ciso')
	OR office_by_request(a.appointment_request, a.office, a.person, a.institution, a.appointed_by))) $$,
	'副情報セキュリティ責任者には、任命期間・所掌範囲（文章と部署・資産の一覧）・認める権限の指定と、機関CISOの指名が必要です。',
	'A 副情報セキュリティ責任者 needs a term, a range (in words and as units or assets), delegated powers, and to be appointed by the 機関CISO.');
SELECT rule('ROLE-02', 'role_assignment', 'R', 'error', 'appointed_by', '2.1(2)②(b)(d), ⑥(d)',
	$$ a.office IN ('sysadmin', 'iso', 'csirt_leader', 'important_admin', 'qualification_checker')
	AND NOT office_appointed(a, 'inst_ciso')
	AND NOT office_by_request(a.appointment_request, a.office, a.person, a.institution, a.appointed_by) $$,
	'この役割は機関CISOが指名します。', 'The 機関CISO appoints to this office.');
SELECT rule('ROLE-03', 'role_assignment', 'F', 'warning', 'office', '2.1(2)⑫(b)',
	$$ a.office IN ('audit_chief', 'auditor') AND term_runs(a.term_from, a.term_to, a.revoked_on, act_today())
	AND holds_operating_office(a.person, a.institution) $$,
	'監査実施者が、監査対象の機関で役割を持っています。',
	'An auditor holds an operating office in the audited 機関.');
SELECT rule('ROLE-04', 'institution', 'F', 'error', NULL, '2.1(2)②(b), ⑥(a)',
	$$ a.active AND NOT (office_filled(a.code, 'inst_ciso') AND office_filled(a.code, 'iso')
	AND office_filled(a.code, 'csirt_member', 'csirt_leader')) $$,
	'機関CISO・情報セキュリティ責任者・機関CSIRTのいずれかが登録されていません。',
	'The 機関 has no 機関CISO, no 情報セキュリティ責任者 or no CSIRT in force.');
SELECT rule('ROLE-05', 'org_unit', 'F', 'warning', NULL, '2.1(2)⑦(a)',
	$$ unit_lacks_manager(a.code) $$,
	'この部署を所掌する情報セキュリティ管理者が登録されていません。',
	'Neither the unit, which owns assets, nor one above it has an 情報セキュリティ管理者.');
SELECT rule('ROLE-06', 'role_assignment', 'F', 'warning', 'person', '7.1.1(2)②(b)',
	$$ a.revoked_on IS NULL AND (a.term_to IS NULL OR a.term_to >= act_today())
	AND person_left(a.person) $$,
	'退職者に役割が残っています。解任と後任の指名を行ってください。',
	'Somebody who has left still holds an office.');
SELECT rule('ROLE-07', 'role_assignment', 'R', 'error', 'person', '2.1(2)①[2]',
	$$ a.office = 'general_iso' AND a.revoked_on IS NULL AND NOT office_at_head(a, 'iso') $$,
	'統括情報セキュリティ責任者は、機構事務局の情報セキュリティ責任者をもって充てます。',
	'This office goes with that of 情報セキュリティ責任者 at the head office (head_office).');
SELECT rule('ROLE-08', 'role_assignment', 'R', 'error', 'person', '2.1(2)⑥(h)',
	$$ a.office = 'general_csirt_leader' AND a.revoked_on IS NULL
	AND NOT office_at_head(a, 'csirt_leader') $$,
	'統括チームリーダーは、事務局等のチームリーダーをもって充てます。',
	'This office goes with that of CSIRT leader at the head office (head_office).');
SELECT rule('ROLE-20', 'role_assignment', 'R', 'error', 'appointed_by', '2.1(2)',
	$$ NOT coalesce(a.bootstrap, act_is_local()) AND a.office NOT IN ('deputy_iso', 'sysadmin',
	'iso', 'csirt_leader', 'important_admin', 'qualification_checker')
	AND appointing(a.office) <> '{}' AND NOT office_appointed(a, VARIADIC appointing(a.office)) $$,
	'任命・指名した者が、この役割を任命・指名できる役割に就いていません。',
	'Who appoints holds no office that appoints to this one.');
SELECT rule('ROLE-21', 'role_assignment', 'R', 'error', 'office', '2.1(2)①②',
	$$ NOT coalesce(a.bootstrap, act_is_local()) AND appointing(a.office) = '{}' $$,
	'CISO及び機関CISOは、台帳の設置場所（daicho office grant --bootstrap）でだけ登録・解任できます。',
	'CISO and 機関CISO are entered and revoked only where the machine stands (daicho office grant --bootstrap).');
SELECT rule('ROLE-22', 'role_assignment', 'R', 'error', 'appointment_request', '2.1(2)②(d), ⑤',
	$$ NOT coalesce(a.bootstrap, act_is_local()) AND office_needs_request(a.office)
	AND NOT coalesce(office_request_fits(a.appointment_request, a.office, a.person, a.institution), false) $$,
	'重要サーバ管理者（資質の確認を経た指名）と副情報セキュリティ責任者（情報セキュリティ責任者からの要請）は、申請の結果としてだけ指名できます。',
	'Only an application leads to this appointment: 重要サーバ管理者 after the check of qualification, 副情報セキュリティ責任者 on the request of an 情報セキュリティ責任者.');
SELECT rule('ROLE-23', 'role_assignment', 'R', 'error', 'person', '2.1(2)⑫(a)',
	$$ NOT coalesce(a.bootstrap, act_is_local())
	AND (a.person = a.appointed_by OR a.person = coalesce(a.created_by, acting_person())) $$,
	'自分自身を任命・指名することはできません。', 'Nobody appoints oneself.');
SELECT rule('ROLE-24', 'role_assignment', 'R', 'error', 'appointed_by', '2.1(2), 7.1.4(2)②(e)イ',
	$$ NOT coalesce(a.bootstrap, act_is_local())
	AND a.appointed_by IS DISTINCT FROM coalesce(a.created_by, acting_person())
	AND NOT office_by_request(a.appointment_request, a.office, a.person, a.institution, a.appointed_by) $$,
	'任命・指名は、任命・指名する本人が登録します。',
	'An appointment is entered by the one who appoints.');
SELECT rule('ROLE-25', 'role_assignment', 'R', 'error', 'institution', '2.1(2)②(a)',
	$$ (a.institution IS NULL) <> office_is_corporate(a.office) $$,
	'機構全体の役割には機関を指定せず、ほかの役割には所掌機関を指定してください。',
	'Offices for the whole 機構 have no 機関, all others have one.');
SELECT rule('ROLE-26', 'role_assignment', 'R', 'error', 'unit', '2.1(2)⑦(a)',
	$$ a.office = 'ism' AND a.unit IS NULL $$,
	'情報セキュリティ管理者には所掌する課室・研究グループ等を指定してください。',
	'Name the unit of an 情報セキュリティ管理者.');
SELECT rule('ROLE-27', 'role_assignment', 'R', 'error', 'scope_note', '2.1(2)⑧(a), ⑨(a)',
	$$ a.office IN ('sysadmin', 'operator') AND coalesce(btrim(a.scope_note), '') = '' $$,
	'所掌範囲を記入してください。', 'Describe the range of the office.');
SELECT rule('ROLE-28', 'role_assignment', 'R', 'error', 'range_units', '2.1(2)⑤, ⑧(a)',
	$$ range_strays(a.institution, a.range_units, a.range_assets) $$,
	'所掌範囲に、この機関の台帳にない部署又は資産があります。',
	'The range names a unit or an asset that this 機関 does not have.');
SELECT rule('ROLE-29', 'role_assignment', 'R', 'error', 'person', '7.1.1(2)②(b)',
	$$ NOT coalesce(a.bootstrap, act_is_local())
	AND person_gone(a.person, greatest(a.term_from, act_today())) $$,
	'退職した人、又は任期の始まる前に退職する人は任命・指名できません。',
	'The person has left, or leaves before the term begins.');

-- What the offices mean for the other ledgers.
SELECT rule('ORG-01', 'institution', 'F', 'warning', NULL, '2.1(2)⑬(b)(c), ⑧(i)',
	$$ a.active AND (coalesce(btrim(a.incident_desk_contact), '') = ''
	OR coalesce(btrim(a.external_desk_contact), '') = '' OR coalesce(btrim(a.support_desk), '') = '') $$,
	'機関統一窓口・外部通報窓口・技術相談窓口を登録してください。',
	'Enter the incident desk, the external desk and the support desk.');
SELECT rule('REG-14', 'asset', 'F', 'warning', 'sysadmin', '2.1(2)②(d), ⑧(a)',
	$$ asset_is_live(a.state) AND NOT EXISTS (
		SELECT FROM role_assignment r JOIN person p ON p.login = r.person
		WHERE r.person = a.sysadmin AND r.institution = a.institution AND r.office = 'sysadmin'
		AND term_runs(r.term_from, r.term_to, r.revoked_on, act_today())
		AND NOT has_left(p.active, p.left_on)) $$,
	'登録された情報システム管理者は、現在この機関の情報システム管理者として指名されていません。後任を登録してください。',
	'The named 情報システム管理者 holds no such office in force in this 機関.');
SELECT rule('REG-15', 'asset', 'F', 'warning', 'sysadmin', '7.1.1(2)②(b), 6.11(2)①(d)',
	$$ asset_is_live(a.state)
	AND (EXISTS (SELECT FROM person p WHERE p.login = a.sysadmin AND has_left(p.active, p.left_on))
	OR EXISTS (SELECT FROM person p WHERE p.login = a.operator AND has_left(p.active, p.left_on))
	OR EXISTS (SELECT FROM person p WHERE p.login = a.important_admin AND has_left(p.active, p.left_on))
	OR EXISTS (SELECT FROM asset_user u JOIN person p ON p.login = u.person
		WHERE u.asset = a.asset_no AND (u.until_on IS NULL OR u.until_on >= act_today())
		AND has_left(p.active, p.left_on))) $$,
	'使用者・管理者に退職者が残っています。アクセス権の停止と台帳の更新を行ってください。',
	'A user or an administrator has left.');
