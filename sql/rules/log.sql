-- LOG: what is logged and how long it is kept, 7.1.4(2).  365 and 730 days: A21.
SELECT rule('LOG-01', 'asset', 'F', 'warning', 'log_retention_days', '7.1.4(2)②(a)',
	$$ coalesce(a.log_retention_days, 0) < 730 AND asset_is_gateway(a.functions, a.netdev_is_gateway)
	AND asset_is_live(a.state) $$,
	'ゲートウェイのログは2年間（730日）以上保存するように設定してください。',
	'Keep the logs of a gateway for two years (730 days) or more.');
SELECT rule('LOG-02', 'asset', 'F', 'error', 'log_retention_days', '7.1.4(2)②(b)',
	$$ coalesce(a.log_retention_days, 0) < 365 AND asset_is_live(a.state) AND (a.log_related_to_important OR
	asset_is_important(a.asset_type, a.embodiment, a.cloud_service_model, a.external_public,
		a.confidentiality, a.important_manual)) $$,
	'重要サーバとそれに関係するログは、1年間（365日）以上保存するように設定してください。',
	'Keep the logs of 重要サーバ, and those related to them, for a year (365 days) or more.');
SELECT rule('LOG-03', 'asset', 'F', 'error', 'log_retention_days', '7.1.4(2)②(c)',
	$$ a.asset_type = 'terminal' AND a.confidentiality >= 3
	AND coalesce(a.log_retention_days, 0) < 365 AND asset_is_live(a.state) $$,
	'機密性3以上を保存する端末のアクセスログは、1年間（365日）以上保存するように設定してください。',
	'Keep the access logs of a terminal with 機密性3 or more for a year (365 days) or more.');
SELECT rule('LOG-04', 'asset', 'F', 'warning', 'log_retention_days', '7.1.4(2)②(d)',
	$$ a.asset_type IN ('server', 'terminal', 'nas', 'network_device', 'wireless_lan', 'mfp',
	'special_device') AND asset_is_live(a.state) AND NOT (a.asset_type = 'terminal'
	AND a.confidentiality >= 3) AND a.log_related_to_important IS NOT TRUE
	AND NOT asset_is_gateway(a.functions, a.netdev_is_gateway)
	AND NOT asset_is_important(a.asset_type, a.embodiment, a.cloud_service_model, a.external_public,
		a.confidentiality, a.important_manual)
	AND coalesce(a.log_retention_days, 0) < (SELECT i.min_log_days_other FROM institution i
		WHERE i.code = a.institution) $$,
	'ログの保存期間が、機関の定める日数（定めがなければ30日）より短くなっています。延ばしてください。',
	'Logs are kept for less than the 機関 asks (30 days unless the 機関CISO says otherwise).');
SELECT rule('LOG-05', 'asset', 'F', 'warning', 'log_enabled', '7.1.4(2)①, ②(e)イ',
	$$ asset_is_live(a.state) AND ((a.log_enabled AND a.log_items_traceable IS FALSE)
	OR ((a.log_enabled IS NOT TRUE OR a.log_items_traceable IS NOT TRUE)
		AND asset_is_server(a.asset_type, a.embodiment, a.cloud_service_model))) $$,
	'誰が（どの端末が）・いつ・どの情報資産にアクセスしたかが分かるログを取ってください。',
	'Log who, or which terminal, used which 情報資産, and when.');
SELECT rule('LOG-06', 'asset', 'F', 'info', 'log_failure_procedure', '7.1.4(2)②(e)ウ',
	$$ coalesce(btrim(a.log_failure_procedure), '') = '' AND asset_is_live(a.state)
	AND asset_is_important(a.asset_type, a.embodiment, a.cloud_service_model, a.external_public,
		a.confidentiality, a.important_manual)
	AND NOT EXISTS (SELECT FROM document d WHERE d.asset = a.asset_no AND d.kind = 'log_manual') $$,
	'ログが取れなくなったときの対応を定めたマニュアルを登録してください。',
	'Register what is done when logging fails.');
