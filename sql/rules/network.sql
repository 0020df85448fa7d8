-- NET, NWD, WLN: networks, their devices, wireless LAN, 6.8–6.10.
SELECT rule('NET-01', 'asset', 'F', 'warning', 'network_connection_check', '6.8(2)①(b)(d), ②(b)',
	$$ a.asset_type = 'network' AND asset_is_live(a.state)
	AND ((a.network_access_control AND a.network_intrusion_monitoring) IS NOT TRUE
	OR coalesce(btrim(a.network_connection_check), '') = '') $$,
	'アクセス制御・経路制御、許可した機器であることの確認、不正な通信の監視を整えて登録してください。',
	'Control access and routes, check what is connected, watch the traffic, and record all three.');
SELECT rule('NET-02', 'asset', 'F', 'error', 'network_external_measure', '6.8(2)②(a)',
	$$ a.asset_type = 'network' AND a.network_external_connection AND asset_is_live(a.state)
	AND coalesce(btrim(a.network_external_measure), '') = '' $$,
	'機関の外とつながる所で講じている対策を記入してください。',
	'Say what protects the network where it meets the outside.');
SELECT rule('NET-03', 'asset', 'F', 'warning', 'network_rules_reviewed_on', '6.8(2)③(a)(b)(c)',
	$$ a.asset_type = 'network' AND asset_is_live(a.state)
	AND least(coalesce(a.network_rules_reviewed_on, a.created_at::date),
	coalesce(a.network_monitoring_reviewed_on, a.created_at::date),
	CASE WHEN a.remote_access IN ('maintenance', 'both')
	THEN coalesce(a.network_remote_maint_reviewed_on, a.created_at::date) END)
	< act_today() - policy_days('net_review', a.institution) $$,
	'設定、監視の方法、リモートメンテナンスの対策を見直し、それぞれの日を登録してください。',
	'Review the settings, the monitoring and remote maintenance, and record the days.');
-- The level of what is connected counts, so a network of a low level may serve one of a high.
SELECT rule('NET-04', 'asset', 'F', 'warning', 'network_continuity_measure', '6.8(2)①(e)',
	$$ a.asset_type = 'network' AND asset_is_live(a.state)
	AND coalesce(btrim(a.network_continuity_measure), '') = ''
	AND (coalesce(a.availability, 0) >= 2 OR network_serves(a.asset_no)) $$,
	'可用性2以上のシステムがつながっています。止まらないための対策を記入してください。',
	'Systems of 可用性2 or more depend on it: say what keeps it running.');

SELECT rule('NWD-01', 'asset', 'F', 'warning', 'netdev_procedure_document', '6.9(2)①(b), ②(a)',
	$$ a.asset_type = 'network_device' AND asset_is_live(a.state)
	AND (a.netdev_procedure_document IS NULL OR a.netdev_change_log_kept IS NOT TRUE) $$,
	'実施手順の文書を登録し、設定を変えたときの作業記録を残してください。',
	'Name the procedure and keep a record of every change of the settings.');
-- … and a device is a part of the system that it belongs to.
SELECT rule('NWD-02', 'asset', 'F', 'warning', 'netdev_config_backup_on', '6.9(2)②(b)',
	$$ a.asset_type = 'network_device' AND a.netdev_config_backup_on IS NULL
	AND asset_is_live(a.state) AND (coalesce(a.availability, 0) >= 2
	OR a.parent_asset IS NOT NULL AND asset_availability(a.parent_asset) >= 2) $$,
	'設定のバックアップを取り、その日を登録してください。',
	'Back the configuration up and record the day.');

-- What must be WPA3 may be WPA2 with a reason; older, or open, it may not be at all.
SELECT rule('WLN-01', 'asset', 'F', 'error', 'wlan_encryption', '6.10(2)①',
	$$ a.asset_type = 'wireless_lan' AND asset_is_live(a.state)
	AND a.wlan_encryption IN ('open', 'wep', 'wpa') $$,
	'WPA3に切り替えてください。WEP・WPA1・暗号化なしでは運用できません。',
	'Change to WPA3; WEP, WPA1 and no encryption will not do.');
SELECT rule('WLN-02', 'asset', 'F', 'warning', 'wlan_wpa2_reason', '6.10(2)①',
	$$ a.asset_type = 'wireless_lan' AND asset_is_live(a.state)
	AND a.wlan_encryption IN ('wpa2', 'wpa3_transition')
	AND coalesce(btrim(a.wlan_wpa2_reason), '') = '' $$,
	'WPA2を残す理由を記入するか、WPA3だけにしてください。',
	'Say why WPA2 is still allowed, or allow WPA3 only.');
SELECT rule('WLN-03', 'asset', 'F', 'info', 'wlan_auth', '6.10(2)①',
	$$ a.asset_type = 'wireless_lan' AND asset_is_live(a.state) AND a.wlan_auth = 'psk' $$,
	'共通の鍵（PSK）をやめ、IEEE 802.1Xの認証にできないか検討してください。',
	'Consider IEEE 802.1X in place of a shared key (PSK).');
SELECT rule('WLN-04', 'asset', 'F', 'warning', 'wlan_access_log_monitored', '6.10(2)②',
	$$ a.asset_type = 'wireless_lan' AND asset_is_live(a.state)
	AND a.wlan_access_log_monitored IS NOT TRUE $$,
	'無線LANの利用者を制御し、ログを監視して、その旨を登録してください。',
	'Control who uses the wireless LAN, watch its log, and record that.');
