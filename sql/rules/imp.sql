-- IMP: 重要サーバ, 2.1(2)②(d), ⑧(d)-(f).  IMP-11, IMP-12 and IMP-13 judge applications for the
-- office of 重要サーバ管理者: they come with the workflow.
SELECT rule('IMP-01', 'asset', 'F', 'error', 'important_state', '2.1(2)②(d), ⑧(f)',
	$$ a.important_required AND a.state IN ('in_operation', 'suspended')
	AND NOT (a.important_state = 'permitted'
	AND permit_ok(a.important_permit_request, 'important_new', 'important_convert')) $$,
	'重要サーバに該当しますが、機関CISOの許可がありません。許可を申請してください。',
	'It is an important server without a permission of the 機関CISO in force: apply for it.',
	'convert_deadline');
SELECT rule('IMP-02', 'asset', 'G', 'error', 'important_state', '2.1(2)⑧(f)',
	$$ a.important_required AND a.state = 'in_operation' AND NOT a.adopted
	AND a.important_state IS DISTINCT FROM 'permitted' $$,
	'重要サーバは、機関CISOの許可を得るまで運用を開始できません。',
	'An important server begins operation only when the 機関CISO has permitted it.');
SELECT rule('IMP-03', 'asset', 'G', 'error', 'important_admin', '2.1(2)⑧(d)',
	$$ a.important_required AND a.state = 'in_operation' AND NOT a.adopted
	AND NOT has_office(a.important_admin, 'important_admin', a.institution, act_today()) $$,
	'重要サーバ管理者として指名されている人が登録されていません。',
	'Nobody who holds the office of 重要サーバ管理者 is named on the row.');
SELECT rule('IMP-04', 'asset', 'F', 'error', NULL, '2.1(2)⑧(e)',
	$$ a.important_required AND a.state = 'in_operation' AND NOT asset_catalogued(a.asset_no) $$,
	'システム構成カタログが機関CISOに提出されていません。',
	'No system catalogue has been submitted to the 機関CISO.');
SELECT rule('IMP-05', 'asset', 'F', 'error', NULL, '2.1(2)⑧(e)',
	$$ asset_catalogued(a.asset_no) AND NOT asset_catalogued(a.asset_no, true) $$,
	'提出されたシステム構成カタログを機関CSIRTが閲覧できません。',
	'The submitted system catalogue is not open to the CSIRT.');
SELECT rule('IMP-06', 'asset', 'F', 'warning', NULL, '2.1(2)⑧(f)',
	$$ a.important_required AND a.state = 'in_operation'
	AND NOT asset_has_contact(a.asset_no, 'server_vendor') $$,
	'保守請負業者等の緊急連絡先の一覧が登録されていません。',
	'There is no list of emergency contacts of the maintenance contractor.');
SELECT rule('IMP-07', 'asset', 'F', 'error', NULL, '2.1(2)⑧(f)',
	$$ a.important_required AND a.state = 'in_operation' AND asset_strange_software(a.asset_no) $$,
	'システム構成カタログにないソフトウェアが導入されています。機関CISOの許可を確認してください。',
	'Software is installed that no submitted catalogue has: look for the permission.');
SELECT rule('IMP-08', 'asset', 'F', 'warning', 'important_state', '2.1(2)②(d)',
	$$ a.important_state = 'permitted' AND NOT a.important_required AND asset_is_live(a.state) $$,
	'重要サーバの要件に該当しなくなっています。指定の解除を申請するか、手動で指定してください。',
	'It is permitted, but no important server any more: apply for its release or designate it.');
SELECT rule('IMP-09', 'asset', 'R', 'error', 'important_manual_reason', '2.1(2)②(d)',
	$$ a.important_manual AND coalesce(btrim(a.important_manual_reason), '') = '' $$,
	'重要サーバに手動で指定した理由を入力してください。',
	'Say why it is designated an important server.');
SELECT rule('IMP-10', 'asset', 'F', 'info', 'important_manual', '2.1(2)②(d), 別紙「サーバ装置」',
	$$ asset_is_live(a.state) AND a.asset_type IN ('network_device', 'special_device', 'mfp', 'application')
	AND NOT asset_is_server(a.asset_type, a.embodiment, a.cloud_service_model)
	AND (a.external_public OR a.internet_inbound OR a.confidentiality >= 3)
	AND a.important_manual IS NULL $$,
	'外部から到達できる機器、又は機密性3以上の機器です。重要サーバとして扱うかを判断し、記録してください。',
	'It can be reached from outside or holds 機密性3 or more: decide whether to treat it as important.');
SELECT rule('IMP-14', 'asset', 'F', 'warning', 'operation_started_on', '2.1(2)⑧(f)',
	$$ a.important_required AND NOT a.adopted
	AND permit_decided_after(a.important_permit_request, 'important_new', a.operation_started_on) $$,
	'許可の日より前に運用を開始しています。経緯を記録してください。',
	'Operation began before the permission: record how that came about.');
SELECT rule('IMP-15', 'asset', 'F', 'error', NULL, '2.1(2)⑧(f)',
	$$ a.important_required AND asset_unpermitted_software(a.asset_no) $$,
	'システム構成カタログに加わったソフトウェアに、機関CISOのインストール許可がありません。',
	'The catalogue has new software without a permission to install it.');

-- What the 機関CSIRT needs to know when it stops a server.
SELECT rule('SRV-20', 'asset', 'F', 'warning', 'emergency_stop', '2.1(2)⑥(c)',
	$$ asset_is_live(a.state) AND asset_is_server(a.asset_type, a.embodiment, a.cloud_service_model)
	AND a.emergency_stop IS NULL $$,
	'緊急停止の可否が登録されていません。', 'Say whether it may be stopped in an emergency.');
SELECT rule('SRV-21', 'asset', 'F', 'warning', 'emergency_contact', '2.1(2)⑧(f), 3.3(2)②(d)',
	$$ asset_is_live(a.state) AND asset_is_server(a.asset_type, a.embodiment, a.cloud_service_model)
	AND coalesce(btrim(a.emergency_contact), '') = '' $$,
	'緊急連絡先が登録されていません。', 'Enter whom to call in an emergency.');
