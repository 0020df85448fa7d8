-- MED: the 外部電磁的記録媒体管理台帳 (2.1(2)④(h)) and media on the move (3.1(2), 4.1(2)②(f)).
SELECT rule('MED-01', 'external_media', 'R', 'error', 'confidentiality', '2.1(2)④(h)',
	$$ a.confidentiality IS NULL $$,
	'機密性分類を選択してください（台帳の必須項目）。',
	'Choose the confidentiality level (mandatory column).');
SELECT rule('MED-02', 'external_media', 'R', 'error', 'users_text', '2.1(2)④(h)',
	$$ coalesce(btrim(a.users_text), '') = '' $$,
	'使用者等を入力してください（台帳の必須項目）。', 'Enter the users (mandatory column).');
SELECT rule('MED-OWN', 'external_media', 'R', 'error', 'custodian', '2.1(2)④(h)',
	$$ a.unit IS NULL OR a.custodian IS NULL $$,
	'管理部署と保管責任者を指定してください。', 'Name the owning unit and the custodian.');
SELECT rule('MED-03', 'external_media', 'F', 'error', 'provision', '3.1(2)②(c)',
	$$ medium_is_live(a.state) AND a.confidentiality >= 2 AND a.provision = 'non_issued'
	AND NOT permit_covers_medium(a.non_issued_request, a.institution,
	a.media_no, 'non_issued_media') $$,
	'機密性2以上の情報を扱う媒体が、機関の支給品でも、情報セキュリティ管理者の許可を得たものでもありません。',
	'A medium for 機密性2以上 is neither issued by the 機関 nor permitted by the 情報セキュリティ管理者.');
SELECT rule('MED-04', 'external_media', 'F', 'error', 'encryption', '3.1(2)②(b)ア',
	$$ medium_is_live(a.state) AND a.confidentiality >= 3 AND a.encryption = 'none' $$,
	'機密性3以上の情報を保存する媒体が暗号化されていません。',
	'A medium that holds 機密性3以上 is not encrypted.');
SELECT rule('MED-05', 'external_media', 'F', 'error', 'encryption', '3.1(2)②(d)',
	$$ medium_is_live(a.state) AND a.confidentiality = 2 AND a.used_for_transport
	AND a.encryption = 'none' $$,
	'機密性2の情報の移動に用いる媒体が暗号化されていません。',
	'A medium that carries 機密性2 from place to place is not encrypted.');
SELECT rule('MED-06', 'external_media', 'R', 'error', 'has_my_number', '2.2(2)②表 機密性4②',
	$$ a.has_my_number AND a.confidentiality < 4 $$,
	'特定個人情報を記録する媒体は機密性4です。',
	'A medium with 特定個人情報 is of 機密性4.');
SELECT rule('MED-07', 'external_media', 'R', 'error', 'has_personal_info', '2.2(2)②表 機密性3①',
	$$ a.has_personal_info AND ((a.confidentiality = 2 AND a.personal_info_consent IS NOT TRUE)
	OR (a.confidentiality = 1 AND a.personal_info_published IS NOT TRUE)) $$,
	'個人情報を記録する媒体は機密性3以上です（本人が承諾していれば2、公表済みのものだけなら1にできます）。',
	'A medium with personal information is of 機密性3以上 (2 with consent, 1 if all of it is published).');
SELECT rule('MED-08', 'external_media', 'F', 'warning', 'storage_locked', '2.2(2)②表 機密性3',
	$$ a.state IN ('stored', 'in_use') AND a.confidentiality >= 3
	AND a.storage_locked IS NOT TRUE $$,
	'機密性3以上の媒体が、施錠できる場所に保管されていません。',
	'A medium of 機密性3以上 is not kept under lock.');
-- A33: a portable asset with 機密性4 inside is asked the same as a medium.  What left before
-- anybody was asked is put on record all the same, and MED-19 reports it.
SELECT rule('MED-09', 'media_movement', 'R', 'error', 'request', '4.1(2)②(f), 3.1(2)④(a)',
	$$ a.kind = 'take_out' AND moved_level(a.confidentiality, a.medium, a.asset) = 4
	AND NOT movement_is_late(a.out_at) AND NOT (permit_ok(a.request, 'media_takeout')
	AND takeout_permitted(a.request, a.medium, a.asset, a.out_at)) $$,
	'機密性4の情報を要管理対策区域外へ持ち出すには、この媒体についての許可（持出許可）が先に必要です。',
	'Taking 機密性4 out of the controlled areas needs a permission for this medium beforehand.');
SELECT rule('MED-10', 'media_movement', 'R', 'error', 'encrypted', '3.1(2)②(d), ④(a)',
	$$ moved_level(a.confidentiality, a.medium, a.asset) >= 2 AND a.encrypted IS NOT TRUE $$,
	'機密性2以上の情報は、暗号化して移動してください。',
	'機密性2以上 is moved encrypted only.');
SELECT rule('MED-11', 'media_movement', 'R', 'error', 'safety_measures', '3.1(2)②(a), ④(a)',
	$$ a.confidentiality = 4 AND coalesce(btrim(a.safety_measures), '') = '' $$,
	'機密性4の情報を移動するときは、安全確保の措置を入力してください。',
	'Say what keeps 機密性4 safe on the way.');
SELECT rule('MED-12', 'media_movement', 'F', 'warning', 'due_at', '3.1(2)⑤(a)',
	$$ a.returned_at IS NULL AND a.due_at < act_now() $$,
	'返却予定を過ぎています。所在と、情報を消去したかを確かめてください。',
	'It is overdue: find out where it is, and whether the information was erased.');
SELECT rule('MED-13', 'media_movement', 'R', 'error', 'confidentiality', '3.1(2)①(b)',
	$$ a.confidentiality > carrier_level(a.medium, a.asset) $$,
	'持ち出す情報の機密性が、媒体（機器）の機密性分類を超えています。',
	'The information is rated higher than the medium or asset that carries it.');
SELECT rule('MED-14', 'external_media', 'F', 'error', 'log_integrity_measure', '7.1.4(2)②(e)ア',
	$$ medium_is_live(a.state) AND a.holds_log
	AND coalesce(btrim(a.log_integrity_measure), '') = '' $$,
	'ログを保存する媒体に、完全性の担保方法が登録されていません。',
	'Nothing keeps the logs on this medium from being altered.');
SELECT rule('MED-15', 'external_media', 'F', 'warning', 'last_checked_on', '2.1(2)④(f), 2.2(1)',
	$$ medium_is_live(a.state) AND coalesce(a.last_checked_on, a.created_at::date)
	< act_today() - policy_days('media_check', a.institution) $$,
	'現物確認の期限を過ぎています。', 'Nobody has seen the medium for longer than the policy allows.');
SELECT rule('MED-16', 'external_media', 'F', 'warning', 'confidentiality', '3.1(2)⑥(b)',
	$$ medium_is_live(a.state) AND medium_backs_up_higher(a.backup_of_asset, a.confidentiality) $$,
	'バックアップ媒体の機密性分類が、元の情報資産より低くなっています。',
	'The backup is rated lower than what it is a backup of.');
SELECT rule('MED-17', 'external_media', 'F', 'warning', 'removed_from_asset',
	'3.1(2)⑤(b), 2.1(2)④(f)',
	$$ a.state <> 'draft' AND a.media_kind = 'removed_disk' AND a.removed_from_asset IS NULL $$,
	'取り外し元の機器が登録されていません。', 'It is not said which device the disk was taken from.');
-- Incidents are not in the register yet: until they are, a lost medium always has the finding.
SELECT rule('MED-18', 'external_media', 'F', 'error', 'state', '3.3(2)②(a)',
	$$ a.state = 'lost' $$,
	'紛失・盗難の媒体です。インシデントとして機関統一窓口へ報告してください。',
	'A medium is lost or stolen: report it to the desk of the 機関 as an incident.');
-- Our own, from here on.
SELECT rule('MED-19', 'media_movement', 'F', 'error', 'request', '4.1(2)②(f), 3.3(2)②(a)',
	$$ a.kind = 'take_out' AND a.after_the_fact
	AND moved_level(a.confidentiality, a.medium, a.asset) = 4
	AND NOT takeout_permitted(a.request, a.medium, a.asset, a.out_at) $$,
	'機密性4の情報が許可なく持ち出され、後から記録されました。',
	'機密性4 was taken out without a permission and recorded afterwards.');
SELECT rule('MED-20', 'media_movement', 'F', 'warning', 'due_at', '4.1(2)②(f)',
	$$ a.returned_at IS NULL AND movement_too_long(a.institution, a.out_at, act_now()) $$,
	'持出期間の上限を過ぎています。', 'It has been out for longer than the policy allows.');
SELECT rule('MED-21', 'media_movement', 'R', 'error', 'out_at', '4.1(2)②(f)',
	$$ a.out_at > act_now() + interval '5 minutes' $$,
	'持出日時が未来です。持ち出すときに記録してください。',
	'It has not left yet: record it when it does.');
SELECT rule('MED-22', 'media_movement', 'R', 'error', 'due_at', '4.1(2)②(f)',
	$$ movement_too_long(a.institution, a.out_at, a.due_at) $$,
	'返却予定が、機関の定める持出期間の上限を超えています。',
	'It would be out for longer than the policy of the 機関 allows.');
SELECT rule('MED-23', 'media_movement', 'F', 'error', 'returned_at', '4.1(2)②(f)',
	$$ a.returned_at IS NULL AND takeout_over(a.request) $$,
	'持出許可の期間が過ぎても返却されていません。返却するか、改めて許可を得てください。',
	'Its permission has ended, and it is still out: bring it back, or obtain a new permission.');
