-- SRV: servers and what must stay available, 6.2(2), 3.1(2)⑥, 4.5.
SELECT rule('SRV-01', 'asset', 'F', 'warning', 'redundancy', '6.2(2)①(b)',
	$$ a.availability >= 2 AND coalesce(a.redundancy, 'none') = 'none'
	AND asset_is_server(a.asset_type, a.embodiment, a.cloud_service_model) AND asset_is_live(a.state) $$,
	'可用性2以上です。冗長構成か代替手段を用意し、登録してください。',
	'可用性2以上: make the server redundant or have a replacement, and enter it.');
SELECT rule('SRV-02', 'asset', 'F', 'warning', 'backup_method', '6.2(2)①(g), 3.1(2)⑥(a)',
	$$ a.availability >= 2 AND coalesce(btrim(a.backup_method), '') = ''
	AND asset_is_server(a.asset_type, a.embodiment, a.cloud_service_model) AND asset_is_live(a.state) $$,
	'可用性2以上です。バックアップを取り、その方法を登録してください。',
	'可用性2以上: make backups, and say how.');
SELECT rule('SRV-03', 'asset', 'F', 'warning', 'backup_location', '3.1(2)⑥(b)',
	$$ coalesce(btrim(a.backup_method), '') <> '' AND (coalesce(btrim(a.backup_location), '') = ''
	OR a.backup_retention_days IS NULL) AND asset_is_live(a.state) $$,
	'バックアップの保存場所と保存期間を決めて登録してください。',
	'Decide where backups are kept and for how long, and enter both.');
SELECT rule('SRV-04', 'asset', 'F', 'warning', 'software_reviewed_on', '6.2(2)②(a)',
	$$ a.asset_type = 'server' AND asset_is_live(a.state) AND coalesce(a.software_reviewed_on,
	a.created_at::date) < act_today() - policy_days('software_review', a.institution) $$,
	'利用を認めるソフトウェアを見直し、見直した日を登録してください。',
	'Review which software is allowed, and enter the day.');
SELECT rule('SRV-05', 'asset', 'F', 'warning', 'config_checked_on', '6.2(2)②(b)',
	$$ a.asset_type = 'server' AND asset_is_live(a.state) AND coalesce(a.config_checked_on,
	a.created_at::date) < act_today() - policy_days('config_check', a.institution) $$,
	'サーバの構成とソフトウェアの状態を点検し、確認日を登録してください。',
	'Check the configuration and the state of the software, and enter the day.');
SELECT rule('SRV-06', 'asset', 'F', 'warning', 'monitoring', '6.2(2)②(c), 7.1.6(2)①',
	$$ a.asset_type = 'server' AND coalesce(btrim(a.monitoring), '') = '' AND asset_is_live(a.state) $$,
	'インシデントに気付くための監視の方法を記入してください。',
	'Say how the server is watched for incidents.');
SELECT rule('SRV-07', 'asset', 'F', 'info', 'bcp_reflected', '6.2(2)②(d), 4.5(2)',
	$$ a.availability >= 2 AND a.bcp_reflected IS NOT TRUE
	AND asset_is_server(a.asset_type, a.embodiment, a.cloud_service_model) AND asset_is_live(a.state) $$,
	'可用性2以上です。事業継続計画での扱いを確かめて登録してください。',
	'可用性2以上: see that the continuity plan covers the server.');
SELECT rule('SRV-08', 'asset', 'F', 'info', 'allowed_peripherals', '6.2(2)①(d)',
	$$ a.asset_type = 'server' AND a.embodiment = 'physical'
	AND coalesce(btrim(a.allowed_peripherals), '') = '' AND asset_is_live(a.state) $$,
	'このサーバに接続してよい機器を決めて登録してください（なければ「なし」）。',
	'Decide what may be plugged into the server, and enter it (or that nothing may).');
SELECT rule('SRV-09', 'asset', 'F', 'error', 'bcp_critical', '3.3(2)①(b)',
	$$ a.bcp_critical AND asset_is_live(a.state)
	AND NOT EXISTS (SELECT FROM emergency_contact c WHERE c.asset = a.asset_no
		AND c.list_kind = 'critical_system' AND coalesce(btrim(c.content), '') <> '') $$,
	'特に重要な情報システムです。緊急連絡網に、連絡先・手段・内容を登録してください。',
	'A critical system: enter in the emergency contacts who is told what, and how.');
