-- VUL: vulnerabilities of servers, terminals and network devices, 7.2.1(2).
SELECT rule('VUL-01', 'asset', 'F', 'warning', 'vuln_checked_on', '7.2.1(2)③, 6.9(2)②(c)',
	$$ a.asset_type IN ('server', 'terminal', 'nas', 'network_device') AND asset_is_live(a.state)
	AND coalesce(a.vuln_checked_on, a.created_at::date)
	< act_today() - policy_days('vuln_check', a.institution) $$,
	'脆弱性対策の確認時期を過ぎています。状況を確認し、確認日を登録してください。',
	'The check for vulnerabilities is overdue: do it, and enter the day.');
SELECT rule('VUL-02', 'asset', 'F', 'error', 'vuln_plan', '7.2.1(2)④',
	$$ a.vuln_state = 'open' AND coalesce(btrim(a.vuln_plan), '') = '' AND asset_is_live(a.state) $$,
	'対策していない脆弱性があります。いつ何をするかの計画を登録してください。',
	'A vulnerability is open: enter what will be done about it, and when.', 'vuln_check');
SELECT rule('VUL-03', 'asset', 'F', 'warning', 'os_support_until', '7.2.1(2)①④',
	$$ a.os_support_until < act_today() AND asset_is_live(a.state) $$,
	'OS・ファームウェアのサポートが切れています。更新するか、例外措置を申請してください。',
	'The system is out of support: replace it, or apply for an exception.', 'vuln_check');
SELECT rule('VUL-04', 'asset', 'G', 'error', 'vuln_state', '7.2.1(2)①',
	$$ a.state = 'in_operation' AND NOT coalesce(a.adopted, false)
	AND a.asset_type IN ('server', 'terminal', 'nas', 'network_device')
	AND coalesce(a.vuln_state, 'unknown') IN ('unknown', 'open') $$,
	'運用を始める前に、公開されている脆弱性に対策し、状況を登録してください。',
	'Before it goes into operation, mend the known vulnerabilities, and say so here.');
