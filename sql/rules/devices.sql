-- MFP, IOT: 複合機 and 特定用途機器, 6.7.
SELECT rule('MFP-01', 'asset', 'F', 'warning', 'mfp_settings_checked_on', '6.7(2)①(a)(b)',
	$$ a.asset_type = 'mfp' AND asset_is_live(a.state) AND (a.mfp_requirements_set IS NOT TRUE
	OR coalesce(a.mfp_settings_checked_on, a.created_at::date)
	< act_today() - policy_days('mfp_check', a.institution)) $$,
	'複合機の調達時の要件を定め、設定を点検した日を登録してください。',
	'Set the requirements for the device, check its settings and record the day.');
SELECT rule('IOT-01', 'asset', 'F', 'warning', 'special_selection_basis', '6.7(2)②',
	$$ a.asset_type = 'special_device' AND asset_is_live(a.state)
	AND a.special_threat_exists = 'yes' AND coalesce(a.special_jcstar_level, 0) = 0
	AND coalesce(btrim(a.special_selection_basis), '') = '' $$,
	'適合ラベルのある製品を選ぶか、機器の特性に応じた対策と選定の理由を記入してください。',
	'Choose a labelled product, or say why this one and what is done instead.');
-- Nothing answered is nothing assessed.
SELECT rule('IOT-02', 'asset', 'F', 'warning', 'special_threat_exists', '6.7(2)②',
	$$ a.asset_type = 'special_device' AND asset_is_live(a.state)
	AND a.net_zone IS DISTINCT FROM 'standalone'
	AND (coalesce(a.special_threat_exists, 'not_assessed') = 'not_assessed'
	OR a.special_threat_exists = 'yes' AND a.special_internet_capable
	AND a.special_segregated IS NOT TRUE) $$,
	'脅威の有無を評価し、脅威のある機器はネットワークを分離してください。',
	'Assess whether there is a threat; if so, put the device on a network of its own.');

-- NAS: 6.11, whatever the rating if not said.  Where the whole sheet is empty NAS-10 says so once;
-- then the rules about its columns are silent, those about columns of every asset are not.
SELECT rule('NAS-01', 'asset', 'F', 'error', 'nas_data_encrypted', '6.11(2)②(a)',
	$$ a.asset_type = 'nas' AND a.confidentiality >= 2 AND asset_is_live(a.state)
	AND a.nas_data_encrypted IS NOT TRUE AND NOT nas_sheet_empty(a) $$,
	'機密性2以上の情報を置くNASのデータは、必ず暗号化してください。',
	'Encrypt the data on a NAS that holds 機密性2 or more.');
-- To the letter: what protects SMB or NFS otherwise (VPN, SSH) needs an exception; nothing is
-- transported where nothing is connected.
SELECT rule('NAS-02', 'asset', 'F', 'error', 'transport_encryption', '6.11(2)②(b)',
	$$ a.asset_type = 'nas' AND asset_is_live(a.state)
	AND a.net_zone IS DISTINCT FROM 'standalone'
	AND coalesce(a.transport_encryption, 'none') NOT IN ('tls12', 'tls13') $$,
	'NASとの通信はTLS 1.2以上で暗号化してください（ほかの方法は例外措置が必要です）。',
	'Encrypt the traffic with TLS 1.2 or later; anything else needs an exception.');
SELECT rule('NAS-03', 'asset', 'F', 'error', 'nas_anonymous_access', '6.11(2)①(c)',
	$$ a.asset_type = 'nas' AND asset_is_live(a.state) AND a.nas_anonymous_access IS NOT FALSE
	AND NOT nas_sheet_empty(a) $$,
	'匿名（ゲスト）でのアクセスを止め、その旨を登録してください。',
	'Turn anonymous (guest) access off, and record that.');
SELECT rule('NAS-04', 'asset', 'F', 'error', 'nas_per_user_auth', '6.11(2)①(a)(b)',
	$$ a.asset_type = 'nas' AND asset_is_live(a.state)
	AND (a.nas_per_user_auth AND a.nas_least_privilege) IS NOT TRUE
	AND NOT nas_sheet_empty(a) $$,
	'利用者ごとに認証し、必要な権限だけを与えてください。',
	'Authenticate each user and grant no more than is needed.');
SELECT rule('NAS-05', 'asset', 'F', 'error', 'nas_access_log_days', '6.11(2)③(a)',
	$$ a.asset_type = 'nas' AND asset_is_live(a.state)
	AND coalesce(a.nas_access_log_days, 0) < 365 AND NOT nas_sheet_empty(a) $$,
	'認証と変更のログを365日以上残すように設定してください。',
	'Keep the log of log-ins and changes for 365 days or more.');
SELECT rule('NAS-06', 'asset', 'F', 'warning', 'nas_log_tamper_proof', '6.11(2)③(b)',
	$$ a.asset_type = 'nas' AND asset_is_live(a.state) AND a.nas_log_tamper_proof IS NOT TRUE
	AND NOT nas_sheet_empty(a) $$,
	'ログを書き換えられない所に置き、監視してください。',
	'Keep the log where it cannot be altered, and watch it.');
SELECT rule('NAS-07', 'asset', 'F', 'warning', 'backup_last_on', '6.11(2)④',
	$$ a.asset_type = 'nas' AND asset_is_live(a.state) AND (a.backup_last_on IS NULL
	OR a.backup_last_on < act_today() - policy_days('nas_backup', a.institution)
	OR coalesce(a.restore_tested_on, a.created_at::date)
	< act_today() - policy_days('restore_test', a.institution)) $$,
	'バックアップを取り、復元できることを試して、それぞれの日を登録してください。',
	'Make a backup, try to restore from it, and record both days.');
SELECT rule('NAS-08', 'asset', 'F', 'warning', 'nas_firmware_updated_on', '6.11(2)⑥(a)(b)',
	$$ a.asset_type = 'nas' AND asset_is_live(a.state)
	AND (a.nas_unneeded_services_off IS NOT TRUE
	OR coalesce(a.nas_firmware_updated_on, a.created_at::date)
	< act_today() - policy_days('firmware', a.institution)) AND NOT nas_sheet_empty(a) $$,
	'ファームウェアを更新し、使わないサービスを止めてください。',
	'Update the firmware and turn off the services that nobody needs.');
SELECT rule('NAS-09', 'asset', 'F', 'warning', 'nas_key_storage', '6.11(2)②(c)',
	$$ a.asset_type = 'nas' AND a.nas_data_encrypted AND asset_is_live(a.state)
	AND (a.key_custodian IS DISTINCT FROM a.sysadmin
	OR coalesce(btrim(a.nas_key_storage), '') = '') $$,
	'鍵管理責任者を情報システム管理者とし、鍵の安全な保管先を登録してください。',
	'Make the 情報システム管理者 answer for the key and record where it is kept.');
SELECT rule('NAS-10', 'asset', 'F', 'warning', 'nas_per_user_auth', '6.11(2)',
	$$ a.asset_type = 'nas' AND asset_is_live(a.state) AND nas_sheet_empty(a) $$,
	'NASの対策の欄が全て空です。記入してください。',
	'Nothing is recorded about the NAS; fill in its columns.');
