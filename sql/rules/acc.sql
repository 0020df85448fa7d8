-- ACC: who may get in, and who may do what there, 7.1.1 and 7.1.3.
SELECT rule('ACC-01', 'asset', 'F', 'error', 'auth_method', '7.1.1(2)①(a)',
	$$ a.confidentiality >= 2
	AND a.asset_type IN ('server', 'nas', 'cloud_service', 'network_device')
	AND coalesce(a.auth_method, 'none') = 'none' AND asset_is_live(a.state) $$,
	'機密性2以上を扱うのに認証がありません。認証を設け、方式を登録してください。',
	'機密性2 or more without authentication: set it up, and enter the method.');
SELECT rule('ACC-02', 'asset', 'F', 'warning', 'access_reviewed_on', '7.1.3(2)③, 5.2(1)',
	$$ a.confidentiality >= 2 AND a.asset_type IN ('server', 'nas', 'cloud_service')
	AND asset_is_live(a.state) AND coalesce(a.access_reviewed_on, a.created_at::date)
	< act_today() - policy_days('access_review', a.institution) $$,
	'アクセス権限を見直し、不要なものを外して、確認日を登録してください。',
	'Review the access rights, remove those not needed, and enter the day.');
SELECT rule('ACC-03', 'asset', 'F', 'info', 'admin_priv_measure', '7.1.3(2)②',
	$$ coalesce(btrim(a.admin_priv_measure), '') = '' AND asset_is_live(a.state)
	AND asset_is_important(a.asset_type, a.embodiment, a.cloud_service_model, a.external_public,
		a.confidentiality, a.important_manual) $$,
	'管理者権限を盗まれたり誤って使われたりしないための措置を記入してください。',
	'Say what protects the rights of administrators from theft and error.');
